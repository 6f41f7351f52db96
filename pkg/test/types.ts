// Compiled by the tests with `tsc --strict`. It fails if a union loses a member or accepts an unknown one.

import * as bootshift from "bootshift";
import { explain } from "bootshift/explain";
import { type JsonSchema, schema as schemaOf, type SchemaName } from "bootshift/schemas";
import type {
  Code,
  Config,
  Credentials,
  Diagnostic,
  Input,
  Operation,
  Payload,
  Report,
  ScriptKind,
} from "bootshift";

type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const same = <T extends true>(): T => true as T;

same<
  Equal<
    Operation,
    | "create"
    | "script-initial-create"
    | "script-create"
    | "update"
    | "script-edit"
    | "delete"
    | "script-delete"
    | "script-cleanup"
    | "get"
    | "list"
    | "status"
    | "error"
  >
>();
same<Equal<ScriptKind, "initial-create" | "create" | "edit" | "delete" | "cleanup" | "all">>();
same<Equal<bootshift.Flavor, "plain" | "psql" | "data-api">>();
same<Equal<bootshift.PasswordForm, "md5" | "sha256" | "plain">>();
same<Equal<bootshift.Severity, "note" | "warning" | "error">>();
same<Equal<bootshift.OffsetEncoding, "utf-8" | "utf-16">>();
same<Equal<bootshift.RequestFormat, "json" | "curl" | "http">>();
same<Equal<SchemaName, Operation | "report" | "script" | "doctor">>();
// `node.test.js` compares its members with the explanations.
same<string extends Code ? false : true>();
same<
  Equal<
    bootshift.IntegrationStatus,
    | "creating"
    | "createError"
    | "enabled"
    | "editing"
    | "editError"
    | "migrating"
    | "migrateError"
    | "recurringValidationError"
    | "deleting"
    | "deleteError"
    | "deleted"
    | "disabled"
  >
>();

const connection = { host: "a.example.com", database: "immuta", initialDatabase: "sales" } as const;
const user: Config = { ...connection, authenticationType: "userPassword", username: "u", password: "${P}" };
const okta: Config = {
  ...connection,
  port: 5439,
  impersonation: { enabled: true, role: "g" },
  authenticationType: "okta",
  okta: { username: "u", password: "p", appId: "a", idpHost: "h.example.com", role: "r" },
};
const payload: Payload = { type: "Redshift", autoBootstrap: false, config: user };
const credentials: Credentials = { authenticationType: "userPassword", username: "u", password: "p" };
const inputs: Input[] = [payload, credentials, "type: Redshift", { anything: 1 }, [payload]];

// @ts-expect-error: unsupported platform
const snowflake: Payload = { ...payload, type: "Snowflake" };
// @ts-expect-error: missing property `okta`
const withoutOkta: Config = { ...connection, authenticationType: "okta", username: "u", password: "p" };
// @ts-expect-error: missing property `role`
const withoutRole: Config = { ...user, impersonation: { enabled: true } };
// @ts-expect-error: unknown property
const misspelled: Config = { ...user, hots: "x" };
interface Own {
  type: string;
  config: { host: string };
}
const own: Own = { type: "Redshift", config: { host: "a.example.com" } };
const ownInput: Input = own;
// @ts-expect-error: a number is not an input
const number: Input = 1;

const document: bootshift.Document = bootshift.Document.parse(payload, { syntax: "json", path: "a.json" });
const checked: Report = document.check({ operation: "update", old: document });
const edited: bootshift.Script = document.script("edit", { from: document });
const requestText: string = document.request("update", { id: "7", format: "curl" });
const requestData: bootshift.HttpRequest = document.request("update", { id: "7" });
const response: bootshift.Integration = document.redact();
const scriptFiles: bootshift.ScriptFile[] = document.scriptFiles("all", { flavor: "psql" });
const disposable: Disposable = document;
const host: bootshift.JsonValue | undefined = document.get("/config/host");
const edits: bootshift.TextEdit[] = [
  ...document.set("/config/port", 5440),
  ...document.remove("/config/port"),
];
const edit: [number, number, string] | undefined = edits[0] && [
  edits[0].start.offset,
  edits[0].end.offset,
  edits[0].text,
];
const fixed: { text: string; applied: number } = document.fix({
  unsafe: true,
  operation: "update",
  old: own,
});
const converted: string = document.convert("json") + document.text;
// @ts-expect-error: the text of a document does not change
document.text = "x";
// @ts-expect-error: a function is not a JSON value
document.set("/a", () => 1);
// @ts-expect-error: unknown syntax
document.convert("toml");
document.free();
// @ts-expect-error: parse options are not allowed in `check`
document.check({ path: "a.json" });
// @ts-expect-error: the constructor is private
new bootshift.Document();

const report: Report = bootshift.check(payload, {
  operation: "create",
  path: "a.yaml",
  autoBootstrap: true,
  old: payload,
});
const found: Diagnostic | undefined = report.files[0]?.diagnostics[0];
const start: number | undefined = found?.start.offset;
const help: string | undefined = found?.help;
const fix: bootshift.TextEdit[] | undefined =
  found?.fix?.applicability === "safe" ? found.fix.edits : undefined;
const script: bootshift.Script = bootshift.script("edit", payload, {
  from: "x",
  password: "sha256",
  setPassword: true,
  env: { P: undefined },
});
const warnings: readonly string[] = script.warnings;
const files: bootshift.ScriptFile[] = bootshift.scriptFiles("all", payload, { flavor: "psql" });
const data: bootshift.HttpRequest = bootshift.request("create", payload, { url: "https://x" });
const text: string = bootshift.request("status", undefined, { format: "curl" });
const integration: bootshift.Integration = bootshift.redact(payload, { id: "7" });
const names: SchemaName[] = schemaOf();
const schema: JsonSchema = schemaOf("report");
const explanation: bootshift.Explanation = explain("syntax");
const explanations: bootshift.Explanation[] = explain();
const version: string = bootshift.version;
const loaded: Promise<void> = bootshift.init(new Uint8Array(8));

// @ts-expect-error: unknown operation
bootshift.check(payload, { operation: "crate" });
// @ts-expect-error: unknown script
bootshift.script("initialCreate", payload);
// @ts-expect-error: `error` is not a request
bootshift.request("error");
// @ts-expect-error: a request as text is not an object
const wrong: bootshift.HttpRequest = bootshift.request("create", payload, { format: "http" });
// @ts-expect-error: unknown code
explain("syntaks");
// @ts-expect-error: unknown option
bootshift.scriptFiles("all", payload, { flavour: "psql" });

try {
  bootshift.script("create", "x");
} catch (error) {
  if (error instanceof bootshift.BootshiftError) {
    const diagnostics: readonly Diagnostic[] = error.diagnostics;
    void diagnostics;
  }
}

void [
  okta,
  inputs,
  snowflake,
  withoutOkta,
  withoutRole,
  misspelled,
  number,
  start,
  help,
  fix,
  script,
  warnings,
  files,
  data,
  text,
  integration,
];
void [checked, edited, requestText, requestData, response, scriptFiles, disposable];
void [ownInput, host, edit, fixed, converted];
void [names, schema, explanation, explanations, version, loaded, wrong, warnings];
