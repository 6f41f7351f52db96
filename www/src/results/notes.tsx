import type { ComponentChildren, VNode } from "preact";

import { goTo } from "../state/actions.js";
import { settled } from "../state/analysis.js";
import { Prose } from "../ui/prose.js";

/** Why there is no result: the errors of the payload. */
export function FixFirst({ what }: { what: string }): VNode | null {
  return <ErrorList lead={(count) => `Fix ${count} to see ${what}.`} />;
}

/** The first errors of the text, which lead to their places. */
export function ErrorList({ lead }: { lead: (count: string) => string }): VNode | null {
  const state = settled.value;
  if (state === undefined || state.errors === 0) {
    return null;
  }
  const errors = state.diagnostics.filter(({ severity }) => severity === "error");
  return (
    <div class="empty">
      <p>{lead(errors.length === 1 ? "1 error" : `${String(errors.length)} errors`)}</p>
      <ul>
        {errors.slice(0, 5).map((diagnostic, index) => (
          <li key={index}>
            <button
              type="button"
              class="link"
              onClick={() => {
                goTo(diagnostic);
              }}
            >
              Line {diagnostic.start.line}: <Prose text={diagnostic.message} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A paragraph about a result. */
export function Notice({
  kind,
  children,
}: {
  kind?: "warning" | "error";
  children: ComponentChildren;
}): VNode {
  return <p class={kind === undefined ? "notice" : `notice ${kind}-note`}>{children}</p>;
}
