import { isolateHistory } from "@codemirror/commands";
import {
  type Diagnostic as EditorDiagnostic,
  forEachDiagnostic,
  nextDiagnostic,
  previousDiagnostic,
} from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { EditorView, KeyBinding } from "@codemirror/view";
import type { Diagnostic } from "bootshift";

import type { Edit } from "../payload/text.js";
import { h, prose } from "../dom.js";

/** A change to the text that resolves a diagnostic. */
export interface Fix {
  /** A short description, such as "Change to `host`". */
  title: string;
  /** Edits of the checked text, in its order. They do not overlap. */
  edits: readonly Edit[];
}

/** The maximum number of marked problems. More would slow down the editor. */
const MAX_MARKS = 200;

/** Keys for diagnostics. The page lists them, so the editor has no list of its own. */
export const diagnosticKeymap: readonly KeyBinding[] = [
  { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
  { key: "Mod-.", run: fixAtCursor },
];

/** Applies the first fix of the diagnostics at the cursor. */
function fixAtCursor(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  let isApplied = false;
  forEachDiagnostic(view.state, ({ actions }, from, to) => {
    const [first] = actions ?? [];
    if (!isApplied && first !== undefined && from <= head && head <= to) {
      first.apply(view, from, to);
      isApplied = true;
    }
  });
  return isApplied;
}

/**
 * Converts diagnostics of the package to those of the editor.
 *
 * @param text - The checked text.
 * @param fixOf - Returns the fix of a diagnostic, which becomes a button in its tooltip.
 */
export function editorDiagnostics(
  diagnostics: readonly Diagnostic[],
  text: Text,
  fixOf: (diagnostic: Diagnostic) => Fix | undefined,
): EditorDiagnostic[] {
  const { length } = text;
  return diagnostics.slice(0, MAX_MARKS).map((diagnostic) => {
    const from = Math.min(diagnostic.start.offset, length);
    const fix = fixOf(diagnostic);
    return {
      from,
      to: Math.min(Math.max(diagnostic.end.offset, from), length),
      severity: diagnostic.severity === "note" ? "info" : diagnostic.severity,
      message: diagnostic.message,
      renderMessage: () => messageOf(diagnostic),
      ...(fix === undefined ? {} : { actions: [action(fix, text)] }),
    };
  });
}

function action({ title, edits }: Fix, text: Text): NonNullable<EditorDiagnostic["actions"]>[number] {
  // The editor shows the name as text, without a font for code.
  return {
    name: title.replaceAll("`", ""),
    apply: (view) => {
      // The offsets are those of the checked text. After a change, the next check offers the fix again.
      if (view.state.doc.eq(text)) {
        view.dispatch({
          changes: [...edits],
          annotations: isolateHistory.of("full"),
          userEvent: "input.fix",
          scrollIntoView: true,
        });
      }
      view.focus();
    },
  };
}

function messageOf(diagnostic: Diagnostic): Node {
  return h(
    "span",
    {},
    ...prose(diagnostic.message),
    ...(diagnostic.help === undefined ? [] : [h("span", { class: "cm-help" }, ...prose(diagnostic.help))]),
  );
}
