// Compares how two parsers read a text.

import { yamlDocuments } from "./readers.js";

/** The first difference between a tree of `judge.rs` and a value of `yaml` (objects as maps), or `undefined`. */
export function firstDifference(ours, theirs, path = "") {
  if (!Array.isArray(ours)) {
    return ours === theirs ? undefined : { kind: "scalar", path, ours, theirs };
  }
  const [kind, ...items] = ours;
  const inner = (value, other, key) => firstDifference(value, other, `${path}/${key}`);
  if (kind === "number") {
    return typeof theirs === "number" && !Number.isFinite(theirs)
      ? undefined
      : { kind: "scalar", path, ours, theirs };
  }
  if (kind === "array") {
    if (!Array.isArray(theirs) || theirs.length !== items.length) {
      return { kind: "items", path, ours, theirs };
    }
    return findFirst(items, (item, at) => inner(item, theirs[at], at));
  }
  if (!(theirs instanceof Map)) {
    return { kind: "scalar", path, ours, theirs };
  }
  const members = [...theirs];
  if (members.length !== items.length) {
    return { kind: "keys", path, ours, theirs };
  }
  return findFirst(items, ([key, value], at) => {
    const [other, otherValue] = members[at];
    // Keys in JSON are strings. A key that `yaml` reads as a number keeps its spelling.
    return typeof other === "string" && other !== key
      ? { kind: "keys", path, ours: key, theirs: other }
      : inner(value, otherValue, key);
  });
}

function findFirst(items, find) {
  for (const [at, item] of items.entries()) {
    const found = find(item, at);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** The documents that `yaml` reads from a text: value (objects optionally as maps), errors and warnings. */
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
      // Undefined aliases and invalid merge values are detected only now.
      return { errors: [error.message], warnings };
    }
  });
}

/**
 * The difference between two readings of a YAML text: the side that alone rejects it, or the first difference between
 * the trees. `undefined` if both reject it, or if the trees are the same. Documents after the first rejected one are
 * ignored.
 */
export function compareReadings(ours, theirs) {
  const isRejected = { ours: (document) => !document.read || document.problems.length > 0 };
  isRejected.theirs = (document) => document.errors.length > 0;
  const end = (found, documents) => (found < 0 ? documents.length : found);
  const ends = [ours.findIndex(isRejected.ours), theirs.findIndex(isRejected.theirs)];
  const common = Math.min(end(ends[0], ours), end(ends[1], theirs));
  for (let at = 0; at < common; at += 1) {
    const found = firstDifference(ours[at].tree, theirs[at].value);
    if (found !== undefined) {
      return { side: "trees", at, ...found };
    }
  }
  if (ends[0] >= 0 && ends[1] < 0) {
    return { side: "ours", at: ends[0], problems: ours[ends[0]].problems };
  }
  if (ends[1] >= 0 && ends[0] < 0) {
    return { side: "theirs", at: ends[1], problems: theirs[ends[1]].errors };
  }
  return ends[0] < 0 && ours.length !== theirs.length
    ? { side: "trees", at: common, kind: "documents" }
    : undefined;
}
