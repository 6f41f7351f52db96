/** Places in a text: the keys that lead to a position, read from the syntax tree of the editor. */

import { language, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";

import type { Path } from "../payload/text.js";

/** A key in the text. */
export interface KeyPlace extends Range {
  /** The path of its value. */
  path: Path;
}

/** A part of the text. */
export interface Range {
  from: number;
  to: number;
}

/** A place where a key or a value can be written. */
export interface Place {
  kind: "key" | "value";
  /** The path of the object that gets a key, or of the value. */
  path: Path;
  /** The start of the typed text, without a quote. */
  from: number;
  /** Extends the typed text, which may have grown since, by the quotes around it and by the rest of the word. */
  replaced: (from: number, to: number) => Range;
  style: "block" | "flow" | "json";
  /** The other keys of the object. The values of scalars are their texts; of others, they are empty. */
  siblings: ReadonlyMap<string, string>;
  /** Whether a colon follows the key. */
  hasColon: boolean;
}

/** A longer text is not parsed again for completion. */
const MAX_LENGTH = 100_000;

const SCALARS = ["Literal", "QuotedLiteral", "String", "Number", "True", "False", "Null"];

/** The key at a position. */
export function keyAt(state: EditorState, position: number): KeyPlace | undefined {
  for (const side of [1, -1] as const) {
    const key = keyAround(syntaxTree(state).resolveInner(position, side));
    const path = pathOf(state.doc.toString(), key?.parent ?? null);
    if (key && path !== undefined) {
      return { path, from: key.from, to: key.to };
    }
  }
  return undefined;
}

/** The place at a position, or `undefined` if no key or value can be written there, such as in a comment. */
export function placeAt(state: EditorState, position: number): Place | undefined {
  if (state.doc.length > MAX_LENGTH) {
    return undefined;
  }
  const line = state.doc.lineAt(position);
  const before = line.text.slice(0, position - line.from);
  const after = line.text.slice(position - line.from);
  const text = state.doc.toString();
  return keyPlace(state, text, position, before, after) ?? valuePlace(state, text, position, before, after);
}

/*
 * A text in which something is being typed is rarely valid. So a placeholder replaces what is typed, and the parser of
 * the editor reads the result.
 */

function keyPlace(
  state: EditorState,
  text: string,
  position: number,
  before: string,
  after: string,
): Place | undefined {
  const isJson = isJsonText(state);
  const word = /(?:^|[{,])\s*(["']?)([\w-]*)$/.exec(before);
  if (word === null) {
    return undefined;
  }
  const [, quote = "", typed = ""] = word;
  const start = position - typed.length - quote.length;
  const end = position + (/^[\w-]*["']?/.exec(after)?.[0].length ?? 0);
  const rest = text.slice(end);
  const hasColon = /^[ \t]*:/.test(rest);
  const key = isJson ? '"x"' : "x";
  const value = hasColon ? "" : isJson ? `:0${/^\s*"/.test(rest) ? "," : ""}` : ": ";
  const repaired = `${text.slice(0, start)}${key}${value}${rest}`;
  const node = keyAround(parse(state, repaired)?.resolveInner(start + 1, -1) ?? null);
  const pair = node?.parent ?? null;
  const path = pathOf(repaired, pair);
  if (node?.from !== start || pair === null || path === undefined) {
    return undefined;
  }
  return {
    kind: "key",
    path: path.slice(0, -1),
    from: position - typed.length,
    replaced: (from, to) => ({ from: from - quote.length, to: to + end - position }),
    style: isJson ? "json" : pair.parent?.name === "FlowMapping" ? "flow" : "block",
    siblings: siblingsOf(repaired, pair),
    hasColon,
  };
}

function valuePlace(
  state: EditorState,
  text: string,
  position: number,
  before: string,
  after: string,
): Place | undefined {
  const isJson = isJsonText(state);
  const word = (isJson ? /:\s*("?)((?:\$\{?)?[\w.@-]*)$/ : /:\s+(["']?)((?:\$\{?)?[\w.@-]*)$/).exec(before);
  if (word === null) {
    return undefined;
  }
  const [, quote = "", typed = ""] = word;
  const start = position - typed.length - quote.length;
  const tail = typed.startsWith("$") ? /^\w*\}?["']?/ : /^[\w.@-]*["']?/;
  const end = position + (tail.exec(after)?.[0].length ?? 0);
  const repaired = `${text.slice(0, start)}${isJson ? '"x"' : "x"}${text.slice(end)}`;
  const node = parse(state, repaired)?.resolveInner(start + 1, -1);
  const pair = pairAround(node ?? null);
  const path = pathOf(repaired, pair);
  if (node?.from !== start || !SCALARS.includes(node.name) || pair === null || path === undefined) {
    return undefined;
  }
  if (keyAround(node) !== null) {
    return undefined;
  }
  return {
    kind: "value",
    path,
    from: position - typed.length,
    replaced: (from, to) => ({ from: from - quote.length, to: to + end - position }),
    style: isJson ? "json" : pair.parent?.name === "FlowMapping" ? "flow" : "block",
    siblings: siblingsOf(repaired, pair),
    hasColon: true,
  };
}

function isJsonText(state: EditorState): boolean {
  return state.facet(language)?.name === "json";
}

function parse(state: EditorState, text: string): SyntaxNode | undefined {
  return state.facet(language)?.parser.parse(text).topNode;
}

function isPair(node: SyntaxNode): boolean {
  return node.name === "Pair" || node.name === "Property";
}

/** The node of the key that contains a node. */
function keyAround(start: SyntaxNode | null): SyntaxNode | null {
  for (let node = start; node !== null && !isPair(node); node = node.parent) {
    if (node.name === "Key" || node.name === "PropertyName") {
      return node.parent !== null && isPair(node.parent) ? node : null;
    }
  }
  return null;
}

function pairAround(start: SyntaxNode | null): SyntaxNode | null {
  let node = start;
  while (node !== null && !isPair(node)) {
    node = node.parent;
  }
  return node;
}

/** The keys from the root to a pair. `undefined` in an array, whose items have no keys, and in a key that is an object. */
function pathOf(text: string, pair: SyntaxNode | null): Path | undefined {
  const path: string[] = [];
  for (let node = pair; node !== null; node = node.parent) {
    if (["Item", "Array", "Key"].includes(node.name)) {
      return undefined;
    }
    if (isPair(node)) {
      path.unshift(keyOf(text, node));
    }
  }
  return pair === null ? undefined : path;
}

function keyOf(text: string, pair: SyntaxNode): string {
  const key = pair.getChild("Key") ?? pair.getChild("PropertyName");
  return key === null ? "" : unquoted(text.slice(key.from, key.to));
}

function siblingsOf(text: string, pair: SyntaxNode): Map<string, string> {
  const siblings = new Map<string, string>();
  for (let node = pair.parent?.firstChild ?? null; node !== null; node = node.nextSibling) {
    if (isPair(node) && node.from !== pair.from) {
      const value = node.lastChild;
      const isScalar = value !== null && SCALARS.includes(value.name);
      siblings.set(keyOf(text, node), isScalar ? unquoted(text.slice(value.from, value.to)) : "");
    }
  }
  return siblings;
}

/** The value of a scalar, without quotes. */
function unquoted(text: string): string {
  if (text.startsWith('"')) {
    try {
      return String(JSON.parse(text));
    } catch {
      return text;
    }
  }
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}
