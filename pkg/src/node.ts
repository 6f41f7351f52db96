// Modules of Node.js are not imported: bundlers translate an import in CommonJS to `require`, which ES modules do not have.
import { fetchFile, type WasmSource } from "./load.js";
import { type Bytes, isReady, loadFailure, setLoader, start } from "./runtime.js";

export * from "./api.js";

export type { WasmSource } from "./load.js";

/** The WebAssembly is part of a module, so that it survives bundlers. It is decoded at the first call. */
function embedded(): Bytes {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- `import` would load it before the first call
  return (require("./embedded.cjs") as () => Bytes)();
}

setLoader(() => {
  try {
    start(embedded());
  } catch (error) {
    throw loadFailure(error);
  }
});

/**
 * Loads the WebAssembly once. Not required in Node.js, where the first call loads it, but available so that the same
 * code runs in browsers. After a failure, the next call tries again.
 *
 * @param source - The WebAssembly. Defaults to the one that is part of the package. A relative URL is relative to the
 *   working directory.
 * @throws {@link BootshiftError} if the WebAssembly of this version cannot be loaded. Its `cause` is the reason.
 */
export async function init(source?: WasmSource): Promise<void> {
  if (isReady()) {
    return;
  }
  try {
    if (typeof source === "string" || source instanceof URL) {
      const { pathToFileURL } = process.getBuiltinModule("node:url");
      start(await bytes(new URL(source, pathToFileURL(`${process.cwd()}/`))));
    } else {
      start(source ?? embedded());
    }
  } catch (error) {
    throw loadFailure(error);
  }
}

async function bytes(url: URL): Promise<Bytes> {
  if (url.protocol === "file:") {
    return process.getBuiltinModule("node:fs/promises").readFile(url);
  }
  return (await fetchFile(url)).arrayBuffer();
}
