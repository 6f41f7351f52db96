import {
  BootshiftError,
  check,
  type CheckOptions,
  type Diagnostic,
  Document,
  init,
  type Operation,
} from "bootshift";
import { schema } from "bootshift/schemas";
import type { EditorState } from "@codemirror/state";

import { type Edit, isObject, type Language, Tree, type Value, write } from "./document.js";
import { byId, coalesced, download, h, setText } from "./dom.js";
import { Editor } from "./editor/editor.js";
import { examples } from "./examples.js";
import { Form } from "./form.js";
import { Menu, Panes, themeMenu } from "./layout.js";
import { type Body, operationNamed, type OperationInfo, operations } from "./operations.js";
import { Problems } from "./problems.js";
import { type OldPayload, type ResultTab, Results } from "./results.js";
import { type Group, withoutSecrets } from "./schema.js";
import { pack, unpack } from "./share.js";

/** The kind of document that an editor text is, or `empty` for a DELETE without a body. */
type Buffer = Body | "empty";

interface Saved {
  state: EditorState;
  language: Language;
}

/** The texts of one entry of the browser's history. Kept in memory only: the history itself contains no text. */
interface Snapshot {
  buffers: Map<Buffer, Saved>;
  old: string;
}

/** The diagnostics of a text, and the duration of the check in milliseconds. */
interface CheckResult {
  diagnostics: readonly Diagnostic[];
  duration: number;
}

/** A longer text is checked only when typing pauses. */
const MAX_IMMEDIATE_LENGTH = 100_000;
/** The maximum size of a file, in bytes. Bootshift rejects a larger one. */
const MAX_FILE_SIZE = 16 * 1024 * 1024;

class Page {
  private operation: OperationInfo = operations[0];
  private language: Language = "yaml";
  private readonly buffers = new Map<Buffer, Saved>();
  private readonly panes = new Panes();
  private readonly editor: Editor;
  private readonly oldEditor: Editor;
  private readonly forms: { payload: Form; credentials: Form };
  private readonly results: Results;
  private readonly problems: Problems;
  private tree: Tree | undefined;
  private old: OldPayload | undefined;
  /** The parsed text, shared by the check and all results. */
  private parsed: { text: string; language: Language; document: Document } | undefined;
  private errors = 0;
  /** Whether the integration to delete was set up automatically. */
  private autoBootstrap = true;
  private checkTimer: ReturnType<typeof setTimeout> | undefined;
  /** The result for the current text; `undefined` while the check of a long text is pending. */
  private result: CheckResult | undefined;
  /** The last conversion from YAML to JSON, so that converting back keeps the comments. */
  private converted: { yaml: string; json: string } | undefined;
  private entryId = `${crypto.randomUUID()}/0`;
  private entryCount = 0;
  private readonly snapshots = new Map<string, Snapshot>();
  private readonly scheduleResults = (): void => {
    byId("result").setAttribute("aria-busy", "true");
    this.updateResults();
  };
  private readonly updateResults = coalesced(() => {
    this.results.update({
      operation: this.operation,
      text: this.editor.text,
      document: this.document(this.editor.text),
      tree: this.tree,
      errors: this.errors,
      old: this.old,
      model: this.model,
    });
    byId("result").setAttribute("aria-busy", "false");
  });

  constructor() {
    const searchFailed = (): void => {
      this.showToast("Cannot load the search. Check your connection");
    };
    this.editor = new Editor(byId("editor"), {
      label: "Payload",
      check: (text) => this.checkChange(text),
      changed: () => {
        this.textChanged();
      },
      model: () => (this.form === undefined ? undefined : this.model),
      searchFailed,
    });
    this.results = new Results({
      changed: this.scheduleResults,
      tabChanged: () => {
        this.updateAddress("replace");
      },
      copyToOld: () => {
        this.oldEditor.replace(this.editor.text, this.language);
        this.check();
      },
      showToast: (message) => {
        this.showToast(message);
      },
      selectOperation: (operation) => {
        this.selectOperation(operation);
      },
    });
    this.oldEditor = new Editor(this.results.oldHost, {
      label: "Current payload",
      check: () => undefined,
      changed: () => {
        this.check();
      },
      model: () => this.forms.payload.model,
      searchFailed,
    });
    this.problems = new Problems((diagnostic) => {
      this.goTo(diagnostic);
    });
    const host = {
      text: () => ({ text: this.editor.text, language: this.language }),
      edit: (steps: readonly (readonly Edit[])[]) => {
        this.editor.edit(steps);
      },
      goTo: (diagnostic: Diagnostic) => {
        this.goTo(diagnostic);
      },
    };
    const container = (name: string): HTMLElement => {
      const element = h("div", { id: `form-${name}` });
      byId("form").append(element);
      return element;
    };
    this.forms = {
      payload: new Form(container("payload"), helpContainer("payload"), schema("create"), host),
      credentials: new Form(container("credentials"), helpContainer("credentials"), schema("delete"), host),
    };
    this.buildHeader();
    this.buildEditorHead();
    this.buildDelete();
    this.acceptFiles();
    this.start();
  }

