// User scenarios, from the first keystroke to the download.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Document } from "bootshift";

import {
  choose,
  downloaded,
  field,
  fill,
  messages,
  openFile,
  passwordMessage,
  scripts,
  settled,
  assertShows,
  start,
  summary,
  textOf,
  typeOver,
} from "./support.js";

const VALID = `# Our payload.
type: Redshift
autoBootstrap: false
config:
  host: a.example # the host
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: "bob"

  password: Secret-Passw0rd
`;

let site;
before(async () => {
  site = await start();
});
after(() => site.close());

/** Fills an empty form with a payload for a Redshift user. */
async function fillAll(page) {
  await choose(page, "/autoBootstrap", "false");
  await fill(page, "/config/host", "a.example");
  await fill(page, "/config/port", "5440");
  await fill(page, "/config/database", "immuta");
  await fill(page, "/config/initialDatabase", "dev");
  await choose(page, "/config/authenticationType", "userPassword");
  await fill(page, "/config/username", "bob");
  await fill(page, "/config/password", "Secret-Passw0rd");
}

const FILLED = `type: Redshift
autoBootstrap: false
config:
  host: a.example
  port: 5440
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: bob
  password: Secret-Passw0rd
`;

const FILES = {
  create: ["1-initial-create.sql", "2-create.sql"],
  "script-initial-create": ["1-initial-create.sql"],
  "script-create": ["1-create.sql"],
  update: ["1-edit.sql"],
  "script-edit": ["1-edit.sql"],
  "script-delete": ["1-check.sql", "2-delete.sql"],
  "script-cleanup": ["1-check.sql", "2-drop-database.sql", "3-cleanup.sql"],
};

for (const [operation, files] of Object.entries(FILES)) {
  test(`form, text and scripts follow each other: ${operation}`, async () => {
    const page = await site.open();
    await page.selectOption("#operation", operation);
    await typeOver(page, "");
    assert.equal(await field(page, "/config/host").locator("input").inputValue(), "");
    await fillAll(page);
    assert.equal(await textOf(page), FILLED);
    assert.equal(await summary(page), "1 note");
    if (files[0] === "1-edit.sql") {
      await page.getByRole("tab", { name: "Changes" }).click();
      await page.click("#copy-to-old");
      await fill(page, "/config/username", "alice");
      await settled(page);
      const row = page.locator(".changes tbody tr");
      assert.deepEqual(await row.locator("th, td").allTextContents(), ["config.username", "bob", "alice"]);
      await page.getByRole("tab", { name: "Scripts" }).click();
    }
    const written = await scripts(page);
    assert.deepEqual(Object.keys(written), files);
    for (const text of Object.values(written)) {
      assert.doesNotMatch(text, /Secret-Passw0rd/);
    }
    // From the text to the form.
    await typeOver(page, VALID);
    assert.equal(await field(page, "/config/username").locator("input").inputValue(), "bob");
    assert.equal(await field(page, "/config/port").locator("input").inputValue(), "");
    await typeOver(page, "");
    assert.equal(await field(page, "/config/username").locator("input").inputValue(), "");
    assert.equal(await page.locator("#form-payload input:checked").count(), 0);
    await page.context().close();
  });
}

test("delete starts with the account of the payload, or without a body", async () => {
  const page = await site.open();
  await typeOver(page, VALID);
  await page.selectOption("#operation", "delete");
  assert.equal(
    await textOf(page),
    "authenticationType: userPassword\nusername: bob\npassword: Secret-Passw0rd\n",
  );
  await page.getByRole("tab", { name: "Request" }).click();
  await settled(page);
  assert.match(await page.locator("#result-request pre").textContent(), /curl -X 'DELETE'/);
  await typeOver(page, "");
  assert.match(await page.locator("#problem-list").textContent(), /credentials-required/);
  await choose(page, "/authenticationType", "userPassword");
  await fill(page, "/username", "carol");
  assert.equal(await summary(page), "No problems");
  await page.locator("#form-delete input[value=manual]").check({ force: true });
  assert.equal(await textOf(page), "");
  assert.equal(await summary(page), "No problems");
  await typeOver(page, "username: x\n");
  assert.match(await page.locator("#problem-list").textContent(), /credentials-not-allowed/);
  await page.context().close();
});

