// Builds `dist/` and `schema/` from the sources and from the output of `cargo xtask npm` in `build/`: the bindings of
// wasm-bindgen and the optimized WebAssembly.

import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
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

// The declarations of the Rust types come before those of the bindings.
const declarations = readFileSync(path("build/bootshift/bootshift.d.ts"), "utf8");
const end = declarations.search(/^(\/\*\*(?:(?!\*\/)[^])*?\*\/\s)?export (?:class|function) /m);
if (end < 0) {
  throw new Error("build/bootshift/bootshift.d.ts: expected a class or a function, found neither");
}
// The module for Node.js is compiled for speed. Both modules share the bindings, so these must be the same.
const bindings = (name) => readFileSync(path(`build/${name}/bootshift.js`), "utf8");
if (bindings("bootshift_node") !== bindings("bootshift")) {
  throw new Error("the bindings for Node.js and for browsers differ");
}

/**
 * Adds a custom section with the version, which `init` checks:
 * <https://webassembly.github.io/spec/core/binary/modules.html#custom-section>.
 */
function withVersion(module) {
  const name = Buffer.from("bootshift");
  const content = Buffer.from(version);
  const length = 1 + name.length + content.length;
  if (length > 127) {
    throw new Error("the version is too long: its length must fit in one byte");
  }
  return Buffer.concat([module, Buffer.of(0, length, name.length), name, content]);
}

writeFileSync(
  path("build/version.ts"),
  `/** The version of the package. */\nexport const version: string = ${JSON.stringify(version)};\n`,
);

// TSDoc does not support the links of rustdoc.
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
const toNode = { ...common, platform: "node" };
const toCommonJs = {
  ...toNode,
  format: "cjs",
  define: { "import.meta.url": "moduleUrl" },
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
};
await Promise.all([
  build({
    ...common,
    entryPoints: [path("src/browser.ts")],
    format: "esm",
    outfile: path("dist/browser.js"),
  }),
  build({ ...toNode, entryPoints: [path("src/node.ts")], format: "esm", outfile: path("dist/node.js") }),
  build({ ...toCommonJs, entryPoints: [path("src/node.ts")], outfile: path("dist/node.cjs") }),
  build({ ...toNode, entryPoints: [path("src/bin.ts")], format: "esm", outfile: path("dist/bin.js") }),
]);

chmodSync(path("dist/bin.js"), 0o755);
for (const module of ["bootshift.wasm", "bootshift_node.wasm"]) {
  writeFileSync(path("dist", module), withVersion(readFileSync(path("build", module))));
}
copyFileSync(path("build/bootshift_cli.wasm"), path("dist/bootshift_cli.wasm"));

// Explanations and schemas are separate modules without WebAssembly. The command prints their content.
const command = (...args) =>
  execFileSync(process.execPath, [path("dist/bin.js"), ...args], { encoding: "utf8" });
writeFileSync(path("build/explanations.json"), command("explain", "--format", "json"));
// The schema for generators of code is only a file, so that browsers do not load it.
const names = Array.from(command("schema").matchAll(/^\S+/gm), ([name]) => name).filter(
  (name) => name !== "payload-types",
);
const schemas = { names: {}, files: {} };
for (const name of names) {
  const text = command("schema", name);
  // Operations with the same body have the same schema.
  const same = Object.keys(schemas.files).find((file) => schemas.files[file] === text) ?? name;
  schemas.names[name] = same;
  schemas.files[same] = text;
}
for (const [file, text] of Object.entries(schemas.files)) {
  schemas.files[file] = JSON.parse(text);
}
writeFileSync(path("build/schemas.json"), JSON.stringify(schemas));
for (const name of ["explain", "schemas"]) {
  const entry = { ...common, entryPoints: [path(`src/${name}.ts`)] };
  await build({ ...entry, format: "esm", outfile: path(`dist/${name}.js`) });
  await build({ ...entry, format: "cjs", platform: "node", outfile: path(`dist/${name}.cjs`) });
}

const entries = { index: "browser", explain: "explain", schemas: "schemas" };
const declared = generateDtsBundle(
  Object.values(entries).map((name) => ({
    filePath: path(`src/${name}.ts`),
    output: { noBanner: true, exportReferencedTypes: false },
  })),
  { preferredConfigPath: path("tsconfig.json") },
);
for (const [index, name] of Object.keys(entries).entries()) {
  // `Symbol.dispose` may be missing in the `lib` setting of a project.
  const library = name === "index" ? '/// <reference lib="esnext.disposable" />\n' : "";
  for (const extension of ["d.ts", "d.cts"]) {
    writeFileSync(path("dist", `${name}.${extension}`), `${library}${declared[index]}`);
  }
}
for (const name of readdirSync(path("../schema")).filter((name) => name.endsWith(".schema.json"))) {
  copyFileSync(path("../schema", name), path("schema", name));
}
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(path("..", licence), path(licence));
}
