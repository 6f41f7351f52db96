/** Node as the operating system of the command line. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import process from "node:process";
import * as tty from "node:tty";
import { getSystemErrorMap } from "node:util";

import type { Host, HostBytes, HostError } from "../build/bootshift_cli/bootshift_cli.js";

const IS_WINDOWS = process.platform === "win32";

/** How much is read at once, in bytes, where the length is unknown. */
const CHUNK = 1 << 16;

/** How long to wait for a pipe that is not ready, in milliseconds. */
const PAUSE = 2;

/** What C's library says of errors that libuv words otherwise. */
const WORDING: Readonly<Record<string, string>> = {
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EIO: "Input/output error",
  ELOOP: "Too many levels of symbolic links",
  ENAMETOOLONG: "File name too long",
  ETXTBSY: "Text file busy",
  EXDEV: "Invalid cross-device link",
};

/** Who may read and write a new file, as the command line numbers it. */
const MODE = { default: 0, kept: 2 } as const;

/** A finished file beside the place that it is renamed to. */
interface Prepared {
  temporary: string;
  place: string;
}

class Failure extends Error implements HostError {
  readonly code?: string;
  readonly index?: number;

  constructor(message: string, code: string | undefined, index: number | undefined) {
    super(message);
    if (code !== undefined) {
      this.code = code;
    }
    if (index !== undefined) {
      this.index = index;
    }
  }
}

/** Files, streams and the environment by Node. */
export class NodeHost implements Host {
  columns(): number | undefined {
    for (const stream of [1, 2, 0]) {
      const columns = terminalColumns(stream);
      if (columns !== undefined) {
        return columns;
      }
    }
    const variable = process.env.COLUMNS;
    return variable !== undefined && /^\+?\d{1,9}$/.test(variable) ? Number(variable) : undefined;
  }

  env(name: string): string | undefined {
    return process.env[name];
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
        const most = stats.size > limit ? prefix : limit + 1;
        // One more than the length, so that the end is seen without growing the buffer.
        return { bytes: readUpTo(descriptor, most, stats.size + 1), length: stats.size };
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
    const ready: Prepared[] = [];
    try {
      files.forEach((file, index) => {
        attempt(() => {
          prepare(file, texts[index] ?? "", modes[index] ?? MODE.default, ready);
        }, index);
      });
      files.forEach((_, index) => {
        attempt(() => {
          const [next] = ready;
          if (next !== undefined) {
            fs.renameSync(next.temporary, next.place);
            ready.shift();
          }
        }, index);
      });
    } finally {
      for (const { temporary } of ready) {
        fs.rmSync(temporary, { force: true });
      }
    }
  }

  remove(file: string): void {
    attempt(() => {
      fs.unlinkSync(file);
    });
  }

  isColoured(stream: number): boolean {
    // The rules, and their order, of the crate `anstream`.
    const { NO_COLOR, CLICOLOR, CLICOLOR_FORCE, CI, TERM } = process.env;
    if (NO_COLOR) {
      return false;
    }
    if (CLICOLOR_FORCE) {
      return true;
    }
    if (CLICOLOR === "0") {
      return false;
    }
    const isCapable = TERM === undefined ? IS_WINDOWS : TERM !== "dumb";
    return tty.isatty(stream) && (isCapable || CLICOLOR !== undefined || CI !== undefined);
  }

  write(stream: number, bytes: Uint8Array): void {
    attempt(() => {
      writeAll(stream, bytes);
    });
  }
}

/** Writes all of the bytes, however often a pipe that is full must be waited for. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(descriptor, bytes, written);
    } catch (error) {
      pauseOrThrow(error);
    }
  }
}

/** Reads to the end, or to `most` bytes. `guess` is how many there may be. */
function readUpTo(descriptor: number, most: number, guess: number): Uint8Array {
  let buffer = Buffer.allocUnsafe(Math.min(most, guess));
  let length = 0;
  while (length < most) {
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(most, length + Math.max(length, CHUNK)));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    const count = readSome(descriptor, buffer, length);
    if (count === 0) {
      break;
    }
    length += count;
  }
  return buffer.subarray(0, length);
}

/** Reads what there is, at least a byte; 0 at the end. */
function readSome(descriptor: number, buffer: Uint8Array, start: number): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, buffer, start, buffer.length - start, null);
    } catch (error) {
      // On Windows a pipe that was closed is an error.
      if (codeOf(error) === "EOF") {
        return 0;
      }
      pauseOrThrow(error);
    }
  }
}

/** Waits if the error says that a stream is not ready. */
function pauseOrThrow(error: unknown): void {
  if (codeOf(error) !== "EAGAIN") {
    throw error;
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}

/** A finished file beside its place, to be renamed; it is added to `ready`. */
function prepare(file: string, text: string, mode: number, ready: Prepared[]): void {
  const old = mode === MODE.kept ? writable(file) : undefined;
  const place = old === undefined ? file : fs.realpathSync.native(file);
  // As it was written, for `join` would resolve `..` behind a link.
  const slash = Math.max(place.lastIndexOf("/"), IS_WINDOWS ? place.lastIndexOf("\\") : -1);
  const [temporary, descriptor] = openNew(
    `${place.slice(0, slash + 1)}.bootshift-`,
    mode === MODE.default ? 0o666 : 0o600,
  );
  ready.push({ temporary, place });
  try {
    writeAll(descriptor, Buffer.from(text));
    if (old !== undefined) {
      keepOwner(descriptor, old);
      fs.fchmodSync(descriptor, old.mode);
    }
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** What is known of a file, if it may be written: renaming asks nobody. */
function writable(file: string): fs.Stats {
  const descriptor = fs.openSync(file, fs.constants.O_WRONLY);
  try {
    return fs.fstatSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function keepOwner(descriptor: number, old: fs.Stats): void {
  try {
    fs.fchownSync(descriptor, old.uid, old.gid);
  } catch {
    // Whoever may write a file may not always give it away.
  }
}

/** Makes a file that was not there, whose path begins with `prefix`. */
function openNew(prefix: string, mode: number): [file: string, descriptor: number] {
  for (;;) {
    const file = prefix + Math.random().toString(36).slice(2, 8);
    try {
      return [file, fs.openSync(file, "wx", mode)];
    } catch (error) {
      if (codeOf(error) !== "EEXIST") {
        throw error;
      }
    }
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

/** Makes a directory, unless there is one. */
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

/** The columns of a terminal; none if the stream is no terminal. */
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

/** Windows takes both separators; the walk knows `/` only. */
function withSlashes(file: string): string {
  return IS_WINDOWS ? file.replaceAll("\\", "/") : file;
}

/** Calls something that may fail, and words its error as the native command does. */
function attempt<T>(work: () => T, index?: number): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    throw new Failure(wording(error, code), code, index);
  }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** `No space left on device (os error 28)` */
function wording(error: unknown, code: string | undefined): string {
  const number = (error as NodeJS.ErrnoException).errno;
  const known = number === undefined ? undefined : getSystemErrorMap().get(number)?.[1];
  if (number === undefined || known === undefined) {
    return error instanceof Error ? error.message : String(error);
  }
  const text =
    (code === undefined ? undefined : WORDING[code]) ?? known.charAt(0).toUpperCase() + known.slice(1);
  return `${text} (os error ${String(-number)})`;
}
