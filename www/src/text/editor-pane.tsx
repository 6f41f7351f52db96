/** The pane with the editor of the payload or of a response. */

import { computed, effect, signal } from "@preact/signals";
import type { EditorState } from "@codemirror/state";
import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Language } from "../payload/text.js";
import { Editor } from "../editor/editor.js";
import { connectEditor, convert, editor } from "../state/actions.js";
import { analysis, changeText, diagnosticsOf } from "../state/analysis.js";
import { fixOf } from "../state/fixes.js";
import { buffer, type BufferName, file, setFile } from "../state/inputs.js";
import { modelFor } from "../state/models.js";
import { Choice } from "../ui/choice.js";
import { copy } from "../ui/clipboard.js";
import { download } from "../ui/download.js";
import { showLoadFailure } from "../ui/toast.js";

/** The name of the text: that of the opened file, or one that says what it is. */
const fileName = computed(() => {
  const { name, language } = file.value;
  const kind = { payload: "payload", credentials: "credentials", empty: "payload" }[buffer.value as string];
  return name ?? `${kind ?? "response"}.${language}`;
});

const wraps = signal(false);

const LANGUAGES = [
  { value: "yaml", label: "YAML" },
  { value: "json", label: "JSON" },
];

export function EditorPane(): VNode {
  const { text, language } = file.value;
  const name = fileName.value;
  return (
    <>
      <div class="pane-head">
        <h2 id="file-name">{name}</h2>
        <Choice
          id="language"
          name="language"
          label="Language"
          options={LANGUAGES}
          selected={language}
          onSelect={(value) => convert(value === "json" ? "json" : "yaml")}
        />
        <button
          type="button"
          class="small"
          id="search"
          aria-label="Search the payload"
          onClick={() => {
            editor().search();
          }}
        >
          Search
        </button>
        <button
          type="button"
          class="small"
          id="wrap"
          aria-label="Wrap lines of the payload"
          aria-pressed={wraps.value}
          onClick={() => {
            wraps.value = !wraps.value;
            editor().wrap(wraps.value);
          }}
        >
          Wrap
        </button>
        <button
          type="button"
          class="small"
          id="copy-payload"
          aria-label={`Copy ${name}`}
          onClick={() => {
            copy(name, text);
          }}
        >
          Copy
        </button>
        <button
          type="button"
          class="small"
          id="download-payload"
          aria-label={`Download ${name}`}
          onClick={() => {
            download(name, text, "text/plain");
            setFile({ ...file.value, opened: text });
          }}
        >
          Download
        </button>
      </div>
      <PayloadEditor />
    </>
  );
}

/** The editor. It follows the text of the state, and keeps an undo history for each kind of document. */
function PayloadEditor(): VNode {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current === null ? undefined : connect(host.current)), []);
  return <div ref={host} id="editor" class="editor" />;
}

function connect(host: HTMLElement): () => void {
  /** The diagnostics that the editor shows. */
  let marked: readonly Diagnostic[] | undefined;
  const view = new Editor(host, {
    label: "Payload",
    check: (text) => {
      marked = diagnosticsOf(text);
      return marked;
    },
    changed: () => {
      changeText(view.text);
    },
    model: () =>
      buffer.value === "payload" || buffer.value === "credentials" ? modelFor(buffer.value) : undefined,
    fixOf,
    searchFailed: () => {
      showLoadFailure("the search");
    },
  });
  connectEditor({
    edit: (steps) => {
      view.edit(steps);
    },
    goTo: (from, to) => {
      view.goTo(from, to);
    },
    replace: (text) => {
      view.replace(text, file.value.language);
      changeText(view.text);
    },
    focus: () => {
      view.view.focus();
    },
    search: () => {
      void view.search();
    },
    wrap: (wraps) => {
      view.wraps = wraps;
    },
  });
  const histories = new Map<BufferName, { state: EditorState; language: Language }>();
  let shown: { name: BufferName; language: Language } | undefined;
  return effect(() => {
    const name = buffer.value;
    const { text, language } = file.value;
    const { diagnostics } = analysis.value;
    const isSame = shown?.name === name && shown.language === language && view.text === text;
    if (!isSame) {
      if (shown !== undefined && shown.name !== name) {
        histories.set(shown.name, { state: view.save(), language: shown.language });
      }
      const kept = shown?.name === name ? undefined : histories.get(name);
      if (kept?.language === language && kept.state.doc.toString() === text) {
        view.restore(kept.state);
      } else {
        view.start(text, language);
      }
    }
    if (!isSame || marked !== diagnostics) {
      marked = diagnostics;
      view.setDiagnostics(diagnostics);
    }
    shown = { name, language };
  });
}
