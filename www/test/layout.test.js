// Nothing overlaps or is cut off, from a phone to a large screen, and on paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { field, fill, scripts, settled, start, typeOver } from "./support.js";

const SIZES = [
  [320, 256],
  [360, 740],
  [640, 400],
  [700, 900],
  [768, 1024],
  [1024, 768],
  [1280, 800],
  [1440, 900],
  [2560, 1300],
];

const BROKEN = `type: Redshift
autoBootstrap: yes
config:
  hots: a
  database: dev
  initialDatabase: sales
  authenticationType: userPassword
  username: bob
  password: short
`;

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

/** The pairs of visible controls that overlap. */
function overlaps(page) {
  return page.evaluate(() => {
    // What is scrolled out of its container is not visible.
    const visibleBox = (element) => {
      let { left, top, right, bottom } = element.getBoundingClientRect();
      for (let each = element.parentElement; each !== null; each = each.parentElement) {
        if (getComputedStyle(each).overflow !== "visible") {
          const clip = each.getBoundingClientRect();
          left = Math.max(left, clip.left);
          top = Math.max(top, clip.top);
          right = Math.min(right, clip.right);
          bottom = Math.min(bottom, clip.bottom);
        }
      }
      return { left, top, right, bottom, width: right - left, height: bottom - top };
    };
    const boxes = [
      ...document.querySelectorAll("header *, .pane-head *, .status *, .options *, .file-head *"),
    ]
      .filter((element) => element.matches("button, select, input, label, h1, h2, h3, .note, .choice"))
      .filter((element) => element.closest(".hidden-text, .menu") === null && element.checkVisibility())
      .filter((element) => getComputedStyle(element).clipPath === "none")
      .map((element) => [element, visibleBox(element)])
      .filter(([, box]) => box.width > 0 && box.height > 0);
    const found = [];
    for (const [index, [a, one]] of boxes.entries()) {
      for (const [b, other] of boxes.slice(index + 1)) {
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (width > 1 && height > 1 && !a.contains(b) && !b.contains(a)) {
          found.push([a.outerHTML.slice(0, 80), b.outerHTML.slice(0, 80)]);
        }
      }
    }
    return found;
  });
}

for (const [width, height] of SIZES) {
  test(`nothing overlaps or leaves the window: ${String(width)} by ${String(height)}`, async () => {
    const page = await site.open({ viewport: { width, height } });
    const states = [];
    const check = async (state) => {
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      states.push([state, await overlaps(page), wider > 0 ? `${String(wider)} pixels too wide` : "fits"]);
    };
    await check("start");
    for (const operation of ["script-initial-create", "update", "get"]) {
      await page.selectOption("#operation", operation);
      await check(operation);
    }
    await page.selectOption("#operation", "create");
    await page.click("#examples");
    await page.click("[data-example=manual-user-password]");
    for (const pane of ["Editor", "Result"]) {
      if (width < 1100) {
        await page.locator("#switcher").getByRole("tab", { name: pane }).click();
      }
      await settled(page);
      await check(pane);
    }
    assert.deepEqual(
      states,
      states.map(([state]) => [state, [], "fits"]),
    );
    await page.context().close();
  });
}

test("where to run a script is shown completely, also on a phone", async () => {
  const page = await site.open({ viewport: { width: 360, height: 740 } });
  await page.click("#examples");
  await page.click("[data-example=manual-user-password]");
  await page.locator("#switcher").getByRole("tab", { name: "Result" }).click();
  await settled(page);
  const note = page.locator("#result-scripts .note").first();
  assert.equal(await note.textContent(), 'run in "sales"');
  assert.ok(await note.evaluate((element) => element.scrollWidth <= element.clientWidth + 1));
  await page.context().close();
});

test("messages at a field are complete, with their help", async () => {
  for (const width of [360, 1280]) {
    const page = await site.open({ viewport: { width, height: 800 } });
    await fill(page, "/config/host", "https://cluster.example:5439/dev");
    const finding = field(page, "/config/host").locator(".finding");
    await finding.waitFor();
    assert.ok((await finding.locator(".hint").textContent()).includes("cluster.example"));
    assert.ok(
      await finding.evaluate((element) =>
        [element, ...element.querySelectorAll("span:not(.hidden-text), code")].every(
          (each) => each.scrollWidth <= Math.max(each.clientWidth, each.offsetWidth) + 1,
        ),
      ),
    );
    await page.context().close();
  }
});

test("the list of problems shows that there are more", async () => {
  const page = await site.open({ viewport: { width: 1280, height: 800 } });
  await typeOver(page, BROKEN);
  await settled(page);
  const isCut = await page.locator("#problems").evaluate((list) => {
    const { bottom } = list.getBoundingClientRect();
    const rows = [...list.querySelectorAll("li")].map((row) => row.getBoundingClientRect());
    return (
      list.scrollHeight <= list.clientHeight ||
      rows.some((row) => row.top < bottom - 6 && row.bottom > bottom + 6)
    );
  });
  assert.ok(isCut);
  await page.context().close();
});

test("printing gives the scripts with a heading, and neither the form nor the bars", async () => {
  const page = await site.open();
  await page.click("#load-example");
  const files = Object.keys(await scripts(page));
  await page.emulateMedia({ media: "print" });
  for (const hidden of [
    "#form-pane",
    "#editor-pane",
    ".bar",
    ".status",
    ".problems",
    "#result-tabs",
    ".options",
  ]) {
    assert.ok(await page.locator(hidden).isHidden(), hidden);
  }
  assert.equal(await page.locator(".print-title").innerText(), "Create an integration — POST /integrations");
  for (const file of files) {
    assert.ok(await page.locator("#result-scripts h3", { hasText: file }).isVisible());
  }
  // Nothing is cut off: every file is as high as its text.
  const cut = await page
    .locator("#result-scripts pre")
    .evaluateAll((all) => all.filter((pre) => pre.scrollHeight > pre.clientHeight + 1).length);
  assert.equal(cut, 0);
  const pane = page.locator("#result");
  assert.ok(await pane.evaluate((element) => element.scrollHeight <= element.clientHeight + 1));
  await page.context().close();
});

test("no page reports an error or a warning", () => {
  assert.deepEqual(site.errors, []);
});
