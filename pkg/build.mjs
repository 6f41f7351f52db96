// Makes `dist/` and `schema/` from the sources and from what `cargo xtask npm` has put into `build/`: the glue of
// wasm-bindgen and the optimised WebAssembly.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

const here = dirname(fileURLToPath(import.meta.url));
const path = (...parts) => join(here, ...parts);
const { version } = JSON.parse(readFileSync(path("package.json"), "utf8"));

for (const folder of ["dist", "schema"]) {
  rmSync(path(folder), { recursive: true, force: true });
  mkdirSync(path(folder), { recursive: true });
}

// The declarations that the Rust types give stand before those of the glue's own functions.
const declarations = readFileSync(path("build/glue/bootshift.d.ts"), "utf8");
const end = declarations.search(/^(\/\*\*(?:(?!\*\/)[^])*?\*\/\s)?export function /m);
if (end < 0) {
  throw new Error("build/glue/bootshift.d.ts has no function");
}
// Links of rustdoc mean nothing to TSDoc.
const types = declarations.slice(0, end).replace(/\[`(?:\w+::)*(\w+)`\]/g, "`$1`");
writeFileSync(path("build/types.d.ts"), `${types.trimEnd()}\n`);

const common = {
  bundle: true,
  target: "es2022",
  define: { VERSION: JSON.stringify(version) },
  legalComments: "none",
  logLevel: "warning",
  minify: true,
  keepNames: false,
};
await Promise.all([
  build({
    ...common,
    entryPoints: [path("src/browser.ts")],
    format: "esm",
    outfile: path("dist/browser.js"),
  }),
  build({
    ...common,
    entryPoints: [path("src/node.ts")],
    format: "esm",
    platform: "node",
    outfile: path("dist/node.js"),
  }),
  build({
    ...common,
    entryPoints: [path("src/node.ts")],
    format: "cjs",
    platform: "node",
    define: { ...common.define, "import.meta.url": "moduleUrl" },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    outfile: path("dist/node.cjs"),
  }),
]);

const bundle = await rollup({ input: path("src/browser.ts"), plugins: [dts()] });
await bundle.write({ file: path("dist/index.d.ts"), format: "es" });
copyFileSync(path("dist/index.d.ts"), path("dist/index.d.cts"));

copyFileSync(path("build/bootshift.wasm"), path("dist/bootshift.wasm"));
for (const name of readdirSync(path("../schema"))) {
  copyFileSync(path("../schema", name), path("schema", name));
}
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(path("..", licence), path(licence));
}
