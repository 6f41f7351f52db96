// The size of the page.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { dist } from "./support.js";

/** The maximum size of all files that the page loads, in bytes after brotli. */
const MAX_BYTES = 380_000;
/** The maximum without the WebAssembly: JavaScript with the schemas and explanations, styles, HTML. */
const MAX_BYTES_WITHOUT_WASM = 174_000;

function size() {
  // The page does not load the licences of its dependencies.
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith("licenses"),
  );
  let all = 0;
  let withoutWasm = 0;
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    const { length } = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    all += length;
    withoutWasm += extname(name) === ".wasm" ? 0 : length;
  }
  return { all, withoutWasm };
}

test("the files that the page loads stay within the size limits", (t) => {
  const { all, withoutWasm } = size();
  t.diagnostic(`${String(all)} bytes after brotli, ${String(withoutWasm)} without the WebAssembly`);
  assert.ok(all <= MAX_BYTES, `${String(all)} bytes`);
  assert.ok(withoutWasm <= MAX_BYTES_WITHOUT_WASM, `${String(withoutWasm)} bytes without the WebAssembly`);
});

test("the licences of bundled packages are part of the page", () => {
  const licences = readFileSync(join(dist, "licenses-javascript.md"), "utf8");
  const packages = licences.split(/^## /m).slice(1);
  assert.ok(packages.some((text) => text.startsWith("@codemirror/view - ")));
  for (const text of packages) {
    assert.match(text, /without warranty|as is/i);
  }
});
