// Tests the packed package in a real browser, with every way to load it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync, readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";

import { createServer } from "vite";

import { inBrowser, node, project, serve, tool, write } from "./support.js";

/** The code of every page: calls every function, after `init`. */
const body = `
  try {
    let early;
    try { check("{}"); } catch (error) { early = error.message; }
    await Promise.all([init(source), init(source)]);
    await init();
    const text = "type: Redshift\\nautoBootstrap: false\\nconfig:\\n  hots: x\\n";
    const payload = {
      type: "Redshift", autoBootstrap: false,
      config: { host: "a.example.com", database: "immuta", initialDatabase: "sales",
        authenticationType: "userPassword", username: "u", password: "\${P}" },
    };
    let isRejected;
    try { script("create", text); } catch (error) { isRejected = error instanceof BootshiftError; }
    done({
      early, isRejected, version,
      codes: check(text).files[0].diagnostics.map((found) => found.code),
      valid: check(payload).files[0].valid,
      file: scriptFiles("initial-create", payload, { env: { P: "Correct1horse" } })[0].name,
      request: request("create", payload).method,
      port: redact(payload).config.port,
      title: schema("create").title,
      severity: explain("syntax").severity,
    });
  } catch (error) { done({ error: String(error) }); }`;
const names = "BootshiftError, check, init, redact, request, script, scriptFiles, version";
/** The path of another module of the package. */
const sibling = (from, name) =>
  from.endsWith("browser.js") ? from.replace("browser.js", `${name}.js`) : `${from}/${name}`;
const script = (from, source = "undefined") =>
  `import { ${names} } from ${JSON.stringify(from)};\n` +
  `import { explain } from ${JSON.stringify(sibling(from, "explain"))};\n` +
  `import { schema } from ${JSON.stringify(sibling(from, "schemas"))};\nconst source = ${source};\n` +
  `const done = (value) => { globalThis.result = value; };\n${body}`;
const html = (src, attributes = 'type="module"') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,"></head>` +
  `<body><script ${attributes} src="${src}"></script></body></html>`;

function assertWorks(result) {
  assert.equal(result.error, undefined);
  assert.match(result.early, /call `await init\(\)` once/);
  assert.equal(result.isRejected, true);
  assert.ok(result.codes.includes("unknown-property"));
  assert.equal(result.valid, true);
  assert.equal(result.file, "1-initial-create.sql");
  assert.equal(result.request, "POST");
  assert.equal(result.port, 5439);
  assert.equal(result.title, "Immuta Redshift payload");
  assert.equal(result.severity, "error");
  assert.match(result.version, /^\d+\.\d+\.\d+/);
}

const csp = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:",
};

test("a module script works with a strict Content-Security-Policy", async (t) => {
  const folder = project(t, { "index.html": html("main.js"), "main.js": script("./bootshift/browser.js") });
  cpSync(join(folder, "node_modules/bootshift/dist"), join(folder, "bootshift"), { recursive: true });
  assertWorks(await inBrowser(t, await serve(t, folder, csp)));
});

test("a policy without 'wasm-unsafe-eval' is reported in the error", async (t) => {
  const folder = project(t, { "index.html": html("main.js"), "main.js": script("./bootshift/browser.js") });
  cpSync(join(folder, "node_modules/bootshift/dist"), join(folder, "bootshift"), { recursive: true });
  const policy = csp["Content-Security-Policy"].replace(" 'wasm-unsafe-eval'", "");
  const url = await serve(t, folder, { "Content-Security-Policy": policy });
  assert.match((await inBrowser(t, url, /Content Security Policy/)).error, /Content Security Policy/);
});

test("init works if the server does not send application/wasm", async (t) => {
  const folder = project(t, {
    "index.html": html("main.js"),
    "main.js": script("./bootshift/browser.js", '"./x.bin"'),
  });
  cpSync(join(folder, "node_modules/bootshift/dist"), join(folder, "bootshift"), { recursive: true });
  cpSync(join(folder, "bootshift/bootshift.wasm"), join(folder, "x.bin"));
  assertWorks(await inBrowser(t, await serve(t, folder, csp)));
});

test("init accepts bytes and a compiled module", async (t) => {
  const bytes = 'await (await fetch("./bootshift/bootshift.wasm")).arrayBuffer()';
  const folder = project(t, {
    "bytes.html": html("bytes.js"),
    "bytes.js": script("./bootshift/browser.js", bytes),
    "module.html": html("module.js"),
    "module.js": script("./bootshift/browser.js", `await WebAssembly.compile(${bytes})`),
  });
  cpSync(join(folder, "node_modules/bootshift/dist"), join(folder, "bootshift"), { recursive: true });
  const url = await serve(t, folder, csp);
  assertWorks(await inBrowser(t, `${url}bytes.html`));
  assertWorks(await inBrowser(t, `${url}module.html`));
});

