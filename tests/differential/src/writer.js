// Writes documents as JSON and YAML, in a random style.

import { ObjectNode, RawScalar } from "./document.js";

/** Writes a document as JSON. */
export function toJson(random, document) {
  const isPretty = random.chance(50);
  const newline = random.chance(10) ? "\r\n" : "\n";
  const gap = () => (random.chance(3) ? random.pick([" ", "\t", "\n", "  "]) : "");
  const string = (text) => {
    const plain = JSON.stringify(text);
    return random.chance(5) ? plain.replace(/[^\\"\p{Cc}]/gu, (c) => escaped(random, c, plain)) : plain;
  };
  const list = (open, items, close, indent) => {
    if (items.length === 0) {
      return `${open}${gap()}${close}`;
    }
    const inner = `${indent}  `;
    return isPretty
      ? `${open}${newline}${inner}${items.join(`,${newline}${inner}`)}${newline}${indent}${close}`
      : `${open}${items.join(`,${gap()}`)}${close}`;
  };
  const write = (value, indent) => {
    const inner = `${indent}  `;
    if (value instanceof RawScalar) {
      return value.text;
    }
    if (Array.isArray(value)) {
      return list(
        "[",
        value.map((item) => gap() + write(item, inner)),
        "]",
        indent,
      );
    }
    if (value instanceof ObjectNode) {
      const members = value.entries.map(
        ([key, item]) => `${string(key)}${gap()}:${isPretty ? " " : gap()}${write(item, inner)}`,
      );
      return list("{", members, "}", indent);
    }
    return typeof value === "string" ? string(value) : JSON.stringify(value);
  };
  return gap() + write(document, "") + random.pick(["", "", newline]) + gap();
}

/** A character as `\uXXXX`, now and then, unless `text` already contains a backslash. */
function escaped(random, character, text) {
  if (text.includes("\\") || !random.chance(20)) {
    return character;
  }
  return Array.from({ length: character.length }, (_, at) => {
    const code = character.charCodeAt(at).toString(16).padStart(4, "0");
    return `\\u${random.chance(50) ? code : code.toUpperCase()}`;
  }).join("");
}

/** The characters that YAML escapes with a letter. */
const ESCAPE_LETTERS = new Map(
  Object.entries({
    "\0": "0",
    "\x07": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
  }),
);

/** Text that needs no escapes in YAML, on one line. */
const PRINTABLE = /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;
/** Strings that can be plain scalars in block and flow context. */
const SAFE =
  /^(?![-?:](\s|$)|[-.]{3})[A-Za-z0-9_.$/(<\u00c0-\ud7ff][^:#,[\]{}"'\u2028\u2029\u0085\ufeff]*(?<!\s)$/u;
/** Plain scalars that are not strings. */
const NON_STRING =
  /^(|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+|[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|<<)$/;

/** Writes YAML streams. */
export class YamlWriter {
  #random;
  #isUnusual;
  #anchors = new Map();
  #names = 0;

  /** An unusual writer also uses constructs that are rare or invalid. */
  constructor(random, isUnusual = false) {
    this.#random = random;
    this.#isUnusual = isUnusual;
  }

  /** The text of a stream. */
  stream(documents) {
    const random = this.#random;
    const texts = documents.map((document, at) => {
      this.#anchors.clear();
      const start =
        at > 0
          ? random.pick(["---\n", "---\n", "--- # next\n", "...\n---\n", "...\n%YAML 1.2\n---\n"])
          : random.pick(["", "", "", "---\n", "# first\n", "%YAML 1.2\n---\n", "\n"]);
      return start + this.#root(document);
    });
    let text = texts.join("") + random.pick(["", "", "", "...\n", "# end", "\n\n"]);
    if (random.chance(6)) {
      text = text.replaceAll("\n", "\r\n");
    }
    if (random.chance(10)) {
      text = text.replace(/\n$/, "");
    }
    return random.chance(3) ? `\ufeff${text}` : text;
  }

  #root(document) {
    const { inline, lines } = this.#node(document, "");
    return lines === undefined
      ? `${inline}${this.#comment()}\n`
      : `${inline === "" ? "" : `--- ${inline}\n`}${lines}`;
  }

  #comment() {
    return this.#random.chance(4) ? this.#random.pick([" # comment", "  #", " \t# 'x: \"[", " "]) : "";
  }

  /** The text after the indicator, and the lines below it if there are any. */
  #node(value, indent) {
    const random = this.#random;
    const alias = this.#alias(value);
    if (alias !== undefined) {
      return { inline: alias };
    }
    const properties = this.#properties(value);
    const isCollection = Array.isArray(value) || value instanceof ObjectNode;
    if (isCollection && (this.#size(value) === 0 || random.chance(12))) {
      return { inline: properties + this.#flow(value, indent) };
    }
    if (value instanceof ObjectNode) {
      const lines = this.#mergedMembers(value)
        .map((entry) => this.#member(entry, indent))
        .join("");
      return { inline: properties.trim(), lines };
    }
    if (Array.isArray(value)) {
      return { inline: properties.trim(), lines: value.map((item) => this.#item(item, indent)).join("") };
    }
    if (typeof value === "string") {
      return this.#string(properties, value, indent);
    }
    return { inline: (properties + this.#rawText(value)).trim() };
  }

  #size(value) {
    return Array.isArray(value) ? value.length : value.entries.length;
  }

  #name() {
    this.#names += 1;
    return this.#random.pick([`a${this.#names}`, `a${this.#names}`, `x-${this.#names}`, `é.${this.#names}`]);
  }

  /** An anchor or a tag, sometimes. */
  #properties(value) {
    const random = this.#random;
    let properties = "";
    if (random.chance(3)) {
      const name = this.#name();
      this.#anchors.set(JSON.stringify(value), name);
      properties += `&${name} `;
    }
    if (random.chance(1) || (this.#isUnusual && random.chance(4))) {
      const matching = Array.isArray(value)
        ? "!!seq"
        : value instanceof ObjectNode
          ? "!!map"
          : typeof value === "string"
            ? "!!str"
            : typeof value === "boolean"
              ? "!!bool"
              : value === null
                ? "!!null"
                : random.pick(["!!int", "!!float"]);
      const other = [
        "!",
        "!!str",
        "!!int",
        "!!float",
        "!!bool",
        "!!null",
        "!!map",
        "!!seq",
        "!vault",
        "!!binary",
      ];
      const tag = this.#isUnusual && random.chance(50) ? random.pick(other) : matching;
      const spelling =
        random.chance(10) && tag.startsWith("!!") ? `!<tag:yaml.org,2002:${tag.slice(2)}>` : tag;
      properties = random.chance(50) ? `${properties}${spelling} ` : `${spelling} ${properties}`;
    }
    return properties;
  }

  /** An alias for an equal value that was written before, or for any value if the writer is unusual. */
  #alias(value) {
    const known = this.#anchors.get(JSON.stringify(value));
    const random = this.#random;
    if (known !== undefined && random.chance(60)) {
      return `*${known}`;
    }
    return this.#isUnusual && this.#anchors.size > 0 && random.chance(4)
      ? `*${random.pick([...this.#anchors.values()])}`
      : undefined;
  }

  /** The entries, some of them moved to a merge key. */
  #mergedMembers({ entries }) {
    const random = this.#random;
    if (entries.length === 0 || !random.chance(this.#isUnusual ? 10 : 3)) {
      return entries;
    }
    const moved = entries.filter(() => random.chance(40));
    const rest = entries.filter((entry) => !moved.includes(entry) || (this.#isUnusual && random.chance(20)));
    const half = random.below(moved.length + 1);
    const merge = random.chance(60)
      ? new ObjectNode(moved)
      : [new ObjectNode(moved.slice(0, half)), new ObjectNode(moved.slice(half))];
    rest.splice(random.below(rest.length + 1), 0, [new RawScalar("<<"), merge]);
    return rest;
  }

  #member([key, value], indent) {
    const random = this.#random;
    const inner = indent + " ".repeat(random.pick([1, 2, 2, 2, 4]));
    const before = random.chance(3) ? random.pick(["\n", `${indent}# comment\n`, "# comment\n", "  \n"]) : "";
    if (random.chance(2)) {
      const written = this.#node(key, inner);
      const head =
        written.lines === undefined ? `? ${written.inline}\n` : `? ${written.inline}\n${written.lines}`;
      return `${before}${indent}${head}${this.#memberText(`${indent}:`, value, inner, indent)}`;
    }
    const name = this.#keyText(key, indent);
    return before + this.#memberText(`${indent}${name}${random.chance(2) ? " " : ""}:`, value, inner, indent);
  }

  #keyText(key, indent) {
    if (typeof key !== "string") {
      return this.#rawText(key);
    }
    const properties = this.#random.chance(1) ? `&${this.#name()} ` : "";
    return properties + this.#scalar(key, indent, true);
  }

  #item(value, indent) {
    const { inline, lines } = this.#node(value, `${indent}  `);
    if (lines === undefined) {
      return `${indent}-${inline === "" ? "" : " "}${inline}${this.#comment()}\n`;
    }
    // The first line of a collection may follow the dash.
    const first = lines.slice(indent.length + 2);
    return inline === "" && lines.startsWith(`${indent}  `) && !/^\s*#/.test(first) && this.#random.chance(70)
      ? `${indent}- ${first}`
      : `${indent}-${inline === "" ? "" : ` ${inline}`}\n${lines}`;
  }

  #memberText(head, value, inner, indent) {
    const random = this.#random;
    // A list may have the same indentation as its key.
    const below = Array.isArray(value) && random.chance(30) ? indent : inner;
    const { inline, lines } = this.#node(value, below);
    if (lines === undefined) {
      const gap = inline === "" ? "" : random.chance(3) ? random.pick(["  ", "\t", `\n${inner}`]) : " ";
      return `${head}${gap}${inline}${/^[|>]/m.test(inline) ? "" : this.#comment()}\n`;
    }
    return `${head}${inline === "" ? "" : ` ${inline}`}${this.#comment()}\n${lines}`;
  }

  #rawText(value) {
    const random = this.#random;
    if (value instanceof RawScalar) {
      const isSmall = /^[1-9]\d{0,8}$/.test(value.text);
      if (isSmall && random.chance(6)) {
        const number = Number(value.text);
        return random.pick([
          `0x${number.toString(16)}`,
          `0o${number.toString(8)}`,
          `+${number}`,
          `0${number}`,
          `${number}.`,
          `0x${number.toString(16).toUpperCase()}`,
        ]);
      }
      return value.text;
    }
    if (value === null) {
      return random.pick(["null", "null", "~", "Null", "NULL", ""]);
    }
    const text = String(value);
    return random.pick([text, text, text, text.toUpperCase(), text[0].toUpperCase() + text.slice(1)]);
  }

  /** A string after an indicator. */
  #string(properties, text, indent) {
    const random = this.#random;
    const lines = text.split("\n");
    const isBlock = text !== "" && lines.every((line) => PRINTABLE.test(line) && !line.includes("\ufeff"));
    if (isBlock && random.chance(text.includes("\n") ? 60 : 6)) {
      return { inline: properties + this.#blockScalar(lines, indent === "" ? "  " : indent) };
    }
    return { inline: properties + this.#scalar(text, indent, false) };
  }

  #blockScalar(lines, indent) {
    const random = this.#random;
    const needsIndicator = /^\s/.test(lines.find((line) => line !== "") ?? " ");
    const indicator = needsIndicator ? String(indent.length) : "";
    const isFolded = random.chance(40);
    let body = lines;
    let chomping = "-";
    if (lines.length > 1 && lines.at(-1) === "") {
      body = lines.slice(0, -1);
      chomping = random.pick(["", "+"]);
    }
    if (isFolded) {
      body = body.flatMap((line, at) => (at > 0 && random.chance(80) ? ["", line] : [line]));
    }
    if (needsIndicator && indent.length > 9) {
      return JSON.stringify(lines.join("\n"));
    }
    const header = random.chance(50) ? indicator + chomping : chomping + indicator;
    const written = body.map((line) => (line === "" ? "" : indent + line)).join("\n");
    return `${isFolded ? ">" : "|"}${header}${random.chance(5) ? " # comment" : ""}\n${written}`;
  }

  /** A string on one line, or a quoted or plain string on several lines. */
  #scalar(text, indent, isKey) {
    const random = this.#random;
    const isPlain = SAFE.test(text) && PRINTABLE.test(text) && !NON_STRING.test(text);
    if ((isPlain || (this.#isUnusual && random.chance(10) && text !== "")) && random.chance(75)) {
      const [first, ...rest] = text.split(" ");
      const folds = !isKey && rest.length > 0 && rest.every((part) => part !== "" && !part.startsWith("#"));
      return folds && indent !== "" && random.chance(20) ? [first, ...rest].join(`\n${indent}`) : text;
    }
    if (PRINTABLE.test(text) && random.chance(45)) {
      return `'${text.replaceAll("'", "''")}'`;
    }
    return this.#doubleQuoted(text, indent, isKey);
  }

  #doubleQuoted(text, indent, isKey) {
    const random = this.#random;
    const characters = [...text].map((character) => {
      const code = character.codePointAt(0);
      const isSpecial = !PRINTABLE.test(character) || ["\\", '"'].includes(character);
      if (!isSpecial && !random.chance(3)) {
        return character;
      }
      const hex = (width) => code.toString(16).padStart(width, "0");
      const forms = ESCAPE_LETTERS.has(character) ? [`\\${ESCAPE_LETTERS.get(character)}`] : [];
      if (code < 0x100) {
        forms.push(`\\x${hex(2)}`);
      }
      if (code < 0x10000) {
        forms.push(`\\u${hex(4)}`);
      }
      return random.pick([...forms, `\\U${hex(8)}`]);
    });
    // A backslash at the end of a line escapes the line break.
    if (!isKey && indent !== "" && characters.length > 2 && random.chance(4)) {
      characters.splice(1 + random.below(characters.length - 1), 0, `\\\n${indent}\\`.slice(0, -1));
    }
    return `"${characters.join("")}"`;
  }

  #flowNode(value, indent) {
    const alias = this.#alias(value);
    return alias === undefined ? this.#properties(value) + this.#flow(value, indent) : `${alias} `;
  }

  #flow(value, indent) {
    const random = this.#random;
    const gap = () => (random.chance(6) ? random.pick([" ", "  ", `\n${indent} `, ` # x\n${indent}  `]) : "");
    const list = (open, items, close) => {
      const trailing = items.length > 0 && random.chance(5) ? "," : "";
      return `${open}${gap()}${items.join(`,${random.chance(90) ? " " : gap()}`)}${trailing}${gap()}${close}`;
    };
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#flowNode(item, indent));
      return list(
        "[",
        items.map((item) => (item.trim() === "" ? "null" : item)),
        "]",
      );
    }
    if (value instanceof ObjectNode) {
      const members = this.#mergedMembers(value).map(([key, item]) => {
        const name = this.#keyText(key, indent);
        const isQuoted = /^["']/.test(name);
        const written = this.#flowNode(item, indent);
        const colon = isQuoted && random.chance(20) ? ":" : ": ";
        return `${random.chance(2) ? "? " : ""}${name}${colon}${written}`;
      });
      return list("{", members, "}");
    }
    return typeof value === "string" ? this.#scalar(value, indent, true) : this.#rawText(value);
  }
}