  private get model(): Group {
    return (this.operation.body === "credentials" ? this.forms.credentials : this.forms.payload).model;
  }

  private get buffer(): Buffer {
    const { body } = this.operation;
    return body === "credentials" && !this.autoBootstrap ? "empty" : body;
  }

  // Checking the text.

  /** Checks a text before the editor shows it. A long text is checked later, when typing pauses. */
  private checkChange(text: string): readonly Diagnostic[] | undefined {
    clearTimeout(this.checkTimer);
    this.result = undefined;
    if (text.length > MAX_IMMEDIATE_LENGTH) {
      return undefined;
    }
    const start = performance.now();
    const diagnostics = this.diagnose(text);
    this.result = { diagnostics, duration: performance.now() - start };
    return diagnostics;
  }

  private textChanged(): void {
    if (this.result === undefined) {
      this.checkTimer = setTimeout(() => {
        this.check();
      }, 300);
    } else {
      this.show(this.result);
    }
  }

  /** Checks the text in the editor. */
  private check(): void {
    clearTimeout(this.checkTimer);
    this.checkOld();
    const start = performance.now();
    const diagnostics = this.diagnose(this.editor.text);
    this.editor.setDiagnostics(diagnostics);
    this.show({ diagnostics, duration: performance.now() - start });
  }

  /** Shows diagnostics immediately, and schedules the update of the results. */
  private show({ diagnostics, duration }: CheckResult): void {
    const { text } = this.editor;
    this.errors = diagnostics.filter(({ severity }) => severity === "error").length;
    this.tree = Tree.parse(text);
    this.form?.update(this.tree, diagnostics);
    this.problems.show(diagnostics, duration);
    setText(byId("form-note"), this.formNote(text));
    this.scheduleResults();
  }

  private diagnose(text: string): Diagnostic[] {
    // A GET has no body: there is nothing to check until a response is pasted.
    if (text.trim() === "" && !["payload", "credentials", "empty"].includes(this.buffer)) {
      return [];
    }
    const options: CheckOptions = { operation: this.operation.name };
    if (this.operation.name === "delete") {
      options.autoBootstrap = this.autoBootstrap;
    }
    if (this.operation.changes === true && this.old !== undefined && this.old.error === undefined) {
      options.old = this.old.document;
    }
    return this.document(text)
      .check(options)
      .files.flatMap((file) => file.diagnostics);
  }

  private document(text: string): Document {
    const { language } = this;
    if (this.parsed?.text !== text || this.parsed.language !== language) {
      this.parsed?.document.free();
      // JSON is also valid as YAML, so the syntax is enforced for JSON only.
      const document = Document.parse(text, language === "json" ? { syntax: "json" } : {});
      this.parsed = { text, language, document };
    }
    return this.parsed.document;
  }

  private checkOld(): void {
    const { text } = this.oldEditor;
    if (this.operation.changes !== true || text.trim() === "") {
      this.old?.document.free();
      this.old = undefined;
      this.oldEditor.setDiagnostics([]);
      return;
    }
    if (this.old?.text === text) {
      return;
    }
    this.old?.document.free();
    const document = Document.parse(text);
    // Checking the old payload against itself shows whether an update can start from it.
    try {
      document.check({ operation: this.operation.name, old: document });
      this.old = { text, document, error: undefined };
      this.oldEditor.setDiagnostics([]);
    } catch (error) {
      if (!(error instanceof BootshiftError)) {
        throw error;
      }
      this.old = { text, document, error: error.message };
      this.oldEditor.setDiagnostics(error.diagnostics);
    }
  }

