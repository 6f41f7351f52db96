// How fast, and how much.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { dist, start, typeOver } from "./support.js";

/** What everything that the page loads may weigh, in bytes after brotli. */
const MOST_BYTES = 400_000;
/** The same without the WebAssembly. */
const MOST_BYTES_BESIDES = 165_000;
/** From a key to what is shown, median, in milliseconds: a frame. */
const FRAME = 16;
/** From the start of the navigation until the page can be used, in milliseconds. */
const USABLE = 1000;

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

function weight() {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
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

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

test("diagnostics are there within a frame of the keystroke, on 200 lines", async (t) => {
  const page = await site.open();
  const comments = Array.from(
    { length: 190 },
    (_, index) => `  # Line ${String(index)}: why it is so.\n`,
  ).join("");
  const text = `type: Redshift
autoBootstrap: false
config:
${comments}  host: a.example
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: bob
  password: "\${PASSWORD}"
  port: 5439`;
  assert.ok(text.split("\n").length >= 200);
  await typeOver(page, text);
  await page.evaluate(() => {
    window.took = [];
    const list = document.querySelector("#problem-list");
    const count = document.querySelector("#problem-count");
    let pressed;
    document.addEventListener(
      "keydown",
      (event) => {
        pressed = event.timeStamp;
      },
      true,
    );
    new MutationObserver(() => {
      // Shown: the bar, the list and the mark in the editor agree.
      const marks = document
        .querySelector("#editor")
        .shadowRoot.querySelectorAll(".cm-lintRange-error").length;
      const errors = count.classList.contains("error");
      if (pressed !== undefined && errors === marks > 0) {
        window.took.push(performance.now() - pressed);
        pressed = undefined;
      }
    }).observe(list, { childList: true });
  });
  // One key makes the port a mistake, the next mends it.
  for (let round = 0; round < 40; round += 1) {
    await page.keyboard.press("x");
    await page.keyboard.press("Backspace");
  }
  const took = await page.evaluate(() => window.took);
  assert.equal(took.length, 80);
  t.diagnostic(`median ${median(took).toFixed(1)} ms, slowest ${Math.max(...took).toFixed(1)} ms`);
  assert.ok(median(took) <= FRAME, `median ${median(took).toFixed(1)} ms`);
});

test("the page is usable within a second", async (t) => {
  const times = [];
  for (let round = 0; round < 3; round += 1) {
    const page = await site.open();
    times.push(await page.evaluate(() => performance.getEntriesByName("ready")[0].startTime));
    await page.context().close();
  }
  t.diagnostic(`${times.map((time) => time.toFixed(0)).join(", ")} ms`);
  assert.ok(median(times) <= USABLE, `${median(times).toFixed(0)} ms`);
});
