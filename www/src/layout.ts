/** The layout of the page: panes (side by side or in tabs), tabs, menus, and the theme. */

import { byId, freshId, h, setAttribute } from "./dom.js";

/** At this width and above, the panes are side by side. */
const WIDE = window.matchMedia("(min-width: 1100px)");

/** A tab. */
export interface Tab<Name extends string> {
  name: Name;
  label: string;
}

/** Tabs that follow the ARIA tabs pattern: one tab is focusable, and the arrow keys move between tabs. */
export class Tabs<Name extends string> {
  private readonly buttons: HTMLButtonElement[];
  private selected: Name;

  constructor(
    list: HTMLElement,
    private readonly tabs: readonly [Tab<Name>, ...Tab<Name>[]],
    private readonly panelOf: (name: Name) => HTMLElement,
    private readonly changed: (name: Name) => void,
  ) {
    this.selected = tabs[0].name;
    this.buttons = tabs.map(({ name, label }) => {
      const button = h(
        "button",
        { type: "button", role: "tab", class: "tab", id: freshId("tab"), "aria-controls": panelOf(name).id },
        label,
      );
      button.addEventListener("click", () => {
        this.select(name);
      });
      return button;
    });
    list.append(...this.buttons);
    list.addEventListener("keydown", (event) => {
      const current = this.tabs.findIndex(({ name }) => name === this.selected);
      const { length } = this.tabs;
      const index = {
        ArrowRight: (current + 1) % length,
        ArrowLeft: (current + length - 1) % length,
        Home: 0,
        End: length - 1,
      }[event.key];
      const next = index === undefined ? undefined : this.tabs[index];
      if (index !== undefined && next !== undefined) {
        event.preventDefault();
        this.select(next.name);
        this.buttons[index]?.focus();
      }
    });
    this.show();
  }

  get name(): Name {
    return this.selected;
  }

  select(name: Name): void {
    if (this.selected !== name) {
      this.selected = name;
      this.show();
      this.changed(name);
    }
  }

  private show(): void {
    for (const [index, { name }] of this.tabs.entries()) {
      const button = this.buttons[index];
      const isSelected = name === this.selected;
      if (button !== undefined) {
        button.setAttribute("aria-selected", String(isSelected));
        button.tabIndex = isSelected ? 0 : -1;
        if (isSelected) {
          this.panelOf(name).setAttribute("aria-labelledby", button.id);
        }
      }
    }
  }
}

type Pane = "form" | "editor" | "result";

/** The three panes. */
export class Panes {
  private readonly tabs: Tabs<Pane>;

  constructor() {
    const pane = (name: Pane) => byId(`${name}-pane`);
    this.tabs = new Tabs<Pane>(
      byId("switcher"),
      [
        { name: "form", label: "Form" },
        { name: "editor", label: "Editor" },
        { name: "result", label: "Result" },
      ],
      pane,
      () => {
        this.arrange();
      },
    );
    WIDE.addEventListener("change", () => {
      this.arrange();
    });
    this.arrange();
    resizable(byId("divider-form"), byId("divider-result"), "--form-width", 1, 27);
    resizable(byId("divider-result"), byId("divider-form"), "--result-width", -1, 39);
  }

  /** Selects a pane where the panes are in tabs. */
  show(pane: Pane): void {
    this.tabs.select(pane);
  }

  private arrange(): void {
    for (const name of ["form", "editor", "result"] as const) {
      const pane = byId(`${name}-pane`);
      pane.classList.toggle("inactive", !WIDE.matches && this.tabs.name !== name);
      setAttribute(pane, "role", WIDE.matches ? undefined : "tabpanel");
      if (WIDE.matches) {
        pane.removeAttribute("aria-labelledby");
      }
    }
    if (!WIDE.matches) {
      const selected = document.querySelector("#switcher [aria-selected=true]");
      byId(`${this.tabs.name}-pane`).setAttribute("aria-labelledby", selected?.id ?? "");
    }
  }
}

/** The minimum width of a pane, in percent of the window. */
const MIN_WIDTH = 18;

