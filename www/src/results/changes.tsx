import { signal } from "@preact/signals";
import type { VNode } from "preact";

import { SideBySide } from "../compare/side-by-side.js";
import { openFiles, openOld } from "../state/actions.js";
import { settled } from "../state/analysis.js";
import { type Change, changes } from "../state/changes.js";
import { comparedPayloads, comparedScripts, type Comparison } from "../state/comparison.js";
import { file } from "../state/inputs.js";
import { openExampleForOperation } from "../start/open-example.js";
import { Choice } from "../ui/choice.js";
import { OpenButton } from "../ui/open-button.js";
import { Prose } from "../ui/prose.js";
import { Notice } from "./notes.js";
import { OldEditor } from "./old-editor.js";

/** The current payload, and how the new one differs from it. */
export function Changes(): VNode {
  const state = settled.value;
  const error = state?.old?.error;
  const isMissing = state?.old === undefined;
  return (
    <>
      {isMissing && (
        <div class="empty">
          <p>
            Enter the current payload below, and the new one in the form or in the editor. The page shows what
            changes, and writes the script for it.
          </p>
          <p class="line">
            <button type="button" id="load-change" onClick={openExampleForOperation}>
              Load an example
            </button>
          </p>
        </div>
      )}
      {error !== undefined && (
        <div class="empty">
          <Notice kind="error">
            <Prose text={error} />
          </Notice>
        </div>
      )}
      {changes.value !== undefined && error === undefined && <ChangeViews changes={changes.value} />}
      <div class="file-head">
        <h3>Current payload</h3>
        <span class="spacer" />
        <button
          type="button"
          class="small"
          id="copy-to-old"
          onClick={() => {
            const { text, language } = file.value;
            openOld({ ...file.value, text, language, isInitial: false }, "Copied the text of the editor");
          }}
        >
          Copy from editor
        </button>
        <OpenButton
          id="open-old"
          class="small"
          label="Open the current payload…"
          onOpen={(files) => {
            void openFiles(files, "old");
          }}
        >
          Open…
        </OpenButton>
      </div>
      <OldEditor />
    </>
  );
}

const VIEWS = [
  { value: "properties", label: "Properties" },
  { value: "payload", label: "Payload" },
  { value: "sql", label: "SQL" },
];

const view = signal("properties");

/** The changes as a table, as texts side by side, or as what they mean for the SQL of a new setup. */
function ChangeViews({ changes: rows }: { changes: readonly Change[] }): VNode {
  return (
    <>
      <div class="options">
        <Choice
          name="change-view"
          label="Compare"
          options={VIEWS}
          selected={view.value}
          onSelect={(value) => {
            view.value = value;
          }}
        />
      </div>
      {view.value === "payload" ? (
        <Compared comparison={comparedPayloads.value} />
      ) : view.value === "sql" ? (
        <Compared comparison={comparedScripts.value} />
      ) : (
        <ChangeTable changes={rows} />
      )}
    </>
  );
}

function Compared({ comparison }: { comparison: Comparison | undefined }): VNode {
  return comparison === undefined ? (
    <p class="empty">There is no comparison until both payloads are valid.</p>
  ) : (
    <SideBySide {...comparison} labels={{ before: "Current", after: "New" }} />
  );
}

function ChangeTable({ changes: rows }: { changes: readonly Change[] }): VNode {
  if (rows.length === 0) {
    return <p class="empty">No changes</p>;
  }
  return (
    <div class="changes">
      <table>
        <caption class="hidden-text">Changed properties</caption>
        <thead>
          <tr>
            <th scope="col">Property</th>
            <th scope="col">Current</th>
            <th scope="col">New</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ property, before, after }) => (
            <tr key={property}>
              <th scope="row">
                <code>{property}</code>
              </th>
              <Cell value={before} kind="old" />
              <Cell value={after} kind="new" />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ value, kind }: { value: string | undefined; kind: string }): VNode {
  return value === undefined ? (
    <td class="muted">not set</td>
  ) : (
    <td>
      <code class={kind}>{value}</code>
    </td>
  );
}
