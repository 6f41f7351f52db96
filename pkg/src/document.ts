import type {
  CheckOptions as CoreCheckOptions,
  Credentials,
  Fixed,
  FixOptions as CoreFixOptions,
  HttpRequest,
  Integration,
  Operation,
  ParseOptions,
  Payload,
  RedactOptions,
  Report,
  RequestOptions,
  Script,
  ScriptFile,
  ScriptFilesOptions as CoreScriptFilesOptions,
  ScriptKind,
  ScriptOptions as CoreScriptOptions,
  Syntax,
  TextEdit,
} from "../build/types.js";
import { BootshiftError } from "./error.js";
import { problemOf } from "./input.js";
import { call, type CoreDocument, generation, utf8 } from "./runtime.js";

/** A text in YAML or JSON, or the document as an object. */
export type Input = string | Payload | Credentials | object;

/** A JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** The options of a check. */
export interface CheckOptions extends CoreCheckOptions {
  /** The old payload of an `update`, `script-edit` or `delete`. If `operation` is unspecified, it is `update`. */
  old?: Input | Document | undefined;
}

/** The options of fixes. */
export interface FixOptions extends CoreFixOptions {
  /** The old payload, as for a check. */
  old?: Input | Document | undefined;
}

/** The options of a script. */
export interface ScriptOptions extends CoreScriptOptions {
  /** The old payload of an `edit`. */
  from?: Input | Document | undefined;
}

/** The options of a script as text. */
export interface ScriptFilesOptions extends CoreScriptFilesOptions {
  /** The old payload of an `edit`. */
  from?: Input | Document | undefined;
}

/** An operation with a request. `error` is only a response. */
export type RequestOperation = Exclude<Operation, "error">;

/**
 * A parsed text, to check it and to write scripts and requests without parsing it again. Its memory is in WebAssembly,
 * and is freed when this object is garbage-collected. {@link Document.free} or `using` frees it earlier.
 */
export class Document {
  /** The parsed text; for an object, the result of `JSON.stringify`. */
  readonly text: string;

  /** The text and its options; `undefined` after `free`. */
  #source: { text: string; options: ParseOptions | undefined } | undefined;
  #core: CoreDocument;
  #generation: number;

  private constructor(text: string, options: ParseOptions | undefined) {
    this.text = text;
    this.#source = { text, options };
    this.#core = parse(text, options);
    this.#generation = generation();
  }

  /**
   * Parses every document in a text, or an object. Syntax errors are part of the report.
   *
   * @throws {@link BootshiftError} if an option is of the wrong type.
   */
  static parse(input: Input, options?: ParseOptions): Document {
    return new Document(textOf(input), ownProperties(options));
  }

  /**
   * Checks every document of the text. Offsets are indices into the JavaScript string (for an object, the result of
   * `JSON.stringify`).
   *
   * @throws {@link BootshiftError} if `options.old` is not a payload, or is not allowed for the operation.
   */
  check(options?: CheckOptions): Report {
    return this.report(options, false);
  }

