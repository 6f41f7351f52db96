import { showToast } from "./toast.js";

/** Copies a text, and says so. `name` is what was copied. */
export function copy(name: string, text: string): void {
  navigator.clipboard.writeText(text).then(
    () => {
      showToast(`${name} copied`);
    },
    () => {
      showToast("Cannot access the clipboard: select the text and copy it");
    },
  );
}
