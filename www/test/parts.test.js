// The parts of the page that other code uses: the read-only view, the comparison, and the fixes of the editor.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { buildParts } from "./parts/build.js";
import { assertAccessible, start, textOf } from "./support.js";

let site;
let parts;
before(async () => {
  parts = await buildParts();
  site = await start({ folder: parts.folder });
});
afterEach(() => {
  assert.deepEqual(site.errors, []);
});
after(async () => {
  await site.close();
  parts.remove();
});

/** Opens the page and shows a part. */
async function show(part, args, options) {
  const page = await site.open(options);
  await page.evaluate(([name, given]) => window.parts[name](...given), [part, args]);
  return page;
}

async function assertNoViolations(page) {
  assert.deepEqual(await page.evaluate(() => window.violations), []);
}

const SQL = `-- Creates the database
CREATE DATABASE "immuta";

GRANT ALL ON DATABASE "immuta" TO "system"; -- to the system account, which configures the integration, and no one else
`;

const NARROW = { viewport: { width: 360, height: 740 } };
const MODES = { light: {}, dark: { colorScheme: "dark" }, narrow: NARROW };

// The read-only view.

const sql = (text = SQL) => [{ label: "1.sql", text, syntax: "sql" }];

test("a source is plain text with highlighting", async () => {
  const page = await show("source", sql());
  const code = page.locator("pre");
  assert.equal(await code.evaluate((element) => element.textContent), SQL);
  assert.ok((await code.locator(".tok-keyword").count()) >= 3);
  assert.equal(await page.getByRole("region", { name: "1.sql", exact: true }).count(), 1);
  await assertNoViolations(page);
});

for (const text of ["", "\n", "a", "a\n", "a\n\nb", "\n\na\r\n\n"]) {
  for (const syntax of ["sql", "text"]) {
    test(`a source shows exactly its text: ${JSON.stringify(text)} as ${syntax}`, async () => {
      const page = await show("source", [{ label: "x", text, syntax }]);
      assert.equal(await page.locator("pre").evaluate((element) => element.textContent), text);
      const lines = text.split("\n").length - (text === "" || text.endsWith("\n") ? 1 : 0);
      assert.equal(await page.locator(".source-line").count(), lines);
    });
  }
}

test("line numbers are shown, and neither selected nor copied", async () => {
  const page = await show("source", sql());
  const heights = await page
    .locator(".source-line")
    .evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().height));
  assert.equal(new Set(heights).size, 1, `lines of the same height: ${heights.join()}`);
  const number = await page
    .locator(".source-line")
    .nth(1)
    .evaluate((line) => getComputedStyle(line, "::before").counterIncrement);
  assert.equal(number, "source-line 1");
  await page.locator("pre").focus();
  await page.evaluate(() => window.getSelection().selectAllChildren(document.querySelector("pre")));
  await page.keyboard.press("ControlOrMeta+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied.trimEnd(), SQL.trimEnd());
});

for (const [width, isWrapped] of [
  [360, true],
  [700, false],
]) {
  test(`long lines are wrapped on demand, and at first only on a phone: ${String(width)} pixels`, async () => {
    const page = await show("source", sql(), { viewport: { width, height: 740 } });
    const overflow = () => page.locator("pre").evaluate((code) => code.scrollWidth - code.clientWidth);
    const wrap = page.getByRole("button", { name: "Wrap lines of 1.sql" });
    for (const expected of [isWrapped, !isWrapped]) {
      assert.equal(await wrap.getAttribute("aria-pressed"), String(expected));
      assert.equal((await overflow()) <= 0, expected);
      await wrap.click();
    }
  });
}

/** Waits until the search of a source reports a number of matches. */
async function found(page, summary) {
  await page.waitForFunction(
    (expected) => document.querySelector("[role=search] [role=status]")?.textContent === expected,
    summary,
  );
}

/** The texts of the marked ranges, from the registry of the browser. */
function marked(page, name) {
  return page.evaluate((key) => [...(CSS.highlights.get(key) ?? [])].map((range) => range.toString()), name);
}

