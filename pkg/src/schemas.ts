import schemas from "../build/schemas.json" with { type: "json" };
import type { Operation } from "../build/types.js";
import { named } from "./named.js";

export { BootshiftError } from "./error.js";

/** The name of a published JSON Schema: an operation's document, or Bootshift's own JSON. */
export type SchemaName = Operation | "report" | "script";

/** A JSON Schema, draft-07. */
export type JsonSchema = Record<string, unknown>;

/** The names of the JSON Schemas. */
export function schema(): SchemaName[];
/**
 * The JSON Schema of an operation's document, of a report or of a script.
 *
 * @throws {@link BootshiftError} if there is no such schema.
 */
export function schema(name: SchemaName): JsonSchema;
export function schema(name?: SchemaName): SchemaName[] | JsonSchema {
  const files = new Map(Object.entries<string>(schemas.names));
  if (name === undefined) {
    return [...files.keys()] as SchemaName[];
  }
  const file = named("schema", name, files) as keyof typeof schemas.files;
  return structuredClone(schemas.files[file]);
}
