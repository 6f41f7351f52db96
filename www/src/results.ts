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
import { createElement, render } from "preact";

import { isObject, Tree, type Value } from "./document.js";
import { byId, type Child, download, freshId, h, prose, setText } from "./dom.js";
import type { Syntax } from "./highlight.js";
import { Tabs } from "./layout.js";
import type { OperationInfo } from "./operations.js";
import { fieldsOf, type Group, pointerOf, referenceIn } from "./schema.js";
import { SourceView } from "./source-view/source-view.js";

export type ResultTab = "scripts" | "request" | "response" | "changes";

/** The input for the results. */
export interface Input {
  operation: OperationInfo;
  text: string;
  document: Document;
  tree: Tree | undefined;
  errors: number;
  /** The current payload, before a change, or `undefined`. */
  old: OldPayload | undefined;
  model: Group;
}

/** The current payload, before a change. */
export interface OldPayload {
  text: string;
  document: Document;
  /** Why the change cannot start from it, or `undefined`. */
  error: string | undefined;
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
  private readonly scriptOptions = h("div", { class: "options" });
  private readonly prompts = h("div", { class: "prompts" });
  private readonly message = h("div", { class: "empty" });
  private readonly files = h("div", { class: "files" });
  private readonly all = h("button", { type: "button", class: "small", id: "download-all" }, "Download all");
  private readonly url = field("Immuta URL", "url", "https://your-organization.immuta.example", "url");
  private readonly id = field("Integration ID", "text", "{id}", "id");
  private readonly format = select("Format", { curl: "curl", http: "HTTP" });
  private readonly requestOptions = h("div", { class: "options" });
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
        h("h3", {}, "Current payload"),
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
    this.scriptOptions.append(
      option("database", "Database", { new: "new", existing: "existing" }),
      option("account", "System account", { create: "new", existing: "existing" }),
      option("password", "Password as", { md5: "md5", sha256: "sha256", plain: "plain text" }),
      this.setPassword,
      option("flavor", "Run with", { plain: "any client", psql: "psql", "data-api": "Data API" }),
      h("span", { class: "spacer" }),
      this.all,
    );
    this.panels.scripts.append(this.scriptOptions, this.prompts, this.message, this.files);
  }

  private buildOthers(): void {
    for (const { control } of [this.url, this.id]) {
      control.addEventListener("input", this.host.changed);
    }
    this.format.control.addEventListener("change", this.host.changed);
    this.requestOptions.append(this.url.element, this.id.element, this.format.element);
    this.panels.request.append(this.requestOptions, this.requestError, this.requestView.element);
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
  update(given: Input): void {
    const { operation } = given;
    // The results of an operation without a body do not depend on the response in the editor.
    const isResponse = operation.body !== "payload" && operation.body !== "credentials";
    const input = isResponse ? { ...given, errors: 0 } : given;
    const { errors } = input;
    // The old payload is not dimmed, so that it can be fixed.
    const isStale = errors > 0 && this.shownOperation === operation.name;
    const count = errors === 1 ? "1 error" : `${String(errors)} errors`;
    this.stale.hidden = !isStale;
    setText(this.stale, isStale ? `These results are out of date. Fix ${count} to update them.` : "");
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
      h("p", {}, `Fix ${count} to see ${operation.script === undefined ? "the result" : "the scripts"}.`),
    ];
  }

  private createScripts(input: Input): Outcome {
    const { operation, old } = input;
    const kind = operation.script;
    if (kind === undefined) {
      return { files: [], message: this.noScriptMessage(operation) };
    }
    if (operation.changes && (old === undefined || old.error !== undefined)) {
      const message = [
        old?.error === undefined
          ? h("p", {}, "An edit script requires the current payload. Enter it in the Changes tab.")
          : errorNote(old.error),
        this.link("Go to Changes", () => {
          this.tabs.select("changes");
        }),
      ];
      return { files: [], message };
    }
    try {
      const { files, warnings } = this.writeScripts(kind, input);
      const paragraphs = warnings.map((text) => h("p", { class: "warning-note" }, ...prose(text)));
      if (warnings.length > 0 && kind === "edit" && this.isSameReference(input)) {
        paragraphs.push(h("p", {}, ...prose("On this page, `--set-password` is “Set password: always”.")));
      }
      if (files.length === 0) {
        paragraphs.push(h("p", {}, "Nothing to do: both payloads describe the same state in Redshift."));
      }
      return { files, message: [...this.hint(input), ...paragraphs] };
    } catch (error) {
      return { files: [], message: [errorNote(errorMessage(error))], failed: true };
    }
  }

  /** Writes the files. Statements that contain a password that was not entered yet are left out. */
  private writeScripts(
    kind: ScriptKind,
    input: Input,
  ): { files: Outcome["files"]; warnings: readonly string[] } {
    const names = this.references(input);
    // Without the password of the current payload, the script sets the new one in any case.
    const required = this.references({ ...input, old: undefined });
    const missing = required.filter((name) => !this.passwords.get(name));
    const entered = names.map((name): [string, string] => [name, this.passwords.get(name) ?? ""]);
    const env = Object.fromEntries(entered.filter(([, value]) => value !== ""));
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
    return { files: shown, warnings };
  }

  /** The names of the variables that the secrets refer to. */
  private references({ tree, old, model, operation }: Input): string[] {
    const trees = [tree, operation.changes && old ? Tree.parse(old.text) : undefined];
    const secrets = fieldsOf(model).filter(({ secret }) => secret);
    const names = trees.flatMap((each) => secrets.map(({ path }) => referenceIn(each?.get(path))));
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  /** Whether both payloads of a change refer to the same variable. */
  private isSameReference(input: Input): boolean {
    const [current] = this.references({ ...input, tree: undefined });
    const [next] = this.references({ ...input, old: undefined });
    return this.options.set === "changed" && current !== undefined && current === next;
  }

  private hint({ tree, operation }: Input): Child[] {
    return operation.name === "create" && tree?.get(["autoBootstrap"]) === true
      ? [
          h(
            "p",
            {},
            ...prose(
              "With `autoBootstrap: true`, Immuta sets up Redshift itself. You do not need to run these scripts.",
            ),
          ),
        ]
      : [];
  }

  private noScriptMessage({ name }: OperationInfo): Child[] {
    if (name === "delete") {
      return [
        h("p", {}, "A script requires the full payload. A DELETE has only credentials, or no body."),
        this.link("Switch to script-delete", () => {
          this.host.selectOperation("script-delete");
        }),
      ];
    }
    return [
      h(
        "p",
        {},
        name === "error"
          ? "There are no scripts for an error response."
          : "There are no scripts for a GET, because it changes nothing.",
      ),
    ];
  }

  private link(text: string, action: () => void): HTMLElement {
    return h("button", { type: "button", class: "link", onclick: action }, text);
  }

  private showScripts(outcome: Outcome, input: Input): void {
    this.outcome = outcome;
    this.scriptOptions.hidden = input.operation.script === undefined;
    if (this.setPassword !== undefined) {
      this.setPassword.hidden = input.operation.script !== "edit";
    }
    this.showDatabaseOption(input);
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
      view.show(file.name, file.text, file.name.endsWith(".json") && !file.incomplete ? "json" : "sql", {
        note: stageNote(file.stage),
        incomplete: file.incomplete,
      });
    }
  }

  /** A database that is also the initial database exists already. */
  private showDatabaseOption({ tree }: Input): void {
    const [database, initial] = ["database", "initialDatabase"].map((key) => tree?.get(["config", key]));
    const exists =
      typeof database === "string" &&
      typeof initial === "string" &&
      database.toLowerCase() === initial.toLowerCase();
    const control = this.selects.find(({ dataset }) => dataset.option === "database");
    if (control !== undefined) {
      control.disabled = exists;
      control.value = exists ? "existing" : this.options.database;
    }
  }

  private readonly views: View[] = [];

  /** Shows a field for each password that the script needs and the payload only references. */
  private promptForPasswords({ files, failed }: Outcome, input: Input): void {
    const names = failed || files.some(({ secret }) => secret) ? this.references(input) : [];
    const required = this.references({ ...input, old: undefined });
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
            required.includes(name)
              ? "The scripts need it. It is kept only in memory, and cleared when you leave the page."
              : "Optional: without the current password, the script sets the new one in any case.",
          ),
        );
      }),
    );
  }

  private showRequest({ operation, text, document, errors }: Input, isStale: boolean, count: string): void {
    this.requestOptions.hidden = operation.name === "error";
    this.id.element.hidden = !operation.endpoint.includes("{id}");
    if (operation.name === "error" || (errors > 0 && !isStale)) {
      this.requestError.textContent = "";
      this.requestView.clear(
        operation.name === "error"
          ? "There is no request for an error response."
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
          ? "A DELETE returns a status. To check it, select the operation `status`, and paste the response into the editor."
          : "To check a response, paste it into the editor.";
      this.responseMessage.replaceChildren(h("p", {}, ...prose(text)));
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
    this.changesMessage.hidden = isChange && old !== undefined && old.error === undefined;
    if (!isChange) {
      this.changesMessage.replaceChildren(
        h("p", {}, ...prose("Only `update` and `script-edit` change a current payload into a new one.")),
        this.link("Switch to update", () => {
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
          "Enter the current payload below, or open it from a file. You can also copy it from the editor, and then edit the payload there.",
        ),
      );
    } else if (old.error !== undefined) {
      this.changesMessage.replaceChildren(errorNote(old.error));
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
      const cell = (value: string | undefined, kind: string): HTMLElement => {
        if (value === undefined) {
          return h("td", { class: "muted" }, "not set");
        }
        // An unknown property may be a misspelled secret.
        const isSecret = !known.has(pointer) || (secrets.has(pointer) && referenceIn(value) === undefined);
        return h("td", {}, h("code", { class: kind }, isSecret ? "<REDACTED>" : value));
      };
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
        h("th", { scope: "col" }, "Property"),
        h("th", { scope: "col" }, "Current"),
        h("th", { scope: "col" }, "New"),
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
        ? `-- ${summary}\n-- Enter the password ${variables} above to see this statement.\n`
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

function errorNote(message: string): HTMLElement {
  return h("p", { class: "error-note" }, ...prose(message));
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
  private readonly code = h("div");
  private readonly empty = h("p", { class: "empty" });
  private readonly buttons: HTMLButtonElement[];
  private readonly head: HTMLElement;
  private name = "";
  private text = "";
  private readonly placeHead = (place: HTMLElement | null): void => {
    place?.append(this.head);
  };

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
    this.head = h("div", { class: "file-head" }, this.heading, this.note, copy, save);
    this.element = h("section", { class: `file ${kind}` }, this.code, this.empty);
  }

  show(name: string, text: string, syntax: Syntax, { note = "", incomplete = false } = {}): void {
    setText(this.heading, name);
    setText(this.note, note);
    this.name = name;
    this.text = text;
    render(
      createElement(SourceView, { label: name, text, syntax }, createElement("div", { ref: this.placeHead })),
      this.code,
    );
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
    render(null, this.code);
    this.empty.textContent = message;
    this.empty.hidden = message === "";
  }
}

function field(label: string, type: string, placeholder: string, kind: string) {
  const id = freshId("option");
  const control = h("input", { id, type, placeholder, autocomplete: "off", spellcheck: "false" });
  return { element: h("div", { class: `option ${kind}` }, h("label", { for: id }, label), control), control };
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