  private get form(): Form | undefined {
    const { buffer } = this;
    return buffer === "payload" || buffer === "credentials" ? this.forms[buffer] : undefined;
  }

  private formNote(text: string): string {
    if (this.form === undefined) {
      return "";
    }
    if (this.tree === undefined) {
      return text.length > MAX_IMMEDIATE_LENGTH
        ? "disabled: the text is too long"
        : "disabled: fix the syntax errors first";
    }
    return this.tree.documents > 1 ? "only the first document is shown" : "";
  }

  private goTo(diagnostic: Diagnostic): void {
    this.form?.reveal(diagnostic, this.tree);
    this.panes.show("editor");
    this.editor.goTo(diagnostic.start.offset, diagnostic.end.offset);
  }

  // The operation.

  private selectOperation(name: string): void {
    const operation = operationNamed(name);
    if (operation === undefined || operation === this.operation) {
      return;
    }
    this.leaveBuffer();
    const before = this.tree;
    this.operation = operation;
    this.updateAddress("push");
    this.enterBuffer(before);
  }

  private leaveBuffer(): void {
    this.buffers.set(this.buffer, { state: this.editor.save(), language: this.language });
  }

  /** Shows the text for the operation. The initial text of a DELETE has the account of the payload. */
  private enterBuffer(before?: Tree): void {
    const saved = this.buffers.get(this.buffer);
    if (saved !== undefined) {
      this.language = saved.language;
      this.editor.restore(saved.state);
    } else {
      this.editor.start(this.initialText(before), this.language);
    }
    this.updateLayout();
    this.check();
  }

  /** The initial text of the editor. */
  private initialText(before?: Tree): string {
    const example = (name: Operation): Record<string, Value> => {
      const { examples } = schema(name);
      const value: unknown = Array.isArray(examples) ? examples[0] : undefined;
      return isObject(value) ? value : {};
    };
    if (this.buffer === "payload") {
      const value = example("create");
      // Without the host, which differs for every user.
      const config = isObject(value.config) ? { ...value.config } : {};
      delete config.host;
      return write({ ...value, config }, this.language);
    }
    if (this.buffer === "credentials") {
      const { model } = this.forms.credentials;
      const config = before?.get(["config"]);
      const account = isObject(config)
        ? Object.fromEntries(
            Object.entries(config).filter(([key]) => model.members.some((m) => m.key === key)),
          )
        : {};
      return write("authenticationType" in account ? account : example("delete"), this.language);
    }
    return "";
  }

  /** Shows the elements that belong to the operation. */
  private updateLayout(): void {
    (byId("operation") as HTMLSelectElement).value = this.operation.name;
    setText(byId("endpoint"), this.operation.endpoint);
    const { buffer } = this;
    for (const name of ["payload", "credentials"] as const) {
      byId(`form-${name}`).hidden = buffer !== name;
      byId(`help-${name}`).hidden = buffer !== name;
    }
    byId("form-none").hidden = buffer === "payload" || buffer === "credentials";
    setText(
      byId("form-none"),
      buffer === "empty"
        ? "For an integration that was set up manually, a DELETE has no body."
        : buffer === "error"
          ? "To check an error response, paste it into the editor."
          : "A GET has no body. To check its response, paste it into the editor.",
    );
    byId("help").hidden = this.form === undefined;
    byId("form-delete").hidden = this.operation.name !== "delete";
    for (const input of byId("form-delete").querySelectorAll("input")) {
      input.checked = (input.value === "automatic") === this.autoBootstrap;
    }
    const kind = ["payload", "credentials", "empty"].includes(buffer) ? "payload" : "response";
    setText(byId("file-name"), `${buffer === "credentials" ? "credentials" : kind}.${this.language}`);
    for (const input of byId("language").querySelectorAll("input")) {
      input.checked = input.value === this.language;
    }
  }

  // Building the page.

