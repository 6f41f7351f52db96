import type { VNode } from "preact";

import { groups } from "../start/examples.js";
import { openExample } from "../start/open-example.js";
import { Menu } from "../ui/menu.js";

/** The examples, by group. */
export function ExamplesMenu(): VNode {
  return (
    <Menu id="examples" label="Examples">
      {(close) =>
        groups.map(({ title, examples }) => (
          <div key={title} role="group" aria-label={title}>
            <p class="title">{title}</p>
            {examples.map((example) => (
              <button
                key={example.name}
                type="button"
                class="item"
                data-example={example.name}
                onClick={() => {
                  close();
                  openExample(example);
                }}
              >
                {example.title}
              </button>
            ))}
          </div>
        ))
      }
    </Menu>
  );
}
