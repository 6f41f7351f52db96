// Builds the page of `index.html`, which shows single parts, with the settings and the policy of the real page.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "vite";

import config from "../../vite.config.mjs";

/** Returns the folder of the built page, and a function that removes it. */
export async function buildParts() {
  const folder = mkdtempSync(join(tmpdir(), "bootshift-parts-"));
  await build({
    ...config,
    configFile: false,
    root: import.meta.dirname,
    logLevel: "warn",
    // The parts do not start the WebAssembly.
    plugins: config.plugins.filter(({ name }) => name !== "preload-webassembly"),
    build: { ...config.build, outDir: folder, emptyOutDir: true, license: false },
  });
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
