/** Loads the WebAssembly outside Node.js. */
import { type Bytes, isModule, isReady, loadFailure, setLoader, start } from "./runtime.js";

/** The WebAssembly: its URL, its bytes, or the compiled module. */
export type WasmSource = string | URL | Bytes | WebAssembly.Module;

/** The load in progress, and its source. */
let loading: { source: WasmSource | undefined; done: Promise<void> } | undefined;

/** Loads the WebAssembly once, by default from where `fallback` finds it. After a failure, the next call tries again. */
export async function loadOnce(
  source: WasmSource | undefined,
  fallback: () => Promise<WebAssembly.Module | Bytes>,
): Promise<void> {
  // A failed load from another source does not matter: only wait for its end.
  while (loading !== undefined && loading.source !== source) {
    await loading.done.catch(() => undefined);
  }
  if (isReady()) {
    return;
  }
  loading ??= {
    source,
    done: load(source, fallback)
      .catch((error: unknown) => {
        throw loadFailure(error);
      })
      .finally(() => {
        loading = undefined;
      }),
  };
  await loading.done;
}

/** Starts a compiled module at the first call. Returns `init`, which is not required then. */
export function useModule(module: WebAssembly.Module): (source?: WasmSource) => Promise<void> {
  setLoader(() => {
    start(module);
  });
  return (source) => loadOnce(source, () => Promise.resolve(module));
}

async function load(
  source: WasmSource | undefined,
  fallback: () => Promise<WebAssembly.Module | Bytes>,
): Promise<void> {
  let found: WebAssembly.Module | Bytes;
  if (source === undefined) {
    found = await fallback();
  } else if (typeof source === "string" || source instanceof URL) {
    found = await fetchModule(source);
  } else {
    found = source;
  }
  // Some browsers do not allow synchronous compilation in the main thread.
  start(isModule(found) ? found : await WebAssembly.compile(found));
}

/** Fetches a file. A status that is not one of success is an error. */
export async function fetchFile(url: string | URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${String(response.status)} ${response.statusText} for ${response.url}`);
  }
  return response;
}

/** Fetches and compiles the WebAssembly. */
export async function fetchModule(url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetchFile(url);
  // `compileStreaming` requires `application/wasm`, which not every server sends.
  if (response.headers.get("Content-Type") === "application/wasm") {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
