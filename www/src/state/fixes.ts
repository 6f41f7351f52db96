/** Fixes of diagnostics. */

import type { Diagnostic } from "bootshift";

import { editOf } from "../payload/content.js";
import type { Edit } from "../payload/text.js";
import { editor } from "./actions.js";
import { analysis } from "./analysis.js";

/** A change to the text that resolves a diagnostic. */
export interface Fix {
  /** A short description, such as "Change to `host`". */
  title: string;
  /** Whether nothing is lost and nothing else can have been meant. */
  isSafe: boolean;
  /** Edits of the checked text, in its order. They do not overlap. */
  edits: readonly Edit[];
}

/** The fix of a diagnostic, or `undefined` if it has none. */
export function fixOf({ fix }: Diagnostic): Fix | undefined {
  return fix && { title: fix.title, isSafe: fix.applicability === "safe", edits: fix.edits.map(editOf) };
}

/** Applies a fix, as one undo step. */
export function applyFix({ edits }: Fix): void {
  editor().edit([edits]);
  editor().focus();
}

/** The number of safe fixes. */
export function countSafeFixes(): number {
  return analysis.value.diagnostics.filter((each) => fixOf(each)?.isSafe === true).length;
}

/** Applies all safe fixes, as one undo step. */
export function fixAll(): void {
  const { operation, old, parsed } = analysis.value;
  const { text } = parsed.document.fix({
    operation: operation.name,
    ...(old === undefined || old.error !== undefined ? {} : { old: old.document }),
  });
  editor().replace(text);
  editor().focus();
}
