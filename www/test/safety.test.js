// Secrets must not leave the page, and input must not be executed.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { header, policy } from "../policy.mjs";
import {
  dist,
  field,
  fill,
  messages,
  openFile,
  scripts,
  settled,
  assertShows,
  start,
  summary,
  textOf,
  typeOver,
} from "./support.js";

const SECRET = "Tr0ub4dor-Horse";
const PAYLOAD = `# The old one was ${SECRET}
type: Redshift
autoBootstrap: false
config:
  host: a.example
  pasword: ${SECRET}
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: bob
  password: ${SECRET}
`;

let site;
before(async () => {
  site = await start({ base: "/some/where/else/" });
});
after(() => site.close());

/** Asserts that a text does not contain six consecutive characters of the secret. */
function assertAbsent(text, location) {
  for (let from = 0; from + 6 <= SECRET.length; from += 1) {
    assert.ok(!text.includes(SECRET.slice(from, from + 6)), `${location} contains a part of the secret`);
  }
}

/** The link in the Share menu. */
async function shareLink(page) {
  await page.click("#share");
  const link = await page.inputValue("#link");
  await page.keyboard.press("Escape");
  return link;
}

function unpacked(link) {
  const data = link.split("#")[1].split("/")[2];
  return import("fflate").then(({ inflateSync, strFromU8 }) =>
    strFromU8(inflateSync(new Uint8Array(Buffer.from(data, "base64url")))),
  );
}

test("a link contains the payload but no secrets", async () => {
  const page = await site.open();
  await typeOver(page, PAYLOAD);
  await page.selectOption("#operation", "script-create");
  const link = await shareLink(page);
  assert.ok(link.startsWith(`${site.url}#script-create/scripts/`));
  assertAbsent(link, "the link");
  assertAbsent(await unpacked(link), "the unpacked link");
  const other = await site.open({ hash: link.slice(site.url.length) });
  assert.equal(await other.inputValue("#operation"), "script-create");
  assert.equal(
    await textOf(other),
    PAYLOAD.split("\n")
      .filter((line) => !line.startsWith("#") && !line.includes("pasword"))
      .join("\n")
      .replace(`password: ${SECRET}`, "password: ${REDSHIFT_PASSWORD}"),
  );
  assert.equal(await summary(other), "No problems");
  assert.deepEqual(Object.keys(await scripts(other)), ["1-create.sql"]);
  // The opened page creates the same link.
  assert.equal(await shareLink(other), link);
});

test("a link to a change contains both payloads and the language", async () => {
  const page = await site.open();
  await typeOver(page, PAYLOAD.replace(/.*pasword.*\n/, ""));
  await page.selectOption("#operation", "script-edit");
  await page.getByRole("tab", { name: "Changes" }).click();
  await page.click("#copy-to-old");
  await fill(page, "/config/username", "alice");
  await page.locator("#language input[value=json]").check({ force: true });
  const link = await shareLink(page);
  assertAbsent(await unpacked(link), "the unpacked link");
  const other = await site.open({ hash: link.slice(site.url.length) });
  await settled(other);
  assert.equal(JSON.parse(await textOf(other)).config.username, "alice");
  assert.match(await textOf(other, "#old-editor"), /"username": "bob"/);
  assert.equal(await other.locator(".changes tbody tr").count(), 1);
});

test("a link opens within the page, and an invalid link is reported", async () => {
  const page = await site.open();
  await typeOver(page, PAYLOAD.replace(/.*pasword.*\n/, ""));
  const link = await shareLink(page);
  await typeOver(page, "type: Redshift # mine\n");
  await page.evaluate((url) => {
    location.href = url;
  }, link);
  await page.waitForFunction(() => document.querySelector("#problem-count").textContent === "No problems");
  assert.match(await textOf(page), /host: a.example/);
  await page.goBack();
  assert.equal(await textOf(page), "type: Redshift # mine\n");
  for (const hash of [
    "#create/scripts/%%%",
    "#create/scripts/AAAA",
    `#create/scripts/${"A".repeat(20000)}`,
  ]) {
    const invalid = await site.open({ hash });
    assert.match(
      await invalid.textContent("#toast"),
      /Invalid link: damaged or incomplete|Invalid link: too large/,
    );
    assert.match(await textOf(invalid), /^type: Redshift/);
  }
  const unknown = await site.open({ hash: "#nothing/<b>/x/y" });
  assert.equal(await unknown.inputValue("#operation"), "create");
});

