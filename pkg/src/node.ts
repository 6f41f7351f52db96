import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { type Bytes, isReady, loadFailure, setLoader, start } from "./runtime.js";

export * from "./api.js";

/** Where the WebAssembly comes from: its URL, its bytes, or the compiled module. */
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
 * Loads the WebAssembly, once. Not needed in Node, where the first call loads it; here so that the same code runs
 * everywhere. Where it fails, a further call tries again.
 *
 * @param source - Where the WebAssembly comes from; unless given, the file beside this module.
 * @throws {@link BootshiftError} if there is no WebAssembly of this version; its `cause` says why.
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
