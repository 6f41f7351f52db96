import type { VNode } from "preact";

/** A tab. */
export interface Tab<Name extends string> {
  name: Name;
  label: string;
}

interface Props<Name extends string> {
  id: string;
  label: string;
  class: string;
  tabs: readonly Tab<Name>[];
  selected: Name;
  /** The id of the panel of a tab. */
  panel: (name: Name) => string;
  onSelect: (name: Name) => void;
}

/** The id of a tab. */
export function tabId(list: string, name: string): string {
  return `${list}-${name}`;
}

/** Tabs that follow the ARIA tabs pattern: one tab is focusable, and the arrow keys move between tabs. */
export function Tabs<Name extends string>(props: Props<Name>): VNode {
  const { id, tabs, selected, panel, onSelect } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = tabs.findIndex(({ name }) => name === selected);
    const { length } = tabs;
    const next = {
      ArrowRight: tabs[(current + 1) % length],
      ArrowLeft: tabs[(current + length - 1) % length],
      Home: tabs[0],
      End: tabs[length - 1],
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      onSelect(next.name);
      document.getElementById(tabId(id, next.name))?.focus();
    }
  };
  return (
    <div id={id} class={props.class} role="tablist" aria-label={props.label} onKeyDown={onKeyDown}>
      {tabs.map(({ name, label }) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="tab"
          id={tabId(id, name)}
          aria-controls={panel(name)}
          aria-selected={name === selected}
          tabIndex={name === selected ? 0 : -1}
          onClick={() => {
            onSelect(name);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
