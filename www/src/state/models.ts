/** The models of the forms, and the texts to start from. */

import type { Operation } from "bootshift";
import { schema } from "bootshift/schemas";

import { isObject, type Language, type Value, write } from "../payload/text.js";
import { fieldsOf, type Group, modelOf } from "../schema.js";
import { valueAt } from "../payload/text.js";
import { type BufferName, fileOf, type TextFile } from "./inputs.js";

/** The models of the two kinds of requests. */
export const models = { payload: modelOf(schema("create")), credentials: modelOf(schema("delete")) };

/** The model of a text. Responses have no form; their secrets are those of a payload. */
export function modelFor(buffer: BufferName): Group {
  return buffer === "credentials" ? models.credentials : models.payload;
}

/** The pointers of the secrets of a model. */
export function secretPaths(model: Group): (readonly string[])[] {
  return fieldsOf(model)
    .filter(({ secret }) => secret)
    .map(({ path }) => path);
}

/** The text to start from. For the credentials of a DELETE, it has the account of the payload. */
export function initialFile(buffer: BufferName, language: Language, payload?: Value): TextFile {
  if (buffer === "payload") {
    const value = example("create");
    // Without the host, which differs for every user.
    const config = isObject(value.config) ? { ...value.config } : {};
    delete config.host;
    return startingWith(write({ ...value, config }, language), language);
  }
  if (buffer === "credentials") {
    const config = valueAt(payload, ["config"]);
    const known = new Set(models.credentials.members.map(({ key }) => key));
    const account = isObject(config)
      ? Object.fromEntries(Object.entries(config).filter(([key]) => known.has(key)))
      : {};
    return startingWith(
      write("authenticationType" in account ? account : example("delete"), language),
      language,
    );
  }
  return startingWith("", language);
}

function startingWith(text: string, language: Language): TextFile {
  return { ...fileOf(text, language), isInitial: true };
}

function example(name: Operation): Record<string, Value> {
  const { examples } = schema(name);
  const value: unknown = Array.isArray(examples) ? examples[0] : undefined;
  return isObject(value) ? value : {};
}
