// Tests the published schemas in an editor.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { after, before, test } from "node:test";

import { readYaml } from "../src/compare.js";
import { editorDifference } from "../src/differences.js";
import { LanguageServer } from "../src/language-server.js";
import { BODIES, SCHEMAS } from "../src/payloads.js";
import { Bootshift, ajvValidators, root, schemaFile } from "../src/readers.js";
import { ruleDocuments } from "../mdtest.mjs";
import { judge } from "./support.js";

const BOOLEANS = ["true", "false"];

let server;
before(async () => (server = await LanguageServer.start(Object.values(BODIES))));
after(() => server.end());

/** The documents of the rules, fixtures and examples, with the operation in their expectation. */
function fixtures() {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const files = ["tests/fixtures", "tests/raw", "examples"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(json|ya?ml)$/.test(entry.name) && entry.name !== "index.json")
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const expectation = path.replace(/\.\w+$/, ".expect");
      const expected = existsSync(expectation) ? readFileSync(expectation, "utf8") : "";
      try {
        const text = decoder.decode(readFileSync(path));
        return [{ path, text, operation: /^operation: (.*)$/m.exec(expected)?.[1] ?? null }];
      } catch {
        return []; // An editor opens only UTF-8.
      }
    });
  const ofRules = ruleDocuments(root).map(({ name, ...document }) => ({
    path: join(root, name),
    ...document,
  }));
  return [...ofRules, ...files];
}

/** Whether all documents of a readable text match the schema. */
function isValidWithoutFormats(validate, path, text) {
  if (extname(path) === ".json") {
    return validate(JSON.parse(text));
  }
  return readYaml(text, false).every(({ value }) => validate(value));
}

test("an editor reports errors for exactly the documents that the schema rejects", async () => {
  const bootshift = new Bootshift(judge);
  const validators = ajvValidators(Object.values(BODIES));
  const known = new Map();
  const differences = [];
  let same = 0;
  const compare = async ({ path, text, operation }, index) => {
    const syntax = extname(path) === ".json" ? "json" : "yaml";
    const ours = await bootshift.check({ text, syntax, operation });
    const [schema, ...others] = new Set(ours.map((document) => SCHEMAS[document.operation]));
    if (schema === undefined || others.length > 0) {
      return; // No single schema applies.
    }
    const errors = await server.errors(`${schema}/${index}.yaml`, text);
    const isValid = () => isValidWithoutFormats(validators.get(schema), path, text);
    const difference = editorDifference({
      documents: ours,
      text,
      syntax,
      errors,
      isValidWithoutFormats: isValid,
    });
    if (difference === undefined) {
      same += 1;
    } else if (difference.name !== undefined) {
      known.set(difference.name, (known.get(difference.name) ?? 0) + 1);
    } else {
      differences.push({ path: relative(root, path), ...difference });
    }
  };
  try {
    await Promise.all(fixtures().map(compare));
  } finally {
    await bootshift.end();
  }
  assert.deepEqual(differences, []);
  assert.ok(same > 300, JSON.stringify([same, ...known]));
});

/** A schema, or the target of its reference. */
function resolve(schema, all) {
  return schema.$ref === undefined ? schema : all.definitions[schema.$ref.split("/").at(-1)];
}

/** The objects that a schema describes, with their properties and the YAML lines before their keys. */
function* objects(schema, all, lines = [], indent = "", isItem = false) {
  const resolved = resolve(schema, all);
  if (resolved.type === "array" && resolved.items !== undefined) {
    yield* objects(resolved.items, all, lines, indent, true);
  } else if (resolved.type === "object") {
    const inner = isItem ? `${indent}  ` : indent;
    const first = isItem ? `${indent}- ` : indent;
    // Conditional properties require that the condition is met.
    const condition = Object.entries(resolved.if?.properties ?? {}).map(
      ([key, { const: value }]) => `${key}: ${value}`,
    );
    const conditional = (resolved.then && resolve(resolved.then, all).properties) ?? {};
    const properties = { ...resolved.properties, ...conditional };
    yield {
      lines,
      first,
      inner,
      condition: Object.keys(conditional).length > 0 ? condition : [],
      conditional: Object.keys(conditional),
      properties,
      all,
    };
    for (const [key, property] of Object.entries(properties)) {
      const before = key in conditional ? condition : [];
      const head = [...before, `${key}:`].map((line, at) => (at === 0 ? first : inner) + line);
      yield* objects(property, all, [...lines, ...head], `${inner}  `);
    }
  }
}

/** Every object of every schema. */
const everything = Object.values(BODIES).flatMap((name) => {
  const schema = JSON.parse(readFileSync(schemaFile(name), "utf8"));
  return [...objects(schema, schema)].map((object) => ({ name, ...object }));
});
const properties = everything.flatMap((object) =>
  Object.entries(object.properties).map(([key, property]) => ({
    ...object,
    ...resolve(property, object.all),
    key,
    // The lines of the condition already contain the discriminator.
    isConditional:
      object.conditional.includes(key) && !object.condition.some((line) => line.startsWith(`${key}:`)),
  })),
);
let number = 0;

/** Runs the work on all items at once, because the server delays each validation. */
async function forEach(items, work) {
  await Promise.all(items.map(work));
}

/** Opens a document with the cursor at the end of its last line. */
async function open({ name, lines, first, inner }, condition, last) {
  const path = `${name}/object-${(number += 1)}.yaml`;
  const head = condition.map((line, at) => (at === 0 ? first : inner) + line);
  const all = [...lines, ...head, (head.length === 0 ? first : inner) + last];
  await server.errors(path, all.join("\n"));
  return { path, position: { line: all.length - 1, character: all.at(-1).length } };
}

test("an editor completes the keys of every object", async () => {
  await forEach(everything, async (object) => {
    const { path, position } = await open(object, object.condition, "");
    const offered = await server.completions(path, position);
    const existing = object.condition.map((line) => line.split(":")[0]);
    const missing = Object.keys(object.properties).filter(
      (key) => !offered.includes(key) && !existing.includes(key),
    );
    assert.deepEqual(missing, [], `${object.name}: ${object.lines.join(" ")}`);
  });
});

test("an editor shows the description of every property", async () => {
  assert.ok(properties.length > 70, String(properties.length));
  await forEach(properties, async (property) => {
    const { path, position } = await open(
      property,
      property.isConditional ? property.condition : [],
      `${property.key}: `,
    );
    const text = await server.hover(path, { ...position, character: position.character - 3 });
    const location = `${property.name}: ${property.lines.join(" ")} ${property.key}`;
    assert.ok(text.replaceAll("\\", "").includes(property.description), `${location}: ${text}`);
  });
});

test("an editor completes enum and boolean values", async () => {
  const choices = properties.filter((property) => property.enum !== undefined || property.type === "boolean");
  assert.ok(choices.length > 20, String(choices.length));
  await forEach(choices, async (choice) => {
    const { path, position } = await open(choice, [], `${choice.key}: `);
    const offered = await server.completions(path, position);
    const missing = (choice.enum ?? BOOLEANS).filter((value) => !offered.includes(value));
    assert.deepEqual(missing, [], `${choice.name}: ${choice.lines.join(" ")} ${choice.key}`);
  });
});
