/** The variables that the passwords of payloads refer to. */

import type { Parsed } from "../payload/content.js";
import { valueAt } from "../payload/text.js";
import { fieldsOf, type Group, referenceIn } from "../schema.js";
import { secretPaths } from "./models.js";

/** The names of the variables that the secrets of payloads refer to. */
export function referencesIn(model: Group, payloads: readonly (Parsed | undefined)[]): string[] {
  const names = payloads.flatMap((parsed) =>
    secretPaths(model).map((path) => referenceIn(valueAt(parsed?.content?.root, path))),
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The variables that stand for the literal passwords of a payload where those are not written. */
export function literalsIn(model: Group, { content }: Parsed): string[] {
  return fieldsOf(model).flatMap(({ secret, path, example }) => {
    const value = secret ? valueAt(content?.root, path) : undefined;
    const name = referenceIn(example);
    return typeof value === "string" && referenceIn(value) === undefined && name !== undefined ? [name] : [];
  });
}

/**
 * A value for a password that was not entered. A statement with it is never shown. It follows the rules for passwords,
 * so it causes no warnings.
 */
export function placeholder(): string {
  return `Aa1${crypto.randomUUID()}`;
}