  private buildHeader(): void {
    const picker = byId("operation") as HTMLSelectElement;
    for (const group of new Set(operations.map((operation) => operation.group))) {
      picker.append(
        h(
          "optgroup",
          { label: group },
          ...operations
            .filter((operation) => operation.group === group)
            .map(({ name }) => h("option", { value: name }, name)),
        ),
      );
    }
    picker.addEventListener("change", () => {
      this.selectOperation(picker.value);
    });
    const menu: Menu = new Menu(byId("examples"), "Examples", (panel) => {
      panel.replaceChildren(
        ...examples.map(({ title, examples: entries }) =>
          h(
            "div",
            { role: "group", "aria-label": title },
            h("p", { class: "title" }, title),
            ...entries.map((example) => {
              const button = h(
                "button",
                { type: "button", class: "item", "data-example": example.name },
                example.title,
              );
              button.addEventListener("click", () => {
                menu.close();
                this.open(example[this.language], this.language, `Opened example "${example.title}"`);
              });
              return button;
            }),
          ),
        ),
      );
    });
    byId("reset").addEventListener("click", () => {
      this.navigate(() => {
        this.results.reset();
        this.forms.payload.clearRemoved();
        this.forms.credentials.clearRemoved();
        this.oldEditor.start("", "yaml");
        this.converted = undefined;
        this.buffers.clear();
        this.language = "yaml";
        this.editor.start(this.initialText(), "yaml");
      });
      this.updateLayout();
      this.check();
      this.showToast("Page reset. To undo, go back in the browser");
    });
    this.buildShare();
    themeMenu(byId("theme"));
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.panes.show("editor");
      this.editor.view.focus();
    });
  }

  private buildShare(): void {
    new Menu(byId("share"), "Share", (panel) => {
      const link = this.link();
      if (link === undefined) {
        panel.replaceChildren(
          h("p", {}, "Cannot create a link: the text is not a single valid document. Fix it first."),
        );
        return;
      }
      const input = h("input", { readonly: true, id: "link", "aria-label": "Link" });
      input.value = link;
      input.addEventListener("focus", () => {
        input.select();
      });
      const copy = h("button", { type: "button" }, "Copy link");
      copy.addEventListener("click", () => {
        navigator.clipboard.writeText(link).then(
          () => {
            this.showToast("Link copied");
          },
          () => {
            input.focus();
          },
        );
      });
      panel.replaceChildren(
        h("div", { class: "line" }, input, copy),
        h(
          "p",
          { class: "muted" },
          "The link contains the payload, in the part of the URL that browsers do not send to servers. Not included: passwords (replaced by ",
          h("code", {}, "${NAME}"),
          "), comments and unknown properties.",
        ),
      );
    });
  }

  private buildEditorHead(): void {
    const choice = byId("language");
    for (const language of ["yaml", "json"] as const) {
      const input = h("input", { type: "radio", name: "language", value: language });
      input.addEventListener("change", () => {
        this.convert(language);
      });
      choice.append(h("label", {}, input, h("span", {}, language.toUpperCase())));
    }
    const wrap = byId("wrap");
    wrap.addEventListener("click", () => {
      this.editor.wraps = !this.editor.wraps;
      wrap.setAttribute("aria-pressed", String(this.editor.wraps));
    });
    byId("search").addEventListener("click", () => {
      void this.editor.search();
    });
    byId("copy-payload").addEventListener("click", () => {
      navigator.clipboard.writeText(this.editor.text).then(
        () => {
          this.showToast(`${byId("file-name").textContent} copied`);
        },
        () => {
          this.showToast("Cannot access the clipboard: select the text and copy it");
        },
      );
    });
    byId("download-payload").addEventListener("click", () => {
      download(byId("file-name").textContent, this.editor.text, "text/plain");
    });
  }

  /** Adds the choice of automatic or manual setup. A DELETE depends on it, and the text does not contain it. */
  private buildDelete(): void {
    const inputs = (["automatic", "manual"] as const).map((mode) => {
      const input = h("input", { type: "radio", name: "bootstrap", value: mode });
      input.addEventListener("change", () => {
        this.leaveBuffer();
        this.autoBootstrap = mode === "automatic";
        this.enterBuffer();
      });
      return h("label", {}, input, h("span", {}, mode));
    });
    const label = h("span", { class: "label", id: "bootstrap" }, "Setup");
    byId("form").prepend(
      h(
        "fieldset",
        { id: "form-delete", hidden: true },
        h("legend", {}, "Integration"),
        h(
          "div",
          { class: "field" },
          label,
          h("div", { class: "choice", role: "radiogroup", "aria-labelledby": "bootstrap" }, ...inputs),
          h("div", { class: "errors" }),
        ),
      ),
    );
    byId("form").append(h("p", { class: "empty", id: "form-none", hidden: true }));
  }

  /** Converts between YAML and JSON. Converting back restores the original YAML, if the JSON is unchanged. */
  private convert(language: Language): void {
    const { text } = this.editor;
    const tree = Tree.parse(text);
    if (tree === undefined || tree.documents > 1) {
      this.showToast("Cannot convert: the text is not a single valid document");
      this.updateLayout();
      return;
    }
    const value = tree.root;
    let next = value === undefined ? "" : write(value, language);
    if (language === "yaml" && this.converted?.json === text) {
      next = this.converted.yaml;
    } else if (language === "json") {
      this.converted = { yaml: text, json: next };
    }
    this.language = language;
    this.editor.start(next, language);
    this.updateLayout();
    this.check();
  }

  // Opening files.

  private acceptFiles(): void {
    const picker = byId("file") as HTMLInputElement;
    let target: "new" | "old" = "new";
    const openPicker = (which: "new" | "old") => () => {
      target = which;
      picker.value = "";
      picker.click();
    };
    byId("open").addEventListener("click", openPicker("new"));
    byId("open-old").addEventListener("click", openPicker("old"));
    picker.addEventListener("change", () => {
      const [file] = picker.files ?? [];
      if (file !== undefined) {
        void this.openFile(file, target);
      }
    });
    const drop = byId("drop");
    const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    // Handled in the capture phase, because the editor would insert the content of the file.
    for (const type of ["dragenter", "dragover"] as const) {
      window.addEventListener(
        type,
        (event) => {
          if (hasFile(event)) {
            event.preventDefault();
            event.stopPropagation();
            drop.hidden = false;
          }
        },
        true,
      );
    }
    window.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) {
        drop.hidden = true;
      }
    });
    window.addEventListener(
      "drop",
      (event) => {
        drop.hidden = true;
        const [file] = event.dataTransfer?.files ?? [];
        if (file !== undefined) {
          event.preventDefault();
          event.stopPropagation();
          const isOld = event.composedPath().includes(this.results.oldHost);
          void this.openFile(file, isOld ? "old" : "new");
        }
      },
      true,
    );
  }

  private async openFile(file: File, target: "new" | "old"): Promise<void> {
    if (file.size > MAX_FILE_SIZE) {
      this.showToast(`Cannot open ${file.name}: larger than 16 MiB`);
      return;
    }
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      this.showToast(`Cannot open ${file.name}: not valid UTF-8 text`);
      return;
    }
    const language = file.name.toLowerCase().endsWith(".json") ? "json" : "yaml";
    if (target === "old") {
      this.oldEditor.replace(text, language);
      this.check();
      this.showToast(`Opened ${file.name} as the current payload`);
    } else {
      this.open(text, language, `Opened ${file.name}`);
    }
  }

  /** Opens a text, and selects its detected operation if the current one does not fit. */
  private open(text: string, language: Language, message: string): void {
    const detected = text.length > MAX_IMMEDIATE_LENGTH ? undefined : check(text).files[0]?.operation;
    const operation = operationNamed(detected ?? this.operation.name);
    this.navigate(() => {
      this.converted = undefined;
      if (operation !== undefined && operation.body !== this.operation.body) {
        this.leaveBuffer();
        this.operation = operation;
      }
      if (operation?.body === "credentials") {
        this.autoBootstrap = true;
      }
      this.language = language;
      this.editor.start(text, language);
    });
    this.updateLayout();
    this.check();
    this.showToast(message);
  }

  // The address and the history.

  private link(): string | undefined {
    const { buffer, model } = this;
    let data = "";
    if (buffer === "payload" || buffer === "credentials") {
      if (this.tree === undefined || this.tree.documents > 1) {
        return undefined;
      }
      const isValid = this.old !== undefined && this.old.error === undefined;
      const old = isValid ? Tree.parse(this.old?.text ?? "")?.root : undefined;
      data = `/${pack({
        language: this.language,
        value: withoutSecrets(model, this.tree.root),
        ...(old === undefined ? {} : { old: withoutSecrets(this.forms.payload.model, old) }),
      })}`;
    }
    const { origin, pathname } = location;
    return `${origin}${pathname}#${this.operation.name}/${this.results.tabs.name}${data}`;
  }

  /** Writes the operation and the tab to the address. The text stays in memory, under the id of the entry. */
  private updateAddress(how: "push" | "replace"): void {
    const hash = `#${this.operation.name}/${this.results.tabs.name}`;
    const [, , data] = location.hash.slice(1).split("/");
    // The entry of a link keeps the payload, so that it can be reloaded.
    const url = how === "replace" && data !== undefined ? `${hash}/${data}` : hash;
    history[how === "push" ? "pushState" : "replaceState"]({ entryId: this.entryId }, "", url);
  }

  /** Replaces the text, as a new entry in the browser's history. */
  private navigate(change: () => void): void {
    this.saveSnapshot();
    change();
    this.entryId = this.nextEntryId();
    this.updateAddress("push");
  }

  private saveSnapshot(): void {
    this.leaveBuffer();
    this.snapshots.set(this.entryId, { buffers: new Map(this.buffers), old: this.oldEditor.text });
  }

  private start(): void {
    this.editor.start(this.initialText(), "yaml");
    this.loadAddress();
    history.replaceState({ entryId: this.entryId }, "");
    window.addEventListener("popstate", (event) => {
      const state: unknown = event.state;
      this.restoreEntry(isObject(state) && typeof state.entryId === "string" ? state.entryId : undefined);
    });
    // The back/forward cache must not keep passwords.
    window.addEventListener("pagehide", () => {
      this.results.clearPasswords();
    });
  }

  /** Restores the entry to which the browser went back or forward. */
  private restoreEntry(id: string | undefined): void {
    if (id === this.entryId) {
      this.leaveBuffer();
      this.readAddress();
      this.enterBuffer();
      return;
    }
    this.saveSnapshot();
    const snapshot = id === undefined ? undefined : this.snapshots.get(id);
    // A link that was opened in this window has an entry without an id.
    this.entryId = id ?? this.nextEntryId();
    history.replaceState({ entryId: this.entryId }, "");
    if (snapshot === undefined) {
      this.loadAddress();
      return;
    }
    this.buffers.clear();
    for (const [name, saved] of snapshot.buffers) {
      this.buffers.set(name, saved);
    }
    this.oldEditor.start(snapshot.old, "yaml");
    this.readAddress();
    this.enterBuffer();
  }

  private nextEntryId(): string {
    this.entryCount += 1;
    return this.entryId.replace(/\d+$/, String(this.entryCount));
  }

  /** Reads the operation and the tab from the address. Returns the packed payload of a link. */
  private readAddress(): string | undefined {
    const [name = "", tab = "", data] = location.hash.slice(1).split("/");
    this.operation = operationNamed(name) ?? this.operation;
    if (["scripts", "request", "response", "changes"].includes(tab)) {
      this.results.tabs.select(tab as ResultTab);
    }
    return data;
  }

  /** Loads the address: the operation, the tab and the payload of a link. */
  private loadAddress(): void {
    this.leaveBuffer();
    const data = this.readAddress();
    const shared = data === undefined ? undefined : unpack(data);
    if (shared === undefined || shared === "too large") {
      if (data !== undefined) {
        const reason = shared === undefined ? "damaged or incomplete" : "too large for a payload";
        this.showToast(`Invalid link: ${reason}`);
      }
      this.enterBuffer();
      return;
    }
    this.language = shared.language;
    this.editor.start(write(withoutSecrets(this.model, shared.value), shared.language), shared.language);
    if (shared.old !== undefined) {
      const old = withoutSecrets(this.forms.payload.model, shared.old);
      this.oldEditor.start(write(old, shared.language), shared.language);
    }
    this.updateLayout();
    this.check();
  }

  private showToast(message: string): void {
    const toast = byId("toast");
    toast.textContent = message;
    toast.classList.add("shown");
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      toast.classList.remove("shown");
    }, 4000);
  }

  private toastTimer: ReturnType<typeof setTimeout> | undefined;
}

function helpContainer(name: string): HTMLElement {
  const element = h("div", { id: `help-${name}` });
  byId("help").append(element);
  return element;
}

try {
  await init();
  new Page();
  document.documentElement.dataset.ready = "";
  performance.mark("ready");
} catch (error) {
  const message = error instanceof Error ? error.message : "unknown error";
  document.documentElement.dataset.failed = "";
  setText(byId("failed"), `Cannot start the page. Check your connection, and reload it. (${message})`);
  throw error;
}