test("get, list and status have a request without a body, and check a response", async () => {
  const page = await site.open();
  for (const operation of ["get", "list", "status"]) {
    await page.selectOption("#operation", operation);
    assert.equal(await summary(page), "No problems");
    await page.getByRole("tab", { name: "Request" }).click();
    await settled(page);
    assert.match(await page.locator("#result-request pre").textContent(), /curl -X 'GET'/);
    await typeOver(page, "{}");
    await settled(page);
    assert.match(await summary(page), /error/);
  }
  await page.context().close();
});

test("an error marks its line and its field, and fixing it clears both", async () => {
  const page = await site.open();
  await typeOver(page, VALID);
  const markers = page.locator("#editor .cm-lint-marker-error");
  assert.equal(await markers.count(), 0);
  const withScheme = VALID.replace("a.example", "https://a.example");
  await typeOver(page, withScheme);
  assert.equal(await markers.count(), 1);
  assert.equal(await page.locator("#editor .cm-lintRange-error").textContent(), "https://a.example");
  const host = field(page, "/config/host");
  assert.equal(await host.locator("input").getAttribute("aria-invalid"), "true");
  await assertShows(host.locator(".finding.error"), messages(withScheme)["host-not-bare"]);
  assert.match(await page.locator("#problem-list li").first().textContent(), /5:9.*host-not-bare/);
  // A click on the message at the field selects the text.
  await host.locator(".finding.error").click();
  await page.keyboard.insertText("b.example");
  assert.equal(await textOf(page), VALID.replace("a.example", "b.example"));
  assert.equal(await markers.count(), 0);
  assert.equal(await host.locator("input").getAttribute("aria-invalid"), null);
  assert.equal(await host.locator(".finding").count(), 0);
  // An unknown property is shown at its object, a missing one at its field.
  const misspelled = VALID.replace("host:", "hots:");
  await typeOver(page, misspelled);
  await assertShows(page.locator("fieldset > .errors .finding"), messages(misspelled)["unknown-property"]);
  const incomplete = VALID.replace(/ {2}database.*\n/, "");
  await typeOver(page, incomplete);
  await assertShows(
    field(page, "/config/database").locator(".finding"),
    messages(incomplete)["missing-property"],
  );
  // A click in the list focuses the editor, too.
  await page.locator("#problem-list .problem").first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "editor");
  await page.context().close();
});

test("errors replace the results by what to fix, so that nothing is out of date", async () => {
  const page = await site.open();
  await typeOver(page, VALID);
  const valid = await scripts(page);
  assert.equal(Object.keys(valid).length, 2);
  const broken = VALID.replace("database: immuta", 'database: ""');
  await typeOver(page, broken);
  assert.deepEqual(await scripts(page), {});
  const list = page.locator("#result-scripts .empty");
  assert.match(await list.textContent(), /Fix 1 error to see the scripts/);
  assert.equal(await page.locator("#download-all, button.export").count(), 0);
  await page.getByRole("tab", { name: "Request" }).click();
  assert.match(await page.locator("#result-request .empty").textContent(), /Fix 1 error to see the request/);
  await page.getByRole("tab", { name: "Scripts" }).click();
  // The list leads to the error.
  await list.getByRole("button").click();
  await page.keyboard.insertText("other");
  const fixed = await scripts(page);
  assert.deepEqual(Object.keys(fixed), Object.keys(valid));
  assert.notDeepEqual(fixed, valid);
  assert.ok(await page.locator("#download-all").isEnabled());
  await page.context().close();
});

