import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";

import { type Group, memberAt } from "../schema.js";
import { description } from "./describe.js";
import { keyAt } from "./place.js";

/** Describes the key under the pointer. */
export function keyHover(model: () => Group | undefined): Extension {
  return hoverTooltip((view, position) => {
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
}
