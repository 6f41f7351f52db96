/** The three panes: side by side, or in tabs where they do not fit. */

import { signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { pane, type Pane } from "../state/actions.js";
import { tabId, Tabs } from "../ui/tabs.js";
import { Divider } from "./divider.js";

/** At this width and above, the panes are side by side. */
const WIDE = window.matchMedia("(min-width: 1100px)");

const isWide = signal(WIDE.matches);
WIDE.addEventListener("change", () => {
  isWide.value = WIDE.matches;
});

/** The initial widths of the outer panes, in percent of the window. */
const WIDTHS = { form: 27, result: 39 };
const widths = signal(WIDTHS);

const TABS: readonly { name: Pane; label: string }[] = [
  { name: "form", label: "Form" },
  { name: "editor", label: "Editor" },
  { name: "result", label: "Result" },
];

interface Props {
  form: ComponentChildren;
  editor: ComponentChildren;
  result: ComponentChildren;
}

export function Panes({ form, editor, result }: Props): VNode {
  const root = useRef<HTMLElement>(null);
  const { form: left, result: right } = widths.value;
  useEffect(() => {
    root.current?.style.setProperty("--form-width", `${String(left)}%`);
    root.current?.style.setProperty("--result-width", `${String(right)}%`);
  }, [left, right]);
  return (
    <main ref={root} id="panes" class="panes">
      {!isWide.value && (
        <Tabs
          id="switcher"
          class="switcher"
          label="Panes"
          tabs={TABS}
          selected={pane.value}
          panel={(name) => `${name}-pane`}
          onSelect={(name) => {
            pane.value = name;
          }}
        />
      )}
      <Section name="form" label="Form">
        {form}
      </Section>
      <Divider
        id="divider-form"
        label="Form width"
        direction={1}
        width={left}
        initial={WIDTHS.form}
        other={right}
        onResize={(width) => {
          widths.value = { ...widths.value, form: width };
        }}
      />
      <Section name="editor" label="Editor">
        {editor}
      </Section>
      <Divider
        id="divider-result"
        label="Result width"
        direction={-1}
        width={right}
        initial={WIDTHS.result}
        other={left}
        onResize={(width) => {
          widths.value = { ...widths.value, result: width };
        }}
      />
      <Section name="result" label="Result">
        {result}
      </Section>
    </main>
  );
}

interface SectionProps {
  name: Pane;
  label: string;
  children: ComponentChildren;
}

function Section({ name, label, children }: SectionProps): VNode {
  const isTab = !isWide.value;
  return (
    <section
      class={isTab && pane.value !== name ? "pane inactive" : "pane"}
      id={`${name}-pane`}
      aria-label={isTab ? undefined : label}
      aria-labelledby={isTab ? tabId("switcher", name) : undefined}
      role={isTab ? "tabpanel" : undefined}
      tabIndex={-1}
    >
      {children}
    </section>
  );
}
