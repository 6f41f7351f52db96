// The validators. Each gets a list of `{ schema, bodies }`. For each schema, it returns the verdicts on the bodies, or the
// message with which it does not take the schema.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Validator } from "@cfworker/json-schema";
import { validator as schemasafe } from "@exodus/schemasafe";
import { registerSchema, validate as hyperjump } from "@hyperjump/json-schema/draft-07";
import Ajv from "ajv";
import addFormats from "ajv-formats";

import { run } from "./process.js";
import { bin, python } from "./python.js";

/** Runs the work in a folder that is removed. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "bootshift-schema-tools-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A validator whose function compiles a schema and returns one that judges a body. */
function compiling(compile) {
  return (requests) =>
    Promise.all(
      requests.map(async ({ schema, bodies }) => {
        try {
          const isValid = await compile(schema);
          return bodies.map((body) => isValid(body));
        } catch (error) {
          return error.message;
        }
      }),
    );
}

/** Ajv. What it warns of is an error. */
export function ajv(options, addTo = (instance) => instance) {
  const fail = (text) => {
    throw new Error(text);
  };
  return compiling((schema) =>
    addTo(new Ajv({ ...options, logger: { log: fail, warn: fail, error: fail } })).compile(schema),
  );
}

/** A program that gets the schema and the bodies as files. The function finds the verdicts in its output. */
function withFiles(program, args, verdicts) {
  return (requests) =>
    Promise.all(
      requests.map(({ schema, bodies }) =>
        inFolder(async (folder) => {
          const names = bodies.map((_, at) => `bodies/${String(at).padStart(4, "0")}.json`);
          mkdirSync(join(folder, "bodies"));
          writeFileSync(join(folder, "schema.json"), JSON.stringify(schema));
          names.forEach((name, at) => writeFileSync(join(folder, name), JSON.stringify(bodies[at])));
          return verdicts(await run(program, args(names), { cwd: folder }), names);
        }),
      ),
    );
}

/** The program of Sourcemeta. */
export const SOURCEMETA = fileURLToPath(new URL("../node_modules/.bin/jsonschema", import.meta.url));

const checkJsonschema = (...options) =>
  withFiles(
    join(bin, "check-jsonschema"),
    (names) => ["--schemafile", "schema.json", "--output-format", "json", ...options, ...names],
    ({ stdout, stderr }, names) => {
      if (!stdout.startsWith("{")) {
        return stderr || stdout;
      }
      const { errors, parse_errors: unread = [] } = JSON.parse(stdout);
      const rejected = new Set([...errors, ...unread].map(({ filename }) => filename));
      return names.map((name) => !rejected.has(name));
    },
  );

const fromPyPI = (name) => (requests) => python("verdicts.py", { tool: name, requests });

/** The number of schemas that are registered with hyperjump, each under a name of its own. */
let hyperjumpSchemas = 0;

const SOURCEMETA_LINE = /^(ok|fail): .*?(bodies\/\d+\.json)$/gm;

/** Every validator, by its name. */
export const VALIDATORS = {
  "Ajv, default": ajv({}),
  "Ajv, default, with ajv-formats": ajv({}, addFormats),
  "Ajv, strict": ajv({ strict: true }),
  "Ajv, strict, with ajv-formats": ajv({ strict: true }, addFormats),
  "@exodus/schemasafe": compiling((schema) => schemasafe(schema)),
  "@cfworker/json-schema": compiling((schema) => {
    const validator = new Validator(schema, "7");
    return (body) => validator.validate(body).valid;
  }),
  "@hyperjump/json-schema": compiling(async (schema) => {
    const uri = `https://example.com/${(hyperjumpSchemas += 1)}`;
    registerSchema(schema, uri);
    const validate = await hyperjump(uri);
    return (body) => validate(body).valid;
  }),
  "@sourcemeta/jsonschema": withFiles(
    SOURCEMETA,
    () => ["validate", "schema.json", "bodies", "--continue", "--verbose"],
    ({ stdout, stderr }, names) => {
      const lines = [...(stdout + stderr).matchAll(SOURCEMETA_LINE)];
      const found = new Map(lines.map(([, verdict, name]) => [name, verdict === "ok"]));
      return names.every((name) => found.has(name)) ? names.map((name) => found.get(name)) : stderr;
    },
  ),
  jsonschema: fromPyPI("jsonschema"),
  fastjsonschema: fromPyPI("fastjsonschema"),
  "jsonschema-rs": fromPyPI("jsonschema-rs"),
  "check-jsonschema": checkJsonschema(),
  "check-jsonschema --fill-defaults": checkJsonschema("--fill-defaults"),
};
