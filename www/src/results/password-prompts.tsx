import type { VNode } from "preact";

import { passwords, setPassword } from "../state/inputs.js";
import type { Prompt } from "../state/scripts.js";

/** A field for each password that the script needs and the payload only references. */
export function PasswordPrompts({ prompts }: { prompts: readonly Prompt[] }): VNode {
  return (
    <div class="prompts">
      {prompts.map(({ name, required }) => (
        <form
          key={name}
          class="prompt"
          autocomplete="off"
          onSubmit={(event) => {
            event.preventDefault();
          }}
        >
          <label for={`secret-${name}`}>
            Password <code>{`\${${name}}`}</code>
          </label>
          <input
            id={`secret-${name}`}
            type="password"
            autocomplete="off"
            data-1p-ignore
            aria-describedby={`secret-${name}-note`}
            value={passwords.value.get(name) ?? ""}
            onInput={(event) => {
              setPassword(name, event.currentTarget.value);
            }}
          />
          <button
            type="button"
            class="small"
            aria-label={`Clear \${${name}}`}
            onClick={() => {
              setPassword(name, "");
            }}
          >
            Clear
          </button>
          <p class="muted" id={`secret-${name}-note`}>
            {required
              ? "The scripts need it. It is kept only in memory, and cleared when you leave the page."
              : "Optional: without the current password, the script sets the new one in any case."}
          </p>
        </form>
      ))}
    </div>
  );
}
