/** The operations of the API, as the page shows them. */

import type { Operation, ScriptKind } from "bootshift";

/** The kind of document in the editor. The editor keeps one text for each kind. */
export type Body = "payload" | "credentials" | "get" | "list" | "status" | "error";

/** A tab of the results. */
export type ResultTab = "scripts" | "request" | "response" | "changes";

/** An operation of the API, or an error response. */
export interface OperationInfo {
  name: Operation;
  /** What it does, in words. */
  title: string;
  group: string;
  endpoint: string;
  body: Body;
  /** The tabs that apply. The first one opens with the operation. */
  tabs: readonly [ResultTab, ...ResultTab[]];
  /** The kind of script for the operation. */
  script?: ScriptKind;
  /** Whether the operation changes a current payload into a new one. */
  changes?: true;
}

/** All operations, by group. */
export const operations: readonly [OperationInfo, ...OperationInfo[]] = [
  {
    name: "create",
    title: "Create an integration",
    group: "Create",
    endpoint: "POST /integrations",
    body: "payload",
    tabs: ["scripts", "request", "response"],
    script: "all",
  },
  {
    name: "script-initial-create",
    title: "Script for initialDatabase",
    group: "Create",
    endpoint: "POST /integrations/scripts/initial-create",
    body: "payload",
    tabs: ["scripts", "request"],
    script: "initial-create",
  },
  {
    name: "script-create",
    title: "Script for database",
    group: "Create",
    endpoint: "POST /integrations/scripts/create",
    body: "payload",
    tabs: ["scripts", "request"],
    script: "create",
  },
  {
    name: "update",
    title: "Update an integration",
    group: "Change",
    endpoint: "PUT /integrations/{id}",
    body: "payload",
    tabs: ["changes", "scripts", "request", "response"],
    script: "edit",
    changes: true,
  },
  {
    name: "script-edit",
    title: "Script for an update",
    group: "Change",
    endpoint: "POST /integrations/{id}/scripts/edit",
    body: "payload",
    tabs: ["changes", "scripts", "request"],
    script: "edit",
    changes: true,
  },
  {
    name: "delete",
    title: "Delete an integration",
    group: "Delete",
    endpoint: "DELETE /integrations/{id}",
    body: "credentials",
    tabs: ["request"],
  },
  {
    name: "script-delete",
    title: "Script for a deletion",
    group: "Delete",
    endpoint: "POST /integrations/{id}/scripts/delete",
    body: "payload",
    tabs: ["scripts", "request"],
    script: "delete",
  },
  {
    name: "script-cleanup",
    title: "Script to clean up a failed setup",
    group: "Delete",
    endpoint: "POST /integrations/scripts/cleanup",
    body: "payload",
    tabs: ["scripts", "request"],
    script: "cleanup",
  },
  {
    name: "get",
    title: "Get an integration",
    group: "Read",
    endpoint: "GET /integrations/{id}",
    body: "get",
    tabs: ["request", "response"],
  },
  {
    name: "list",
    title: "List integrations",
    group: "Read",
    endpoint: "GET /integrations",
    body: "list",
    tabs: ["request", "response"],
  },
  {
    name: "status",
    title: "Get the status of an integration",
    group: "Read",
    endpoint: "GET /integrations/{id}/status",
    body: "status",
    tabs: ["request", "response"],
  },
  {
    name: "error",
    title: "Check an error response",
    group: "Read",
    endpoint: "any endpoint",
    body: "error",
    tabs: ["response"],
  },
];

/** The operation with a name, or `undefined` for an unknown name. */
export function operationNamed(name: string): OperationInfo | undefined {
  return operations.find((operation) => operation.name === name);
}

/** The tab with a name, or `undefined` for an unknown name. */
export function tabNamed(name: string): ResultTab | undefined {
  const tabs: readonly ResultTab[] = ["scripts", "request", "response", "changes"];
  return tabs.find((tab) => tab === name);
}
