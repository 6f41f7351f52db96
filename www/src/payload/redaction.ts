/** Texts without their secrets, to store them. */

import { BootshiftError, type Code } from "bootshift";

import { apply, isObject, type Path, type Value } from "../payload/text.js";
import { type Group, memberAt, referenceIn } from "../schema.js";
import type { Parsed } from "./content.js";

/** What a value is replaced by; `undefined` to remove it. */
interface Replacement {
  path: Path;
  value: Value | undefined;
  /** The secret, if it is a text. */
  secret: string | undefined;
}

/** A shorter secret is replaced only where it is the value of a property, because it also occurs by chance. */
const MIN_SECRET_LENGTH = 6;

/** Names of properties that contain secrets in responses, also those of other platforms. */
const SECRET_NAME = /password|passphrase|token|secret|credential|key$/i;

/** What prevents that all secrets of a text are found. */
const UNREADABLE = new Set<Code>(["syntax", "duplicate-key", "too-deep", "too-large", "alias-limit"]);

/** A text without the secrets that are values of its properties. */
export interface Redacted {
  text: string;
  /** The secrets. They may be repeated elsewhere, such as in comments. */
  secrets: readonly string[];
}

/**
 * Replaces the secrets of a text: a password by the `${NAME}` reference of its example. Unknown properties are removed,
 * because they may be a misspelled `password`.
 *
 * @param model - The model of the text; `undefined` for a response, in which secrets are found by their names.
 * @param parse - Parses a text in the same language.
 * @returns `undefined` if the secrets cannot be found or replaced.
 */
export function redacted(
  text: string,
  model: Group | undefined,
  parse: (text: string) => Parsed,
): Redacted | undefined {
  if (text.trim() === "") {
    return { text, secrets: [] };
  }
  const { content, document } = parse(text);
  const { files } = document.check();
  const codes = files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  if (content === undefined || files.length > 1 || codes.some((code) => UNREADABLE.has(code))) {
    return undefined;
  }
  const found: Replacement[] = [];
  collect(content.root, [], model, found);
  let safe = text;
  try {
    for (const { path, value } of found) {
      const current = safe === text ? content : parse(safe).content;
      const edits = (value === undefined ? current?.remove(path) : current?.set(path, value)) ?? [];
      if (edits.length === 0) {
        return undefined;
      }
      safe = apply(safe, edits);
    }
  } catch (error) {
    // For example, an alias repeats the secret.
    if (error instanceof BootshiftError) {
      return undefined;
    }
    throw error;
  }
  return { text: safe, secrets: found.flatMap(({ secret }) => secret ?? []) };
}

/** Replaces secrets wherever they occur in a text. */
export function scrubbed(text: string, secrets: Iterable<string>): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET_LENGTH) {
      result = result.replaceAll(secret, "<REDACTED>");
    }
  }
  return result;
}

function collect(value: Value | undefined, path: Path, model: Group | undefined, found: Replacement[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      collect(item, [...path, String(index)], model, found);
    }
    return;
  }
  if (!isObject(value)) {
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key];
    const replacement = model === undefined ? inResponse(key, inner) : inRequest(model, at, inner);
    if (replacement === "keep") {
      collect(inner, at, model, found);
    } else {
      found.push({ path: at, value: replacement, secret: typeof inner === "string" ? inner : undefined });
    }
  }
}

function inRequest(model: Group, path: Path, value: Value): string | undefined {
  const member = memberAt(model, path);
  if (member === undefined || (member.kind !== "group" && typeof value === "object" && value !== null)) {
    return undefined;
  }
  const isSecret =
    member.kind !== "group" && member.secret && value !== null && referenceIn(value) === undefined;
  return isSecret ? member.example : "keep";
}

function inResponse(key: string, value: Value): string {
  const isSecret = typeof value === "string" && SECRET_NAME.test(key) && !/^<?REDACTED>?$/.test(value);
  return isSecret ? "<REDACTED>" : "keep";
}
