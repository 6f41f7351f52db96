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

/** The text of a document, as YAML or JSON, or the document itself. */
export type Input = string | Payload | Credentials | Record<string, unknown> | readonly unknown[];

/** How to check. */
export interface CheckOptions extends CoreCheckOptions {
  /** The payload that an `update`, `script-edit` or `delete` starts from. Without an operation, `update`. */
  old?: Input | Document | undefined;
}

/** How to write a script. */
export interface ScriptOptions extends CoreScriptOptions {
  /** The payload that an `edit` starts from. */
  from?: Input | Document | undefined;
}

/** How to write a script as text. */
export interface ScriptFilesOptions extends CoreScriptFilesOptions {
  /** The payload that an `edit` starts from. */
  from?: Input | Document | undefined;
}

/** An operation that is a request: an error is an answer. */
export type RequestOperation = Exclude<Operation, "error">;

/**
 * A text that has been read, once, for all that is asked of it. It lies in WebAssembly, and is freed with this object;
 * {@link Document.free}, or `using`, frees it earlier.
 */
export class Document {
  /** What was read, and how; nothing once it is freed. */
  #source: { text: string; options: ParseOptions | undefined } | undefined;
  #core: CoreDocument;
  #generation: number;

  private constructor(text: string, options: ParseOptions | undefined) {
    this.#source = { text, options };
    this.#core = parse(text, options);
    this.#generation = generation();
  }

  /**
   * Reads a text, with every document in it, or an object. What is wrong with the text is in the report.
   *
   * @throws {@link BootshiftError} if an option is of the wrong type.
   */
  static parse(input: Input, options?: ParseOptions): Document {
    return new Document(textOf(input), own(options));
  }

  /**
   * Checks every document of the text. Offsets index the JavaScript string: of an object, that of `JSON.stringify`.
   *
   * @throws {@link BootshiftError} if `options.old` is no payload, or goes with another operation.
   */
  check(options?: CheckOptions): Report {
    const given = own(options);
    const old = toCore(given?.old);
    return JSON.parse(this.#call((core) => core.check(old, given))) as Report;
  }

  /**
   * Writes a script as data: stages of statements, and what to know before running them.
   *
   * @throws {@link BootshiftError} with `diagnostics` if the payload has an error, or a variable is not set or empty.
   */
  script(kind: ScriptKind, options?: ScriptOptions): Script {
    const given = own(options);
    const old = toCore(given?.from);
    return JSON.parse(this.#call((core) => core.script(kind, old, given))) as Script;
  }

  /**
   * Writes a script as text: one file a stage, or one file for `psql` and `data-api`. Where there is nothing to do there
   * is no file, but for `data-api`, whose list of stages is empty then.
   *
   * @throws {@link BootshiftError} as {@link Document.script} does.
   */
  scriptFiles(kind: ScriptKind, options?: ScriptFilesOptions): ScriptFile[] {
    const given = own(options);
    const old = toCore(given?.from);
    return this.#call((core) => core.scriptFiles(kind, old, given) as ScriptFile[]);
  }

  /**
   * Writes the HTTP request of an operation that sends this payload: as data, or with `format` as text. It holds no
   * secret: the API key is `$IMMUTA_API_KEY`, the password `${NAME}`, both for the shell to fill in.
   *
   * @throws {@link BootshiftError} if the payload has an error, or the URL or the id is no good.
   */
  request(operation: RequestOperation, options?: RequestOptions & { format?: "json" }): HttpRequest;
  request(operation: RequestOperation, options: RequestOptions & { format: "curl" | "http" }): string;
  request(operation: RequestOperation, options?: RequestOptions): HttpRequest | string;
  request(operation: RequestOperation, options?: RequestOptions): HttpRequest | string {
    const given = own(options);
    return toRequest(
      this.#call((core) => core.request(operation, given)),
      given,
    );
  }

  /**
   * Shows what `GET /integrations/{id}` would return: defaults filled in, secrets redacted.
   *
   * @throws {@link BootshiftError} if the payload has an error.
   */
  redact(options?: RedactOptions): Integration {
    const given = own(options);
    return JSON.parse(this.#call((core) => core.redact(given))) as Integration;
  }

  /** Frees the memory; the document answers no more. */
  free(): void {
    // What was there when Bootshift stopped is gone with its memory.
    if (this.#source !== undefined && this.#generation === generation()) {
      this.#core.free();
    }
    this.#source = undefined;
  }

  /** Frees the memory at the end of a block that declares the document by `using`. */
  [Symbol.dispose](): void {
    this.free();
  }

  /**
   * Another handle of the core's, to be given away.
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
    // What was there when Bootshift stopped is gone with its memory.
    if (this.#generation !== generation()) {
      this.#core = parse(this.#source.text, this.#source.options);
      this.#generation = generation();
    }
    return call(() => run(this.#core));
  }
}

/** A document for one question. */
export function once<T>(input: Input, options: ParseOptions | undefined, ask: (document: Document) => T): T {
  const document = Document.parse(input, options);
  try {
    return ask(document);
  } finally {
    document.free();
  }
}

/** What a call starts from, as the core takes it. */
export function toCore(old: Input | Document | undefined): CoreDocument | undefined {
  if (old === undefined) {
    return undefined;
  }
  return old instanceof Document ? old.share() : parse(textOf(old), undefined);
}

/** Reads a request of the core's. */
export function toRequest(written: string, options: RequestOptions | undefined): HttpRequest | string {
  const isText = options?.format === "curl" || options?.format === "http";
  return isText ? written : (JSON.parse(written) as HttpRequest);
}

/**
 * A copy of what an object has itself. What it inherits is not given: somebody may have added to `Object.prototype`.
 */
export function own<T extends object>(given: T): T;
export function own<T extends object>(given: T | undefined): T | undefined;
export function own<T extends object>(given: T | undefined): T | undefined {
  const value: unknown = given ?? undefined;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) {
    throw new BootshiftError({ message: "options must be an object", diagnostics: [] });
  }
  return value === undefined ? undefined : (Object.assign(Object.create(null), value) as T);
}

export function textOf(input: Input): string {
  const text: unknown = typeof input === "string" ? input : JSON.stringify(input);
  if (typeof text !== "string") {
    throw new TypeError("the input must be a text or an object");
  }
  return text;
}

function parse(text: string, options: ParseOptions | undefined): CoreDocument {
  return call((core) => core.Document.parse(utf8(text), options));
}
