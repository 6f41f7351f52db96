// Bootshift and its peers, each as a function of texts.

import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import { isScalar, parseAllDocuments } from "yaml";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** `judge.rs`, for as many texts as there are. */
export class Bootshift {
  #child;
  #waiting = [];
  #ended;

  constructor(program) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = new Promise((resolve, reject) => {
      const fail = (error) => {
        for (const { request, reject } of this.#waiting.splice(0)) {
          reject(new Error(`${program} ended at ${JSON.stringify(request.text)}`, { cause: error }));
        }
      };
      this.#child.once("error", (error) => {
        fail(error);
        reject(error);
      });
      this.#child.once("close", (code) => {
        fail(code);
        resolve(code);
      });
    });
    // A program that ends early says so by its end.
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#waiting.shift().resolve(JSON.parse(line));
    });
  }

  /** What it says to `{ text, syntax, operation }`: an entry a document. */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  async end() {
    this.#child.stdin.end();
    return this.#ended;
  }
}

/** Whether a text is a bare host: the rule of the schema's description, in other words than the Rust has. */
function isBareHost(text) {
  const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;
  const name = text.replace(/\.$/, "");
  const labels = name.split(".");
  return (
    text === "" ||
    isIPv4(text) ||
    (isIPv6(text) && !text.includes("%")) ||
    (name.length <= 253 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1)))
  );
}

function isName(text) {
  return Buffer.byteLength(text) <= 127 && !/\p{Cc}/u.test(text);
}

const FORMATS = {
  "bare-host": isBareHost,
  "redshift-identifier": isName,
  "redshift-user": (text) => isName(text) && text.toLowerCase() !== "public" && text !== "rdsdb",
  "redshift-group": (text) => isName(text) && !text.startsWith("__"),
};

/** The published schema `name`. */
export function schemaFile(name) {
  return join(root, "schema", `${name}.schema.json`);
}

/** Whether ajv takes a value, by the name of a schema; without formats, what a validator says that knows none of ours. */
export function ajvValidators(names, withFormats) {
  // An identifier may be a string or a number: strict mode takes a union only where one allows it.
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, ownProperties: true });
  addFormats(ajv);
  for (const [name, validate] of Object.entries(FORMATS)) {
    ajv.addFormat(name, withFormats ? validate : true);
  }
  return new Map(
    names.map((name) => [name, ajv.compile(JSON.parse(readFileSync(schemaFile(name), "utf8")))]),
  );
}

/** The documents of a YAML stream, as `yaml` reads them. */
export function yamlDocuments(text) {
  const documents = parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    merge: true,
    strict: true,
    uniqueKeys: true,
    logLevel: "error",
  });
  // Nothing at all is an empty document to Bootshift, which passes over one beside another.
  const written = documents.filter(({ contents, errors }) => errors.length > 0 || !isNothing(contents));
  return written.length === 0 ? parseAllDocuments("---\n") : written;
}

/** Whether nothing stands for a value. */
function isNothing(contents) {
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === "");
}

/**
 * What check-jsonschema says to `{ name, text }`, where the name ends with that of the syntax: `true` if it takes the
 * text, `false` if not, `null` if it cannot read it.
 */
export async function checkJsonschema(program, schema, files, folder) {
  mkdirSync(folder);
  try {
    for (const { name, text } of files) {
      writeFileSync(join(folder, name), text);
    }
    return await verdicts(program, schema, files, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function verdicts(program, schema, files, folder) {
  if (files.length === 0) {
    return [];
  }
  const names = files.map(({ name }) => name);
  const args = ["--output-format", "json", "--schemafile", schemaFile(schema), "--", ...names];
  const output = await new Promise((resolve) => {
    execFile(program, args, { cwd: folder, maxBuffer: 2 ** 30 }, (_, stdout) => resolve(stdout));
  });
  if (!output.startsWith("{")) {
    // It ends at the first text that its reader of YAML fails at without a word for it.
    if (files.length === 1) {
      return [null];
    }
    const half = Math.ceil(files.length / 2);
    const parts = [files.slice(0, half), files.slice(half)];
    const judged = [];
    for (const part of parts) {
      judged.push(...(await verdicts(program, schema, part, folder)));
    }
    return judged;
  }
  const report = JSON.parse(output);
  const refused = new Map();
  for (const { filename } of report.errors) {
    refused.set(filename, false);
  }
  for (const { filename } of report.parse_errors) {
    refused.set(filename, null);
  }
  return names.map((name) => (refused.has(name) ? refused.get(name) : true));
}
