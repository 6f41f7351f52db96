import type { VNode } from "preact";

import { chooseForRequest, operation, requestChoices } from "../state/inputs.js";
import { request, requestVariables } from "../state/api.js";
import { selectOperation } from "../state/navigation.js";
import { Prose } from "../ui/prose.js";
import { FixFirst } from "./notes.js";
import { SelectOption, TextOption } from "./options.js";
import { TextView } from "./text-view.js";

/** The HTTP request of the operation. */
export function Request(): VNode {
  const { name, endpoint } = operation.value;
  const { url, id, format } = requestChoices.value;
  const shown = request.value;
  return (
    <>
      <div class="options">
        <SelectOption
          name="format"
          label="Format"
          choices={{ curl: "curl", http: "HTTP", json: "JSON" }}
          value={format}
          onSelect={(value) => {
            chooseForRequest({ format: value });
          }}
        />
        <TextOption
          name="url"
          label="Immuta URL"
          placeholder="https://your-organization.immuta.example"
          value={url}
          onInput={(value) => {
            chooseForRequest({ url: value });
          }}
        />
        {endpoint.includes("{id}") && (
          <TextOption
            name="id"
            label="Integration ID"
            placeholder="{id}"
            value={id}
            onInput={(value) => {
              chooseForRequest({ id: value });
            }}
          />
        )}
      </div>
      {shown === undefined ? (
        <FixFirst what="the request" />
      ) : "error" in shown ? (
        <p class="finding error" role="alert">
          <Prose text={shown.error} />
        </p>
      ) : (
        <>
          {shown.text.includes("${") && requestVariables.value.length > 0 && (
            <p class="empty">
              <Prose
                text={`The request does not contain the password of the payload. Set it in ${requestVariables.value.map((each) => `\`${each}\``).join(", ")}.`}
              />
            </p>
          )}
          <TextView
            name={shown.name}
            text={shown.text}
            syntax={format === "json" ? "json" : "text"}
            note={endpoint}
          />
        </>
      )}
      {name === "delete" && (
        <p class="empty">
          The request does not remove a manual setup from Redshift.{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              selectOperation("script-delete");
            }}
          >
            Write the script for that
          </button>
        </p>
      )}
    </>
  );
}
