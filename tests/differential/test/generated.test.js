// Runs a part of `cargo xtask differential`, without check-jsonschema.

import assert from "node:assert/strict";
import { test } from "node:test";

import { differential } from "../src/run.js";
import { judge } from "./support.js";

const DOCUMENTS = 2000;

test("Bootshift agrees with ajv and yaml on generated documents", async () => {
  const tally = await differential({ documents: DOCUMENTS, seed: 6, program: judge });
  assert.deepEqual(tally.unknown, []);
  // Enough documents are valid and comparable.
  assert.ok(tally.same.get("ajv") > DOCUMENTS * 0.9, JSON.stringify([...tally.same]));
  assert.ok(tally.same.get("ajv, published") > DOCUMENTS * 0.9, JSON.stringify([...tally.same]));
  assert.ok(tally.same.get("ajv accepts") > DOCUMENTS * 0.2, JSON.stringify([...tally.same]));
  assert.ok(tally.same.get("yaml") > DOCUMENTS * 1.2, JSON.stringify([...tally.same]));
});
