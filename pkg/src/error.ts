import type { Failure, Finding } from "../build/types.js";

/** Why a call gave nothing: the payload has an error, or the arguments do not go together. */
export class BootshiftError extends Error {
  override readonly name = "BootshiftError";

  /**
   * What is wrong with the payload, in the order of the text; empty if it is the call that is wrong. No diagnostic
   * ever holds a secret. Offsets index the JavaScript string.
   */
  readonly diagnostics: readonly Finding[];

  constructor({ message, diagnostics }: Failure, options?: ErrorOptions) {
    super(message, options);
    this.diagnostics = diagnostics;
  }
}
