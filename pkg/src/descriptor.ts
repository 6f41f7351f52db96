/** Reads and writes file descriptors, including pipes that are not ready. */
import * as fs from "node:fs";

import { codeOf } from "./failure.js";

/** The number of bytes to read at once if the length is unknown. */
export const CHUNK = 1 << 16;

/** The time to wait for a pipe that is not ready, in milliseconds. */
const RETRY_DELAY = 2;

/** Writes all bytes, and waits whenever a pipe is full. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(descriptor, bytes, written);
    } catch (error) {
      waitOrThrow(error);
    }
  }
}

/** Reads to the end, but at most `limit` bytes. `expected` is the expected number of bytes. */
export function readUpTo(descriptor: number, limit: number, expected: number): Uint8Array {
  let buffer = Buffer.allocUnsafe(Math.min(limit, expected));
  let length = 0;
  while (length < limit) {
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(limit, length + Math.max(length, CHUNK)));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    const count = readChunk(descriptor, buffer, length);
    if (count === 0) {
      break;
    }
    length += count;
  }
  return buffer.subarray(0, length);
}

/** Reads the available bytes, at least one. Returns 0 at the end. */
function readChunk(descriptor: number, buffer: Uint8Array, start: number): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, buffer, start, buffer.length - start, null);
    } catch (error) {
      // On Windows, reading from a closed pipe is an error.
      if (codeOf(error) === "EOF") {
        return 0;
      }
      waitOrThrow(error);
    }
  }
}

/** Waits if a stream is not ready; throws any other error. */
function waitOrThrow(error: unknown): void {
  if (codeOf(error) !== "EAGAIN") {
    throw error;
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY);
}
