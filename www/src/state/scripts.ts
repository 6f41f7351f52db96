/** The scripts of the payload. */

import { computed } from "@preact/signals";
import type { ScriptFile, ScriptKind, ScriptOptions, Stage } from "bootshift";

import { valueAt } from "../payload/text.js";
import { type Analysis, settled } from "./analysis.js";
import { messageOf } from "./failure.js";
import { passwords, scriptChoices } from "./inputs.js";
import { placeholder, referencesIn } from "./references.js";

/** A file of a script. */
export interface ShownScript extends ScriptFile {
  /** The stage, if the file has only one. */
  stage: Stage | undefined;
  /** Whether statements are left out, because they need a password that was not entered. */
  incomplete: boolean;
}

/** A password that the payload only references. */
export interface Prompt {
  /** The name of the variable. */
  name: string;
  required: boolean;
}

/** The scripts, or why there are none. */
export interface Outcome {
  files: readonly ShownScript[];
  prompts: readonly Prompt[];
  warnings: readonly string[];
  /** Why the script cannot be written. The cause may be an entered password. */
  error?: string;
  /** Whether the current payload is missing or invalid. */
  needsOld?: boolean;
}

/** Whether `database` is also `initialDatabase`, so that it exists already. */
export const isDatabaseExisting = computed(() => {
  const root = settled.value?.parsed.content?.root;
  const [database, initial] = ["database", "initialDatabase"].map((key) => valueAt(root, ["config", key]));
  return (
    typeof database === "string" &&
    typeof initial === "string" &&
    database.toLowerCase() === initial.toLowerCase()
  );
});

/** The scripts; `undefined` if the operation has none, or the payload has errors. */
export const scripts = computed<Outcome | undefined>(() => {
  const state = settled.value;
  const kind = state?.operation.script;
  if (state === undefined || kind === undefined || state.errors > 0) {
    return undefined;
  }
  const { old, operation } = state;
  if (operation.changes === true && (old === undefined || old.error !== undefined)) {
    const outcome = { files: [], prompts: [], warnings: [], needsOld: true };
    return old?.error === undefined ? outcome : { ...outcome, error: old.error };
  }
  try {
    return write(kind, state);
  } catch (error) {
    return { files: [], prompts: promptsOf(state), warnings: [], error: messageOf(error) };
  }
});

/** Whether both payloads of a change refer to the same variable, so that a new password cannot be detected. */
export const isSameReference = computed(() => {
  const state = settled.value;
  if (state?.old === undefined || scriptChoices.value.set === "always") {
    return false;
  }
  const [current] = referencesIn(state.model, [state.old]);
  return current !== undefined && current === referencesIn(state.model, [state.parsed])[0];
});

/** Writes the files. Statements that contain a password that was not entered yet are left out. */
function write(kind: ScriptKind, state: Analysis): Outcome {
  const { database, account, password, set, flavor } = scriptChoices.value;
  const { document } = state.parsed;
  const prompts = promptsOf(state);
  const entered = passwords.value;
  const missing = prompts
    .filter(({ name, required }) => required && !entered.has(name))
    .map(({ name }) => name);
  const env: Record<string, string> = {};
  for (const { name } of prompts) {
    const value = entered.get(name);
    if (value !== undefined) {
      env[name] = value;
    }
  }
  for (const name of missing) {
    env[name] = placeholder();
  }
  const options: ScriptOptions = {
    env,
    password,
    existingDatabase: database === "existing",
    existingUser: account === "existing",
    ...(kind === "edit" && state.old !== undefined ? { from: state.old.document } : {}),
  };
  // The password of an existing account is never set.
  if (kind === "edit" && set === "always" && account !== "existing") {
    options.setPassword = true;
  }
  const files = document.scriptFiles(kind, { ...options, flavor });
  const { stages, warnings } = document.script(kind, options);
  const isStaged = files.length === stages.length && flavor === "plain";
  const shown = files.map((file, index) => {
    const incomplete = file.secret && missing.length > 0;
    const fileStages = isStaged ? stages.slice(index, index + 1) : stages;
    return {
      ...file,
      text: incomplete ? fileStages.map((stage) => outline(stage, missing)).join("\n") : file.text,
      stage: isStaged ? stages[index] : undefined,
      incomplete,
    };
  });
  return { files: shown, prompts: files.some(({ secret }) => secret) ? prompts : [], warnings };
}

/** The passwords to enter. Without the current one, an edit sets the new one in any case, so it is optional. */
function promptsOf({ model, parsed, old }: Analysis): Prompt[] {
  const required = referencesIn(model, [parsed]);
  return referencesIn(model, [parsed, old]).map((name) => ({ name, required: required.includes(name) }));
}

/** The text of a stage, without the statements that contain a password. */
function outline({ statements }: Stage, names: readonly string[]): string {
  const variables = names.map((name) => `\${${name}}`).join(", ");
  return statements
    .map(({ summary, sql, secret }) =>
      secret
        ? `-- ${summary}\n-- Enter the password ${variables} above to see this statement.\n`
        : `-- ${summary}\n${sql};\n`,
    )
    .join("\n");
}
