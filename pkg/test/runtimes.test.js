// Tests the packed package in bundlers, test runners and Node.js, without configuration. `runtimes` contains their pinned
// versions. What takes minutes to install is in `runtimes-whole.test.js`.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import {
  assertBundleWorks,
  assertPageWorks,
  assertPermissionModelWorks,
  assertTypesWork,
  exampleScript,
  files,
  inlineScript,
  install,
  payload,
  run,
} from "./environments.js";
import { link, modules, node, project, tool, write } from "./support.js";

const cheap = install("runtimes");

test("import and require share one instance and one class of errors", (t) => {
  const folder = project(t, {
    "main.mjs": `import * as imported from "bootshift"; import { createRequire } from "node:module";
      import * as explain from "bootshift/explain"; import * as schemas from "bootshift/schemas";
      const require = createRequire(import.meta.url);
      const required = require("bootshift");
      for (const name of Object.keys(required)) if (required[name] !== imported[name]) throw new Error(name);
      for (const { BootshiftError } of [explain, schemas, require("bootshift/explain"), require("bootshift/inline")])
        if (BootshiftError !== imported.BootshiftError) throw new Error("another class");`,
  });
  node(folder, ["main.mjs"]);
});

test("an uncaught error prints its class and message, not the module", (t) => {
  const folder = project(t, {
    "main.mjs": 'import { script } from "bootshift"; script("create", "type: Redshift");',
  });
  assert.throws(
    () => node(folder, ["main.mjs"], { stdio: "pipe" }),
    ({ stderr }) => /\nBootshiftError: /.test(stderr) && stderr.length < 3000 && !/.{300}/.test(stderr),
  );
});

test("without WebAssembly, the errors say why", (t) => {
  const folder = project(t, files);
  const fails = (args) => {
    try {
      node(folder, ["--jitless", ...args], { stdio: "pipe" });
    } catch (error) {
      return error.stderr;
    }
  };
  assert.match(fails(["main.mjs"]), /BootshiftError: cannot load Bootshift: WebAssembly is not defined/);
  // Node.js itself prints a warning.
  assert.match(
    fails(["node_modules/bootshift/dist/bin.cjs", "check", payload]),
    /^error: cannot load the WebAssembly of Bootshift: WebAssembly is not defined\n$/m,
  );
});

test("the command reads and writes with the permission model of Node.js", (t) => {
  const flag = process.versions.node.startsWith("20.") ? "--experimental-permission" : "--permission";
  assertPermissionModelWorks(t, process.execPath, flag);
});

for (const [format, extension] of [
  ["esm", "mjs"],
  ["cjs", "cjs"],
]) {
  test(`esbuild bundles the package for Node.js as ${format}`, (t) => {
    const folder = project(t, files);
    for (const source of ["main.mjs", "main.cjs"]) {
      const out = `out-${source}.${extension}`;
      const args = [source, "--bundle", "--platform=node", `--format=${format}`, `--outfile=${out}`];
      args.push("--log-level=warning");
      tool("esbuild", args, folder);
      assertBundleWorks(t, join(folder, out));
    }
  });
}

test("webpack bundles the package for Node.js without a warning", (t) => {
  const folder = project(t, files);
  for (const source of ["main.mjs", "main.cjs"]) {
    write(folder, {
      "webpack.config.cjs": `module.exports = { mode: "production", target: "node", entry: "./${source}",
        output: { path: __dirname + "/out", filename: "${source}.cjs" } };`,
    });
    const output = run(process.execPath, [join(modules, "webpack-cli/bin/cli.js"), "build"], folder);
    assert.doesNotMatch(output, /warning/i);
    assertBundleWorks(t, join(folder, `out/${source}.cjs`));
  }
});

test("Rollup bundles the package for Node.js", (t) => {
  const folder = project(t, {
    ...files,
    "rollup.config.mjs": `import commonjs from ${JSON.stringify(join(cheap, "@rollup/plugin-commonjs/dist/es/index.js"))};
      import { nodeResolve } from ${JSON.stringify(join(cheap, "@rollup/plugin-node-resolve/dist/es/index.js"))};
      export default { input: "main.mjs", external: /^node:/, output: { file: "out.mjs" },
        plugins: [nodeResolve({ exportConditions: ["node"] }), commonjs()] };`,
  });
  run(process.execPath, [join(cheap, "rollup/dist/bin/rollup"), "-c", "--silent"], folder);
  assertBundleWorks(t, join(folder, "out.mjs"));
});

