import { type Bytes, isReady, loadFailure, start } from "./runtime.js";

export * from "./api.js";

/** Where the WebAssembly comes from: its URL, its bytes, or the compiled module. */
export type WasmSource = string | URL | Bytes | WebAssembly.Module;

/** What is being loaded, and from where. */
let loading: { source: WasmSource | undefined; done: Promise<void> } | undefined;

/**
 * Loads the WebAssembly, once: every further call waits for the same. Nothing else works before it is done, but in
 * Node, where the first call loads by itself. Where it fails, a further call tries again.
 *
 * @param source - Where the WebAssembly comes from; unless given, the file beside this module.
 * @throws {@link BootshiftError} if there is no WebAssembly of this version; its `cause` says why.
 */
export async function init(source?: WasmSource): Promise<void> {
  // That one source is no good says nothing of another.
  while (loading !== undefined && loading.source !== source) {
    await loading.done.catch(() => undefined);
  }
  if (isReady()) {
    return;
  }
  loading ??= {
    source,
    done: load(source)
      .catch((error: unknown) => {
        throw loadFailure(error);
      })
      .finally(() => {
        loading = undefined;
      }),
  };
  await loading.done;
}

async function load(source: WasmSource = new URL("./bootshift.wasm", import.meta.url)): Promise<void> {
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
    throw new Error(`${String(response.status)} ${response.statusText} for ${response.url}`);
  }
  // A server that does not know `application/wasm` is no reason to fail.
  if (response.headers.get("Content-Type") === "application/wasm") {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
