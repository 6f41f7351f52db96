/** The edits of the text that the form makes. */

import { apply, type Edit, type Language, type Path, type Value } from "../document.js";
import { type Content, parse, valueAt } from "../payload/content.js";
import { editor } from "../state/actions.js";
import { analysis } from "../state/analysis.js";
import { type Field, fieldsOf, type Group, met, pointerOf } from "../schema.js";

/** The values that a change of a discriminator removed from the text, so that they can be restored. */
const removed = new Map<string, Value>();

/** Forgets the values that were removed from the text. */
export function forgetRemoved(): void {
  removed.clear();
}

/** Writes the text of a field. An empty optional number is removed. */
export function writeField(field: Field, text: string): void {
  const edits = new EditSequence();
  if (field.kind === "integer" && text === "" && !field.required) {
    edits.remove(field.path);
  } else {
    edits.set(field.path, valueOf(field, text));
  }
  edits.finish();
}

/**
 * Selects an option, removes the properties that the schema then forbids, and adds the ones that it then requires:
 * the value that was removed before, or for a secret the `${NAME}` reference of its example. Other required properties
 * are not added, so that they are reported as missing.
 */
export function selectOption(group: Group, field: Field, value: Value): void {
  const edits = new EditSequence();
  edits.set(field.path, value);
  const conditions = met(group, edits.root).filter(({ key }) => key === field.key);
  for (const key of conditions.flatMap(({ forbidden }) => forbidden)) {
    const path = [...group.path, key];
    const old = valueAt(edits.root, path);
    if (old !== undefined) {
      removed.set(pointerOf(path), old);
      edits.remove(path);
    }
  }
  for (const key of conditions.flatMap(({ required }) => required)) {
    const member = group.members.find((each) => each.key === key);
    if (member === undefined || valueAt(edits.root, member.path) !== undefined) {
      continue;
    }
    const before = removed.get(pointerOf(member.path));
    if (before !== undefined) {
      edits.set(member.path, before);
      continue;
    }
    const fields = member.kind === "group" ? fieldsOf(member) : [member];
    for (const { path, example } of fields.filter(({ secret }) => secret)) {
      edits.set(path, example);
    }
  }
  edits.finish();
}

/** The value of a text in a field. An invalid integer remains a string, so that it is reported. */
function valueOf(field: Field, text: string): Value {
  return field.kind === "integer" && /^-?(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** Edits of the text that are based on each other. If the text is empty, the constants are added first. */
class EditSequence {
  private readonly steps: (readonly Edit[])[] = [];
  private readonly model: Group;
  private readonly language: Language;
  private content: Content | undefined;

  constructor() {
    const { parsed, model } = analysis.value;
    this.model = model;
    this.language = parsed.language;
    this.content = parsed.content;
    if (this.content !== undefined && this.root === undefined) {
      for (const { path, required, options } of fieldsOf(model)) {
        const [constant, ...others] = options;
        if (required && constant !== undefined && others.length === 0) {
          this.set(path, constant);
        }
      }
    }
  }

  get root(): Value | undefined {
    return this.content?.root;
  }

  set(path: Path, value: Value): void {
    this.add(this.content?.set(path, value));
  }

  remove(path: Path): void {
    this.add(this.content?.remove(path));
  }

  /** Applies the edits in the editor, as one undo step. */
  finish(): void {
    editor().edit(this.steps);
  }

  private add(edits: readonly Edit[] | undefined): void {
    if (this.content !== undefined && edits !== undefined && edits.length > 0) {
      this.steps.push(edits);
      const { document, content } = parse(apply(this.content.text, edits), this.language, this.model);
      document.free();
      this.content = content;
    }
  }
}