test("a forbidden change is in the table, and nothing else claims that there is no change", async () => {
  const page = await site.open({ hash: "#update/changes" });
  await typeOver(page, VALID);
  await page.click("#copy-to-old");
  await page.getByRole("tab", { name: "Scripts" }).click();
  await settled(page);
  assert.match(await page.locator("#result").textContent(), /Nothing to do/);
  await page.getByRole("tab", { name: "Changes" }).click();
  await fill(page, "/config/host", "b.example");
  await settled(page);
  assert.deepEqual(await page.locator(".changes tbody th").allTextContents(), ["config.host"]);
  await page.getByRole("tab", { name: "Scripts" }).click();
  assert.doesNotMatch(await page.locator("#result").textContent(), /Nothing to do/);
  assert.match(await page.locator("#result").textContent(), /Fix 1 error/);
  await page.context().close();
});

test("errors in a response do not affect the request of its operation", async () => {
  const page = await site.open({ hash: "#get/request" });
  const request = page.locator("#result-request pre");
  await settled(page);
  const written = await request.textContent();
  await typeOver(page, "{}");
  await settled(page);
  assert.match(await summary(page), /error/);
  assert.equal(await request.textContent(), written);
  assert.ok(await page.getByRole("button", { name: "Copy request.sh" }).isEnabled());
  await page.context().close();
});

test("the form shows the problems of the first document only", async () => {
  const page = await site.open();
  await typeOver(page, `${VALID}---\n${VALID}`);
  assert.match(await page.locator("#problem-list").textContent(), /integration-conflict/);
  assert.equal(await field(page, "/config/host").locator(".finding").count(), 0);
  await page.context().close();
});

test("a database that is also the initial database exists already", async () => {
  const page = await site.open();
  const option = page.locator("[data-option=database]");
  await typeOver(page, VALID.replace("database: immuta", "database: DEV"));
  await settled(page);
  assert.equal(await option.inputValue(), "existing");
  assert.ok(await option.isDisabled());
  await typeOver(page, VALID);
  await settled(page);
  assert.equal(await option.inputValue(), "new");
  assert.ok(await option.isEnabled());
  await page.context().close();
});

test("the form edits values in place, and preserves comments, order and quotes", async () => {
  const page = await site.open();
  await typeOver(page, VALID);
  await fill(page, "/config/username", "alice");
  await fill(page, "/config/host", "b.example");
  await fill(page, "/config/port", "1234");
  await field(page, "/config/impersonation/enabled").locator("input").check();
  await fill(page, "/config/impersonation/role", "actors");
  const expected = VALID.replace("bob", "alice")
    .replace("a.example # the host", "b.example # the host\n  port: 1234")
    .replace(
      "initialDatabase: dev",
      "initialDatabase: dev\n  impersonation:\n    enabled: true\n    role: actors",
    );
  assert.equal(await textOf(page), expected);
  // Switching the authentication type and back restores the values.
  await choose(page, "/config/authenticationType", "okta");
  assert.doesNotMatch(await textOf(page), /alice|Secret/);
  await fill(page, "/config/okta/appId", "Okta");
  await choose(page, "/config/authenticationType", "userPassword");
  assert.match(await textOf(page), /username: alice/);
  assert.match(await textOf(page), /password: "?Secret-Passw0rd/);
  // Every change can be undone.
  await page.locator("#editor .cm-content").focus();
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("ControlOrMeta+z");
  }
  assert.notEqual(await textOf(page), expected);
  // Clearing an optional field removes its line at once, without an error.
  await typeOver(page, VALID.replace("  database", "  port: 1\n  database"));
  await fill(page, "/config/port", "");
  assert.equal(await textOf(page), VALID);
  assert.equal(await field(page, "/config/port").locator(".finding").count(), 0);
  await page.context().close();
});

