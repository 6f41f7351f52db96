// Shared by the tests of environments: their installation, programs, and what a bundle or a page must do.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { inBrowser, project, root, serve, temporary, write } from "./support.js";

export const payload = join(root, "examples/manual-user-password.yaml");

/** Installs the pinned packages of a folder, unless they are installed; returns the folder of their modules. */
export function install(name) {
  const folder = join(root, "pkg/test", name);
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const installed = join(folder, "node_modules/.bootshift-lock");
  if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
    // Native programs are packages of their own, so no script has to download them.
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
    writeFileSync(installed, lock);
  }
  return join(folder, "node_modules");
}

/** Runs a program; its output is part of the error if it fails. */
export function run(program, args, cwd, env = {}) {
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

/** What `use` prints. */
export const found = "missing-property";
const use = 'console.log(check("type: Redshift").files[0].diagnostics[0].code);';

/** Programs that import and require the package. */
export const files = {
  "main.mjs": `import { check } from "bootshift";\n${use}`,
  "main.cjs": `const { check } = require("bootshift");\n${use}`,
};

/** Runs a bundle in a folder that contains nothing else. */
export function assertBundleWorks(t, file) {
  const folder = temporary(t);
  const name = file.endsWith("cjs") ? "bundle.cjs" : "bundle.mjs";
  cpSync(file, join(folder, name));
  assert.equal(run(process.execPath, [name], folder), `${found}\n`);
}

const setResult = `globalThis.result = check("type: Redshift").files[0].diagnostics[0].code;`;

/** The example of the README for bundlers, in a page. */
const example = /```js\n(import [^`]*from "bootshift\/wasm";[^`]*)```/.exec(
  readFileSync(join(root, "pkg/README.md"), "utf8"),
)[1];
export const exampleScript = `import { check } from "bootshift";\n${example}\n${setResult}`;

/** A script for bundlers that find the WebAssembly on their own. */
export const plainScript = `import { check, init } from "bootshift";\nawait init();\n${setResult}`;

export const inlineScript = `import { check, init } from "bootshift/inline";\nawait init();\n${setResult}`;

export const page =
  '<!doctype html><link rel="icon" href="data:,"><script type="module" src="main.js"></script>';

/** Opens a page with `main.js` from a folder. */
export async function assertPageWorks(t, folder) {
  if (!existsSync(join(folder, "index.html"))) {
    writeFileSync(join(folder, "index.html"), page);
  }
  assert.equal(await inBrowser(t, await serve(t, folder)), found);
}

/** Checks, writes scripts and fixes with all permissions for files, but no others. */
export function assertPermissionModelWorks(t, program, flag) {
  const folder = project(t, { ...files, "p.yaml": readFileSync(payload, "utf8") });
  const flags = [flag, "--no-warnings", `--allow-fs-read=${folder}/`];
  const bin = join(folder, "node_modules/bootshift/dist/bin.cjs");
  assert.equal(run(program, [...flags, "main.mjs"], folder), `${found}\n`);
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

/** Compiles uses of every entry as ES modules and CommonJS, as TypeScript resolves them for Node.js and for bundlers. */
export function assertTypesWork(t, tsc) {
  const use = `const report: Report = check({ type: "Redshift" }, { operation: "create" });
    Document.parse("{}").script("all"); explain("syntax").title; schema("create"); inline.check("{}").summary.errors;
    export const loaded = [init(url), inline.init(module), report.version];`;
  const folder = project(t, {
    "main.mts": `import { check, Document, init, type Report } from "bootshift";
    import { explain } from "bootshift/explain"; import { schema } from "bootshift/schemas";
    import * as inline from "bootshift/inline";
    import url from "bootshift/wasm"; import module from "bootshift/bootshift.wasm";
    ${use}`,
    "main.cts": `import bootshift = require("bootshift"); import type { Report } from "bootshift";
    import { explain } from "bootshift/explain"; import { schema } from "bootshift/schemas";
    import inline = require("bootshift/inline");
    import url = require("bootshift/wasm"); import module = require("bootshift/bootshift.wasm");
    const { check, Document, init } = bootshift;
    ${use.replaceAll("(url)", "(url.default)").replaceAll("(module)", "(module.default)")}`,
  });
  for (const [module, moduleResolution, sources] of [
    ["node16", "node16", ["main.mts", "main.cts"]],
    ["nodenext", "nodenext", ["main.mts", "main.cts"]],
    ["esnext", "bundler", ["main.mts"]],
  ]) {
    const compilerOptions = { strict: true, noEmit: true, module, moduleResolution, types: [] };
    Object.assign(compilerOptions, { target: "es2022", lib: ["es2022", "dom"], skipLibCheck: false });
    write(folder, { "tsconfig.json": JSON.stringify({ compilerOptions, files: sources }) });
    run(tsc, ["-p", "."], folder);
  }
}

/** Waits until a server responds, and returns the text. */
export async function textOf(url) {
  for (;;) {
    try {
      return await (await fetch(url)).text();
    } catch {
      await setTimeout(100);
    }
  }
}

/** Starts a server on a free port, which `command` gets, and returns its URL. It ends with the test. */
export async function start(t, folder, command, env = {}) {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  const [program, ...args] = command(String(port));
  const server = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, CI: "1", HOST: "127.0.0.1", PORT: String(port), ...env },
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
