// Other programs.

import { execFile } from "node:child_process";

/** Runs a program, with an input. A code other than 0 is not an error. */
export function run(program, args, { input = "", ...options }) {
  return new Promise((resolve) => {
    const child = execFile(program, args, { maxBuffer: 2 ** 28, ...options }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
    child.stdin.end(input);
  });
}
