/**
 * A form that is generated from a JSON Schema.
 *
 * No form library is used, for three reasons. Libraries keep the value and write it anew, but here the text is the
 * source of truth and the form edits it in place. Libraries bring a framework and a validator (rjsf and ajv: 132 KB
 * gzip without React, more than the whole core), and ajv uses `new Function`, which the Content-Security-Policy of the
 * page forbids. And the schemas are simple: objects, strings, integers, booleans, `if`/`then`.
 */

import type { Diagnostic } from "bootshift";

import { apply, type Edit, type Language, type Path, Tree, type Value } from "./document.js";
import { freshId, h, prose, setAttribute } from "./dom.js";
import {
  type Field,
  fieldsOf,
  type Group,
  isShown,
  type Member,
  met,
  modelOf,
  orderIn,
  pointerOf,
  referenceIn,
} from "./schema.js";

/** What the form needs from the page. */
export interface FormHost {
  /** The text and its language. */
  text(): { text: string; language: Language };
  /** Applies edits in order, as one undo step. */
  edit(steps: readonly (readonly Edit[])[]): void;
  /** Goes to the position of a diagnostic. */
  goTo(diagnostic: Diagnostic): void;
}

/** A field or an object of the schema, with its elements. */
interface Row {
  member: Member;
  owner: Group;
  element: HTMLElement;
  errors: HTMLElement;
  /** The elements that are marked as invalid. */
  controls: HTMLElement[];
  show: (value: Value | undefined) => void;
  /** The diagnostics that are shown, as text. */
  rendered: string;
}

export class Form {
  readonly model: Group;
  private readonly rows: Row[] = [];
  private readonly groupRows: Row[] = [];
  private readonly fieldsets: HTMLFieldSetElement[] = [];
  private readonly general: HTMLElement;
  /** The values that a change of a discriminator removed from the text, so that they can be restored. */
  private readonly removed = new Map<string, Value>();

  constructor(
    private readonly element: HTMLElement,
    private readonly help: HTMLElement,
    schema: Parameters<typeof modelOf>[0],
    private readonly host: FormHost,
  ) {
    this.model = modelOf(schema);
    this.general = h("div", { class: "errors general" });
    this.element.replaceChildren(this.general, ...this.groupElements(this.model));
    this.element.onsubmit = (event) => {
      event.preventDefault();
    };
    this.explain(this.model);
  }

  /** Shows the values and the diagnostics. Without a tree the text is invalid, and the form is disabled. */
  update(tree: Tree | undefined, diagnostics: readonly Diagnostic[]): void {
    const isEnabled = tree !== undefined && (tree.isEmpty || tree.isObject);
    for (const fieldset of this.fieldsets) {
      fieldset.disabled = !isEnabled;
    }
    if (isEnabled) {
      for (const row of this.rows) {
        row.element.hidden = !isShown(row.owner, row.member, tree);
        row.show(tree.get(row.member.path));
      }
      for (const row of this.groupRows) {
        row.element.hidden = !isShown(row.owner, row.member, tree);
      }
    }
    this.showDiagnostics(diagnostics, tree);
  }

  /** Scrolls to the field of a diagnostic. Returns whether there is one. */
  reveal(diagnostic: Diagnostic, tree: Tree | undefined): boolean {
    const row = this.rowOf(diagnostic, tree);
    row?.element.scrollIntoView({ block: "nearest" });
    return row !== undefined;
  }

  /** Clears the removed values. */
  clearRemoved(): void {
    this.removed.clear();
  }

