import type { VNode } from "preact";

import { FormPane } from "./form/form.js";
import { Header } from "./header/header.js";
import { DropTarget } from "./layout/drop.js";
import { Panes } from "./layout/panes.js";
import { ExplanationPopover } from "./problems/explanation.js";
import { ProblemList, StatusBar } from "./problems/problems.js";
import { ResultPane } from "./results/result-pane.js";
import { editor, pane } from "./state/actions.js";
import { EditorPane } from "./text/editor-pane.js";
import { Toast } from "./ui/toast.js";

/** The page. */
export function App(): VNode {
  return (
    <>
      <a
        class="skip"
        href="#editor-pane"
        id="skip"
        onClick={(event) => {
          event.preventDefault();
          pane.value = "editor";
          editor().focus();
        }}
      >
        Skip to the editor
      </a>
      <Header />
      <Panes form={<FormPane />} editor={<EditorPane />} result={<ResultPane />} />
      <ProblemList />
      <StatusBar />
      <Toast />
      <ExplanationPopover />
      <DropTarget />
    </>
  );
}
