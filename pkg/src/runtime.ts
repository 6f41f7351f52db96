import * as glue from "../build/bootshift/bootshift.js";
import type { Failure } from "../build/types.js";
import { BootshiftError } from "./error.js";

/** What WebAssembly can be made from without waiting. */
export type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

let ready = false;
let load: () => void = () => {
  throw new BootshiftError({
    message: "Bootshift is not loaded: call `await init()` once before anything else",
    diagnostics: [],
  });
};

/** Names how to load the WebAssembly at the first call, in an environment that can do so without waiting. */
export function setLoader(loader: () => void): void {
  load = loader;
}

/** Whether the WebAssembly is there. */
export function isReady(): boolean {
  return ready;
}

/** Starts the WebAssembly, once. */
export function start(source: WebAssembly.Module | Bytes): void {
  if (!ready) {
    const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
    glue.initSync({ module });
    ready = true;
  }
}

/** Calls the core, and turns what it throws into a {@link BootshiftError}. */
export function call<T>(run: (core: typeof glue) => T): T {
  if (!ready) {
    load();
  }
  try {
    return run(glue);
  } catch (thrown) {
    throw failure(thrown);
  }
}

function failure(thrown: unknown): BootshiftError {
  if (typeof thrown === "string") {
    return new BootshiftError(JSON.parse(thrown) as Failure);
  }
  // A defect, or no more memory. What it left behind is not to be relied on: the next call starts afresh.
  glue.__wbg_reset_state();
  const message = thrown instanceof Error ? thrown.message : "Bootshift stopped for an unknown reason";
  return new BootshiftError({ message, diagnostics: [] }, { cause: thrown });
}
