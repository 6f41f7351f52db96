import { BootshiftError } from "bootshift";

/** The message of an error of Bootshift. Any other error is a bug, and is thrown again. */
export function messageOf(error: unknown): string {
  if (error instanceof BootshiftError) {
    return error.message;
  }
  throw error;
}
