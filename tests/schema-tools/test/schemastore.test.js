// What is submitted to SchemaStore passes the checks of its `cli.js`, as of commit 3b6446ad. They run only in its checkout; these
// tests do the same.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { lint } from "@exodus/schemasafe";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";

import { NAME, submit } from "../schemastore/submit.js";

const checkout = mkdtempSync(join(tmpdir(), "bootshift-schema-tools-"));
after(() => rmSync(checkout, { recursive: true }));

const text = (path) => readFileSync(join(checkout, path), "utf8");
const catalog = () => JSON.parse(text("src/api/json/catalog.json"));

mkdirSync(join(checkout, "src/api/json"), { recursive: true });
const others = ["ImageMagick", "imgbotconfig", "Zed settings"].map((name) => ({ name }));
writeFileSync(join(checkout, "src/api/json/catalog.json"), JSON.stringify({ schemas: others }));
submit(checkout);
const schema = JSON.parse(text(`src/schemas/json/${NAME}.json`));

test("the entry of the catalog follows the guidelines", () => {
  const { schemas } = catalog();
  const [entry] = schemas.filter(({ name }) => name.includes("Immuta"));
  assert.deepEqual(
    schemas.map(({ name }) => name),
    ["ImageMagick", "imgbotconfig", entry.name, "Zed settings"],
  );
  for (const value of [entry.name, entry.description]) {
    assert.doesNotMatch(value, /[,. \t-]$|schema|^the\b/iu);
  }
  assert.deepEqual([...new Set(entry.fileMatch)], entry.fileMatch);
  for (const pattern of entry.fileMatch) {
    assert.match(pattern, /immuta|bootshift/);
    assert.doesNotMatch(pattern, /[{}!?[\]()]/);
  }
  assert.equal(entry.url, schema.$id);
});

test("a second submission changes nothing", () => {
  const before = catalog();
  submit(checkout);
  assert.deepEqual(catalog(), before);
});

test("the schema has its address, and a draft that editors support", () => {
  assert.equal(schema.$id, `https://www.schemastore.org/${NAME}.json`);
  assert.equal(schema.$schema, "http://json-schema.org/draft-07/schema#");
  assert.deepEqual(Object.keys(schema).slice(0, 2), ["$id", "$schema"]);
});

test("schemasafe finds nothing", () => {
  const options = {
    requireSchema: true,
    requireValidation: true,
    requireStringValidation: false,
    complexityChecks: true,
    forbidNoopValues: true,
    extraFormats: false,
    schemas: {},
  };
  assert.deepEqual(
    lint(schema, options).map(({ message }) => message),
    [],
  );
});

for (const [folder, isValid] of [
  ["test", true],
  ["negative_test", false],
]) {
  test(`Ajv in strict mode ${isValid ? "accepts" : "rejects"} the files of ${folder}`, () => {
    const validate = addFormats(new Ajv({ strict: true })).compile(schema);
    const files = readdirSync(join(checkout, "src", folder, NAME));
    assert.ok(files.length >= 4);
    for (const file of files) {
      const written = text(join("src", folder, NAME, file));
      if (file.endsWith(".yaml")) {
        assert.ok(
          written.startsWith(`# yaml-language-server: $schema=../../schemas/json/${NAME}.json\n`),
          file,
        );
      }
      assert.equal(validate(parse(written)), isValid, file);
      assert.ok(isValid || validate.errors.length > 0);
    }
  });
}