/** Makes a divider set a width, in percent of the window, by pointer or keyboard. A double click resets it. */
function resizable(
  divider: HTMLElement,
  other: HTMLElement,
  property: string,
  direction: 1 | -1,
  initial: number,
): void {
  let width = initial;
  const largest = (): number => 100 - MIN_WIDTH - Number(other.getAttribute("aria-valuenow") ?? 40);
  const set = (wanted: number): void => {
    width = Math.round(Math.min(Math.max(wanted, MIN_WIDTH), largest()) * 10) / 10;
    byId("panes").style.setProperty(property, `${String(width)}%`);
    divider.setAttribute("aria-valuenow", String(Math.round(width)));
  };
  divider.setAttribute("aria-orientation", "vertical");
  divider.setAttribute("aria-valuemin", String(MIN_WIDTH));
  divider.setAttribute("aria-valuemax", String(100 - 2 * MIN_WIDTH));
  set(initial);
  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const before = width;
    const move = (next: PointerEvent): void => {
      set(before + (direction * (next.clientX - from) * 100) / window.innerWidth);
    };
    divider.addEventListener("pointermove", move);
    divider.addEventListener(
      "lostpointercapture",
      () => {
        divider.removeEventListener("pointermove", move);
      },
      { once: true },
    );
  });
  divider.addEventListener("dblclick", () => {
    set(initial);
  });
  divider.addEventListener("keydown", (event) => {
    const wanted = {
      ArrowRight: width + 2 * direction,
      ArrowLeft: width - 2 * direction,
      Home: MIN_WIDTH,
      End: largest(),
      Enter: initial,
    }[event.key];
    if (wanted !== undefined) {
      event.preventDefault();
      set(wanted);
    }
  });
}

/** A popover that opens below a button. Escape or a click outside closes it. */
export class Menu {
  readonly panel: HTMLElement;

  constructor(button: HTMLElement, label: string, fill: (panel: HTMLElement) => void) {
    this.panel = h("div", {
      class: "menu",
      id: freshId("menu"),
      popover: "auto",
      role: "dialog",
      "aria-label": label,
    });
    document.body.append(this.panel);
    button.setAttribute("popovertarget", this.panel.id);
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    this.panel.addEventListener("beforetoggle", (event) => {
      if (event.newState === "open") {
        fill(this.panel);
      }
    });
    this.panel.addEventListener("toggle", (event) => {
      const isOpen = event.newState === "open";
      button.setAttribute("aria-expanded", String(isOpen));
      if (isOpen) {
        const box = button.getBoundingClientRect();
        const maxLeft = document.documentElement.clientWidth - this.panel.offsetWidth - 8;
        this.panel.style.top = `${String(box.bottom + 4)}px`;
        this.panel.style.left = `${String(Math.max(Math.min(box.left, maxLeft), 8))}px`;
        this.panel.querySelector<HTMLElement>("button, input, select")?.focus();
      }
    });
  }

  close(): void {
    this.panel.hidePopover();
  }
}

const KEY = "bootshift-theme";
const THEMES = { system: "System", light: "Light", dark: "Dark" };

/** The theme menu. The theme is stored in the browser only on request. */
export function themeMenu(button: HTMLElement): void {
  new Menu(button, "Theme", (panel) => {
    const current = document.documentElement.dataset.theme ?? "system";
    const remember = h("input", { type: "checkbox" });
    remember.checked = stored() !== null;
    const blocked = h(
      "p",
      { class: "muted", hidden: true },
      "The browser does not allow storage for this page.",
    );
    const save = (theme: string): void => {
      const isStored = store(remember.checked ? theme : undefined);
      remember.checked &&= isStored;
      blocked.hidden = isStored;
    };
    const choices = Object.entries(THEMES).map(([name, label]) => {
      const input = h("input", { type: "radio", name: "theme", value: name });
      input.checked = name === current;
      input.addEventListener("change", () => {
        if (name === "system") {
          delete document.documentElement.dataset.theme;
        } else {
          document.documentElement.dataset.theme = name;
        }
        save(name);
      });
      return h("label", { class: "line" }, input, label);
    });
    remember.addEventListener("change", () => {
      save(document.documentElement.dataset.theme ?? "system");
    });
    panel.replaceChildren(
      h("div", { role: "radiogroup", "aria-label": "Theme" }, ...choices),
      h("hr"),
      h("label", { class: "line" }, remember, "Remember in this browser"),
      blocked,
    );
  });
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
