import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { type Line, type Row, rowsOf } from "./rows.js";
import type { SideBySideProps } from "./side-by-side.js";

/** The number of unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** The minimum width for two columns, in pixels. */
const MIN_WIDTH = 640;

/** Rows that are shown, or unchanged rows that are collapsed. */
interface Part {
  isCollapsed: boolean;
  rows: readonly Row[];
}

/** The comparison itself. Loaded by `SideBySide`. */
export function Comparison({ before, after, language, labels }: SideBySideProps): VNode {
  const root = useRef<HTMLDivElement>(null);
  const isNarrow = useSignal(false);
  const expanded = useSignal<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => rowsOf(before, after, language), [before, after, language]);
  const parts = useMemo(() => partsOf(rows), [rows]);
  useLayoutEffect(() => {
    expanded.value = new Set();
  }, [parts]);
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      isNarrow.value = element.clientWidth < MIN_WIDTH;
    });
    observer.observe(element);
    isNarrow.value = element.clientWidth < MIN_WIDTH;
    return () => {
      observer.disconnect();
    };
  }, []);
  const expand = (index: number): void => {
    expanded.value = new Set([...expanded.value, index]);
    root.current?.focus();
  };
  const name = `${labels.before} and ${labels.after}`;
  const isSplit = !isNarrow.value;
  return (
    <div ref={root} class="comparison" tabIndex={0} role="region" aria-label={`Comparison of ${name}`}>
      {rows.every(({ isSame }) => isSame) ? (
        <p class="empty">No differences</p>
      ) : (
        <table class={isSplit ? "split" : "unified"}>
          <caption>{summary(rows)}</caption>
          <colgroup>
            <col class="number" />
            <col class={isSplit ? "" : "number"} />
            <col class={isSplit ? "number" : ""} />
            <col />
          </colgroup>
          <thead>
            {isSplit ? (
              <tr>
                <Heading change="removed" label={labels.before} span={2} />
                <Heading change="added" label={labels.after} span={2} />
              </tr>
            ) : (
              [
                <tr key="before">
                  <Heading change="removed" label={labels.before} span={4} />
                </tr>,
                <tr key="after">
                  <Heading change="added" label={labels.after} span={4} />
                </tr>,
              ]
            )}
          </thead>
          <tbody>
            {parts.flatMap(({ isCollapsed, rows }, index) =>
              isCollapsed && !expanded.value.has(index)
                ? [
                    <CollapsedRow
                      key={index}
                      count={rows.length}
                      expand={() => {
                        expand(index);
                      }}
                    />,
                  ]
                : isSplit
                  ? rows.map(splitRow)
                  : unifiedRows(rows),
            )}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Heading({ change, label, span }: { change: Change; label: string; span: number }): VNode {
  return (
    <th scope="col" colSpan={span} class={change}>
      {label}
    </th>
  );
}

function CollapsedRow({ count, expand }: { count: number; expand: () => void }): VNode {
  return (
    <tr class="collapsed">
      <td colSpan={4}>
        {count} unchanged lines{" "}
        <button
          type="button"
          class="link"
          aria-label={`Show ${String(count)} unchanged lines`}
          onClick={expand}
        >
          Show
        </button>
      </td>
    </tr>
  );
}

function splitRow({ isSame, before, after }: Row): VNode {
  return (
    <tr key={keyOf(before, after)}>
      <td class="number" data-number={before?.number} />
      <Code line={before} change={isSame ? undefined : "removed"} />
      <td class="number" data-number={after?.number} />
      <Code line={after} change={isSame ? undefined : "added"} />
    </tr>
  );
}

/** One column: first what was removed, then what was added. */
function unifiedRows(rows: readonly Row[]): VNode[] {
  const unified: VNode[] = [];
  let added: Line[] = [];
  const row = (before: Line | undefined, after: Line | undefined, change: Change | undefined): void => {
    unified.push(
      <tr key={keyOf(before, after)}>
        <td class="number" data-number={before?.number} />
        <td class="number" data-number={after?.number} />
        <Code line={before ?? after} change={change} span={2} />
      </tr>,
    );
  };
  const flush = (): void => {
    for (const line of added) {
      row(undefined, line, "added");
    }
    added = [];
  };
  for (const { isSame, before, after } of rows) {
    if (isSame) {
      flush();
      row(before, after, undefined);
    } else {
      if (before !== undefined) {
        row(before, undefined, "removed");
      }
      if (after !== undefined) {
        added.push(after);
      }
    }
  }
  flush();
  return unified;
}

type Change = "removed" | "added";

function Code({
  line,
  change,
  span,
}: {
  line: Line | undefined;
  change: Change | undefined;
  span?: number;
}): VNode {
  if (line === undefined) {
    return <td class="code none" />;
  }
  return (
    <td
      class={change === undefined ? "code" : `code ${change}`}
      {...(span === undefined ? {} : { colSpan: span })}
    >
      {line.pieces.map(({ text, classes, isChanged }, index) => {
        const token = classes === "" ? text : <span class={classes}>{text}</span>;
        if (!isChanged) {
          return token;
        }
        return change === "added" ? <ins key={index}>{token}</ins> : <del key={index}>{token}</del>;
      })}
    </td>
  );
}

function keyOf(before: Line | undefined, after: Line | undefined): string {
  return `${String(before?.number ?? "")}-${String(after?.number ?? "")}`;
}

/** Collapses long runs of unchanged rows, except for those next to a change. */
function partsOf(rows: readonly Row[]): Part[] {
  const parts: Part[] = [];
  let start = 0;
  while (start < rows.length) {
    const isSame = rows[start]?.isSame === true;
    const next = rows.findIndex((row, index) => index > start && row.isSame !== isSame);
    const end = next === -1 ? rows.length : next;
    const first = isSame && start > 0 ? start + CONTEXT : start;
    const last = isSame && end < rows.length ? end - CONTEXT : end;
    // A button is not shorter than one or two lines.
    if (isSame && last - first > 2) {
      parts.push({ isCollapsed: false, rows: rows.slice(start, first) });
      parts.push({ isCollapsed: true, rows: rows.slice(first, last) });
      parts.push({ isCollapsed: false, rows: rows.slice(last, end) });
    } else {
      parts.push({ isCollapsed: false, rows: rows.slice(start, end) });
    }
    start = end;
  }
  return parts;
}

function summary(rows: readonly Row[]): string {
  const changed = rows.filter(({ isSame }) => !isSame);
  const lines = (count: number): string => (count === 1 ? "1 line" : `${String(count)} lines`);
  const removed = changed.filter(({ before }) => before !== undefined).length;
  const added = changed.filter(({ after }) => after !== undefined).length;
  return `${lines(removed)} removed, ${lines(added)} added`;
}
