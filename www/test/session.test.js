// Nothing that was entered is lost, and the address says where one is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { fill, openFile, settled, start, summary, textOf, typeOver } from "./support.js";

const SECRET = "Tr0ub4dor-Horse";
const SAFE = `# Our payload.
type: Redshift
autoBootstrap: false
config:
  host: a.example # the host
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: bob
  password: "\${MY_PASSWORD}"
`;
const WITH_SECRET = SAFE.replace('"${MY_PASSWORD}"', SECRET).replace("Our payload", `Once ${SECRET}`);

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

const reload = async (page) => {
  await page.reload();
  await page.waitForSelector("html[data-ready]");
};

/** What the browser keeps for the tab. */
const stored = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }));

/** Whether the page asks before it is left. */
async function asks(page) {
  let asked = false;
  page.once("dialog", (dialog) => {
    asked = dialog.type() === "beforeunload";
    void dialog.accept();
  });
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  page.removeAllListeners("dialog");
  return asked;
}

test("a reload restores text, operation, tab and options, with comments", async () => {
  const page = await site.open();
  await typeOver(page, SAFE);
  await page.selectOption("#operation", "script-initial-create");
  await page.selectOption("[data-option=flavor]", "psql");
  await page.getByLabel("Password ${MY_PASSWORD}").fill(SECRET);
  await page.getByRole("tab", { name: "Request" }).click();
  await page.getByLabel("Immuta URL").fill("https://immuta.example");
  await reload(page);
  assert.equal(await textOf(page), SAFE);
  assert.equal(await page.inputValue("#operation"), "script-initial-create");
  assert.ok(await page.locator("#result-request").isVisible());
  assert.equal(await page.getByLabel("Immuta URL").inputValue(), "https://immuta.example");
  await page.getByRole("tab", { name: "Scripts" }).click();
  assert.equal(await page.inputValue("[data-option=flavor]"), "psql");
  // A password is never kept.
  assert.equal(await page.getByLabel("Password ${MY_PASSWORD}").inputValue(), "");
  assert.ok(!(await stored(page)).includes(SECRET.slice(0, 6)));
  await page.context().close();
});

test("the form, an opened file and the current payload survive a visit to another page", async () => {
  const page = await site.open();
  await fill(page, "/config/host", "typed.example");
  await page.goto("about:blank");
  await page.goBack();
  await page.waitForSelector("html[data-ready]");
  assert.match(await textOf(page), /host: typed.example/);
  await openFile(page, { name: "mine.yaml", mimeType: "text/plain", buffer: Buffer.from(SAFE) });
  await page.waitForFunction(() => document.querySelector("#file-name").textContent === "mine.yaml");
  await page.selectOption("#operation", "update");
  await page.click("#copy-to-old");
  await fill(page, "/config/username", "alice");
  await page.goto(`${site.url}?other`);
  await page.goBack();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await page.textContent("#file-name"), "mine.yaml");
  assert.equal(await page.inputValue("#operation"), "update");
  assert.equal(await textOf(page, "#old-editor"), SAFE);
  await settled(page);
  assert.deepEqual(await page.locator(".changes tbody tr").first().locator("th, td").allTextContents(), [
    "config.username",
    "bob",
    "alice",
  ]);
  await page.context().close();
});

test("a crash loses at most what was typed in the last moment", async () => {
  const page = await site.open();
  await typeOver(page, SAFE);
  await page.waitForFunction(() => JSON.stringify({ ...sessionStorage }).includes("Our payload"));
  await page.context().close();
});

test("stored texts have no secrets, not even in comments and misspelled properties", async () => {
  const page = await site.open();
  await typeOver(page, WITH_SECRET.replace("username: bob", `username: bob\n  pasword: ${SECRET}-2`));
  await page.selectOption("#operation", "update");
  await page.click("#copy-to-old");
  await page.selectOption("#operation", "delete");
  await page.selectOption("#operation", "get");
  await typeOver(page, `{"id": 1, "config": {"password": "${SECRET}", "token": "${SECRET}"}}`);
  for (const text of [
    `password: ${SECRET}\nconfig: [`,
    `config:\n  password: ${SECRET}\n  password: "\${X}"\n`,
    `a: 1\n---\nconfig:\n  password: ${SECRET}\n`,
    `base: &b ${SECRET}\nconfig:\n  password: *b\n`,
  ]) {
    await page.selectOption("#operation", "create");
    await typeOver(page, text);
    await page.selectOption("#operation", "get");
    await page.evaluate(() => window.dispatchEvent(new Event("pagehide")));
    const content = await stored(page);
    assert.ok(content.includes("bootshift-session"));
    for (let from = 0; from + 6 <= SECRET.length; from += 1) {
      assert.ok(!content.includes(SECRET.slice(from, from + 6)), content);
    }
  }
  await page.context().close();
});

test("leaving asks only if something would be lost", async () => {
  const page = await site.open();
  // Chromium asks only if the page was used.
  await page.click("#file-name");
  assert.equal(await asks(page), false, "nothing was entered");
  await typeOver(page, SAFE);
  assert.equal(await asks(page), false, "all is kept");
  await page.click("#examples");
  await page.click("[data-example=manual-user-password]");
  assert.equal(await asks(page), false, "the example exists elsewhere");
  await typeOver(page, WITH_SECRET);
  assert.equal(await asks(page), true, "a password is not kept");
  assert.match(await textOf(page), /password: "?\$\{REDSHIFT_PASSWORD\}/);
  await typeOver(page, "config: [");
  assert.equal(await asks(page), true, "the secrets of an invalid text cannot be found");
  await page.context().close();
});

test("the page works if the browser refuses storage, says so, and asks before it is left", async () => {
  const page = await site.open({
    script: () => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    },
  });
  await typeOver(page, SAFE);
  assert.equal(await summary(page), "No problems");
  await page.getByText("Not kept").waitFor();
  assert.equal(await asks(page), true);
  await page.context().close();
  const blocked = await site.open({
    script: () => {
      Object.defineProperty(window, "sessionStorage", {
        get: () => {
          throw new DOMException("blocked", "SecurityError");
        },
      });
    },
  });
  await typeOver(blocked, SAFE);
  assert.equal(await summary(blocked), "No problems");
  await blocked.context().close();
});

test("the address always says where one is, and every step back works, also the first one", async () => {
  const page = await site.open();
  const address = () => page.evaluate(() => location.hash);
  assert.equal(await address(), "#create/scripts");
  await page.selectOption("#operation", "script-create");
  assert.equal(await address(), "#script-create/scripts");
  await page.getByRole("tab", { name: "Request" }).click();
  assert.equal(await address(), "#script-create/request");
  await page.selectOption("#operation", "get");
  assert.equal(await address(), "#get/request");
  await page.goBack();
  assert.equal(await page.inputValue("#operation"), "script-create");
  assert.equal(await address(), "#script-create/request");
  await page.goBack();
  assert.equal(await page.inputValue("#operation"), "create");
  assert.equal(await address(), "#create/scripts");
  await page.context().close();
});

test("no page reports an error or a warning", () => {
  assert.deepEqual(site.errors, []);
});
