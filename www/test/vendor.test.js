// Compares the page with the native command, for every example of the vendor's documentation.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { unzipSync } from "fflate";

import { binary, downloaded, openFile, root, scripts, settled, start, summary } from "./support.js";

const KINDS = {
  create: "all",
  "script-initial-create": "initial-create",
  "script-create": "create",
  update: "edit",
  "script-edit": "edit",
};
const fixtures = join(root, "tests/fixtures/vendor");
const examples = JSON.parse(readFileSync(join(fixtures, "index.json"), "utf8"));

let site;
let folder;
before(async () => {
  site = await start();
  folder = mkdtempSync(join(tmpdir(), "bootshift-page-"));
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The scripts of the native command, by file name. */
function native(kind, payload, ...options) {
  const output = mkdtempSync(join(folder, "sql-"));
  execFileSync(binary(), ["script", kind, payload, "-o", `${output}/`, ...options], { stdio: "pipe" });
  return Object.fromEntries(
    readdirSync(output).map((name) => [name, readFileSync(join(output, name), "utf8")]),
  );
}

assert.equal(examples.length, 20, "the documentation has 20 examples");

for (const { file, operation, codes } of examples) {
  for (const language of ["yaml", "json"]) {
    test(`the scripts are those of the command: ${file}.${language}`, async () => {
      const page = await site.open();
      const path = join(fixtures, `${file}.${language}`);
      await page.selectOption("#operation", operation);
      await openFile(page, path);
      await page.waitForFunction(() => document.querySelector("#toast").textContent.startsWith("Opened"));
      await settled(page);
      assert.equal(await page.inputValue("#operation"), operation);
      const displayed = await page.locator("#problem-list button.code").allTextContents();
      assert.deepEqual(displayed.sort(), [...codes].sort());
      assert.doesNotMatch(await summary(page), /error/);
      const kind = KINDS[operation];
      if (kind === undefined) {
        assert.deepEqual(await scripts(page), {});
        return;
      }
      const options = [];
      if (kind === "edit") {
        const old = join(folder, `old-${file}.${language}`);
        writeFileSync(old, readFileSync(path, "utf8").replace("admin@example.com", "old@example.com"));
        await page.getByRole("tab", { name: "Changes" }).click();
        await openFile(page, old, "#open-old");
        await page.getByRole("tab", { name: "Scripts" }).click();
        options.push("--from", old);
      }
      const expected = native(kind, path, ...options);
      await page.waitForSelector("#result-scripts .file");
      assert.deepEqual(await scripts(page), expected);
      const zip = await downloaded(page, () => page.click("#download-all"));
      const entries = Object.entries(unzipSync(zip.bytes)).map(([name, bytes]) => [
        name,
        Buffer.from(bytes).toString("utf8"),
      ]);
      assert.deepEqual(Object.fromEntries(entries), expected);
      await page.context().close();
    });
  }
}

test("the script options match those of the command", async () => {
  const page = await site.open();
  const path = join(fixtures, "create-manual-okta-impersonation.yaml");
  mkdirSync(join(folder, "options"), { recursive: true });
  await openFile(page, path);
  await page.selectOption("[data-option=database]", "existing");
  await page.selectOption("[data-option=account]", "existing");
  assert.deepEqual(await scripts(page), native("all", path, "--existing-database", "--existing-user"));
  for (const flavor of ["psql", "data-api"]) {
    await page.selectOption("[data-option=flavor]", flavor);
    const [text] = Object.values(await scripts(page));
    const expected = execFileSync(
      binary(),
      ["script", "all", path, "--existing-database", "--existing-user", "--flavor", flavor],
      { encoding: "utf8", stdio: "pipe" },
    );
    assert.equal(text, expected);
  }
});
