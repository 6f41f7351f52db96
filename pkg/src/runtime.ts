import {
  __wbg_reset_state as resetState,
  checkFiles,
  Document,
  initSync,
  request,
} from "../build/bootshift/bootshift.js";
import type { Failure } from "../build/types.js";
import { version } from "../build/version.js";
import { BootshiftError } from "./error.js";

/** The bytes of a WebAssembly module. */
export type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** The functions of the core. Importing them by name drops the unused loader of the bindings. */
const core = { checkFiles, Document, request };

/** A document of the core. */
export type CoreDocument = Document;

/** The custom section of the WebAssembly that contains the version. Written by `cargo xtask npm`. */
const VERSION_SECTION = "bootshift";

/** The maximum length of a text that is encoded into the shared buffer, in code units. */
const MAX_BUFFERED_LENGTH = 1 << 14;

/** Created at the first use: an environment for tests may add the class after this module is loaded. */
let encoder: TextEncoder | undefined;
/** A buffer for a text of {@link MAX_BUFFERED_LENGTH} code units. */
const buffer = new Uint8Array(3 * MAX_BUFFERED_LENGTH);

let ready = false;
/** The number of restarts of the WebAssembly. */
let restarts = 0;
/** Whether a restart failed and must be repeated. */
let needsRestart = false;
let load: () => void = () => {
  throw new BootshiftError({
    message: "Bootshift is not loaded: call `await init()` once before anything else",
    diagnostics: [],
  });
};

/** Sets a function that loads the WebAssembly synchronously at the first call. */
export function setLoader(loader: () => void): void {
  load = loader;
}

/** Whether the WebAssembly is loaded. */
export function isReady(): boolean {
  return ready;
}

/** The number of the current start of the WebAssembly. A restart discards the documents of previous ones. */
export function generation(): number {
  return restarts;
}

/** Whether this is a compiled module, perhaps of another realm: that of Next.js's edge functions is. */
export function isModule(source: WebAssembly.Module | Bytes): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

/** Starts the WebAssembly once. Checks the version first, because the bindings cannot replace a module. */
export function start(source: WebAssembly.Module | Bytes): void {
  if (ready) {
    return;
  }
  const module = isModule(source) ? source : new WebAssembly.Module(source);
  const [section] = WebAssembly.Module.customSections(module, VERSION_SECTION);
  const found = section === undefined ? undefined : new TextDecoder().decode(section);
  if (found !== version) {
    const actual = found === undefined ? "another program" : `Bootshift ${found}`;
    throw new Error(`wrong WebAssembly module: expected Bootshift ${version}, found ${actual}`);
  }
  initSync({ module });
  ready = true;
}

/** The error of a failed load. */
export function loadFailure(thrown: unknown): BootshiftError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new BootshiftError(
    { message: `cannot load Bootshift: ${reason}`, diagnostics: [] },
    { cause: thrown },
  );
}

/** Encodes a text as UTF-8. The result is valid until the next call. */
export function utf8(text: string): Uint8Array {
  encoder ??= new TextEncoder();
  return text.length > MAX_BUFFERED_LENGTH
    ? encoder.encode(text)
    : buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}

/** Calls the core, and converts its errors to {@link BootshiftError}. */
export function call<T>(run: (functions: typeof core) => T): T {
  if (!ready) {
    load();
  }
  try {
    if (needsRestart) {
      resetState();
      needsRestart = false;
    }
    return run(core);
  } catch (thrown) {
    throw failure(thrown);
  }
}

function failure(thrown: unknown): BootshiftError {
  if (typeof thrown === "string") {
    return new BootshiftError(JSON.parse(thrown) as Failure);
  }
  // A bug, or out of memory. The state of the WebAssembly is unreliable, so restart it.
  restarts += 1;
  try {
    resetState();
    needsRestart = false;
  } catch {
    // Out of memory: try again at the next call.
    needsRestart = true;
  }
  const message = thrown instanceof Error ? thrown.message : "internal error in Bootshift: unknown reason";
  return new BootshiftError({ message, diagnostics: [] }, { cause: thrown });
}
