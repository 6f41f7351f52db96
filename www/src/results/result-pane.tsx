/** The pane with the results: scripts, request, response, changes. */

import type { VNode } from "preact";

import { analysis, isBusy, settled } from "../state/analysis.js";
import { operation, tab } from "../state/inputs.js";
import { selectTab } from "../state/navigation.js";
import type { ResultTab } from "../state/operations.js";
import { Start } from "../start/start.js";
import { tabId, Tabs } from "../ui/tabs.js";
import { Changes } from "./changes.js";
import { Request } from "./request.js";
import { Response } from "./response.js";
import { Scripts } from "./scripts.js";

const TABS: Record<ResultTab, { label: string; Panel: () => VNode }> = {
  scripts: { label: "Scripts", Panel: Scripts },
  request: { label: "Request", Panel: Request },
  response: { label: "Response", Panel: Response },
  changes: { label: "Changes", Panel: Changes },
};

export function ResultPane(): VNode {
  const selected = tab.value;
  const { Panel } = TABS[selected];
  const { title, endpoint } = operation.value;
  return (
    <>
      <h2 class="hidden-text">Result</h2>
      <h2 class="print-title">
        {title} — {endpoint}
      </h2>
      <Tabs
        id="result-tabs"
        class="pane-head tabs"
        label="Result"
        tabs={operation.value.tabs.map((name) => ({ name, label: TABS[name].label }))}
        selected={selected}
        panel={(name) => `result-${name}`}
        onSelect={selectTab}
      />
      <div id="result" class="pane-body" aria-busy={isBusy.value}>
        <div
          key={selected}
          class="panel"
          role="tabpanel"
          id={`result-${selected}`}
          aria-labelledby={tabId("result-tabs", selected)}
        >
          {isStart() && selected !== "changes" ? <Start /> : <Panel />}
        </div>
      </div>
    </>
  );
}

/** Whether something must be entered first. */
function isStart(): boolean {
  return (settled.value ?? analysis.value).isUntouched;
}
