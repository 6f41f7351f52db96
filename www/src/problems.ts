/** The status bar and the list of problems. */

import type { Code, Diagnostic } from "bootshift";
import { explain } from "bootshift/explain";

import { byId, h, prose, setText } from "./dom.js";

/** The maximum number of problems in the list. */
const MAX_SHOWN = 200;

export class Problems {
  private readonly list = byId("problem-list");
  private readonly count = byId("problem-count");
  private readonly first = byId("first-problem");
  private readonly section = byId("problems");
  private readonly explanation = h("div", { class: "menu explanation", popover: "auto", role: "dialog" });
  private isWarm = false;
  private announcing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly goTo: (diagnostic: Diagnostic) => void) {
    document.body.append(this.explanation);
    this.section.hidden = !window.matchMedia("(min-width: 1100px) and (min-height: 700px)").matches;
    this.count.setAttribute("aria-expanded", String(!this.section.hidden));
    this.count.addEventListener("click", () => {
      this.section.hidden = !this.section.hidden;
      this.count.setAttribute("aria-expanded", String(!this.section.hidden));
    });
  }

  show(diagnostics: readonly Diagnostic[], milliseconds: number): void {
    const count = (severity: string, name: string): string[] => {
      const number = diagnostics.filter((each) => each.severity === severity).length;
      return number === 0 ? [] : [`${number.toLocaleString("en")} ${name}${number === 1 ? "" : "s"}`];
    };
    const parts = [...count("error", "error"), ...count("warning", "warning"), ...count("note", "note")];
    const summary = parts.length === 0 ? "No problems" : parts.join(", ");
    setText(this.count, summary);
    this.count.className = diagnostics.reduce<keyof typeof RANK>(
      (worst, { severity }) => (RANK[severity] > RANK[worst] ? severity : worst),
      "ok",
    );
    const first = diagnostics.find(({ severity }) => severity === this.count.className);
    setText(this.first, first === undefined ? "" : `${location(first)} ${first.message.replaceAll("`", "")}`);
    // The first check is slower because the code is not compiled yet.
    if (this.isWarm) {
      setText(byId("timing"), `checked in ${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`);
    }
    this.isWarm = true;
    this.list.replaceChildren(...diagnostics.slice(0, MAX_SHOWN).map((each) => this.item(each)));
    if (diagnostics.length === 0) {
      this.list.append(h("li", { class: "muted none" }, "No problems"));
    } else if (diagnostics.length > MAX_SHOWN) {
      const rest = (diagnostics.length - MAX_SHOWN).toLocaleString("en");
      this.list.append(h("li", { class: "muted none" }, `and ${rest} more`));
    }
    this.announce(summary);
  }

  private item(diagnostic: Diagnostic): HTMLElement {
    const { severity, message, help, code } = diagnostic;
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: `problem ${severity}`,
          onclick: () => {
            this.goTo(diagnostic);
          },
        },
        h("span", { class: "hidden-text" }, `${severity} at `),
        h("span", { class: "location" }, location(diagnostic)),
        h(
          "span",
          { class: "message" },
          ...prose(message),
          ...(help === undefined ? [] : [h("span", { class: "muted" }, " · ", ...prose(help))]),
        ),
      ),
      h(
        "button",
        {
          type: "button",
          class: "code",
          "aria-label": `Explain ${code}`,
          onclick: (event) => {
            this.explain(code, event.currentTarget as HTMLElement);
          },
        },
        code,
      ),
    );
  }

  private explain(code: Code, button: HTMLElement): void {
    const { title, what, why, fix, wrong, right } = explain(code);
    this.explanation.setAttribute("aria-label", code);
    this.explanation.replaceChildren(
      h("h2", {}, h("code", {}, code), `: ${title}`),
      h("p", {}, ...prose(what)),
      h("p", {}, ...prose(why)),
      h("p", {}, ...prose(fix)),
      h("div", { class: "samples" }, sample("Wrong", wrong), sample("Right", right)),
    );
    this.explanation.showPopover();
    const { right: edge, top } = button.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.explanation;
    this.explanation.style.left = `${String(Math.max(edge - offsetWidth - 8, 8))}px`;
    this.explanation.style.top = `${String(Math.max(top - offsetHeight - 4, 8))}px`;
  }

  /** Announces the summary to screen readers when typing pauses. */
  private announce(summary: string): void {
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => {
      setText(byId("announcement"), summary);
    }, 700);
  }
}

const RANK = { ok: 0, note: 1, warning: 2, error: 3 };

function location({ start }: Diagnostic): string {
  return `${String(start.line)}:${String(start.column)}`;
}

function sample(label: string, text: string): HTMLElement {
  return h("figure", {}, h("figcaption", {}, label), h("pre", {}, text));
}
