/** What the payload stands for: scripts, request, response, changes. */

import {
  BootshiftError,
  type Document,
  type Flavor,
  type PasswordForm,
  request,
  type ScriptFile,
  type ScriptKind,
  type ScriptOptions,
  type Stage,
} from "bootshift";
import { strToU8, zipSync } from "fflate";

import { isObject, Tree, type Value } from "./document.js";
import { byId, type Child, download, freshId, h, prose, setText } from "./dom.js";
import { highlighted, type Syntax } from "./highlight.js";
import { Tabs } from "./layout.js";
import type { OperationInfo } from "./operations.js";
import { fieldsOf, type Group, pointerOf, referenceIn } from "./schema.js";

export type ResultTab = "scripts" | "request" | "response" | "changes";

/** What the results are made from. */
export interface Input {
  operation: OperationInfo;
  text: string;
  document: Document;
  tree: Tree | undefined;
  errors: number;
  /** The payload that a change starts from; `undefined` if there is none. */
  old: { text: string; document: Document; valid: boolean } | undefined;
  model: Group;
}

/** What the results ask of the page. */
export interface ResultsHost {
  /** The results need making anew: an option has changed. */
  changed: () => void;
  tabChanged: (tab: ResultTab) => void;
  takeAsOld: () => void;
  say: (message: string) => void;
  choose: (operation: "update" | "script-delete") => void;
}

interface Outcome {
  files: readonly (ScriptFile & { stage: Stage | undefined; held: boolean })[];
  message: Child[];
  /** There are no files for what was typed, perhaps for a password: it can be typed again. */
  failed?: boolean;
}

const DEFAULTS = { database: "new", account: "create", password: "md5", set: "changed", flavor: "plain" };

export class Results {
  readonly tabs: Tabs<ResultTab>;
  readonly oldHost = h("div", { class: "editor old", id: "old-editor" });
  private readonly panels: Record<ResultTab, HTMLElement>;
  private readonly stale = byId("stale");
  private readonly options = { ...DEFAULTS };
  private readonly selects: HTMLSelectElement[] = [];
  /** The passwords that `${NAME}` stands for: asked for, kept here alone, gone with the page. */
  private readonly passwords = new Map<string, string>();
  /** Of an edit: whether it sets the password in any case. */
  private setPassword: HTMLElement | undefined;
  private readonly asks = h("div", { class: "asks" });
  private readonly message = h("div", { class: "empty" });
  private readonly files = h("div", { class: "files" });
  private readonly all = h("button", { type: "button", class: "small", id: "download-all" }, "Download all");
  private readonly url = field("Immuta URL", "url", "https://your-organization.immuta.example");
  private readonly id = field("Integration id", "text", "{id}");
  private readonly format = select("As", { curl: "curl", http: "HTTP" });
  private readonly requestView: View;
  private readonly requestError = h("p", { class: "finding error", role: "alert" });
  private readonly responseView: View;
  private readonly responseMessage = h("div", { class: "empty" });
  private readonly table = h("div", { class: "changes" });
  private readonly oldPart: HTMLElement;
  private readonly changesMessage = h("div", { class: "empty" });
  private outcome: Outcome = { files: [], message: [] };
  private shown: string | undefined;
  private asked = "";

