// The bodies that every validator has to judge as Bootshift does.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ruleDocuments } from "../../differential/mdtest.mjs";
import { PUBLISHED_CODES } from "../../differential/src/codes.js";
import { BODIES, SCHEMAS, payload } from "../../differential/src/payloads.js";
import { Random } from "../../differential/src/random.js";
import { toJson } from "../../differential/src/writer.js";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The names of the schemas of bodies and responses. */
export const BODY_SCHEMAS = Object.values(BODIES);

/** The number of generated bodies. */
const GENERATED = 400;
const SEED = 22;

/** The codes with which Bootshift replaces an error of the schema by a better explanation. */
const OWN_CODES = ["placeholder", "suspicious-character"];

/** `judge.rs`, which `cargo test` compiles. */
const judge =
  process.env.BOOTSHIFT_BIN === undefined
    ? join(root, "target/debug/examples/judge")
    : join(process.env.BOOTSHIFT_BIN, "../examples/judge");

/** A file of the repository. */
export function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/** A published schema. */
export function schema(name) {
  return JSON.parse(read(`schema/${name}.schema.json`));
}

/** The names of all published schemas. */
export const SCHEMA_NAMES = readdirSync(join(root, "schema"))
  .filter((name) => name.endsWith(".schema.json"))
  .map((name) => name.replace(".schema.json", ""));

/** The documents of the fixtures, of the examples, and next to the rules. */
function* written() {
  for (const folder of ["tests/fixtures/vendor", "tests/fixtures/readme", "examples"]) {
    const index = existsSync(join(root, folder, "index.json"))
      ? JSON.parse(read(`${folder}/index.json`))
      : [];
    for (const file of readdirSync(join(root, folder)).sort()) {
      if (/\.(json|ya?ml)$/.test(file) && file !== "index.json") {
        const { operation = null } = index.find((entry) => entry.file === file.replace(/\.\w+$/, "")) ?? {};
        yield { name: `${folder}/${file}`, text: read(`${folder}/${file}`), operation };
      }
    }
  }
  yield* ruleDocuments(root);
}

/** Generated bodies, valid ones and ones with a few changes. */
function* generated() {
  for (let index = 0; index < GENERATED; index += 1) {
    const random = new Random(SEED, index);
    const { operation, document } = payload(random);
    yield { name: `generated/${index}.json`, text: toJson(random, document), operation };
  }
}

/** The value that `judge.rs` writes as a tree. */
function value(tree) {
  if (!Array.isArray(tree)) {
    return tree;
  }
  const [kind, ...items] = tree;
  if (kind === "array") {
    return items.map(value);
  }
  if (kind === "object") {
    return Object.fromEntries(items.map(([key, item]) => [key, value(item)]));
  }
  throw new Error("a number that JSON does not have");
}

const strings = (body) =>
  typeof body === "string"
    ? [body]
    : body !== null && typeof body === "object"
      ? Object.values(body).flatMap(strings)
      : [];

/** Whether a value has a text that is too long for a name in Redshift. */
const isTooLong = (body) => strings(body).some((text) => [...text].length > 127);

/** The body of a document, with the verdict of the published schema, or `undefined` if it cannot be compared. */
function compared({ name }, { read: isRead, problems, tree, operation, errors, codes }) {
  if (
    !isRead ||
    problems.length > 0 || // Duplicate keys: a parser keeps one of them.
    operation === null ||
    (operation === "delete" && tree === null) || // The request may have no body.
    JSON.stringify(tree).includes('["number"]') || // Infinite numbers, which JSON does not have.
    codes.some((code) => OWN_CODES.includes(code))
  ) {
    return undefined;
  }
  const body = value(tree);
  const found = errors.filter((code) => PUBLISHED_CODES.includes(code));
  const tooLong = errors.includes("identifier-too-long") && isTooLong(body);
  if (tooLong) {
    found.push("identifier-too-long");
  }
  return { name, schema: SCHEMAS[operation], body, isValid: found.length === 0, errors: found, codes };
}

/** Every body once, as `{ name, schema, body, isValid, errors, codes }`: with the codes of its schema, and all codes. */
function bodies() {
  const documents = [...written(), ...generated()];
  const input = documents.map(({ text, operation, name }) =>
    JSON.stringify({ text, operation, syntax: extname(name) === ".json" ? "json" : "yaml" }),
  );
  const lines = execFileSync(judge, { input: `${input.join("\n")}\n`, encoding: "utf8", maxBuffer: 2 ** 28 });
  const found = new Map();
  lines
    .trimEnd()
    .split("\n")
    .forEach((line, at) => {
      for (const judged of JSON.parse(line)) {
        const body = compared(documents[at], judged);
        const key = body && JSON.stringify([body.schema, body.body]);
        if (body !== undefined && !found.has(key)) {
          found.set(key, body);
        }
      }
    });
  return [...found.values()];
}

export const CORPUS = bodies();

/**
 * The bodies to judge with a schema. The schema for generators gets those of the payload; it does not reject
 * placeholders such as `<REDACTED>`. A schema of a report only gets a body that it must reject.
 */
export function bodiesOf(name) {
  const found = CORPUS.filter((body) => body.schema === name.replace(".types", ""));
  if (found.length === 0) {
    return [
      { name: "empty", schema: name, body: {}, isValid: false, errors: ["missing-property"], codes: [] },
    ];
  }
  return name.endsWith(".types") ? found.filter(({ codes }) => !codes.includes("redacted-value")) : found;
}
