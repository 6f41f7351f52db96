/** What is derived from the texts: one parse and one check for each change. */

import { computed, effect, signal } from "@preact/signals";
import { BootshiftError, type CheckOptions, type Diagnostic } from "bootshift";

import type { Language } from "../payload/text.js";
import { parse, type Parsed } from "../payload/content.js";
import type { Group } from "../schema.js";
import { buffer, file, isRequest, isUntouched, oldFile, operation, setFile, texts } from "./inputs.js";
import { modelFor } from "./models.js";
import type { OperationInfo } from "./operations.js";

/** A longer text is checked only when typing pauses. */
const MAX_IMMEDIATE_LENGTH = 100_000;
/** How long typing a long text must pause before its check, in milliseconds. */
const PAUSE = 300;
/** The results follow the diagnostics after this time, so that they do not slow down the next keystroke. */
const RESULTS_DELAY = 60;

/** The current payload, before a change. */
export interface OldPayload extends Parsed {
  /** Why a change cannot start from it, or `undefined`. */
  error: string | undefined;
  diagnostics: readonly Diagnostic[];
}

/** A text with its diagnostics. */
export interface Analysis {
  operation: OperationInfo;
  model: Group;
  parsed: Parsed;
  old: OldPayload | undefined;
  /** Whether nothing was entered yet, so that what is missing is not reported. */
  isUntouched: boolean;
  diagnostics: readonly Diagnostic[];
  /** The diagnostics of the first document, which is the one in the form. */
  own: readonly Diagnostic[];
  /** The number of documents in the text. */
  documents: number;
  errors: number;
  /** The duration of the check, in milliseconds. */
  duration: number;
}

// The last results are kept, because the editor asks for the diagnostics of a change before it becomes part of the
// state.
let lastParsed: Parsed | undefined;
let lastAnalysis: { inputs: readonly unknown[]; result: Analysis } | undefined;
/** The parsed texts whose memory is not freed yet. */
const live = new Set<Parsed>();

/** Parses a text, unless it is the one in the editor. The memory is freed when the results are updated. */
export function parsedText(text: string, language: Language): Parsed {
  if (lastParsed?.text === text && lastParsed.language === language) {
    return lastParsed;
  }
  const parsed = parse(text, language);
  live.add(parsed);
  return parsed;
}

function analyze(text: string, language: Language): Analysis {
  const { autoBootstrap } = texts.value;
  const old = oldPayload.value;
  const untouched = isUntouched({ ...file.value, text });
  const inputs = [text, language, operation.value, autoBootstrap, old, untouched];
  if (lastAnalysis?.inputs.every((each, index) => each === inputs[index]) !== true) {
    lastParsed = parsedText(text, language);
    lastAnalysis = { inputs, result: check(lastParsed, old, autoBootstrap, untouched) };
  }
  return lastAnalysis.result;
}

function check(
  parsed: Parsed,
  old: OldPayload | undefined,
  autoBootstrap: boolean,
  untouched: boolean,
): Analysis {
  const info = operation.value;
  const options: CheckOptions = { operation: info.name };
  if (info.name === "delete") {
    options.autoBootstrap = autoBootstrap;
  }
  if (info.changes === true && old !== undefined && old.error === undefined) {
    options.old = old.document;
  }
  const start = performance.now();
  // A GET has no body: there is nothing to check until a response is pasted.
  const isBlank = parsed.text.trim() === "" && !isRequest.value;
  const files = isBlank ? [] : parsed.document.check(options).files;
  const diagnostics = files.flatMap((each) => each.diagnostics);
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const isIncomplete = untouched && errors > 0;
  return {
    operation: info,
    model: modelFor(buffer.value),
    parsed,
    old,
    isUntouched: isIncomplete,
    diagnostics: isIncomplete ? [] : diagnostics,
    own: isIncomplete ? [] : (files[0]?.diagnostics ?? []),
    documents: files.length,
    errors,
    duration: performance.now() - start,
  };
}

/** The current payload; `undefined` if there is none, or none is needed. */
export const oldPayload = computed<OldPayload | undefined>(() => {
  const { name, changes } = operation.value;
  const { text, language } = oldFile.value;
  if (changes !== true || text.trim() === "") {
    return undefined;
  }
  const parsed = parsedText(text, language);
  // Checking the current payload against itself shows whether an update can start from it.
  try {
    parsed.document.check({ operation: name, old: parsed.document });
    return { ...parsed, error: undefined, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof BootshiftError)) {
      throw error;
    }
    return { ...parsed, error: error.message, diagnostics: error.diagnostics };
  }
});

const isTyping = signal(false);
let pause: ReturnType<typeof setTimeout> | undefined;

/** The state of the text in the editor. A long text is analyzed only when typing pauses. */
export const analysis = computed<Analysis>(() => {
  const { text, language } = file.value;
  return isTyping.value && lastAnalysis !== undefined ? lastAnalysis.result : analyze(text, language);
});

/** The analysis for the results, which follows when typing pauses. */
export const settled = signal<Analysis | undefined>(undefined);

/** Whether the results do not follow the text yet. */
export const isBusy = computed(() => settled.value !== analysis.value);

/** The diagnostics of a change of the text before it is made, or `undefined` if it is too long to check immediately. */
export function diagnosticsOf(text: string): readonly Diagnostic[] | undefined {
  return text.length > MAX_IMMEDIATE_LENGTH ? undefined : analyze(text, file.value.language).diagnostics;
}

/** Applies a change of the text in the editor. */
export function changeText(text: string): void {
  clearTimeout(pause);
  isTyping.value = text.length > MAX_IMMEDIATE_LENGTH;
  setFile({ ...file.value, text });
  if (isTyping.value) {
    pause = setTimeout(() => {
      isTyping.value = false;
    }, PAUSE);
  }
}

/** Makes the results follow the text from now on. */
export function startAnalysis(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    timer = undefined;
    settled.value = analysis.value;
    for (const each of live) {
      if (each !== analysis.value.parsed && each.document !== oldPayload.value?.document) {
        each.document.free();
        live.delete(each);
      }
    }
  };
  effect(() => {
    const { operation: info } = analysis.value;
    if (settled.peek()?.operation !== info) {
      clearTimeout(timer);
      settle();
    } else {
      timer ??= setTimeout(settle, RESULTS_DELAY);
    }
  });
}
