import { useSignal } from "@preact/signals";
import type { RefObject, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { mark, matchesIn, MAX_MATCHES } from "./matches.js";

interface SearchBarProps {
  label: string;
  text: string;
  /** The element with the text. */
  code: RefObject<HTMLElement | null>;
  close: () => void;
}

/** A field that finds text in an element, with the number of matches. */
export function SearchBar({ label, text, code, close }: SearchBarProps): VNode {
  const field = useRef<HTMLInputElement>(null);
  const query = useSignal("");
  const matches = useSignal<readonly Range[]>([]);
  const current = useSignal(0);
  useLayoutEffect(() => {
    field.current?.focus();
  }, []);
  const lastQuery = useRef("");
  useLayoutEffect(() => {
    matches.value = code.current === null ? [] : matchesIn(code.current, query.value);
    // A text that changes while something else is edited does not scroll.
    if (lastQuery.current === query.value) {
      current.value = Math.max(0, Math.min(current.value, matches.value.length - 1));
    } else {
      current.value = 0;
      reveal(matches.value[0]);
    }
    lastQuery.current = query.value;
  }, [text, query.value]);
  useLayoutEffect(() => mark("source-match", matches.value), [matches.value]);
  useLayoutEffect(() => {
    const range = matches.value[current.value];
    return mark("source-match-current", range === undefined ? [] : [range]);
  }, [matches.value, current.value]);
  const { length } = matches.value;
  const go = (step: number): void => {
    current.value = (current.value + step + length) % Math.max(length, 1);
    reveal(matches.value[current.value]);
  };
  return (
    <div
      class="source-search"
      role="search"
      aria-label={`Search ${label}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          close();
        }
      }}
    >
      <input
        ref={field}
        type="text"
        aria-label={`Text to find in ${label}`}
        autocomplete="off"
        spellcheck={false}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          }
        }}
      />
      <button
        type="button"
        class="small"
        aria-label={`Previous match in ${label}`}
        disabled={length === 0}
        onClick={() => {
          go(-1);
        }}
      >
        ↑
      </button>
      <button
        type="button"
        class="small"
        aria-label={`Next match in ${label}`}
        disabled={length === 0}
        onClick={() => {
          go(1);
        }}
      >
        ↓
      </button>
      <span class="muted" role="status">
        {query.value === "" ? "" : summary(current.value, length)}
      </span>
      <span class="spacer" />
      <button type="button" class="small" aria-label={`Close the search in ${label}`} onClick={close}>
        Close
      </button>
    </div>
  );
}

function summary(current: number, length: number): string {
  if (length === 0) {
    return "No matches";
  }
  return `${String(current + 1)} of ${String(length)}${length === MAX_MATCHES ? " or more" : ""}`;
}

function reveal(range: Range | undefined): void {
  range?.startContainer.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
