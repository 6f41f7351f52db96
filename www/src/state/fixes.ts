/** Fixes of diagnostics. */

import type { Diagnostic } from "bootshift";

import type { Edit } from "../document.js";
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

type WithFix = Diagnostic & {
  fix?: {
    title: string;
    applicability: "safe" | "unsafe";
    edits: readonly { start: { offset: number }; end: { offset: number }; text: string }[];
  };
};

/** The fix of a diagnostic, or `undefined` if it has none. */
export function fixOf(diagnostic: Diagnostic): Fix | undefined {
  const { fix } = diagnostic as WithFix;
  return fix === undefined
    ? undefined
    : {
        title: fix.title,
        isSafe: fix.applicability === "safe",
        edits: fix.edits.map(({ start, end, text }) => ({
          from: start.offset,
          to: end.offset,
          insert: text,
        })),
      };
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
  const { text } = (parsed.document as unknown as { fix(o: object): { text: string } }).fix({
    operation: operation.name,
    ...(old === undefined || old.error !== undefined ? {} : { old: old.document }),
  });
  editor().replace(text);
  editor().focus();
}
