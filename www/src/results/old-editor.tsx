import { effect } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Editor } from "../editor/editor.js";
import { oldPayload } from "../state/analysis.js";
import { oldFile, setOld } from "../state/inputs.js";
import { models } from "../state/models.js";
import { showLoadFailure } from "../ui/toast.js";

/** The editor of the current payload. */
export function OldEditor(): VNode {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current === null ? undefined : connect(host.current)), []);
  return <div ref={host} id="old-editor" class="editor old" />;
}

function connect(host: HTMLElement): () => void {
  const editor = new Editor(host, {
    label: "Current payload",
    check: () => undefined,
    changed: () => {
      setOld({ ...oldFile.value, text: editor.text });
    },
    model: () => models.payload,
    searchFailed: () => {
      showLoadFailure("the search");
    },
  });
  return effect(() => {
    const { text, language } = oldFile.value;
    if (editor.text !== text) {
      editor.start(text, language);
    }
    editor.setDiagnostics(oldPayload.value?.diagnostics ?? []);
  });
}
