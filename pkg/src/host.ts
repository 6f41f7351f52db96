/** The operating system of the command line, provided by Node.js. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import process from "node:process";
import * as tty from "node:tty";

import type { Host, HostBytes } from "../build/bootshift_cli/bootshift_cli.js";
import { CHUNK, readUpTo, writeAll } from "./descriptor.js";
import { attempt, codeOf } from "./failure.js";
import { MODE, replace } from "./replace.js";

const IS_WINDOWS = process.platform === "win32";

/** Files, streams and the environment. */
export class NodeHost implements Host {
  columns(): number | undefined {
    for (const stream of [1, 2, 0]) {
      const columns = terminalColumns(stream);
      if (columns !== undefined) {
        return columns;
      }
    }
    const variable = environment("COLUMNS");
    return variable !== undefined && /^\+?\d{1,9}$/.test(variable) ? Number(variable) : undefined;
  }

  env(name: string): string | undefined {
    return environment(name);
  }

  cwd(): string {
    return attempt(() => withSlashes(process.cwd()));
  }

  home(): string | undefined {
    try {
      return withSlashes(os.homedir());
    } catch {
      return undefined;
    }
  }

  isSeparator(character: string): boolean {
    return character === "/" || character === path.sep;
  }

  kind(file: string): "file" | "directory" | "other" {
    const stats = attempt(() => fs.statSync(file));
    if (stats.isFile()) {
      return "file";
    }
    return stats.isDirectory() ? "directory" : "other";
  }

  realPath(file: string): string {
    return attempt(() => withSlashes(fs.realpathSync.native(file)));
  }

  list(directory: string): string[] {
    const entries = attempt(() => fs.readdirSync(directory, { withFileTypes: true }));
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  }

  read(file: string, limit: number, prefix: number): HostBytes {
    return attempt(() => {
      const descriptor = fs.openSync(file, "r");
      try {
        const stats = fs.fstatSync(descriptor);
        if (stats.isDirectory()) {
          throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
        }
        if (!stats.isFile()) {
          return { bytes: readUpTo(descriptor, limit + 1, CHUNK) };
        }
        const maxLength = stats.size > limit ? prefix : limit + 1;
        // One byte more than the size, to detect the end without growing the buffer.
        return { bytes: readUpTo(descriptor, maxLength, stats.size + 1), length: stats.size };
      } finally {
        fs.closeSync(descriptor);
      }
    });
  }

  readStdin(limit: number): HostBytes {
    return attempt(() => ({ bytes: readUpTo(0, limit + 1, CHUNK) }));
  }

  createDirectories(directory: string): void {
    attempt(() => {
      createDirectories(directory);
    });
  }

  writeInto(file: string, text: string): void {
    attempt(() => {
      const descriptor = fs.openSync(file, fs.constants.O_WRONLY);
      try {
        writeAll(descriptor, Buffer.from(text));
      } finally {
        fs.closeSync(descriptor);
      }
    });
  }

  replace(files: string[], texts: string[], modes: Uint8Array): void {
    replace(
      files.map((path, index) => ({ path, text: texts[index] ?? "", mode: modes[index] ?? MODE.default })),
    );
  }

  remove(file: string): void {
    attempt(() => {
      fs.unlinkSync(file);
    });
  }

  isColored(stream: number): boolean {
    // The same rules as the crate `anstream`.
    if (environment("NO_COLOR")) {
      return false;
    }
    if (environment("CLICOLOR_FORCE")) {
      return true;
    }
    const wanted = environment("CLICOLOR");
    if (wanted === "0") {
      return false;
    }
    const terminal = environment("TERM");
    const isCapable = terminal === undefined ? IS_WINDOWS : terminal !== "dumb";
    return tty.isatty(stream) && (isCapable || wanted !== undefined || environment("CI") !== undefined);
  }

  write(stream: number, bytes: Uint8Array): void {
    attempt(() => {
      writeAll(stream, bytes);
    });
  }
}

/** A variable of the environment. Deno throws if it may not be read: it is then unset. */
function environment(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}

function createDirectories(directory: string): void {
  try {
    createDirectory(directory);
  } catch (error) {
    const parent = path.dirname(directory);
    if (codeOf(error) !== "ENOENT" || parent === directory) {
      throw error;
    }
    createDirectories(parent);
    createDirectory(directory);
  }
}

/** Creates a directory, unless it exists. */
function createDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if (!isDirectory(directory)) {
      throw error;
    }
  }
}

function isDirectory(file: string): boolean {
  try {
    return fs.statSync(file).isDirectory();
  } catch {
    return false;
  }
}

/** The columns of a terminal, or `undefined` if the stream is not a terminal. */
function terminalColumns(stream: number): number | undefined {
  if (!tty.isatty(stream)) {
    return undefined;
  }
  try {
    const [columns, rows] = new tty.WriteStream(stream).getWindowSize();
    return columns > 0 && rows > 0 ? columns : undefined;
  } catch {
    return undefined;
  }
}

/** The directory walk uses only `/`, which Windows accepts as well. */
function withSlashes(file: string): string {
  return IS_WINDOWS ? file.replaceAll("\\", "/") : file;
}
