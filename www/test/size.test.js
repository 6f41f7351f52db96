// How much the page weighs.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { dist } from "./support.js";

/** What everything that the page loads may weigh, in bytes after brotli. */
const MOST_BYTES = 381_500;
/** The same without the WebAssembly: JavaScript, with the schemas and explanations, styles and the page itself. */
const MOST_BYTES_BESIDES = 172_500;

function weight() {
  // The licences of its parts lie beside it, and it loads them not.
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== "licenses.txt",
  );
  let all = 0;
  let besides = 0;
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    const { length } = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    all += length;
    besides += extname(name) === ".wasm" ? 0 : length;
  }
  return { all, besides };
}

test("everything that the page loads is small", (t) => {
  const { all, besides } = weight();
  t.diagnostic(`${String(all)} bytes after brotli, ${String(besides)} of them besides the WebAssembly`);
  assert.ok(all <= MOST_BYTES, `${String(all)} bytes`);
  assert.ok(besides <= MOST_BYTES_BESIDES, `${String(besides)} bytes besides the WebAssembly`);
});
