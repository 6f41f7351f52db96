/** The model of a form, derived from a JSON Schema. */

import type { JsonSchema } from "bootshift/schemas";

import { isObject, type Path, type Value, valueAt } from "./payload/text.js";

interface Common {
  path: Path;
  /** The last key of the path. Empty for the root. */
  key: string;
  title: string;
  description: string;
}

/** A property with one value. */
export interface Field extends Common {
  kind: "text" | "integer" | "boolean" | "choice";
  options: readonly string[];
  /** `writeOnly` in the schema: never displayed, stored or shared. */
  secret: boolean;
  /** Whether the property is always required. */
  required: boolean;
  default: Value | undefined;
  /** A value to start from. Empty if there is none. */
  example: string;
}

/** An object with properties. */
export interface Group extends Common {
  kind: "group";
  members: readonly Member[];
  /** The requirements that depend on the value of a property. */
  conditions: readonly Condition[];
}

export type Member = Field | Group;

/** `if` a property has a value, `then` others are required or forbidden. */
interface Condition {
  key: string;
  value: Value;
  required: readonly string[];
  forbidden: readonly string[];
}

/** Creates the model from a schema of objects, strings, integers and booleans. */
export function modelOf(schema: JsonSchema): Group {
  const model = memberOf(schema, schema, [], true);
  if (model.kind !== "group") {
    throw new Error("the schema does not describe an object");
  }
  return model;
}

function memberOf(root: JsonSchema, given: unknown, path: Path, required: boolean): Member {
  const schema = resolve(root, given);
  const common: Common = {
    path,
    key: path.at(-1) ?? "",
    title: text(schema.title),
    description: text(schema.description),
  };
  if (isObject(schema.properties)) {
    const needed = strings(schema.required);
    const members = Object.entries(schema.properties).map(([key, inner]) =>
      memberOf(root, inner, [...path, key], required && needed.includes(key)),
    );
    return { ...common, kind: "group", members, conditions: conditionsOf(root, schema) };
  }
  const options = strings(schema.enum);
  const examples: unknown[] = Array.isArray(schema.examples) ? schema.examples : [];
  const example = examples[0] ?? schema.default;
  return {
    ...common,
    kind:
      options.length > 0
        ? "choice"
        : schema.type === "integer" || schema.type === "boolean"
          ? schema.type
          : "text",
    options,
    secret: schema.writeOnly === true,
    required,
    default: schema.default as Value | undefined,
    example: typeof example === "string" || typeof example === "number" ? String(example) : "",
  };
}

/** The `if`/`then` conditions of a schema, including those in `allOf`. Properties are forbidden by their patterns. */
function conditionsOf(root: JsonSchema, schema: JsonSchema): Condition[] {
  const parts: unknown[] = Array.isArray(schema.allOf) ? schema.allOf : [];
  const names = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  return [schema, ...parts].flatMap((part): Condition[] => {
    const { if: test, then } = resolve(root, part);
    if (!isObject(test) || !isObject(then) || !isObject(test.properties)) {
      return [];
    }
    const patterns = isObject(then.patternProperties) ? Object.entries(then.patternProperties) : [];
    const forbidden = patterns.filter(([, value]) => value === false).map(([pattern]) => new RegExp(pattern));
    return Object.entries(test.properties).flatMap(([key, expected]) =>
      isObject(expected) && expected.const !== undefined
        ? [
            {
              key,
              value: expected.const,
              required: strings(then.required),
              forbidden: names.filter((name) => forbidden.some((pattern) => pattern.test(name))),
            },
          ]
        : [],
    );
  });
}

function resolve(root: JsonSchema, given: unknown): JsonSchema {
  if (!isObject(given)) {
    return {};
  }
  const reference = given.$ref;
  if (typeof reference !== "string") {
    return given;
  }
  let target: unknown = root;
  for (const key of reference.replace(/^#\//, "").split("/")) {
    target = isObject(target) ? target[key] : undefined;
  }
  return resolve(root, target);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The conditions that the values of an object meet. A missing value is the default, or else the first option. */
export function met(group: Group, root: Value | undefined): Condition[] {
  return group.conditions.filter(({ key, value }) => {
    const member = group.members.find((each) => each.key === key);
    const found = valueAt(root, [...group.path, key]);
    const fallback =
      member === undefined || member.kind === "group" ? undefined : (member.default ?? member.options[0]);
    return (found ?? fallback) === value;
  });
}

/** Whether the form shows a property: it exists, or it is allowed. */
export function isShown(group: Group, member: Member, root: Value | undefined): boolean {
  if (!group.conditions.some(({ required }) => required.includes(member.key))) {
    return true;
  }
  return (
    met(group, root).some(({ required }) => required.includes(member.key)) ||
    valueAt(root, member.path) !== undefined
  );
}

/** Every property with one value. */
export function fieldsOf(group: Group): Field[] {
  return group.members.flatMap((member) => (member.kind === "group" ? fieldsOf(member) : [member]));
}

/** The property at a path, or `undefined` if the schema has none. */
export function memberAt(model: Group, path: Path): Member | undefined {
  let found: Member | undefined = model;
  for (const key of path) {
    found = found?.kind === "group" ? found.members.find((member) => member.key === key) : undefined;
  }
  return found;
}

/** The JSON pointer of a path. */
export function pointerOf(path: Path): string {
  return path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The name in `${NAME}`, or `undefined` if the value is not such a reference. */
export function referenceIn(value: unknown): string | undefined {
  return typeof value === "string" ? /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1] : undefined;
}

/**
 * The part of a value that may leave the page: known properties, in the order of the text. A secret is replaced by the
 * `${NAME}` reference of its example, unless it is one. An unknown property may be a misspelled `password`, and a comment may
 * contain an old one.
 */
export function withoutSecrets(model: Group, value: Value | undefined): Record<string, Value> {
  if (!isObject(value)) {
    return {};
  }
  const kept: Record<string, Value> = {};
  for (const [key, inner] of Object.entries(value)) {
    const member = model.members.find((each) => each.key === key);
    if (member?.kind === "group") {
      kept[key] = withoutSecrets(member, inner);
    } else if (member?.secret === true) {
      kept[key] = referenceIn(inner) === undefined ? member.example : inner;
    } else if (member !== undefined && (typeof inner !== "object" || inner === null)) {
      kept[key] = inner;
    }
  }
  return kept;
}
