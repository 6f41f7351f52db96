/**
 * The text of a payload as a tree with positions, and edits of single values.
 *
 * The text is the source of truth. The form changes it by minimal edits, so comments, order, quotes and blank lines
 * are preserved. Writing the whole tree (`toString` of the `yaml` package) would keep comments, but would change
 * indentation, line folding and quotes. JSON is YAML in flow style, so one parser handles both.
 */

import {
  type Document as YamlDocument,
  type Node,
  type Pair,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  parseDocument,
  stringify,
  type YAMLMap,
} from "yaml";

/** The language of a text. */
export type Language = "yaml" | "json";

/** A JSON value. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** The keys from the root to a value. */
export type Path = readonly string[];

/** A replacement in the text. Offsets are in UTF-16 code units. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** The maximum length of a text. Parsing a longer one at every keystroke would be too slow. */
const MAX_TEXT_LENGTH = 100_000;

/** The maximum depth of a value, including merges and aliases. */
const MAX_DEPTH = 32;

/** A parsed text. */
export class Tree {
  private constructor(
    /** The text. */
    readonly text: string,
    private readonly document: YamlDocument.Parsed,
    /** The number of documents in the text. The tree is the first one. */
    readonly documents: number,
  ) {}

  /** Parses a text. Returns `undefined` if it is invalid or too long. */
  static parse(text: string): Tree | undefined {
    if (text.length > MAX_TEXT_LENGTH) {
      return undefined;
    }
    try {
      const options = { uniqueKeys: false, logLevel: "silent", strict: false } as const;
      const documents = parseAllDocuments(text, options);
      // The list is empty for a text without a document, such as one with only comments.
      const first = documents.length === 0 ? parseDocument(text, options) : documents[0];
      return first === undefined || first.errors.length > 0
        ? undefined
        : new Tree(text, first, documents.length);
    } catch {
      // Nested too deeply for the parser.
      return undefined;
    }
  }

  /** Whether the text has no value: it is empty, or contains only whitespace and comments. */
  get isEmpty(): boolean {
    const { contents } = this.document;
    return contents === null || (isScalar(contents) && contents.value === null);
  }

  /** Whether the root is an object. */
  get isObject(): boolean {
    return isMap(this.document.contents);
  }

  /** The value at a path, or `undefined`. */
  get(path: Path): Value | undefined {
    const node = this.node(path);
    return node === undefined ? undefined : this.valueOf(node, 0);
  }

  /** The whole value. */
  get root(): Value | undefined {
    return this.isEmpty ? undefined : this.get([]);
  }

  /** The end of the first document. */
  get end(): number {
    return this.documents > 1 ? this.document.range[1] : this.text.length;
  }

  /** The keys of an object, in the order of the text. */
  keys(path: Path): string[] {
    const node = this.node(path);
    return isMap(node) ? node.items.map((pair) => keyOf(pair)).filter((key) => key !== "<<") : [];
  }

  private node(path: Path): Node | undefined {
    let node: unknown = this.document.contents;
    for (const key of path) {
      node = this.child(node, key, 0);
    }
    const target = this.resolved(node);
    return isNode(target) ? target : undefined;
  }

  /** The value of a key: its own, or one merged by `<<`. */
  private child(parent: unknown, key: string, depth: number): unknown {
    const map = this.resolved(parent);
    if (!isMap(map) || depth > MAX_DEPTH) {
      return undefined;
    }
    const own = pairOf(map, key);
    if (own !== undefined) {
      return own.value ?? NULL_NODE;
    }
    const merged = this.resolved(pairOf(map, "<<")?.value);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const value = this.child(source, key, depth + 1);
      if (value !== undefined) {
        return value;
      }
    }
    return undefined;
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  private valueOf(unresolved: unknown, depth: number): Value {
    const node = this.resolved(unresolved);
    if (depth > MAX_DEPTH) {
      return null;
    }
    if (isMap(node)) {
      return Object.fromEntries(
        node.items
          .map((pair): [string, Value] => [keyOf(pair), this.valueOf(pair.value, depth + 1)])
          .filter(([key]) => key !== "<<"),
      );
    }
    if (isSeq(node)) {
      return node.items.map((item) => this.valueOf(isPair(item) ? item.value : item, depth + 1));
    }
    const value = isScalar(node) ? node.value : null;
    if (typeof value === "bigint") {
      return value.toString();
    }
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? value
      : null;
  }

  /**
   * The edits that set a value at a path and create missing parent objects. Returns `undefined` if a parent is not an
   * object.
   *
   * @param order - The keys of an object in the order of the schema, which determines the position of a new key.
   */
  set(
    path: Path,
    value: Value,
    language: Language,
    order: (path: Path) => readonly string[],
  ): Edit[] | undefined {
    return this.setBelow(this.document.contents, path, 0, value, { language, order, indent: 0 });
  }