test("YAML and JSON are converted from the text, and going back restores comments", async () => {
  const page = await site.open();
  const language = (name) => page.locator(`#language input[value=${name}]`);
  await typeOver(page, VALID);
  const yaml = await scripts(page);
  await language("json").check({ force: true });
  const json = await textOf(page);
  assert.equal(JSON.parse(json).config.host, "a.example");
  assert.deepEqual(await scripts(page), yaml);
  await page.goBack();
  assert.equal(await textOf(page), VALID);
  await page.goForward();
  assert.equal(await textOf(page), json);
  await fill(page, "/config/host", 'c".example');
  assert.equal(JSON.parse(await textOf(page)).config.host, 'c".example');
  await language("yaml").check({ force: true });
  assert.match(await textOf(page), /^type: Redshift\nautoBootstrap: false\nconfig:\n {2}host: .*c".example/);
  // JSON that was pasted as YAML is converted, too.
  await typeOver(page, json);
  await language("yaml").click({ force: true });
  assert.match(await textOf(page), /^type: Redshift\n/);
  await language("json").check({ force: true });
  await typeOver(page, "type: Redshift\n");
  assert.match(await page.locator("#problem-list").textContent(), /syntax/);
  await page.context().close();
});

test("a referenced password can be entered and cleared", async () => {
  const page = await site.open();
  await typeOver(page, VALID.replace("Secret-Passw0rd", '"${MY_PASSWORD}"'));
  const before = await scripts(page);
  assert.doesNotMatch(before["1-initial-create.sql"], /md5/);
  assert.match(before["1-initial-create.sql"], /CREATE DATABASE "immuta"/);
  assert.match(before["2-create.sql"], /^-- Bootshift/);
  assert.ok(await page.getByRole("button", { name: "Copy 1-initial-create.sql" }).isDisabled());
  const input = page.getByLabel("Password ${MY_PASSWORD}");
  await input.fill("Secret-Passw0rd");
  const entered = await scripts(page);
  await typeOver(page, VALID);
  assert.deepEqual(await scripts(page), entered);
  await typeOver(page, VALID.replace("Secret-Passw0rd", '"${MY_PASSWORD}"'));
  assert.deepEqual(await scripts(page), entered);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.deepEqual(await scripts(page), before);
  assert.equal(await input.inputValue(), "");
  await page.context().close();
});

test("an edit needs the new password, but not the current one", async () => {
  const page = await site.open({ hash: "#update/changes" });
  const payload = (name) => VALID.replace("Secret-Passw0rd", `"\${${name}}"`);
  await typeOver(page, payload("CURRENT"));
  await page.click("#copy-to-old");
  await typeOver(page, payload("NEXT"));
  await page.getByRole("tab", { name: "Scripts" }).click();
  const copy = page.getByRole("button", { name: "Copy 1-edit.sql" });
  await settled(page);
  assert.ok(await copy.isDisabled());
  await page.getByLabel("Password ${NEXT}").fill("Secret-Passw0rd");
  await settled(page);
  assert.ok(await copy.isEnabled());
  assert.match((await scripts(page))["1-edit.sql"], /md5/);
  await page.getByLabel("Password ${CURRENT}").fill("Secret-Passw0rd");
  assert.deepEqual(await scripts(page), {});
  await page.context().close();
});

test("an entered password is validated and can be corrected", async () => {
  const page = await site.open();
  const payload = VALID.replace("Secret-Passw0rd", '"${MY_PASSWORD}"');
  await typeOver(page, payload);
  await settled(page);
  const input = page.getByLabel("Password ${MY_PASSWORD}");
  const warnings = page.locator("#result-scripts .warning-note");
  assert.equal(await warnings.count(), 0);
  await input.fill("short");
  await settled(page);
  await assertShows(warnings, passwordMessage(payload, { MY_PASSWORD: "short" }));
  assert.match((await scripts(page))["1-initial-create.sql"], /md5/);
  await input.fill("  ");
  await settled(page);
  const blank = passwordMessage(payload, { MY_PASSWORD: "  " });
  await assertShows(page.locator("#result-scripts .empty").first(), blank);
  assert.equal(await input.inputValue(), "  ");
  await input.fill("Secret-Passw0rd");
  await settled(page);
  assert.equal(await warnings.count(), 0);
  assert.match((await scripts(page))["1-initial-create.sql"], /md5/);
  await page.context().close();
});

test("request and response follow the payload and the options", async () => {
  const page = await site.open();
  await typeOver(page, VALID);
  await page.selectOption("#operation", "update");
  await page.getByRole("tab", { name: "Request" }).click();
  await page.getByLabel("Immuta URL").fill("https://immuta.example");
  await page.getByLabel("Integration ID").fill("42");
  await page.getByLabel("Format", { exact: true }).selectOption("http");
  await settled(page);
  const request = await page.locator("#result-request pre").textContent();
  assert.match(request, /^PUT \/integrations\/42 HTTP\/1.1\nHost: immuta.example\n/);
  assert.doesNotMatch(request, /Secret-Passw0rd/);
  assert.match(
    await page.locator("#result-request .empty").textContent(),
    /does not contain the password.*REDSHIFT_PASSWORD/,
  );
  assert.match(request, /\$\{REDSHIFT_PASSWORD\}/);
  await page.getByRole("button", { name: "Copy request.http" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), request);
  await page.getByLabel("Format", { exact: true }).selectOption("json");
  await settled(page);
  const data = JSON.parse(await page.locator("#result-request pre").textContent());
  assert.equal(data.method, "PUT");
  assert.doesNotMatch(JSON.stringify(data), /Secret-Passw0rd/);
  await page.getByLabel("Immuta URL").fill("nonsense");
  await settled(page);
  assert.match(await page.locator("#result-request .finding").textContent(), /https:/);
  await page.getByRole("tab", { name: "Response" }).click();
  // Nothing may read as if the payload had been tested.
  assert.match(await page.locator("#result-response").textContent(), /^Example\./);
  const { config } = JSON.parse(await page.locator("#result-response pre").textContent());
  assert.equal(config.password, "<REDACTED>");
  assert.equal(config.port, 5439);
  await page.context().close();
});

test("changing the host in an update and an invalid old payload are errors", async () => {
  const page = await site.open();
  await typeOver(page, VALID);
  await page.selectOption("#operation", "update");
  await page.getByRole("tab", { name: "Changes" }).click();
  await page.click("#copy-to-old");
  await fill(page, "/config/host", "b.example");
  const moved = messages(VALID.replace("a.example", "b.example"), { operation: "update", old: VALID });
  await assertShows(field(page, "/config/host").locator(".finding.error"), moved["not-editable"]);
  await fill(page, "/config/password", "Other-Passw0rd");
  await settled(page);
  const table = await page.locator(".changes table").textContent();
  assert.match(table, /config.host/);
  assert.match(table, /config.password<REDACTED><REDACTED>/);
  assert.doesNotMatch(table, /Passw0rd/);
  await typeOver(page, "type: [", "#old-editor");
  assert.equal(await page.locator("#old-editor .cm-lint-marker-error").count(), 1);
  await settled(page);
  const notes = page.locator(".error-note:visible");
  assert.match(await notes.textContent(), /1:7/);
  await page.getByRole("tab", { name: "Scripts" }).click();
  assert.match(await notes.textContent(), /1:7/);
  await page.context().close();
});

test("back and forward restore examples, files and reset texts", async () => {
  const page = await site.open();
  const first = await textOf(page);
  await page.click("#examples");
  await page.click("[data-example=manual-okta]");
  const example = await textOf(page);
  assert.match(example, /authenticationType: okta/);
  await typeOver(page, `${example}# mine\n`);
  await openFile(page, { name: "mine.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await page.waitForFunction(() => document.querySelector("#file-name").textContent === "mine.json");
  await page.selectOption("#operation", "script-create");
  assert.equal(await textOf(page), "{}");
  await page.goBack();
  assert.equal(await page.inputValue("#operation"), "create");
  assert.equal(await textOf(page), "{}");
  await page.goBack();
  assert.equal(await textOf(page), `${example}# mine\n`);
  assert.equal(await page.textContent("#file-name"), "payload.yaml");
  await page.goBack();
  assert.equal(await textOf(page), first);
  await page.goForward();
  assert.equal(await textOf(page), `${example}# mine\n`);
  await page.click("#reset");
  assert.equal(await textOf(page), first);
  await page.goBack();
  assert.equal(await textOf(page), `${example}# mine\n`);
  await page.context().close();
});

test("every example is valid", async () => {
  const page = await site.open();
  await page.click("#examples");
  const names = await page
    .locator("[data-example]")
    .evaluateAll((buttons) => buttons.map((button) => button.dataset.example));
  assert.equal(names.length, 14);
  for (const name of names) {
    if (!(await page.locator(`[data-example=${name}]`).isVisible())) {
      await page.click("#examples");
    }
    await page.click(`[data-example=${name}]`);
    assert.doesNotMatch(await summary(page), /error/, name);
  }
  await page.context().close();
});

/** Drops a file on the window. */
async function drop(page, name, bytes) {
  await page.evaluate(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content)], fileName));
      for (const type of ["dragenter", "dragover", "drop"]) {
        const event = new DragEvent(type, {
          bubbles: true,
          cancelable: true,
          composed: true,
          dataTransfer: data,
        });
        document.querySelector("#editor").dispatchEvent(event);
      }
    },
    [name, [...bytes]],
  );
}

