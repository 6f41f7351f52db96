import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";

/** Search and replace. Loaded when it is first opened. */
export const searching: Extension = [search({ top: true }), keymap.of(searchKeymap)];

/** Opens the panel and focuses its field. */
export function openSearch(view: EditorView): void {
  openSearchPanel(view);
}
