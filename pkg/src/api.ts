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
  own,
  type RequestOperation,
  type ScriptFilesOptions,
  type ScriptOptions,
  textOf,
  toCore,
  toRequest,
} from "./document.js";
import { call } from "./runtime.js";

export type * from "../build/types.js";
export { version } from "../build/version.js";
export {
  type CheckOptions,
  Document,
  type Input,
  type RequestOperation,
  type ScriptFilesOptions,
  type ScriptOptions,
} from "./document.js";
export { BootshiftError } from "./error.js";
export type { Bytes } from "./runtime.js";

/** One mistake, or one thing worth knowing, at its place. It never holds a secret. */
export type Diagnostic = Finding;

/** What was found in one document. */
export type DocumentReport = FileReport;

/**
 * Checks a text, with every document in it, or an object. Offsets index the JavaScript string: of an object, that
 * of `JSON.stringify`. Of a text that is asked for more, make a {@link Document}: it is read once.
 *
 * @throws {@link BootshiftError} if `options.old` is no payload, or goes with another operation.
 */
export function check(input: Input, options?: CheckOptions & ParseOptions): Report {
  return once(input, options, (document) => document.check(options));
}

/**
 * Checks several files, and compares them with each other: two payloads for one host are a conflict.
 *
 * @throws {@link BootshiftError} as {@link check} does.
 */
export function checkFiles(files: readonly InputFile[], options?: CheckOptions & ParseOptions): Report {
  const texts = files.map((file) => {
    const { path, text } = own(file);
    return { path, text: textOf(text) };
  });
  const given = own(options);
  const old = toCore(given?.old);
  return JSON.parse(call((core) => core.checkFiles(texts, old, given))) as Report;
}

/**
 * Writes a script as data: stages of statements, and what to know before running them.
 *
 * @throws {@link BootshiftError} with `diagnostics` if the payload has an error, or a variable is not set or empty.
 */
export function script(kind: ScriptKind, input: Input, options?: ScriptOptions): Script {
  return once(input, undefined, (document) => document.script(kind, options));
}

/**
 * Writes a script as text: one file a stage, or one file for `psql` and `data-api`. Where there is nothing to do there
 * is no file, but for `data-api`, whose list of stages is empty then.
 *
 * @throws {@link BootshiftError} as {@link script} does.
 */
export function scriptFiles(kind: ScriptKind, input: Input, options?: ScriptFilesOptions): ScriptFile[] {
  return once(input, undefined, (document) => document.scriptFiles(kind, options));
}

/**
 * Writes the HTTP request of an operation: as data, or with `format` as text. It holds no secret: the API key is
 * `$IMMUTA_API_KEY`, the password `${NAME}`, both for the shell to fill in.
 *
 * @param input - The payload; for `delete` the credentials, or nothing; nothing for `get`, `list` and `status`.
 * @throws {@link BootshiftError} if the payload has an error or is missing, or the URL or the id is no good.
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
  const given = own(options);
  return toRequest(
    call((core) => core.request(operation, given)),
    given,
  );
}

/**
 * Shows what `GET /integrations/{id}` would return: defaults filled in, secrets redacted.
 *
 * @throws {@link BootshiftError} if the payload has an error.
 */
export function redact(input: Input, options?: RedactOptions): Integration {
  return once(input, undefined, (document) => document.redact(options));
}