  constructor(private readonly host: ResultsHost) {
    this.requestView = new View("request", host.say);
    this.responseView = new View("response", host.say);
    const panel = (name: string) => h("div", { class: "panel", role: "tabpanel", id: `result-${name}` });
    this.panels = {
      scripts: panel("scripts"),
      request: panel("request"),
      response: panel("response"),
      changes: panel("changes"),
    };
    byId("result").append(...Object.values(this.panels));
    this.tabs = new Tabs<ResultTab>(
      byId("result-tabs"),
      [
        { name: "scripts", label: "Scripts" },
        { name: "request", label: "Request" },
        { name: "response", label: "Response" },
        { name: "changes", label: "Changes" },
      ],
      (name) => this.panels[name],
      (name) => {
        this.showPanel();
        host.tabChanged(name);
      },
    );
    this.oldPart = h(
      "div",
      { class: "old-part" },
      h(
        "div",
        { class: "file-head" },
        h("h3", {}, "Old payload"),
        h("span", { class: "spring" }),
        h(
          "button",
          { type: "button", class: "small", id: "take-old", onclick: host.takeAsOld },
          "Take the present one",
        ),
        h("button", { type: "button", class: "small", id: "open-old" }, "Open…"),
      ),
      this.oldHost,
    );
    this.buildScripts();
    this.buildOthers();
    this.showPanel();
  }

