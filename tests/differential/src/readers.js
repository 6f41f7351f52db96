// Bootshift and its peers, as functions of a text.

import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import Ajv from "ajv";
import { isScalar, parseAllDocuments } from "yaml";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A process of `judge.rs`, which checks any number of texts. */
export class Bootshift {
  #child;
  #pending = [];
  #ended;

  constructor(program) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = new Promise((resolve, reject) => {
      const fail = (error) => {
        for (const { request, reject } of this.#pending.splice(0)) {
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
    // If the program ends early, the `close` event reports it.
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#pending.shift().resolve(JSON.parse(line));
    });
  }

  /** Checks `{ text, syntax, operation }`. The result has one entry per document. */
  check(request) {
    return new Promise((resolve, reject) => {
      this.#pending.push({ request, resolve, reject });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  async end() {
    this.#child.stdin.end();
    return this.#ended;
  }
}

/** Whether a text is a bare host, as described in the schema. Implemented independently of the Rust code. */
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

function isIdentifier(text) {
  return Buffer.byteLength(text) <= 127 && !/\p{Cc}/u.test(text);
}

const FORMATS = {
  "bare-host": isBareHost,
  "redshift-identifier": isIdentifier,
  "redshift-user": (text) => isIdentifier(text) && text.toLowerCase() !== "public" && text !== "rdsdb",
  "redshift-group": (text) => isIdentifier(text) && !text.startsWith("__"),
};

/** The path of a published schema. */
export function schemaFile(name) {
  return join(root, "schema", `${name}.schema.json`);
}

/** The definitions of the published schemas whose names differ from those of the files. */
const DEFINITIONS = { "integration-list": "integrationList", status: "integrationStatus" };

/** The validators of ajv for the published schemas, by name. */
export function ajvValidators(names) {
  const ajv = new Ajv({ strict: true, ownProperties: true });
  return new Map(
    names.map((name) => [name, ajv.compile(JSON.parse(readFileSync(schemaFile(name), "utf8")))]),
  );
}

/** The validators of ajv for the source of the schemas, which has our formats, by the name of the schema. */
export function sourceValidators(names) {
  // In the source, an id has two types, and a condition requires keys that are defined outside of it.
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
    ownProperties: true,
  });
  for (const [name, validate] of Object.entries(FORMATS)) {
    ajv.addFormat(name, validate);
  }
  const { definitions } = JSON.parse(readFileSync(join(root, "schema/definitions.json"), "utf8"));
  return new Map(
    names.map((name) => [
      name,
      ajv.compile({ $ref: `#/definitions/${DEFINITIONS[name] ?? name}`, definitions }),
    ]),
  );
}

/** The documents of a YAML stream, as parsed by `yaml`. */
export function yamlDocuments(text) {
  const documents = parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    merge: true,
    strict: true,
    uniqueKeys: true,
    logLevel: "error",
  });
  // For Bootshift, an empty text is one empty document. It ignores an empty document next to others.
  const written = documents.filter(({ contents, errors }) => errors.length > 0 || !isEmpty(contents));
  return written.length === 0 ? parseAllDocuments("---\n") : written;
}

/** Whether a document has no content, not even a written `null`. */
function isEmpty(contents) {
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === "");
}

/**
 * The verdicts of check-jsonschema on files `{ name, text }`. The extension of the name is the syntax. A verdict is
 * `true` for a valid text, `false` for an invalid one, and `null` if the text cannot be read.
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
    // It crashed: its YAML parser fails on some texts without an error message. Find them by bisection.
    if (files.length === 1) {
      return [null];
    }
    const half = Math.ceil(files.length / 2);
    const parts = [files.slice(0, half), files.slice(half)];
    const results = [];
    for (const part of parts) {
      results.push(...(await verdicts(program, schema, part, folder)));
    }
    return results;
  }
  const report = JSON.parse(output);
  const failed = new Map();
  for (const { filename } of report.errors) {
    failed.set(filename, false);
  }
  for (const { filename } of report.parse_errors) {
    failed.set(filename, null);
  }
  return names.map((name) => (failed.has(name) ? failed.get(name) : true));
}
