// What these tools do with the schema if it has again what the tests are to prevent: proof that the tests would fail.

import assert from "node:assert/strict";
import { test } from "node:test";

import { getDefaultFormState } from "@rjsf/utils";
import rjsfValidator from "@rjsf/validator-ajv8";
import { compile } from "json-schema-to-typescript";

import { bodiesOf, schema } from "../src/corpus.js";
import { jsonEditor, yamlEditor } from "../src/editors.js";
import { VALIDATORS } from "../src/validators.js";

const OKTA = bodiesOf("payload").find(
  ({ isValid, body }) => isValid && body.config.authenticationType === "okta",
).body;

/** The schema of payloads with changes. */
function changed(change) {
  const result = schema("payload");
  change(result.definitions, result);
  return result;
}

const verdict = async (tool, changedSchema, body = OKTA) =>
  (await VALIDATORS[tool]([{ schema: changedSchema, bodies: [body] }]))[0];

for (const tool of ["Ajv, default", "Ajv, strict, with ajv-formats", "@exodus/schemasafe", "jsonschema-rs"]) {
  test(`a format that nobody knows: ${tool}`, async () => {
    assert.deepEqual(await verdict(tool, schema("payload")), [true]);
    const found = await verdict(
      tool,
      changed(({ host }) => (host.format = "bare-host")),
    );
    assert.match(found, /format/i);
  });
}

test("a placeholder as default makes a form invalid", async () => {
  const isValidState = async (changedSchema) => {
    const state = getDefaultFormState(rjsfValidator, changedSchema, structuredClone(OKTA), changedSchema);
    return verdict("Ajv, default", schema("payload"), state);
  };
  assert.deepEqual(await isValidState(schema("payload")), [true]);
  const withDefault = changed(({ username }) => (username.default = "immuta_system_account"));
  assert.deepEqual(await isValidState(withDefault), [false]);
});

test("a default that is also an example empties completion", async () => {
  const complete = async (start, text, changedSchema) => (await start(changedSchema).completions(text)).host;
  const withBoth = changed(({ host }) => ([host.default] = host.examples));
  for (const [start, text] of [
    [jsonEditor, '{"config": {|}}'],
    [yamlEditor, "config:\n  port: 1\n  |"],
  ]) {
    assert.match(await complete(start, text, schema("payload")), /amazon/);
    if (start === jsonEditor) {
      assert.doesNotMatch(await complete(start, text, withBoth), /amazon/);
    }
  }
});

test("an object as type in a condition opens the generated types", async () => {
  const types = (changedSchema) => compile(changedSchema, "Payload", { bannerComment: "" });
  assert.doesNotMatch(await types(schema("payload")), /\[k: string\]: unknown/);
  const opened = changed((definitions) => {
    definitions.oktaCredentials = { type: "object", ...definitions.config.allOf[1] };
    definitions.config.allOf[1] = { $ref: "#/definitions/oktaCredentials" };
  });
  assert.match(await types(opened), /\[k: string\]: unknown/);
});

test("a property that is false makes check-jsonschema --fill-defaults fail", async () => {
  assert.deepEqual(await verdict("check-jsonschema --fill-defaults", schema("payload")), [true]);
  const withFalse = changed(({ config }) => (config.allOf[1].then.properties.username = false));
  assert.match(await verdict("check-jsonschema --fill-defaults", withFalse), /Traceback|Error/);
});