test("an invalid text cannot be shared", async () => {
  const page = await site.open();
  await typeOver(page, `password: ${SECRET}\nconfig: [`);
  await page.click("#share");
  assert.match(await page.locator(".menu:popover-open").textContent(), /Cannot create a link/);
  assert.equal(await page.locator("#link").count(), 0);
});

test("secrets do not appear in attributes, address, title, storage, history or messages", async () => {
  const page = await site.open();
  await typeOver(page, PAYLOAD.replace(/.*pasword.*\n/, ""));
  await page.selectOption("#operation", "update");
  await page.getByRole("tab", { name: "Changes" }).click();
  await page.click("#copy-to-old");
  await fill(page, "/config/password", `${SECRET}-new`);
  await fill(page, "/config/host", "https://b.example");
  assert.equal(await field(page, "/config/password").locator("input").getAttribute("type"), "password");
  for (const tab of ["Scripts", "Request", "Response", "Changes"]) {
    await page.getByRole("tab", { name: tab }).click();
    await settled(page);
  }
  const content = await page.evaluate(() => {
    const texts = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll("*")) {
        texts.push(...element.getAttributeNames().map((name) => element.getAttribute(name)));
        if (element.shadowRoot !== null) {
          walk(element.shadowRoot);
        }
      }
    };
    walk(document);
    // `textContent` does not include the shadow roots of the editors, where the secret was typed.
    texts.push(document.body.textContent, document.title, location.href, JSON.stringify(history.state));
    texts.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie);
    return texts.join("\n");
  });
  assertAbsent(content, "the page");
  const databases = await page.evaluate(() => window.indexedDB.databases());
  assert.deepEqual(databases, []);
});

test("only the theme is stored, and only on request", async () => {
  const page = await site.open();
  const stored = () => page.evaluate(() => ({ ...localStorage }));
  await page.click("#theme");
  await page.getByLabel("Dark").check();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  assert.deepEqual(await stored(), {});
  await page.getByLabel("Remember in this browser").check();
  assert.deepEqual(await stored(), { "bootshift-theme": "dark" });
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  await page.click("#theme");
  await page.getByLabel("Remember in this browser").uncheck();
  assert.deepEqual(await stored(), {});
});

test("markup in the payload or in a file name is shown as text", async () => {
  const page = await site.open();
  const markup = '<img src=x onerror="window.hit = 1"><script async>window.hit = 1</script>';
  const quoted = JSON.stringify(markup);
  // Names in a script cannot contain `<`, so escaped markup is used there.
  const escaped = JSON.stringify("&#60;img src&#62;");
  const marked = `${quoted}: 1\ntype: ${quoted}\nconfig:\n  host: ${quoted}\n  ${quoted}: x\n  username: ${quoted}\n`;
  await typeOver(page, marked);
  await assertShows(page.locator("#problem-list"), messages(marked)["unknown-property"]);
  await typeOver(
    page,
    PAYLOAD.replace(/.*pasword.*\n/, "")
      .replace("bob", escaped)
      .replace("immuta", escaped),
  );
  const files = await scripts(page);
  assert.match(Object.values(files).join(""), /&#60;img src&#62;/);
  const name = `${markup.replaceAll("/", "")}.yaml`;
  await openFile(page, { name, mimeType: "text/plain", buffer: Buffer.from("a") });
  await page.waitForFunction(() => document.querySelector("#toast").textContent.startsWith("Opened"));
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator("img[src=x]").count(), 0);
});

const line = `<img src=x onerror=alert(1)> ${"'\"\\`${}".repeat(4)}: [*a, &b !c \u202e\u0000\ud83e\udd80\n`;
const HOSTILE = {
  noise: line.repeat(Math.ceil(1e6 / line.length)),
  brackets: "[".repeat(1e6),
  "one line": `a: ${"x".repeat(1e6)}`,
  "many keys": Array.from(
    { length: 60_000 },
    (_, index) => `k${String(index)}: <b>${String(index)}</b>`,
  ).join("\n"),
  aliases: `a: &a [x]\nb: [${"*a,".repeat(330_000)}]`,
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`a megabyte of hostile text does not break the page: ${name}`, async () => {
    const page = await site.open();
    await openFile(page, { name: "hostile.yaml", mimeType: "text/plain", buffer: Buffer.from(text) });
    await page.waitForFunction(() => document.querySelector("#toast").textContent.startsWith("Opened"));
    assert.match(await summary(page), /error/);
    // The page still works with a valid payload.
    await typeOver(page, PAYLOAD.replace(/.*pasword.*\n/, ""));
    await page.waitForFunction(() => document.querySelector("#problem-count").textContent === "1 note");
    assert.equal(Object.keys(await scripts(page)).length, 2);
  });
}

