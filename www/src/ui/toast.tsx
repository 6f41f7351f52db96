import { signal } from "@preact/signals";
import type { VNode } from "preact";

const DURATION = 4000;

const message = signal("");
const isShown = signal(false);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message for a few seconds. */
export function showToast(text: string): void {
  message.value = text;
  isShown.value = true;
  clearTimeout(timer);
  timer = setTimeout(() => {
    isShown.value = false;
  }, DURATION);
}

/** Says that a part of the page that is loaded later cannot be loaded. */
export function showLoadFailure(part: string): void {
  showToast(`Cannot load ${part}. Check your connection, and try again`);
}

/** The message of the last action. */
export function Toast(): VNode {
  return (
    <div id="toast" class={isShown.value ? "toast shown" : "toast"} role="status">
      {message.value}
    </div>
  );
}
