import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, setDiagnosticsEffect } from "@codemirror/lint";
import {
  ChangeSet,
  Compartment,
  EditorState,
  type Extension,
  type StateEffect,
  type Text,
} from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import type { Diagnostic } from "bootshift";

import type { Edit, Language } from "../payload/text.js";
import { h } from "../dom.js";
import type { Group } from "../schema.js";
import { diagnosticKeymap, editorDiagnostics, type Fix } from "./diagnostics.js";
import { theme } from "./theme.js";

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

/** What an editor needs from its page. */
export interface EditorOptions {
  /** The name for screen readers. */
  label: string;
  /**
   * Returns the diagnostics of a text. They are shown in the same update as the text, because a second update would
   * double the work of a keystroke. `undefined` if they are set later, by `setDiagnostics`.
   */
  check: (text: string) => readonly Diagnostic[] | undefined;
  /** Called after every change of the text. */
  changed: () => void;
  /** The model of the text's schema, for completion and descriptions of keys. `undefined` if there is none. */
  model?: () => Group | undefined;
  /** The fix of a diagnostic, which its tooltip offers. */
  fixOf?: (diagnostic: Diagnostic) => Fix | undefined;
  /** Called if the search, which is loaded when it is first opened, cannot be loaded. */
  searchFailed?: () => void;
}

/** An editor for payloads. */
export class Editor {
  readonly view: EditorView;
  private readonly language = new Compartment();
  private readonly wrapping = new Compartment();
  private readonly parts = new Compartment();
  private readonly loaded = new Map<Part, Extension>();
  private isWrapped = false;
  private isReplacing = false;

  /**
   * @param host - The parent element. The editor gets a shadow root in it, so that CodeMirror adds its styles as
   * constructed style sheets and the page does not need `'unsafe-inline'`.
   */
  constructor(
    host: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    const root = host.attachShadow({ mode: "open" });
    const parent = h("div");
    parent.style.height = "100%";
    root.append(parent);
    this.view = new EditorView({ root, parent, state: this.state("", "yaml") });
    const { model } = options;
    if (model !== undefined) {
      const use = (): void => {
        void this.assist(model);
      };
      host.addEventListener("focusin", use);
      host.addEventListener("pointerenter", use);
    }
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
        keymap.of([
          {
            key: "Mod-f",
            run: () => {
              void this.search();
              return true;
            },
          },
          ...defaultKeymap,
          ...historyKeymap,
          ...diagnosticKeymap,
        ]),
        EditorView.contentAttributes.of({
          "aria-label": this.options.label,
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        this.language.of(languageSupport(language)),
        this.wrapping.of(this.isWrapped ? EditorView.lineWrapping : []),
        this.parts.of([...this.loaded.values()]),
        EditorState.transactionExtender.of((transaction) => {
          if (!transaction.docChanged || this.isReplacing) {
            return null;
          }
          const diagnostics = this.options.check(transaction.newDoc.toString());
          return diagnostics === undefined
            ? null
            : { effects: setDiagnosticsEffect.of(this.marks(diagnostics, transaction.newDoc)) };
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !this.isReplacing) {
            this.options.changed();
          }
        }),
        tooltips({ tooltipSpace }),
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
    this.view.dispatch({ effects: [this.configureWrapping(), this.configureParts()] });
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
    this.view.dispatch(setDiagnostics(state, this.marks(diagnostics, state.doc)));
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

  /** Whether long lines are wrapped. */
  get wraps(): boolean {
    return this.isWrapped;
  }

  set wraps(wraps: boolean) {
    this.isWrapped = wraps;
    this.view.dispatch({ effects: this.configureWrapping() });
  }

  /** Opens the panel to search and replace, and focuses its field. */
  async search(): Promise<void> {
    let part;
    try {
      part = await import("./search.js");
    } catch {
      this.options.searchFailed?.();
      return;
    }
    this.add("search", part.searching);
    part.openSearch(this.view);
  }

  private async assist(model: () => Group | undefined): Promise<void> {
    if (this.loaded.has("completion")) {
      return;
    }
    try {
      const { assistance } = await import("./assistance.js");
      this.add("completion", assistance(model));
    } catch {
      // Offline, the editor works without it. The next use tries again.
    }
  }

  /** Adds a part that the first use of the page does not need. */
  private add(part: Part, extension: Extension): void {
    if (!this.loaded.has(part)) {
      this.loaded.set(part, extension);
      this.view.dispatch({ effects: this.configureParts() });
    }
  }

  private configureParts(): StateEffect<unknown> {
    return this.parts.reconfigure([...this.loaded.values()]);
  }

  private configureWrapping(): StateEffect<unknown> {
    return this.wrapping.reconfigure(this.isWrapped ? EditorView.lineWrapping : []);
  }

  private marks(diagnostics: readonly Diagnostic[], text: Text): ReturnType<typeof editorDiagnostics> {
    return editorDiagnostics(diagnostics, text, this.options.fixOf ?? (() => undefined));
  }
}

/** A part of the editor that is loaded when it is first used. */
type Part = "search" | "completion";

/** The space for tooltips: the pane of the editor clips what is outside. */
function tooltipSpace({ dom }: EditorView): { left: number; top: number; right: number; bottom: number } {
  const { left, top, right, bottom } = dom.getBoundingClientRect();
  // Without the border of a tooltip.
  return { left, top, right: right - 2, bottom: bottom - 2 };
}

function languageSupport(language: Language): Extension {
  return language === "json" ? json() : yaml();
}
