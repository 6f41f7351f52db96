// Shared test helpers: projects with the packed package installed, and a browser.

import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const modules = join(root, "pkg/node_modules");

/** The tarball of `cargo xtask npm`. */
export const tarball = process.env.BOOTSHIFT_TARBALL ?? newest(join(root, "target/npm"));

/** The path of the native command. */
export const native = process.env.BOOTSHIFT_BIN ?? join(root, "target/debug/bootshift");

function newest(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tgz")) : [];
  const time = (name) => statSync(join(folder, name)).mtimeMs;
  const name = names.sort((one, other) => time(other) - time(one))[0];
  if (name === undefined) {
    throw new Error("package not found: run `cargo xtask npm`");
  }
  return join(folder, name);
}

/** Creates a folder with files. It is removed when the test ends. */
export function temporary(t, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bootshift-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  write(folder, files);
  return folder;
}

/** Creates a project with the package installed. It is removed when the test ends. */
export function project(t, files = {}, packages = []) {
  const folder = temporary(t, {
    "package.json": JSON.stringify({ private: true, type: "module" }),
    ...files,
  });
  npm(["install", "--offline", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", tarball], folder);
  for (const name of packages) {
    // Build tools are linked, so that they are installed only once.
    write(folder, { [`node_modules/${name}/package.json`]: "" });
    rmSync(join(folder, "node_modules", name), { recursive: true });
    link(join(modules, name), join(folder, "node_modules", name));
  }
  return folder;
}

export function link(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  execFileSync("ln", ["-s", from, to]);
}

export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Runs npm quietly, and throws its errors. */
export function npm(args, cwd) {
  return execFileSync("npm", [...args, "--loglevel=error"], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs a development tool of the package. */
export function tool(name, args, cwd) {
  return execFileSync(join(modules, ".bin", name), args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs Node.js on a file of a project. */
export function node(folder, args, options = {}) {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", ...options });
}

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Serves a folder on a free loopback port, and returns its URL. */
export async function serve(t, folder, headers = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = join(
      folder,
      normalize(decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname)),
    );
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "Content-Type": types[extname(file)] ?? "application/octet-stream",
      ...headers,
    });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    // `close` would wait forever for a connection that a browser opened in advance and never used.
    server.closeAllConnections();
    await closed;
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/**
 * Opens a page in Chromium and waits for `globalThis.result`. Throws if the page reports an error, unless it matches
 * `expected`.
 */
export async function inBrowser(t, url, expected = /^$/) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-dev-shm-usage",
      "--disable-sync",
    ],
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  try {
    const result = await page.waitForFunction(() => globalThis.result, undefined, { timeout: 30_000 });
    const value = await result.jsonValue();
    const unexpected = errors.filter((error) => !expected.test(error));
    if (unexpected.length > 0) {
      throw new Error(unexpected.join("\n"));
    }
    return value;
  } catch (error) {
    throw new Error([...errors, error.message].join("\n"), { cause: error });
  }
}
