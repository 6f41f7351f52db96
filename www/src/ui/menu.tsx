import type { ComponentChildren, VNode } from "preact";
import { useRef, useState } from "preact/hooks";

interface Props {
  /** The id of the button. */
  id: string;
  /** The text of the button, and the name of the popover. */
  label: string;
  /** The content, which is created each time the popover opens. `close` closes it. */
  children: (close: () => void) => ComponentChildren;
}

/** A button with a popover below it. Escape or a click outside closes it. */
export function Menu({ id, label, children }: Props): VNode {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const onToggle = (event: ToggleEvent): void => {
    if (event.newState === "open" && button.current !== null && panel.current !== null) {
      place(panel.current, button.current);
      panel.current.querySelector<HTMLElement>("button, input, select")?.focus();
    }
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        id={id}
        popovertarget={`${id}-menu`}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
      >
        {label}
      </button>
      <div
        ref={panel}
        id={`${id}-menu`}
        class="menu"
        popover="auto"
        role="dialog"
        aria-label={label}
        onBeforeToggle={(event) => {
          setOpen(event.newState === "open");
        }}
        onToggle={onToggle}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}

/** Places a popover below a button, within the window. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const box = button.getBoundingClientRect();
  const maxLeft = document.documentElement.clientWidth - panel.offsetWidth - 8;
  panel.style.top = `${String(box.bottom + 4)}px`;
  panel.style.left = `${String(Math.max(Math.min(box.left, maxLeft), 8))}px`;
}
