/** The entry for browsers that contains the WebAssembly: no bundler or server has to find its file. */
import compressed from "embedded:bootshift";

import { loadOnce, type WasmSource } from "./load.js";

export * from "./api.js";

/** As in `browser.ts`, from the WebAssembly in this module. */
export function init(source?: WasmSource): Promise<void> {
  return loadOnce(source, () => {
    const bytes = Uint8Array.from(atob(compressed), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).arrayBuffer();
  });
}