  private buildScripts(): void {
    const option = (
      name: keyof typeof DEFAULTS,
      label: string,
      choices: Record<string, string>,
    ): HTMLElement => {
      const { element, control } = select(label, choices);
      control.dataset.option = name;
      control.addEventListener("change", () => {
        this.options[name] = control.value;
        this.host.changed();
      });
      this.selects.push(control);
      return element;
    };
    this.all.addEventListener("click", () => {
      const entries = this.outcome.files.map(({ name, text }): [string, Uint8Array] => [name, strToU8(text)]);
      // One time for all entries: the same scripts make the same archive.
      const zip = zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1) });
      download("bootshift-scripts.zip", new Uint8Array(zip), "application/zip");
    });
    this.setPassword = option("set", "Set password", { changed: "if it changed", always: "always" });
    this.panels.scripts.append(
      h(
        "div",
        { class: "options" },
        option("database", "Database", { new: "new", existing: "existing" }),
        option("account", "Account", { create: "create", existing: "existing" }),
        option("password", "Password", { md5: "md5", sha256: "sha256", plain: "plain text" }),
        this.setPassword,
        option("flavor", "For", { plain: "any client", psql: "psql", "data-api": "Data API" }),
        h("span", { class: "spring" }),
        this.all,
      ),
      this.asks,
      this.message,
      this.files,
    );
  }

  private buildOthers(): void {
    for (const { control } of [this.url, this.id]) {
      control.addEventListener("input", this.host.changed);
    }
    this.format.control.addEventListener("change", this.host.changed);
    this.panels.request.append(
      h("div", { class: "options" }, this.url.element, this.id.element, this.format.element),
      this.requestError,
      this.requestView.element,
    );
    this.panels.response.append(this.responseMessage, this.responseView.element);
    this.panels.changes.append(this.changesMessage, this.table, this.oldPart);
  }

  /** Forgets passwords, options and what was typed for the request. */
  reset(): void {
    this.forget();
    Object.assign(this.options, DEFAULTS);
    for (const control of this.selects) {
      control.selectedIndex = 0;
    }
    this.url.control.value = "";
    this.id.control.value = "";
    this.format.control.selectedIndex = 0;
  }

  /** Forgets the passwords. */
  forget(): void {
    this.passwords.clear();
    this.asked = "";
    this.asks.replaceChildren();
  }

  private showPanel(): void {
    for (const [name, panel] of Object.entries(this.panels)) {
      panel.hidden = name !== this.tabs.name;
    }
  }

  /** Makes the results anew; with errors the last ones stay, greyed. */
  update(input: Input): void {
    const { operation, errors } = input;
    // The old payload is not greyed: it is there to be fixed.
    const isStale = errors > 0 && this.shown === operation.name;
    const count = errors === 1 ? "1 error" : `${String(errors)} errors`;
    this.stale.hidden = !isStale;
    setText(this.stale, isStale ? `As of the last payload without errors. Fix ${count} to go on.` : "");
    byId("result").classList.toggle("stale", isStale);
    for (const button of byId("result").querySelectorAll<HTMLButtonElement>("button.take")) {
      button.disabled = isStale;
    }
    if (errors === 0) {
      this.shown = operation.name;
      this.showScripts(this.makeScripts(input), input);
    } else if (isStale) {
      this.all.disabled = true;
    } else {
      this.shown = undefined;
      this.showScripts({ files: [], message: this.waiting(input, count) }, input);
    }
    this.showRequest(input, isStale, count);
    this.showResponse(input, isStale, count);
    this.showChanges(input);
  }

  private waiting({ operation }: Input, count: string): Child[] {
    const what = operation.script === undefined ? "There is nothing to show" : "The script appears here";
    return [h("p", {}, `${what} as soon as the payload has no error. It has ${count}.`)];
  }

  private makeScripts(input: Input): Outcome {
    const { operation, old } = input;
    const kind = operation.script;
    if (kind === undefined) {
      return { files: [], message: this.noScript(operation) };
    }
    if (operation.changes && !old?.valid) {
      const message = [
        h("p", {}, "An edit script leads from an old payload to a new one. Put the old one under Changes."),
        this.link("Show Changes", () => {
          this.tabs.choose("changes");
        }),
      ];
      return { files: [], message };
    }
    try {
      const { files, warnings } = this.write(kind, input);
      const cautions = warnings.map((text) => h("p", { class: "caution" }, ...prose(text)));
      return { files, message: [...this.hint(input), ...cautions] };
    } catch (error) {
      return { files: [], message: [h("p", {}, ...prose(reason(error)))], failed: true };
    }
  }

  /** Writes the files; those with a password that is not known yet without the statements that hold it. */
  private write(kind: ScriptKind, input: Input): { files: Outcome["files"]; warnings: readonly string[] } {
    const names = this.references(input);
    const missing = names.filter((name) => !this.passwords.get(name));
    const env = Object.fromEntries(names.map((name) => [name, this.passwords.get(name) ?? ""]));
    // Only what does not hold this stand-in is ever shown. It keeps the rules for passwords: nothing is said of it.
    for (const name of missing) {
      env[name] = `Aa1${crypto.randomUUID()}`;
    }
    const options: ScriptOptions = {
      env,
      password: this.options.password as PasswordForm,
      existingDatabase: this.options.database === "existing",
      existingUser: this.options.account === "existing",
      ...(kind === "edit" && input.old ? { from: input.old.document } : {}),
    };
    // An account that exists keeps its password.
    if (kind === "edit" && this.options.set === "always" && options.existingUser !== true) {
      options.setPassword = true;
    }
    const flavor = this.options.flavor as Flavor;
    const files = input.document.scriptFiles(kind, { ...options, flavor });
    const { stages, warnings } = input.document.script(kind, options);
    const words = [...warnings];
    if (stages.length === 0) {
      words.push("There is nothing to do: the two payloads ask for the same in Redshift.");
    }
    const isStaged = files.length === stages.length && flavor === "plain";
    const shown = files.map((file, index) => {
      const held = file.secret && missing.length > 0;
      const own = isStaged ? stages.slice(index, index + 1) : stages;
      return {
        ...file,
        text: held ? own.map((stage) => outline(stage, missing)).join("\n") : file.text,
        stage: isStaged ? stages[index] : undefined,
        held,
      };
    });
    return { files: shown, warnings: words };
  }

  /** The names of the variables that stand for passwords. */
  private references({ tree, old, model, operation }: Input): string[] {
    const trees = [tree, operation.changes && old ? Tree.parse(old.text) : undefined];
    const secrets = fieldsOf(model).filter(({ secret }) => secret);
    const names = trees.flatMap((each) => secrets.map(({ path }) => referenceIn(each?.get(path))));
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  private hint({ tree, operation }: Input): Child[] {
    return operation.name === "create" && tree?.get(["autoBootstrap"]) === true
      ? [
          h(
            "p",
            {},
            ...prose(
              "With `autoBootstrap: true` Immuta sets Redshift up by itself. This is what Bootshift would run.",
            ),
          ),
        ]
      : [];
  }

  private noScript({ name }: OperationInfo): Child[] {
    if (name === "delete") {
      return [
        h("p", {}, "A DELETE carries credentials at most, and a script needs the whole payload."),
        this.link("Write the removal script with script-delete", () => {
          this.host.choose("script-delete");
        }),
      ];
    }
    return [
      h(
        "p",
        {},
        name === "error" ? "An answer has no script." : "A GET changes nothing, so it has no script.",
      ),
    ];
  }

  private link(text: string, action: () => void): HTMLElement {
    return h("button", { type: "button", class: "link", onclick: action }, text);
  }

  private showScripts(outcome: Outcome, input: Input): void {
    this.outcome = outcome;
    if (this.setPassword !== undefined) {
      this.setPassword.hidden = input.operation.script !== "edit";
    }
    this.ask(outcome, input);
    this.message.replaceChildren(...outcome.message);
    this.message.hidden = outcome.message.length === 0;
    this.all.disabled = outcome.files.length === 0 || outcome.files.some(({ held }) => held);
    while (this.views.length > outcome.files.length) {
      this.views.pop()?.element.remove();
    }
    for (const [index, file] of outcome.files.entries()) {
      const view = this.views[index] ?? new View("script", this.host.say);
      if (this.views[index] === undefined) {
        this.views.push(view);
        this.files.append(view.element);
      }
      view.show(file.name, file.text, file.name.endsWith(".json") ? "json" : "sql", {
        note: place(file.stage),
        held: file.held,
      });
    }
  }

  private readonly views: View[] = [];

  /** Asks for the passwords that the script needs and the payload only names. */
  private ask({ files, failed }: Outcome, input: Input): void {
    const names = failed || files.some(({ secret }) => secret) ? this.references(input) : [];
    const asked = names.join(" ");
    if (asked === this.asked) {
      return;
    }
    this.asked = asked;
    this.asks.replaceChildren(
      ...names.map((name) => {
        const id = freshId("secret");
        const input = h("input", {
          id,
          type: "password",
          autocomplete: "off",
          "data-1p-ignore": true,
          "aria-describedby": `${id}-why`,
        });
        input.value = this.passwords.get(name) ?? "";
        input.addEventListener("input", () => {
          this.passwords.set(name, input.value);
          this.host.changed();
        });
        const forget = h("button", { type: "button", class: "small" }, "Forget");
        forget.addEventListener("click", () => {
          this.passwords.delete(name);
          input.value = "";
          this.host.changed();
        });
        return h(
          "form",
          {
            class: "ask",
            autocomplete: "off",
            onsubmit: (event) => {
              event.preventDefault();
            },
          },
          h("label", { for: id }, "Password ", h("code", {}, `\${${name}}`)),
          input,
          forget,
          h(
            "p",
            { class: "quiet", id: `${id}-why` },
            "For the hash in the script. Never stored; forgotten with the page.",
          ),
        );
      }),
    );
  }

  private showRequest({ operation, text, document, errors }: Input, isStale: boolean, count: string): void {
    this.id.element.hidden = !operation.endpoint.includes("{id}");
    if (operation.name === "error" || (errors > 0 && !isStale)) {
      this.requestError.textContent = "";
      this.requestView.clear(
        operation.name === "error"
          ? "An answer has no request."
          : `The request appears here as soon as the payload has no error. It has ${count}.`,
      );
      return;
    }
    if (isStale) {
      return;
    }
    const format = this.format.control.value === "http" ? "http" : "curl";
    const hasBody = !operation.endpoint.startsWith("GET") && text.trim() !== "";
    const url = this.url.control.value.trim();
    const id = this.id.control.value.trim();
    try {
      const options = { format, ...(url === "" ? {} : { url }), ...(id === "" ? {} : { id }) } as const;
      const written = hasBody
        ? document.request(operation.name, options)
        : request(operation.name, undefined, options);
      this.requestError.textContent = "";
      this.requestView.show(format === "curl" ? "request.sh" : "request.http", written, "text", {
        note: operation.endpoint,
      });
    } catch (error) {
      this.requestError.replaceChildren(...prose(reason(error)));
      this.requestView.clear("");
    }
  }

  private showResponse({ operation, document, errors }: Input, isStale: boolean, count: string): void {
    if (isStale) {
      return;
    }
    const isPayload = operation.body === "payload";
    this.responseMessage.hidden = isPayload && errors === 0;
    if (!isPayload || errors > 0) {
      this.responseView.clear("");
      const why = isPayload
        ? `The answer appears here as soon as the payload has no error. It has ${count}.`
        : operation.name === "delete"
          ? "A DELETE answers with a status: paste it under the operation status to have it checked."
          : "The editor holds the answer: paste it there to have it checked.";
      this.responseMessage.replaceChildren(h("p", {}, why));
      return;
    }
    try {
      this.responseView.show("response.json", `${JSON.stringify(document.redact(), null, 2)}\n`, "json", {
        note: "GET /integrations/{id} afterwards",
      });
    } catch (error) {
      this.responseView.clear(reason(error));
    }
  }

  private showChanges({ operation, tree, old, model }: Input): void {
    const isChange = operation.changes === true;
    this.oldPart.hidden = !isChange;
    this.table.hidden = !isChange;
    this.changesMessage.hidden = isChange && old !== undefined;
    if (!isChange) {
      this.changesMessage.replaceChildren(
        h("p", {}, "Changes lead from an old payload to a new one, for update and script-edit."),
        this.link("Go to update", () => {
          this.host.choose("update");
        }),
      );
      return;
    }
    const before = old === undefined ? undefined : Tree.parse(old.text);
    if (old === undefined) {
      this.changesMessage.replaceChildren(
        h(
          "p",
          {},
          "Put the payload that stands now below: type, paste or open it, or take the one in the editor and then change that.",
        ),
      );
    }
    this.table.replaceChildren(...(before && tree ? [differences(before, tree, model)] : []));
  }
}