  private showDiagnostics(diagnostics: readonly Diagnostic[], tree: Tree | undefined): void {
    const byRow = new Map<Row | undefined, Diagnostic[]>();
    // The form shows only the first document.
    const own = diagnostics.filter(({ start }) => tree === undefined || start.offset <= tree.end);
    for (const diagnostic of own.slice(0, 100)) {
      const row = this.rowOf(diagnostic, tree);
      byRow.set(row, [...(byRow.get(row) ?? []), diagnostic]);
    }
    for (const row of [...this.rows, ...this.groupRows]) {
      const found = byRow.get(row) ?? [];
      const rendered = found
        .map(({ severity, message, help }) => `${severity}\n${message}\n${help ?? ""}`)
        .join();
      if (rendered === row.rendered && row.errors.childElementCount === found.length) {
        // The text is the same, but the positions may have changed.
        this.targets.set(row.errors, found);
        continue;
      }
      row.rendered = rendered;
      this.renderDiagnostics(row.errors, found);
      const isInvalid = found.some(({ severity }) => severity === "error");
      row.element.classList.toggle("invalid", isInvalid);
      for (const control of row.controls) {
        setAttribute(control, "aria-invalid", isInvalid ? "true" : undefined);
      }
    }
    this.renderDiagnostics(this.general, (byRow.get(undefined) ?? []).slice(0, 3));
  }

  private readonly targets = new WeakMap<HTMLElement, readonly Diagnostic[]>();

  private renderDiagnostics(element: HTMLElement, diagnostics: readonly Diagnostic[]): void {
    this.targets.set(element, diagnostics);
    if (element.childElementCount === 0 && diagnostics.length === 0) {
      return;
    }
    element.replaceChildren(
      ...diagnostics.map((diagnostic, index) =>
        // The whole line is clickable. The button is for the keyboard, and its click bubbles up to the line.
        h(
          "p",
          {
            class: `finding ${diagnostic.severity}`,
            onclick: () => {
              const target = this.targets.get(element)?.[index];
              if (target !== undefined) {
                this.host.goTo(target);
              }
            },
          },
          h("span", { class: "hidden-text" }, `${diagnostic.severity}: `),
          ...prose(diagnostic.message),
          " ",
          h("button", { type: "button", "aria-label": "Show in editor" }, "→"),
        ),
      ),
    );
  }

  /** The row of a diagnostic: that of the value or of the missing property. */
  private rowOf({ pointer, property }: Diagnostic, tree: Tree | undefined): Row | undefined {
    const all = [...this.rows, ...this.groupRows];
    const at = all.find(({ member }) => pointerOf(member.path) === pointer);
    if (at !== undefined && at.member.kind !== "group") {
      return at;
    }
    const group = at?.member ?? (pointer === "" ? this.model : undefined);
    if (group?.kind === "group" && tree !== undefined) {
      const missing = group.members.find(({ key, path }) => key === property && tree.get(path) === undefined);
      const row = all.find(({ member }) => member === missing);
      if (row !== undefined && !row.element.hidden) {
        return row;
      }
    }
    if (at !== undefined) {
      return at;
    }
    // An unknown property is shown at its object.
    const parent = pointer.slice(0, Math.max(pointer.lastIndexOf("/"), 0));
    return this.groupRows.find(({ member }) => pointerOf(member.path) === parent);
  }

  private groupElements(group: Group): HTMLElement[] {
    const plain: HTMLElement[] = [];
    const sections: HTMLElement[] = [];
    const conditional = new Set(group.conditions.flatMap(({ required }) => required));
    const discriminators = new Set(group.conditions.map(({ key }) => key));
    const dependent = group.members.filter(({ key }) => discriminators.has(key) || conditional.has(key));
    const own = group.members.filter((member) => member.kind !== "group" && !dependent.includes(member));
    const [first] = dependent;
    if (own.length > 0) {
      plain.push(this.section(group, own, group.path.length === 0 ? "Payload" : group.title, true));
    }
    if (first !== undefined) {
      const isOwn = own.length === 0 && group.path.length > 0;
      const title = isOwn ? group.title : first.title.replace(/ type$/, "");
      sections.push(this.section(group, dependent, title, own.length === 0));
    }
    for (const member of group.members) {
      if (member.kind === "group" && !dependent.includes(member)) {
        sections.push(...this.groupElements(member));
      }
    }
    return [...plain, ...sections];
  }

  /** A section of the form. The first one of an object also shows the diagnostics of the object. */
  private section(group: Group, members: readonly Member[], title: string, isFirst: boolean): HTMLElement {
    const errors = h("div", { class: "errors" });
    const fieldset = h("fieldset", {}, h("legend", {}, title), errors);
    if (isFirst && group.path.length > 0) {
      const owner = this.ownerOf(group);
      this.groupRows.push({
        member: group,
        owner,
        element: fieldset,
        errors,
        controls: [],
        show: () => undefined,
        rendered: "",
      });
    }
    for (const member of members) {
      if (member.kind === "group") {
        fieldset.append(this.section(member, member.members, member.title, true));
      } else {
        fieldset.append(this.row(group, member));
      }
    }
    this.fieldsets.push(fieldset);
    return fieldset;
  }

