/** The lines of two texts, side by side. */

import { diffArrays, diffWordsWithSpace } from "diff";

import { linesOf, type Syntax, type Token } from "../highlight.js";

/** A part of a line. */
export interface Piece extends Token {
  /** Whether this part differs from the other line. */
  isChanged: boolean;
}

/** A line of one text. */
export interface Line {
  /** Its number, from 1. */
  number: number;
  pieces: readonly Piece[];
}

/** Two lines that belong together. A line that was removed or added has no counterpart. */
export interface Row {
  isSame: boolean;
  before: Line | undefined;
  after: Line | undefined;
}

/** More differences than this take too long to find. Then the texts count as entirely different. */
const MAX_CHANGES = 2000;

/** Compares two texts line by line, and changed lines word by word. */
export function rowsOf(before: string, after: string, syntax: Syntax): Row[] {
  const old = linesOf(before, syntax);
  const current = linesOf(after, syntax);
  const oldTexts = old.map(textOf);
  const currentTexts = current.map(textOf);
  const changes = diffArrays(oldTexts, currentTexts, { maxEditLength: MAX_CHANGES }) ?? [
    { count: old.length, removed: true, added: false },
    { count: current.length, removed: false, added: true },
  ];
  const rows: Row[] = [];
  let oldIndex = 0;
  let index = 0;
  for (const [position, { count, added, removed }] of changes.entries()) {
    if (!added && !removed) {
      for (let offset = 0; offset < count; offset += 1) {
        rows.push({
          isSame: true,
          before: line(oldIndex + offset, old),
          after: line(index + offset, current),
        });
      }
      oldIndex += count;
      index += count;
    } else if (removed) {
      const next = changes[position + 1];
      const addedCount = next?.added === true ? next.count : 0;
      for (let offset = 0; offset < Math.max(count, addedCount); offset += 1) {
        const oldText = offset < count ? oldTexts[oldIndex + offset] : undefined;
        const text = offset < addedCount ? currentTexts[index + offset] : undefined;
        const words =
          oldText === undefined || text === undefined
            ? { old: [], current: [] }
            : changedWords(oldText, text);
        rows.push({
          isSame: false,
          before: oldText === undefined ? undefined : line(oldIndex + offset, old, words.old),
          after: text === undefined ? undefined : line(index + offset, current, words.current),
        });
      }
      oldIndex += count;
      index += addedCount;
    } else if (changes[position - 1]?.removed !== true) {
      for (let offset = 0; offset < count; offset += 1) {
        rows.push({ isSame: false, before: undefined, after: line(index + offset, current) });
      }
      index += count;
    }
  }
  return rows;
}

/** The start and the end of a part of a line. */
type Span = readonly [number, number];

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ text }) => text)
    .join("")
    .replace(/\r$/, "");
}

function line(index: number, lines: readonly (readonly Token[])[], changed: readonly Span[] = []): Line {
  return { number: index + 1, pieces: piecesOf(lines[index] ?? [], changed) };
}

/** The words that differ. None if the lines have nothing in common, because then the whole lines differ. */
function changedWords(before: string, after: string): { old: Span[]; current: Span[] } {
  const old: Span[] = [];
  const current: Span[] = [];
  let oldOffset = 0;
  let offset = 0;
  let common = "";
  for (const { value, added, removed } of diffWordsWithSpace(before, after)) {
    const { length } = value;
    if (removed) {
      old.push([oldOffset, oldOffset + length]);
    } else if (added) {
      current.push([offset, offset + length]);
    } else {
      common += value;
    }
    oldOffset += added ? 0 : length;
    offset += removed ? 0 : length;
  }
  return /\w/.test(common) ? { old, current } : { old: [], current: [] };
}

/** Splits tokens where a changed part starts or ends. */
function piecesOf(tokens: readonly Token[], changed: readonly Span[]): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const { text, classes } of tokens) {
    const end = start + text.length;
    const borders = changed.flat().filter((border) => border > start && border < end);
    const points = [start, ...borders, end];
    for (const [index, from] of points.slice(0, -1).entries()) {
      const to = points[index + 1] ?? end;
      const isChanged = changed.some(([first, last]) => first <= from && to <= last);
      pieces.push({ text: text.slice(from - start, to - start), classes, isChanged });
    }
    start = end;
  }
  return pieces;
}
