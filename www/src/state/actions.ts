/** What the user can do with the texts. */

import { signal } from "@preact/signals";
import { check, type Diagnostic } from "bootshift";

import type { Edit, Language } from "../payload/text.js";
import { once } from "../payload/content.js";
import { showToast } from "../ui/toast.js";
import { analysis } from "./analysis.js";
import { messageOf } from "./failure.js";
import {
  file,
  fileOf,
  operation,
  resetInputs,
  setFile,
  setOld,
  setTab,
  type TextFile,
  texts,
} from "./inputs.js";
import { navigate, selectOperation, selectTab, show } from "./navigation.js";
import { operationNamed } from "./operations.js";

/** The maximum size of a file, in bytes. Bootshift rejects a larger one. */
const MAX_FILE_SIZE = 16 * 1024 * 1024;
/** The kind of document is not detected in a longer text. */
const MAX_DETECTED_LENGTH = 100_000;

/** What the editor of the payload does on request. */
export interface EditorCommands {
  /** Applies edits in order, as one undo step. */
  edit(steps: readonly (readonly Edit[])[]): void;
  /** Selects a range and scrolls to it. */
  goTo(from: number, to: number): void;
  /** Replaces the whole text, as one undo step. */
  replace(text: string): void;
  focus(): void;
  /** Opens the search. */
  search(): void;
  /** Sets whether long lines are wrapped. */
  wrap(wraps: boolean): void;
}

let commands: EditorCommands | undefined;

/** Connects the editor of the payload. */
export function connectEditor(editor: EditorCommands): void {
  commands = editor;
}

/** The editor of the payload. */
export function editor(): EditorCommands {
  if (commands === undefined) {
    throw new Error("the editor is not connected");
  }
  return commands;
}

export type Pane = "form" | "editor" | "result";

/** The pane that is shown where they do not fit side by side. */
export const pane = signal<Pane>("form");

/** The diagnostic whose field the form reveals. */
export const revealed = signal<Diagnostic | undefined>(undefined);

/** Goes to a diagnostic in the form and in the editor. */
export function goTo(diagnostic: Diagnostic): void {
  revealed.value = diagnostic;
  pane.value = "editor";
  editor().goTo(diagnostic.start.offset, diagnostic.end.offset);
}

/** Converts the text between YAML and JSON. Returns whether it could be converted. */
export function convert(language: Language): boolean {
  const { text, name } = file.value;
  const { parsed, documents } = analysis.value;
  if (language === file.value.language && !(language === "yaml" && isJson(text))) {
    return true;
  }
  if (parsed.content === undefined || documents > 1) {
    showToast("Cannot convert: the text is not a single valid document");
    return false;
  }
  let next: string;
  try {
    next = isJson(text)
      ? once(text, "json", ({ content }) => content?.convert(language) ?? text)
      : parsed.content.convert(language);
  } catch (error) {
    showToast(`Cannot convert: ${messageOf(error)}`);
    return false;
  }
  const base = name?.replace(/\.(ya?ml|json)$/i, "");
  const hasComments = language === "json" && /(^|\s)#/m.test(text);
  navigate(() => {
    setFile({
      ...file.value,
      text: next,
      language,
      name: base === undefined ? undefined : `${base}.${language}`,
    });
  });
  if (hasComments) {
    showToast("JSON has no comments. To restore them, go back in the browser");
  }
  return true;
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) {
    return false;
  }
  return once(text, "json", ({ content }) => content !== undefined);
}

/** Starts anew. */
export function reset(): void {
  navigate(() => {
    resetInputs();
    show(operation.value);
  });
  showToast("Page reset. To undo, go back in the browser");
}

/** Opens a text, and selects its detected operation if the current one does not fit. */
export function openText(next: TextFile, message: string): void {
  const detected = next.text.length > MAX_DETECTED_LENGTH ? undefined : check(next.text).files[0]?.operation;
  const found = operationNamed(detected ?? operation.value.name);
  navigate(() => {
    if (found?.body === "credentials") {
      texts.value = { ...texts.value, autoBootstrap: true };
    }
    if (found !== undefined && found.body !== operation.value.body) {
      operation.value = found;
      setTab(found.tabs[0]);
    }
    setFile(next);
  });
  showToast(message);
}

/** Opens a text as the current payload. */
export function openOld(next: TextFile, message: string): void {
  navigate(() => {
    setOld(next);
  });
  showToast(message);
}

/** Opens the first of several files. */
export async function openFiles(files: Iterable<File>, target: "new" | "old"): Promise<void> {
  const [opened, ...others] = files;
  if (opened === undefined) {
    return;
  }
  const { name } = opened;
  if (opened.size > MAX_FILE_SIZE) {
    showToast(`Cannot open ${name}: larger than 16 MiB`);
    return;
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await opened.arrayBuffer());
  } catch {
    showToast(`Cannot open ${name}: not valid UTF-8 text`);
    return;
  }
  const rest =
    others.length === 0 ? "" : `. Ignored ${others.map((each) => each.name).join(", ")}: one file at a time`;
  const language = name.toLowerCase().endsWith(".json") ? "json" : "yaml";
  // As the editor does.
  const next = fileOf(text.replace(/\r\n?/g, "\n"), language, name);
  if (target === "old") {
    openOld(next, `Opened ${name} as the current payload${rest}`);
  } else {
    openText(next, `Opened ${name}${rest}`);
  }
}

/** Goes to the place where the current payload is entered. */
export function goToCurrentPayload(): void {
  if (operation.value.changes !== true) {
    selectOperation("update");
  }
  selectTab("changes");
}