  private setBelow(node: unknown, path: Path, depth: number, value: Value, style: Style): Edit[] | undefined {
    const key = path[depth];
    if (key === undefined) {
      return undefined;
    }
    if (depth === 0 && this.isEmpty) {
      return this.fillEmpty(nest(path, value), style);
    }
    if (!isMap(node)) {
      return undefined;
    }
    const pair = pairOf(node, key);
    const rest = path.slice(depth + 1);
    if (pair === undefined) {
      return this.insert(node, key, nest(rest, value), style.order(path.slice(0, depth)), style);
    }
    const isNull = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
    if (rest.length > 0 && isMap(pair.value) && pair.value.items.length > 0) {
      return this.setBelow(pair.value, path, depth + 1, value, style);
    }
    if (rest.length > 0 && !isNull && !isMap(pair.value)) {
      return undefined;
    }
    return this.replace(node, pair, nest(rest, value), style);
  }

  /** Adds a value to a text without a value. */
  private fillEmpty(value: Value, style: Style): Edit[] {
    const { length } = this.text;
    if (style.language === "json") {
      return [{ from: 0, to: length, insert: `${JSON.stringify(value, null, 2)}\n` }];
    }
    const [from, to] = isScalar(this.document.contents) ? this.document.contents.range : [length, length];
    const gap = from > 0 && this.text[from - 1] !== "\n" ? "\n" : "";
    return [{ from, to, insert: `${gap}${block(value, 0)}\n` }];
  }

  private replace(parent: YAMLMap, pair: Pair, value: Value, style: Style): Edit[] | undefined {
    const keyEnd = isNode(pair.key) ? pair.key.range?.[1] : undefined;
    const range = isNode(pair.value) ? pair.value.range : undefined;
    if (keyEnd === undefined) {
      return undefined;
    }
    const nested = typeof value === "object" && value !== null && !Array.isArray(value);
    const isFlow = style.language === "json" || parent.flow === true;
    const isAbsent = !range || range[0] === range[1];
    if (nested && !isFlow) {
      // A block starts below its key, and replaces an empty value or `{}`.
      const colon = this.text.indexOf(":", keyEnd);
      const from = isAbsent ? this.lineEnd(colon) : range[0];
      const before = isAbsent ? from : this.trimmedStart(from);
      return [
        {
          from: before,
          to: isAbsent ? from : range[1],
          insert: `\n${block(value, this.column(pair.key as Node) + 2)}`,
        },
      ];
    }
    const written = isFlow
      ? flow(value, style.language, this.indentAt(keyEnd))
      : plain(value, this.quoteOf(pair.value));
    if (isAbsent) {
      const colon = this.text.indexOf(":", keyEnd);
      const at = colon < 0 ? keyEnd : colon + 1;
      return [{ from: at, to: at, insert: colon < 0 ? `: ${written}` : ` ${written}` }];
    }
    const [from, to] = range;
    // The range of a block scalar includes its line break.
    const tail = this.text[to - 1] === "\n" ? "\n" : "";
    return [{ from, to, insert: `${written}${tail}` }];
  }

  private insert(
    map: YAMLMap,
    key: string,
    value: Value,
    order: readonly string[],
    style: Style,
  ): Edit[] | undefined {
    const before = order.slice(0, Math.max(order.indexOf(key), 0));
    const anchor =
      map.items.findLast((pair) => before.includes(keyOf(pair))) ??
      (order.includes(key) ? undefined : map.items.at(-1));
    if (style.language === "json" || map.flow === true) {
      return this.insertIntoFlow(map, anchor, key, value, style);
    }
    const first = map.items[0];
    if (first === undefined || !isNode(first.key)) {
      return undefined;
    }
    const indent = this.column(first.key);
    const lines = block({ [key]: value }, indent);
    if (anchor === undefined) {
      const from = first.key.range?.[0] ?? 0;
      return [{ from, to: from, insert: `${lines.slice(indent)}\n${" ".repeat(indent)}` }];
    }
    const end = this.pairEnd(anchor);
    return this.text[end - 1] === "\n"
      ? [{ from: end, to: end, insert: `${lines}\n` }]
      : [{ from: end, to: end, insert: `\n${lines}` }];
  }

  private insertIntoFlow(
    map: YAMLMap,
    anchor: Pair | undefined,
    key: string,
    value: Value,
    style: Style,
  ): Edit[] | undefined {
    const [start, end] = map.range ?? [];
    if (start === undefined || end === undefined) {
      return undefined;
    }
    const first = map.items[0];
    if (first === undefined) {
      const outer = this.indentAt(start);
      const written = flow({ [key]: value }, style.language, outer);
      return [{ from: start, to: end, insert: written }];
    }
    const firstStart = isNode(first.key) ? (first.key.range?.[0] ?? start) : start;
    const isSpread = this.text.slice(start, firstStart).includes("\n");
    const indent = isSpread ? this.indentAt(firstStart) : this.indentAt(start);
    const gap = isSpread ? `\n${" ".repeat(indent)}` : " ";
    const pair = `${JSON.stringify(key)}: ${flow(value, style.language, indent)}`;
    if (anchor === undefined) {
      return [{ from: firstStart, to: firstStart, insert: `${pair},${gap}` }];
    }
    const at = this.valueEnd(anchor);
    return [{ from: at, to: at, insert: `,${gap}${pair}` }];
  }

