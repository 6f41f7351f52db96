/** Reading and writing by file descriptors, which may be pipes that are not ready. */
import * as fs from "node:fs";

import { codeOf } from "./failure.js";

/** How much is read at once, in bytes, where the length is unknown. */
export const CHUNK = 1 << 16;

/** How long to wait for a pipe that is not ready, in milliseconds. */
const PAUSE = 2;

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
export function readUpTo(descriptor: number, most: number, guess: number): Uint8Array {
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
