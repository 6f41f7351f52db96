/** The pane with the editor of the payload or of a response. */

import { computed, effect } from "@preact/signals";
import type { EditorState } from "@codemirror/state";
import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Language } from "../document.js";
import { Editor } from "../editor.js";
import { connectEditor, convert } from "../state/actions.js";
import { analysis, changeText, diagnosticsOf } from "../state/analysis.js";
import { buffer, type BufferName, file, setFile } from "../state/inputs.js";
import { Choice } from "../ui/choice.js";
import { copy } from "../ui/clipboard.js";
import { download } from "../ui/download.js";

/** The name of the text: that of the opened file, or one that says what it is. */
const fileName = computed(() => {
  const { name, language } = file.value;
  const kind = { payload: "payload", credentials: "credentials", empty: "payload" }[buffer.value as string];
  return name ?? `${kind ?? "response"}.${language}`;
});

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
          onSelect={(value) => {
            convert(value === "json" ? "json" : "yaml");
          }}
        />
        <span class="spacer" />
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
  const editor = new Editor(
    host,
    "Payload",
    (text) => {
      marked = diagnosticsOf(text);
      return marked;
    },
    () => {
      changeText(editor.text);
    },
  );
  connectEditor({
    edit: (steps) => {
      editor.edit(steps);
    },
    goTo: (from, to) => {
      editor.goTo(from, to);
    },
    replace: (text) => {
      editor.replace(text, file.value.language);
      changeText(editor.text);
    },
    focus: () => {
      editor.view.focus();
    },
  });
  const histories = new Map<BufferName, { state: EditorState; language: Language }>();
  let shown: { name: BufferName; language: Language } | undefined;
  return effect(() => {
    const name = buffer.value;
    const { text, language } = file.value;
    const { diagnostics } = analysis.value;
    const isSame = shown?.name === name && shown.language === language && editor.text === text;
    if (!isSame) {
      if (shown !== undefined && shown.name !== name) {
        histories.set(shown.name, { state: editor.save(), language: shown.language });
      }
      const kept = shown?.name === name ? undefined : histories.get(name);
      if (kept?.language === language && kept.state.doc.toString() === text) {
        editor.restore(kept.state);
      } else {
        editor.start(text, language);
      }
    }
    if (!isSame || marked !== diagnostics) {
      marked = diagnostics;
      editor.setDiagnostics(diagnostics);
    }
    shown = { name, language };
  });
}
