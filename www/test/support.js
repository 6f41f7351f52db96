// What the tests share: the built page on a loopback port, a browser, and ways to read the page.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { check, script } from "bootshift";
import { chromium } from "playwright-core";

import { serve } from "../serve.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
export const dist = join(here, "../dist");

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

/** The native command, to compare with. */
export function binary() {
  const candidates = [
    process.env.BOOTSHIFT_BIN,
    join(root, "target/release/bootshift"),
    join(root, "target/debug/bootshift"),
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error("there is no native command: build it, or name it in BOOTSHIFT_BIN");
  }
  return found;
}

/** A browser and the page on a server; everything that goes wrong in any page is in `troubles`. */
export async function start({ base = "/" } = {}) {
  if (!existsSync(join(dist, "index.html"))) {
    throw new Error("there is no built page: run `npm run build`");
  }
  const server = await serve(dist, { base });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
  });
  const troubles = [];
  const requests = [];
  return {
    url: server.url,
    browser,
    troubles,
    requests,
    /** Opens the page in a context of its own, ready to use; `script` runs before those of the page. */
    async open({ hash = "", script, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        acceptDownloads: true,
        permissions: ["clipboard-read", "clipboard-write"],
        ...options,
      });
      // Long, for no test is about it: what is timed is measured by the benchmarks, and a machine may be busy.
      context.setDefaultTimeout(60_000);
      context.on("request", (request) => requests.push(request.url()));
      context.on("weberror", (error) => troubles.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") {
          troubles.push(message.text());
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

/** Puts a text in the place of the editor's, as a paste does. */
export async function typeOver(page, text, host = "#editor") {
  await page.locator(`${host} .cm-content`).focus();
  await page.keyboard.press("ControlOrMeta+a");
  if (text === "") {
    await page.keyboard.press("Delete");
  } else {
    await page.keyboard.insertText(text);
  }
}

/** Opens a file by the file picker. */
export async function openFile(page, file, button = "#open") {
  const chooser = page.waitForEvent("filechooser");
  await page.click(button);
  await (await chooser).setFiles(file);
}

/** Waits until the results have followed the last check. */
export async function settled(page) {
  await page.locator("#result[aria-busy=false]").waitFor({ state: "attached" });
}

/** The shown scripts, by file name. */
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

// What the core says, as the page shows it: the tests of the page have no words of the core's.
const shown = (message) => message.replaceAll("`", "");

/** What it says of a text, by code. */
export function messages(text, options) {
  const [file] = check(text, options).files;
  return Object.fromEntries(file.diagnostics.map(({ code, message }) => [code, shown(message)]));
}

/** What it says of the password that the environment has. */
export function passwordMessage(text, env) {
  try {
    return shown(script("all", text, { env }).warnings.join());
  } catch (error) {
    return shown(error.message);
  }
}

/** Fails if an element does not show the message. */
export async function shows(locator, message) {
  assert.ok(message !== undefined && message !== "");
  const text = await locator.textContent();
  assert.ok(text.includes(message), `${message} in ${text}`);
}

/** What the page says about the payload: "No problems", "1 error, 2 notes". */
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

/** Chooses in a field of the form. */
export async function choose(page, pointer, value) {
  await field(page, pointer).locator(`input[value="${value}"]`).check({ force: true });
}

/** A file as it comes from a download. */
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
