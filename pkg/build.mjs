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
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { brotliCompressSync, constants, deflateRawSync } from "node:zlib";

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

/** Compresses a module for Node.js. */
function compress(module) {
  return brotliCompressSync(module, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: module.length } });
}

/**
 * Lets the bindings create their `TextDecoder` and `TextEncoder` at the first use instead of at the import, and accept a
 * compiled module of another realm.
 */
function adaptBindings() {
  const replacements = [
    [/let cachedTextDecoder = .*;\ncachedTextDecoder\.decode\(\);/, "let cachedTextDecoder;"],
    [/ {4}if \(!\(module instanceof WebAssembly\.Module\)\) \{\n.*\n {4}\}\n/, ""],
    ["if (numBytesDecoded >=", "if (cachedTextDecoder === undefined || numBytesDecoded >="],
    [/const cachedTextEncoder = new TextEncoder\(\);\n\nif [^]*?\n\}\n/, "let cachedTextEncoder;\n"],
    [
      "function passStringToWasm0(arg, malloc, realloc) {",
      "$&\n    cachedTextEncoder ??= new TextEncoder();\n",
    ],
  ];
  return {
    name: "adapt-bindings",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]build[\\/]bootshift(_cli)?[\\/]\w+\.js$/ }, ({ path }) => {
        let contents = readFileSync(path, "utf8");
        for (const [from, to] of replacements) {
          const replaced = contents.replace(from, to);
          if (replaced === contents) {
            throw new Error(`${path}: expected ${from}`);
          }
          contents = replaced;
        }
        return { contents, loader: "js" };
      });
    },
  };
}

/** Gives a text to the modules that import `name`. */
function embed(name, contents) {
  return {
    name: "embed",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ path }) => ({ path, namespace: "embed" }));
      onLoad({ filter: /^/, namespace: "embed" }, () => ({ contents, loader: "text" }));
    },
  };
}

/** Lets the modules for Node.js share the class of errors. */
function shareError() {
  return {
    name: "share-error",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/error\.js$/ }, () => ({ path: "./error.cjs", external: true }));
    },
  };
}

/** Writes the ES module for Node.js of a CommonJS module, so that `import` and `require` share its state and classes. */
function writeNodeImport(name, file) {
  const names = Object.keys(createRequire(import.meta.url)(path(`dist/${name}.cjs`)));
  writeFileSync(
    path("dist", file),
    `import implementation from "./${name}.cjs";\nexport const { ${names.join(", ")} } = implementation;\n`,
  );
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
  plugins: [adaptBindings()],
};
// Browsers do not download these modules, and an uncaught error prints the line that threw it.
const toNode = {
  ...common,
  platform: "node",
  format: "cjs",
  minify: false,
  minifySyntax: true,
};
// Jest with jsdom has no global classes for text.
const banner = { js: 'const { TextDecoder, TextEncoder } = process.getBuiltinModule("node:util");' };
const modules = Object.fromEntries(
  ["bootshift", "bootshift_node"].map((name) => [
    name,
    withVersion(readFileSync(path(`build/${name}.wasm`))),
  ]),
);
const inline = deflateRawSync(modules.bootshift, { level: 9 }).toString("base64");
for (const [name, options] of Object.entries({
  browser: {},
  inline: { plugins: [...common.plugins, embed("embedded:bootshift", inline)] },
  workerd: { external: ["./bootshift.wasm"] },
  edge: { external: ["./bootshift.wasm?module"] },
})) {
  const entry = { ...common, entryPoints: [path(`src/${name}.ts`)], format: "esm" };
  await build({ ...entry, ...options, outfile: path(`dist/${name}.js`) });
}
for (const [name, options] of Object.entries({
  error: {},
  node: { banner, external: ["./embedded.cjs"], plugins: [...common.plugins, shareError()] },
  bin: {},
})) {
  await build({
    ...toNode,
    ...options,
    entryPoints: [path(`src/${name}.ts`)],
    outfile: path(`dist/${name}.cjs`),
  });
}
writeNodeImport("node", "node.js");

chmodSync(path("dist/bin.cjs"), 0o755);
writeFileSync(path("dist/bootshift.wasm"), modules.bootshift);
writeFileSync(
  path("dist/embedded.cjs"),
  `"use strict";
// The WebAssembly, compiled for speed.
module.exports = () => process.getBuiltinModule("node:zlib").brotliDecompressSync(Buffer.from("${compress(modules.bootshift_node).toString("base64")}", "base64"));
`,
);
writeFileSync(path("dist/bootshift_cli.wasm.br"), compress(readFileSync(path("build/bootshift_cli.wasm"))));

// Explanations and schemas are separate modules without WebAssembly. The command prints their content.
const command = (...args) =>
  execFileSync(process.execPath, [path("dist/bin.cjs"), ...args], { encoding: "utf8" });
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
  await build({
    ...toNode,
    entryPoints: entry.entryPoints,
    plugins: [...toNode.plugins, shareError()],
    outfile: path(`dist/${name}.cjs`),
  });
  writeNodeImport(name, `${name}.node.js`);
}

writeDeclarations();
for (const name of readdirSync(path("../schema")).filter((name) => name.endsWith(".schema.json"))) {
  copyFileSync(path("../schema", name), path("schema", name));
}
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
  copyFileSync(path("..", licence), path(licence));
}
