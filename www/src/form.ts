/**
 * The form, grown from a JSON Schema.
 *
 * Own code, for three reasons. The libraries that make forms from schemas keep the value themselves and write it out
 * anew, where here the text is the truth and the form edits it in place. They bring a framework and a validator of
 * their own (rjsf and ajv: 132 KB gzip without React, more than the whole core), and ajv compiles by `new Function`,
 * which the page's policy forbids. And the schema is known: objects, strings, integers, booleans, `if`/`then`.
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

/** What the form asks of the page. */
export interface FormHost {
  /** The text, and what it is written in. */
  text(): { text: string; language: Language };
  /** Makes edits one after the other, as one step to undo. */
  edit(steps: readonly (readonly Edit[])[]): void;
  /** Goes to where a diagnostic points. */
  goTo(diagnostic: Diagnostic): void;
}

/** A field or an object of the schema on the page. */
interface Row {
  member: Member;
  owner: Group;
  element: HTMLElement;
  errors: HTMLElement;
  /** The elements that take the focus, and are marked as invalid. */
  controls: HTMLElement[];
  show: (value: Value | undefined) => void;
  said: string;
}

export class Form {
  readonly model: Group;
  private readonly rows: Row[] = [];
  private readonly groupRows: Row[] = [];
  private readonly fieldsets: HTMLFieldSetElement[] = [];
  private readonly general: HTMLElement;
  /** What a change of a discriminator took out of the text, to be put back; forgotten with the page. */
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

  /** Shows what the text says; without a tree, the text cannot be read, and the form waits. */
  update(tree: Tree | undefined, diagnostics: readonly Diagnostic[]): void {
    const usable = tree !== undefined && (tree.isEmpty || tree.isObject);
    for (const fieldset of this.fieldsets) {
      fieldset.disabled = !usable;
    }
    if (usable) {
      for (const row of this.rows) {
        row.element.hidden = !isShown(row.owner, row.member, tree);
        row.show(tree.get(row.member.path));
      }
      for (const row of this.groupRows) {
        row.element.hidden = !isShown(row.owner, row.member, tree);
      }
    }
    this.place(diagnostics, tree);
  }

  /** Moves the focus to the field that a diagnostic is about; tells whether there is one. */
  reveal(diagnostic: Diagnostic, tree: Tree | undefined): boolean {
    const row = this.rowOf(diagnostic, tree);
    row?.element.scrollIntoView({ block: "nearest" });
    return row !== undefined;
  }

  /** Forgets what changes of the account took out of the text. */
  forget(): void {
    this.removed.clear();
  }

  private place(diagnostics: readonly Diagnostic[], tree: Tree | undefined): void {
    const placed = new Map<Row | undefined, Diagnostic[]>();
    for (const diagnostic of diagnostics.slice(0, 100)) {
      const row = this.rowOf(diagnostic, tree);
      placed.set(row, [...(placed.get(row) ?? []), diagnostic]);
    }
    for (const row of [...this.rows, ...this.groupRows]) {
      const found = placed.get(row) ?? [];
      const said = found
        .map(({ severity, message, help }) => `${severity}\n${message}\n${help ?? ""}`)
        .join();
      if (said === row.said && row.errors.childElementCount === found.length) {
        // The same words may stand at another place by now.
        this.targets.set(row.errors, found);
        continue;
      }
      row.said = said;
      this.say(row.errors, found);
      const isInvalid = found.some(({ severity }) => severity === "error");
      row.element.classList.toggle("invalid", isInvalid);
      for (const control of row.controls) {
        setAttribute(control, "aria-invalid", isInvalid ? "true" : undefined);
      }
    }
    this.say(this.general, (placed.get(undefined) ?? []).slice(0, 3));
  }

  private readonly targets = new WeakMap<HTMLElement, readonly Diagnostic[]>();

