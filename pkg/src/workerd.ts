/**
 * The entry for Cloudflare Workers: code may not compile WebAssembly there, but an imported module is already compiled.
 */
import module from "./bootshift.wasm";

import { loadOnce, type WasmSource } from "./load.js";
import { setLoader, start } from "./runtime.js";

export * from "./api.js";

setLoader(() => {
  start(module);
});

/** As in `browser.ts`, but not required. */
export function init(source?: WasmSource): Promise<void> {
  return loadOnce(source, () => Promise.resolve(module));
}
