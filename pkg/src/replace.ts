/**
 * Files that are written whole, and either all or none.
 *
 * Each is written beside its place, under a name of its own, and renamed when all of them are ready. A run that is
 * killed before that leaves such a file, which may hold a password's hash: the next one that writes to the directory
 * removes it. Whose file it is stands in its name.
 */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import process from "node:process";

import { writeAll } from "./descriptor.js";
import { attempt, codeOf } from "./failure.js";

const IS_WINDOWS = process.platform === "win32";

/** How the names of files begin that are not in their places yet; the number of the process follows. */
const PREFIX = ".bootshift-npm-";
const LEFTOVER = /^\.bootshift-npm-(\d+)-/;

/** Who may read and write a new file, as the command line numbers it. */
export const MODE = { default: 0, kept: 2 } as const;

/** A file to write. */
export interface NewFile {
  path: string;
  text: string;
  mode: number;
}

/** A finished file beside the place that it is renamed to. */
interface Prepared {
  temporary: string;
  place: string;
}

/** A file that is in its place, with what was there before, if anything was. */
interface Done {
  place: string;
  old: string | undefined;
}

/** Puts the files in their places; if that fails, with the index of the file in the error, all is as it was. */
export function replace(files: readonly NewFile[]): void {
  removeLeftovers(files);
  const ready: Prepared[] = [];
  const done: Done[] = [];
  try {
    files.forEach((file, index) => {
      attempt(() => {
        prepare(file, ready);
      }, index);
    });
    ready.forEach(({ place }, index) => {
      attempt(() => {
        look(place);
      }, index);
    });
    ready.forEach(({ temporary, place }, index) => {
      attempt(() => {
        const old = ready.length === 1 ? undefined : secondName(place);
        done.push({ place, old });
        fs.renameSync(temporary, place);
      }, index);
    });
  } catch (error) {
    done.reverse().forEach(undo);
    throw error;
  } finally {
    for (const file of [...ready.map(({ temporary }) => temporary), ...done.map(({ old }) => old)]) {
      if (file !== undefined) {
        fs.rmSync(file, { force: true });
      }
    }
  }
}

/** A finished file beside its place, to be renamed; it is added to `ready`. */
function prepare({ path, text, mode }: NewFile, ready: Prepared[]): void {
  const old = mode === MODE.kept ? writable(path) : undefined;
  const place = old === undefined ? path : fs.realpathSync.native(path);
  const temporary = newName(place);
  const descriptor = fs.openSync(temporary, "wx", mode === MODE.default ? 0o666 : 0o600);
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

/** Fails where it is known that there is no place for a file. */
function look(place: string): void {
  if (fs.lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
  }
}

/** A second name for the file at a place, if there is one. */
function secondName(place: string): string | undefined {
  const name = newName(place);
  try {
    fs.linkSync(place, name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    // Not every file system has links.
    fs.copyFileSync(place, name, fs.constants.COPYFILE_EXCL);
  }
  return name;
}

/** Puts back what was at a place. */
function undo({ place, old }: Done): void {
  try {
    if (old === undefined) {
      fs.rmSync(place, { force: true });
    } else {
      fs.renameSync(old, place);
    }
  } catch {
    // There is nobody to tell: why the whole failed is told already.
  }
}

/**
 * The directories in which this process has looked for leftovers: `check --fix` writes its files one by one, and a
 * directory may have many.
 */
const lookedAt = new Set<string>();

/** Removes what runs that were killed have left in the directories that are written to. */
function removeLeftovers(files: readonly NewFile[]): void {
  // A file that stays where it is may be behind a link.
  const directories = files.map(({ path, mode }) => directoryOf(mode === MODE.kept ? realPath(path) : path));
  for (const directory of new Set(directories)) {
    if (lookedAt.has(directory)) {
      continue;
    }
    lookedAt.add(directory);
    for (const name of namesIn(directory)) {
      const [, id] = LEFTOVER.exec(name) ?? [];
      if (id !== undefined && !isAlive(Number(id))) {
        try {
          fs.unlinkSync(directory + name);
        } catch {
          // What cannot be removed is somebody else's.
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

/** Whether another process has that number. */
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

/** A name beside a place that no file has. */
function newName(place: string): string {
  return `${directoryOf(place)}${PREFIX}${String(process.pid)}-${randomUUID()}`;
}

/** The directory of a file with the slash behind, as it was written: `join` would resolve `..` behind a link. */
function directoryOf(file: string): string {
  const slash = Math.max(file.lastIndexOf("/"), IS_WINDOWS ? file.lastIndexOf("\\") : -1);
  return file.slice(0, slash + 1);
}