  /**
   * Checks every document. The options may include those with which the text was parsed.
   *
   * @internal
   */
  report(options: CheckOptions | undefined, withParsing: boolean): Report {
    const coreOptions = ownProperties(options);
    const old = takeOld(coreOptions, "old");
    return JSON.parse(this.#call((core) => core.check(old, coreOptions, withParsing))) as Report;
  }

  /**
   * Writes a script as data: stages of statements, and warnings.
   *
   * @throws {@link BootshiftError} with `diagnostics` if the payload has an error, or a referenced variable is unset
   * or empty.
   */
  script(kind: ScriptKind, options?: ScriptOptions): Script {
    const coreOptions = ownProperties(options);
    const old = takeOld(coreOptions, "from");
    return JSON.parse(this.#call((core) => core.script(kind, old, coreOptions))) as Script;
  }

  /**
   * Writes a script as text: one file per stage, or a single file for `psql` and `data-api`. If there is nothing to
   * do, the result is empty, except for `data-api`: its file then has an empty list of stages.
   *
   * @throws {@link BootshiftError} for the same reasons as {@link Document.script}.
   */
  scriptFiles(kind: ScriptKind, options?: ScriptFilesOptions): ScriptFile[] {
    const coreOptions = ownProperties(options);
    const old = takeOld(coreOptions, "from");
    return this.#call((core) => core.scriptFiles(kind, old, coreOptions) as ScriptFile[]);
  }

  /**
   * Writes the HTTP request of an operation with this payload: as data, or as text if `format` is `curl` or `http`. It
   * contains no secrets: the API key is `$IMMUTA_API_KEY` and the password is `${NAME}`, to be expanded by the shell.
   *
   * @throws {@link BootshiftError} if the payload has an error, or if the URL or the id is invalid.
   */
  request(operation: RequestOperation, options?: RequestOptions & { format?: "json" }): HttpRequest;
  request(operation: RequestOperation, options: RequestOptions & { format: "curl" | "http" }): string;
  request(operation: RequestOperation, options?: RequestOptions): HttpRequest | string;
  request(operation: RequestOperation, options?: RequestOptions): HttpRequest | string {
    const coreOptions = ownProperties(options);
    return parseRequest(
      this.#call((core) => core.request(operation, coreOptions)),
      coreOptions,
    );
  }

  /**
   * Returns the response of `GET /integrations/{id}` for this payload: with defaults, and with secrets redacted.
   *
   * @throws {@link BootshiftError} if the payload has an error.
   */
  redact(options?: RedactOptions): Integration {
    const coreOptions = ownProperties(options);
    return JSON.parse(this.#call((core) => core.redact(coreOptions))) as Integration;
  }

  /**
   * Returns the value at a JSON pointer (RFC 6901) in the first document: `/config/host`, or an empty string for the
   * whole document. Aliases and merge keys are resolved; `.inf` and `.nan` are `null`. Returns `undefined` if there is
   * no value, or if the text cannot be parsed.
   *
   * @throws {@link BootshiftError} if the pointer is invalid.
   */
  get(pointer: string): JsonValue | undefined {
    const value = this.#call((core) => core.get(pointer));
    return value === undefined ? undefined : (JSON.parse(value) as JsonValue);
  }

  /**
   * Returns the edits that set the value at a JSON pointer in the first document. They keep comments, order, quotes and
   * indentation, and create missing parents. A new key is inserted where the schema has it. The edits are in the order
   * of the text and do not overlap; there are none if the value is the same. The document itself does not change.
   *
   * @throws {@link BootshiftError} if the text cannot be edited there, for example because a parent is not an object,
   * or an alias repeats the value. The message says why, and what to do.
   */
  set(pointer: string, value: JsonValue): TextEdit[] {
    const written = jsonOf(value);
    return JSON.parse(this.#call((core) => core.set(pointer, written))) as TextEdit[];
  }

  /**
   * Returns the edits that remove the member at a JSON pointer in the first document, with its lines. There are none if
   * it does not exist.
   *
   * @throws {@link BootshiftError} for the same reasons as {@link Document.set}.
   */
  remove(pointer: string): TextEdit[] {
    return JSON.parse(this.#call((core) => core.remove(pointer))) as TextEdit[];
  }

  /**
   * Applies the safe fixes of the diagnostics, and those that this reveals, until there are none. With `unsafe`, also
   * those that are a guess or remove something. The document itself does not change.
   *
   * @returns The fixed text, and the number of applied fixes: 0 if the text is the same.
   * @throws {@link BootshiftError} for the same reasons as {@link Document.check}.
   */
  fix(options?: FixOptions): Fixed {
    const coreOptions = ownProperties(options);
    const old = takeOld(coreOptions, "old");
    return JSON.parse(this.#call((core) => core.fix(old, coreOptions))) as Fixed;
  }

  /**
   * Returns the first document in another syntax. A text that has this syntax already, or no content, is returned as it
   * is. JSON has no comments, so those of YAML are lost.
   *
   * @throws {@link BootshiftError} if the text cannot be parsed, or has a duplicate key or a number that JSON does not
   * have.
   */
  convert(syntax: Syntax): string {
    return this.#call((core) => core.convert(syntax));
  }

  /** Frees the memory. The document cannot be used afterwards. */
  free(): void {
    // A restart of the WebAssembly has already discarded the memory.
    if (this.#source !== undefined && this.#generation === generation()) {
      this.#core.free();
    }
    this.#source = undefined;
  }

  /** Frees the memory at the end of the block, if the document is declared with `using`. */
  [Symbol.dispose](): void {
    this.free();
  }

  /**
   * Returns another handle to the parsed text, for a call that consumes it.
   *
   * @internal
   */
  share(): CoreDocument {
    return this.#call((core) => core.share());
  }

  #call<T>(run: (core: CoreDocument) => T): T {
    if (this.#source === undefined) {
      throw new BootshiftError({ message: "the document has been freed", diagnostics: [] });
    }
    // A restart of the WebAssembly has discarded the memory, so parse the text again.
    if (this.#generation !== generation()) {
      this.#core = parse(this.#source.text, this.#source.options);
      this.#generation = generation();
    }
    return call(() => run(this.#core));
  }
}

/** Parses a document for a single use. */
export function once<T>(input: Input, options: ParseOptions | undefined, use: (document: Document) => T): T {
  const document = Document.parse(input, options);
  try {
    return use(document);
  } finally {
    document.free();
  }
}

/** Takes the old payload out of the options of a call, and converts it to a handle for the core. */
export function takeOld<Name extends string>(
  options: Partial<Record<Name, Input | Document | undefined>> | undefined,
  name: Name,
): CoreDocument | undefined {
  const old = options?.[name] ?? undefined;
  if (options === undefined || old === undefined) {
    return undefined;
  }
  Reflect.deleteProperty(options, name);
  return old instanceof Document ? old.share() : parse(textOf(old, `\`${name}\``), undefined);
}

const PARSE_OPTIONS = ["syntax", "path", "maxDiagnostics", "maxDocuments", "maxValues"] as const;

/** The options of a check that are about its text. */
export function parsingOf(options: ParseOptions | undefined): ParseOptions | undefined {
  const own = ownProperties(options);
  if (own === undefined) {
    return undefined;
  }
  return Object.fromEntries(PARSE_OPTIONS.map((name) => [name, own[name]]));
}

/** Parses a request, unless its format is text. */
export function parseRequest(written: string, options: RequestOptions | undefined): HttpRequest | string {
  const isText = options?.format === "curl" || options?.format === "http";
  return isText ? written : (JSON.parse(written) as HttpRequest);
}

/**
 * Copies the own properties of an object. Inherited ones are ignored, because `Object.prototype` may be polluted.
 */
export function ownProperties<T extends object>(options: T): T;
export function ownProperties<T extends object>(options: T | undefined): T | undefined;
export function ownProperties<T extends object>(options: T | undefined): T | undefined {
  const value: unknown = options ?? undefined;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) {
    throw new BootshiftError({ message: "options must be an object", diagnostics: [] });
  }
  return value === undefined ? undefined : (Object.assign(Object.create(null), value) as T);
}

/**
 * The text of an input.
 *
 * @param name - What to call the input in an error.
 */
export function textOf(input: Input, name = "the input"): string {
  if (typeof input === "string") {
    return input;
  }
  const problem = problemOf(input);
  if (problem !== undefined) {
    throw new TypeError(`${name} is ${problem}`);
  }
  // A method `toJSON` may return anything.
  const text: unknown = JSON.stringify(input);
  if (typeof text !== "string") {
    throw new TypeError(`${name} has no JSON: pass a text or an object`);
  }
  return text;
}

/** The JSON text of a value to set. */
function jsonOf(value: unknown): string {
  const text: unknown =
    typeof value === "number" && !Number.isFinite(value) ? undefined : JSON.stringify(value);
  if (typeof text !== "string") {
    throw new TypeError("the value must be a JSON value");
  }
  return text;
}

function parse(text: string, options: ParseOptions | undefined): CoreDocument {
  return call((core) => core.Document.parse(utf8(text), options));
}
