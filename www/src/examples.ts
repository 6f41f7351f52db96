/** Payloads to start from: the files of `examples/`, taken in when the page is built. */

const texts = import.meta.glob<string>("../../examples/*.{yaml,json}", {
  eager: true,
  query: "?raw",
  import: "default",
});

const GROUPS = {
  manual: "You run the scripts",
  automatic: "Immuta sets Redshift up",
  existing: "A database that exists",
  delete: "Delete",
};

export interface Example {
  name: string;
  title: string;
  yaml: string;
  json: string;
}

/** The examples in groups. */
export const examples: readonly { title: string; examples: readonly Example[] }[] = Object.entries(
  GROUPS,
).map(([prefix, title]) => ({
  title,
  examples: Object.keys(texts)
    .map((path) => /([^/]+)\.yaml$/.exec(path)?.[1] ?? "")
    .filter((name) => name.startsWith(`${prefix}-`))
    // What most will want stands first.
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

/** `manual-okta-impersonation` reads "Okta, with impersonation". */
function titleOf(name: string): string {
  if (name === "existing-database") {
    return "User name and password";
  }
  const account = name.includes("okta") ? "Okta" : "User name and password";
  return name.endsWith("impersonation") ? `${account}, with impersonation` : account;
}
