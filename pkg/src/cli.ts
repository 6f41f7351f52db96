/**
 * The `bootshift` command for Node.js: the native command line compiled to WebAssembly. Node.js provides the operating
 * system.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import process from "node:process";
import { brotliDecompressSync } from "node:zlib";

import { initSync, run } from "../build/bootshift_cli/bootshift_cli.js";
import { writeAll } from "./descriptor.js";
import { codeOf } from "./failure.js";
import { NodeHost } from "./host.js";

/** The exit code of a native command that panicked. */
const PANIC_EXIT_CODE = 101;

/** Runs the command with the arguments after its name, and sets the exit code of the process. */
export function main(argv: string[] = process.argv.slice(2)): void {
  try {
    load();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    printError(`cannot load the WebAssembly of Bootshift: ${reason}`);
    process.exitCode = PANIC_EXIT_CODE;
    return;
  }
  try {
    process.exitCode = run(argv, new NodeHost());
  } catch (error) {
    // A panic is already reported, and the error message may contain a part of a payload.
    if (!(error instanceof WebAssembly.RuntimeError)) {
      const kind = error instanceof Error ? error.name : typeof error;
      printError(
        `internal error in Bootshift (${kind}); this is a bug, please report it (do not include your payload)`,
      );
    }
    process.exitCode = PANIC_EXIT_CODE;
  }
}

/** Starts the WebAssembly, which is compressed because every installation contains it. */
function load(): void {
  const file = path.join(__dirname, "bootshift_cli.wasm.br");
  let compressed;
  try {
    compressed = fs.readFileSync(file);
  } catch (error) {
    const code = codeOf(error);
    const isMissing = code === "ENOENT";
    const remedy = isMissing ? "install the package again" : "allow reading the folder of the package";
    throw new Error(`cannot read ${file} (${code ?? "unknown reason"}); ${remedy}`, { cause: error });
  }
  initSync({ module: new WebAssembly.Module(brotliDecompressSync(compressed)) });
}

/** Prints an error, unless standard error is closed. */
function printError(message: string): void {
  try {
    writeAll(2, Buffer.from(`error: ${message}\n`));
  } catch {
    // Standard error is closed: the error cannot be reported.
  }
}