const FRAGMENTS = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  ": ",
  " :",
  "- ",
  "-",
  "? ",
  "?",
  "\n",
  "\n ",
  "\n  ",
  "\n    ",
  "\r\n",
  "\r",
  " ",
  "  ",
  "\t",
  "\n\t",
  '"',
  "'",
  "\\",
  "\\u0000",
  "\\ud800",
  "\\ud83d\\ude00",
  "\\x41",
  "\\q",
  "#",
  " # ",
  "&a ",
  "&a",
  "*a",
  "*a ",
  "*b",
  "<<: *a",
  "<<: {x: 1}",
  "<<: [{x: 1}, {x: 2}]",
  "<<: ",
  "<<",
  "!!str ",
  "!!int ",
  "!!float ",
  "!!null ",
  "!!binary ",
  "!secret ",
  "! ",
  "!<tag:yaml.org,2002:str> ",
  "!e!x ",
  "|\n",
  "|2-\n",
  ">+\n",
  "|",
  ">",
  "---\n",
  "--- ",
  "---",
  "...\n",
  "...",
  "%YAML 1.2\n",
  "%YAML 1.1\n---\n",
  "%TAG ! x:\n",
  "%TAG !e! tag:yaml.org,2002:\n---\n",
  "@",
  "`",
  "%",
  "null",
  "~",
  "true",
  "yes",
  "0",
  "-1",
  "5439",
  "1e999",
  "-0.0",
  "1_000",
  "0b1",
  "08",
  "-0x1",
  "1e3",
  ".5",
  "5.",
  "2001-12-14",
  "12:30:45",
  ".inf",
  "-.INF",
  ".nan",
  "0x1F",
  "0o17",
  "99999999999999999999999",
  '"a"',
  "'a'",
  '""',
  "a",
  "a: b\n",
  "a: 1\n",
  "é",
  "\u{1f600}",
  "\ufeff",
  "\u2028",
  "\x85",
  "\0",
  "\x7f",
];

/** A copy of the text with a few changes. */
export function mutated(random, text) {
  let characters = [...text];
  const edits = 1 + random.below(3);
  for (let edit = 0; edit < edits; edit += 1) {
    const at = random.below(characters.length + 1);
    const length = 1 + random.below(random.pick([1, 2, 20]));
    switch (random.below(6)) {
      case 0:
        characters.splice(at, length);
        break;
      case 1:
        characters.splice(at, 0, ...characters.slice(at, at + length * 3));
        break;
      case 2:
        characters = random.chance(10) ? characters.slice(0, at) : characters;
        break;
      default:
        characters.splice(at, random.below(2), ...random.pick(FRAGMENTS));
    }
  }
  return characters.join("");
}
