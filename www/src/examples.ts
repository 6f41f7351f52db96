/** Example payloads: the files in `examples/`, included at build time. */

const texts = import.meta.glob<string>("../../examples/*.{yaml,json}", {
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
  yaml: string;
  json: string;
}

/** The examples, by group. */
export const examples: readonly { title: string; examples: readonly Example[] }[] = Object.entries(
  GROUPS,
).map(([prefix, title]) => ({
  title,
  examples: Object.keys(texts)
    .map((path) => /([^/]+)\.yaml$/.exec(path)?.[1] ?? "")
    .filter((name) => name.startsWith(`${prefix}-`))
    // The most common example comes first.
    .sort((a, b) => rank(a) - rank(b))
    .map((name) => ({
      name,
      title: titleOf(name),
      yaml: texts[`../../examples/${name}.yaml`] ?? "",
      json: texts[`../../examples/${name}.json`] ?? "",
    })),
}));

function rank(name: string): number {
  return (name.includes("okta") ? 2 : 0) + (name.endsWith("impersonation") ? 1 : 0);
}

/** The title of `manual-okta-impersonation` is "Okta, with impersonation". */
function titleOf(name: string): string {
  if (name === "existing-database") {
    return "User name and password";
  }
  const account = name.includes("okta") ? "Okta" : "User name and password";
  return name.endsWith("impersonation") ? `${account}, with impersonation` : account;
}
