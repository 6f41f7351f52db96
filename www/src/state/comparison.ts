/** The current payload and the new one as texts, and the SQL of both. */

import { computed } from "@preact/signals";
import { BootshiftError } from "bootshift";

import type { Language } from "../payload/text.js";
import type { Parsed } from "../payload/content.js";
import { redacted, type Redacted, scrubbed } from "../payload/redaction.js";
import { parsedText, settled } from "./analysis.js";
import { scriptChoices } from "./inputs.js";
import { models } from "./models.js";
import { placeholder, referencesIn } from "./references.js";

/** Two texts to compare. */
export interface Comparison {
  before: string;
  after: string;
  language: "yaml" | "json" | "sql";
}

/** Both payloads, without secrets; `undefined` if one of them is missing or cannot be read. */
export const comparedPayloads = computed<Comparison | undefined>(() => {
  const state = settled.value;
  if (state?.old === undefined) {
    return undefined;
  }
  const { language } = state.parsed;
  const before = withoutSecrets(state.old, language);
  const after = withoutSecrets(state.parsed, language);
  if (before === undefined || after === undefined) {
    return undefined;
  }
  const secrets = [...before.secrets, ...after.secrets];
  return { before: scrubbed(before.text, secrets), after: scrubbed(after.text, secrets), language };
});

/** The SQL that would set up each payload anew; `undefined` if one of them is missing or has errors. */
export const comparedScripts = computed<Comparison | undefined>(() => {
  const state = settled.value;
  if (state?.old === undefined) {
    return undefined;
  }
  const before = sqlOf(state.old);
  const after = sqlOf(state.parsed);
  return before === undefined || after === undefined ? undefined : { before, after, language: "sql" };
});

function withoutSecrets(parsed: Parsed, language: Language): Redacted | undefined {
  const text = parsed.language === language ? parsed.text : parsed.content?.convert(language);
  return text === undefined
    ? undefined
    : redacted(text, models.payload, (each) => parsedText(each, language));
}

/** The statements of a setup. Those with a password are only described. */
function sqlOf(parsed: Parsed): string | undefined {
  const { database, account } = scriptChoices.value;
  const names = referencesIn(models.payload, [parsed]);
  try {
    const { stages } = parsed.document.script("all", {
      env: Object.fromEntries(names.map((name) => [name, placeholder()])),
      existingDatabase: database === "existing",
      existingUser: account === "existing",
    });
    return stages
      .map((stage) => {
        const statements = stage.statements.map(({ summary, sql, secret }) =>
          secret ? `-- ${summary} (not shown: it contains the password)\n` : `-- ${summary}\n${sql};\n`,
        );
        return `-- Run in ${JSON.stringify(stage.database)}\n\n${statements.join("\n")}`;
      })
      .join("\n");
  } catch (error) {
    if (error instanceof BootshiftError) {
      return undefined;
    }
    throw error;
  }
}
