/**
 * The entry for edge functions, such as those of Next.js: code may not compile WebAssembly there, but an imported module is
 * already compiled.
 */
import module from "./bootshift.wasm?module";

import { useModule } from "./load.js";

export * from "./api.js";

/** As in `browser.ts`, but not required. */
export const init = useModule(module);
