// The tools from PyPI, in the environment that `requirements.txt` describes.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "./process.js";

/** The folder of the programs of the environment. */
export const bin =
  process.env.BOOTSHIFT_SCHEMA_TOOLS ?? fileURLToPath(new URL("../.venv/bin", import.meta.url));
if (!existsSync(join(bin, "python"))) {
  throw new Error(`${bin} has no Python: README.md says how to install the tools from PyPI`);
}

/** What a script of the folder `python` prints for a value, both as JSON. */
export async function python(script, input) {
  const path = fileURLToPath(new URL(`../python/${script}`, import.meta.url));
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const { code, stdout, stderr } = await run(join(bin, "python"), [path], {
    input: JSON.stringify(input),
    env,
  });
  if (code !== 0) {
    throw new Error(`${script} failed:\n${stderr}`);
  }
  return JSON.parse(stdout);
}
