/** Links that contain a payload in the URL fragment, which browsers do not send to servers. */

import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";

import { isObject, type Language, type Value } from "../payload/text.js";

/** The content of a link. Values only: a text may contain secrets in unexpected places, such as comments. */
export interface Shared {
  language: Language;
  value: Value;
  old?: Value;
}

/** The maximum length of the packed data, in characters. No real payload needs more. */
const MAX_PACKED_LENGTH = 16_384;

/** The maximum size of the unpacked data, in bytes. Compressed data may expand a thousandfold. */
const MAX_UNPACKED_SIZE = 1 << 18;

/** Packs the content of a link. */
export function pack(shared: Shared): string {
  const bytes = deflateSync(strToU8(JSON.stringify({ version: 1, ...shared })), { level: 9 });
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Unpacks the content of a link. Returns `undefined` if the data is invalid. */
export function unpack(packed: string): Shared | "too large" | undefined {
  if (packed.length > MAX_PACKED_LENGTH) {
    return "too large";
  }
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    // `inflateSync` drops what does not fit, so one extra byte shows that the limit is exceeded.
    const unpacked = inflateSync(bytes, { out: new Uint8Array(MAX_UNPACKED_SIZE + 1) });
    if (unpacked.length > MAX_UNPACKED_SIZE) {
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
