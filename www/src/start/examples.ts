/** Examples: the payloads in `examples/`, included at build time, and responses for one of them. */

import { redact } from "bootshift";

import { type Language, write } from "../payload/text.js";

const texts = import.meta.glob<string>("../../../examples/*.{yaml,json}", {
  eager: true,
  query: "?raw",
  import: "default",
});

const GROUPS = {
  manual: "Manual setup",
  automatic: "Automatic setup",
  existing: "Existing database",
  delete: "Delete",
};

export interface Example {
  name: string;
  title: string;
  /** The text in a language. */
  text: (language: Language) => string;
}

/** The examples of payloads, by group. */
const payloads: readonly { title: string; examples: readonly Example[] }[] = Object.entries(GROUPS).map(
  ([prefix, title]) => ({
    title,
    examples: Object.keys(texts)
      .map((path) => /([^/]+)\.yaml$/.exec(path)?.[1] ?? "")
      .filter((name) => name.startsWith(`${prefix}-`))
      // The most common example comes first.
      .sort((a, b) => rank(a) - rank(b))
      .map((name) => ({
        name,
        title: titleOf(name),
        // The comment at the start is about the command.
        text: (language) => (texts[`../../../examples/${name}.${language}`] ?? "").replace(/^(#.*\n)+/, ""),
      })),
  }),
);

/** The examples of responses. */
const responses: readonly Example[] = [
  response("get", "An integration", (integration) => integration),
  response("list", "A list of integrations", (integration) => [integration]),
  response("status", "A status", ({ id, status, validationResults }) => ({ id, status, validationResults })),
  response("error", "An error", () => ({
    statusCode: 409,
    error: "Conflict",
    message: "Redshift integration already exists on host analytics.example.com (id = 1)",
  })),
];

/** All examples, by group. */
export const groups = [...payloads, { title: "Responses", examples: responses }];

/** The example for a kind of document. */
export function exampleFor(body: string): Example | undefined {
  const name =
    { payload: "manual-user-password", credentials: "delete-automatic-user-password" }[body] ?? body;
  return groups.flatMap(({ examples }) => examples).find((example) => example.name === name);
}

function response(
  name: string,
  title: string,
  from: (integration: ReturnType<typeof redact>) => unknown,
): Example {
  return {
    name,
    title,
    text: (language) => {
      const payload = texts["../../../examples/manual-user-password.yaml"] ?? "";
      const value = JSON.parse(JSON.stringify(from(redact(payload, { id: "1" })))) as Parameters<
        typeof write
      >[0];
      return write(value, language);
    },
  };
}

function rank(name: string): number {
  return (name.includes("okta") ? 2 : 0) + (name.endsWith("impersonation") ? 1 : 0);
}

/** The title of `manual-okta-impersonation` is "Manual setup, Okta, impersonation". */
function titleOf(name: string): string {
  const [prefix = ""] = name.split("-");
  const account = name.includes("okta") ? "Okta" : "user name and password";
  const title = `${isGroup(prefix) ? GROUPS[prefix] : prefix}, ${account}`;
  return name.endsWith("impersonation") ? `${title}, impersonation` : title;
}

function isGroup(name: string): name is keyof typeof GROUPS {
  return Object.hasOwn(GROUPS, name);
}
