import { type Bytes, isReady, loadFailure, start } from "./runtime.js";

export * from "./api.js";

/** The WebAssembly: its URL, its bytes, or the compiled module. */
export type WasmSource = string | URL | Bytes | WebAssembly.Module;

/** The load in progress, and its source. */
let loading: { source: WasmSource | undefined; done: Promise<void> } | undefined;

/**
 * Loads the WebAssembly once. Call it before any other function, except in Node.js, where the first call loads it.
 * Repeated calls wait for the same load. After a failure, the next call tries again.
 *
 * @param source - The WebAssembly. Defaults to the file next to this module.
 * @throws {@link BootshiftError} if the WebAssembly of this version cannot be loaded. Its `cause` is the reason.
 */
export async function init(source?: WasmSource): Promise<void> {
  // A failed load from another source does not matter: only wait for its end.
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
    // Some browsers do not allow synchronous compilation in the main thread.
    start(source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source));
  }
}

async function fetchModule(url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${String(response.status)} ${response.statusText} for ${response.url}`);
  }
  // `compileStreaming` requires `application/wasm`, which not every server sends.
  if (response.headers.get("Content-Type") === "application/wasm") {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
