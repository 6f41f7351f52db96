// The chapter of the book about these tools: its files and commands.

import { copyFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { read, root } from "./corpus.js";
import { bin } from "./python.js";
import { run } from "./process.js";

const NODE_MODULES = fileURLToPath(new URL("../node_modules", import.meta.url));
const BLOCK =
  /^(?:<!-- (?<directive>[\w ]+): (?<value>[^\n]*) -->\n)?```(?<language>\w+)\n(?<body>.*?)^```$/gms;

/** The blocks of the chapter, as `{ language, directive, value, body }`. */
export const BLOCKS = [...read("book/src/tools.md").matchAll(BLOCK)].map(({ groups }) => groups);

/** The commands of the chapter, as one text each. */
export const COMMANDS = BLOCKS.filter(({ value }) => value?.startsWith("tests/schema-tools runs")).flatMap(
  ({ body }) => body.replaceAll("\\\n", "").trim().split("\n"),
);

/** Writes the files of the chapter into a folder, with the schemas and a payload. */
export function writeFiles(folder) {
  for (const name of ["payload.schema.json", "payload.types.schema.json"]) {
    copyFileSync(join(root, "schema", name), join(folder, name));
  }
  for (const syntax of ["json", "yaml"]) {
    copyFileSync(join(root, `examples/manual-user-password.${syntax}`), join(folder, `payload.${syntax}`));
  }
  for (const { directive, value, body } of BLOCKS) {
    if (directive === "file") {
      writeFileSync(join(folder, value), body);
    }
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  symlinkSync(NODE_MODULES, join(folder, "node_modules"));
}

/** Runs a command of the chapter. */
export function runCommand(folder, command) {
  const path = [bin, process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, PYTHONDONTWRITEBYTECODE: "1" };
  return run("sh", ["-c", command], { cwd: folder, env });
}
