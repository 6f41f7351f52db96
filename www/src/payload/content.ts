/** The value of a text, and edits of single values in it. */

import { Document } from "bootshift";

import { type Edit, type Language, type Path, Tree, type Value, write } from "../document.js";
import { type Group, orderIn } from "../schema.js";

/** The content of a text that can be read. The text is the source of truth: edits change it as little as possible. */
export interface Content {
  readonly text: string;
  /** The value of the first document; `undefined` if the text has none. */
  readonly root: Value | undefined;
  /** The edits that set a value and create missing parents. */
  set(path: Path, value: Value): readonly Edit[];
  /** The edits that remove a value. Empty if there is none. */
  remove(path: Path): readonly Edit[];
  /** The first document in a language. */
  convert(language: Language): string;
}

/** A parsed text. */
export interface Parsed {
  text: string;
  language: Language;
  document: Document;
  /** The content; `undefined` if the text cannot be read. */
  content: Content | undefined;
}

/** Parses a text. The document must be freed. */
export function parse(text: string, language: Language, model: Group | undefined): Parsed {
  // JSON is also valid as YAML, so the syntax is enforced for JSON only.
  const document = Document.parse(text, language === "json" ? { syntax: "json" } : {});
  return { text, language, document, content: read(text, language, model) };
}

/** Reads a text. Returns `undefined` if it is invalid or too long. */
function read(text: string, language: Language, model: Group | undefined): Content | undefined {
  const tree = Tree.parse(text);
  if (tree === undefined) {
    return undefined;
  }
  return {
    text,
    root: tree.root,
    set: (path, value) =>
      tree.set(path, value, language, (parent) => (model === undefined ? [] : orderIn(model, parent))) ?? [],
    remove: (path) => tree.remove(path),
    convert: (target) => (tree.root === undefined ? "" : write(tree.root, target)),
  };
}

/** The value at a path, or `undefined`. */
export function valueAt(root: Value | undefined, path: Path): Value | undefined {
  let value = root;
  for (const key of path) {
    value =
      typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
        ? value[key]
        : undefined;
  }
  return value;
}
