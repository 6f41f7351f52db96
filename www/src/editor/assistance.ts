import type { Extension } from "@codemirror/state";

import type { Group } from "../schema.js";
import { schemaCompletion } from "./completion.js";
import { keyHover } from "./hover.js";

/** Completion, and descriptions of keys. Loaded when the editor is first used. */
export function assistance(model: () => Group | undefined): Extension {
  return [schemaCompletion(model), keyHover(model)];
}
