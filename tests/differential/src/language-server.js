// A client for yaml-language-server: the Language Server Protocol over standard input and output.

import { spawn } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";

import { schemaFile } from "./readers.js";

const SERVER = fileURLToPath(
  new URL("../node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url),
);
const ERROR = 1;

/** A server that uses the schema NAME for the documents in the folder `NAME`. */
export class LanguageServer {
  #child;
  #input = Buffer.alloc(0);
  #pending = new Map();
  #published = new Map();
  #settings;
  #lastId = 0;

  /** Starts a server for the named schemas. */
  static async start(names) {
    const server = new LanguageServer(names);
    await server.#request("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: { hover: { contentFormat: ["markdown"] } },
        workspace: { configuration: true },
      },
    });
    server.#send({ method: "initialized", params: {} });
    // The server applies its settings asynchronously. Once it has, this document is invalid.
    while ((await server.errors(`${names[0]}/probe-${(server.#lastId += 1)}`, "0")).length === 0);
    return server;
  }

  constructor(names) {
    this.#settings = {
      validate: true,
      hover: true,
      completion: true,
      schemaStore: { enable: false },
      schemas: Object.fromEntries(
        names.map((name) => [pathToFileURL(schemaFile(name)).href, [`/${name}/*`]]),
      ),
    };
    this.#child = spawn(process.execPath, [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout.on("data", (data) => {
      this.#input = Buffer.concat([this.#input, data]);
      while (this.#readMessage());
    });
  }

  /** Handles the next message, if it is complete. Returns whether there was one. */
  #readMessage() {
    const end = this.#input.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(this.#input.subarray(0, Math.max(end, 0)))?.[1]);
    const start = end + 4;
    if (end < 0 || this.#input.length < start + length) {
      return false;
    }
    const message = JSON.parse(this.#input.subarray(start, start + length));
    this.#input = this.#input.subarray(start + length);
    if (message.method === undefined) {
      this.#pending.get(message.id)(message);
    } else if (message.id !== undefined) {
      const items = message.params?.items ?? [];
      const result = items.map(({ section }) => (section === "yaml" ? this.#settings : null));
      this.#send({ id: message.id, result: message.method === "workspace/configuration" ? result : null });
    } else if (message.method === "textDocument/publishDiagnostics") {
      this.#published.get(message.params.uri)?.(message.params.diagnostics);
    }
    return true;
  }

  #send(message) {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  async #request(method, params) {
    this.#lastId += 1;
    const id = this.#lastId;
    const response = new Promise((resolve) => this.#pending.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await response;
    if (error !== undefined) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result;
  }

  /** Opens a document, and returns the messages of its errors. */
  async errors(path, text) {
    const uri = this.#uri(path);
    const published = new Promise((resolve) => this.#published.set(uri, resolve));
    this.#send({
      method: "textDocument/didOpen",
      params: { textDocument: { uri, languageId: "yaml", version: 1, text } },
    });
    const diagnostics = await published;
    this.#published.delete(uri);
    return diagnostics.filter(({ severity }) => severity === ERROR).map(({ message }) => message);
  }

  #uri(path) {
    return `file:///${path.split("/").map(encodeURIComponent).join("/")}`;
  }

  /** The labels of the completions at a position of an open document. */
  async completions(path, position) {
    const { items } = await this.#request("textDocument/completion", {
      textDocument: { uri: this.#uri(path) },
      position,
    });
    return items.map(({ label }) => label);
  }

  /** The hover text at a position of an open document. */
  async hover(path, position) {
    const found = await this.#request("textDocument/hover", {
      textDocument: { uri: this.#uri(path) },
      position,
    });
    return found?.contents.value ?? "";
  }

  async end() {
    await this.#request("shutdown", null);
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#send({ method: "exit" });
    await ended;
  }
}
