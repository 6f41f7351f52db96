import { json } from "@codemirror/lang-json";
import { PostgreSQL } from "@codemirror/lang-sql";
import type { Parser } from "@lezer/common";
import { classHighlighter, highlightCode } from "@lezer/highlight";

import { h } from "./dom.js";

/** The syntax of a result. */
export type Syntax = "sql" | "json" | "text";

// Redshift's SQL is derived from PostgreSQL's.
const parsers: Record<Exclude<Syntax, "text">, Parser> = {
  sql: PostgreSQL.language.parser,
  json: json().language.parser,
};

/**
 * Highlights a text with the editor's parsers. Results are read-only, so plain elements are enough. They also work
 * best with the browser's search, text selection and screen readers.
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
