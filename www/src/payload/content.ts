/** The value of a text, and edits of single values in it. */

import { Document, type TextEdit } from "bootshift";

import { pointerOf } from "../schema.js";
import type { Edit, Language, Path, Value } from "./text.js";

/** The value of a longer text is not read, because that would slow down each keystroke. */
const MAX_LENGTH = 100_000;

/** The content of a text that can be read. The text is the source of truth: edits change it as little as possible. */
export interface Content {
  readonly text: string;
  /** The value of the first document; `undefined` if the text has none. */
  readonly root: Value | undefined;
  /** The edits that set a value and create missing parents. Throws an error if the text cannot be edited there. */
  set(path: Path, value: Value): readonly Edit[];
  /** The edits that remove a value. Throws an error if the text cannot be edited there. */
  remove(path: Path): readonly Edit[];
  /** The first document in a language. Throws an error if that cannot represent it. */
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
export function parse(text: string, language: Language): Parsed {
  // JSON is also valid as YAML, so the syntax is enforced for JSON only.
  const document = Document.parse(text, language === "json" ? { syntax: "json" } : {});
  return { text, language, document, content: contentOf(document) };
}

/** Uses a parsed text once. */
export function once<T>(text: string, language: Language, use: (parsed: Parsed) => T): T {
  const parsed = parse(text, language);
  try {
    return use(parsed);
  } finally {
    parsed.document.free();
  }
}

function contentOf(document: Document): Content | undefined {
  const { text } = document;
  const value = text.length > MAX_LENGTH ? undefined : document.get("");
  if (value === undefined) {
    return undefined;
  }
  return {
    text,
    // A text with only comments has the value `null`.
    root: value ?? undefined,
    set: (path, next) => document.set(pointerOf(path), next).map(editOf),
    remove: (path) => document.remove(pointerOf(path)).map(editOf),
    convert: (language) => document.convert(language),
  };
}

/** The edit of the editor for one of the package. */
export function editOf({ start, end, text }: TextEdit): Edit {
  return { from: start.offset, to: end.offset, insert: text };
}
