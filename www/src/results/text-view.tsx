/** A read-only text that can be copied and downloaded. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { highlighted, type Syntax } from "../highlight.js";
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

export function TextView({ name, text, syntax, note, incomplete = false }: Props): VNode {
  const code = useRef<HTMLPreElement>(null);
  useEffect(() => {
    code.current?.replaceChildren(highlighted(text, syntax));
  }, [text, syntax]);
  return (
    <section class="file">
      <div class="file-head">
        <h3>{name}</h3>
        {note !== undefined && <span class="note">{note}</span>}
        <span class="spacer" />
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
      </div>
      <pre ref={code} tabIndex={0} role="region" aria-label={name} />
    </section>
  );
}
