import type {
  FileReport,
  Finding,
  HttpRequest,
  InputFile,
  Integration,
  ParseOptions,
  RedactOptions,
  Report,
  RequestOptions,
  Script,
  ScriptFile,
  ScriptKind,
} from "../build/types.js";
import {
  type CheckOptions,
  type Input,
  once,
  ownProperties,
  parsingOf,
  type RequestOperation,
  type ScriptFilesOptions,
  type ScriptOptions,
  takeOld,
  textOf,
  parseRequest,
} from "./document.js";
import { call } from "./runtime.js";

export type * from "../build/types.js";
export { version } from "../build/version.js";
export {
  type CheckOptions,
  Document,
  type FixOptions,
  type Input,
  type JsonValue,
  type RequestOperation,
  type ScriptFilesOptions,
  type ScriptOptions,
} from "./document.js";
export { BootshiftError } from "./error.js";
export type { Bytes } from "./runtime.js";

/** An error, a warning or a note, with its position. It never contains a secret. */
export type Diagnostic = Finding;

/** The report on one document. */
export type DocumentReport = FileReport;

/**
 * Checks every document in a text, or an object. Offsets are indices into the JavaScript string (for an object, the
 * result of `JSON.stringify`). To use a text more than once, create a {@link Document}, which parses it only once.
 *
 * @throws {@link BootshiftError} if `options.old` is not a payload, or is not allowed for the operation.
 */
export function check(input: Input, options?: CheckOptions & ParseOptions): Report {
  return once(input, parsingOf(options), (document) => document.report(options, true));
}

/**
 * Checks several files, and compares them with each other: two payloads for the same host are a conflict.
 *
 * @throws {@link BootshiftError} for the same reasons as {@link check}.
 */
export function checkFiles(files: readonly InputFile[], options?: CheckOptions & ParseOptions): Report {
  if (!Array.isArray(files)) {
    throw new TypeError("the files must be an array of objects with `path` and `text`");
  }
  const texts = files.map((file: InputFile) => {
    const { path, text } = ownProperties(file);
    return { path, text: textOf(text, "the text of a file") };
  });
  const coreOptions = ownProperties(options);
  const old = takeOld(coreOptions, "old");
  return JSON.parse(call((core) => core.checkFiles(texts, old, coreOptions))) as Report;
}

/**
 * Writes a script as data: stages of statements, and warnings.
 *
 * @throws {@link BootshiftError} with `diagnostics` if the payload has an error, or a referenced variable is unset or
 * empty.
 */
export function script(kind: ScriptKind, input: Input, options?: ScriptOptions): Script {
  return once(input, undefined, (document) => document.script(kind, options));
}

/**
 * Writes a script as text: one file per stage, or a single file for `psql` and `data-api`. If there is nothing to do,
 * the result is empty, except for `data-api`: its file then has an empty list of stages.
 *
 * @throws {@link BootshiftError} for the same reasons as {@link script}.
 */
export function scriptFiles(kind: ScriptKind, input: Input, options?: ScriptFilesOptions): ScriptFile[] {
  return once(input, undefined, (document) => document.scriptFiles(kind, options));
}

/**
 * Writes the HTTP request of an operation: as data, or as text if `format` is `curl` or `http`. It contains no
 * secrets: the API key is `$IMMUTA_API_KEY` and the password is `${NAME}`, to be expanded by the shell.
 *
 * @param input - The payload, or for `delete` the credentials if it needs any. Omit it for `get`, `list` and `status`.
 * @throws {@link BootshiftError} if the payload is invalid or missing, or if the URL or the id is invalid.
 */
export function request(
  operation: RequestOperation,
  input?: Input,
  options?: RequestOptions & { format?: "json" },
): HttpRequest;
export function request(
  operation: RequestOperation,
  input: Input | undefined,
  options: RequestOptions & { format: "curl" | "http" },
): string;
export function request(
  operation: RequestOperation,
  input?: Input,
  options?: RequestOptions,
): HttpRequest | string {
  if (input !== undefined) {
    return once(input, undefined, (document) => document.request(operation, options));
  }
  const coreOptions = ownProperties(options);
  return parseRequest(
    call((core) => core.request(operation, coreOptions)),
    coreOptions,
  );
}

/**
 * Returns the response of `GET /integrations/{id}` for a payload: with defaults, and with secrets redacted.
 *
 * @throws {@link BootshiftError} if the payload has an error.
 */
export function redact(input: Input, options?: RedactOptions): Integration {
  return once(input, undefined, (document) => document.redact(options));
}
