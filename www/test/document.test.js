import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createServer } from "vite";
import { parse } from "yaml";

let server;
let edit;
before(async () => {
  server = await createServer({
    configFile: false,
    logLevel: "error",
    server: { middlewareMode: true, ws: false },
  });
  const { Tree, apply } = await server.ssrLoadModule("/src/document.ts");
  const order = (path) =>
    path.length === 0
      ? ["type", "autoBootstrap", "config"]
      : path.length === 1
        ? ["host", "port", "database", "impersonation", "username", "okta"]
        : ["enabled", "role"];
  edit = {
    set: (text, path, value, language = "yaml") =>
      apply(text, Tree.parse(text).set(path, value, language, order)),
    remove: (text, path) => apply(text, Tree.parse(text).remove(path)),
    get: (text, path) => Tree.parse(text).get(path),
    rejects: (text, path) => Tree.parse(text).set(path, "x", "yaml", order) === undefined,
  };
});
after(() => server.close());

const COMMENTED = `# The payload.
type: Redshift # one platform

config: # the connection
  # The host.
  host: 'a.example' # keep me
  username:    bob

  database: "immuta"
# The end.
`;

test("replacing a value preserves its position and quotes", () => {
  assert.equal(edit.set(COMMENTED, ["config", "host"], "it's"), COMMENTED.replace("'a.example'", "'it''s'"));
  assert.equal(edit.set(COMMENTED, ["config", "username"], "al"), COMMENTED.replace("bob", "al"));
  assert.equal(edit.set(COMMENTED, ["config", "database"], 'a"b'), COMMENTED.replace('"immuta"', '"a\\"b"'));
});

test("a new key is inserted in schema order, and comments are preserved", () => {
  assert.equal(
    edit.set(COMMENTED, ["config", "port"], 5439),
    COMMENTED.replace("# keep me\n", "# keep me\n  port: 5439\n"),
  );
  assert.equal(
    edit.set(COMMENTED, ["autoBootstrap"], false),
    COMMENTED.replace("# one platform\n", "# one platform\nautoBootstrap: false\n"),
  );
  assert.equal(
    edit.set(COMMENTED, ["config", "impersonation", "enabled"], true),
    COMMENTED.replace('"immuta"\n', '"immuta"\n  impersonation:\n    enabled: true\n'),
  );
});

test("removing a key removes its line", () => {
  assert.equal(edit.remove(COMMENTED, ["config", "username"]), COMMENTED.replace("  username:    bob\n", ""));
  assert.equal(edit.remove("a: 1\nb:\n  c: 2\nd: 3\n", ["b"]), "a: 1\nd: 3\n");
  assert.equal(edit.remove('{"a": 1, "b": 2}', ["b"]), '{"a": 1}');
  assert.equal(edit.remove('{"a": 1, "b": 2}', ["a"]), '{"b": 2}');
  assert.equal(edit.remove('{"a": 1}', ["a"]), "{}");
});

test("edits of JSON produce valid JSON, on one line or several", () => {
  assert.equal(
    edit.set('{"type": "x"}', ["config", "host"], "h", "json"),
    '{"type": "x", "config": {\n  "host": "h"\n}}',
  );
  const spread = '{\n  "type": "x",\n  "config": {\n    "host": "a"\n  }\n}\n';
  assert.equal(edit.set(spread, ["config", "port"], 1, "json"), spread.replace('"a"', '"a",\n    "port": 1'));
  assert.equal(edit.set(spread, ["config", "host"], 'q"\\', "json"), spread.replace('"a"', '"q\\"\\\\"'));
  assert.deepEqual(JSON.parse(edit.set("", ["config", "host"], "h", "json")), { config: { host: "h" } });
});

test("any value written to any text reads back, and other values do not change", () => {
  const texts = [
    "config:\n  host: a\n",
    "config: {host: a, username: b}\n",
    'config: {"host": "a"}',
    "config:\n  host: |\n    block\n  username: b\n",
    "config:\n  host: >-\n    folded\n    text\n",
    "config:\n    host: 'a'   # four\n    username: b",
    "config:\n  host:\n  username: b\n",
    "config:\n",
    "config: {}\n",
    "config: # empty\n",
    "",
    "# only a comment",
    "---\nconfig:\n  username: b\n",
    "base: &base {username: b}\nconfig:\n  <<: *base\n  host: a\n",
    "base: &h a\nconfig:\n  host: *h\n",
    "config:\n  'host': \"a\\n\"\n",
  ];
  const values = ["plain", "", " lead", "a: b", "a #b", "- x", "yes", "null", "1", "1e3", "0x1", "~", "${X}"];
  values.push(
    "'",
    '"',
    "\\",
    "\n",
    "\t",
    "ü 🦀",
    "#",
    "{",
    "[",
    "*a",
    "&a",
    "!t",
    "@",
    "`",
    "%",
    "|",
    ">",
    "? a",
    "---",
  );
  values.push(5439, true, null);
  for (const text of texts) {
    const before = parse(text, { merge: true }) ?? {};
    for (const value of values) {
      const written = edit.set(text, ["config", "host"], value);
      const { config, ...rest } = parse(written, { merge: true });
      const expected = { ...before };
      delete expected.config;
      assert.deepEqual(rest, expected, written);
      assert.deepEqual(config, { ...(before.config ?? {}), host: value }, JSON.stringify({ text, written }));
      assert.equal(edit.get(written, ["config", "host"]), value);
      const removed = parse(edit.remove(written, ["config", "host"]), { merge: true });
      assert.equal(removed.config?.host, undefined, written);
    }
  }
});

test("a value that is not an object is not overwritten by an object", () => {
  assert.ok(edit.rejects("just text", ["type"]));
  assert.ok(edit.rejects("- a\n- b\n", ["type"]));
  assert.ok(edit.rejects("config: text\n", ["config", "host"]));
});
