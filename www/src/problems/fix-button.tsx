import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";

import { applyFix, fixOf } from "../state/fixes.js";

/** A button that applies the fix of a diagnostic, if it has one. */
export function FixButton({ diagnostic }: { diagnostic: Diagnostic }): VNode | null {
  const fix = fixOf(diagnostic);
  if (fix === undefined) {
    return null;
  }
  const title = fix.title.replaceAll("`", "");
  return (
    <button
      type="button"
      class="inline fix"
      aria-label={`Fix line ${String(diagnostic.start.line)}: ${title}`}
      title={fix.isSafe ? undefined : "Check the result: something else may have been meant"}
      onClick={(event) => {
        event.stopPropagation();
        applyFix(fix);
      }}
    >
      {title}
    </button>
  );
}
