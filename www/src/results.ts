/** The results for a payload: scripts, request, response, changes. */

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

/** The input for the results. */
export interface Input {
  operation: OperationInfo;
  text: string;
  document: Document;
  tree: Tree | undefined;
  errors: number;
  /** The old payload of a change, or `undefined`. */
  old: { text: string; document: Document; valid: boolean } | undefined;
  model: Group;
}

/** What the results need from the page. */
export interface ResultsHost {
  /** Called when an option has changed and the results must be updated. */
  changed: () => void;
  tabChanged: (tab: ResultTab) => void;
  copyToOld: () => void;
  showToast: (message: string) => void;
  selectOperation: (operation: "update" | "script-delete") => void;
}

interface Outcome {
  files: readonly (ScriptFile & { stage: Stage | undefined; incomplete: boolean })[];
  message: Child[];
  /** Whether writing the script failed. The cause may be an entered password, so its field must stay visible. */
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
  /** The entered values of the `${NAME}` references. Kept in memory only. */
  private readonly passwords = new Map<string, string>();
  /** The option of an edit script that sets the password even if it is unchanged. */
  private setPassword: HTMLElement | undefined;
  private readonly prompts = h("div", { class: "prompts" });
  private readonly message = h("div", { class: "empty" });
  private readonly files = h("div", { class: "files" });
  private readonly all = h("button", { type: "button", class: "small", id: "download-all" }, "Download all");
  private readonly url = field("Immuta URL", "url", "https://your-organization.immuta.example");
  private readonly id = field("Integration ID", "text", "{id}");
  private readonly format = select("Format", { curl: "curl", http: "HTTP" });
  private readonly requestView: View;
  private readonly requestError = h("p", { class: "finding error", role: "alert" });
  private readonly responseView: View;
  private readonly responseMessage = h("div", { class: "empty" });
  private readonly table = h("div", { class: "changes" });
  private readonly oldPart: HTMLElement;
  private readonly changesMessage = h("div", { class: "empty" });
  private outcome: Outcome = { files: [], message: [] };
  private shownOperation: string | undefined;
  private promptedNames = "";

