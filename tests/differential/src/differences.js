// The differences that are known, each with its reason in README.md. Whatever is not here fails.

import { parseAllDocuments } from "yaml";

import { compareReadings, readYaml } from "./compare.js";
import { shrunk } from "./shrink.js";

/** A text as `yaml` has to get it to read what YAML says: without what it is known to read otherwise. */
export function forYaml(text) {
  // A byte order mark counts as a column; a carriage return alone ends no line.
  let result = text.replace(/^\ufeff/, "").replace(/\r(?!\n)/g, "\n");
  // The end of a document that has not begun begins one.
  for (let before; before !== result;) {
    before = result;
    result = result.replace(
      /((?:^|\n\.\.\.[ \t]*(?: #[^\n]*)?\r?\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)*)\.\.\.(?=[ \t]*(?: #.*)?\r?(?:\n|$))/,
      "$1",
    );
  }
  return result;
}

/** Every value in `value`, itself among them, and every key; a mark in place of one that holds itself. */
function* parts(value, around = []) {
  if (around.includes(value)) {
    yield { isCyclic: true };
    return;
  }
  const inner = [...around, value];
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

const some = (value, holds) => [...parts(value)].some(holds);
const warns = (document, ...codes) => document.warnings.some(({ code }) => codes.includes(code));
const isObject = (value) => value !== null && typeof value === "object";

/** Differences that the reading of `yaml` tells; `document` is the one where the two part. */
const TOLD = [
  {
    name: "tag",
    holds: ({ who, problems }, document) =>
      who === "ours" &&
      problems.includes("syntax") &&
      (warns(document, "TAG_RESOLVE_FAILED", "BAD_COLLECTION_TYPE") ||
        some(document.value, ({ value }) => value instanceof Uint8Array)),
  },
  {
    name: "integer tagged as a float",
    holds: ({ who, kind, ours, theirs }, document) =>
      who === "trees" &&
      kind === "scalar" &&
      warns(document, "TAG_RESOLVE_FAILED") &&
      typeof theirs === "string" &&
      Number(theirs) === ours,
  },
  {
    name: "collection as a key",
    holds: ({ who, problems }, { value }) =>
      who === "ours" && problems.includes("syntax") && some(value, ({ key }) => isObject(key)),
  },
  {
    name: "alias inside its anchor",
    holds: ({ who, problems }, { value }) =>
      who === "ours" && problems.includes("syntax") && some(value, ({ isCyclic }) => isCyclic),
  },
  {
    name: "key that is no string",
    holds: ({ who, problems, kind, theirs }, { value }) =>
      who === "trees"
        ? kind === "keys" &&
          theirs instanceof Map &&
          [...theirs.keys()].some((key) => typeof key !== "string")
        : who === "ours"
          ? problems.every((code) => code === "duplicate-key") &&
            some(value, ({ key }) => key !== undefined && typeof key !== "string")
          : problems[0] === "DUPLICATE_KEY",
  },
  {
    name: "closing bracket that is not indented",
    holds: ({ who, problems }, document) =>
      who === "ours" && problems.includes("syntax") && warns(document, "BAD_INDENT"),
  },
  {
    name: "directive",
    holds: ({ who, problems }, document) =>
      who === "ours" && problems.includes("syntax") && warns(document, "BAD_DIRECTIVE"),
  },
];

/** Differences that a short text tells, with the error of `yaml` where it is `yaml` that refuses it. */
const SHORT = [
  { name: "directive", who: "ours", text: /^(\.\.\.\s*)?%/m },
  { name: "NUL", who: "ours", text: /\0/ },
  { name: "byte order mark inside", who: "ours", text: /.\ufeff/s },
  { name: "half of a surrogate pair", who: "ours", text: /\\u[dD][89a-fA-F]/ },
  { name: "question mark alone", who: "ours", text: /(^|[\s[{,-])\?\s*($|[\]},])/m },
  { name: "quote that only its escape closes", who: "ours", text: /"\\"|'''/ },
  { name: "tab behind a colon that starts its line", who: "ours", text: /^[ -]*:\t/m },
  { name: "colon before a bracket", who: "ours", text: /[{[,]\s*[^\s:,[\]{}]*:[[{]/ },
  { name: "tag of a collection before an empty key", who: "ours", text: /!!(map|seq) :/ },
  { name: "text behind a key", who: "ours", text: /[}\]]\s*:|^[ -]*\? .*(["'][^:\s]|\n *-)|["']!/m },
  { name: "colon below a value", who: "ours", text: /[\n\r] +:/ },
  { name: "closing bracket that is not indented", who: "ours", text: /[[{].*\n *[\]}]/s },
  { name: "tab first in a block scalar", who: "ours", text: /[|>][^\n]*\n *\t/ },
  { name: "block scalar without text", who: "ours", text: /[|>]\d[\n\r]+(---|\.\.\.|#)/ },
  { name: "text left of its block scalar", who: "ours", text: /[|>][+-]?[2-9][+-]?[\n\r]+ +[^\s#]/ },
  { name: "text behind the sign of a block scalar", who: "ours", text: /: [|>][+-]? +:/ },
  { name: "block scalar of white space", who: "trees", text: /[|>]\d?[+-]?\n +$/m },
  { name: "empty key behind an explicit value", who: "trees", text: /^ *:.*\n *:/m },
  { name: "merge key behind an anchor", who: "trees", text: /&\S+ <</ },
  { name: "alias inside its anchor", who: "ours", text: /&(\S+)\s.*\*\1/s },
  { name: "collection as a key", who: "ours", text: /\? *[:?-]|\{\s*[{[]/ },
  {
    name: "tab in the indentation",
    who: "theirs",
    problem: /TAB_AS_INDENT|MISSING_CHAR|BAD_INDENT/,
    text: /^ *\t/m,
  },
  {
    name: "line that is not indented",
    who: "theirs",
    problem: /MISSING_CHAR|BAD_INDENT/,
    text: /[[{"'].*[\n\r]/s,
  },
  { name: "bracket behind a property", who: "theirs", problem: /MISSING_CHAR/, text: /[&!]\S*[[{]/ },
  { name: "byte order mark behind a document", who: "theirs", text: /[\n\r]\ufeff/ },
  { name: "byte order mark behind a document", who: "trees", text: /[\n\r]\ufeff/ },
  { name: "collection behind a colon", who: "theirs", text: /(^|[ -]): [:?-]/m },
];

/**
 * How Bootshift and `yaml` read a YAML text differently: the name of the difference if it is known, else what it is and
 * a short text that shows it. `undefined` if they do not.
 */
export async function yamlDifference(bootshift, text) {
  const find = async (candidate) => {
    const ours = await bootshift.ask({ text: candidate, syntax: "yaml", operation: null });
    const theirs = readYaml(forYaml(candidate));
    const difference = compareReadings(ours, theirs);
    if (difference === undefined) {
      return undefined;
    }
    const document = theirs[difference.at] ?? { warnings: [] };
    const told = TOLD.find(({ holds }) => holds(difference, document));
    return { ...difference, name: told?.name };
  };
  const difference = await find(text);
  if (difference === undefined || difference.name !== undefined) {
    return difference;
  }
  const isSame = (found) =>
    found !== undefined &&
    ["name", "who", "kind"].every((key) => found[key] === difference[key]) &&
    found.problems?.[0] === difference.problems?.[0];
  const short = await shrunk(text, async (candidate) => isSame(await find(candidate)));
  const known = SHORT.find(
    ({ who, problem = /(?:)/, text: pattern }) =>
      who === difference.who && problem.test(difference.problems?.[0] ?? "") && pattern.test(short),
  );
  return { ...difference, name: known?.name, short };
}

/** Codes of the check that only the schemas give. */
const OF_FORMATS = ["invalid-format", "host-not-bare", "identifier-too-long", "identifier-invalid"];
const OF_SCHEMAS = [
  "missing-property",
  "unknown-property",
  "wrong-type",
  "invalid-value",
  "out-of-range",
  "invalid-length",
  "authentication-mismatch",
  "redacted-value",
  "impersonation-role-missing",
  "unsupported-type",
  ...OF_FORMATS,
];
const isInfinite = (tree) => Array.isArray(tree) && (tree[0] === "number" || tree.some(isInfinite));

/** Differences between verdicts; `theirs` is `null` where the validator cannot read the text. */
const VERDICTS = [
  {
    name: "key that stands twice",
    holds: ({ ours, document, peer, theirs }) =>
      ours.problems.length > 0 &&
      ours.problems.every((code) => code === "duplicate-key") &&
      (peer === "ajv" ? document.syntax === "json" : theirs !== null || document.syntax === "yaml"),
  },
  {
    name: "deletion without a body",
    holds: ({ ours, document }) => document.operation === "delete" && ours.read && ours.tree === null,
  },
  {
    name: "tab or line separator in YAML",
    holds: ({ peer, theirs, document }) =>
      peer === "check-jsonschema" &&
      theirs === null &&
      document.syntax === "yaml" &&
      /[\t\u0085\u2028\u2029]/.test(document.text),
  },
  {
    name: "placeholder",
    holds: ({ ours, theirs }) => theirs === false && ours.codes.includes("placeholder"),
  },
  {
    name: "suspicious character",
    holds: ({ ours, theirs }) => theirs === false && ours.codes.includes("suspicious-character"),
  },
  {
    name: "infinite number",
    holds: ({ ours, peer, theirs }) =>
      peer === "check-jsonschema" && theirs === true && isInfinite(ours.tree),
  },
];

/**
 * How the verdicts on a document differ: that of the schema in Bootshift's check, and that of a validator on the same
 * schema. `bare` is what the schema says without our formats, which check-jsonschema does not know.
 */
export function verdictDifference(peer, { ours, theirs, bare, document }) {
  const found = ours.errors.filter((code) => OF_SCHEMAS.includes(code));
  const isFormatAlone = found.length > 0 && found.every((code) => OF_FORMATS.includes(code));
  const verdict = ours.read && ours.problems.length === 0 ? found.length === 0 : null;
  const expected = peer === "check-jsonschema" && isFormatAlone ? bare : verdict;
  if (theirs === expected) {
    return undefined;
  }
  const known = VERDICTS.find(({ holds }) => holds({ peer, ours, theirs, document }));
  return { name: known?.name, expected, theirs, codes: ours.codes };
}

/** Differences between an editor and Bootshift; `expected` is whether the editor should take the text. */
const EDITORS = [
  {
    name: "placeholder",
    holds: ({ documents, expected }) =>
      expected && documents.some(({ codes }) => codes.includes("placeholder")),
  },
  {
    name: "suspicious character",
    holds: ({ documents, expected }) =>
      expected && documents.some(({ codes }) => codes.includes("suspicious-character")),
  },
  {
    name: "empty document beside another",
    holds: ({ documents, text, syntax, expected }) =>
      expected && syntax === "yaml" && parseAllDocuments(text).length > documents.length,
  },
  {
    name: "deletion without a body",
    holds: ({ documents, expected }) =>
      expected &&
      documents.every(({ operation, read, tree }) => operation === "delete" && read && tree === null),
  },
];

/**
 * How the verdict of an editor on a text differs. It knows the schema without our formats; `errors` are what it says,
 * and `isBarelyValid` tells what such a schema says to a text that can be read.
 */
export function editorDifference({ documents, text, syntax, errors, isBarelyValid }) {
  const isRead = documents.every(({ read, problems }) => read && problems.length === 0);
  const found = documents.flatMap(({ errors }) => errors.filter((code) => OF_SCHEMAS.includes(code)));
  const isFormatAlone = found.every((code) => OF_FORMATS.includes(code));
  const expected = isRead && isFormatAlone && (found.length === 0 || isBarelyValid());
  if (expected === (errors.length === 0)) {
    return undefined;
  }
  const known = EDITORS.find(({ holds }) => holds({ documents, text, syntax, expected, errors }));
  return { name: known?.name, expected, errors, codes: documents.flatMap(({ codes }) => codes) };
}
