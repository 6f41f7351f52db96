// Runs axe-core on the main states of the page, in every display mode.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertAccessible, scripts, settled, start, typeOver } from "./support.js";

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

const MODES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 }, hasTouch: true },
  "narrow and dark": { viewport: { width: 360, height: 740 }, colorScheme: "dark" },
  // 768 pixels is a tablet upright.
  medium: { viewport: { width: 768, height: 1024 } },
  // The sizes of a window of 1280 by 800 at 200 % and 400 %.
  "200 % zoom": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  "400 % zoom": { viewport: { width: 320, height: 200 }, deviceScaleFactor: 4 },
  "reduced motion": { reducedMotion: "reduce" },
};

const BROKEN = "type: Redshift\nautoBootstrap: yes\nconfig:\n  hots: a\n  authenticationType: okta\n";
const OLD = `type: Redshift
autoBootstrap: false
config:
  host: a.example
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: bob
  password: "\${OLD_PASSWORD}"
`;

for (const [mode, options] of Object.entries(MODES)) {
  test(`no accessibility violations: ${mode}`, async () => {
    const page = await site.open(options);
    const isNarrow = (options.viewport?.width ?? 1440) < 1100;
    const show = async (pane) => {
      if (isNarrow) {
        await page.locator("#switcher").getByRole("tab", { name: pane }).click();
      }
    };
    await assertAccessible(page, "start");
    await show("Editor");
    await typeOver(page, BROKEN);
    await assertAccessible(page, "errors in the editor");
    await show("Form");
    await assertAccessible(page, "errors in the form");
    await show("Editor");
    await typeOver(page, OLD);
    await show("Result");
    await scripts(page);
    await assertAccessible(page, "scripts");
    await page.selectOption("[data-option=flavor]", "data-api");
    await scripts(page);
    await assertAccessible(page, "scripts as JSON");
    for (const tab of ["Request", "Response"]) {
      await page.getByRole("tab", { name: tab }).click();
      await settled(page);
      await assertAccessible(page, tab);
    }
    await page.selectOption("#operation", "update");
    await page.getByRole("tab", { name: "Changes" }).click();
    await page.click("#copy-to-old");
    await show("Editor");
    await typeOver(page, OLD.replace("bob", "alice").replace("OLD", "NEW"));
    await show("Result");
    await settled(page);
    await assertAccessible(page, "changes");
    await page.getByRole("tab", { name: "Scripts" }).click();
    await show("Editor");
    await typeOver(page, BROKEN);
    await show("Result");
    await settled(page);
    await assertAccessible(page, "errors instead of scripts");
    await page.selectOption("#operation", "delete");
    await show("Form");
    await assertAccessible(page, "delete");
    for (const menu of ["examples", "share", "theme"]) {
      await page.click(`#${menu}`);
      await page.waitForSelector(".menu:popover-open");
      await assertAccessible(page, menu);
      await page.keyboard.press("Escape");
    }
    await page.context().close();
  });
}

test("reduced motion disables transitions and animations", async () => {
  const page = await site.open({ reducedMotion: "reduce" });
  const animated = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")]
        .map((element) => getComputedStyle(element))
        .filter((style) => style.transitionDuration !== "0s" || style.animationName !== "none").length,
  );
  assert.equal(animated, 0);
  const standard = await site.open();
  const transitions = await standard.evaluate(
    () => getComputedStyle(document.querySelector("#toast")).transitionDuration,
  );
  assert.notEqual(transitions, "0s");
});

test("screen readers announce the number of problems when typing pauses", async () => {
  const page = await site.open();
  const status = page.getByRole("status").filter({ hasText: /./ });
  await typeOver(page, BROKEN);
  await page.waitForFunction(() => /errors/.test(document.querySelector("#announcement").textContent));
  assert.equal(await status.count(), 1);
  assert.equal(
    await page.locator("#announcement").textContent(),
    await page.locator("#problem-count").textContent(),
  );
});