test("search counts and marks matches, and moves between them with the keyboard", async () => {
  const page = await show("source", sql());
  const button = page.getByRole("button", { name: "Search 1.sql" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("DATABASE");
  await found(page, "1 of 3");
  assert.deepEqual(await marked(page, "source-match"), ["database", "DATABASE", "DATABASE"]);
  assert.deepEqual(await marked(page, "source-match-current"), ["database"]);
  await page.keyboard.press("Enter");
  await found(page, "2 of 3");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Shift+Enter");
  await found(page, "3 of 3");
  // A match can extend over several styles, and special characters have no meaning.
  await page.getByRole("textbox").fill('ON DATABASE "immuta"');
  await found(page, "1 of 1");
  assert.deepEqual(await marked(page, "source-match"), ['ON DATABASE "immuta"']);
  await page.getByRole("textbox").fill("(*");
  await found(page, "No matches");
  assert.deepEqual(await marked(page, "source-match"), []);
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("search").count(), 0);
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
  await assertNoViolations(page);
});

test("search follows the text", async () => {
  const page = await show("source", sql());
  await page.getByRole("button", { name: "Search 1.sql" }).click();
  await page.getByRole("textbox").fill("immuta");
  await found(page, "1 of 2");
  await page.evaluate((props) => window.parts.source(props), sql("SELECT 'immuta';\n")[0]);
  await found(page, "1 of 1");
  assert.deepEqual(await marked(page, "source-match"), ["immuta"]);
});

test("search scrolls to a match", async () => {
  const text = `${"SELECT 1;\n".repeat(400)}-- here\n`;
  const page = await show("source", sql(text));
  await page.getByRole("button", { name: "Search 1.sql" }).click();
  await page.getByRole("textbox").fill("here");
  await found(page, "1 of 1");
  const isVisible = await page.locator(".tok-comment").evaluate((match) => {
    const { top, bottom } = match.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  });
  assert.equal(isVisible, true);
});

test("a source fills the window, and Escape returns with the same focus", async () => {
  const page = await show("source", sql());
  const root = page.locator("section.source");
  const box = () => root.boundingBox();
  const original = await box();
  const button = page.getByRole("button", { name: "Maximize 1.sql" });
  await button.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await box(), { x: 0, y: 0, width: 1440, height: 900 });
  const isFocused = () => button.evaluate((element) => element === document.activeElement);
  assert.equal(await isFocused(), true);
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  // What is covered cannot be focused.
  const covered = await page.locator("#other").evaluate((element) => element.closest("[inert]") !== null);
  assert.equal(covered, true);
  await assertAccessible(page, "maximized");
  // Escape first closes the search.
  await page.getByRole("button", { name: "Search 1.sql" }).click();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("search").count(), 0);
  assert.equal((await box()).width, 1440);
  await button.focus();
  await page.keyboard.press("Escape");
  assert.deepEqual(await box(), original);
  assert.equal(await isFocused(), true);
  assert.equal(await page.locator("[inert], [popover]").count(), 0);
  await assertNoViolations(page);
});

// The comparison.

const BEFORE = `type: Redshift
autoBootstrap: false
config:
  host: a.example
  port: 5439
  database: immuta
  initialDatabase: dev
  impersonation:
    enabled: false
  authenticationType: userPassword
  username: bob
  password: "\${P}"
`;
const AFTER = BEFORE.replace("username: bob", "username: alice").replace("  port: 5439\n", "");

const comparison = (before = BEFORE, after = AFTER) => [
  { before, after, language: "yaml", labels: { before: "Current", after: "New" } },
];

async function compared(args, options) {
  const page = await show("comparison", args, options);
  await page.locator(".comparison").waitFor();
  return page;
}

test("a comparison marks changed lines and changed words", async () => {
  const page = await compared(comparison());
  assert.equal(await page.locator("caption").textContent(), "2 lines removed, 1 line added");
  assert.deepEqual(await page.locator("th").allTextContents(), ["Current", "New"]);
  assert.deepEqual(await page.locator(".code.removed").allTextContents(), [
    "  port: 5439",
    "  username: bob",
  ]);
  assert.deepEqual(await page.locator(".code.added").allTextContents(), ["  username: alice"]);
  assert.deepEqual(await page.locator("del").allTextContents(), ["bob"]);
  assert.deepEqual(await page.locator("ins").allTextContents(), ["alice"]);
  assert.ok((await page.locator(".tok-propertyName, .tok-definition").count()) > 0);
  // Not by color alone.
  const sign = await page
    .locator(".code.removed")
    .first()
    .evaluate((cell) => getComputedStyle(cell, "::before").content);
  assert.match(sign, /−/);
  await assertNoViolations(page);
});