/** Old against new, value by value. Of a secret it shows only whether it differs. */
function differences(before: Tree, after: Tree, model: Group): HTMLElement {
  const old = leaves(before.root);
  const now = leaves(after.root);
  const secrets = new Set(
    fieldsOf(model)
      .filter(({ secret }) => secret)
      .map(({ path }) => pointerOf(path)),
  );
  const known = new Set(fieldsOf(model).map(({ path }) => pointerOf(path)));
  // In the order of the schema; what it does not know comes last.
  const all = new Set([...known, ...old.keys(), ...now.keys()]);
  const pointers = [...all].filter((pointer) => old.has(pointer) || now.has(pointer));
  const rows = pointers
    .filter((pointer) => old.get(pointer) !== now.get(pointer))
    .map((pointer) => {
      // The value of a key that nobody knows may be a misspelt secret.
      const isHidden = secrets.has(pointer) || !known.has(pointer);
      const cell = (value: string | undefined, kind: string): HTMLElement =>
        value === undefined
          ? h("td", { class: "quiet" }, "none")
          : h("td", {}, isHidden ? h("span", { class: "quiet" }, kind) : h("code", { class: kind }, value));
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, h("code", {}, pointer.slice(1).replaceAll("/", "."))),
        cell(old.get(pointer), "old"),
        cell(now.get(pointer), "new"),
      );
    });
  if (rows.length === 0) {
    return h("p", { class: "empty" }, "Old and new say the same.");
  }
  return h(
    "table",
    {},
    h("caption", { class: "hidden-text" }, "What changes"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "property"),
        h("th", { scope: "col" }, "old"),
        h("th", { scope: "col" }, "new"),
      ),
    ),
    h("tbody", {}, ...rows),
  );
}

