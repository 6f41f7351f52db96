import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { type Bytes, isReady, loadFailure, setLoader, start } from "./runtime.js";

export * from "./api.js";

/** The WebAssembly: its URL, its bytes, or the compiled module. */
export type WasmSource = string | URL | Bytes | WebAssembly.Module;

const file = new URL("./bootshift_node.wasm", import.meta.url);

setLoader(() => {
  try {
    start(readFileSync(file));
  } catch (error) {
    throw loadFailure(error);
  }
});

/**
 * Loads the WebAssembly once. Not required in Node.js, where the first call loads it, but available so that the same
 * code runs in browsers. After a failure, the next call tries again.
 *
 * @param source - The WebAssembly. Defaults to the file next to this module.
 * @throws {@link BootshiftError} if the WebAssembly of this version cannot be loaded. Its `cause` is the reason.
 */
export async function init(source?: WasmSource): Promise<void> {
  if (isReady()) {
    return;
  }
  try {
    if (typeof source === "string" || source instanceof URL) {
      start(await bytes(new URL(source, import.meta.url)));
    } else {
      start(source ?? (await readFile(file)));
    }
  } catch (error) {
    throw loadFailure(error);
  }
}

async function bytes(url: URL): Promise<Bytes> {
  if (url.protocol === "file:") {
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${String(response.status)} ${response.statusText} for ${response.url}`);
  }
  return response.arrayBuffer();
}
