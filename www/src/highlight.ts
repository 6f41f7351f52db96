import { json } from "@codemirror/lang-json";
import { PostgreSQL } from "@codemirror/lang-sql";
import type { Parser } from "@lezer/common";
import { classHighlighter, highlightCode } from "@lezer/highlight";

import { h } from "./dom.js";

/** What a result can be written in. */
export type Syntax = "sql" | "json" | "text";

// Redshift's SQL stems from PostgreSQL's.
const parsers: Record<Exclude<Syntax, "text">, Parser> = {
  sql: PostgreSQL.language.parser,
  json: json().language.parser,
};

/**
 * A text with its tokens marked, by the parsers of the editor. A result is read, not written: plain elements are
 * enough for that, and the browser's own search, selection and screen readers know them best.
 */
export function highlighted(text: string, syntax: Syntax): DocumentFragment {
  const fragment = document.createDocumentFragment();
  if (syntax === "text") {
    fragment.append(text);
    return fragment;
  }
  highlightCode(
    text,
    parsers[syntax].parse(text),
    classHighlighter,
    (code, classes) => {
      fragment.append(classes === "" ? code : h("span", { class: classes }, code));
    },
    () => {
      fragment.append("\n");
    },
  );
  return fragment;
}
