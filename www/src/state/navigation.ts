/** The address and the browser's history. */

import { batch } from "@preact/signals";

import { isObject, type Value, write } from "../payload/text.js";
import { withoutSecrets } from "../schema.js";
import { showToast } from "../ui/toast.js";
import { analysis, oldPayload } from "./analysis.js";
import {
  buffer,
  fileOf,
  file,
  forgetPasswords,
  NO_TEXTS,
  operation,
  setFile,
  setOld,
  setTab,
  tab,
  texts,
} from "./inputs.js";
import { initialFile, models } from "./models.js";
import { type OperationInfo, operationNamed, type ResultTab, tabNamed } from "./operations.js";
import { enter, latestTexts, startSession, textsOf } from "./session.js";
import { pack, type Shared, unpack } from "./share.js";

let entryId = "";

/** Selects an operation, as a new entry of the history. */
export function selectOperation(name: string): void {
  const next = operationNamed(name);
  if (next !== undefined && next !== operation.value) {
    const payload = analysis.value.parsed.content?.root;
    batch(() => {
      show(next, buffer.value === "payload" ? payload : undefined);
      // An edit script needs the current payload, which is entered next to the changes.
      setTab(next.changes === true && texts.value.old.text !== "" ? "scripts" : next.tabs[0]);
    });
    push();
  }
}

/** Selects a tab of the results. */
export function selectTab(name: ResultTab): void {
  setTab(name);
  replace();
}

/** Selects the kind of integration to delete. */
export function selectBootstrap(autoBootstrap: boolean): void {
  batch(() => {
    texts.value = { ...texts.value, autoBootstrap };
    show(operation.value);
  });
}

/** Shows the text for an operation, or the text to start from. */
export function show(next: OperationInfo, payload?: Value): void {
  operation.value = next;
  if (texts.value.files[buffer.value] === undefined) {
    setFile(initialFile(buffer.value, file.value.language, payload));
  }
}

/** Replaces texts, as a new entry of the history. */
export function navigate(change: () => void): void {
  enter(nextId());
  batch(change);
  push();
}

/** A link to what is shown; `undefined` if the text cannot be read. It contains no secrets. */
export function link(): string | undefined {
  const { origin, pathname } = location;
  const address = `${origin}${pathname}${hash()}`;
  const { parsed, model, documents } = analysis.value;
  if (buffer.value !== "payload" && buffer.value !== "credentials") {
    return address;
  }
  if (parsed.content === undefined || documents > 1) {
    return undefined;
  }
  const old = oldPayload.value?.error === undefined ? oldPayload.value?.content?.root : undefined;
  const data = pack({
    language: parsed.language,
    value: withoutSecrets(model, parsed.content.root),
    ...(old === undefined ? {} : { old: withoutSecrets(models.payload, old) }),
  });
  return `${address}/${data}`;
}

/** Restores the page from the address and from what the browser keeps for this tab, and follows the history. */
export function startNavigation(): void {
  startSession();
  const id = idOf(history.state);
  const kept = textsOf(id);
  entryId = id ?? `${crypto.randomUUID()}/0`;
  enter(entryId);
  open(kept ?? (linkData() === undefined ? latestTexts() : undefined), kept === undefined);
  replace();
  window.addEventListener("popstate", (event) => {
    const next = idOf(event.state);
    if (next === entryId) {
      open(texts.value, false);
      return;
    }
    // A link that was opened in this window has an entry without an id.
    const restored = textsOf(next);
    entryId = next ?? nextId();
    enter(entryId);
    open(restored ?? (linkData() === undefined ? texts.value : undefined), restored === undefined);
    replace();
  });
  // The back/forward cache must not keep passwords.
  window.addEventListener("pagehide", forgetPasswords);
}

/** Shows what the address says, with the texts of its entry. */
function open(kept: Texts, isNew: boolean): void {
  const [name = "", tabName = "", data] = location.hash.slice(1).split("/");
  const shared = isNew && data !== undefined ? unpack(data) : undefined;
  batch(() => {
    texts.value = kept ?? NO_TEXTS;
    const next = operationNamed(name) ?? operation.value;
    show(next);
    setTab(tabNamed(tabName) ?? next.tabs[0]);
    if (typeof shared === "object") {
      openShared(shared);
    }
  });
  if (isNew && data !== undefined && typeof shared !== "object") {
    const reason = shared === undefined ? "damaged or incomplete" : "too large for a payload";
    showToast(`Invalid link: ${reason}`);
  }
}

function openShared({ language, value, old }: Shared): void {
  const model = buffer.value === "credentials" ? models.credentials : models.payload;
  setFile(fileOf(write(withoutSecrets(model, value), language), language));
  if (old !== undefined) {
    setOld(fileOf(write(withoutSecrets(models.payload, old), language), language));
  }
}

type Texts = ReturnType<typeof textsOf>;

function hash(): string {
  return `#${operation.value.name}/${tab.value}`;
}

function linkData(): string | undefined {
  return location.hash.split("/")[2];
}

function push(): void {
  history.pushState({ entryId }, "", hash());
}

/** Writes the operation and the tab to the address. A link keeps its payload, so that it can be shared again. */
function replace(): void {
  const data = linkData();
  history.replaceState({ entryId }, "", data === undefined ? hash() : `${hash()}/${data}`);
}

function nextId(): string {
  const [session = "", count = "0"] = entryId.split("/");
  entryId = `${session}/${String(Number(count) + 1)}`;
  return entryId;
}

function idOf(state: unknown): string | undefined {
  return isObject(state) && typeof state.entryId === "string" ? state.entryId : undefined;
}
