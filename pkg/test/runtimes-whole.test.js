// Tests the packed package, without configuration, in environments that take minutes to install: `runtimes/whole` contains
// their pinned versions. Runs with `BOOTSHIFT_WHOLE=1`, on Linux.

import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as anyTest } from "node:test";
import { promisify } from "node:util";

import {
  assertBundleWorks,
  assertPageWorks,
  assertPermissionModelWorks,
  assertTypesWork,
  exampleScript,
  files,
  found,
  install,
  page,
  payload,
  plainScript,
  run,
  start,
  textOf,
} from "./environments.js";
import { link, project, tarball, temporary, write } from "./support.js";

const isWhole = process.env.BOOTSHIFT_WHOLE === "1";
const whole = isWhole ? install("runtimes/whole") : "";
const test = (name, body) => anyTest(name, { skip: !isWhole && "takes minutes: BOOTSHIFT_WHOLE=1" }, body);
const node24 = join(whole, "node-24/bin/node");
const quiet = { NEXT_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false" };

test("Node.js 22, 24 and 26 run the package", (t) => {
  const folder = project(t, files);
  for (const version of [22, 24, 26]) {
    const program = join(whole, `node-${version}/bin/node`);
    for (const name of Object.keys(files)) {
      assert.equal(run(program, [name], folder), `${found}\n`);
    }
    assertPermissionModelWorks(t, program, "--permission");
  }
});

test("Bun runs, bundles and compiles the package", async (t) => {
  const folder = project(t, { ...files, "main.js": exampleScript });
  const bun = join(folder, "bun");
  cpSync(join(whole, "@oven/bun-linux-x64/bin/bun"), bun);
  chmodSync(bun, 0o755);
  assert.equal(run(bun, ["main.mjs"], folder), `${found}\n`);
  assert.equal(run(bun, ["main.cjs"], folder), `${found}\n`);
  run(bun, ["build", "--target=node", "main.mjs", "--outfile", "out.mjs"], folder);
  assertBundleWorks(t, join(folder, "out.mjs"));
  run(bun, ["build", "--compile", "main.mjs", "--outfile", "program"], folder);
  assert.equal(run(join(folder, "program"), [], tmpdir()), `${found}\n`);
  run(bun, ["build", "--target=browser", "main.js", "--outdir", "page"], folder);
  await assertPageWorks(t, join(folder, "page"));
});

test("Deno runs the package and its bundle without permissions, and its command with --allow-read", (t) => {
  const folder = project(t, files);
  const deno = join(whole, "@deno/linux-x64-glibc/deno");
  const env = { DENO_DIR: join(folder, "deno") };
  assert.equal(run(deno, ["run", "--no-prompt", "main.mjs"], folder, env), `${found}\n`);
  run(deno, ["bundle", "--quiet", "main.mjs", "-o", "out.mjs"], folder, env);
  assertBundleWorks(t, join(folder, "out.mjs"));
  const bin = "node_modules/bootshift/dist/bin.cjs";
  run(deno, ["run", "--no-prompt", "--allow-read", bin, "check", payload], folder, env);
});

test("Cloudflare Workers run the package with and without init", async (t) => {
  const respond = 'return new Response(check("type: Redshift").files[0].diagnostics[0].code);';
  const folder = project(t, {
    "plain.mjs": `import { check } from "bootshift"; export default { fetch() { ${respond} } };`,
    "init.mjs": `import { check, init } from "bootshift"; import module from "bootshift/bootshift.wasm";
      export default { async fetch() { await init(module); await init(); ${respond} } };`,
  });
  const wrangler = join(whole, "wrangler/bin/wrangler.js");
  for (const name of ["plain.mjs", "init.mjs"]) {
    const options = ["--local", "--ip", "127.0.0.1", "--name", "x", "--compatibility-date", "2026-01-01"];
    const command = (port) => [node24, wrangler, "dev", name, ...options, "--port", port];
    assert.equal(await textOf(await start(t, folder, command, quiet)), found);
  }
});

test("Next.js renders the package on the server, in clients, routes and edge routes", async (t) => {
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
  for (const name of withDependencies(["next", "react", "react-dom"])) {
    cpSync(join(whole, name), join(folder, "node_modules", name), { recursive: true });
  }
  const next = join(folder, "node_modules/next/dist/bin/next");
  for (const bundler of ["--turbopack", "--webpack"]) {
    run(node24, [next, "build", bundler], folder, quiet);
    const command = (port) => [node24, next, "start", "--hostname", "127.0.0.1", "--port", port];
    const url = await start(t, folder, command, quiet);
    for (const path of ["/", "/client", "/api", "/edge"]) {
      assert.match(await textOf(`${url}${path}`), new RegExp(found), `${bundler} ${path}`);
    }
  }
});

/** Packages with their installed dependencies. */
function withDependencies(names) {
  const all = new Set(names);
  for (const name of all) {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(whole, name, "package.json"), "utf8"),
    );
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (existsSync(join(whole, dependency))) {
        all.add(dependency);
      }
    }
  }
  return all;
}

