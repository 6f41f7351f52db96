import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import {
  type Diagnostic as EditorDiagnostic,
  lintGutter,
  lintKeymap,
  setDiagnostics,
  setDiagnosticsEffect,
} from "@codemirror/lint";
import { ChangeSet, Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import type { Diagnostic } from "bootshift";

import type { Edit, Language } from "./document.js";
import { h, prose } from "./dom.js";

/** The maximum number of marked problems. More would slow down the editor. */
const MAX_MARKS = 200;

/** Colors are custom properties of the page, so the editor follows the theme. */
const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "13px", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--active)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--active)", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  // The package's marks are images with fixed colors. These follow the theme.
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--error) 1px" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--warning) 1px" },
  ".cm-lintRange-info": { textDecoration: "underline dotted var(--note) 1px" },
  ".cm-lintRange-active": { backgroundColor: "var(--active)" },
  ".cm-gutter-lint": { width: "1.1em" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 0 0 4px" },
  ".cm-gutter-lint .cm-lint-marker": {
    content: "normal",
    width: "9px",
    height: "9px",
    marginTop: "5.5px",
    borderRadius: "50%",
  },
  ".cm-gutter-lint .cm-lint-marker-error": { backgroundColor: "var(--error)" },
  ".cm-gutter-lint .cm-lint-marker-warning": {
    backgroundColor: "var(--warning)",
    borderRadius: "0",
    clipPath: "polygon(50% 0, 100% 100%, 0 100%)",
  },
  ".cm-gutter-lint .cm-lint-marker-info": { backgroundColor: "var(--note)", borderRadius: "1px" },
  ".cm-tooltip": {
    maxWidth: "min(420px, 90vw)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    boxShadow: "0 6px 20px var(--shadow)",
    fontFamily: "var(--sans)",
    fontSize: "13px",
  },
  ".cm-diagnostic": { padding: "6px 10px", borderLeft: "3px solid var(--note)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning)" },
  ".cm-diagnosticText code": { fontFamily: "var(--mono)", fontSize: "12px" },
  ".cm-help": { display: "block", color: "var(--muted)" },
  ".tok-keyword, .tok-bool, .tok-null": { color: "var(--keyword)" },
  ".tok-propertyName, .tok-definition": { color: "var(--property)" },
  ".tok-string, .tok-string2": { color: "var(--string)" },
  ".tok-number": { color: "var(--number)" },
  ".tok-comment": { color: "var(--muted)", fontStyle: "italic" },
  ".tok-punctuation, .tok-separator": { color: "var(--muted)" },
});

/**
 * Replaces a selection by typed text. By default, Chromium adds a `style` attribute to keep the style of the replaced
 * text, which the Content-Security-Policy of the page forbids.
 */
const replaceSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== "insertText" || event.isComposing || event.data === null) {
      return false;
    }
    if (view.state.selection.ranges.every((range) => range.empty)) {
      return false;
    }
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

/** An editor for payloads. */
export class Editor {
  readonly view: EditorView;
  private readonly language = new Compartment();
  private isReplacing = false;

  /**
   * @param host - The parent element. The editor gets a shadow root in it, so that CodeMirror adds its styles as
   * constructed style sheets and the page does not need `'unsafe-inline'`.
   * @param label - The name for screen readers.
   * @param check - Returns the diagnostics of a text. They are shown in the same update as the text, because a second
   * update would double the work of a keystroke. `undefined` if they are set later, by `setDiagnostics`.
   * @param changed - Called after every change of the text.
   */
  constructor(
    host: HTMLElement,
    private readonly label: string,
    private readonly check: (text: string) => readonly Diagnostic[] | undefined,
    private readonly changed: () => void,
  ) {
    const root = host.attachShadow({ mode: "open" });
    const parent = h("div");
    parent.style.height = "100%";
    root.append(parent);
    this.view = new EditorView({ root, parent, state: this.state("", "yaml") });
  }

  private state(text: string, language: Language): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        lintGutter(),
        lineNumbers(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        bracketMatching(),
        highlightActiveLine(),
        syntaxHighlighting(classHighlighter),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({
          "aria-label": this.label,
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        this.language.of(languageSupport(language)),
        EditorState.transactionExtender.of((transaction) => {
          if (!transaction.docChanged || this.isReplacing) {
            return null;
          }
          const diagnostics = this.check(transaction.newDoc.toString());
          return diagnostics === undefined
            ? null
            : { effects: setDiagnosticsEffect.of(editorDiagnostics(diagnostics, transaction.newDoc.length)) };
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !this.isReplacing) {
            this.changed();
          }
        }),
        replaceSelection,
        theme,
      ],
    });
  }

  /** The text, with `\n` as the line ending. */
  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Returns the state, with its undo history. */
  save(): EditorState {
    return this.view.state;
  }

  /** Restores a saved state. Does not call `changed`. */
  restore(state: EditorState): void {
    this.view.setState(state);
    this.setDiagnostics([]);
  }

  /** Shows a text with an empty undo history. Does not call `changed`. */
  start(text: string, language: Language): void {
    this.restore(this.state(text, language));
  }

  /** Replaces the whole text, as one undo step. Does not call `changed`. */
  replace(text: string, language: Language): void {
    this.isReplacing = true;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      effects: [this.language.reconfigure(languageSupport(language)), EditorView.scrollIntoView(0)],
      annotations: isolateHistory.of("full"),
    });
    this.isReplacing = false;
  }

  /** Applies edits in order, as one undo step. */
  edit(steps: readonly (readonly Edit[])[]): void {
    let { length } = this.view.state.doc;
    let changes = ChangeSet.empty(length);
    for (const step of steps) {
      const next = ChangeSet.of([...step], length);
      length = next.newLength;
      changes = changes.compose(next);
    }
    if (!changes.empty) {
      this.view.dispatch({ changes, userEvent: "input.form" });
    }
  }

  /** Shows diagnostics in the text and in the gutter. */
  setDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const { state } = this.view;
    this.view.dispatch(setDiagnostics(state, editorDiagnostics(diagnostics, state.doc.length)));
  }

  /** Selects a range and scrolls to it. */
  goTo(from: number, to: number): void {
    const { length } = this.view.state.doc;
    this.view.dispatch({
      selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
      effects: EditorView.scrollIntoView(Math.min(from, length), { y: "center" }),
    });
    this.view.focus();
  }
}

function languageSupport(language: Language): Extension {
  return language === "json" ? json() : yaml();
}

function editorDiagnostics(diagnostics: readonly Diagnostic[], length: number): EditorDiagnostic[] {
  return diagnostics.slice(0, MAX_MARKS).map((diagnostic) => {
    const from = Math.min(diagnostic.start.offset, length);
    return {
      from,
      to: Math.min(Math.max(diagnostic.end.offset, from), length),
      severity: diagnostic.severity === "note" ? "info" : diagnostic.severity,
      message: diagnostic.message,
      renderMessage: () => messageOf(diagnostic),
    };
  });
}

function messageOf(diagnostic: Diagnostic): Node {
  return h(
    "span",
    {},
    ...prose(diagnostic.message),
    ...(diagnostic.help === undefined ? [] : [h("span", { class: "cm-help" }, ...prose(diagnostic.help))]),
  );
}