test("a dropped invalid file is opened with its errors, and a binary file is rejected", async () => {
  const page = await site.open();
  await drop(page, "broken.yaml", Buffer.from("type: Redshift\nconfig: [\n"));
  await page.waitForFunction(() => document.querySelector("#toast").textContent === "Opened broken.yaml");
  assert.equal(await textOf(page), "type: Redshift\nconfig: [\n");
  assert.match(await page.locator("#problem-list").textContent(), /syntax/);
  assert.ok(await field(page, "/config/host").locator("input").isDisabled());
  await drop(page, "picture.png", Buffer.from([0x89, 0x50, 0xff, 0xfe, 0]));
  await page.waitForFunction(() => document.querySelector("#toast").textContent.includes("UTF-8"));
  assert.equal(await textOf(page), "type: Redshift\nconfig: [\n");
  assert.ok(await page.locator("#drop").isHidden());
  await typeOver(page, VALID);
  assert.ok(await field(page, "/config/host").locator("input").isEnabled());
  await page.context().close();
});

test("the keyboard alone reaches everything from the start to the download", async () => {
  const page = await site.open();
  const tabTo = async (id, key = "Tab") => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press(key);
      const focused = await page.evaluate(() => {
        const { activeElement } = document;
        return [
          activeElement.id,
          activeElement.textContent,
          activeElement.closest(".field")?.dataset.pointer,
        ];
      });
      if (focused.includes(id)) {
        return;
      }
    }
    assert.fail(`the keyboard does not reach ${id}`);
  };
  await tabTo("operation");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.inputValue("#operation"), "script-initial-create");
  await tabTo("/config/host");
  await page.keyboard.type("a.example");
  await tabTo("/config/password");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Secret-Passw0rd");
  // Tab leaves the editor.
  await tabTo("Scripts");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#result-request").isVisible());
  await page.keyboard.press("ArrowLeft");
  await tabTo("download-all");
  const { name, bytes } = await downloaded(page, () => page.keyboard.press("Enter"));
  assert.equal(name, "bootshift-scripts.zip");
  assert.equal(bytes.subarray(0, 2).toString(), "PK");
  // The arrow keys move the dividers.
  await tabTo("divider-result", "Shift+Tab");
  const width = () => page.locator("#result-pane").evaluate((pane) => pane.getBoundingClientRect().width);
  const before = await width();
  await page.keyboard.press("ArrowLeft");
  assert.ok((await width()) > before);
  await page.context().close();
});

