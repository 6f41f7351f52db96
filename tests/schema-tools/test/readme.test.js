// README.md names the versions that are installed, and the codes beyond the schemas.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CORPUS, read } from "../src/corpus.js";

const README = read("tests/schema-tools/README.md");

test("the table names the pinned versions", () => {
  const packages = JSON.parse(read("tests/schema-tools/package.json")).devDependencies;
  const requirements = read("tests/schema-tools/requirements.txt").matchAll(/^(\S+)==(\S+)$/gm);
  const crates = read("tests/schema-tools/typify/Cargo.toml").matchAll(/^(\w+) = "=(.*)"$/gm);
  const pinned = {
    ...packages,
    ...Object.fromEntries([...requirements, ...crates].map(([, ...pin]) => pin)),
  };
  const rows = [...README.matchAll(/^\| (\S+) +\| (\d+\.\d+\.\d+) +\|/gm)];
  assert.ok(rows.length > 20, String(rows.length));
  assert.deepEqual(
    rows.map(([, name]) => [name, pinned[name]]),
    rows.map(([, name, version]) => [name, version]),
  );
});

test("the list has the codes of bodies that are valid by their schema", () => {
  const listed = /beyond the schemas.*?\n\n(.*?)\n\n/s.exec(README)[1].match(/[a-z-]+/g);
  const found = new Set(CORPUS.filter(({ isValid }) => isValid).flatMap(({ codes }) => codes));
  assert.deepEqual(listed, [...found].sort());
});
