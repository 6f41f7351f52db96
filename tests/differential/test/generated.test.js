// A slice of what `cargo xtask differential` compares, without check-jsonschema.

import assert from "node:assert/strict";
import { test } from "node:test";

import { differential } from "../src/run.js";
import { judge } from "./support.js";

const DOCUMENTS = 2000;

test("generated documents are judged and read as ajv and yaml do", async () => {
  const tally = await differential({ documents: DOCUMENTS, seed: 6, program: judge });
  assert.deepEqual(tally.unknown, []);
  // As many are right as are enough to say something.
  assert.ok(tally.agreed.get("ajv") > DOCUMENTS * 0.9, JSON.stringify([...tally.agreed]));
  assert.ok(tally.agreed.get("ajv takes") > DOCUMENTS * 0.2, JSON.stringify([...tally.agreed]));
  assert.ok(tally.agreed.get("yaml") > DOCUMENTS * 1.2, JSON.stringify([...tally.agreed]));
});
