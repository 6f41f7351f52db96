import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import { openFiles } from "../state/actions.js";

const isDragging = signal(false);

/** Opens files that are dropped on the page. Dropped on the current payload, they replace that. */
export function DropTarget(): VNode {
  useEffect(listen, []);
  return (
    <div id="drop" class="drop" hidden={!isDragging.value}>
      <p>Drop a YAML or JSON file here</p>
    </div>
  );
}

function listen(): () => void {
  const controller = new AbortController();
  const { signal: aborted } = controller;
  const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
  // Handled in the capture phase, because the editor would insert the content of the file.
  const options = { capture: true, signal: aborted };
  const onDrag = (event: DragEvent): void => {
    if (hasFile(event)) {
      event.preventDefault();
      event.stopPropagation();
      isDragging.value = true;
    }
  };
  window.addEventListener("dragenter", onDrag, options);
  window.addEventListener("dragover", onDrag, options);
  window.addEventListener(
    "dragleave",
    (event) => {
      if (event.relatedTarget === null) {
        isDragging.value = false;
      }
    },
    { signal: aborted },
  );
  window.addEventListener(
    "drop",
    (event) => {
      isDragging.value = false;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        event.stopPropagation();
        const isOld = event
          .composedPath()
          .some((each) => each instanceof Element && each.id === "old-editor");
        void openFiles(files, isOld ? "old" : "new");
      }
    },
    options,
  );
  return () => {
    controller.abort();
  };
}
