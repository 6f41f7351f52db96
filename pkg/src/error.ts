import type { Failure, Finding } from "../build/types.js";

/** The error of a failed call: the payload is invalid, or the arguments are. */
export class BootshiftError extends Error {
  override readonly name = "BootshiftError";

  /**
   * The diagnostics of the payload, in the order of the text. Empty if the arguments are invalid. A diagnostic never
   * contains a secret. Offsets are indices into the JavaScript string.
   */
  readonly diagnostics: readonly Finding[];

  constructor({ message, diagnostics }: Failure, options?: ErrorOptions) {
    super(message, options);
    this.diagnostics = diagnostics;
  }
}
