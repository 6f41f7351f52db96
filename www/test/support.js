// Shared test helpers: a server for the built page, a browser, and functions that read the page.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { check, script } from "bootshift";
import { chromium } from "playwright-core";

import { serve } from "../serve.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
export const dist = join(here, "../dist");

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of the native command, for comparisons. */
export function binary() {
  const candidates = [
    process.env.BOOTSHIFT_BIN,
    join(root, "target/release/bootshift"),
    join(root, "target/debug/bootshift"),
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error("native command not found: build it, or set BOOTSHIFT_BIN");
  }
  return found;
}

/**
 * Starts a browser and a server for the page, or for another built page. `errors` collects the errors and warnings of
 * all pages.
 */
export async function start({ base = "/", folder = dist } = {}) {
  if (!existsSync(join(folder, "index.html"))) {
    throw new Error("built page not found: run `npm run build`");
  }
  const server = await serve(folder, { base });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
  });
  const errors = [];
  const requests = [];
  return {
    url: server.url,
    browser,
    errors,
    requests,
    /** Opens the page in a new context, and waits until it is ready. `script` runs before the scripts of the page. */
    async open({ hash = "", script, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        acceptDownloads: true,
        permissions: ["clipboard-read", "clipboard-write"],
        ...options,
      });
      // A long timeout, because the machine may be busy. Performance is measured by the benchmarks.
      context.setDefaultTimeout(60_000);
      context.on("request", (request) => requests.push(request.url()));
      context.on("weberror", (error) => errors.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") {
          errors.push(message.text());
        }
      });
      const page = await context.newPage();
      if (script !== undefined) {
        await page.addInitScript(script);
      }
      await page.addInitScript(() => {
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
        });
      });
      await page.goto(server.url + hash);
      await page.waitForSelector("html[data-ready]");
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** The text in the editor. */
export function textOf(page, host = "#editor") {
  return page.locator(`${host} .cm-content`).evaluate((content) => content.cmTile.view.state.doc.toString());
}

/** Replaces the text in the editor, as a paste does. */
export async function typeOver(page, text, host = "#editor") {
  await page.locator(`${host} .cm-content`).focus();
  await page.keyboard.press("ControlOrMeta+a");
  if (text === "") {
    await page.keyboard.press("Delete");
  } else {
    await page.keyboard.insertText(text);
  }
}

/** Opens a file with the file picker. */
export async function openFile(page, file, button = "#open") {
  const chooser = page.waitForEvent("filechooser");
  await page.click(button);
  await (await chooser).setFiles(file);
}

/** Waits until the results are updated after the last check. */
export async function settled(page) {
  await page.locator("#result[aria-busy=false]").waitFor({ state: "attached" });
}

/** The displayed scripts, by file name. */
export async function scripts(page) {
  await settled(page);
  return Object.fromEntries(
    await page
      .locator("#result-scripts .file")
      .evaluateAll((files) =>
        files.map((file) => [file.querySelector("h3").textContent, file.querySelector("pre").textContent]),
      ),
  );
}

// The tests compare messages with those of the package, so that they do not quote them. The page shows no backticks.
const displayed = (message) => message.replaceAll("`", "");

/** The messages of the diagnostics of a text, by code. */
export function messages(text, options) {
  const [file] = check(text, options).files;
  return Object.fromEntries(file.diagnostics.map(({ code, message }) => [code, displayed(message)]));
}

/** The warnings or the error for the password in the environment. */
export function passwordMessage(text, env) {
  try {
    return displayed(script("all", text, { env }).warnings.join());
  } catch (error) {
    return displayed(error.message);
  }
}

/** Asserts that an element contains a message. */
export async function assertShows(locator, message) {
  assert.ok(message !== undefined && message !== "");
  const text = await locator.textContent();
  assert.ok(text.includes(message), `${message} in ${text}`);
}

/** The summary in the status bar, such as "No problems" or "1 error, 2 notes". */
export function summary(page) {
  return page.locator("#problem-count").textContent();
}

/** A field of the form. */
export function field(page, pointer) {
  return page.locator(`.field[data-pointer="${pointer}"]:visible`);
}

/** Fills a field of the form. */
export async function fill(page, pointer, value) {
  await field(page, pointer).locator("input").fill(value);
}

/** Selects an option in a field of the form. */
export async function choose(page, pointer, value) {
  await field(page, pointer).locator(`input[value="${value}"]`).check({ force: true });
}

/** The name and the content of a downloaded file. */
export async function downloaded(page, click) {
  const waiting = page.waitForEvent("download");
  await click();
  const download = await waiting;
  const chunks = [];
  for await (const chunk of await download.createReadStream()) {
    chunks.push(chunk);
  }
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** Asserts that axe finds no violation, and that the page is not wider than the window. */
export async function assertAccessible(page, state) {
  // The Content-Security-Policy does not apply to evaluation.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes.map((node) => `${node.html} ${node.failureSummary}`)]),
    [],
    state,
  );
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${state}: ${String(overflow)} pixels wider than the window`);
}
