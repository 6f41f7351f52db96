/**
 * What the browser keeps for this tab, so that a reload, a crash or the Back button loses nothing: the texts without
 * secrets, and the options.
 */

import { signal } from "@preact/signals";

import { isObject } from "../payload/text.js";
import { redacted, type Redacted, scrubbed } from "../payload/redaction.js";
import { parsedText } from "./analysis.js";
import {
  type BufferName,
  fileOf,
  NO_TEXTS,
  requestChoices,
  scriptChoices,
  type TextFile,
  texts,
  type Texts,
} from "./inputs.js";
import { modelFor } from "./models.js";

const KEY = "bootshift-session";
/** Texts are stored when nothing has changed for this time, in milliseconds. */
const DELAY = 400;
/** The number of history entries whose texts are stored. */
const MAX_ENTRIES = 12;

/** Whether the browser refuses to store the texts. */
export const isRefused = signal(false);

/** The texts of the entries of the browser's history, by the id of the entry. The last one is the newest. */
const entries = new Map<string, Texts>();
let current = "";

/** Whether leaving the page would lose something that was entered: a text that cannot be stored completely. */
export function wouldLose(): boolean {
  const safe = safeTexts(texts.value);
  return namedFiles(texts.value).some(
    ([, file]) => file.text !== file.opened && (isRefused.value || safe.get(file) !== file.text),
  );
}

/** The texts of an entry of the history, or `undefined` if they are not kept. */
export function textsOf(id: string | undefined): Texts | undefined {
  return id === undefined ? undefined : entries.get(id);
}

/** The texts of the newest entry. */
export function latestTexts(): Texts | undefined {
  return [...entries.values()].at(-1);
}

/** Keeps the texts for the entry that is left, and makes another entry the current one. */
export function enter(id: string): void {
  if (current !== "") {
    keep();
  }
  current = id;
}

/** Keeps the texts of the current entry in memory, with their secrets. */
function keep(): void {
  entries.delete(current);
  entries.set(current, texts.value);
}

/** Stores the texts of the last entries, without their secrets. */
export function store(): void {
  keep();
  const kept = [...entries].slice(-MAX_ENTRIES).map(([id, each]) => [id, withoutSecrets(each)]);
  const { url, ...request } = requestChoices.value;
  const state = {
    version: 1,
    entries: kept,
    scripts: scriptChoices.value,
    // A URL may contain a password.
    request: url.includes("@") ? request : { ...request, url },
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
    isRefused.value = false;
  } catch {
    isRefused.value = true;
  }
}

/** Reads what is stored, and stores every change from now on. */
export function startSession(): void {
  restore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(store, DELAY);
  };
  for (const each of [texts, scriptChoices, requestChoices]) {
    each.subscribe(schedule);
  }
  window.addEventListener("pagehide", store);
  window.addEventListener("beforeunload", (event) => {
    if (wouldLose()) {
      event.preventDefault();
    }
  });
}

function restore(): void {
  const state = stored();
  if (!isObject(state) || state.version !== 1 || !Array.isArray(state.entries)) {
    return;
  }
  for (const entry of state.entries) {
    const [id, value]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof id === "string" && isObject(value)) {
      entries.set(id, textsFrom(value));
    }
  }
  scriptChoices.value = chosen(scriptChoices.value, state.scripts);
  requestChoices.value = chosen(requestChoices.value, state.request);
}

function stored(): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    // Storage is disabled, or something else has changed what is stored.
    return undefined;
  }
}

/** The options, with the stored ones that are of the same type. */
function chosen<T extends object>(defaults: T, value: unknown): T {
  const known = isObject(value)
    ? Object.entries(value).filter(([key, each]) => key in defaults && typeof each === "string")
    : [];
  return { ...defaults, ...Object.fromEntries(known) };
}

function withoutSecrets(entry: Texts): object {
  const safe = safeTexts(entry);
  const stored = (file: TextFile): TextFile => {
    const text = safe.get(file) ?? "";
    return { ...file, text, opened: file.text === file.opened ? text : "" };
  };
  const { files, old, autoBootstrap } = entry;
  const named = Object.entries(files).map(([name, file]) => [name, stored(file)]);
  return { files: Object.fromEntries(named) as object, old: stored(old), autoBootstrap };
}

/** The texts without secrets; `undefined` for a text whose secrets cannot be found. */
function safeTexts(entry: Texts): Map<TextFile, string | undefined> {
  const all = namedFiles(entry).map(([name, file]) => ({ file, result: redactedFile(name, file) }));
  // The comment of one text may repeat the password of another one.
  const secrets = all.flatMap(({ result }) => result?.secrets ?? []);
  return new Map(all.map(({ file, result }) => [file, result && scrubbed(result.text, secrets)]));
}

function namedFiles({ files, old }: Texts): [BufferName, TextFile][] {
  const named = Object.entries(files).map(([name, file]): [BufferName, TextFile] => [
    name as BufferName,
    file,
  ]);
  return [["payload", old], ...named];
}

const redactedFiles = new WeakMap<TextFile, { result: Redacted | undefined }>();

function redactedFile(name: BufferName, file: TextFile): Redacted | undefined {
  const known = redactedFiles.get(file);
  if (known !== undefined) {
    return known.result;
  }
  const isRequest = name === "payload" || name === "credentials";
  const model = isRequest ? modelFor(name) : undefined;
  const result = redacted(file.text, model, (each) => parsedText(each, file.language));
  redactedFiles.set(file, { result });
  return result;
}

function textsFrom(value: Record<string, unknown>): Texts {
  const files = isObject(value.files) ? Object.entries(value.files) : [];
  return {
    files: Object.fromEntries(files.map(([name, file]) => [name, fileFrom(file)])),
    old: fileFrom(value.old),
    autoBootstrap: value.autoBootstrap !== false,
  };
}

function fileFrom(value: unknown): TextFile {
  if (!isObject(value) || typeof value.text !== "string") {
    return NO_TEXTS.old;
  }
  const { text, language, name, opened, isInitial } = value;
  return {
    ...fileOf(text, language === "json" ? "json" : "yaml", typeof name === "string" ? name : undefined),
    opened: typeof opened === "string" ? opened : text,
    isInitial: isInitial === true,
  };
}
