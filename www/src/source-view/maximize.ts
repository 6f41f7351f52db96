import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Lets an element fill the window. Returns whether it does, and the function that changes it. */
export function useMaximized(root: RefObject<HTMLElement | null>): [boolean, (value: boolean) => void] {
  const isMaximized = useSignal(false);
  const { value } = isMaximized;
  useLayoutEffect(() => {
    const element = root.current;
    if (!value || element === null) {
      return undefined;
    }
    // The top layer: ancestors with `contain` or `overflow` do not clip it, and the focus stays where it is.
    element.popover = "manual";
    element.showPopover();
    const covered = coveredBy(element);
    for (const each of covered) {
      each.inert = true;
    }
    return () => {
      for (const each of covered) {
        each.inert = false;
      }
      element.popover = null;
    };
  }, [value]);
  return [
    value,
    (next) => {
      isMaximized.value = next;
    },
  ];
}

/** The elements that a maximized element covers, except for those that announce messages. */
function coveredBy(element: HTMLElement): HTMLElement[] {
  const covered: HTMLElement[] = [];
  for (let node = element; node !== document.body && node.parentElement !== null; node = node.parentElement) {
    for (const sibling of node.parentElement.children) {
      const isOther = sibling !== node && sibling instanceof HTMLElement && !sibling.inert;
      if (isOther && !sibling.matches("[role=status], [role=alert]")) {
        covered.push(sibling);
      }
    }
  }
  return covered;
}