test("init fails for a missing file, and a second call works", async (t) => {
  const main = `import { init, check } from "./bootshift/browser.js";
    let message;
    try { await init("./missing.wasm"); } catch (error) { message = error.message; }
    await init();
    globalThis.result = { message, files: check("{}").summary.files };`;
  const folder = project(t, { "index.html": html("main.js"), "main.js": main });
  cpSync(join(folder, "node_modules/bootshift/dist"), join(folder, "bootshift"), { recursive: true });
  // The browser reports the missing file as well.
  const { message, files } = await inBrowser(t, await serve(t, folder), /404/);
  assert.match(message, /^cannot load Bootshift: 404 .*missing\.wasm$/);
  assert.equal(files, 1);
});

test("an idle connection does not delay the end of a test", { timeout: 30_000 }, async (t) => {
  let socket;
  await t.test("a connection that is opened in advance", async (inner) => {
    const { port } = new URL(await serve(inner, project(inner)));
    socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
  });
  socket.resume();
  await once(socket, "close");
});

test("the package works in a worker", async (t) => {
  const folder = project(t, {
    "index.html": html("main.js"),
    "main.js":
      'new Worker("worker.js", { type: "module" }).onmessage = (event) => { globalThis.result = event.data; };',
    "worker.js": script("./bootshift/browser.js").replace("globalThis.result = value", "postMessage(value)"),
  });
  cpSync(join(folder, "node_modules/bootshift/dist"), join(folder, "bootshift"), { recursive: true });
  assertWorks(await inBrowser(t, await serve(t, folder)));
});

test("Vite builds a page with the package", async (t) => {
  const folder = project(t, { "index.html": html("/main.js"), "main.js": script("bootshift") }, ["vite"]);
  node(folder, [
    join(folder, "node_modules/vite/bin/vite.js"),
    "build",
    "--base",
    "./",
    "--logLevel",
    "error",
  ]);
  assert.ok(readdirSync(join(folder, "dist/assets")).some((name) => name.endsWith(".wasm")));
  assertWorks(await inBrowser(t, await serve(t, join(folder, "dist"), csp)));
});

test("the development server of Vite serves a page with the package", async (t) => {
  const folder = project(t, { "index.html": html("/main.js"), "main.js": script("bootshift") }, ["vite"]);
  // Uses the API, because the output of the command may contain colors.
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
  });
  t.after(() => server.close());
  await server.listen();
  assertWorks(await inBrowser(t, server.resolvedUrls.local[0]));
});

test("webpack bundles the package", async (t) => {
  const folder = project(
    t,
    {
      "index.html": html("main.js", "defer"),
      "src.js": script("bootshift"),
      "webpack.config.cjs":
        'module.exports = { mode: "production", entry: "./src.js", output: { path: __dirname + "/out", filename: "main.js", publicPath: "" } };',
    },
    ["webpack", "webpack-cli"],
  );
  node(folder, [join(folder, "node_modules/webpack/bin/webpack.js"), "--config", "webpack.config.cjs"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  cpSync(join(folder, "index.html"), join(folder, "out/index.html"));
  assertWorks(await inBrowser(t, await serve(t, join(folder, "out"), csp)));
});

test("esbuild bundles the package with an explicit WebAssembly file", async (t) => {
  const main = script("bootshift", "url").replace("\n", '\nimport url from "bootshift/wasm";\n');
  const folder = project(t, { "out/index.html": html("main.js"), "src.js": main });
  tool(
    "esbuild",
    [
      "src.js",
      "--bundle",
      "--format=esm",
      "--loader:.wasm=file",
      "--outfile=out/main.js",
      "--log-level=error",
    ],
    folder,
  );
  assertWorks(await inBrowser(t, await serve(t, join(folder, "out"), csp)));
});

test("the package does not use eval, top-level await or base64", (t) => {
  const folder = project(t);
  for (const name of ["browser.js", "node.js", "node.cjs"]) {
    const text = readFileSync(join(folder, "node_modules/bootshift/dist", name), "utf8");
    assert.doesNotMatch(text, /\beval\(|new Function|AGFzbQ/, name);
    write(folder, { [`check/${name}`]: text });
  }
  // esbuild rejects top-level await for this target.
  tool(
    "esbuild",
    ["check/browser.js", "--target=es2020", "--format=esm", "--outfile=x.js", "--log-level=error"],
    folder,
  );
});
