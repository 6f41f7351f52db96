import type { VNode } from "preact";

interface Props {
  id: string;
  label: string;
  /** Whether the pane to resize is left (1) or right (-1) of the divider. */
  direction: 1 | -1;
  /** Widths are in percent of the window. */
  width: number;
  initial: number;
  /** The width of the other outer pane. */
  other: number;
  onResize: (width: number) => void;
}

/** The minimum width of a pane, in percent of the window. */
const MIN_WIDTH = 18;

/** A divider that sets the width of a pane, by pointer or keyboard. A double click resets it. */
export function Divider({ id, label, direction, width, initial, other, onResize }: Props): VNode {
  const largest = 100 - MIN_WIDTH - other;
  const resize = (wanted: number): void => {
    onResize(Math.round(Math.min(Math.max(wanted, MIN_WIDTH), largest) * 10) / 10);
  };
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    event.preventDefault();
    const divider = event.currentTarget;
    divider.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const move = (next: PointerEvent): void => {
      resize(width + (direction * (next.clientX - from) * 100) / window.innerWidth);
    };
    divider.addEventListener("pointermove", move);
    const end = (): void => {
      divider.removeEventListener("pointermove", move);
    };
    divider.addEventListener("lostpointercapture", end, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = {
      ArrowRight: width + 2 * direction,
      ArrowLeft: width - 2 * direction,
      Home: MIN_WIDTH,
      End: largest,
      Enter: initial,
    }[event.key];
    if (wanted !== undefined) {
      event.preventDefault();
      resize(wanted);
    }
  };
  return (
    <div
      class="divider"
      id={id}
      tabIndex={0}
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={100 - 2 * MIN_WIDTH}
      aria-valuenow={Math.round(width)}
      onPointerDown={drag}
      onDblClick={() => {
        resize(initial);
      }}
      onKeyDown={onKeyDown}
    />
  );
}
