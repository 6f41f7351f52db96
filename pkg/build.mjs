// Makes `dist/` and `schema/` from the sources and from what `cargo xtask npm` has put into `build/`: the glue of
// wasm-bindgen and the optimised WebAssembly.

import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { generateDtsBundle } from "dts-bundle-generator";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const path = (...parts) => join(here, ...parts);
const { version } = JSON.parse(readFileSync(path("package.json"), "utf8"));

for (const folder of ["dist", "schema"]) {
  rmSync(path(folder), { recursive: true, force: true });
  mkdirSync(path(folder), { recursive: true });
}

// The declarations that the Rust types give stand before those of the glue's own functions.
const declarations = readFileSync(path("build/bootshift/bootshift.d.ts"), "utf8");
const end = declarations.search(/^(\/\*\*(?:(?!\*\/)[^])*?\*\/\s)?export function /m);
if (end < 0) {
  throw new Error("build/bootshift/bootshift.d.ts has no function");
}
// The module for Node.js is compiled for speed; all else of it has to be the same, for one glue serves both.
const glue = (name) => readFileSync(path(`build/${name}/bootshift.js`), "utf8");
if (glue("bootshift_node") !== glue("bootshift")) {
  throw new Error("the modules for Node.js and for browsers differ");
}

/**
 * A module with its version in a custom section, by which `init` knows it from every other:
 * <https://webassembly.github.io/spec/core/binary/modules.html#custom-section>.
 */
function marked(module) {
  const name = Buffer.from("bootshift");
  const mark = Buffer.from(version);
  const length = 1 + name.length + mark.length;
  if (length > 127) {
    throw new Error("the version is too long for a length of one byte");
  }
  return Buffer.concat([module, Buffer.of(0, length, name.length), name, mark]);
}

writeFileSync(
  path("build/version.ts"),
  `/** The version of the package. */\nexport const version: string = ${JSON.stringify(version)};\n`,
);

// Links of rustdoc mean nothing to TSDoc.
const types = declarations.slice(0, end).replace(/\[`(?:\w+::)*(\w+)`\]/g, "`$1`");
writeFileSync(path("build/types.d.ts"), `${types.trimEnd()}\n`);

const common = {
  bundle: true,
  target: "es2022",
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
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    outfile: path("dist/node.cjs"),
  }),
  build({
    ...common,
    entryPoints: [path("src/bin.ts")],
    format: "esm",
    platform: "node",
    outfile: path("dist/bin.js"),
  }),
]);

const [api] = generateDtsBundle(
  [{ filePath: path("src/browser.ts"), output: { noBanner: true, exportReferencedTypes: false } }],
  { preferredConfigPath: path("tsconfig.json") },
);
for (const name of ["index.d.ts", "index.d.cts"]) {
  writeFileSync(path("dist", name), api);
}

chmodSync(path("dist/bin.js"), 0o755);
for (const module of ["bootshift.wasm", "bootshift_node.wasm"]) {
  writeFileSync(path("dist", module), marked(readFileSync(path("build", module))));
}
copyFileSync(path("build/bootshift_cli.wasm"), path("dist/bootshift_cli.wasm"));
for (const name of readdirSync(path("../schema")).filter((name) => name.endsWith(".schema.json"))) {
  copyFileSync(path("../schema", name), path("schema", name));
}
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(path("..", licence), path(licence));
}