test("the Content-Security-Policy is in the page, is strict, and is enforced", async () => {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const [, content] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html);
  assert.equal(content.replaceAll("&#39;", "'"), policy);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  assert.match(policy, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
  const served = await fetch(site.url);
  assert.equal(served.headers.get("content-security-policy"), header);
  assert.match(policy, /connect-src 'self';/);
  const page = await site.open();
  const outcome = await page.evaluate(() => {
    const rejected = [];
    for (const attempt of [
      () => document.body.insertAdjacentHTML("beforeend", "<b>x</b>"),
      () => document.body.append(Object.assign(document.createElement("script"), { text: "window.hit = 1" })),
    ]) {
      try {
        attempt();
      } catch (error) {
        rejected.push(error.name);
      }
    }
    return [rejected, window.hit, document.querySelectorAll("body > b").length];
  });
  assert.deepEqual(outcome, [["TypeError", "TypeError"], undefined, 0]);
  // These violations are expected. Other ones fail the last test.
  site.errors.splice(0);
});

test("the page sends no requests after loading", async () => {
  const page = await site.open();
  await page.waitForSelector("html[data-complete]");
  site.requests.splice(0);
  await page.click("#search");
  await page.locator(".cm-search").waitFor();
  await typeOver(page, PAYLOAD);
  for (const operation of await page
    .locator("#operation option")
    .evaluateAll((all) => all.map((o) => o.value))) {
    await page.selectOption("#operation", operation);
    for (const tab of await page.locator("#result-tabs button").all()) {
      await tab.click();
    }
    await settled(page);
  }
  await page.selectOption("#operation", "create");
  await typeOver(page, PAYLOAD.replace(/.*pasword.*\n/, ""));
  await page.click("#examples");
  await page.click("[data-example=automatic-okta]");
  await shareLink(page);
  await page.click("#reset");
  await typeOver(page, PAYLOAD.replace(/ {2}host.*\n/, ""));
  await page.getByRole("button", { name: "Explain missing-property" }).click();
  await page.locator(".explanation").getByText("Wrong", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#editor .cm-lint-marker-error").first().hover();
  const tooltip = page.locator("#editor .cm-tooltip");
  await tooltip.waitFor();
  await assertShows(tooltip, messages(await textOf(page))["missing-property"]);
  assert.deepEqual(
    site.requests.filter((url) => !url.startsWith("blob:")),
    [],
  );
  assert.deepEqual(await page.evaluate(() => window.violations), []);
});

test("the page loads only its own files, from any base path", async () => {
  site.requests.splice(0);
  const page = await site.open();
  await page.waitForSelector("html[data-complete]");
  assert.deepEqual(site.requests, [...new Set(site.requests)], "a file is loaded twice");
  for (const url of site.requests) {
    assert.ok(url.startsWith(site.url), url);
  }
  assert.equal(new Set(site.requests).size, site.requests.length, "each file is loaded once");
  const text = readdirSync(join(dist, "assets"))
    .filter((name) => name.endsWith(".css"))
    .map((name) => readFileSync(join(dist, "assets", name), "utf8"))
    .join("");
  assert.doesNotMatch(text, /url\(/);
});

test("the loaded page works offline", async () => {
  const page = await site.open();
  await page.waitForSelector("html[data-complete]");
  await page.context().setOffline(true);
  await typeOver(page, PAYLOAD.replace(/.*pasword.*\n/, ""));
  assert.equal(Object.keys(await scripts(page)).length, 2);
});

test("no page reports an error or a warning", () => {
  assert.deepEqual(site.errors, []);
});

test("a link with too much data is rejected before it is unpacked completely", async () => {
  // Eight megabytes, compressed to about eight kilobytes.
  const bomb = JSON.stringify({ version: 1, language: "yaml", value: { type: "x".repeat(8 << 20) } });
  const packed = deflateRawSync(bomb, { level: 9 }).toString("base64url");
  assert.ok(packed.length < 16_384, String(packed.length));
  const page = await site.open({ hash: `#create/scripts/${packed}` });
  assert.match(await page.textContent("#toast"), /Invalid link: too large for a payload/);
  assert.match(await textOf(page), /^type: Redshift/);
});
