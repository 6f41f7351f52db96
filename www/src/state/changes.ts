/** The differences between the current payload and the new one. */

import { computed } from "@preact/signals";

import { isObject, type Value } from "../payload/text.js";
import { fieldsOf, type Group, pointerOf, referenceIn } from "../schema.js";
import { settled } from "./analysis.js";

/** A changed property. A value is `undefined` if it is not set. */
export interface Change {
  /** The keys, such as `config.host`. */
  property: string;
  before: string | undefined;
  after: string | undefined;
}

/** The changed properties, or `undefined` if one of the payloads is missing or cannot be read. */
export const changes = computed<readonly Change[] | undefined>(() => {
  const state = settled.value;
  const before = state?.old?.content;
  const after = state?.parsed.content;
  return state?.operation.changes === true && before !== undefined && after !== undefined
    ? compare(before.root, after.root, state.model)
    : undefined;
});

/** Compares two payloads, value by value. Secrets are hidden: only a difference is shown. */
function compare(before: Value | undefined, after: Value | undefined, model: Group): Change[] {
  const old = leaves(before);
  const current = leaves(after);
  const fields = new Map(fieldsOf(model).map((field) => [pointerOf(field.path), field]));
  const shown = (pointer: string, value: string | undefined): string | undefined => {
    const field = fields.get(pointer);
    // An unknown property may be a misspelled secret.
    const isSecret = field === undefined || (field.secret && referenceIn(value) === undefined);
    return value !== undefined && isSecret ? "<REDACTED>" : value;
  };
  // In the order of the schema, unknown properties last.
  const pointers = new Set([...fields.keys(), ...old.keys(), ...current.keys()]);
  return [...pointers]
    .filter((pointer) => old.get(pointer) !== current.get(pointer))
    .map((pointer) => ({
      property: pointer.slice(1).replaceAll("/", "."),
      before: shown(pointer, old.get(pointer)),
      after: shown(pointer, current.get(pointer)),
    }));
}

function leaves(
  value: Value | undefined,
  pointer = "",
  found = new Map<string, string>(),
): Map<string, string> {
  if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      leaves(inner, `${pointer}/${key}`, found);
    }
  } else if (value !== undefined) {
    found.set(pointer, typeof value === "string" ? value : JSON.stringify(value));
  }
  return found;
}
