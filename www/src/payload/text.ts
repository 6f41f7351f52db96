/** Texts in YAML or JSON, and their values. */

import { Document } from "bootshift";

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

/** Applies edits that are in the order of the text and do not overlap. */
export function apply(text: string, edits: readonly Edit[]): string {
  return edits.reduceRight(
    (result, { from, to, insert }) => result.slice(0, from) + insert + result.slice(to),
    text,
  );
}

/** Writes a value as a document. */
export function write(value: Value, language: Language): string {
  const json = `${JSON.stringify(value, null, 2)}\n`;
  if (language === "json") {
    return json;
  }
  const document = Document.parse(json, { syntax: "json" });
  const yaml = document.convert("yaml");
  document.free();
  return yaml;
}

/** Whether a value is an object. */
export function isObject(value: unknown): value is Record<string, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path, or `undefined`. */
export function valueAt(root: Value | undefined, path: Path): Value | undefined {
  let value = root;
  for (const key of path) {
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}
