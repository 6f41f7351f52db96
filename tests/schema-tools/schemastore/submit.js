// Adds the schema of payloads, its tests and its entry to a checkout of SchemaStore: `node submit.js CHECKOUT`.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const published = fileURLToPath(new URL("../../../schema/", import.meta.url));

/** The name of the schema and of the folders with its tests. */
export const NAME = "immuta-redshift-integration";
const URL_THERE = `https://www.schemastore.org/${NAME}.json`;

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/** Adds the files, and the entry in the order of names. */
export function submit(checkout) {
  mkdirSync(join(checkout, "src/schemas/json"), { recursive: true });
  const { $schema, ...schema } = readJson(join(published, "payload.schema.json"));
  writeJson(join(checkout, "src/schemas/json", `${NAME}.json`), { $id: URL_THERE, $schema, ...schema });
  for (const folder of ["test", "negative_test"]) {
    cpSync(join(here, "src", folder), join(checkout, "src", folder), { recursive: true });
  }
  const path = join(checkout, "src/api/json/catalog.json");
  const catalog = readJson(path);
  const [entry] = readJson(join(published, "catalog.json")).schemas;
  const others = catalog.schemas.filter(({ name }) => name !== entry.name);
  const at = others.findLastIndex(({ name }) => name.localeCompare(entry.name, "en") < 0) + 1;
  catalog.schemas = others.toSpliced(at, 0, { ...entry, url: URL_THERE });
  writeJson(path, catalog);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  submit(process.argv[2]);
}
