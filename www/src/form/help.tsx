import { signal } from "@preact/signals";
import type { VNode } from "preact";

import type { Group, Member } from "../schema.js";
import { Prose } from "../ui/prose.js";

/** The property that the help explains: the last one that was focused or pointed at. */
export const explained = signal<Member | undefined>(undefined);

/** The description of a property. */
export function Help({ model }: { model: Group }): VNode {
  const current = explained.value;
  const { title, description, path } = current ?? model;
  return (
    <div class="help" id="help" role="region" aria-label="Field help" tabIndex={0}>
      <strong>{title}</strong> {path.length > 0 && <code>{path.join(".")}</code>}
      <p>
        <Prose text={description} />
      </p>
    </div>
  );
}
