// Writes the declarations of the package: what the sources import from `build/`, and those in `dist/`. Run by itself, it makes
// them without the modules, so that they can be checked without a release build (`cargo xtask lint`).

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

import { generateDtsBundle } from "dts-bundle-generator";

const here = dirname(fileURLToPath(import.meta.url));
export const path = (...parts) => join(here, ...parts);
export const { version } = JSON.parse(readFileSync(path("package.json"), "utf8"));

/** Writes the types of Rust and the version into `build/`. */
export function writeTypes() {
  // The declarations of the Rust types come before those of the bindings.
  const declarations = readFileSync(path("build/bootshift/bootshift.d.ts"), "utf8");
  const end = declarations.search(/^(\/\*\*(?:(?!\*\/)[^])*?\*\/\s)?export (?:class|function) /m);
  if (end < 0) {
    throw new Error("build/bootshift/bootshift.d.ts: expected a class or a function, found neither");
  }
  // TSDoc does not support the links of rustdoc.
  const types = declarations.slice(0, end).replace(/\[`(?:\w+::)*(\w+)`\]/g, "`$1`");
  writeFileSync(path("build/types.d.ts"), `${types.trimEnd()}\n`);
  writeFileSync(
    path("build/version.ts"),
    `/** The version of the package. */\nexport const version: string = ${JSON.stringify(version)};\n`,
  );
}

/** Writes the declarations of the package into `dist/`. */
export function writeDeclarations() {
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
  for (const [extension, index] of [
    ["d.ts", "./index.js"],
    ["d.cts", "./index.cjs"],
  ]) {
    writeFileSync(
      path("dist", `wasm.${extension}`),
      `import type { WasmSource } from "${index}";
/** What \`init\` loads. Whether it is the URL, the bytes or the compiled module depends on your bundler. */
declare const source: WasmSource;
export default source;
`,
    );
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(path("dist"), { recursive: true });
  // Of these, only the command knows the content, and declarations need only the shape.
  const shapes = { explanations: [], schemas: { names: { report: "report" }, files: { report: {} } } };
  for (const [name, shape] of Object.entries(shapes)) {
    if (!existsSync(path(`build/${name}.json`))) {
      writeFileSync(path(`build/${name}.json`), JSON.stringify(shape));
    }
  }
  writeTypes();
  writeDeclarations();
}