test("Rolldown bundles the package for Node.js", (t) => {
  const folder = project(t, files);
  for (const [source, format] of [
    ["main.mjs", "esm"],
    ["main.cjs", "cjs"],
  ]) {
    const out = format === "esm" ? "out.mjs" : "out.cjs";
    const args = [source, "--platform", "node", "--format", format, "--file", out];
    run(process.execPath, [join(cheap, "rolldown/bin/cli.mjs"), ...args], folder);
    assertBundleWorks(t, join(folder, out));
  }
});

test("Vite bundles the package into a server", (t) => {
  const folder = project(t, {
    ...files,
    "vite.config.mjs": 'export default { ssr: { noExternal: true }, build: { ssr: "main.mjs" } };',
  });
  run(process.execPath, [join(modules, "vite/bin/vite.js"), "build", "--logLevel", "error"], folder);
  assertBundleWorks(t, join(folder, "dist/main.js"));
});

const jestTest = `test("check", () => { expect(check("type: Redshift").files[0].diagnostics[0].code).toBe("missing-property"); });
  test("script", () => { expect(() => script("create", "type: Redshift")).toThrow(BootshiftError); });`;
const imported = `import { BootshiftError, check, script } from "bootshift";\n${jestTest}`;
const required = `const { BootshiftError, check, script } = require("bootshift");\n${jestTest}`;
for (const environment of ["node", "jsdom"]) {
  const testEnvironment = join(cheap, `jest-environment-${environment}`);
  const jest = (folder, env) => run(process.execPath, [join(cheap, "jest/bin/jest.js")], folder, env);

  test(`Jest runs the package in its environment ${environment}`, (t) => {
    const packageJson = JSON.stringify({ private: true, jest: { testEnvironment } });
    jest(project(t, { "package.json": packageJson, "a.test.js": required }));
  });

  test(`Jest runs ES modules in its environment ${environment}`, (t) => {
    // The line of the README: jsdom says that it is a browser, but has no `fetch`.
    const testEnvironmentOptions = { customExportConditions: ["node"] };
    const jestOptions = { testEnvironment, testEnvironmentOptions, transform: {} };
    const packageJson = JSON.stringify({ private: true, type: "module", jest: jestOptions });
    const folder = project(t, { "package.json": packageJson, "a.test.js": imported });
    jest(folder, { NODE_OPTIONS: "--experimental-vm-modules --no-warnings" });
  });
}

test("Vitest runs the package in its environments node and jsdom, also if it is inlined", (t) => {
  const folder = project(t, { "a.test.js": imported });
  link(join(cheap, "jsdom"), join(folder, "node_modules/jsdom"));
  for (const environment of ["node", "jsdom"]) {
    for (const inline of [[], ["bootshift"]]) {
      const options = { globals: true, environment, server: { deps: { inline } } };
      write(folder, { "vitest.config.mjs": `export default { test: ${JSON.stringify(options)} };` });
      run(process.execPath, [join(cheap, "vitest/vitest.mjs"), "run"], folder);
    }
  }
});

test("esbuild bundles the example of the README for browsers", async (t) => {
  const folder = project(t, { "main.js": exampleScript });
  const args = ["main.js", "--bundle", "--format=esm", "--loader:.wasm=file", "--outdir=out"];
  tool("esbuild", [...args, "--log-level=error"], folder);
  await assertPageWorks(t, join(folder, "out"));
});

test("Rollup and Rolldown bundle bootshift/inline for browsers", async (t) => {
  const folder = project(t, {
    "main.js": inlineScript,
    "rollup.config.mjs": `import { nodeResolve } from ${JSON.stringify(join(cheap, "@rollup/plugin-node-resolve/dist/es/index.js"))};
      export default { input: "main.js", output: { file: "rollup/main.js" }, plugins: [nodeResolve({ browser: true })] };`,
  });
  run(process.execPath, [join(cheap, "rollup/dist/bin/rollup"), "-c", "--silent"], folder);
  const args = ["main.js", "--platform", "browser", "--file", "rolldown/main.js"];
  run(process.execPath, [join(cheap, "rolldown/bin/cli.mjs"), ...args], folder);
  for (const name of ["rollup", "rolldown"]) {
    await assertPageWorks(t, join(folder, name));
  }
});

test("TypeScript knows the types of every entry", (t) => {
  assertTypesWork(t, join(modules, ".bin/tsc"));
});
