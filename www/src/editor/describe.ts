import type { Value } from "../payload/text.js";
import { type Child, h, prose } from "../dom.js";
import type { Member } from "../schema.js";

/** The description of a property, for tooltips. */
export function description(member: Member): HTMLElement {
  const lines: Child[][] = [];
  if (member.kind === "choice") {
    lines.push(["Values: ", ...listed(member.options)]);
  } else if (member.kind === "boolean") {
    lines.push(["Values: ", ...listed(["true", "false"])]);
  }
  if (member.kind !== "group" && member.default !== undefined) {
    lines.push(["Default: ", code(plainText(member.default))]);
  } else if (member.kind !== "group" && member.example !== "") {
    lines.push(["Example: ", code(member.example)]);
  }
  return h(
    "div",
    { class: "cm-property" },
    h("strong", {}, member.title),
    " ",
    code(member.key),
    h("p", {}, ...prose(member.description)),
    ...lines.map((line) => h("p", { class: "cm-help" }, ...line)),
  );
}

/** The text of a value, without the quotes of a string. */
export function plainText(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function listed(values: readonly string[]): Child[] {
  return values.flatMap((value, index) => (index === 0 ? [code(value)] : [", ", code(value)]));
}

function code(text: string): HTMLElement {
  return h("code", {}, text);
}
