import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";

import { applyFix, fixOf } from "../state/fixes.js";

interface Props {
  diagnostic: Diagnostic;
  /** Where the button is or what it is about, for screen readers: the same fix is offered in several places. */
  context: string;
}

/** A button that applies the fix of a diagnostic, if it has one. */
export function FixButton({ diagnostic, context }: Props): VNode | null {
  const fix = fixOf(diagnostic);
  if (fix === undefined) {
    return null;
  }
  const title = fix.title.replaceAll("`", "");
  return (
    <button
      type="button"
      class="inline fix"
      aria-label={`${title} ${context}`}
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
