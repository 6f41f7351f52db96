/** The sections of a form, derived from the model of a schema. */

import type { Diagnostic } from "bootshift";

import type { Value } from "../payload/text.js";
import { valueAt } from "../payload/text.js";
import { type Group, isShown, type Member, pointerOf } from "../schema.js";

/** Properties of an object under a heading. */
export interface Section {
  title: string;
  /** The object with the properties. */
  owner: Group;
  members: readonly Member[];
  /** Whether the section also shows the diagnostics of the object. */
  isFirst: boolean;
}

/** The sections of a form, in the order of the schema. */
export function sectionsOf(group: Group): Section[] {
  const conditional = new Set(group.conditions.flatMap(({ required }) => required));
  const discriminators = new Set(group.conditions.map(({ key }) => key));
  const dependent = group.members.filter(({ key }) => discriminators.has(key) || conditional.has(key));
  const own = group.members.filter((member) => member.kind !== "group" && !dependent.includes(member));
  const sections: Section[] = [];
  if (own.length > 0) {
    const title = group.path.length === 0 ? "Payload" : group.title;
    sections.push({ title, owner: group, members: own, isFirst: true });
  }
  const [first] = dependent;
  if (first !== undefined) {
    const isOwn = own.length === 0 && group.path.length > 0;
    const title = isOwn ? group.title : first.title.replace(/ type$/, "");
    sections.push({ title, owner: group, members: dependent, isFirst: own.length === 0 });
  }
  for (const member of group.members) {
    if (member.kind === "group" && !dependent.includes(member)) {
      sections.push(...sectionsOf(member));
    }
  }
  return sections;
}

/** All properties, including objects, with the object that has each. */
export function membersOf(group: Group): { owner: Group; member: Member }[] {
  return group.members.flatMap((member) => [
    { owner: group, member },
    ...(member.kind === "group" ? membersOf(member) : []),
  ]);
}

/** The diagnostics by the pointer of the property at which the form shows them; `undefined` for the whole form. */
export function placed(
  model: Group,
  root: Value | undefined,
  diagnostics: readonly Diagnostic[],
): Map<string | undefined, Diagnostic[]> {
  const result = new Map<string | undefined, Diagnostic[]>();
  // More would slow down the form.
  for (const diagnostic of diagnostics.slice(0, 100)) {
    const pointer = placeOf(model, root, diagnostic);
    result.set(pointer, [...(result.get(pointer) ?? []), diagnostic]);
  }
  return result;
}

/** The pointer of the property that shows a diagnostic: that of the value, of the missing property, or of the object. */
export function placeOf(
  model: Group,
  root: Value | undefined,
  { pointer, property }: Diagnostic,
): string | undefined {
  const all = membersOf(model);
  const at = all.find(({ member }) => pointerOf(member.path) === pointer)?.member;
  if (at !== undefined && at.kind !== "group") {
    return pointer;
  }
  const group = at ?? (pointer === "" ? model : undefined);
  const missing = group?.members.find(
    ({ key, path }) => key === property && valueAt(root, path) === undefined,
  );
  if (group !== undefined && missing !== undefined && isShown(group, missing, root)) {
    return pointerOf(missing.path);
  }
  if (at !== undefined) {
    return pointer;
  }
  // An unknown property is shown at its object.
  const parent = pointer.slice(0, Math.max(pointer.lastIndexOf("/"), 0));
  return all.some(({ member }) => member.kind === "group" && pointerOf(member.path) === parent)
    ? parent
    : undefined;
}
