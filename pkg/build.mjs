// Builds `dist/` and `schema/` from the sources and from the output of `cargo xtask npm` in `build/`: the modules with the
// bindings of wasm-bindgen.

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";

import { build } from "esbuild";

import { path, version, writeDeclarations, writeTypes } from "./types.mjs";

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

// Functions on their own and without shared subexpressions are more alike, and data in one piece is, so they compress better.
const SMALL = [
  "-Oz",
  "--one-caller-inline-max-function-size=0",
  "--skip-pass=local-cse",
  "--skip-pass=memory-packing",
];
// A function that only errors need is not inlined into one that all calls need: engines compile functions when they are first
// called.
const FAST = ["-O3", "--one-caller-inline-max-function-size=50"];
const ALL = ["--converge", "--zero-filled-memory", "--low-memory-unused"];
const STRIP = ["--strip-debug", "--strip-producers", "--strip-target-features"];

/** Optimizes a module for minutes, unless the same one has been optimized in the same way. */
async function optimize(name, bindings, options) {
  const input = path("build", name, `${bindings}_bg.wasm`);
  const output = path("build", `${name}.wasm`);
  const args = [
    path("node_modules/binaryen/bin/wasm-opt"),
    ...options,
    ...ALL,
    ...STRIP,
    input,
    "-o",
    output,
  ];
  const key = createHash("sha256").update(args.join(" ")).update(readFileSync(input)).digest("hex");
  const done = `${output}.key`;
  if (existsSync(output) && existsSync(done) && readFileSync(done, "utf8") === key) {
    return;
  }
  console.error(`==> wasm-opt ${name}`);
  await promisify(execFile)(process.execPath, args);
  writeFileSync(done, key);
}

await Promise.all([
  optimize("bootshift", "bootshift", SMALL),
  optimize("bootshift_node", "bootshift", FAST),
  optimize("bootshift_cli", "bootshift_cli", SMALL),
]);
for (const folder of ["dist", "schema"]) {
  rmSync(path(folder), { recursive: true, force: true });
  mkdirSync(path(folder), { recursive: true });
}

writeTypes();

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

writeDeclarations();
for (const name of readdirSync(path("../schema")).filter((name) => name.endsWith(".schema.json"))) {
  copyFileSync(path("../schema", name), path("schema", name));
}
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(path("..", licence), path(licence));
}