  constructor(private readonly host: ResultsHost) {
    this.requestView = new View("request", host.showToast);
    this.responseView = new View("response", host.showToast);
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
        h("span", { class: "spacer" }),
        h(
          "button",
          { type: "button", class: "small", id: "copy-to-old", onclick: host.copyToOld },
          "Copy from editor",
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
      // A fixed time, so that the archive is reproducible.
      const zip = zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1) });
      download("bootshift-scripts.zip", new Uint8Array(zip), "application/zip");
    });
    this.setPassword = option("set", "Set password", { changed: "if changed", always: "always" });
    this.panels.scripts.append(
      h(
        "div",
        { class: "options" },
        option("database", "Database", { new: "new", existing: "existing" }),
        option("account", "Account", { create: "new", existing: "existing" }),
        option("password", "Password as", { md5: "md5", sha256: "sha256", plain: "plain text" }),
        this.setPassword,
        option("flavor", "Run with", { plain: "any client", psql: "psql", "data-api": "Data API" }),
        h("span", { class: "spacer" }),
        this.all,
      ),
      this.prompts,
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

  /** Clears the passwords, the options and the fields of the request. */
  reset(): void {
    this.clearPasswords();
    Object.assign(this.options, DEFAULTS);
    for (const control of this.selects) {
      control.selectedIndex = 0;
    }
    this.url.control.value = "";
    this.id.control.value = "";
    this.format.control.selectedIndex = 0;
  }

  /** Clears the passwords. */
  clearPasswords(): void {
    this.passwords.clear();
    this.promptedNames = "";
    this.prompts.replaceChildren();
  }

  private showPanel(): void {
    for (const [name, panel] of Object.entries(this.panels)) {
      panel.hidden = name !== this.tabs.name;
    }
  }

  /** Updates the results. If the payload has errors, the last results remain visible but dimmed. */
  update(input: Input): void {
    const { operation, errors } = input;
    // The old payload is not dimmed, so that it can be fixed.
    const isStale = errors > 0 && this.shownOperation === operation.name;
    const count = errors === 1 ? "1 error" : `${String(errors)} errors`;
    this.stale.hidden = !isStale;
    setText(
      this.stale,
      isStale ? `These results are for the last valid payload. Fix ${count} to update them.` : "",
    );
    byId("result").classList.toggle("stale", isStale);
    for (const button of byId("result").querySelectorAll<HTMLButtonElement>("button.export")) {
      button.disabled = isStale;
    }
    if (errors === 0) {
      this.shownOperation = operation.name;
      this.showScripts(this.createScripts(input), input);
    } else if (isStale) {
      this.all.disabled = true;
    } else {
      this.shownOperation = undefined;
      this.showScripts({ files: [], message: this.invalidMessage(input, count) }, input);
    }
    this.showRequest(input, isStale, count);
    this.showResponse(input, isStale, count);
    this.showChanges(input);
  }

  private invalidMessage({ operation }: Input, count: string): Child[] {
    return [
      h("p", {}, `Fix ${count} to see ${operation.script === undefined ? "the result" : "the script"}.`),
    ];
  }

  private createScripts(input: Input): Outcome {
    const { operation, old } = input;
    const kind = operation.script;
    if (kind === undefined) {
      return { files: [], message: this.noScriptMessage(operation) };
    }
    if (operation.changes && !old?.valid) {
      const message = [
        h("p", {}, "An edit script needs the old payload. Enter it in the Changes tab."),
        this.link("Go to Changes", () => {
          this.tabs.select("changes");
        }),
      ];
      return { files: [], message };
    }
    try {
      const { files, warnings } = this.writeScripts(kind, input);
      const paragraphs = warnings.map((text) => h("p", { class: "warning-note" }, ...prose(text)));
      return { files, message: [...this.hint(input), ...paragraphs] };
    } catch (error) {
      return { files: [], message: [h("p", {}, ...prose(errorMessage(error)))], failed: true };
    }
  }

  /** Writes the files. Statements that contain a password that was not entered yet are left out. */
  private writeScripts(
    kind: ScriptKind,
    input: Input,
  ): { files: Outcome["files"]; warnings: readonly string[] } {
    const names = this.references(input);
    const missing = names.filter((name) => !this.passwords.get(name));
    const env = Object.fromEntries(names.map((name) => [name, this.passwords.get(name) ?? ""]));
    // A statement with this placeholder is never shown. It follows the rules for passwords, so it causes no warnings.
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
    // The password of an existing account is never set.
    if (kind === "edit" && this.options.set === "always" && options.existingUser !== true) {
      options.setPassword = true;
    }
    const flavor = this.options.flavor as Flavor;
    const files = input.document.scriptFiles(kind, { ...options, flavor });
    const { stages, warnings } = input.document.script(kind, options);
    const messages = [...warnings];
    if (stages.length === 0) {
      messages.push("Nothing to do: both payloads describe the same state in Redshift.");
    }
    const isStaged = files.length === stages.length && flavor === "plain";
    const shown = files.map((file, index) => {
      const incomplete = file.secret && missing.length > 0;
      const fileStages = isStaged ? stages.slice(index, index + 1) : stages;
      return {
        ...file,
        text: incomplete ? fileStages.map((stage) => outline(stage, missing)).join("\n") : file.text,
        stage: isStaged ? stages[index] : undefined,
        incomplete,
      };
    });
    return { files: shown, warnings: messages };
  }

  /** The names of the variables that the secrets refer to. */
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
              "With `autoBootstrap: true`, Immuta sets up Redshift itself. This is the equivalent script.",
            ),
          ),
        ]
      : [];
  }

  private noScriptMessage({ name }: OperationInfo): Child[] {
    if (name === "delete") {
      return [
        h("p", {}, "A DELETE has no body, or only credentials. A script needs the full payload."),
        this.link("Go to script-delete", () => {
          this.host.selectOperation("script-delete");
        }),
      ];
    }
    return [
      h(
        "p",
        {},
        name === "error"
          ? "There is no script for a response."
          : "A GET changes nothing, so there is no script.",
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
    this.promptForPasswords(outcome, input);
    this.message.replaceChildren(...outcome.message);
    this.message.hidden = outcome.message.length === 0;
    this.all.disabled = outcome.files.length === 0 || outcome.files.some(({ incomplete }) => incomplete);
    while (this.views.length > outcome.files.length) {
      this.views.pop()?.element.remove();
    }
    for (const [index, file] of outcome.files.entries()) {
      const view = this.views[index] ?? new View("script", this.host.showToast);
      if (this.views[index] === undefined) {
        this.views.push(view);
        this.files.append(view.element);
      }
      view.show(file.name, file.text, file.name.endsWith(".json") ? "json" : "sql", {
        note: stageNote(file.stage),
        incomplete: file.incomplete,
      });
    }
  }

  private readonly views: View[] = [];

  /** Shows a field for each password that the script needs and the payload only references. */
  private promptForPasswords({ files, failed }: Outcome, input: Input): void {
    const names = failed || files.some(({ secret }) => secret) ? this.references(input) : [];
    const joined = names.join(" ");
    if (joined === this.promptedNames) {
      return;
    }
    this.promptedNames = joined;
    this.prompts.replaceChildren(
      ...names.map((name) => {
        const id = freshId("secret");
        const input = h("input", {
          id,
          type: "password",
          autocomplete: "off",
          "data-1p-ignore": true,
          "aria-describedby": `${id}-note`,
        });
        input.value = this.passwords.get(name) ?? "";
        input.addEventListener("input", () => {
          this.passwords.set(name, input.value);
          this.host.changed();
        });
        const clear = h("button", { type: "button", class: "small" }, "Clear");
        clear.addEventListener("click", () => {
          this.passwords.delete(name);
          input.value = "";
          this.host.changed();
        });
        return h(
          "form",
          {
            class: "prompt",
            autocomplete: "off",
            onsubmit: (event) => {
              event.preventDefault();
            },
          },
          h("label", { for: id }, "Password ", h("code", {}, `\${${name}}`)),
          input,
          clear,
          h(
            "p",
            { class: "muted", id: `${id}-note` },
            "Used only for the scripts. It is never stored, and is cleared when you leave the page.",
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
          ? "There is no request for a response."
          : `Fix ${count} to see the request.`,
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
      this.requestError.replaceChildren(...prose(errorMessage(error)));
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
      const text = isPayload
        ? `Fix ${count} to see the response.`
        : operation.name === "delete"
          ? "A DELETE returns a status. To check it, select the operation status, and paste the response into the editor."
          : "To check a response, paste it into the editor.";
      this.responseMessage.replaceChildren(h("p", {}, text));
      return;
    }
    try {
      this.responseView.show("response.json", `${JSON.stringify(document.redact(), null, 2)}\n`, "json", {
        note: "as returned by GET /integrations/{id}",
      });
    } catch (error) {
      this.responseView.clear(errorMessage(error));
    }
  }

  private showChanges({ operation, tree, old, model }: Input): void {
    const isChange = operation.changes === true;
    this.oldPart.hidden = !isChange;
    this.table.hidden = !isChange;
    this.changesMessage.hidden = isChange && old !== undefined;
    if (!isChange) {
      this.changesMessage.replaceChildren(
        h("p", {}, "Only the operations update and script-edit have an old payload to compare with."),
        this.link("Go to update", () => {
          this.host.selectOperation("update");
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
          "Enter the old payload below, or open it from a file. You can also copy it from the editor, and then change the payload there.",
        ),
      );
    }
    this.table.replaceChildren(...(before && tree ? [differences(before, tree, model)] : []));
  }
}

/** Compares the old payload with the new one, value by value. Secrets are hidden: only a difference is shown. */
function differences(before: Tree, after: Tree, model: Group): HTMLElement {
  const old = leaves(before.root);
  const current = leaves(after.root);
  const secrets = new Set(
    fieldsOf(model)
      .filter(({ secret }) => secret)
      .map(({ path }) => pointerOf(path)),
  );
  const known = new Set(fieldsOf(model).map(({ path }) => pointerOf(path)));
  // In the order of the schema, unknown properties last.
  const all = new Set([...known, ...old.keys(), ...current.keys()]);
  const pointers = [...all].filter((pointer) => old.has(pointer) || current.has(pointer));
  const rows = pointers
    .filter((pointer) => old.get(pointer) !== current.get(pointer))
    .map((pointer) => {
      // An unknown property may be a misspelled secret.
      const isHidden = secrets.has(pointer) || !known.has(pointer);
      const cell = (value: string | undefined, kind: string): HTMLElement =>
        value === undefined
          ? h("td", { class: "muted" }, "not set")
          : h("td", {}, isHidden ? h("span", { class: "muted" }, kind) : h("code", { class: kind }, value));
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, h("code", {}, pointer.slice(1).replaceAll("/", "."))),
        cell(old.get(pointer), "old"),
        cell(current.get(pointer), "new"),
      );
    });
  if (rows.length === 0) {
    return h("p", { class: "empty" }, "No changes");
  }
  return h(
    "table",
    {},
    h("caption", { class: "hidden-text" }, "Changed properties"),
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

/** The text of a stage, without the statements that contain a password. */
function outline({ statements }: Stage, names: readonly string[]): string {
  const variables = names.map((name) => `\${${name}}`).join(", ");
  return statements
    .map(({ summary, sql, secret }) =>
      secret
        ? `-- ${summary}: enter the password ${variables} to see this statement\n`
        : `-- ${summary}\n${sql};\n`,
    )
    .join("\n");
}

function stageNote(stage: Stage | undefined): string {
  if (stage === undefined) {
    return "";
  }
  return stage.condition === undefined
    ? `run in ${JSON.stringify(stage.database)}`
    : `run in ${JSON.stringify(stage.database)} if it exists`;
}

function errorMessage(error: unknown): string {
  if (error instanceof BootshiftError) {
    return error.message;
  }
  throw error;
}

/** A read-only text that can be copied and downloaded. */
class View {
  readonly element: HTMLElement;
  private readonly heading = h("h3");
  private readonly note = h("span", { class: "muted" });
  private readonly code = h("pre", { tabindex: "0", role: "region" });
  private readonly empty = h("p", { class: "empty" });
  private readonly buttons: HTMLButtonElement[];
  private readonly head: HTMLElement;
  private name = "";
  private text = "";

  constructor(kind: string, showToast: (message: string) => void) {
    const copy = h("button", { type: "button", class: "small export" }, "Copy");
    copy.addEventListener("click", () => {
      navigator.clipboard.writeText(this.text).then(
        () => {
          showToast(`${this.name} copied`);
        },
        () => {
          showToast("Cannot access the clipboard: select the text and copy it");
        },
      );
    });
    const save = h("button", { type: "button", class: "small export" }, "Download");
    save.addEventListener("click", () => {
      download(this.name, this.text, "text/plain");
    });
    this.buttons = [copy, save];
    this.head = h(
      "div",
      { class: "file-head" },
      this.heading,
      this.note,
      h("span", { class: "spacer" }),
      copy,
      save,
    );
    this.element = h("section", { class: `file ${kind}` }, this.head, this.code, this.empty);
  }

  show(name: string, text: string, syntax: Syntax, { note = "", incomplete = false } = {}): void {
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
    for (const [button, action] of [
      [copy, "Copy"],
      [save, "Download"],
    ] as const) {
      if (button !== undefined) {
        button.disabled = incomplete;
        button.setAttribute("aria-label", `${action} ${name}`);
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