/** Counts in `window.parses` how often Bootshift parses a text. */
function countParses() {
  window.parses = 0;
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args);
      const { document_parse: parse, ...others } = this.exports;
      const counted = (...texts) => {
        window.parses += 1;
        return parse(...texts);
      };
      Object.defineProperty(this, "exports", { value: { ...others, document_parse: counted } });
    }
  };
}

test("a keystroke parses the text once, for the check and all results", async () => {
  const page = await site.open({ script: countParses });
  const parses = async (work) => {
    const before = await page.evaluate(() => window.parses);
    await work();
    await settled(page);
    return (await page.evaluate(() => window.parses)) - before;
  };
  await typeOver(page, VALID);
  await settled(page);
  assert.equal(await parses(() => page.keyboard.insertText("#")), 1);
  assert.equal(await parses(() => page.selectOption("[data-option=flavor]", "psql")), 0);
  await page.selectOption("#operation", "update");
  await page.getByRole("tab", { name: "Changes" }).click();
  await typeOver(page, VALID.replace("dev", "prod"), "#old-editor");
  await settled(page);
  await page.locator("#editor .cm-content").focus();
  assert.equal(await parses(() => page.keyboard.insertText("#")), 1);
  await page.context().close();
});

test("a code in the list opens its explanation", async () => {
  const page = await site.open();
  await typeOver(page, VALID.replace(/ {2}host.*\n/, ""));
  await page.getByRole("button", { name: "Explain missing-property" }).click();
  assert.match(await page.locator(".explanation").textContent(), /Wrong.*Right/s);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator(".explanation").isHidden());
  await page.context().close();
});

