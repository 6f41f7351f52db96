// Serves a folder of static files on loopback, for the tests and for a preview of the built page.
//   node serve.mjs [FOLDER] [PORT]

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { header } from "./policy.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Starts a server on 127.0.0.1.
 *
 * @param {string} folder - The folder to serve.
 * @param {{port?: number, base?: string}} [options] - The port (defaults to a free one), and the base path.
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serve(folder, { port = 0, base = "/" } = {}) {
  const server = createServer((request, response) => {
    void respond(folder, base, request, response);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${String(server.address().port)}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function respond(folder, base, request, response) {
  try {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = pathname.startsWith(base) ? fileOf(folder, pathname.slice(base.length)) : undefined;
    if (file === undefined) {
      throw new Error("outside the folder");
    }
    const body = await readFile(file);
    response.writeHead(200, {
      "Content-Type": types[extname(file)] ?? "application/octet-stream",
      "Content-Security-Policy": header,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "no-cache",
    });
    response.end(body);
  } catch {
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" });
    response.end("not found\n");
  }
}

/** The file for a path, or `undefined` if the path is outside the folder. */
function fileOf(folder, path) {
  const name = normalize(decodeURIComponent(path === "" || path.endsWith("/") ? `${path}index.html` : path));
  return name.startsWith(`..${sep}`) || name.includes("\0") ? undefined : join(folder, name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = join(dirname(fileURLToPath(import.meta.url)), "dist"), port = "8080"] =
    process.argv.slice(2);
  const { url } = await serve(folder, { port: Number(port) });
  console.log(url);
}
