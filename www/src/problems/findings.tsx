import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";

import { goTo } from "../state/actions.js";
import { Prose } from "../ui/prose.js";
import { FixButton } from "./fix-button.js";

interface Props {
  diagnostics: readonly Diagnostic[];
  /** What the diagnostics are about, for screen readers. */
  subject: string;
}

/** Diagnostics at a field, with their helps and fixes. The whole line leads to the text. */
export function Findings({ diagnostics, subject }: Props): VNode {
  return (
    <>
      {diagnostics.map((diagnostic, index) => (
        <div
          key={index}
          class={`finding ${diagnostic.severity}`}
          onClick={() => {
            goTo(diagnostic);
          }}
        >
          <span class="hidden-text">{diagnostic.severity}: </span>
          <Prose text={diagnostic.message} />
          {diagnostic.help !== undefined && (
            <span class="hint">
              <Prose text={diagnostic.help} />
            </span>
          )}
          <span class="finding-actions">
            <FixButton diagnostic={diagnostic} context={`for ${subject}`} />
            {/* For the keyboard; its click is also one on the line. */}
            <button
              type="button"
              class="inline"
              aria-label={`Go to line ${String(diagnostic.start.line)} for ${subject}${diagnostics.length > 1 ? ` (${String(index + 1)})` : ""}`}
            >
              Line {diagnostic.start.line}
            </button>
          </span>
        </div>
      ))}
    </>
  );
}
