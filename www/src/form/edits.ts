/** The edits of the text that the form makes. */

import { parse, type Parsed } from "../payload/content.js";
import { apply, type Edit, type Path, type Value, valueAt } from "../payload/text.js";
import { editor } from "../state/actions.js";
import { analysis } from "../state/analysis.js";
import { messageOf } from "../state/failure.js";
import { removedValues } from "../state/inputs.js";
import { showToast } from "../ui/toast.js";
import { type Field, fieldsOf, type Group, met, pointerOf } from "../schema.js";

/** Writes the text of a field. An empty optional number is removed. */
export function writeField(field: Field, text: string): void {
  edit((edits) => {
    if (field.kind === "integer" && text === "" && !field.required) {
      edits.remove(field.path);
    } else {
      edits.set(field.path, valueOf(field, text));
    }
  });
}

/**
 * Selects an option, removes the properties that the schema then forbids, and adds the ones that it then requires:
 * the value that was removed before, or for a secret the `${NAME}` reference of its example. Other required properties
 * are not added, so that they are reported as missing.
 */
export function selectOption(group: Group, field: Field, value: Value): void {
  edit((edits) => {
    edits.set(field.path, value);
    const conditions = met(group, edits.root).filter(({ key }) => key === field.key);
    for (const key of conditions.flatMap(({ forbidden }) => forbidden)) {
      const path = [...group.path, key];
      const old = valueAt(edits.root, path);
      if (old !== undefined) {
        removedValues.set(pointerOf(path), old);
        edits.remove(path);
      }
    }
    for (const key of conditions.flatMap(({ required }) => required)) {
      const member = group.members.find((each) => each.key === key);
      if (member === undefined || valueAt(edits.root, member.path) !== undefined) {
        continue;
      }
      const before = removedValues.get(pointerOf(member.path));
      if (before !== undefined) {
        edits.set(member.path, before);
        continue;
      }
      const fields = member.kind === "group" ? fieldsOf(member) : [member];
      for (const { path, example } of fields.filter(({ secret }) => secret)) {
        edits.set(path, example);
      }
    }
  });
}

/** The value of a text in a field. An invalid integer remains a string, so that it is reported. */
function valueOf(field: Field, text: string): Value {
  return field.kind === "integer" && /^-?(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** Edits of the text that are based on each other. If the text is empty, the constants are added first. */
class EditSequence {
  private readonly steps: (readonly Edit[])[] = [];
  private readonly opened: Parsed[] = [];
  private current: Parsed = analysis.value.parsed;

  constructor() {
    if (this.current.content !== undefined && this.root === undefined) {
      for (const { path, required, options } of fieldsOf(analysis.value.model)) {
        const [constant, ...others] = options;
        if (required && constant !== undefined && others.length === 0) {
          this.set(path, constant);
        }
      }
    }
  }

  get root(): Value | undefined {
    return this.current.content?.root;
  }

  set(path: Path, value: Value): void {
    this.add(this.current.content?.set(path, value) ?? []);
  }

  remove(path: Path): void {
    this.add(this.current.content?.remove(path) ?? []);
  }

  /** Applies the edits in the editor, as one undo step. */
  finish(): void {
    editor().edit(this.steps);
    for (const { document } of this.opened) {
      document.free();
    }
  }

  private add(edits: readonly Edit[]): void {
    if (edits.length > 0) {
      this.steps.push(edits);
      this.current = parse(apply(this.current.text, edits), this.current.language);
      this.opened.push(this.current);
    }
  }
}

/** Makes edits. Says why if the text cannot be edited in this way. */
function edit(change: (edits: EditSequence) => void): void {
  try {
    const edits = new EditSequence();
    change(edits);
    edits.finish();
  } catch (error) {
    showToast(`Cannot change the text: ${messageOf(error)}`);
  }
}
