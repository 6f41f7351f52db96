// The editor of the page: completion, descriptions of keys, search, wrapping.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { schema } from "bootshift/schemas";

import { assertAccessible, start, textOf, typeOver } from "./support.js";

let site;
before(async () => {
  site = await start();
});
afterEach(() => {
  assert.deepEqual(site.errors, []);
});
after(() => site.close());

const { definitions, properties } = schema("create");
const CONFIG = Object.keys(definitions.config.properties);

/** Opens the page with a text, in which `|` marks the cursor. */
async function edit(text, { language = "yaml", ...options } = {}) {
  const page = await site.open(options);
  if (language === "json") {
    await page.locator("#language input[value=json]").check({ force: true });
  }
  await typeOver(page, text.replace("|", ""));
  await page.locator("#editor .cm-content").evaluate((content, position) => {
    content.cmTile.view.dispatch({ selection: { anchor: position } });
  }, text.indexOf("|"));
  await assisted(page);
  return page;
}

/** Focuses the editor, and waits for completion, which this loads. */
async function assisted(page) {
  await page.locator("#editor .cm-content").focus();
  await page.locator("#editor .cm-content[aria-autocomplete=list]").waitFor();
}

const list = (page) => page.locator(".cm-tooltip-autocomplete");

/** The labels of the completions at the cursor. */
async function completions(text, options) {
  const page = await edit(text, options);
  await page.keyboard.press("Control+Space");
  await list(page).waitFor();
  const labels = await list(page).locator(".cm-completionLabel").allTextContents();
  await page.context().close();
  return labels;
}

/** Waits until the list is open for some time, because it ignores keys at first, and picks the first completion. */
async function pick(page) {
  await list(page).waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
}

async function assertNoViolations(page) {
  assert.deepEqual(await page.evaluate(() => window.violations), []);
}

const without = (...keys) => CONFIG.filter((key) => !keys.includes(key));

for (const [name, text, expected, options] of [
  ["of the root", "type: Redshift\n|\n", ["autoBootstrap", "config"]],
  ["in an empty text", "|", Object.keys(properties)],
  ["between others", "config:\n  host: a\n  |\n  port: 1\n", without("host", "port")],
  ["below a key without a value", "config:\n  |", CONFIG],
  ["in a part of a key", "config:\n  initial|", ["initialDatabase"]],
  ["of an existing key", "config:\n  initial|Database: a\n", ["initialDatabase"]],
  [
    "that the authentication type allows",
    "config:\n  authenticationType: okta\n  |\n",
    without("authenticationType", "username", "password"),
  ],
  [
    "that another authentication type allows",
    "config:\n  |\n  authenticationType: userPassword\n",
    without("authenticationType", "okta"),
  ],
  ["of an inner object", "config:\n  impersonation:\n    enabled: true\n    |\n  host: a\n", ["role"]],
  ["in flow style", "config: { host: a, |}\n", without("host")],
  ["after a comment", "config: # why\n  # host: a\n  |\n", CONFIG],
  ["in the second document", "type: Redshift\n---\ntype: Redshift\n|", ["autoBootstrap", "config"]],
  ["of JSON", '{"config": {"host": "a", |"port": 1}}', without("host", "port"), { language: "json" }],
  ["of JSON in quotes", '{"config": {"initial|"}}', ["initialDatabase"], { language: "json" }],
  ["of JSON on a line", '{\n  "config": {\n    |\n  }\n}\n', CONFIG, { language: "json" }],
]) {
  test(`completes the keys ${name}`, async () => {
    assert.deepEqual(await completions(text, options), expected);
  });
}

for (const [name, text, expected, options] of [
  ["of an enumeration", "config:\n  authenticationType: |\n", ["userPassword", "okta"]],
  ["of a part", "config:\n  authenticationType: use|\n", ["userPassword"]],
  ["of a boolean", "autoBootstrap: |\n", ["true", "false"]],
  ["from the example", "config:\n  database: |\n", [definitions.database.examples[0]]],
  ["from the default", "config:\n  port: |\n", [String(definitions.port.default)]],
  ["of JSON", '{"config": {"authenticationType": "|"}}', ["userPassword", "okta"], { language: "json" }],
]) {
  test(`completes the values ${name}`, async () => {
    assert.deepEqual(await completions(text, options), expected);
  });
}

