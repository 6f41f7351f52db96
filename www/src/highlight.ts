import { json } from "@codemirror/lang-json";
import { PostgreSQL } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import type { Parser } from "@lezer/common";
import { classHighlighter, highlightCode } from "@lezer/highlight";

/** The syntax of a text. */
export type Syntax = "sql" | "json" | "yaml" | "text";

/** A part of a line with one style. */
export interface Token {
  text: string;
  /** The classes of its style, or an empty string. */
  classes: string;
}

/** A longer text is shown without highlighting, so that it appears at once. */
const MAX_LENGTH = 500_000;

// Redshift's SQL is derived from PostgreSQL's.
const parsers: Record<Exclude<Syntax, "text">, Parser> = {
  sql: PostgreSQL.language.parser,
  json: json().language.parser,
  yaml: yaml().language.parser,
};

/** The lines of a text, highlighted with the editor's parsers. A line break at the end starts no line. */
export function linesOf(text: string, syntax: Syntax): Token[][] {
  if (syntax === "text" || text.length > MAX_LENGTH) {
    return withoutLastEmpty(
      text.split("\n").map((line) => (line === "" ? [] : [{ text: line, classes: "" }])),
    );
  }
  let line: Token[] = [];
  const lines = [line];
  highlightCode(
    text,
    parsers[syntax].parse(text),
    classHighlighter,
    (code, classes) => {
      line.push({ text: code, classes });
    },
    () => {
      line = [];
      lines.push(line);
    },
  );
  return withoutLastEmpty(lines);
}

function withoutLastEmpty(lines: Token[][]): Token[][] {
  return lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines;
}
