// Every validator takes every published schema, and its verdicts are those of Bootshift.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import { CORPUS, SCHEMA_NAMES, bodiesOf, root, schema } from "../src/corpus.js";
import { run } from "../src/process.js";
import { SOURCEMETA, VALIDATORS } from "../src/validators.js";

/** The rules of Sourcemeta's `lint` that are off. README.md says why. */
const OFF = ["description_trailing_period", "enum_to_const", "enum_with_type", "top_level_examples"];
/** Those that are also off for the schema for code generators. */
const OFF_FOR_TYPES = ["const_with_type", "unknown_format_prefix"];

test("the corpus has valid and invalid bodies for every schema of bodies", () => {
  for (const name of new Set(CORPUS.map((body) => body.schema))) {
    for (const isValid of [true, false]) {
      const found = CORPUS.filter((body) => body.schema === name && body.isValid === isValid);
      assert.ok(found.length >= 5, `${name}, ${isValid}: ${found.length}`);
    }
  }
  assert.ok(CORPUS.length > 500, String(CORPUS.length));
});

/** The tools that do not know `format: password`, which code generators need. The chapter uses others. */
const WITHOUT_PASSWORD = ["Ajv, default", "Ajv, strict", "@exodus/schemasafe", "jsonschema-rs"];

describe("verdicts on the corpus", { concurrency: 2 }, () => {
  for (const [tool, verdicts] of Object.entries(VALIDATORS)) {
    test(tool, async () => {
      const names = SCHEMA_NAMES.filter(
        (name) => !(WITHOUT_PASSWORD.includes(tool) && name === "payload.types"),
      );
      const bodies = names.map(bodiesOf);
      const found = await verdicts(
        names.map((name, at) => ({ schema: schema(name), bodies: bodies[at].map(({ body }) => body) })),
      );
      const wrong = names.map((name, at) => [
        name,
        Array.isArray(found[at])
          ? bodies[at].filter(({ isValid }, body) => found[at][body] !== isValid)
          : found[at],
      ]);
      assert.deepEqual(
        wrong.filter(([, bodies]) => bodies.length > 0),
        [],
      );
    });
  }
});

describe("Sourcemeta's checks of schemas", () => {
  const files = SCHEMA_NAMES.map((name) => join(root, "schema", `${name}.schema.json`));

  test("every schema matches its metaschema", async () => {
    const { code, stderr } = await run(SOURCEMETA, ["metaschema", ...files], {});
    assert.equal(code, 0, stderr);
  });

  test("lint finds nothing, and no rule is off without need", async () => {
    const { stdout } = await run(SOURCEMETA, ["lint", "--json", ...files], {});
    const { errors } = JSON.parse(stdout);
    const isOff = ({ id, path }) =>
      OFF.includes(id) || (path.endsWith("types.schema.json") && OFF_FOR_TYPES.includes(id));
    assert.deepEqual(
      errors.filter((error) => !isOff(error)),
      [],
    );
    assert.deepEqual(new Set(errors.map(({ id }) => id)), new Set([...OFF, ...OFF_FOR_TYPES]));
  });
});
