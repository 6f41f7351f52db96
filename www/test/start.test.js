// What a newcomer sees, and what the page shows while it is not usable.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { downloaded, openFile, scripts, settled, start, summary, textOf, typeOver } from "./support.js";

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

test("the start says what the page is for, reports nothing, and leads to an example", async () => {
  const page = await site.open();
  assert.equal(await page.locator(".finding, #problem-list .problem").count(), 0);
  assert.equal(await page.locator("#editor .cm-lint-marker-error").count(), 0);
  assert.equal(await summary(page), "Nothing entered yet");
  const text = await page.locator("#start").textContent();
  assert.match(text, /connects Amazon Redshift to Immuta/);
  assert.match(text, /Bootshift \d/);
  await page.click("#load-example");
  assert.doesNotMatch(await summary(page), /error/);
  assert.equal(Object.keys(await scripts(page)).length, 2);
  await page.context().close();
});

test("operations are described in words, with their endpoints", async () => {
  const page = await site.open();
  const options = await page.locator("#operation option").allTextContents();
  assert.equal(options[0], "Create an integration — POST /integrations");
  for (const option of options) {
    assert.match(option, /^[A-Z][A-Za-z ]+ — (GET|POST|PUT|DELETE|any) /);
  }
  await page.context().close();
});

const TABS = {
  create: "Scripts",
  "script-initial-create": "Scripts",
  "script-create": "Scripts",
  update: "Changes",
  "script-edit": "Changes",
  delete: "Request",
  "script-delete": "Scripts",
  "script-cleanup": "Scripts",
  get: "Request",
  list: "Request",
  status: "Request",
  error: "Response",
};

for (const [operation, tab] of Object.entries(TABS)) {
  test(`an operation opens the tab that it is for, and has an example: ${operation}`, async () => {
    const page = await site.open();
    await page.selectOption("#operation", operation);
    await settled(page);
    assert.equal(await page.locator("#result-tabs [aria-selected=true]").textContent(), tab);
    assert.equal(await page.locator("#problem-list .problem").count(), 0);
    const load = page.locator("#load-example, #load-change, #load-response");
    if ((await load.count()) === 0) {
      await page.click("#examples");
      await page.click(`[data-example^=${operation}]`);
    } else {
      await load.click();
    }
    await settled(page);
    assert.doesNotMatch(await summary(page), /error/);
    assert.notEqual((await textOf(page)).trim(), "");
    assert.equal(await page.inputValue("#operation"), operation);
    await page.context().close();
  });
}

test("an opened file keeps its name in the heading and in the download", async () => {
  const page = await site.open();
  await openFile(page, {
    name: "cluster-7.yml",
    mimeType: "text/plain",
    buffer: Buffer.from("type: Redshift\n"),
  });
  await page.waitForFunction(() => document.querySelector("#file-name").textContent === "cluster-7.yml");
  const { name, bytes } = await downloaded(page, () => page.click("#download-payload"));
  assert.equal(name, "cluster-7.yml");
  assert.equal(bytes.toString(), "type: Redshift\n");
  await page.context().close();
});

test("of several dropped files, the first is opened, and the page says so", async () => {
  const page = await site.open();
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    for (const name of ["a.yaml", "b.yaml"]) {
      dataTransfer.items.add(new File([`# ${name}\n`], name));
    }
    const event = { bubbles: true, cancelable: true, composed: true, dataTransfer };
    document.querySelector("#editor").dispatchEvent(new DragEvent("drop", event));
  });
  await page.getByText("Opened a.yaml. Ignored b.yaml: one file at a time").waitFor();
  assert.equal(await textOf(page), "# a.yaml\n");
  await page.context().close();
});

test("controls that are visible at the same time have different names", async () => {
  const page = await site.open();
  await page.click("#load-example");
  const text = await textOf(page);
  await typeOver(page, text.replace(/password: .*/, 'password: "${X}"').replace("host: ", "hots: "));
  await settled(page);
  const names = await page.evaluate(() => {
    const nameOf = (element) =>
      element.getAttribute("aria-label") ??
      (element.labels?.length > 0 ? element.labels[0].textContent : element.textContent).trim();
    return [...document.querySelectorAll("button, input:not([type=radio]), select")]
      .filter((element) => element.checkVisibility())
      .map((element) => `${element.localName} ${nameOf(element)}`);
  });
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  await page.context().close();
});

test("while it loads, the page says so and shows no controls; the WebAssembly is loaded at once", async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  const order = [];
  page.on("request", (request) => order.push(request.url()));
  await page.route(/main.*\.js$|index-.*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  const opening = page.goto(site.url);
  await page.getByText("Loading…").waitFor();
  // Chromium paints nothing before the styles are there.
  await page.waitForFunction(() => document.styleSheets.length > 0);
  assert.equal(await page.locator("button:visible, select:visible, input:visible").count(), 0);
  assert.ok(order.some((url) => url.endsWith(".wasm")));
  release();
  await opening;
  await page.waitForSelector("html[data-ready]");
  assert.equal(order.filter((url) => url.endsWith(".wasm")).length, 1);
  assert.ok(await page.getByText("Loading…").isHidden());
  await context.close();
});

for (const [name, file] of [
  ["script", /\.js$/],
  ["WebAssembly", /\.wasm$/],
]) {
  test(`a missing ${name} file is reported, and can be loaded again`, async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    let isBroken = true;
    await page.route(file, (route) =>
      isBroken && !route.request().url().endsWith("boot.js") ? route.abort() : route.continue(),
    );
    await page.goto(site.url);
    await page.getByRole("alert").waitFor();
    assert.match(await page.getByRole("alert").textContent(), /cannot be loaded/);
    assert.deepEqual(await page.getByRole("button").allTextContents(), ["Try again"]);
    isBroken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForSelector("html[data-ready]");
    assert.ok(await page.getByRole("alert").isHidden());
    await context.close();
  });
}

test("no page reports an error or a warning", () => {
  assert.deepEqual(site.errors, []);
});
