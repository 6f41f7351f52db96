import "./source-view.css";

import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { linesOf, type Syntax, type Token } from "../highlight.js";
import { useMaximized } from "./maximize.js";
import { SearchBar } from "./search-bar.js";

/** The properties of a {@link SourceView}. */
export interface SourceViewProps {
  /** What the text is, such as its file name. It becomes part of the names of the controls. */
  label: string;
  text: string;
  syntax: Syntax;
  /** What is at the start of the toolbar, such as a heading and buttons. */
  children?: ComponentChildren;
}

/**
 * A read-only text with line numbers, highlighting and search. It can be wrapped and fill the window.
 *
 * Lines are wrapped at first on a phone only. The text is plain elements, so that the browser's search, selection, printing and screen readers work.
 */
export function SourceView({ label, text, syntax, children }: SourceViewProps): VNode {
  const root = useRef<HTMLElement>(null);
  const code = useRef<HTMLPreElement>(null);
  const searchButton = useRef<HTMLButtonElement>(null);
  const wraps = useSignal(window.matchMedia("(width < 640px)").matches);
  const searches = useSignal(false);
  const [isMaximized, setMaximized] = useMaximized(root);
  const closeSearch = (): void => {
    searches.value = false;
    searchButton.current?.focus();
  };
  const lines = useMemo(() => linesOf(text, syntax), [text, syntax]);
  const rendered = useMemo(
    () =>
      lines.map((tokens, index) => (
        <Line key={index} tokens={tokens} isLast={index === lines.length - 1 && !text.endsWith("\n")} />
      )),
    [lines, text],
  );
  useEffect(() => {
    code.current?.scrollTo({ top: 0, left: 0 });
  }, [label]);
  return (
    <section
      ref={root}
      class={isMaximized ? "source maximized" : "source"}
      onKeyDown={(event) => {
        if (event.key === "Escape" && isMaximized && !event.defaultPrevented) {
          event.preventDefault();
          setMaximized(false);
        }
      }}
    >
      <div class="source-bar">
        <div class="source-head">
          {children}
          <div class="source-tools" role="group" aria-label={`View of ${label}`}>
            <button
              type="button"
              class="small"
              ref={searchButton}
              aria-label={`Search ${label}`}
              aria-expanded={searches.value}
              onClick={() => {
                searches.value = !searches.value;
              }}
            >
              Search
            </button>
            <button
              type="button"
              class="small"
              aria-label={`Wrap lines of ${label}`}
              aria-pressed={wraps.value}
              onClick={() => {
                wraps.value = !wraps.value;
              }}
            >
              Wrap
            </button>
            <button
              type="button"
              class="small"
              aria-label={`Maximize ${label}`}
              aria-pressed={isMaximized}
              onClick={() => {
                setMaximized(!isMaximized);
              }}
            >
              Maximize
            </button>
          </div>
        </div>
        {searches.value && <SearchBar label={label} text={text} code={code} close={closeSearch} />}
      </div>
      <pre
        ref={code}
        class={wraps.value ? "source-code wraps" : "source-code"}
        tabIndex={0}
        role="region"
        aria-label={label}
        style={{ "--digits": String(lines.length).length }}
      >
        {rendered}
      </pre>
    </section>
  );
}

/** The line break belongs to the text, so it is copied and read too. */
function Line({ tokens, isLast }: { tokens: readonly Token[]; isLast: boolean }): VNode {
  return (
    <span class="source-line">
      {tokens.map(({ text, classes }, index) =>
        classes === "" ? (
          text
        ) : (
          <span key={index} class={classes}>
            {text}
          </span>
        ),
      )}
      {isLast ? "" : "\n"}
    </span>
  );
}
