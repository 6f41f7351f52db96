// What two readers or two validators make of one text, beside each other.

import { yamlDocuments } from "./readers.js";

/** Where a tree of `judge.rs` and a value of `yaml` (objects as maps) part; `undefined` if they are the same. */
export function parting(ours, theirs, path = "") {
  if (!Array.isArray(ours)) {
    return ours === theirs ? undefined : { kind: "scalar", path, ours, theirs };
  }
  const [kind, ...items] = ours;
  const inner = (value, other, key) => parting(value, other, `${path}/${key}`);
  if (kind === "number") {
    return typeof theirs === "number" && !Number.isFinite(theirs)
      ? undefined
      : { kind: "scalar", path, ours, theirs };
  }
  if (kind === "array") {
    if (!Array.isArray(theirs) || theirs.length !== items.length) {
      return { kind: "items", path, ours, theirs };
    }
    return first(items, (item, at) => inner(item, theirs[at], at));
  }
  if (!(theirs instanceof Map)) {
    return { kind: "scalar", path, ours, theirs };
  }
  const members = [...theirs];
  if (members.length !== items.length) {
    return { kind: "keys", path, ours, theirs };
  }
  return first(items, ([key, value], at) => {
    const [other, otherValue] = members[at];
    // JSON has no other keys than strings: what `yaml` reads as a number stays as it is spelt.
    return typeof other === "string" && other !== key
      ? { kind: "keys", path, ours: key, theirs: other }
      : inner(value, otherValue, key);
  });
}

function first(items, find) {
  for (const [at, item] of items.entries()) {
    const found = find(item, at);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** What `yaml` makes of a text: values, with objects as maps or not, errors and warnings, a document each. */
export function readYaml(text, mapAsMap = true) {
  return yamlDocuments(text).map((document) => {
    const errors = document.errors.map(({ code }) => code);
    const warnings = document.warnings.map(({ code, message }) => ({ code, message }));
    if (errors.length > 0) {
      return { errors: errors.slice(0, 1), warnings };
    }
    try {
      return { value: document.toJS({ mapAsMap, maxAliasCount: -1 }), errors, warnings };
    } catch (error) {
      // An alias without its anchor, or what no merge key takes, shows only now.
      return { errors: [error.message], warnings };
    }
  });
}

/**
 * How the readings of a YAML text differ: who refuses it alone, or where the trees part. `undefined` if they do not:
 * both refuse it, or the trees are the same. Documents behind the first one that is refused do not count.
 */
export function compareReadings(ours, theirs) {
  const isRefused = { ours: (document) => !document.read || document.problems.length > 0 };
  isRefused.theirs = (document) => document.errors.length > 0;
  const end = (found, documents) => (found < 0 ? documents.length : found);
  const ends = [ours.findIndex(isRefused.ours), theirs.findIndex(isRefused.theirs)];
  const common = Math.min(end(ends[0], ours), end(ends[1], theirs));
  for (let at = 0; at < common; at += 1) {
    const found = parting(ours[at].tree, theirs[at].value);
    if (found !== undefined) {
      return { who: "trees", at, ...found };
    }
  }
  if (ends[0] >= 0 && ends[1] < 0) {
    return { who: "ours", at: ends[0], problems: ours[ends[0]].problems };
  }
  if (ends[1] >= 0 && ends[0] < 0) {
    return { who: "theirs", at: ends[1], problems: theirs[ends[1]].errors };
  }
  return ends[0] < 0 && ours.length !== theirs.length
    ? { who: "trees", at: common, kind: "documents" }
    : undefined;
}
