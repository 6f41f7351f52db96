// The tools from PyPI, in the environment that `requirements.txt` describes.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the programs of the environment. */
export const bin =
  process.env.BOOTSHIFT_SCHEMA_TOOLS ?? fileURLToPath(new URL("../.venv/bin", import.meta.url));
if (!existsSync(join(bin, "python"))) {
  throw new Error(`${bin} has no Python: README.md says how to install the tools from PyPI`);
}

/** What a script of the folder `python` prints for a value, both as JSON. */
export function python(script, input) {
  const path = fileURLToPath(new URL(`../python/${script}`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = execFile(
      join(bin, "python"),
      [path],
      { maxBuffer: 2 ** 28, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } },
      (error, stdout) => (error === null ? resolve(JSON.parse(stdout)) : reject(error)),
    );
    child.stdin.end(JSON.stringify(input));
  });
}
