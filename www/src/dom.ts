/** The content of an element: nodes or text. Text is never parsed as markup. */
export type Child = Node | string;

/** The attributes and event handlers (`on…`) of a new element. `true` sets an attribute without a value. */
export type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** Creates an element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

/** The element with an id. It must exist in `index.html`. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`missing element #${id}`);
  }
  return element;
}

/** Sets the text only if it differs, so that screen readers do not announce it again and nothing is repainted. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute, or removes it. */
export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/** Converts text with `code` in backticks to nodes. */
export function prose(text: string): Child[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? h("code", {}, part) : part));
}

let ids = 0;

/** A unique id for an element. */
export function freshId(prefix: string): string {
  ids += 1;
  return `${prefix}-${String(ids)}`;
}

/** Delays a task and merges repeated requests, so that the task does not slow down the next keystroke. */
export function coalesced(task: () => void): () => void {
  let isScheduled = false;
  return () => {
    if (!isScheduled) {
      isScheduled = true;
      setTimeout(() => {
        isScheduled = false;
        task();
      }, 60);
    }
  };
}

/** Starts the download of a file. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: name });
  link.click();
  // The download starts asynchronously, so the URL must stay valid for a while.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
