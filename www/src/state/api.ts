/** The request of the operation, and the response. */

import { computed } from "@preact/signals";
import {
  type HttpRequest,
  request as requestWithoutBody,
  type RequestOperation,
  type RequestOptions,
} from "bootshift";

import { settled } from "./analysis.js";
import { messageOf } from "./failure.js";
import { requestChoices } from "./inputs.js";
import { literalsIn } from "./references.js";

/** A text to show, or why there is none. */
export type Shown = { name: string; text: string } | { error: string };

const NAMES = { curl: "request.sh", http: "request.http", json: "request.json" };

/** The variables from which the request takes passwords that are literal in the payload. */
export const requestVariables = computed<readonly string[]>(() => {
  const state = settled.value;
  return state === undefined || !["payload", "credentials"].includes(state.operation.body)
    ? []
    : literalsIn(state.model, state.parsed);
});

/** The request; `undefined` if the operation has none, or its payload has errors. */
export const request = computed<Shown | undefined>(() => {
  const state = settled.value;
  const { url, id, format } = requestChoices.value;
  if (state === undefined || state.operation.name === "error") {
    return undefined;
  }
  const { name, body } = state.operation;
  // A response in the editor has nothing to do with the request.
  const isBody = body === "payload" || body === "credentials";
  if (isBody && state.errors > 0) {
    return undefined;
  }
  const options: RequestOptions = {
    ...(url.trim() === "" ? {} : { url: url.trim() }),
    ...(id.trim() === "" ? {} : { id: id.trim() }),
  };
  const { document, text } = state.parsed;
  try {
    const written =
      isBody && text.trim() !== ""
        ? document.request(name, { ...options, format })
        : withoutBody(name, options, format);
    return {
      name: NAMES[format],
      text: typeof written === "string" ? written : `${JSON.stringify(written, null, 2)}\n`,
    };
  } catch (error) {
    return { error: messageOf(error) };
  }
});

function withoutBody(
  name: RequestOperation,
  options: RequestOptions,
  format: "curl" | "http" | "json",
): HttpRequest | string {
  return format === "json"
    ? requestWithoutBody(name, undefined, { ...options, format })
    : requestWithoutBody(name, undefined, { ...options, format });
}

/** What `GET /integrations/{id}` returns for the payload; `undefined` if there is no payload, or it has errors. */
export const response = computed<Shown | undefined>(() => {
  const state = settled.value;
  if (state?.operation.body !== "payload" || state.errors > 0) {
    return undefined;
  }
  try {
    const written = state.parsed.document.redact();
    return { name: "response.json", text: `${JSON.stringify(written, null, 2)}\n` };
  } catch (error) {
    return { error: messageOf(error) };
  }
});
