// Tests the packed package in Node.js.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { node, project, root, tarball, tool, write } from "./support.js";

const payload = readFileSync(join(root, "examples/manual-user-password.yaml"), "utf8");
const use = `
  const report = check("type: Redshift\\nhots: 1\\n");
  const files = scriptFiles("all", ${JSON.stringify(payload)});
  console.log(JSON.stringify([report.files[0].diagnostics[0].code, files.map((file) => file.name), version]));`;

function assertWorks(output) {
  const { version } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  assert.deepEqual(JSON.parse(output), [
    "missing-property",
    ["1-initial-create.sql", "2-create.sql"],
    version,
  ]);
}

test("import works without init", (t) => {
  const folder = project(t, { "main.mjs": `import { check, scriptFiles, version } from "bootshift";${use}` });
  assertWorks(node(folder, ["main.mjs"]));
});

test("require works without init", (t) => {
  const folder = project(t, {
    "main.cjs": `const { check, scriptFiles, version } = require("bootshift");${use}`,
  });
  assertWorks(node(folder, ["main.cjs"]));
});

test("init accepts every source", (t) => {
  const source = (code) => `import { check, init } from "bootshift"; import { readFileSync } from "node:fs";
    import { fileURLToPath } from "node:url";
    const wasm = new URL(import.meta.resolve("bootshift/wasm"));
    await init(${code}); await init();
    console.log(check("{}").summary.files);`;
  const folder = project(t, {
    "nothing.mjs": source(""),
    "url.mjs": source("wasm"),
    "bytes.mjs": source("readFileSync(fileURLToPath(wasm))"),
    "module.mjs": source("new WebAssembly.Module(readFileSync(fileURLToPath(wasm)))"),
  });
  for (const name of ["nothing", "url", "bytes", "module"]) {
    assert.equal(node(folder, [`${name}.mjs`]).trim(), "1", name);
  }
});

test("the package works in a worker thread", (t) => {
  const folder = project(t, {
    "main.mjs":
      'import { Worker } from "node:worker_threads"; new Worker(new URL("worker.mjs", import.meta.url));',
    "worker.mjs": `import { check, scriptFiles, version } from "bootshift";${use}`,
  });
  assertWorks(node(folder, ["main.mjs"]));
});

test("the package contains the schemas as files", (t) => {
  const folder = project(t, {
    "main.mjs": `import { schema } from "bootshift/schemas"; import { createRequire } from "node:module";
      import assert from "node:assert/strict";
      const require = createRequire(import.meta.url);
      assert.deepEqual(require("bootshift/schema/payload.schema.json"), schema("create"));
      assert.equal(require("bootshift/schema/payload.types.schema.json").title, "RedshiftPayload");
      assert.deepEqual(schema().length, 15);
      const { explain } = await import("bootshift/explain");
      for (const [name, texts] of [["schemas", { schema }], ["explain", { explain }]]) {
        const [[functionName, imported]] = Object.entries(texts);
        assert.deepEqual(require("bootshift/" + name)[functionName](), imported());
      }`,
  });
  node(folder, ["main.mjs"]);
});

test("the unions in the declarations have exactly the expected members", (t) => {
  const folder = project(
    t,
    {
      "main.ts": readFileSync(join(root, "pkg/test/types.ts"), "utf8"),
      "main.cts":
        'import bootshift = require("bootshift");\nexport const version: string = bootshift.version;\n',
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          target: "es2022",
          module: "nodenext",
          types: [],
          lib: ["es2022", "dom"],
        },
        files: ["main.ts", "main.cts"],
      }),
    },
    [],
  );
  try {
    tool("tsc", ["-p", "."], folder);
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("the declarations contain every code", (t) => {
  const folder = project(t, {
    "main.mjs": `import { explain } from "bootshift/explain";
      console.log(JSON.stringify(explain().map(({ code }) => code)));`,
  });
  const declarations = readFileSync(join(folder, "node_modules/bootshift/dist/index.d.ts"), "utf8");
  const [, union] = /^export type Code = (.*);$/m.exec(declarations);
  assert.deepEqual(
    union.split(" | ").map((code) => JSON.parse(code)),
    JSON.parse(node(folder, ["main.mjs"])),
  );
});

test("publint and are-the-types-wrong report no problems", (t) => {
  const folder = project(t);
  const installed = join(folder, "node_modules/bootshift");
  // It suggests to leave out `browser`, which Parcel needs: it does not read `exports`.
  const linted = tool("publint", ["--level", "warning", "--strict", "--pack", "false", installed], folder);
  assert.match(linted, /All good/);
  const output = tool("attw", [tarball, "--format", "json", "--profile", "node16"], folder);
  const { entrypoints, problems } = JSON.parse(output).analysis;
  // The resolution of Node.js 10 does not support subpath exports.
  assert.deepEqual(
    problems.filter(({ resolutionKind }) => resolutionKind !== "node10"),
    [],
  );
  assert.deepEqual(Object.keys(entrypoints).sort(), [
    ".",
    "./bootshift.wasm",
    "./explain",
    "./inline",
    "./package.json",
    "./schema/*",
    "./schemas",
    "./wasm",
  ]);
});

test("the package contains the expected files", (t) => {
  const folder = project(t);
  const files = readdirSync(join(folder, "node_modules/bootshift"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "node_modules/bootshift/").length))
    .sort();
  const { name, dependencies } = JSON.parse(
    readFileSync(join(folder, "node_modules/bootshift/package.json"), "utf8"),
  );
  assert.equal(name, "bootshift");
  assert.equal(dependencies, undefined);
  const expected = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"];
  assert.deepEqual(
    files.filter((file) => !file.startsWith("dist/") && !file.startsWith("schema/")),
    expected,
  );
  assert.ok(files.includes("dist/index.d.ts") && files.includes("dist/index.d.cts"));
  // The licences of the dependencies are included.
  const licenses = readFileSync(join(folder, "node_modules/bootshift/dist/licenses.txt"), "utf8");
  for (const part of ["jsonschema", "saphyr-parser", "serde_json", "wasm-bindgen"]) {
    assert.match(licenses, new RegExp(`^${part} \\d`, "m"));
  }
});

/** The code blocks of a page. */
function examplesOf(page) {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/```(js|ts)\n([^]*?)```/g)].map(([, , code]) => code);
}

test("the examples of the book print the output that the book shows", (t) => {
  const examples = examplesOf("book/src/start-javascript.md");
  assert.ok(examples.length >= 3, String(examples.length));
  const folder = project(t);
  for (const [index, code] of examples.entries()) {
    write(folder, { [`example-${index}.mjs`]: code });
    const shown = /((?:\/\/ .*\n)+)$/.exec(code)?.[1].replaceAll(/^\/\/ /gm, "");
    assert.equal(node(folder, [`example-${index}.mjs`]), shown);
  }
});

test("the examples of the package's README run", (t) => {
  const examples = examplesOf("pkg/README.md");
  assert.ok(examples.length >= 4, String(examples.length));
  const folder = project(t, { "payload.yaml": payload }, []);
  for (const [index, code] of examples.entries()) {
    if (code.includes('from "bootshift/wasm"')) {
      continue; // For bundlers; `runtimes` bundles it.
    }
    write(folder, { [`example-${index}.mjs`]: code });
    node(folder, [`example-${index}.mjs`], { env: { ...process.env, REDSHIFT_PASSWORD: "Correct1horse" } });
  }
});
