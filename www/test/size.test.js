// The size of the page.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { dist } from "./support.js";

/**
 * The maximum size of what makes the page usable, in bytes after brotli. It was raised only when the WebAssembly began to
 * edit, fix and convert texts, for which the page had a second YAML engine.
 */
const MAX_FIRST_USE = 391_000;
/** The maximum of that without the WebAssembly: JavaScript with the schemas, styles, HTML. */
const MAX_FIRST_USE_WITHOUT_WASM = 164_000;
/**
 * The maximum of what is loaded afterwards: completion, search, comparison and explanations. The first three are why
 * the page as a whole has become larger.
 */
const MAX_LATER = 28_000;

function sizes() {
  // The page does not load the licences of its dependencies.
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith("licenses"),
  );
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const total = { first: 0, withoutWasm: 0, later: 0 };
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    const { length } = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    if (name === "index.html" || html.includes(`/${name}"`)) {
      total.first += length;
      total.withoutWasm += extname(name) === ".wasm" ? 0 : length;
    } else {
      total.later += length;
    }
  }
  return total;
}

test("the files that the page loads stay within the size limits", (t) => {
  const { first, withoutWasm, later } = sizes();
  t.diagnostic(
    `${String(first)} bytes after brotli, ${String(withoutWasm)} without the WebAssembly, ${String(later)} later`,
  );
  assert.ok(first <= MAX_FIRST_USE, `${String(first)} bytes`);
  assert.ok(
    withoutWasm <= MAX_FIRST_USE_WITHOUT_WASM,
    `${String(withoutWasm)} bytes without the WebAssembly`,
  );
  assert.ok(later <= MAX_LATER, `${String(later)} bytes later`);
});

test("the licences of bundled packages are part of the page", () => {
  const licences = readFileSync(join(dist, "licenses-javascript.md"), "utf8");
  const packages = licences.split(/^## /m).slice(1);
  assert.ok(packages.some((text) => text.startsWith("@codemirror/view - ")));
  for (const text of packages) {
    assert.match(text, /without warranty|as is/i);
  }
});
