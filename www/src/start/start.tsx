import { version } from "bootshift";
import type { VNode } from "preact";

import { openFiles } from "../state/actions.js";
import { OpenButton } from "../ui/open-button.js";
import { openExampleForOperation } from "./open-example.js";

const REPOSITORY = "https://github.com/bootshift/bootshift";

/** What the page is for, and how to start. Shown until something is entered. */
export function Start(): VNode {
  return (
    <div class="start" id="start">
      <p class="lead">
        Build and check the payload that connects Amazon Redshift to Immuta, and get its SQL scripts and its
        API request.
      </p>
      <ol>
        <li>Fill in the form, or paste a payload into the editor. Both stay in sync.</li>
        <li>Fix the problems that are marked at the fields and in the text.</li>
        <li>Copy or download the scripts and the request, which appear here.</li>
      </ol>
      <p class="line">
        <button type="button" id="load-example" class="primary" onClick={openExampleForOperation}>
          Load an example
        </button>
        <OpenButton
          id="open-first"
          onOpen={(files) => {
            void openFiles(files, "new");
          }}
        >
          Open a file…
        </OpenButton>
      </p>
      <p class="muted">
        The page runs in your browser. Nothing is sent, and what you enter is kept in this tab, without
        passwords.
      </p>
      <p class="muted links">
        <a href={`${REPOSITORY}#readme`} target="_blank" rel="noreferrer">
          Documentation
        </a>
        <a href={`${REPOSITORY}/blob/main/book/src/codes.md`} target="_blank" rel="noreferrer">
          All checks
        </a>
        <span>Bootshift {version}</span>
      </p>
    </div>
  );
}
