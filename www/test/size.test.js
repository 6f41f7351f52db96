// The size of the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { dist, start } from "./support.js";

/** The maximum size of all files that the page loads at the start, in bytes after brotli. */
const MAX_BYTES = 398_000;
/** The maximum without the WebAssembly: JavaScript with the schemas and explanations, styles, HTML. */
const MAX_BYTES_WITHOUT_WASM = 192_000;

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

/** The sizes of the files that the page requests until it is usable. */
async function size() {
  await site.open();
  let all = 0;
  let withoutWasm = 0;
  for (const url of site.requests) {
    const name = url.slice(site.url.length);
    const bytes = readFileSync(join(dist, name === "" ? "index.html" : name));
    const { length } = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    all += length;
    withoutWasm += extname(name) === ".wasm" ? 0 : length;
  }
  return { all, withoutWasm };
}

test("the files that the page loads at the start stay within the size limits", async (t) => {
  const { all, withoutWasm } = await size();
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