test("a fix is offered at the field, in the list and in the editor, and is one undo step", async () => {
  const page = await site.open();
  const misspelled = VALID.replace("host:", "hots:");
  const fixed = VALID;
  const button = (place) => page.locator(`${place} .fix`).first();
  for (const place of ["#form", "#problem-list"]) {
    await typeOver(page, misspelled);
    await button(place).click();
    assert.equal(await textOf(page), fixed);
    await page.keyboard.press("ControlOrMeta+z");
    assert.equal(await textOf(page), misspelled);
  }
  await page.locator("#problem-list .problem", { hasText: "hots" }).click();
  await page.keyboard.press("ControlOrMeta+.");
  assert.equal(await textOf(page), fixed);
  await page.context().close();
});

test("all safe fixes are applied at once, as the package does, and can be undone at once", async () => {
  const page = await site.open();
  const text = VALID.replace("autoBootstrap: false", 'autoBootstrap: "false"').replace("host:", "hots:");
  const { text: expected, applied } = Document.parse(text).fix({ operation: "create" });
  assert.ok(applied > 0);
  await typeOver(page, text);
  const button = page.locator("#fix-all");
  await button.click();
  assert.equal(await textOf(page), expected);
  assert.equal(await button.count(), 0);
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await textOf(page), text);
  await page.context().close();
});

test("payload and SQL are compared side by side, without secrets", async () => {
  const page = await site.open({ hash: "#update/changes" });
  await typeOver(page, VALID);
  await page.click("#copy-to-old");
  await fill(page, "/config/username", "alice");
  const view = (name) => page.locator(`input[name=change-view][value=${name}]`).check({ force: true });
  await view("payload");
  const result = page.locator("#result-changes");
  await result.getByText("alice").first().waitFor();
  await view("sql");
  await result.getByText("CREATE DATABASE").or(result.getByText("GRANT")).first().waitFor();
  assert.doesNotMatch(await result.textContent(), /Secret-Passw0rd|md5[0-9a-f]{8}/);
  await page.context().close();
});

test("no page reports an error or a warning", () => {
  assert.deepEqual(site.errors, []);
});
