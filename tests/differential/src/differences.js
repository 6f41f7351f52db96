// The known differences. README.md explains each of them. Any other difference fails.

import { parseAllDocuments } from "yaml";

import { compareReadings, readYaml } from "./compare.js";
import { FORMAT_CODES, PUBLISHED_CODES } from "./codes.js";
import { shrink } from "./shrink.js";

/** Normalizes the parts of a text that `yaml` is known to read differently from the YAML specification. */
export function forYaml(text) {
  // `yaml` counts a byte order mark as a column, and does not treat a lone carriage return as a line break.
  let result = text.replace(/^\ufeff/, "").replace(/\r(?!\n)/g, "\n");
  // `yaml` reads `...` before the start of a document as an empty document.
  for (let before; before !== result;) {
    before = result;
    result = result.replace(
      /((?:^|\n\.\.\.[ \t]*(?: #[^\n]*)?\r?\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)*)\.\.\.(?=[ \t]*(?: #.*)?\r?(?:\n|$))/,
      "$1",
    );
  }
  return result;
}

/** Every value in `value`, including itself, and every key. `isCyclic` marks a value that contains itself. */
function* parts(value, parents = []) {
  if (parents.includes(value)) {
    yield { isCyclic: true };
    return;
  }
  const inner = [...parents, value];
  yield { value };
  if (value instanceof Map) {
    for (const [key, item] of value) {
      yield { key };
      yield* parts(item, inner);
    }
  } else if (Array.isArray(value)) {
    for (const item of value) {
      yield* parts(item, inner);
    }
  }
}

const some = (value, predicate) => [...parts(value)].some(predicate);
const warns = (document, ...codes) => document.warnings.some(({ code }) => codes.includes(code));
const isObject = (value) => value !== null && typeof value === "object";

/** Differences that are recognized by the reading of `yaml`. `document` is the first one that differs. */
const BY_READING = [
  {
    name: "tag",
    matches: ({ side, problems }, document) =>
      side === "ours" &&
      problems.includes("syntax") &&
      (warns(document, "TAG_RESOLVE_FAILED", "BAD_COLLECTION_TYPE") ||
        some(document.value, ({ value }) => value instanceof Uint8Array)),
  },
  {
    name: "integer tagged as a float",
    matches: ({ side, kind, ours, theirs }, document) =>
      side === "trees" &&
      kind === "scalar" &&
      warns(document, "TAG_RESOLVE_FAILED") &&
      typeof theirs === "string" &&
      Number(theirs) === ours,
  },
  {
    name: "collection as a key",
    matches: ({ side, problems }, { value }) =>
      side === "ours" && problems.includes("syntax") && some(value, ({ key }) => isObject(key)),
  },
  {
    name: "alias inside its anchor",
    matches: ({ side, problems }, { value }) =>
      side === "ours" && problems.includes("syntax") && some(value, ({ isCyclic }) => isCyclic),
  },
  {
    name: "key that is not a string",
    matches: ({ side, problems, kind, theirs }, { value }) =>
      side === "trees"
        ? kind === "keys" &&
          theirs instanceof Map &&
          [...theirs.keys()].some((key) => typeof key !== "string")
        : side === "ours"
          ? problems.every((code) => code === "duplicate-key") &&
            some(value, ({ key }) => key !== undefined && typeof key !== "string")
          : problems[0] === "DUPLICATE_KEY",
  },
  {
    name: "closing bracket that is not indented",
    matches: ({ side, problems }, document) =>
      side === "ours" && problems.includes("syntax") && warns(document, "BAD_INDENT"),
  },
  {
    name: "directive",
    matches: ({ side, problems }, document) =>
      side === "ours" && problems.includes("syntax") && warns(document, "BAD_DIRECTIVE"),
  },
];

/** Differences that are recognized by the shrunk text, and by the error of `yaml` if `yaml` rejects it. */
const BY_TEXT = [
  { name: "directive", side: "ours", text: /^(\.\.\.\s*)?%/m },
  { name: "NUL", side: "ours", text: /\0/ },
  { name: "byte order mark inside a document", side: "ours", text: /.\ufeff/s },
  {
    name: "key that begins with a suspicious character",
    side: "ours",
    text: /^ *(?:(?![\t\n\r])\p{Cc}|[\u00a0\u2028\u2029]).*:/mu,
  },
  { name: "anchor without a value", side: "trees", text: /(^|[\n\r])&\S+ ?([\n\r]|$|\{)/ },
  { name: "lone surrogate", side: "ours", text: /\\u[dD][89a-fA-F]/ },
  { name: "lone question mark", side: "ours", text: /(^|[\s[{,-])\?\s*($|[\]},])/m },
  { name: "quote closed only by an escaped quote", side: "ours", text: /"\\"|'''/ },
  { name: "tab after a colon at the start of a line", side: "ours", text: /^[ -]*:\t/m },
  { name: "colon before a bracket", side: "ours", text: /[{[,]\s*[^\s:,[\]{}]*:[[{]/ },
  { name: "tag of a collection before an empty key", side: "ours", text: /!!(map|seq) :/ },
  { name: "text after a key", side: "ours", text: /[}\]]\s*:|^[ -]*\? .*(["'][^:\s]|\n *-)|["']!/m },
  { name: "colon below a value", side: "ours", text: /[\n\r] +:/ },
  { name: "closing bracket that is not indented", side: "ours", text: /[[{].*\n *[\]}]/s },
  { name: "tab at the start of a block scalar", side: "ours", text: /[|>][^\n]*\n *\t/ },
  { name: "block scalar without text", side: "ours", text: /[|>]\d[\n\r]+(---|\.\.\.|#)/ },
  {
    name: "text with less indentation than its block scalar",
    side: "ours",
    text: /[|>][+-]?[2-9][+-]?[\n\r]+ +[^\s#]/,
  },
  { name: "text after a block scalar indicator", side: "ours", text: /: [|>][+-]? +:/ },
  { name: "block scalar of whitespace", side: "trees", text: /[|>]\d?[+-]?\n +$/m },
  { name: "empty key after an explicit value", side: "trees", text: /^ *:.*\n *:/m },
  { name: "merge key after an anchor", side: "trees", text: /&\S+ <</ },
  { name: "alias inside its anchor", side: "ours", text: /&(\S+)\s.*\*\1/s },
  { name: "collection as a key", side: "ours", text: /\? *[:?-]|\{\s*[{[]/ },
  {
    name: "tab in the indentation",
    side: "theirs",
    problem: /TAB_AS_INDENT|MISSING_CHAR|BAD_INDENT/,
    text: /^ *\t/m,
  },
  {
    name: "line that is not indented",
    side: "theirs",
    problem: /MISSING_CHAR|BAD_INDENT/,
    text: /[[{"'].*[\n\r]/s,
  },
  { name: "bracket after a property", side: "theirs", problem: /MISSING_CHAR/, text: /[&!]\S*[[{]/ },
  { name: "byte order mark after a document", side: "theirs", text: /[\n\r]\ufeff/ },
  { name: "byte order mark after a document", side: "trees", text: /[\n\r]\ufeff/ },
  { name: "collection after a colon", side: "theirs", text: /(^|[ -]): [:?-]/m },
];

/**
 * The difference between Bootshift and `yaml` for a YAML text: its name if it is known, otherwise its kind and a short
 * text that shows it. `undefined` if there is none.
 */
export async function yamlDifference(bootshift, text) {
  const find = async (candidate) => {
    const ours = await bootshift.check({ text: candidate, syntax: "yaml", operation: null });
    const theirs = readYaml(forYaml(candidate));
    const difference = compareReadings(ours, theirs);
    if (difference === undefined) {
      return undefined;
    }
    const document = theirs[difference.at] ?? { warnings: [] };
    const known = BY_READING.find(({ matches }) => matches(difference, document));
    return { ...difference, name: known?.name };
  };
  const difference = await find(text);
  if (difference === undefined || difference.name !== undefined) {
    return difference;
  }
  const isSame = (found) =>
    found !== undefined &&
    ["name", "side", "kind"].every((key) => found[key] === difference[key]) &&
    found.problems?.[0] === difference.problems?.[0];
  const short = await shrink(text, async (candidate) => isSame(await find(candidate)));
  const known = BY_TEXT.find(
    ({ side, problem = /(?:)/, text: pattern }) =>
      side === difference.side && problem.test(difference.problems?.[0] ?? "") && pattern.test(short),
  );
  return { ...difference, name: known?.name, short };
}

/** The codes that only the schemas report. */
const SCHEMA_CODES = [...PUBLISHED_CODES, ...FORMAT_CODES];
const isInfinite = (tree) => Array.isArray(tree) && (tree[0] === "number" || tree.some(isInfinite));

/** Known differences between verdicts. `theirs` is `null` if the validator cannot read the text. */
const VERDICTS = [
  {
    name: "duplicate key",
    matches: ({ ours, document, peer, theirs }) =>
      ours.problems.length > 0 &&
      ours.problems.every((code) => code === "duplicate-key") &&
      (peer === "check-jsonschema"
        ? theirs !== null || document.syntax === "yaml"
        : document.syntax === "json"),
  },
  {
    name: "deletion without a body",
    matches: ({ ours, document }) => document.operation === "delete" && ours.read && ours.tree === null,
  },
  {
    name: "tab or line separator in YAML",
    matches: ({ peer, theirs, document }) =>
      peer === "check-jsonschema" &&
      theirs === null &&
      document.syntax === "yaml" &&
      /[\t\u0085\u2028\u2029]/.test(document.text),
  },
  {
    name: "placeholder",
    matches: ({ ours, theirs }) => theirs === false && ours.codes.includes("placeholder"),
  },
  {
    name: "suspicious character",
    matches: ({ ours, theirs }) => theirs === false && ours.codes.includes("suspicious-character"),
  },
  {
    name: "empty document beside another",
    matches: ({ peer, theirs, document }) =>
      peer === "check-jsonschema" &&
      theirs === null &&
      document.syntax === "yaml" &&
      parseAllDocuments(document.text).length > 1,
  },
  {
    name: "infinite number",
    matches: ({ ours, peer, theirs }) =>
      peer === "check-jsonschema" && theirs === true && isInfinite(ours.tree),
  },
];

/**
 * The difference between the verdicts on a document: that of the schema in Bootshift's check, and that of a validator
 * with the same schema. `withoutFormats` is the verdict of the published schema, which has no formats.
 */
export function verdictDifference(peer, { ours, theirs, withoutFormats, document }) {
  const found = ours.errors.filter((code) => SCHEMA_CODES.includes(code));
  const hasOnlyFormatErrors = found.length > 0 && found.every((code) => FORMAT_CODES.includes(code));
  const verdict = ours.read && ours.problems.length === 0 ? found.length === 0 : null;
  const expected = peer !== "ajv" && hasOnlyFormatErrors ? withoutFormats : verdict;
  if (theirs === expected) {
    return undefined;
  }
  const known = VERDICTS.find(({ matches }) => matches({ peer, ours, theirs, document }));
  return { name: known?.name, expected, theirs, codes: ours.codes };
}

/** Known differences between an editor and Bootshift. `expected` is whether the editor should accept the text. */
const EDITORS = [
  {
    name: "placeholder",
    matches: ({ documents, expected }) =>
      expected && documents.some(({ codes }) => codes.includes("placeholder")),
  },
  {
    name: "suspicious character",
    matches: ({ documents, expected }) =>
      expected && documents.some(({ codes }) => codes.includes("suspicious-character")),
  },
  {
    name: "empty document beside another",
    matches: ({ documents, text, syntax, expected }) =>
      expected && syntax === "yaml" && parseAllDocuments(text).length > documents.length,
  },
  {
    name: "deletion without a body",
    matches: ({ documents, expected }) =>
      expected &&
      documents.every(({ operation, read, tree }) => operation === "delete" && read && tree === null),
  },
];

/**
 * The difference between an editor and Bootshift. The editor uses the schema, which has no formats. `errors` are the
 * errors of the editor, and `isValidWithoutFormats` returns the verdict of that schema on a readable text.
 */
export function editorDifference({ documents, text, syntax, errors, isValidWithoutFormats }) {
  const isRead = documents.every(({ read, problems }) => read && problems.length === 0);
  const found = documents.flatMap(({ errors }) => errors.filter((code) => SCHEMA_CODES.includes(code)));
  const hasOnlyFormatErrors = found.every((code) => FORMAT_CODES.includes(code));
  const expected = isRead && hasOnlyFormatErrors && (found.length === 0 || isValidWithoutFormats());
  if (expected === (errors.length === 0)) {
    return undefined;
  }
  const known = EDITORS.find(({ matches }) => matches({ documents, text, syntax, expected, errors }));
  return { name: known?.name, expected, errors, codes: documents.flatMap(({ codes }) => codes) };
}
