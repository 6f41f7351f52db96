import type {
  CheckOptions,
  Code,
  Credentials,
  Explanation,
  Finding,
  FileReport,
  HttpRequest,
  InputFile,
  Integration,
  Operation,
  Payload,
  RedactOptions,
  Report,
  RequestOptions,
  Script,
  ScriptFile,
  ScriptFilesOptions,
  ScriptKind,
  ScriptOptions,
} from "../build/types.js";
import { BootshiftError } from "./error.js";
import { toExplanation, toReport } from "./report.js";
import { call, utf8 } from "./runtime.js";

export type * from "../build/types.js";
export { version } from "../build/version.js";
export { BootshiftError } from "./error.js";
export type { Bytes } from "./runtime.js";

/** One mistake, or one thing worth knowing, at its place. It never holds a secret. */
export type Diagnostic = Finding;

/** What was found in one document. */
export type DocumentReport = FileReport;

/** The name of a published JSON Schema: an operation's document, or Bootshift's own JSON. */
export type SchemaName = Operation | "report" | "script";

/** A JSON Schema, draft-07. */
export type JsonSchema = Record<string, unknown>;

/** The text of a document, as YAML or JSON, or the document itself. */
export type Input = string | Payload | Credentials | Record<string, unknown> | readonly unknown[];

/**
 * Checks a text, with every document in it, or an object. Offsets index the JavaScript string: of an object, that
 * of `JSON.stringify`.
 *
 * @throws {@link BootshiftError} if `options.old` is no payload, or goes with another operation.
 */
export function check(input: Input, options?: CheckOptions): Report {
  const text = textOf(input);
  const given = own(options);
  if (given?.old !== undefined) {
    given.old = textOf(given.old);
  }
  return toReport(call((core) => core.check(utf8(text), given)));
}

/**
 * Checks several files, and compares them with each other: two payloads for one host are a conflict.
 *
 * @throws {@link BootshiftError} as {@link check} does.
 */
export function checkFiles(files: readonly InputFile[], options?: CheckOptions): Report {
  const texts = files.map((file) => {
    const { path, text } = own(file);
    return { path, text: textOf(text) };
  });
  const given = own(options);
  if (given?.old !== undefined) {
    given.old = textOf(given.old);
  }
  return toReport(call((core) => core.checkFiles(texts, given)));
}

/**
 * Writes a script as data: stages of statements, and what to know before running them.
 *
 * @throws {@link BootshiftError} with `diagnostics` if the payload has an error, or a variable is not set or empty.
 */
export function script(kind: ScriptKind, input: Input, options?: ScriptOptions): Script {
  const text = textOf(input);
  const given = own(options);
  if (given?.from !== undefined) {
    given.from = textOf(given.from);
  }
  return JSON.parse(call((core) => core.script(kind, text, given))) as Script;
}

/**
 * Writes a script as text: one file a stage, or one file for `psql` and `data-api`. Where there is nothing to do there
 * is no file, but for `data-api`, whose list of stages is empty then.
 *
 * @throws {@link BootshiftError} as {@link script} does.
 */
export function scriptFiles(kind: ScriptKind, input: Input, options?: ScriptFilesOptions): ScriptFile[] {
  const text = textOf(input);
  const given = own(options);
  if (given?.from !== undefined) {
    given.from = textOf(given.from);
  }
  return JSON.parse(call((core) => core.scriptFiles(kind, text, given))) as ScriptFile[];
}

/**
 * Writes the HTTP request of an operation: as data, or with `format` as text. It holds no secret: the API key is
 * `$IMMUTA_API_KEY`, the password `${NAME}`, both for the shell to fill in.
 *
 * @param input - The payload; for `delete` the credentials, or nothing; nothing for `get`, `list` and `status`.
 * @throws {@link BootshiftError} if the payload has an error or is missing, or the URL or the id is no good.
 */
export function request(
  operation: Exclude<Operation, "error">,
  input?: Input,
  options?: RequestOptions & { format?: "json" },
): HttpRequest;
export function request(
  operation: Exclude<Operation, "error">,
  input: Input | undefined,
  options: RequestOptions & { format: "curl" | "http" },
): string;
export function request(operation: Operation, input?: Input, options?: RequestOptions): HttpRequest | string {
  const text = input === undefined ? undefined : textOf(input);
  const given = own(options);
  const written = call((core) => core.request(operation, text, given));
  const isText = given?.format === "curl" || given?.format === "http";
  return isText ? written : (JSON.parse(written) as HttpRequest);
}

/**
 * Shows what `GET /integrations/{id}` would return: defaults filled in, secrets redacted.
 *
 * @throws {@link BootshiftError} if the payload has an error.
 */
export function redact(input: Input, options?: RedactOptions): Integration {
  const text = textOf(input);
  const given = own(options);
  return JSON.parse(call((core) => core.redact(text, given))) as Integration;
}

/** The names of the JSON Schemas. */
export function schema(): SchemaName[];
/** The JSON Schema of an operation's document, of a report or of a script. */
export function schema(name: SchemaName): JsonSchema;
export function schema(name?: SchemaName): SchemaName[] | JsonSchema {
  if (name === undefined) {
    return names(3) as SchemaName[];
  }
  return JSON.parse(call((core) => core.schema(name))) as JsonSchema;
}

/** Explains every code. */
export function explain(): Explanation[];
/** Explains a code: what it means, why it is reported, how to mend it. */
export function explain(code: Code): Explanation;
export function explain(code?: Code): Explanation[] | Explanation {
  if (code === undefined) {
    return (names(1) as Code[]).map((each) => explain(each));
  }
  return toExplanation(call((core) => core.explain(code) as string[]));
}

/** A line of the core's lists of names. */
function names(line: number): string[] {
  const lists = call((core) => core.names()).split("\n");
  return lists[line]?.split(" ") ?? [];
}

/**
 * A copy of what an object has itself. What it inherits is not given: somebody may have added to `Object.prototype`.
 */
function own<T extends object>(given: T): T;
function own<T extends object>(given: T | undefined): T | undefined;
function own<T extends object>(given: T | undefined): T | undefined {
  const value: unknown = given ?? undefined;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) {
    throw new BootshiftError({ message: "options must be an object", diagnostics: [] });
  }
  return value === undefined ? undefined : (Object.assign(Object.create(null), value) as T);
}

function textOf(input: Input): string {
  const text: unknown = typeof input === "string" ? input : JSON.stringify(input);
  if (typeof text !== "string") {
    throw new TypeError("the input must be a text or an object");
  }
  return text;
}