  private ownerOf(group: Group): Group {
    let owner = this.model;
    for (const key of group.path.slice(0, -1)) {
      const next = owner.members.find((member) => member.key === key);
      owner = next?.kind === "group" ? next : owner;
    }
    return owner;
  }

  private row(owner: Group, field: Field): HTMLElement {
    const errors = h("div", { class: "errors", id: freshId("errors") });
    const { elements, controls, label, show } =
      field.kind === "choice" || (field.kind === "boolean" && field.required)
        ? this.choice(field, errors.id)
        : field.kind === "boolean"
          ? this.toggle(field, errors.id)
          : this.input(field, errors.id);
    const element = h("div", { class: `field of-${field.kind}` }, label, ...elements, errors);
    element.dataset.pointer = pointerOf(field.path);
    for (const event of ["focusin", "pointerenter"]) {
      element.addEventListener(event, () => {
        this.explain(field);
      });
    }
    this.rows.push({ member: field, owner, element, errors, controls, show, rendered: "" });
    return element;
  }

  private input(field: Field, errors: string): Control {
    const id = freshId("field");
    const input = h("input", {
      id,
      type: field.secret ? "password" : "text",
      autocomplete: field.secret ? "new-password" : "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: field.example,
      inputmode: field.kind === "integer" ? "numeric" : false,
      "aria-describedby": `${errors} help`,
      "aria-required": field.required ? "true" : false,
      "data-1p-ignore": field.secret,
    });
    input.addEventListener("input", () => {
      if (field.secret && referenceIn(input.value) === undefined) {
        input.type = "password";
      }
      this.write(field.path, valueOf(field, input.value));
    });
    input.addEventListener("blur", () => {
      this.mask(field, input);
      // An empty optional value is removed.
      if (input.value === "" && !field.required && this.tree()?.get(field.path) === null) {
        this.remove(field.path);
      }
    });
    return {
      label: h("label", { for: id }, field.title),
      elements: [input],
      controls: [input],
      show: (value) => {
        const text = textOf(value);
        if (input.value !== text) {
          input.value = text;
        }
        if (input !== document.activeElement) {
          this.mask(field, input);
        }
      },
    };
  }

  /** Masks a secret, but not a `${NAME}` reference, which is not secret and should be readable. */
  private mask(field: Field, input: HTMLInputElement): void {
    if (field.secret) {
      input.type = referenceIn(input.value) === undefined ? "password" : "text";
    }
  }

  private choice(field: Field, errors: string): Control {
    const name = freshId("choice");
    const options = field.kind === "boolean" ? ["false", "true"] : field.options;
    const inputs = options.map((option) => {
      const input = h("input", { type: "radio", name, value: option, "aria-describedby": `${errors} help` });
      input.addEventListener("change", () => {
        this.selectOption(field, field.kind === "boolean" ? option === "true" : option);
      });
      return input;
    });
    const label = h("span", { class: "label", id: freshId("label") }, field.title);
    const group = h(
      "div",
      { class: "choice", role: "radiogroup", "aria-labelledby": label.id },
      ...inputs.map((input) => h("label", {}, input, h("span", {}, input.value))),
    );
    return {
      label,
      elements: [group],
      controls: [group],
      show: (value) => {
        for (const input of inputs) {
          input.checked = textOf(value) === input.value;
        }
      },
    };
  }

  private toggle(field: Field, errors: string): Control {
    const id = freshId("field");
    const input = h("input", {
      id,
      type: "checkbox",
      role: "switch",
      "aria-describedby": `${errors} help`,
    });
    input.addEventListener("change", () => {
      this.selectOption(field, input.checked);
    });
    return {
      label: h("label", { for: id }, field.title),
      elements: [input],
      controls: [input],
      show: (value) => {
        input.checked = (value ?? field.default) === true;
      },
    };
  }

