import {
  autocompletion,
  type Completion,
  type CompletionResult,
  pickedCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

import { type Field, type Group, type Member, memberAt } from "../schema.js";
import { description, plainText } from "./describe.js";
import { type Place, placeAt, type Range } from "./place.js";

/** Completes the keys that the schema allows and the values that it names. */
export function schemaCompletion(model: () => Group | undefined): Extension {
  return autocompletion({
    icons: false,
    override: [
      ({ state, pos, explicit }) => {
        const group = model();
        const place = group === undefined ? undefined : placeAt(state, pos);
        if (group === undefined || place === undefined) {
          return null;
        }
        // An empty line is no reason to open the list.
        if (!explicit && place.kind === "key" && place.from === pos) {
          return null;
        }
        return completionsOf(group, place);
      },
    ],
  });
}

function completionsOf(model: Group, place: Place): CompletionResult | null {
  const found = memberAt(model, place.path);
  const options =
    place.kind === "key"
      ? found?.kind === "group"
        ? allowed(found, place).map((member) => keyCompletion(member, place))
        : []
      : found === undefined || found.kind === "group"
        ? []
        : valuesOf(found).map((value) => valueCompletion(value, found, place));
  return options.length === 0
    ? null
    : {
        from: place.from,
        // In the order of the schema.
        options: options.map((option, index) => ({ ...option, boost: -index })),
        validFor: /^[\w.@${}-]*$/,
      };
}

/** The properties that are not there yet, and that no value of another property forbids. */
function allowed(group: Group, { siblings }: Place): readonly Member[] {
  const forbidden = group.conditions
    .filter(({ key, value }) => siblings.get(key) === plainText(value))
    .flatMap((condition) => condition.forbidden);
  return group.members.filter(({ key }) => !siblings.has(key) && !forbidden.includes(key));
}

function valuesOf(field: Field): readonly string[] {
  if (field.kind === "choice") {
    return field.options;
  }
  if (field.kind === "boolean") {
    return ["true", "false"];
  }
  return field.example === "" ? [] : [field.example];
}

function valueCompletion(value: string, field: Field, place: Place): Completion {
  const isString = field.kind === "choice" || field.kind === "text";
  const text = isString && (place.style === "json" || !isPlain(value)) ? JSON.stringify(value) : value;
  return {
    label: value,
    detail: field.kind === "choice" || field.kind === "boolean" ? "" : "example",
    apply: (view, completion, from, to) => {
      insert(view, completion, place.replaced(from, to), text, text.length);
    },
  };
}

/** Whether YAML reads a string without quotes as this string. */
function isPlain(value: string): boolean {
  return /^[A-Za-z_][\w.@/-]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value);
}

function keyCompletion(member: Member, place: Place): Completion {
  return {
    label: member.key,
    detail: member.title,
    info: () => description(member),
    apply: (view, completion, from, to) => {
      const range = place.replaced(from, to);
      const { before, after } = textsOf(member, place, range, view);
      insert(view, completion, range, before + after, before.length);
      if (!place.hasColon && (member.kind === "group" || valuesOf(member).length > 0)) {
        startCompletion(view);
      }
    },
  };
}

/** The text of a new member, before and after the cursor. */
function textsOf(
  member: Member,
  { style, hasColon }: Place,
  range: Range,
  { state }: EditorView,
): { before: string; after: string } {
  const key = style === "json" ? JSON.stringify(member.key) : member.key;
  if (hasColon) {
    return { before: key, after: "" };
  }
  if (style === "block") {
    const line = state.doc.lineAt(range.from);
    const indent = " ".repeat(range.from - line.from + 2);
    return { before: member.kind === "group" ? `${key}:\n${indent}` : `${key}: `, after: "" };
  }
  const rest = state.sliceDoc(range.to);
  const comma = style === "json" && /^\s*"/.test(rest) ? "," : "";
  if (member.kind === "group") {
    return { before: `${key}: {`, after: `}${comma}` };
  }
  return { before: `${key}: `, after: comma };
}

function insert(
  view: EditorView,
  completion: Completion,
  { from, to }: Range,
  text: string,
  cursor: number,
): void {
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + cursor },
    annotations: pickedCompletion.of(completion),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}
