/**
 * The `bootshift` command for Node.js: the native command line compiled to WebAssembly. Node.js provides the operating
 * system.
 */
import * as fs from "node:fs";
import process from "node:process";

import { initSync, run } from "../build/bootshift_cli/bootshift_cli.js";
import { writeAll } from "./descriptor.js";
import { NodeHost } from "./host.js";

/** The exit code of a native command that panicked. */
const PANIC_EXIT_CODE = 101;

/** Runs the command with the arguments after its name, and sets the exit code of the process. */
export function main(argv: string[] = process.argv.slice(2)): void {
  initSync({ module: fs.readFileSync(new URL("./bootshift_cli.wasm", import.meta.url)) });
  try {
    process.exitCode = run(argv, new NodeHost());
  } catch (error) {
    // A panic is already reported, and the error message may contain a part of a payload.
    if (!(error instanceof WebAssembly.RuntimeError)) {
      const kind = error instanceof Error ? error.name : typeof error;
      const text = `error: internal error in Bootshift (${kind}); this is a bug, please report it (do not include your payload)\n`;
      try {
        writeAll(2, Buffer.from(text));
      } catch {
        // Standard error is closed: the error cannot be reported.
      }
    }
    process.exitCode = PANIC_EXIT_CODE;
  }
}
