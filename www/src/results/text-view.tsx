import type { VNode } from "preact";

import type { Syntax } from "../highlight.js";
import { SourceView } from "../source-view/source-view.js";
import { copy } from "../ui/clipboard.js";
import { download } from "../ui/download.js";

interface Props {
  name: string;
  text: string;
  syntax: Syntax;
  /** What the text is, or where to run it. */
  note?: string | undefined;
  /** Whether parts are left out, so that the text must not be used. */
  incomplete?: boolean;
}

/** A result that can be copied and downloaded. */
export function TextView({ name, text, syntax, note, incomplete = false }: Props): VNode {
  return (
    <div class="file">
      <SourceView label={name} text={text} syntax={syntax}>
        <div class="file-head">
          <h3>{name}</h3>
          {note !== undefined && <span class="note">{note}</span>}
          <span class="exports">
            <button
              type="button"
              class="small export"
              disabled={incomplete}
              aria-label={`Copy ${name}`}
              onClick={() => {
                copy(name, text);
              }}
            >
              Copy
            </button>
            <button
              type="button"
              class="small export"
              disabled={incomplete}
              aria-label={`Download ${name}`}
              onClick={() => {
                download(name, text, "text/plain");
              }}
            >
              Download
            </button>
          </span>
        </div>
      </SourceView>
    </div>
  );
}
