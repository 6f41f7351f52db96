import { strToU8, zipSync } from "fflate";
import type { Stage } from "bootshift";
import type { VNode } from "preact";

import { valueAt } from "../payload/text.js";
import { goToCurrentPayload } from "../state/actions.js";
import { settled } from "../state/analysis.js";
import { chooseForScripts, scriptChoices } from "../state/inputs.js";
import { isDatabaseExisting, isSameReference, type Outcome, scripts } from "../state/scripts.js";
import { download } from "../ui/download.js";
import { Prose } from "../ui/prose.js";
import { FixFirst, Notice } from "./notes.js";
import { SelectOption } from "./options.js";
import { PasswordPrompts } from "./password-prompts.js";
import { TextView } from "./text-view.js";

/** The scripts of the payload. */
export function Scripts(): VNode {
  const outcome = scripts.value;
  if (outcome === undefined) {
    return <FixFirst what="the scripts" />;
  }
  return (
    <>
      {outcome.needsOld !== true && <ScriptOptions outcome={outcome} />}
      <PasswordPrompts prompts={outcome.prompts} />
      <Messages outcome={outcome} />
      <div class="files">
        {outcome.files.map((file) => (
          <TextView
            key={file.name}
            name={file.name}
            text={file.text}
            syntax={file.name.endsWith(".json") && !file.incomplete ? "json" : "sql"}
            note={stageNote(file.stage)}
            incomplete={file.incomplete}
          />
        ))}
      </div>
    </>
  );
}

function ScriptOptions({ outcome }: { outcome: Outcome }): VNode {
  const { database, account, password, set, flavor } = scriptChoices.value;
  const kind = settled.value?.operation.script;
  const writesPassword = kind !== "delete" && kind !== "cleanup";
  const isComplete = outcome.files.length > 0 && outcome.files.every(({ incomplete }) => !incomplete);
  return (
    <div class="options">
      {kind !== "edit" && (
        <SelectOption
          name="database"
          label="Immuta database"
          choices={{ new: "new", existing: "exists already" }}
          value={isDatabaseExisting.value ? "existing" : database}
          disabled={isDatabaseExisting.value}
          onSelect={(value) => {
            chooseForScripts({ database: value });
          }}
        />
      )}
      <SelectOption
        name="account"
        label="System account"
        choices={{ create: "new", existing: "exists already" }}
        value={account}
        onSelect={(value) => {
          chooseForScripts({ account: value });
        }}
      />
      {writesPassword && (
        <SelectOption
          name="password"
          label="Write password as"
          choices={{ md5: "md5", sha256: "sha256", plain: "plain text" }}
          value={password}
          onSelect={(value) => {
            chooseForScripts({ password: value });
          }}
        />
      )}
      {kind === "edit" && (
        <SelectOption
          name="set"
          label="Set password"
          choices={{ changed: "if changed", always: "always" }}
          value={set}
          onSelect={(value) => {
            chooseForScripts({ set: value });
          }}
        />
      )}
      <SelectOption
        name="flavor"
        label="Run with"
        choices={{ plain: "any client", psql: "psql", "data-api": "Data API" }}
        value={flavor}
        onSelect={(value) => {
          chooseForScripts({ flavor: value });
        }}
      />
      <span class="spacer" />
      <button
        type="button"
        class="small"
        id="download-all"
        disabled={!isComplete}
        onClick={() => {
          downloadAll(outcome);
        }}
      >
        Download all
      </button>
    </div>
  );
}

function Messages({ outcome }: { outcome: Outcome }): VNode | null {
  const { files, warnings, error, needsOld } = outcome;
  const state = settled.value;
  const root = state?.parsed.content?.root;
  const isAutomatic = state?.operation.name === "create" && valueAt(root, ["autoBootstrap"]) === true;
  const isEmpty = files.length === 0 && error === undefined && needsOld !== true;
  if (!isAutomatic && !isEmpty && warnings.length === 0 && error === undefined && needsOld !== true) {
    return null;
  }
  return (
    <div class="empty">
      {isAutomatic && (
        <Notice>
          <Prose text="With `autoBootstrap: true`, Immuta sets up Redshift itself. You do not need to run these scripts." />
        </Notice>
      )}
      {warnings.map((text) => (
        <Notice key={text} kind="warning">
          <Prose text={text} />
        </Notice>
      ))}
      {warnings.length > 0 && state?.operation.script === "edit" && isSameReference.value && (
        <Notice>
          <Prose text="On this page, `--set-password` is “Set password: always”." />
        </Notice>
      )}
      {error !== undefined && (
        <Notice kind="error">
          <Prose text={error} />
        </Notice>
      )}
      {needsOld === true && (
        <>
          {error === undefined && <Notice>To write the script, the current payload is needed too.</Notice>}
          <button type="button" class="link" onClick={goToCurrentPayload}>
            Enter the current payload
          </button>
        </>
      )}
      {isEmpty && <Notice>Nothing to do: both payloads describe the same state in Redshift.</Notice>}
    </div>
  );
}

function downloadAll({ files }: Outcome): void {
  const entries = files.map(({ name, text }): [string, Uint8Array] => [name, strToU8(text)]);
  // A fixed time, so that the archive is reproducible.
  const zip = zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1) });
  download("bootshift-scripts.zip", new Uint8Array(zip), "application/zip");
}

function stageNote(stage: Stage | undefined): string | undefined {
  if (stage === undefined) {
    return undefined;
  }
  const place = `run in ${JSON.stringify(stage.database)}`;
  return stage.condition === undefined ? place : `${place} if it exists`;
}
