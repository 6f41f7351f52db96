import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { Menu } from "../ui/menu.js";

const KEY = "bootshift-theme";
const THEMES = { system: "System", light: "Light", dark: "Dark" };

/** The theme, which is stored in the browser only on request. */
export function ThemeMenu(): VNode {
  return (
    <Menu id="theme" label="Theme">
      {() => <Themes />}
    </Menu>
  );
}

function Themes(): VNode {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? "system");
  const [isStored, setStored] = useState(stored() !== null);
  const [isBlocked, setBlocked] = useState(false);
  const save = (next: string, remember: boolean): void => {
    const isSaved = store(remember ? next : undefined);
    setTheme(next);
    setStored(remember && isSaved);
    setBlocked(!isSaved);
  };
  const select = (next: string): void => {
    if (next === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = next;
    }
    save(next, isStored);
  };
  return (
    <>
      <div role="radiogroup" aria-label="Theme">
        {Object.entries(THEMES).map(([name, label]) => (
          <label key={name} class="line">
            <input
              type="radio"
              name="theme"
              value={name}
              checked={name === theme}
              onChange={() => {
                select(name);
              }}
            />
            {label}
          </label>
        ))}
      </div>
      <hr />
      <label class="line">
        <input
          type="checkbox"
          checked={isStored}
          onChange={(event) => {
            save(theme, event.currentTarget.checked);
          }}
        />
        Remember in this browser
      </label>
      {isBlocked && <p class="muted">The browser does not allow storage for this page.</p>}
    </>
  );
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Stores the theme, or removes it. Returns whether the browser allows it. */
function store(theme: string | undefined): boolean {
  try {
    if (theme === undefined) {
      localStorage.removeItem(KEY);
    } else {
      localStorage.setItem(KEY, theme);
    }
    return true;
  } catch {
    // Storage is disabled: the theme applies until the page is closed.
    return false;
  }
}