test("numbers of lines are those of each text", async () => {
  const page = await compared(comparison("a\nb\nc\n", "a\nx\ny\nc"));
  const rows = await page
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.cells].map((cell) => cell.dataset.number ?? cell.textContent)),
    );
  assert.deepEqual(rows, [
    ["1", "a", "1", "a"],
    ["2", "b", "2", "x"],
    ["", "", "3", "y"],
    ["3", "c", "4", "c"],
  ]);
});

test("long unchanged parts are collapsed, and shown on demand", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${String(index + 1)}`);
  const changed = lines.with(20, "changed");
  const page = await compared(comparison(lines.join("\n"), changed.join("\n")));
  const buttons = page.locator(".comparison").getByRole("button");
  assert.deepEqual(
    await buttons.evaluateAll((all) => all.map((button) => button.getAttribute("aria-label"))),
    ["Show 17 unchanged lines", "Show 16 unchanged lines"],
  );
  assert.equal(await page.locator("tbody tr").count(), 9);
  await buttons.first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("tbody tr").count(), 25);
  assert.equal(await buttons.count(), 1);
  const focused = await page.evaluate(() => document.activeElement.className);
  assert.equal(focused, "comparison");
});

test("a narrow comparison shows the lines below each other", async () => {
  const page = await compared(comparison("a\nb one\nc one\nd\n", "a\nb two\nc two\nd\n"), NARROW);
  const rows = await page
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.cells].map((cell) => cell.dataset.number ?? cell.textContent)),
    );
  assert.deepEqual(rows, [
    ["1", "1", "a"],
    ["2", "", "b one"],
    ["3", "", "c one"],
    ["", "2", "b two"],
    ["", "3", "c two"],
    ["4", "4", "d"],
  ]);
  assert.deepEqual(await page.locator("th").allTextContents(), ["Current", "New"]);
});

for (const [before, after] of [
  ["", ""],
  ["a\n", "a"],
  ["a\r\nb", "a\nb\n"],
]) {
  test(`texts without a difference: ${JSON.stringify([before, after])}`, async () => {
    const page = await compared(comparison(before, after));
    assert.equal(await page.locator(".comparison").textContent(), "No differences");
  });
}

test("texts with too many differences count as entirely different", async () => {
  const text = (word) => `same\n${`${word}\n`.repeat(3000)}`;
  const page = await compared(comparison(text("old"), text("new")));
  assert.equal(await page.locator("caption").textContent(), "3001 lines removed, 3001 lines added");
});

// The fixes of the editor.

const FIX = { title: "Change to `host`", edits: [{ from: 0, to: 4, insert: "host" }] };

function diagnostic(from, to) {
  const position = (offset) => ({ line: 1, column: offset + 1, offset });
  return {
    code: "unknown-property",
    severity: "error",
    message: "unknown property `hots`",
    pointer: "/hots",
    start: position(from),
    end: position(to),
  };
}

test("a fix is applied from the tooltip, as one undo step", async () => {
  const page = await show("editor", ["hots: a # why\n", "yaml", diagnostic(0, 4), FIX]);
  await page.locator(".cm-lintRange").hover();
  const button = page.locator(".cm-diagnosticAction");
  await button.waitFor();
  assert.equal(await button.textContent(), "Change to host");
  await assertAccessible(page, "tooltip");
  await button.click();
  assert.equal(await textOf(page), "host: a # why\n");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await textOf(page), "hots: a # why\n");
  await assertNoViolations(page);
});

test("a fix is applied with the keyboard", async () => {
  const page = await show("editor", ["hots: a # why\n", "yaml", diagnostic(0, 4), FIX]);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("ControlOrMeta+.");
  assert.equal(await textOf(page), "hots: a # why\n");
  await page.keyboard.press("F8");
  await page.locator(".cm-tooltip .cm-diagnostic").waitFor();
  await page.keyboard.press("ControlOrMeta+.");
  assert.equal(await textOf(page), "host: a # why\n");
});

for (const [mode, options] of Object.entries(MODES)) {
  test(`no accessibility violations: ${mode}`, async () => {
    const page = await show("source", sql(), options);
    await assertAccessible(page, "source");
    await page.getByRole("button", { name: "Search 1.sql" }).click();
    await page.getByRole("textbox").fill("database");
    await page.getByRole("button", { name: "Wrap lines of 1.sql" }).click();
    await assertAccessible(page, "source with search");
    await page.evaluate((props) => window.parts.comparison(props), comparison()[0]);
    await page.locator(".comparison").waitFor();
    await assertAccessible(page, "comparison");
  });
}