for (const [name, text, options] of [
  ["in a comment", "config:\n  # |\n"],
  ["at the end of a comment", "config: # auth|\n"],
  ["in a block of text", "type: >-\n  au|\n"],
  ["in an array", "- |\n"],
  ["in an unknown object", "unknown:\n  |\n"],
  ["where the indentation fits nothing", "config:\n    host: a\n  |\n"],
  ["in a value without suggestions", "config: |\n"],
  ["in a string of JSON", '{"type": "a, |"}', { language: "json" }],
]) {
  test(`completes nothing ${name}`, async () => {
    const page = await edit(text, options);
    await page.keyboard.press("Control+Space");
    await page.waitForTimeout(300);
    assert.equal(await list(page).count(), 0);
  });
}

test("a completed key is one undo step, and its values follow", async () => {
  const page = await edit("config:\n  host: a\n  |\n");
  await page.keyboard.type("auth");
  await pick(page);
  assert.equal(await textOf(page), "config:\n  host: a\n  authenticationType: \n");
  await pick(page);
  assert.equal(await textOf(page), "config:\n  host: a\n  authenticationType: userPassword\n");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await textOf(page), "config:\n  host: a\n  authenticationType: \n");
  await assertNoViolations(page);
});

test("a completed object gets its first key", async () => {
  const page = await edit("config:\n  host: a\n  |\n");
  await page.keyboard.type("imp");
  await pick(page);
  assert.equal(await textOf(page), "config:\n  host: a\n  impersonation:\n    \n");
  await pick(page);
  await pick(page);
  assert.equal(await textOf(page), "config:\n  host: a\n  impersonation:\n    enabled: true\n");
});

test("completion writes valid JSON", async () => {
  const page = await edit('{"config": {|"port": 1}}', { language: "json" });
  await page.keyboard.type("auth");
  await pick(page);
  await pick(page);
  assert.equal(await textOf(page), '{"config": {"authenticationType": "userPassword","port": 1}}');
});

test("completion quotes a value that YAML would read otherwise", async () => {
  const page = await edit("config:\n  password: |\n");
  await page.keyboard.press("Control+Space");
  await pick(page);
  assert.equal(await textOf(page), `config:\n  password: "${definitions.password.examples[0]}"\n`);
});

test("completion replaces a quoted value", async () => {
  const page = await edit("config:\n  authenticationType: 'ok|ta'\n");
  await page.keyboard.press("Control+Space");
  await pick(page);
  assert.equal(await textOf(page), "config:\n  authenticationType: okta\n");
});

test("the list of completions describes keys, and is accessible", async () => {
  const page = await edit("config:\n  host: a\n  |\n");
  await page.keyboard.press("Control+Space");
  const info = page.locator(".cm-completionInfo");
  await info.waitFor();
  const [first] = without("host");
  assert.ok((await info.textContent()).includes(definitions[first].title));
  await assertAccessible(page, "completion");
  await page.keyboard.press("Escape");
  assert.equal(await list(page).count(), 0);
});

for (const [language, text] of [
  ["yaml", "config:\n  host: a\n  port: 5439|\n"],
  ["json", '{"config": {"host": "a",\n"port": 5439|}}'],
]) {
  test(`the pointer shows the description of a key of ${language}`, async () => {
    const page = await edit(text, { language });
    await page.locator(".cm-line span", { hasText: /^"?port"?$/ }).hover();
    const tooltip = page.locator(".cm-property");
    await tooltip.waitFor();
    const shown = await tooltip.textContent();
    for (const expected of [
      definitions.port.title,
      definitions.port.description.slice(0, 25),
      "Default: 5439",
    ]) {
      assert.ok(shown.includes(expected), `${expected} in ${shown}`);
    }
    await assertNoViolations(page);
  });
}

