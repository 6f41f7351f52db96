// Tests the packed package in bundlers, test runners and other environments, without configuration. `runtimes` contains
// their pinned versions. With `BOOTSHIFT_WHOLE=1`, also in those of `runtimes/whole`, which take minutes to install.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { inBrowser, modules, node, project, root, serve, tool, write } from "./support.js";

const isWhole = process.env.BOOTSHIFT_WHOLE === "1";
const cheap = install("runtimes");
const whole = isWhole ? install("runtimes/whole") : undefined;
const payload = join(root, "examples/manual-user-password.yaml");

/** Installs pinned tools, unless they are installed; returns the folder of their packages. */
function install(name) {
  const folder = join(root, "pkg/test", name);
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const installed = join(folder, "node_modules/.bootshift-lock");
  if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
    // The binaries of bun, deno and workerd are packages of their own.
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
    writeFileSync(installed, lock);
  }
  return join(folder, "node_modules");
}

/** Runs a program; its output is part of the error if it fails. */
function run(program, args, cwd, env = {}) {
  try {
    return execFileSync(program, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", CI: "1", ...env },
      timeout: 300_000,
    });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`, { cause: error });
  }
}

const use = 'console.log(check("type: Redshift").files[0].diagnostics[0].code);';
const files = {
  "main.mjs": `import { check } from "bootshift";\n${use}`,
  "main.cjs": `const { check } = require("bootshift");\n${use}`,
};

/** Runs a bundle in a folder that contains nothing else. */
function assertBundleWorks(t, file) {
  const folder = mkdtempSync(join(tmpdir(), "bootshift-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const name = file.endsWith("cjs") ? "bundle.cjs" : "bundle.mjs";
  cpSync(file, join(folder, name));
  assert.equal(run(process.execPath, [name], folder), "missing-property\n");
}

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

/** Checks, writes scripts and fixes with all permissions for files, but no others. */
function assertPermissionModelWorks(t, program, flag) {
  const folder = project(t, { ...files, "p.yaml": readFileSync(payload, "utf8") });
  const flags = [flag, "--no-warnings", `--allow-fs-read=${folder}/`];
  const bin = join(folder, "node_modules/bootshift/dist/bin.cjs");
  assert.equal(run(program, [...flags, "main.mjs"], folder), "missing-property\n");
  run(program, [...flags, bin, "check", "p.yaml"], folder);
  flags.push(`--allow-fs-write=${folder}/`);
  run(program, [...flags, bin, "script", "all", "p.yaml", "-o", "out"], folder);
  assert.ok(existsSync(join(folder, "out/1-initial-create.sql")));
  const wrong = readFileSync(payload, "utf8").replace("autoBootstrap: false", 'autoBootstrap: "false"');
  writeFileSync(join(folder, "fixed.yaml"), wrong, { mode: 0o640 });
  run(program, [...flags, bin, "check", "--fix", "fixed.yaml"], folder);
  assert.match(readFileSync(join(folder, "fixed.yaml"), "utf8"), /^autoBootstrap: false$/m);
  assert.equal(statSync(join(folder, "fixed.yaml")).mode & 0o777, 0o640);
}

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
for (const environment of ["node", "jsdom"]) {
  test(`Jest runs the package in its environment ${environment}`, (t) => {
    const folder = project(t, {
      "package.json": JSON.stringify({ private: true }),
      "a.test.js": `const { BootshiftError, check, script } = require("bootshift");\n${jestTest}`,
    });
    const name = join(cheap, `jest-environment-${environment}`);
    run(process.execPath, [join(cheap, "jest/bin/jest.js"), "--rootDir", folder, "--env", name], folder);
  });
}

test("Vitest runs the package, also if it is inlined", (t) => {
  const folder = project(t, {
    "a.test.js": `import { BootshiftError, check, script } from "bootshift";\n${jestTest}`,
    "vitest.config.mjs": "export default { test: { globals: true } };",
    "inline.config.mjs":
      'export default { test: { globals: true, server: { deps: { inline: ["bootshift"] } } } };',
  });
  for (const config of ["vitest.config.mjs", "inline.config.mjs"]) {
    run(process.execPath, [join(cheap, "vitest/vitest.mjs"), "run", "--config", config], folder);
  }
});

/** The example of the README for bundlers. */
const example = /```js\n(import [^`]*from "bootshift\/wasm";[^`]*)```/.exec(
  readFileSync(join(root, "pkg/README.md"), "utf8"),
)[1];
const inPage = `import { check } from "bootshift";\n${example}
globalThis.result = check("type: Redshift").files[0].diagnostics[0].code;`;
const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="main.js"></script>';
const inlinePage = `import { check, init } from "bootshift/inline"; await init();
globalThis.result = check("type: Redshift").files[0].diagnostics[0].code;`;

async function assertPageWorks(t, folder) {
  writeFileSync(join(folder, "index.html"), html);
  assert.equal(await inBrowser(t, await serve(t, folder)), "missing-property");
}

test("esbuild bundles the example of the README for browsers", async (t) => {
  const folder = project(t, { "main.js": inPage });
  const args = ["main.js", "--bundle", "--format=esm", "--loader:.wasm=file", "--outdir=out"];
  tool("esbuild", [...args, "--log-level=error"], folder);
  await assertPageWorks(t, join(folder, "out"));
});

test("Rollup and Rolldown bundle bootshift/inline for browsers", async (t) => {
  const folder = project(t, {
    "main.js": inlinePage,
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

test("TypeScript knows the types of the WebAssembly and of bootshift/inline", (t) => {
  const folder = project(t, {
    "main.ts": `import { init } from "bootshift"; import * as inline from "bootshift/inline";
      import url from "bootshift/wasm"; import module from "bootshift/bootshift.wasm";
      await init(url); await inline.init(module); inline.check("{}").summary.errors.toFixed();`,
  });
  for (const [module, resolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const compilerOptions = { strict: true, noEmit: true, module, moduleResolution: resolution, types: [] };
    Object.assign(compilerOptions, { target: "es2022", lib: ["es2022", "dom"] });
    write(folder, { "tsconfig.json": JSON.stringify({ compilerOptions, files: ["main.ts"] }) });
    run(join(modules, ".bin/tsc"), ["-p", "."], folder);
  }
});

/** Waits until a server responds, and returns the text. */
async function textOf(url) {
  for (;;) {
    try {
      return await (await fetch(url)).text();
    } catch {
      await setTimeout(100);
    }
  }
}

/** Starts a server on a free port, and returns its URL. It ends with the test. */
async function start(t, folder, args) {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  const server = spawn(newNode(), [...args, "--port", String(port)], {
    cwd: folder,
    env: quiet,
    stdio: "ignore",
    // Its own group, because it starts other processes.
    detached: true,
  });
  const ended = once(server, "exit");
  t.after(async () => {
    process.kill(-server.pid, "SIGKILL");
    await ended;
  });
  return `http://127.0.0.1:${port}`;
}

