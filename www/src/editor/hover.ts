import type { Extension, Transaction } from "@codemirror/state";
import { activateHover, closeHoverTooltips, hasHoverTooltips, hoverTooltip, keymap } from "@codemirror/view";

import { type Group, memberAt } from "../schema.js";
import { description } from "./describe.js";
import { keyAt } from "./place.js";

/** Describes the key under the pointer, or with F1 the key at the cursor. */
export function keyHover(model: () => Group | undefined): Extension {
  const tooltip = hoverTooltip((view, position) => {
    const group = model();
    const key = keyAt(view.state, position);
    if (group === undefined || key === undefined) {
      return null;
    }
    const member = memberAt(group, key.path);
    return member === undefined
      ? null
      : { pos: key.from, end: key.to, above: true, create: () => ({ dom: description(member) }) };
  });
  return [
    tooltip,
    keymap.of([
      {
        key: "F1",
        run: (view) => {
          const until = ({ docChanged, selection }: Transaction): boolean =>
            docChanged || selection !== undefined;
          activateHover(view, view.state.selection.main.head, 1, { tooltip, until });
          return true;
        },
      },
      {
        key: "Escape",
        run: (view) => {
          const isShown = hasHoverTooltips(view.state);
          if (isShown) {
            view.dispatch({ effects: closeHoverTooltips });
          }
          return isShown;
        },
      },
    ]),
  ];
}
