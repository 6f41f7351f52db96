import { fetchModule, loadOnce, type WasmSource } from "./load.js";

export * from "./api.js";
export type { WasmSource } from "./load.js";

/**
 * Loads the WebAssembly once. Call it before any other function, except in Node.js, where the first call loads it.
 * Repeated calls wait for the same load. After a failure, the next call tries again.
 *
 * @param source - The WebAssembly. Defaults to the file next to this module, or to the one that is part of it.
 * @throws {@link BootshiftError} if the WebAssembly of this version cannot be loaded. Its `cause` is the reason.
 */
export function init(source?: WasmSource): Promise<void> {
  return loadOnce(source, async () => {
    try {
      return await fetchModule(new URL("./bootshift.wasm", import.meta.url));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `${reason}; pass the URL of \`bootshift/wasm\` to \`init\`, or use \`bootshift/inline\``,
        {
          cause,
        },
      );
    }
  });
}