function leaves(
  value: Value | undefined,
  pointer = "",
  found = new Map<string, string>(),
): Map<string, string> {
  if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      leaves(inner, `${pointer}/${key}`, found);
    }
  } else if (value !== undefined) {
    found.set(pointer, typeof value === "string" ? value : JSON.stringify(value));
  }
  return found;
}

/** A stage without the statements that hold a password. */
function outline({ statements }: Stage, names: readonly string[]): string {
  const variables = names.map((name) => `\${${name}}`).join(", ");
  return statements
    .map(({ summary, sql, secret }) =>
      secret ? `-- ${summary}: shown once the password ${variables} is there.\n` : `-- ${summary}\n${sql};\n`,
    )
    .join("\n");
}

function place(stage: Stage | undefined): string {
  if (stage === undefined) {
    return "";
  }
  return stage.condition === undefined
    ? `run in ${JSON.stringify(stage.database)}`
    : `run in ${JSON.stringify(stage.database)} if it is there`;
}

function reason(error: unknown): string {
  if (error instanceof BootshiftError) {
    return error.message;
  }
  throw error;
}

/** A text to read, copy and download. */
class View {
  readonly element: HTMLElement;
  private readonly heading = h("h3");
  private readonly note = h("span", { class: "quiet" });
  private readonly code = h("pre", { tabindex: "0", role: "region" });
  private readonly empty = h("p", { class: "empty" });
  private readonly buttons: HTMLButtonElement[];
  private readonly head: HTMLElement;
  private name = "";
  private text = "";

