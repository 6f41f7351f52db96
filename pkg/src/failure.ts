/** Converts errors of Node.js to the wording of the native command. */
import { getSystemErrorMap } from "node:util";

import type { HostError } from "../build/bootshift_cli/bootshift_cli.js";

/** The messages of the C library that differ from those of libuv. */
const MESSAGES: Readonly<Record<string, string>> = {
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EIO: "Input/output error",
  ELOOP: "Too many levels of symbolic links",
  ENAMETOOLONG: "File name too long",
  ETXTBSY: "Text file busy",
  EXDEV: "Invalid cross-device link",
};

class SystemError extends Error implements HostError {
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

/** Calls a function, and converts its error. `index` is that of the file. */
export function attempt<T>(run: () => T, index?: number): T {
  try {
    return run();
  } catch (error) {
    const code = codeOf(error);
    throw new SystemError(messageOf(error, code), code, index);
  }
}

/** The code of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** The message of an error, such as `No space left on device (os error 28)`. */
function messageOf(error: unknown, code: string | undefined): string {
  const number = (error as NodeJS.ErrnoException).errno;
  const description = number === undefined ? undefined : getSystemErrorMap().get(number)?.[1];
  if (number === undefined || description === undefined) {
    return error instanceof Error ? error.message : String(error);
  }
  const text =
    (code === undefined ? undefined : MESSAGES[code]) ??
    description.charAt(0).toUpperCase() + description.slice(1);
  return `${text} (os error ${String(-number)})`;
}
