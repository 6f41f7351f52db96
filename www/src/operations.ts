import type { Operation, ScriptKind } from "bootshift";

/** The kind of document in the editor. The editor keeps one text for each kind. */
export type Body = "payload" | "credentials" | "get" | "list" | "status" | "error";

/** An operation of the API, as the page shows it. */
export interface OperationInfo {
  name: Operation;
  group: string;
  endpoint: string;
  body: Body;
  /** The kind of script for the operation. */
  script?: ScriptKind;
  /** Whether the operation changes an old payload into a new one. */
  changes?: true;
}

export const operations: readonly [OperationInfo, ...OperationInfo[]] = [
  {
    name: "create",
    group: "Set up",
    endpoint: "POST /integrations",
    body: "payload",
    script: "all",
  },
  {
    name: "script-initial-create",
    group: "Set up",
    endpoint: "POST /integrations/scripts/initial-create",
    body: "payload",
    script: "initial-create",
  },
  {
    name: "script-create",
    group: "Set up",
    endpoint: "POST /integrations/scripts/create",
    body: "payload",
    script: "create",
  },
  {
    name: "update",
    group: "Change",
    endpoint: "PUT /integrations/{id}",
    body: "payload",
    script: "edit",
    changes: true,
  },
  {
    name: "script-edit",
    group: "Change",
    endpoint: "POST /integrations/{id}/scripts/edit",
    body: "payload",
    script: "edit",
    changes: true,
  },
  {
    name: "delete",
    group: "Remove",
    endpoint: "DELETE /integrations/{id}",
    body: "credentials",
  },
  {
    name: "script-delete",
    group: "Remove",
    endpoint: "POST /integrations/{id}/scripts/delete",
    body: "payload",
    script: "delete",
  },
  {
    name: "script-cleanup",
    group: "Remove",
    endpoint: "POST /integrations/scripts/cleanup",
    body: "payload",
    script: "cleanup",
  },
  { name: "get", group: "Read", endpoint: "GET /integrations/{id}", body: "get" },
  { name: "list", group: "Read", endpoint: "GET /integrations", body: "list" },
  { name: "status", group: "Read", endpoint: "GET /integrations/{id}/status", body: "status" },
  { name: "error", group: "Read", endpoint: "error response", body: "error" },
];

/** The operation with a name, or `undefined` for an unknown name. */
export function operationNamed(name: string): OperationInfo | undefined {
  return operations.find((operation) => operation.name === name);
}
