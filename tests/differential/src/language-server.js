// yaml-language-server as an editor drives it: the Language Server Protocol over standard input and output.

import { spawn } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";

import { schemaFile } from "./readers.js";

const SERVER = fileURLToPath(
  new URL("../node_modules/yaml-language-server/bin/yaml-language-server", import.meta.url),
);
const ERROR = 1;

/** A server in which the documents of a folder `NAME` have the schema NAME. */
export class LanguageServer {
  #child;
  #input = Buffer.alloc(0);
  #waiting = new Map();
  #published = new Map();
  #settings;
  #last = 0;

  /** Starts a server for the schemas of these names. */
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
    // It takes its settings in when it likes; with them, this document is wrong.
    while ((await server.errors(`${names[0]}/probe-${(server.#last += 1)}`, "0")).length === 0);
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
      while (this.#take());
    });
  }

  /** Takes a message, if there is a whole one. */
  #take() {
    const end = this.#input.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(this.#input.subarray(0, Math.max(end, 0)))?.[1]);
    const start = end + 4;
    if (end < 0 || this.#input.length < start + length) {
      return false;
    }
    const message = JSON.parse(this.#input.subarray(start, start + length));
    this.#input = this.#input.subarray(start + length);
    if (message.method === undefined) {
      this.#waiting.get(message.id)(message);
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
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result;
  }

  /** What it has against a document, by its path. */
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

  /** The words that it offers at a place of a document that it has. */
  async completions(path, position) {
    const { items } = await this.#request("textDocument/completion", {
      textDocument: { uri: this.#uri(path) },
      position,
    });
    return items.map(({ label }) => label);
  }

  /** What it shows for a place of a document that it has. */
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
