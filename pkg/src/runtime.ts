import {
  __wbg_reset_state as restart,
  checkFiles,
  Document,
  initSync,
  request,
} from "../build/bootshift/bootshift.js";
import type { Failure } from "../build/types.js";
import { version } from "../build/version.js";
import { BootshiftError } from "./error.js";

/** What WebAssembly can be made from without waiting. */
export type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** The functions of the core, by name: the glue as a whole holds another way to load, which nobody calls. */
const core = { checkFiles, Document, request };

/** A document of the core's. */
export type CoreDocument = Document;

/** The custom section of the WebAssembly that names the version; `cargo xtask npm` writes it. */
const MARK = "bootshift";

/** The longest text that is written where the one before it was, in code units. */
const SHORT = 1 << 14;

const encoder = new TextEncoder();
/** Room for a text of {@link SHORT} code units. */
const buffer = new Uint8Array(3 * SHORT);

let ready = false;
/** How often the WebAssembly was started afresh. */
let restarts = 0;
/** Whether a call was cut short, and nothing was started in its place. */
let stopped = false;
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

/** Which start of the WebAssembly this is: a document of another one is gone with its memory. */
export function generation(): number {
  return restarts;
}

/** Starts the WebAssembly, once. What is not of this package is refused before the glue takes it: it keeps what it has. */
export function start(source: WebAssembly.Module | Bytes): void {
  if (ready) {
    return;
  }
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  const [mark] = WebAssembly.Module.customSections(module, MARK);
  const found = mark === undefined ? undefined : new TextDecoder().decode(mark);
  if (found !== version) {
    const what = found === undefined ? "another program" : `Bootshift ${found}`;
    throw new Error(`the WebAssembly is that of ${what}, not of Bootshift ${version}`);
  }
  initSync({ module });
  ready = true;
}

/** Why the WebAssembly could not be loaded. */
export function loadFailure(thrown: unknown): BootshiftError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new BootshiftError(
    { message: `cannot load Bootshift: ${reason}`, diagnostics: [] },
    { cause: thrown },
  );
}

/** A text in UTF-8; what the call before gave does not last. */
export function utf8(text: string): Uint8Array {
  return text.length > SHORT
    ? encoder.encode(text)
    : buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}

/** Calls the core, and turns what it throws into a {@link BootshiftError}. */
export function call<T>(run: (functions: typeof core) => T): T {
  if (!ready) {
    load();
  }
  try {
    if (stopped) {
      restart();
      stopped = false;
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
  // A defect, or no more memory. What it left behind is not to be relied on: the next call starts afresh.
  restarts += 1;
  try {
    restart();
    stopped = false;
  } catch {
    // There is no memory for it now.
    stopped = true;
  }
  const message = thrown instanceof Error ? thrown.message : "Bootshift stopped for an unknown reason";
  return new BootshiftError({ message, diagnostics: [] }, { cause: thrown });
}
