import type {
  CheckOptions as CoreCheckOptions,
  Credentials,
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
} from "../build/types.js";
import { BootshiftError } from "./error.js";
import { call, type CoreDocument, generation, utf8 } from "./runtime.js";

/** A text in YAML or JSON, or the document as an object. */
export type Input = string | Payload | Credentials | Record<string, unknown> | readonly unknown[];

/** The options of a check. */
export interface CheckOptions extends CoreCheckOptions {
  /** The old payload of an `update`, `script-edit` or `delete`. If `operation` is unspecified, it is `update`. */
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
  /** The text and its options; `undefined` after `free`. */
  #source: { text: string; options: ParseOptions | undefined } | undefined;
  #core: CoreDocument;
  #generation: number;

  private constructor(text: string, options: ParseOptions | undefined) {
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
    const coreOptions = ownProperties(options);
    const old = toCore(coreOptions?.old);
    return JSON.parse(this.#call((core) => core.check(old, coreOptions))) as Report;
  }

  /**
   * Writes a script as data: stages of statements, and warnings.
   *
   * @throws {@link BootshiftError} with `diagnostics` if the payload has an error, or a referenced variable is unset
   * or empty.
   */
  script(kind: ScriptKind, options?: ScriptOptions): Script {
    const coreOptions = ownProperties(options);
    const old = toCore(coreOptions?.from);
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
    const old = toCore(coreOptions?.from);
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

/** Converts the old payload of a call to a handle for the core. */
export function toCore(old: Input | Document | undefined): CoreDocument | undefined {
  if (old === undefined) {
    return undefined;
  }
  return old instanceof Document ? old.share() : parse(textOf(old), undefined);
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

export function textOf(input: Input): string {
  const text: unknown = typeof input === "string" ? input : JSON.stringify(input);
  if (typeof text !== "string") {
    throw new TypeError("the input must be a string or an object");
  }
  return text;
}

function parse(text: string, options: ParseOptions | undefined): CoreDocument {
  return call((core) => core.Document.parse(utf8(text), options));
}