test("F1 shows the description of the key at the cursor, until Escape", async () => {
  const page = await edit("config:\n  po|rt: 5439\n");
  await page.keyboard.press("F1");
  const tooltip = page.locator(".cm-property");
  await tooltip.waitFor();
  assert.ok((await tooltip.textContent()).includes(definitions.port.title));
  await assertAccessible(page, "description");
  await page.keyboard.press("Escape");
  assert.equal(await tooltip.count(), 0);
});

for (const width of [360, 1100, 1440]) {
  test(`the description of a completion is not clipped: ${String(width)} pixels`, async () => {
    const page = await site.open({ viewport: { width, height: 740 } });
    if (width < 1100) {
      await page.locator("#switcher").getByRole("tab", { name: "Editor" }).click();
    }
    await assisted(page);
    await typeOver(page, "config:\n  authentication");
    const info = page.locator(".cm-completionInfo");
    await info.waitFor();
    const [inner, outer] = [await info.boundingBox(), await page.locator("#editor").boundingBox()];
    assert.ok(
      inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width,
      JSON.stringify([inner, outer]),
    );
    assert.ok(inner.y + inner.height <= outer.y + outer.height, JSON.stringify([inner, outer]));
  });
}

test("search finds and replaces, with the keyboard", async () => {
  const page = await edit("|type: Redshift\n# Redshift\n");
  await page.keyboard.press("ControlOrMeta+f");
  const panel = page.locator(".cm-search");
  await panel.waitFor();
  await page.keyboard.type("redshift");
  await assertAccessible(page, "search");
  assert.equal(await page.locator(".cm-searchMatch").count(), 2);
  await page.keyboard.press("Tab");
  await panel.locator("input[name=replace]").fill("X");
  await panel.locator("[name=replaceAll]").press("Enter");
  assert.equal(await textOf(page), "type: X\n# X\n");
  await panel.locator("[name=search]").press("Escape");
  assert.equal(await panel.count(), 0);
  const isFocused = await page
    .locator("#editor .cm-content")
    .evaluate((content) => content.getRootNode().activeElement === content);
  assert.equal(isFocused, true);
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await textOf(page), "type: Redshift\n# Redshift\n");
  await assertNoViolations(page);
});

test("search has a button, and works in a text that is opened later", async () => {
  const page = await edit("type: Redshift\n|");
  await page.click("#search");
  await page.locator(".cm-search").waitFor();
  await page.keyboard.press("Escape");
  await page.selectOption("#operation", "delete");
  await page.click("#search");
  await page.locator(".cm-search").waitFor();
});

test("long lines are wrapped on demand, also in a text that is opened later", async () => {
  const page = await edit(`# ${"word ".repeat(200)}|\n`);
  const overflow = () =>
    page.locator("#editor .cm-scroller").evaluate((scroller) => scroller.scrollWidth - scroller.clientWidth);
  assert.ok((await overflow()) > 0);
  await page.click("#wrap");
  assert.equal(await page.locator("#wrap").getAttribute("aria-pressed"), "true");
  assert.ok((await overflow()) <= 0);
  await page.selectOption("#operation", "delete");
  await typeOver(page, `# ${"word ".repeat(200)}`);
  assert.ok((await overflow()) <= 0);
  await page.selectOption("#operation", "create");
  assert.ok((await overflow()) <= 0);
  await page.click("#wrap");
  assert.ok((await overflow()) > 0);
});

for (const [mode, options] of Object.entries({
  light: {},
  dark: { colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 } },
})) {
  test(`no accessibility violations: ${mode}`, async () => {
    const page = await site.open(options);
    if (mode === "narrow") {
      await page.locator("#switcher").getByRole("tab", { name: "Editor" }).click();
    }
    await page.click("#search");
    await page.locator(".cm-search").waitFor();
    await page.keyboard.type("a");
    await assertAccessible(page, "search");
    await page.keyboard.press("Escape");
    await assisted(page);
    await typeOver(page, "config:\n  a");
    await list(page).waitFor();
    await page.locator(".cm-completionInfo").waitFor();
    await assertAccessible(page, "completion");
  });
}
