/**
 * The `bootshift` command for Node: the native command line, compiled to WebAssembly, with Node for its operating
 * system.
 */
import * as fs from "node:fs";
import process from "node:process";

import { initSync, run } from "../build/bootshift_cli/bootshift_cli.js";
import { writeAll } from "./descriptor.js";
import { NodeHost } from "./host.js";

/** The exit code of a native command that panicked. */
const PANICKED = 101;

/** Runs the command with the arguments after its name, and sets the process's exit code. */
export function main(argv: string[] = process.argv.slice(2)): void {
  initSync({ module: fs.readFileSync(new URL("./bootshift_cli.wasm", import.meta.url)) });
  try {
    process.exitCode = run(argv, new NodeHost());
  } catch (error) {
    // Of a panic the user has been told, and its text may hold a piece of a payload.
    if (!(error instanceof WebAssembly.RuntimeError)) {
      const kind = error instanceof Error ? error.name : typeof error;
      const text = `error: Bootshift has a defect and stopped (${kind}); please report this line, without your payload\n`;
      try {
        writeAll(2, Buffer.from(text));
      } catch {
        // If standard error is gone, there is nobody left to tell.
      }
    }
    process.exitCode = PANICKED;
  }
}