test("SvelteKit renders the package on a server that bundles it", async (t) => {
  const folder = project(t, {
    "vite.config.js": `import adapter from "@sveltejs/adapter-node"; import { sveltekit } from "@sveltejs/kit/vite";
      export default { plugins: [sveltekit({ adapter: adapter() })] };`,
    "src/app.html": "<html lang='en'><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>",
    "src/routes/+page.server.js": `import { check } from "bootshift";
      export const load = () => ({ code: check("type: Redshift").files[0].diagnostics[0].code });`,
    "src/routes/+page.svelte": "<script>let { data } = $props();</script><p>{data.code}</p>",
  });
  // What is in `devDependencies` becomes part of the server.
  const devDependencies = { bootshift: "*", "@sveltejs/kit": "*" };
  write(folder, { "package.json": JSON.stringify({ private: true, type: "module", devDependencies }) });
  for (const name of ["@sveltejs", "svelte", "vite"]) {
    link(join(whole, name), join(folder, "node_modules", name));
  }
  run(node24, [join(whole, "vite/bin/vite.js"), "build", "--logLevel", "error"], folder);
  const moved = temporary(t);
  cpSync(join(folder, "build"), join(moved, "build"), { recursive: true });
  const url = await start(t, moved, () => [node24, "build/index.js"]);
  assert.match(await textOf(url), new RegExp(`<p>${found}</p>`));
});

test("Rspack bundles the package for Node.js and for browsers, without a warning", async (t) => {
  const { rspack } = await import(join(whole, "@rspack/core/dist/index.js"));
  const folder = project(t, { ...files, "main.js": plainScript });
  const bundle = async (entry, options) => {
    const stats = await promisify(rspack)({
      context: folder,
      performance: false,
      mode: "production",
      entry: `./${entry}`,
      output: { path: join(folder, `out-${entry}`), filename: entry },
      ...options,
    });
    assert.ok(!stats.hasErrors() && !stats.hasWarnings(), stats.toString("errors-warnings"));
    return join(folder, `out-${entry}`);
  };
  for (const entry of ["main.mjs", "main.cjs"]) {
    const out = await bundle(entry, { target: "node" });
    // The bundle is a script for Node.js in both cases.
    cpSync(join(out, entry), join(out, "bundle.cjs"));
    assertBundleWorks(t, join(out, "bundle.cjs"));
  }
  await assertPageWorks(t, await bundle("main.js", { target: "web", experiments: { outputModule: true } }));
});

test("Parcel bundles the package for Node.js and for browsers", async (t) => {
  const server = { context: "node", includeNodeModules: true, distDir: "server", outputFormat: "commonjs" };
  const parcel = [join(whole, "parcel/lib/bin.js"), "build", "--no-cache", "--no-source-maps"];
  const forNode = project(t, {
    ...files,
    "package.json": JSON.stringify({ private: true, targets: { server } }),
  });
  for (const name of Object.keys(files)) {
    run(node24, [...parcel, name], forNode);
    const bundle = readdirSync(join(forNode, "server")).find((file) => file.startsWith("main."));
    cpSync(join(forNode, "server", bundle), join(forNode, `${name}.bundle.cjs`));
    assertBundleWorks(t, join(forNode, `${name}.bundle.cjs`));
  }
  // Parcel has no `await` outside of functions.
  const script = plainScript.replace("await init();", "init().then(() => {").concat("\n});");
  const forBrowsers = project(t, {
    "package.json": '{ "private": true }',
    "main.js": script,
    "index.html": page,
  });
  run(node24, [...parcel, "--dist-dir", "page", "--public-url", ".", "index.html"], forBrowsers);
  await assertPageWorks(t, join(forBrowsers, "page"));
});

test("TypeScript 6 and 7 know the types of every entry", (t) => {
  for (const version of [6, 7]) {
    assertTypesWork(t, join(whole, `typescript-${version}/bin/tsc`));
  }
});

test("pnpm and Yarn with Plug'n'Play install and run the package", (t) => {
  const sources = {
    ...files,
    "package.json": '{ "private": true }',
    "p.yaml": readFileSync(payload, "utf8"),
  };
  const assertWorks = (folder, program, runs) => {
    for (const name of Object.keys(files)) {
      assert.equal(run(node24, [program, ...runs, "node", name], folder), `${found}\n`);
    }
    run(node24, [program, ...runs, "bootshift", "script", "all", "p.yaml", "-o", "out"], folder);
    assert.ok(existsSync(join(folder, "out/1-initial-create.sql")));
  };
  const pnpm = join(whole, "pnpm/bin/pnpm.mjs");
  const byPnpm = temporary(t, sources);
  run(node24, [pnpm, "add", "--offline", tarball], byPnpm);
  assertWorks(byPnpm, pnpm, ["exec"]);

  const yarn = join(whole, "@yarnpkg/cli-dist/bin/yarn.js");
  const byYarn = temporary(t, {
    ...sources,
    "package.json": JSON.stringify({ private: true, dependencies: { bootshift: `file:${tarball}` } }),
    ".yarnrc.yml":
      "nodeLinker: pnp\nenableNetwork: false\nenableTelemetry: false\nenableGlobalCache: false\n",
    "yarn.lock": "",
  });
  run(node24, [yarn, "install", "--no-immutable"], byYarn);
  assertWorks(byYarn, yarn, []);
});
