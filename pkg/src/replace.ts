/**
 * Writes several files atomically: either all of them or none.
 *
 * Each is written to a temporary file in the same directory, and renamed when all of them are complete. A process that
 * is killed before leaves its temporary files, which may contain the hash of a password. The next process that writes
 * to the directory removes them. Their names contain the id of the process that created them.
 */
import * as fs from "node:fs";
import process from "node:process";

import { writeAll } from "./descriptor.js";
import { attempt, codeOf } from "./failure.js";

const IS_WINDOWS = process.platform === "win32";

/** The prefix of temporary files. The process id follows. */
const PREFIX = ".bootshift-npm-";
const LEFTOVER = /^\.bootshift-npm-(\d+)-/;

/** The permissions of a new file, as numbered by the command line. */
export const MODE = { default: 0, kept: 2 } as const;

/** A file to write. */
export interface NewFile {
  path: string;
  text: string;
  mode: number;
}

/** A complete temporary file, and the path to which it is renamed. */
interface Prepared {
  temporary: string;
  target: string;
}

/** A replaced file, and a backup of the old one if there was one. */
interface Replaced {
  target: string;
  backup: string | undefined;
}

/** Replaces the files. If that fails, restores the old ones. The error has the index of the file. */
export function replace(files: readonly NewFile[]): void {
  removeLeftovers(files);
  const prepared: Prepared[] = [];
  const replaced: Replaced[] = [];
  try {
    files.forEach((file, index) => {
      attempt(() => {
        prepare(file, prepared);
      }, index);
    });
    prepared.forEach(({ target }, index) => {
      attempt(() => {
        assertReplaceable(target);
      }, index);
    });
    prepared.forEach(({ temporary, target }, index) => {
      attempt(() => {
        const backup = prepared.length === 1 ? undefined : backUp(target);
        replaced.push({ target, backup });
        fs.renameSync(temporary, target);
      }, index);
    });
  } catch (error) {
    replaced.reverse().forEach(restore);
    throw error;
  } finally {
    for (const file of [
      ...prepared.map(({ temporary }) => temporary),
      ...replaced.map(({ backup }) => backup),
    ]) {
      if (file !== undefined) {
        fs.rmSync(file, { force: true });
      }
    }
  }
}

/** Writes a temporary file, and adds it to `prepared`. */
function prepare({ path, text, mode }: NewFile, prepared: Prepared[]): void {
  const old = mode === MODE.kept ? writableStats(path) : undefined;
  const target = old === undefined ? path : fs.realpathSync.native(path);
  const temporary = temporaryName(target);
  const descriptor = fs.openSync(temporary, "wx", mode === MODE.default ? 0o666 : 0o600);
  prepared.push({ temporary, target });
  try {
    writeAll(descriptor, Buffer.from(text));
    if (old !== undefined) {
      keepOwner(descriptor, old);
      keepMode(descriptor, temporary, old.mode);
    }
    synchronize(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The stats of a file. Fails if the file is not writable, because renaming does not check that. */
function writableStats(file: string): fs.Stats {
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
    // Write permission does not imply permission to change the owner.
  }
}

function keepMode(descriptor: number, temporary: string, mode: number): void {
  try {
    fs.fchmodSync(descriptor, mode);
  } catch (error) {
    if (!isDisabled(error)) {
      throw error;
    }
    fs.chmodSync(temporary, mode);
  }
}

/** Waits until the file is on the disk. Where that is disabled, the operating system writes it later. */
function synchronize(descriptor: number): void {
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    if (!isDisabled(error)) {
      throw error;
    }
  }
}

/** Whether a function is refused by `node --permission`, which has no permission for it. */
function isDisabled(error: unknown): boolean {
  return codeOf(error) === "ERR_ACCESS_DENIED";
}

/** Fails if the target is a directory. */
function assertReplaceable(target: string): void {
  if (fs.lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
  }
}

/** Creates a backup of a file, if it exists, and returns its name. */
function backUp(target: string): string | undefined {
  const name = temporaryName(target);
  try {
    fs.linkSync(target, name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    // Not every file system supports hard links.
    fs.copyFileSync(target, name, fs.constants.COPYFILE_EXCL);
  }
  return name;
}

/** Restores the old file, or removes the new one if there was none. */
function restore({ target, backup }: Replaced): void {
  try {
    if (backup === undefined) {
      fs.rmSync(target, { force: true });
    } else {
      fs.renameSync(backup, target);
    }
  } catch {
    // The first error is already reported.
  }
}

/**
 * The directories that this process has already cleaned. `check --fix` writes its files one by one, and a directory
 * may have many entries.
 */
const cleaned = new Set<string>();

/** Removes the temporary files of killed processes from the directories of the files. */
function removeLeftovers(files: readonly NewFile[]): void {
  // An existing file may be the target of a symbolic link in another directory.
  const directories = files.map(({ path, mode }) => directoryOf(mode === MODE.kept ? realPath(path) : path));
  for (const directory of new Set(directories)) {
    if (cleaned.has(directory)) {
      continue;
    }
    cleaned.add(directory);
    for (const name of namesIn(directory)) {
      const [, id] = LEFTOVER.exec(name) ?? [];
      if (id !== undefined && !isAlive(Number(id))) {
        try {
          fs.unlinkSync(directory + name);
        } catch {
          // The file may belong to another user.
        }
      }
    }
  }
}

function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

function namesIn(directory: string): string[] {
  try {
    return fs.readdirSync(directory === "" ? "." : directory);
  } catch {
    return [];
  }
}

/** Whether another process with this id is running. */
function isAlive(id: number): boolean {
  if (id === process.pid) {
    return false;
  }
  try {
    return process.kill(id, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** A unique name in the directory of a file. */
function temporaryName(target: string): string {
  return `${directoryOf(target)}${PREFIX}${String(process.pid)}-${crypto.randomUUID()}`;
}

/**
 * The directory of a file, with its trailing slash. Not normalized, because `..` after a symbolic link must be kept.
 */
function directoryOf(file: string): string {
  const slash = Math.max(file.lastIndexOf("/"), IS_WINDOWS ? file.lastIndexOf("\\") : -1);
  return file.slice(0, slash + 1);
}
