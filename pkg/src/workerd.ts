/**
 * The entry for Cloudflare Workers: code may not compile WebAssembly there, but an imported module is already compiled.
 */
import module from "./bootshift.wasm";

import { useModule } from "./load.js";

export * from "./api.js";

/** As in `browser.ts`, but not required. */
export const init = useModule(module);
