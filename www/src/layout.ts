/** The frame of the page: panes side by side or behind tabs, tabs, menus, the theme. */

import { byId, freshId, h, setAttribute } from "./dom.js";

/** From this width on the panes stand side by side. */
const WIDE = window.matchMedia("(min-width: 1100px)");

/** A tab and what it shows. */
export interface Tab<Name extends string> {
  name: Name;
  label: string;
}

/** Tabs after the pattern of the ARIA guide: one of them takes the focus, arrows move it. */
export class Tabs<Name extends string> {
  private readonly buttons: HTMLButtonElement[];
  private chosen: Name;

  constructor(
    list: HTMLElement,
    private readonly tabs: readonly [Tab<Name>, ...Tab<Name>[]],
    private readonly panelOf: (name: Name) => HTMLElement,
    private readonly changed: (name: Name) => void,
  ) {
    this.chosen = tabs[0].name;
    this.buttons = tabs.map(({ name, label }) => {
      const button = h(
        "button",
        { type: "button", role: "tab", class: "tab", id: freshId("tab"), "aria-controls": panelOf(name).id },
        label,
      );
      button.addEventListener("click", () => {
        this.choose(name);
      });
      return button;
    });
    list.append(...this.buttons);
    list.addEventListener("keydown", (event) => {
      const here = this.tabs.findIndex(({ name }) => name === this.chosen);
      const { length } = this.tabs;
      const there = {
        ArrowRight: (here + 1) % length,
        ArrowLeft: (here + length - 1) % length,
        Home: 0,
        End: length - 1,
      }[event.key];
      const next = there === undefined ? undefined : this.tabs[there];
      if (there !== undefined && next !== undefined) {
        event.preventDefault();
        this.choose(next.name);
        this.buttons[there]?.focus();
      }
    });
    this.show();
  }

  get name(): Name {
    return this.chosen;
  }

  choose(name: Name): void {
    if (this.chosen !== name) {
      this.chosen = name;
      this.show();
      this.changed(name);
    }
  }

  private show(): void {
    for (const [index, { name }] of this.tabs.entries()) {
      const button = this.buttons[index];
      const isChosen = name === this.chosen;
      if (button !== undefined) {
        button.setAttribute("aria-selected", String(isChosen));
        button.tabIndex = isChosen ? 0 : -1;
        if (isChosen) {
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

  /** Brings a pane to the front where they stand behind tabs. */
  show(pane: Pane): void {
    this.tabs.choose(pane);
  }

  private arrange(): void {
    for (const name of ["form", "editor", "result"] as const) {
      const pane = byId(`${name}-pane`);
      pane.classList.toggle("behind", !WIDE.matches && this.tabs.name !== name);
      setAttribute(pane, "role", WIDE.matches ? undefined : "tabpanel");
      if (WIDE.matches) {
        pane.removeAttribute("aria-labelledby");
      }
    }
    if (!WIDE.matches) {
      const chosen = document.querySelector("#switcher [aria-selected=true]");
      byId(`${this.tabs.name}-pane`).setAttribute("aria-labelledby", chosen?.id ?? "");
    }
  }
}

/** No pane gets narrower than this, in percent. */
const SMALLEST = 18;

/** Lets a divider set a width, in percent of the window, by pointer and by keys; twice clicked it starts afresh. */
function resizable(
  divider: HTMLElement,
  other: HTMLElement,
  property: string,
  direction: 1 | -1,
  initial: number,
): void {
  let width = initial;
  const largest = (): number => 100 - SMALLEST - Number(other.getAttribute("aria-valuenow") ?? 40);
  const set = (wanted: number): void => {
    width = Math.round(Math.min(Math.max(wanted, SMALLEST), largest()) * 10) / 10;
    byId("panes").style.setProperty(property, `${String(width)}%`);
    divider.setAttribute("aria-valuenow", String(Math.round(width)));
  };
  divider.setAttribute("aria-orientation", "vertical");
  divider.setAttribute("aria-valuemin", String(SMALLEST));
  divider.setAttribute("aria-valuemax", String(100 - 2 * SMALLEST));
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
      Home: SMALLEST,
      End: largest(),
      Enter: initial,
    }[event.key];
    if (wanted !== undefined) {
      event.preventDefault();
      set(wanted);
    }
  });
}

/** A panel that opens below a button, and closes by Escape or a click elsewhere: the browser's own popover. */
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
        const place = button.getBoundingClientRect();
        const room = document.documentElement.clientWidth - this.panel.offsetWidth - 8;
        this.panel.style.top = `${String(place.bottom + 4)}px`;
        this.panel.style.left = `${String(Math.max(Math.min(place.left, room), 8))}px`;
        this.panel.querySelector<HTMLElement>("button, input, select")?.focus();
      }
    });
  }

  close(): void {
    this.panel.hidePopover();
  }
}

const KEY = "bootshift-theme";
const THEMES = { system: "As the system", light: "Light", dark: "Dark" };

/** The choice of a theme; kept in the browser only if that is asked for. */
export function themeMenu(button: HTMLElement): void {
  new Menu(button, "Theme", (panel) => {
    const current = document.documentElement.dataset.theme ?? "system";
    const remember = h("input", { type: "checkbox" });
    remember.checked = stored() !== null;
    const choices = Object.entries(THEMES).map(([name, label]) => {
      const input = h("input", { type: "radio", name: "theme", value: name });
      input.checked = name === current;
      input.addEventListener("change", () => {
        if (name === "system") {
          delete document.documentElement.dataset.theme;
        } else {
          document.documentElement.dataset.theme = name;
        }
        keep(remember.checked ? name : undefined);
      });
      return h("label", { class: "line" }, input, label);
    });
    remember.addEventListener("change", () => {
      keep(remember.checked ? (document.documentElement.dataset.theme ?? "system") : undefined);
    });
    panel.replaceChildren(
      h("div", { role: "radiogroup", "aria-label": "Theme" }, ...choices),
      h("hr"),
      h("label", { class: "line" }, remember, "Remember in this browser"),
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

function keep(theme: string | undefined): void {
  try {
    if (theme === undefined) {
      localStorage.removeItem(KEY);
    } else {
      localStorage.setItem(KEY, theme);
    }
  } catch {
    // Storage is off: the choice holds until the page is left.
  }
}