  constructor(kind: string, say: (message: string) => void) {
    const copy = h("button", { type: "button", class: "small take" }, "Copy");
    copy.addEventListener("click", () => {
      navigator.clipboard.writeText(this.text).then(
        () => {
          say(`Copied ${this.name}`);
        },
        () => {
          say("The browser does not allow copying; select the text instead");
        },
      );
    });
    const save = h("button", { type: "button", class: "small take" }, "Download");
    save.addEventListener("click", () => {
      download(this.name, this.text, "text/plain");
    });
    this.buttons = [copy, save];
    this.head = h(
      "div",
      { class: "file-head" },
      this.heading,
      this.note,
      h("span", { class: "spring" }),
      copy,
      save,
    );
    this.element = h("section", { class: `file ${kind}` }, this.head, this.code, this.empty);
  }

  show(name: string, text: string, syntax: Syntax, { note = "", held = false } = {}): void {
    setText(this.heading, name);
    setText(this.note, note);
    if (this.text !== text || this.name !== name) {
      this.code.replaceChildren(highlighted(text, syntax));
    }
    this.name = name;
    this.text = text;
    this.code.setAttribute("aria-label", name);
    this.code.hidden = false;
    this.head.hidden = false;
    this.empty.hidden = true;
    const [copy, save] = this.buttons;
    for (const [button, verb] of [
      [copy, "Copy"],
      [save, "Download"],
    ] as const) {
      if (button !== undefined) {
        button.disabled = held;
        button.setAttribute("aria-label", `${verb} ${name}`);
      }
    }
  }

  clear(message: string): void {
    this.text = "";
    this.code.replaceChildren();
    this.code.hidden = true;
    this.head.hidden = true;
    this.empty.textContent = message;
    this.empty.hidden = message === "";
  }
}

function field(label: string, type: string, placeholder: string) {
  const id = freshId("option");
  const control = h("input", { id, type, placeholder, autocomplete: "off", spellcheck: "false" });
  return { element: h("div", { class: "option" }, h("label", { for: id }, label), control), control };
}

function select(label: string, choices: Record<string, string>) {
  const id = freshId("option");
  const control = h(
    "select",
    { id },
    ...Object.entries(choices).map(([value, text]) => h("option", { value }, text)),
  );
  return { element: h("div", { class: "option" }, h("label", { for: id }, label), control), control };
}
