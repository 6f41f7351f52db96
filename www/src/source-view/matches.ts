/** Searching in an element, and marking what is found. */

/** The maximum number of matches. More would slow down the browser. */
export const MAX_MATCHES = 1000;

/** The ranges of a text in an element, ignoring case. */
export function matchesIn(element: HTMLElement, query: string): Range[] {
  if (query === "") {
    return [];
  }
  const nodes: { node: Text; start: number }[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode() !== null) {
    const node = walker.currentNode as Text;
    nodes.push({ node, start: text.length });
    text += node.data;
  }
  // A regular expression, because changing the case of a text can change its length.
  const pattern = new RegExp(query.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "giu");
  const ranges: Range[] = [];
  let index = 0;
  const place = (offset: number, isEnd: boolean): [Text, number] | undefined => {
    let found = nodes[index];
    for (
      let next = nodes[index + 1];
      next !== undefined && (isEnd ? next.start < offset : next.start <= offset);
      next = nodes[index + 1]
    ) {
      index += 1;
      found = next;
    }
    return found && [found.node, offset - found.start];
  };
  for (const match of text.matchAll(pattern)) {
    const start = place(match.index, false);
    const end = place(match.index + match[0].length, true);
    if (start !== undefined && end !== undefined) {
      const range = document.createRange();
      range.setStart(...start);
      range.setEnd(...end);
      ranges.push(range);
    }
    if (ranges.length === MAX_MATCHES) {
      break;
    }
  }
  return ranges;
}

/**
 * Marks ranges without changing elements. All views share the highlights of the document.
 *
 * @param name - The name of the highlight in the style sheet.
 * @returns A function that removes the marks.
 */
export function mark(name: string, ranges: readonly Range[]): () => void {
  // Not in older browsers, where search only counts and scrolls.
  if (!("highlights" in CSS)) {
    return () => undefined;
  }
  const highlight = CSS.highlights.get(name) ?? new Highlight();
  CSS.highlights.set(name, highlight);
  for (const range of ranges) {
    highlight.add(range);
  }
  return () => {
    for (const range of ranges) {
      highlight.delete(range);
    }
  };
}
