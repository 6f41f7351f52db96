// Takes the screenshots for the README: `npm run build && npm run screenshots`.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { choose, fill, settled, start, textOf, typeOver } from "./test/support.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots");
mkdirSync(folder, { recursive: true });

const WIDE = { viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" };
const NARROW = { viewport: { width: 360, height: 740 }, reducedMotion: "reduce" };

const HOST = "analytics.c1abcdefghij.eu-central-1.redshift.amazonaws.com";

async function example(page, name) {
  await page.click("#examples");
  await page.click(`[data-example=${name}]`);
  await settled(page);
}

const states = {
  start: [WIDE, () => undefined],
  scripts: [
    WIDE,
    async (page) => {
      await fill(page, "/config/host", HOST);
      await page.getByLabel("Password ${REDSHIFT_PASSWORD}").fill("Example-Passw0rd");
      await page.locator("#form input[role=switch]:visible").first().check();
      await fill(page, "/config/impersonation/role", "immuta_impersonation");
    },
  ],
  mistakes: [
    { ...WIDE, colorScheme: "dark" },
    async (page) => {
      await example(page, "manual-okta-impersonation");
      const text = await textOf(page);
      await typeOver(page, text.replace("host: ", "host: https://").replace("enabled: true", "enabled: yes"));
    },
  ],
  changes: [
    WIDE,
    async (page) => {
      await example(page, "manual-user-password");
      await page.selectOption("#operation", "script-edit");
      await page.getByRole("tab", { name: "Changes" }).click();
      await page.click("#copy-to-old");
      await fill(page, "/config/username", "immuta_account");
      await page.locator("#form input[role=switch]:visible").first().check();
      await fill(page, "/config/impersonation/role", "immuta_impersonation");
    },
  ],
  request: [
    { ...WIDE, colorScheme: "dark" },
    async (page) => {
      await fill(page, "/config/host", HOST);
      await choose(page, "/config/authenticationType", "okta");
      await fill(page, "/config/okta/username", "immuta@example.com");
      await fill(page, "/config/okta/appId", "Okta");
      await fill(page, "/config/okta/idpHost", "example.okta.com");
      await fill(page, "/config/okta/role", "immuta");
      await page.getByRole("tab", { name: "Request" }).click();
    },
  ],
  "narrow-form": [NARROW, (page) => fill(page, "/config/host", HOST)],
  "narrow-result": [
    { ...NARROW, colorScheme: "dark" },
    async (page) => {
      await example(page, "manual-okta");
      await page.locator("#switcher").getByRole("tab", { name: "Result" }).click();
    },
  ],
};

const site = await start();
for (const [name, [options, prepare]] of Object.entries(states)) {
  const page = await site.open(options);
  await prepare(page);
  await settled(page);
  // Hide the toast, and fix the duration of the check, which differs between runs.
  await page.evaluate(() => {
    document.querySelector("#toast").classList.remove("shown");
    document.querySelector("#timing").textContent = "checked in 0.3 ms";
    document.activeElement.blur();
  });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.context().close();
}
await site.close();
