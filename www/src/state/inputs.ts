/** Everything that the user sets. All else is derived from it. */

import { batch, computed, signal } from "@preact/signals";
import type { Flavor, PasswordForm } from "bootshift";

import type { Language, Value } from "../payload/text.js";
import { type Body, type OperationInfo, operations, type ResultTab } from "./operations.js";

/** The kind of document that an editor text is, or `empty` for a DELETE without a body. */
export type BufferName = Body | "empty";

/** A text with its language and its name. */
export interface TextFile {
  text: string;
  language: Language;
  /** The name of the opened file, or `undefined`. */
  name: string | undefined;
  /** The text as it was opened. It exists elsewhere, so losing it is no loss. */
  opened: string;
  /** Whether it is the text that the page starts with. */
  isInitial: boolean;
}

/** The texts on the page. The browser's history keeps them for each of its entries. */
export interface Texts {
  files: Readonly<Partial<Record<BufferName, TextFile>>>;
  /** The current payload, before a change. */
  old: TextFile;
  /** Whether the integration to delete was set up automatically. */
  autoBootstrap: boolean;
}

/** The options of the scripts. */
export interface ScriptChoices {
  database: "new" | "existing";
  account: "create" | "existing";
  password: PasswordForm;
  set: "changed" | "always";
  flavor: Flavor;
}

/** The options of the request. */
export interface RequestChoices {
  url: string;
  id: string;
  format: "curl" | "http" | "json";
}

const SCRIPT_DEFAULTS: ScriptChoices = {
  database: "new",
  account: "create",
  password: "md5",
  set: "changed",
  flavor: "plain",
};
const REQUEST_DEFAULTS: RequestChoices = { url: "", id: "", format: "curl" };

/** A text as it is opened. */
export function fileOf(text: string, language: Language, name?: string): TextFile {
  return { text, language, name, opened: text, isInitial: false };
}

/** No texts. */
export const NO_TEXTS: Texts = { files: {}, old: fileOf("", "yaml"), autoBootstrap: true };

export const operation = signal<OperationInfo>(operations[0]);
export const texts = signal<Texts>(NO_TEXTS);
export const scriptChoices = signal<ScriptChoices>(SCRIPT_DEFAULTS);
export const requestChoices = signal<RequestChoices>(REQUEST_DEFAULTS);

/** The entered values of the `${NAME}` references. Kept in memory only. */
export const passwords = signal<ReadonlyMap<string, string>>(new Map());

/** The values that a choice in the form removed from the text, by pointer, so that they can be restored. */
export const removedValues = new Map<string, Value>();

const selectedTab = signal<ResultTab>("scripts");

/** The tab of the results. */
export const tab = computed<ResultTab>(() => {
  const { tabs } = operation.value;
  return tabs.includes(selectedTab.value) ? selectedTab.value : tabs[0];
});

/** The kind of document in the editor. */
export const buffer = computed<BufferName>(() => {
  const { body } = operation.value;
  return body === "credentials" && !texts.value.autoBootstrap ? "empty" : body;
});

const NO_FILE = fileOf("", "yaml");

/** The text in the editor. */
export const file = computed<TextFile>(() => texts.value.files[buffer.value] ?? NO_FILE);

/** The text of the current payload, before a change. */
export const oldFile = computed<TextFile>(() => texts.value.old);

/** Whether nothing was entered yet. */
export function isUntouched({ isInitial, text, opened }: TextFile): boolean {
  return isInitial && text === opened;
}

/** Whether the editor has the body of a request, not a response. */
export const isRequest = computed(() => ["payload", "credentials", "empty"].includes(buffer.value));

export function setTab(name: ResultTab): void {
  selectedTab.value = name;
}

/** Replaces the text in the editor. */
export function setFile(next: TextFile): void {
  texts.value = { ...texts.value, files: { ...texts.value.files, [buffer.value]: next } };
}

/** Replaces the current payload. */
export function setOld(next: TextFile): void {
  texts.value = { ...texts.value, old: next };
}

/** Sets options of the scripts. */
export function chooseForScripts(choices: Partial<ScriptChoices>): void {
  scriptChoices.value = { ...scriptChoices.value, ...choices };
}

/** Sets options of the request. */
export function chooseForRequest(choices: Partial<RequestChoices>): void {
  requestChoices.value = { ...requestChoices.value, ...choices };
}

/** Sets or, without a value, forgets a password. */
export function setPassword(name: string, value: string): void {
  const next = new Map(passwords.value);
  if (value === "") {
    next.delete(name);
  } else {
    next.set(name, value);
  }
  passwords.value = next;
}

export function forgetPasswords(): void {
  passwords.value = new Map();
}

/** Resets everything except for the operation. */
export function resetInputs(): void {
  batch(() => {
    texts.value = NO_TEXTS;
    scriptChoices.value = SCRIPT_DEFAULTS;
    requestChoices.value = REQUEST_DEFAULTS;
    removedValues.clear();
    forgetPasswords();
  });
}
