/** The status bar and the list of problems. */

import { computed, signal } from "@preact/signals";
import type { Diagnostic } from "bootshift";
import { version } from "bootshift";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { goTo } from "../state/actions.js";
import { analysis } from "../state/analysis.js";
import { countSafeFixes, fixAll } from "../state/fixes.js";
import { isRefused } from "../state/session.js";
import { Prose } from "../ui/prose.js";
import { ExplainButton } from "./explanation.js";
import { FixButton } from "./fix-button.js";

/** The maximum number of problems in the list. */
const MAX_SHOWN = 200;
/** Screen readers announce the number of problems when typing pauses for this time, in milliseconds. */
const ANNOUNCEMENT_DELAY = 700;

const RANK = { ok: 0, note: 1, warning: 2, error: 3 };

const isExpanded = signal(window.matchMedia("(min-width: 1100px) and (min-height: 700px)").matches);

const worst = computed(() =>
  analysis.value.diagnostics.reduce<keyof typeof RANK>(
    (found, { severity }) => (RANK[severity] > RANK[found] ? severity : found),
    "ok",
  ),
);

const summary = computed(() => {
  const { diagnostics, isUntouched } = analysis.value;
  if (isUntouched) {
    return "Nothing entered yet";
  }
  const parts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = diagnostics.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [`${count.toLocaleString("en")} ${severity}${count === 1 ? "" : "s"}`];
  });
  return parts.length === 0 ? "No problems" : parts.join(", ");
});

/** The list of problems. */
export function ProblemList(): VNode {
  const { diagnostics, isUntouched } = analysis.value;
  const rest = diagnostics.length - MAX_SHOWN;
  const fixes = countSafeFixes();
  return (
    <section class="problems" id="problems" aria-label="Problems" hidden={!isExpanded.value}>
      {fixes > 0 && (
        <div class="fix-all">
          <button type="button" class="small" id="fix-all" onClick={fixAll}>
            Fix all ({fixes})
          </button>
          <span class="muted">applies the fixes that lose nothing</span>
        </div>
      )}
      <ol id="problem-list" class="problem-list">
        {diagnostics.slice(0, MAX_SHOWN).map((diagnostic, index) => (
          <Problem key={index} diagnostic={diagnostic} />
        ))}
        {diagnostics.length === 0 && (
          <li class="muted none">{isUntouched ? "Problems are listed here." : "No problems"}</li>
        )}
        {rest > 0 && <li class="muted none">and {rest.toLocaleString("en")} more</li>}
      </ol>
    </section>
  );
}

function Problem({ diagnostic }: { diagnostic: Diagnostic }): VNode {
  const { severity, message, help, code } = diagnostic;
  return (
    <li>
      <button
        type="button"
        class={`problem ${severity}`}
        onClick={() => {
          goTo(diagnostic);
        }}
      >
        <span class="hidden-text">{severity} at </span>
        <span class="location">{locationOf(diagnostic)}</span>
        <span class="message">
          <Prose text={message} />
          {help !== undefined && (
            <span class="muted">
              {" · "}
              <Prose text={help} />
            </span>
          )}
        </span>
      </button>
      <FixButton diagnostic={diagnostic} context={`in line ${String(diagnostic.start.line)}`} />
      <ExplainButton code={code} line={diagnostic.start.line} />
    </li>
  );
}

/** The bar at the bottom: the number of problems, the first one, and what is kept. */
export function StatusBar(): VNode {
  const { diagnostics, duration, isUntouched } = analysis.value;
  const first = diagnostics.find(({ severity }) => severity === worst.value);
  return (
    <footer class="status">
      <button
        type="button"
        id="problem-count"
        class={isUntouched ? "" : worst.value}
        aria-controls="problems"
        aria-expanded={isExpanded.value}
        onClick={() => {
          isExpanded.value = !isExpanded.value;
        }}
      >
        {summary.value}
      </button>
      <span id="first-problem" class="first-problem">
        {first !== undefined && `${locationOf(first)} ${first.message.replaceAll("`", "")}`}
      </span>
      <span class="spacer" />
      <span id="timing" class="muted">
        {!isUntouched && `checked in ${duration.toFixed(duration < 10 ? 1 : 0)} ms`}
      </span>
      <span class="muted privacy">
        {isRefused.value ? "Not kept: the browser refuses storage" : "Kept in this tab, without passwords"}
      </span>
      <span class="muted privacy">Nothing is sent</span>
      <span class="muted version">{version}</span>
      <Announcement />
    </footer>
  );
}

/** Tells screen readers the number of problems. */
function Announcement(): VNode {
  const [text, setText] = useState("");
  const current = summary.value;
  useEffect(() => {
    const timer = setTimeout(() => {
      setText(current);
    }, ANNOUNCEMENT_DELAY);
    return () => {
      clearTimeout(timer);
    };
  }, [current]);
  return (
    <div id="announcement" class="hidden-text" role="status">
      {text}
    </div>
  );
}

function locationOf({ start }: Diagnostic): string {
  return `${String(start.line)}:${String(start.column)}`;
}
