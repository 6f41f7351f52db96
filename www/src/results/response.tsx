import type { VNode } from "preact";

import { openExampleForOperation } from "../start/open-example.js";
import { response } from "../state/api.js";
import { isRequest } from "../state/inputs.js";
import { settled } from "../state/analysis.js";
import { pane } from "../state/actions.js";
import { Prose } from "../ui/prose.js";
import { ErrorList, FixFirst } from "./notes.js";
import { TextView } from "./text-view.js";

/** The response for the payload, or the check of a response in the editor. */
export function Response(): VNode {
  const shown = response.value;
  if (!isRequest.value) {
    return <PastedResponse />;
  }
  if (shown === undefined) {
    return <FixFirst what="the response" />;
  }
  if ("error" in shown) {
    return (
      <p class="empty">
        <Prose text={shown.error} />
      </p>
    );
  }
  return (
    <>
      <p class="empty example-note">
        <strong>Example.</strong>{" "}
        <Prose text="What `GET /integrations/{id}` would return for this payload once it is enabled: the ID, the status and the test results are made up, and secrets are redacted. Nothing was sent or tested." />
      </p>
      <TextView name={shown.name} text={shown.text} syntax="json" note="example" />
    </>
  );
}

function PastedResponse(): VNode {
  const state = settled.value;
  if (state === undefined || state.parsed.text.trim() === "") {
    return (
      <div class="empty">
        <p>To check a response, paste it into the editor.</p>
        <p class="line">
          <button
            type="button"
            onClick={() => {
              pane.value = "editor";
            }}
            class="only-narrow"
          >
            Go to the editor
          </button>
          <button type="button" id="load-response" onClick={openExampleForOperation}>
            Load an example
          </button>
        </p>
      </div>
    );
  }
  return state.errors > 0 ? (
    <ErrorList lead={(count) => `The response does not have the documented form: ${count}.`} />
  ) : (
    <p class="empty">
      The response in the editor has the documented form. The list of problems explains what it says.
    </p>
  );
}