  private say(element: HTMLElement, diagnostics: readonly Diagnostic[]): void {
    this.targets.set(element, diagnostics);
    if (element.childElementCount === 0 && diagnostics.length === 0) {
      return;
    }
    element.replaceChildren(
      ...diagnostics.map((diagnostic, index) =>
        // A click anywhere on the line will do; the keyboard takes the button, whose click comes up here.
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
          h("button", { type: "button", "aria-label": "Show it in the editor" }, "→"),
        ),
      ),
    );
  }

  /** The row that a diagnostic is about: the value that it points at, or the one that it says is missing. */
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
    // An unknown key is its object's matter.
    const parent = pointer.slice(0, Math.max(pointer.lastIndexOf("/"), 0));
    return this.groupRows.find(({ member }) => pointerOf(member.path) === parent);
  }

  private groupElements(group: Group): HTMLElement[] {
    const plain: HTMLElement[] = [];
    const sections: HTMLElement[] = [];
    const conditional = new Set(group.conditions.flatMap(({ required }) => required));
    const discriminators = new Set(group.conditions.map(({ key }) => key));
    const asks = group.members.filter(({ key }) => discriminators.has(key) || conditional.has(key));
    const own = group.members.filter((member) => member.kind !== "group" && !asks.includes(member));
    const [first] = asks;
    if (own.length > 0) {
      plain.push(this.section(group, own, group.path.length === 0 ? "Payload" : group.title, true));
    }
    if (first !== undefined) {
      const title = own.length > 0 ? first.title.replace(/ type$/, "") : group.title;
      sections.push(this.section(group, asks, title, own.length === 0));
    }
    for (const member of group.members) {
      if (member.kind === "group" && !asks.includes(member)) {
        sections.push(...this.groupElements(member));
      }
    }
    return [...plain, ...sections];
  }

  /** A part of the form; the first of an object also shows what is wrong with the object. */
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
        said: "",
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
    this.rows.push({ member: field, owner, element, errors, controls, show, said: "" });
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
      // What is optional and empty is better left out.
      if (input.value === "" && !field.required && this.tree()?.get(field.path) === null) {
        this.remove(field.path);
      }
    });
    return {
      label: h("label", { for: id }, field.title),
      elements: [input],
      controls: [input],
      show: (value) => {
        const text = shownAs(value);
        if (input.value !== text) {
          input.value = text;
        }
        if (input !== document.activeElement) {
          this.mask(field, input);
        }
      },
    };
  }

  /** Masks a secret; the name of a variable is none, and easier to get right when it can be read. */
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
        this.choose(field, field.kind === "boolean" ? option === "true" : option);
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
          input.checked = shownAs(value) === input.value;
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
      this.choose(field, input.checked);
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

  /** Writes one value into the text; into an empty one with what every payload begins with. */
  private write(path: Path, value: Value): void {
    const steps = new Steps(this.host.text(), this.model);
    this.begin(steps);
    steps.set(path, value);
    this.host.edit(steps.done);
  }

  private begin(steps: Steps): void {
    if (steps.tree?.isEmpty === true) {
      for (const field of fieldsOf(this.model)) {
        if (field.required && field.kind === "choice" && field.options.length === 1) {
          steps.set(field.path, field.options[0] ?? "");
        }
      }
    }
  }

  private remove(path: Path): void {
    const steps = new Steps(this.host.text(), this.model);
    steps.remove(path);
    this.host.edit(steps.done);
  }

  /**
   * Writes a choice, takes away what the schema forbids next to it, and puts in what it asks for: what was there the
   * last time, else for a secret the reference to a variable. Values that are still to be found are left to be named.
   */
  private choose(field: Field, value: Value): void {
    const steps = new Steps(this.host.text(), this.model);
    this.begin(steps);
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
          steps.set(secret.path, secret.default ?? "");
        }
      }
    }
    this.host.edit(steps.done);
  }
}

interface Control {
  label: HTMLElement;
  elements: HTMLElement[];
  controls: HTMLElement[];
  show: (value: Value | undefined) => void;
}

/** What a field shows of a value; an object has no place in it. */
function shownAs(value: Value | undefined): string {
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

/** What a text in a field stands for. An integer that is none stays text, to be reported as such. */
function valueOf(field: Field, text: string): Value {
  if (field.kind !== "integer") {
    return text;
  }
  if (text === "") {
    return null;
  }
  return /^-?(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** Edits that build on each other. */
class Steps {
  readonly done: Edit[][] = [];
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
    this.take(this.tree?.set(path, value, this.language, (above) => orderIn(this.model, above)));
  }

  remove(path: Path): void {
    this.take(this.tree?.remove(path));
  }

  private take(edits: Edit[] | undefined): void {
    if (edits !== undefined && edits.length > 0) {
      this.done.push(edits);
      this.text = apply(this.text, edits);
      this.tree = Tree.parse(this.text);
    }
  }
}
