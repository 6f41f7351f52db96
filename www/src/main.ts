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
import { Editor } from "./editor.js";
import { examples } from "./examples.js";
import { Form } from "./form.js";
import { Menu, Panes, themeMenu } from "./layout.js";
import { type Body, operationNamed, type OperationInfo, operations } from "./operations.js";
import { Problems } from "./problems.js";
import { type ResultTab, Results } from "./results.js";
import { type Group, withoutSecrets } from "./schema.js";
import { pack, unpack } from "./share.js";

/** What an editor text belongs to: a kind of document, or the empty body of a DELETE. */
type Buffer = Body | "nothing";

interface Saved {
  state: EditorState;
  language: Language;
}

/** The texts at one entry of the browser's history. Here alone: the history itself holds no text. */
interface Snapshot {
  buffers: Map<Buffer, Saved>;
  old: string;
}

/** What is wrong with a text, and how long it took to find, in milliseconds. */
interface Found {
  diagnostics: readonly Diagnostic[];
  took: number;
}

/** A longer text is checked when the typing pauses. */
const LONG = 100_000;
/** A larger file is no payload, and Bootshift would refuse it. */
const LARGEST_FILE = 16 * 1024 * 1024;

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
  private old: { text: string; document: Document; valid: boolean } | undefined;
  /** The text as Bootshift has read it, once, for all that is shown. */
  private read: { text: string; language: Language; document: Document } | undefined;
  private errors = 0;
  /** Whether the integration to delete was set up by Immuta itself. */
  private automatic = true;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  /** What the last change of the text brought; nothing while a long one waits to be checked. */
  private found: Found | undefined;
  /** What YAML was turned into JSON last, to be turned back without losing its comments. */
  private converted: { yaml: string; json: string } | undefined;
  private epoch = `${crypto.randomUUID()}/0`;
  private epochs = 0;
  private readonly snapshots = new Map<string, Snapshot>();
  private readonly refresh = (): void => {
    byId("result").setAttribute("aria-busy", "true");
    this.makeResults();
  };
  private readonly makeResults = coalesced(() => {
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
    this.editor = new Editor(
      byId("editor"),
      "Payload",
      (text) => this.examine(text),
      () => {
        this.changed();
      },
    );
    this.results = new Results({
      changed: this.refresh,
      tabChanged: () => {
        this.address("replace");
      },
      takeAsOld: () => {
        this.oldEditor.replace(this.editor.text, this.language);
        this.check();
      },
      say: (message) => {
        this.say(message);
      },
      choose: (operation) => {
        this.choose(operation);
      },
    });
    this.oldEditor = new Editor(
      this.results.oldHost,
      "Old payload",
      () => undefined,
      () => {
        this.check();
      },
    );
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
    const part = (name: string): HTMLElement => {
      const element = h("div", { id: `form-${name}` });
      byId("form").append(element);
      return element;
    };
    this.forms = {
      payload: new Form(part("payload"), help("payload"), schema("create"), host),
      credentials: new Form(part("credentials"), help("credentials"), schema("delete"), host),
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
    return body === "credentials" && !this.automatic ? "nothing" : body;
  }

  // The text and what is found in it.

  /** Checks a text that is about to be shown; a long one is checked when the typing pauses. */
  private examine(text: string): readonly Diagnostic[] | undefined {
    clearTimeout(this.waiting);
    this.found = undefined;
    if (text.length > LONG) {
      return undefined;
    }
    const from = performance.now();
    const diagnostics = this.find(text);
    this.found = { diagnostics, took: performance.now() - from };
    return diagnostics;
  }

  private changed(): void {
    if (this.found === undefined) {
      this.waiting = setTimeout(() => {
        this.check();
      }, 300);
    } else {
      this.show(this.found);
    }
  }

  /** Checks the text that is shown. */
  private check(): void {
    clearTimeout(this.waiting);
    this.checkOld();
    const from = performance.now();
    const diagnostics = this.find(this.editor.text);
    this.editor.mark(diagnostics);
    this.show({ diagnostics, took: performance.now() - from });
  }

  /** Shows what was found, at once; the results follow when there is time. */
  private show({ diagnostics, took }: Found): void {
    const { text } = this.editor;
    this.errors = diagnostics.filter(({ severity }) => severity === "error").length;
    this.tree = Tree.parse(text);
    this.form?.update(this.tree, diagnostics);
    this.problems.show(diagnostics, took);
    setText(byId("form-note"), this.note(text));
    this.refresh();
  }

  private find(text: string): Diagnostic[] {
    // A GET has no body: nothing to check until an answer is pasted.
    if (text.trim() === "" && !["payload", "credentials", "nothing"].includes(this.buffer)) {
      return [];
    }
    const options: CheckOptions = { operation: this.operation.name };
    if (this.operation.name === "delete") {
      options.autoBootstrap = this.automatic;
    }
    if (this.operation.changes === true && this.old?.valid === true) {
      options.old = this.old.document;
    }
    return this.document(text)
      .check(options)
      .files.flatMap((file) => file.diagnostics);
  }

  private document(text: string): Document {
    const { language } = this;
    if (this.read?.text !== text || this.read.language !== language) {
      this.read?.document.free();
      // As JSON it has to be JSON; YAML may be either.
      const document = Document.parse(text, language === "json" ? { syntax: "json" } : {});
      this.read = { text, language, document };
    }
    return this.read.document;
  }

  private checkOld(): void {
    const { text } = this.oldEditor;
    if (this.operation.changes !== true || text.trim() === "") {
      this.old?.document.free();
      this.old = undefined;
      this.oldEditor.mark([]);
      return;
    }
    if (this.old?.text === text) {
      return;
    }
    this.old?.document.free();
    const document = Document.parse(text);
    // What an update may start from is told by trying: the old payload against itself.
    try {
      document.check({ operation: this.operation.name, old: document });
      this.old = { text, document, valid: true };
      this.oldEditor.mark([]);
    } catch (error) {
      if (!(error instanceof BootshiftError)) {
        throw error;
      }
      this.old = { text, document, valid: false };
      this.oldEditor.mark(error.diagnostics);
    }
  }

  private get form(): Form | undefined {
    const { buffer } = this;
    return buffer === "payload" || buffer === "credentials" ? this.forms[buffer] : undefined;
  }

  private note(text: string): string {
    if (this.form === undefined) {
      return "";
    }
    if (this.tree === undefined) {
      return text.length > LONG ? "too long for the form" : "waits until the text can be read";
    }
    return this.tree.documents > 1 ? "shows the first document" : "";
  }

  private goTo(diagnostic: Diagnostic): void {
    this.form?.reveal(diagnostic, this.tree);
    this.panes.show("editor");
    this.editor.goTo(diagnostic.start.offset, diagnostic.end.offset);
  }

  // The operation.

  private choose(name: string, navigate = true): void {
    const operation = operationNamed(name);
    if (operation === undefined || operation === this.operation) {
      return;
    }
    this.leaveBuffer();
    const before = this.tree;
    this.operation = operation;
    if (navigate) {
      this.address("push");
    }
    this.enterBuffer(before);
  }

  private leaveBuffer(): void {
    this.buffers.set(this.buffer, { state: this.editor.save(), language: this.language });
  }

  /** Shows the text that belongs to the operation; a DELETE's first one has the payload's account. */
  private enterBuffer(before?: Tree): void {
    const saved = this.buffers.get(this.buffer);
    if (saved !== undefined) {
      this.language = saved.language;
      this.editor.restore(saved.state);
    } else {
      this.editor.start(this.beginning(before), this.language);
    }
    this.arrange();
    this.check();
  }

  /** The text to begin with. */
  private beginning(before?: Tree): string {
    const defaults = (name: Operation): Record<string, Value> => {
      const given = schema(name).default;
      return isObject(given) ? given : {};
    };
    if (this.buffer === "payload") {
      const value = defaults("create");
      // The host is everybody's own: the one thing to be filled in first.
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
      return write("authenticationType" in account ? account : defaults("delete"), this.language);
    }
    return "";
  }

  /** Shows what goes with the operation. */
  private arrange(): void {
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
      buffer === "nothing"
        ? "The DELETE of an integration that was set up by hand has no body."
        : "This operation has no body. To check an answer, paste it into the editor.",
    );
    byId("form-delete").hidden = this.operation.name !== "delete";
    for (const input of byId("form-delete").querySelectorAll("input")) {
      input.checked = (input.value === "automatic") === this.automatic;
    }
    const kind = ["payload", "credentials", "nothing"].includes(buffer) ? "payload" : "answer";
    setText(byId("file-name"), `${buffer === "credentials" ? "credentials" : kind}.${this.language}`);
    for (const input of byId("language").querySelectorAll("input")) {
      input.checked = input.value === this.language;
    }
  }

  // The parts of the page.

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
      this.choose(picker.value);
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
                this.open(example[this.language], this.language, `Opened the example "${example.title}"`);
              });
              return button;
            }),
          ),
        ),
      );
    });
    byId("reset").addEventListener("click", () => {
      this.travel(() => {
        this.results.reset();
        this.forms.payload.forget();
        this.forms.credentials.forget();
        this.oldEditor.start("", "yaml");
        this.converted = undefined;
        this.buffers.clear();
        this.language = "yaml";
        this.editor.start(this.beginning(), "yaml");
      });
      this.arrange();
      this.check();
      this.say("Started afresh");
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
        panel.replaceChildren(h("p", {}, "There is no link to text that cannot be read: fix it first."));
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
            this.say("Copied the link");
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
          { class: "quiet" },
          "The link holds the payload itself, in the part that browsers keep to themselves. Left out: passwords (",
          h("code", {}, "${NAME}"),
          " takes their place), comments, and keys that the schema does not know.",
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
    byId("copy-payload").addEventListener("click", () => {
      navigator.clipboard.writeText(this.editor.text).then(
        () => {
          this.say("Copied the text");
        },
        () => {
          this.say("The browser does not allow copying; select the text instead");
        },
      );
    });
    byId("download-payload").addEventListener("click", () => {
      download(byId("file-name").textContent, this.editor.text, "text/plain");
    });
  }

  /** A DELETE depends on how the integration was made, which no text says. */
  private buildDelete(): void {
    const inputs = ([true, false] as const).map((automatic) => {
      const input = h("input", { type: "radio", name: "made", value: automatic ? "automatic" : "manual" });
      input.addEventListener("change", () => {
        this.leaveBuffer();
        this.automatic = automatic;
        this.enterBuffer();
      });
      return h("label", {}, input, h("span", {}, automatic ? "by Immuta" : "by hand"));
    });
    const label = h("span", { class: "label", id: "made" }, "Set up");
    byId("form").prepend(
      h(
        "fieldset",
        { id: "form-delete", hidden: true },
        h("legend", {}, "Integration"),
        h(
          "div",
          { class: "field" },
          label,
          h("div", { class: "choice", role: "radiogroup", "aria-labelledby": "made" }, ...inputs),
          h("div", { class: "errors" }),
        ),
      ),
    );
    byId("form").append(h("p", { class: "empty", id: "form-none", hidden: true }));
  }

  /** YAML becomes JSON and back. What comes back unchanged is the same text as before, comments and all. */
  private convert(language: Language): void {
    const { text } = this.editor;
    const tree = Tree.parse(text);
    if (tree === undefined || tree.documents > 1) {
      this.say("Text that cannot be read as one document cannot be turned into another language");
      this.arrange();
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
    this.arrange();
    this.check();
  }

  // Opening files.

  private acceptFiles(): void {
    const picker = byId("file") as HTMLInputElement;
    let target: "new" | "old" = "new";
    const pick = (which: "new" | "old") => () => {
      target = which;
      picker.value = "";
      picker.click();
    };
    byId("open").addEventListener("click", pick("new"));
    byId("open-old").addEventListener("click", pick("old"));
    picker.addEventListener("change", () => {
      const [file] = picker.files ?? [];
      if (file !== undefined) {
        void this.openFile(file, target);
      }
    });
    const drop = byId("drop");
    const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    // Before the editor sees it, which would insert the file where it falls.
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
    if (file.size > LARGEST_FILE) {
      this.say(`${file.name} is larger than 16 MiB`);
      return;
    }
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      this.say(`${file.name} cannot be read as UTF-8 text`);
      return;
    }
    const language = file.name.toLowerCase().endsWith(".json") ? "json" : "yaml";
    if (target === "old") {
      this.oldEditor.replace(text, language);
      this.check();
      this.say(`Opened ${file.name} as the old payload`);
    } else {
      this.open(text, language, `Opened ${file.name}`);
    }
  }

  /** Opens a text, and the operation that it is for if it is not for the one chosen. */
  private open(text: string, language: Language, message: string): void {
    const detected = text.length > LONG ? undefined : check(text).files[0]?.operation;
    const operation = operationNamed(detected ?? this.operation.name);
    this.travel(() => {
      this.converted = undefined;
      if (operation !== undefined && operation.body !== this.operation.body) {
        this.leaveBuffer();
        this.operation = operation;
      }
      if (operation?.body === "credentials") {
        this.automatic = true;
      }
      this.language = language;
      this.editor.start(text, language);
    });
    this.arrange();
    this.check();
    this.say(message);
  }

  // The address and the history.

  private link(): string | undefined {
    const { buffer, model } = this;
    let data = "";
    if (buffer === "payload" || buffer === "credentials") {
      if (this.tree === undefined || this.tree.documents > 1) {
        return undefined;
      }
      const old = this.old?.valid === true ? Tree.parse(this.old.text)?.root : undefined;
      data = `/${pack({
        language: this.language,
        value: withoutSecrets(model, this.tree.root),
        ...(old === undefined ? {} : { old: withoutSecrets(this.forms.payload.model, old) }),
      })}`;
    }
    const { origin, pathname } = location;
    return `${origin}${pathname}#${this.operation.name}/${this.results.tabs.name}${data}`;
  }

  /** Writes operation and tab into the address. A text is known to the page alone, by the entry's number. */
  private address(how: "push" | "replace"): void {
    const hash = `#${this.operation.name}/${this.results.tabs.name}`;
    const [, , data] = location.hash.slice(1).split("/");
    // The payload of a link stays in its entry, so that it can be loaded again.
    const url = how === "replace" && data !== undefined ? `${hash}/${data}` : hash;
    history[how === "push" ? "pushState" : "replaceState"]({ epoch: this.epoch }, "", url);
  }

  /** Puts another text in the place of this one, as a step in the browser's history. */
  private travel(change: () => void): void {
    this.remember();
    change();
    this.epoch = this.nextEpoch();
    this.address("push");
  }

  private remember(): void {
    this.leaveBuffer();
    this.snapshots.set(this.epoch, { buffers: new Map(this.buffers), old: this.oldEditor.text });
  }

  private start(): void {
    this.editor.start(this.beginning(), "yaml");
    this.follow();
    history.replaceState({ epoch: this.epoch }, "");
    window.addEventListener("popstate", (event) => {
      const state: unknown = event.state;
      this.back(isObject(state) && typeof state.epoch === "string" ? state.epoch : undefined);
    });
    // A page that is kept for going back keeps no password.
    window.addEventListener("pagehide", () => {
      this.results.forget();
    });
  }

  /** Follows the browser back or forward. */
  private back(epoch: string | undefined): void {
    if (epoch === this.epoch) {
      this.leaveBuffer();
      this.readAddress();
      this.enterBuffer();
      return;
    }
    this.remember();
    const snapshot = epoch === undefined ? undefined : this.snapshots.get(epoch);
    // A link that was followed in this window is an entry of its own.
    this.epoch = epoch ?? this.nextEpoch();
    history.replaceState({ epoch: this.epoch }, "");
    if (snapshot === undefined) {
      this.follow();
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

  private nextEpoch(): string {
    this.epochs += 1;
    return this.epoch.replace(/\d+$/, String(this.epochs));
  }

  /** Takes operation and tab from the address, and gives what else a link carries. */
  private readAddress(): string | undefined {
    const [name = "", tab = "", data] = location.hash.slice(1).split("/");
    this.operation = operationNamed(name) ?? this.operation;
    if (["scripts", "request", "response", "changes"].includes(tab)) {
      this.results.tabs.choose(tab as ResultTab);
    }
    return data;
  }

  /** Shows what the address says, and the payload of a link. */
  private follow(): void {
    this.leaveBuffer();
    const data = this.readAddress();
    const shared = data === undefined ? undefined : unpack(data);
    if (shared === undefined || shared === "too large") {
      if (data !== undefined) {
        const reason =
          shared === undefined ? "nothing can be read from it" : "it holds more than any payload";
        this.say(`The link is broken: ${reason}`);
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
    this.arrange();
    this.check();
  }

  private say(message: string): void {
    const toast = byId("toast");
    toast.textContent = message;
    toast.classList.add("shown");
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      toast.classList.remove("shown");
    }, 4000);
  }

  private saying: ReturnType<typeof setTimeout> | undefined;
}

function help(name: string): HTMLElement {
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
  const message = error instanceof Error ? error.message : "unknown";
  byId("announcement").classList.remove("hidden-text");
  setText(byId("announcement"), `The page cannot start: ${message}`);
  throw error;
}
