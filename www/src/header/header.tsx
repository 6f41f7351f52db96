import type { VNode } from "preact";

import { openFiles, reset } from "../state/actions.js";
import { operation } from "../state/inputs.js";
import { selectOperation } from "../state/navigation.js";
import { operations } from "../state/operations.js";
import { OpenButton } from "../ui/open-button.js";
import { ExamplesMenu } from "./examples-menu.js";
import { ShareMenu } from "./share-menu.js";
import { ThemeMenu } from "./theme-menu.js";

/** The name of the page, the operation, and the actions. */
export function Header(): VNode {
  const groups = [...new Set(operations.map(({ group }) => group))];
  return (
    <header class="bar">
      <h1>
        <Logo />
        Bootshift
      </h1>
      <div class="operation">
        <label for="operation">Operation</label>
        <select
          id="operation"
          value={operation.value.name}
          onChange={(event) => {
            selectOperation(event.currentTarget.value);
          }}
        >
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {operations
                .filter((each) => each.group === group)
                .map(({ name, title, endpoint }) => (
                  <option key={name} value={name}>
                    {title} — {endpoint}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </div>
      <div class="actions">
        <ExamplesMenu />
        <OpenButton
          id="open"
          onOpen={(files) => {
            void openFiles(files, "new");
          }}
        >
          Open…
        </OpenButton>
        <button type="button" id="reset" onClick={reset}>
          Reset
        </button>
        <ShareMenu />
        <ThemeMenu />
      </div>
    </header>
  );
}

function Logo(): VNode {
  return (
    <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0f62c9" />
      <path
        d="M8 10l6 6-6 6M16 22h8"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
