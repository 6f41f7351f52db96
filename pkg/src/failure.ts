/** Errors of Node, worded as the native command words those of the system. */
import { getSystemErrorMap } from "node:util";

import type { HostError } from "../build/bootshift_cli/bootshift_cli.js";

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

/** Calls something that may fail, and words its error as the native command does. */
export function attempt<T>(work: () => T, index?: number): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    throw new Failure(wording(error, code), code, index);
  }
}

/** The name of the system's error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
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
