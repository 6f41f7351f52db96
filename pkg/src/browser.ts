import { type Bytes, isReady, start } from "./runtime.js";

export * from "./api.js";

/** Where the WebAssembly comes from: its URL, its bytes, or the compiled module. */
export type WasmSource = string | URL | Bytes | WebAssembly.Module;

let loading: Promise<void> | undefined;

/**
 * Loads the WebAssembly, once: every further call waits for the same. Nothing else works before it is done, but in
 * Node, where the first call loads by itself.
 *
 * @param source - Where the WebAssembly comes from; unless given, the file beside this module.
 */
export async function init(source?: WasmSource): Promise<void> {
  loading ??= load(source).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
}

async function load(source: WasmSource = new URL("./bootshift.wasm", import.meta.url)): Promise<void> {
  if (isReady()) {
    return;
  }
  if (typeof source === "string" || source instanceof URL) {
    start(await fetchModule(source));
  } else {
    // The main thread of a browser may refuse to compile without waiting.
    start(source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source));
  }
}

async function fetchModule(url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(
      `cannot load Bootshift: ${String(response.status)} ${response.statusText} for ${response.url}`,
    );
  }
  // A server that does not know `application/wasm` is no reason to fail.
  if (response.headers.get("Content-Type") === "application/wasm") {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