  private explain({ title, description, path }: Member): void {
    const key = path.join(".");
    const children = [h("strong", {}, title), " ", h("code", {}, key), h("p", {}, ...prose(description))];
    if (key === "") {
      children.splice(0, 3, h("strong", {}, title));
    }
    if (this.help.dataset.of !== pointerOf(path) || this.help.childElementCount === 0) {
      this.help.dataset.of = pointerOf(path);
      this.help.replaceChildren(...children);
    }
  }

  private tree(): Tree | undefined {
    return Tree.parse(this.host.text().text);
  }

  /** Writes a value to the text. Also adds the required constants if the text is empty. */
  private write(path: Path, value: Value): void {
    const steps = new EditSequence(this.host.text(), this.model);
    this.addConstants(steps);
    steps.set(path, value);
    this.host.edit(steps.edits);
  }

  private addConstants(steps: EditSequence): void {
    if (steps.tree?.isEmpty === true) {
      for (const field of fieldsOf(this.model)) {
        if (field.required && field.kind === "choice" && field.options.length === 1) {
          steps.set(field.path, field.options[0] ?? "");
        }
      }
    }
  }

  private remove(path: Path): void {
    const steps = new EditSequence(this.host.text(), this.model);
    steps.remove(path);
    this.host.edit(steps.edits);
  }

  /**
   * Selects an option, removes the properties that the schema then forbids, and adds the ones that it then requires:
   * the value that was removed before, or for a secret the `${NAME}` reference of its example. Other required properties are
   * not added, so that they are reported as missing.
   */
  private selectOption(field: Field, value: Value): void {
    const steps = new EditSequence(this.host.text(), this.model);
    this.addConstants(steps);
    steps.set(field.path, value);
    const group = this.rows.find(({ member }) => member === field)?.owner;
    if (group === undefined || steps.tree === undefined) {
      return;
    }
    const conditions = met(group, steps.tree).filter(({ key }) => key === field.key);
    for (const key of conditions.flatMap(({ forbidden }) => forbidden)) {
      const path = [...group.path, key];
      const old = steps.tree.get(path);
      if (old !== undefined) {
        this.removed.set(pointerOf(path), old);
        steps.remove(path);
      }
    }
    for (const key of conditions.flatMap(({ required }) => required)) {
      const member = group.members.find((each) => each.key === key);
      if (member === undefined || steps.tree.get(member.path) !== undefined) {
        continue;
      }
      const before = this.removed.get(pointerOf(member.path));
      if (before !== undefined) {
        steps.set(member.path, before);
      } else {
        for (const secret of (member.kind === "group" ? fieldsOf(member) : [member]).filter(
          (f) => f.secret,
        )) {
          steps.set(secret.path, secret.example);
        }
      }
    }
    this.host.edit(steps.edits);
  }
}

interface Control {
  label: HTMLElement;
  elements: HTMLElement[];
  controls: HTMLElement[];
  show: (value: Value | undefined) => void;
}

/** The text of a value in a field. Empty for an object. */
function textOf(value: Value | undefined): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      return "";
  }
}

/** The value of a text in a field. An invalid integer remains a string, so that it is reported. */
function valueOf(field: Field, text: string): Value {
  if (field.kind !== "integer") {
    return text;
  }
  if (text === "") {
    return null;
  }
  return /^-?(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** Edits that are based on each other. */
class EditSequence {
  readonly edits: Edit[][] = [];
  tree: Tree | undefined;
  private text: string;
  private readonly language: Language;

  constructor(
    { text, language }: { text: string; language: Language },
    private readonly model: Group,
  ) {
    this.text = text;
    this.language = language;
    this.tree = Tree.parse(text);
  }

  set(path: Path, value: Value): void {
    this.add(this.tree?.set(path, value, this.language, (parent) => orderIn(this.model, parent)));
  }

  remove(path: Path): void {
    this.add(this.tree?.remove(path));
  }

  private add(edits: Edit[] | undefined): void {
    if (edits !== undefined && edits.length > 0) {
      this.edits.push(edits);
      this.text = apply(this.text, edits);
      this.tree = Tree.parse(this.text);
    }
  }
}
