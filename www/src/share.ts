/** Links that carry a payload in the hash, which browsers do not send to servers. */

import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";

import { isObject, type Language, type Value } from "./document.js";

/** What a link carries. No text, but values: a text may hold secrets where nobody looks for them. */
export interface Shared {
  language: Language;
  value: Value;
  old?: Value;
}

/** More than this is no payload, in characters of the link. */
const LONGEST = 16_384;

/** More than this is none either, in bytes: a short link may hold a thousand times its length. */
const LARGEST = 1 << 18;

/** Packs for a link. */
export function pack(shared: Shared): string {
  const bytes = deflateSync(strToU8(JSON.stringify({ version: 1, ...shared })), { level: 9 });
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Unpacks what a link carries; nothing if it is none of ours. */
export function unpack(packed: string): Shared | "too large" | undefined {
  if (packed.length > LONGEST) {
    return "too large";
  }
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    // What does not fit is dropped: one byte more than may be tells.
    const unpacked = inflateSync(bytes, { out: new Uint8Array(LARGEST + 1) });
    if (unpacked.length > LARGEST) {
      return "too large";
    }
    const shared: unknown = JSON.parse(strFromU8(unpacked));
    if (!isObject(shared) || shared.version !== 1 || !isObject(shared.value)) {
      return undefined;
    }
    const { value, old } = shared;
    return {
      language: shared.language === "json" ? "json" : "yaml",
      value,
      ...(isObject(old) ? { old } : {}),
    };
  } catch {
    return undefined;
  }
}