const newNode = () => join(whole, "node-24/bin/node");
const quiet = { ...process.env, CI: "1", NEXT_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false" };

test("Node.js 22, 24 and 26 run the package", { skip: !isWhole }, (t) => {
  const folder = project(t, files);
  for (const version of [22, 24, 26]) {
    const program = join(whole, `node-${version}/bin/node`);
    for (const name of Object.keys(files)) {
      assert.equal(run(program, [name], folder), "missing-property\n");
    }
    assertPermissionModelWorks(t, program, "--permission");
  }
});

test("Bun runs, bundles and compiles the package", { skip: !isWhole }, async (t) => {
  const folder = project(t, { ...files, "main.js": inPage });
  const bun = join(folder, "bun");
  cpSync(join(whole, "@oven/bun-linux-x64/bin/bun"), bun);
  chmodSync(bun, 0o755);
  assert.equal(run(bun, ["main.mjs"], folder), "missing-property\n");
  assert.equal(run(bun, ["main.cjs"], folder), "missing-property\n");
  run(bun, ["build", "--target=node", "main.mjs", "--outfile", "out.mjs"], folder);
  assertBundleWorks(t, join(folder, "out.mjs"));
  run(bun, ["build", "--compile", "main.mjs", "--outfile", "program"], folder);
  assert.equal(run(join(folder, "program"), [], tmpdir()), "missing-property\n");
  run(bun, ["build", "--target=browser", "main.js", "--outdir", "page"], folder);
  await assertPageWorks(t, join(folder, "page"));
});

test(
  "Deno runs the package without permissions, and its command with --allow-read",
  { skip: !isWhole },
  (t) => {
    const folder = project(t, files);
    const deno = join(whole, "@deno/linux-x64-glibc/deno");
    assert.equal(run(deno, ["run", "--no-prompt", "main.mjs"], folder), "missing-property\n");
    const bin = "node_modules/bootshift/dist/bin.cjs";
    run(deno, ["run", "--no-prompt", "--allow-read", bin, "check", payload], folder);
  },
);

test("Cloudflare Workers run the package with and without init", { skip: !isWhole }, async (t) => {
  const respond = 'return new Response(check("type: Redshift").files[0].diagnostics[0].code);';
  const folder = project(t, {
    "plain.mjs": `import { check } from "bootshift"; export default { fetch() { ${respond} } };`,
    "init.mjs": `import { check, init } from "bootshift"; import module from "bootshift/bootshift.wasm";
      export default { async fetch() { await init(module); await init(); ${respond} } };`,
  });
  for (const name of ["plain.mjs", "init.mjs"]) {
    const wrangler = [join(whole, "wrangler/bin/wrangler.js"), "dev", name, "--local", "--ip", "127.0.0.1"];
    const url = await start(t, folder, [...wrangler, "--name", "x", "--compatibility-date", "2026-01-01"]);
    assert.equal(await textOf(url), "missing-property");
  }
});

test(
  "Next.js renders the package on the server, in clients, routes and edge routes",
  { skip: !isWhole },
  async (t) => {
    const code = 'check("type: Redshift").files[0].diagnostics[0].code';
    const from = 'import { check } from "bootshift";';
    const folder = project(t, {
      "package.json": '{ "private": true }',
      "app/layout.jsx": "export default ({ children }) => <html lang='en'><body>{children}</body></html>;",
      "app/page.jsx": `${from} export const dynamic = "force-dynamic"; export default () => <p>{${code}}</p>;`,
      "app/client/page.jsx": `"use client"; ${from}
      export default () => <p>{typeof window === "undefined" ? ${code} : ""}</p>;`,
      "app/api/route.js": `${from} export const dynamic = "force-dynamic"; export const GET = () => new Response(${code});`,
      "app/edge/route.js": `${from} export const runtime = "edge"; export const GET = () => new Response(${code});`,
    });
    // Turbopack refuses links to folders outside of the project.
    for (const name of readdirSync(whole).filter((name) => /^(@next|@swc|[a-z].*)$/.test(name))) {
      if (!/^(bun|deno|node-|workerd|wrangler|miniflare)/.test(name)) {
        cpSync(join(whole, name), join(folder, "node_modules", name), { recursive: true });
      }
    }
    const next = join(folder, "node_modules/next/dist/bin/next");
    for (const bundler of ["--turbopack", "--webpack"]) {
      run(newNode(), [next, "build", bundler], folder, quiet);
      const url = await start(t, folder, [next, "start", "--hostname", "127.0.0.1"]);
      for (const path of ["/", "/client", "/api", "/edge"]) {
        assert.match(await textOf(`${url}${path}`), /missing-property/, `${bundler} ${path}`);
      }
    }
  },
);