  /** The edits that remove a key and its line. */
  remove(path: Path): Edit[] {
    const parent = this.node(path.slice(0, -1));
    const key = path.at(-1);
    if (!isMap(parent) || key === undefined) {
      return [];
    }
    const index = parent.items.findIndex((pair) => keyOf(pair) === key);
    const pair = parent.items[index];
    if (pair === undefined || !isNode(pair.key) || !pair.key.range) {
      return [];
    }
    const [from] = pair.key.range;
    if (parent.flow !== true) {
      const lineStart = this.text.lastIndexOf("\n", from - 1) + 1;
      const isAlone = this.text.slice(lineStart, from).trim() === "";
      const end = this.pairEnd(pair);
      const next = this.text[end] === "\n" && this.text[end - 1] !== "\n" ? end + 1 : end;
      return [{ from: isAlone ? lineStart : from, to: isAlone ? next : end, insert: "" }];
    }
    const following = parent.items[index + 1];
    if (following !== undefined && isNode(following.key) && following.key.range) {
      return [{ from, to: following.key.range[0], insert: "" }];
    }
    const previous = parent.items[index - 1];
    const start = previous === undefined ? from : this.valueEnd(previous);
    return [{ from: start, to: this.valueEnd(pair), insert: "" }];
  }

  private valueEnd(pair: Pair): number {
    const value = isNode(pair.value) ? pair.value.range : undefined;
    const key = isNode(pair.key) ? pair.key.range : undefined;
    return value?.[1] ?? key?.[1] ?? 0;
  }

  /** The end of the last line of a pair, including its comment. */
  private pairEnd(pair: Pair): number {
    const end = this.valueEnd(pair);
    return this.text[end - 1] === "\n" ? end : this.lineEnd(end);
  }

  private lineEnd(from: number): number {
    const end = this.text.indexOf("\n", Math.max(from, 0));
    return end < 0 ? this.text.length : end;
  }

  private trimmedStart(from: number): number {
    let start = from;
    while (this.text[start - 1] === " ") {
      start -= 1;
    }
    return start;
  }

  /** The column of a node, from 0. */
  private column(node: Node): number {
    const from = node.range?.[0] ?? 0;
    return from - (this.text.lastIndexOf("\n", from - 1) + 1);
  }

  /** The indentation of the line at an offset. */
  private indentAt(offset: number): number {
    const start = this.text.lastIndexOf("\n", offset - 1) + 1;
    return /^ */.exec(this.text.slice(start, start + 200))?.[0].length ?? 0;
  }

  private quoteOf(node: unknown): "'" | '"' | undefined {
    const mark = isNode(node) && node.range ? this.text[node.range[0]] : undefined;
    return mark === "'" || mark === '"' ? mark : undefined;
  }
}

interface Style {
  language: Language;
  order: (path: Path) => readonly string[];
  indent: number;
}

/** The value of a key without a value. */
const NULL_NODE = parseDocument("~").contents;

/** Applies edits that do not overlap. */
export function apply(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { from, to, insert } of [...edits].sort((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + insert + result.slice(to);
  }
  return result;
}

/** Writes a value as a document. */
export function write(value: Value, language: Language): string {
  return language === "json" ? `${JSON.stringify(value, null, 2)}\n` : `${block(value, 0)}\n`;
}

/** Whether a value is an object. */
export function isObject(value: unknown): value is Record<string, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

function nest(path: Path, value: Value): Value {
  return path.reduceRight<Value>((inner, key) => ({ [key]: inner }), value);
}

/** A value in block style. */
function block(value: Value, indent: number): string {
  const margin = " ".repeat(indent);
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value)
      .map(([key, inner]) => {
        const name = plain(key);
        return isObject(inner) && Object.keys(inner).length > 0
          ? `${margin}${name}:\n${block(inner, indent + 2)}`
          : `${margin}${name}: ${plain(inner)}`;
      })
      .join("\n");
  }
  return `${margin}${plain(value)}`;
}

/** Strings that YAML 1.1 reads as booleans. */
const AMBIGUOUS = /^(y|n|yes|no|on|off)$/i;

/** A value on one line. Keeps the previous quotes, or adds quotes only if required. */
function plain(value: Value, quote?: "'" | '"'): string {
  if (typeof value !== "string") {
    return JSON.stringify(value);
  }
  // eslint-disable-next-line no-control-regex -- Not allowed in single quotes.
  if (quote === "'" && !/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(value)) {
    return `'${value.replaceAll("'", "''")}'`;
  }
  if (quote === '"' || value.startsWith("$") || AMBIGUOUS.test(value)) {
    return JSON.stringify(value);
  }
  const written = stringify(value, { lineWidth: 0 }).trimEnd();
  return written.includes("\n") || written.startsWith("|") || written.startsWith(">")
    ? JSON.stringify(value)
    : written;
}

/** A value in flow style, on several lines in JSON. */
function flow(value: Value, language: Language, indent: number): string {
  const text = JSON.stringify(value, null, language === "json" ? 2 : undefined);
  return text.replaceAll("\n", `\n${" ".repeat(indent)}`);
}
