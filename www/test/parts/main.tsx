/** Shows one part of the page, for tests. */

import "../../src/style.css";

import type { Diagnostic } from "bootshift";
import { schema } from "bootshift/schemas";
import { render } from "preact";

import { SideBySide, type SideBySideProps } from "../../src/compare/side-by-side.js";
import type { Language } from "../../src/payload/text.js";
import type { Fix } from "../../src/editor/diagnostics.js";
import { Editor } from "../../src/editor/editor.js";
import { modelOf } from "../../src/schema.js";
import { SourceView, type SourceViewProps } from "../../src/source-view/source-view.js";

const part = document.querySelector("#part") ?? document.body;

const parts = {
  source: (props: SourceViewProps): void => {
    render(<SourceView {...props} />, part);
  },
  comparison: (props: SideBySideProps): void => {
    render(<SideBySide {...props} />, part);
  },
  /** An editor with a diagnostic and its fix. */
  editor: (text: string, language: Language, diagnostic?: Diagnostic, fix?: Fix): void => {
    const host = document.createElement("div");
    host.id = "editor";
    host.style.height = "300px";
    part.replaceChildren(host);
    const model = modelOf(schema("create"));
    const editor = new Editor(host, {
      label: "Payload",
      check: () => [],
      changed: () => undefined,
      model: () => model,
      fixOf: () => fix,
    });
    editor.start(text, language);
    editor.setDiagnostics(diagnostic === undefined ? [] : [diagnostic]);
  },
};

Object.assign(window, { parts });
document.documentElement.dataset.ready = "";
