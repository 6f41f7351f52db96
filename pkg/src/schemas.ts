import schemas from "../build/schemas.json" with { type: "json" };
import type { Operation } from "../build/types.js";
import { lookUp } from "./lookup.js";

export { BootshiftError } from "./error.js";

/** The name of a JSON Schema: that of an operation, or of Bootshift's own output. */
export type SchemaName = Operation | "report" | "script" | "doctor";

/** A JSON Schema, draft-07. */
export type JsonSchema = Record<string, unknown>;

/** Returns the names of the JSON Schemas. */
export function schema(): SchemaName[];
/**
 * Returns the JSON Schema of an operation's document, or of Bootshift's own output.
 *
 * @throws {@link BootshiftError} if the name is unknown.
 */
export function schema(name: SchemaName): JsonSchema;
export function schema(name?: SchemaName): SchemaName[] | JsonSchema {
  const files = new Map(Object.entries<string>(schemas.names));
  if (name === undefined) {
    return [...files.keys()] as SchemaName[];
  }
  const file = lookUp("schema", name, files) as keyof typeof schemas.files;
  return structuredClone(schemas.files[file]);
}
