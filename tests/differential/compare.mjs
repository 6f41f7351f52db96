// Compares Bootshift with its peers on generated documents, and prints what came of it as Markdown.
// `cargo xtask differential` runs it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { differential } from "./src/run.js";

/** How many unknown differences are shown of each kind. */
const SHOWN = 5;

const { values } = parseArgs({
  options: {
    documents: { type: "string" },
    seed: { type: "string" },
    judge: { type: "string" },
    "check-jsonschema": { type: "string" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "bootshift-differential-"));
try {
  const tally = await differential({
    documents: Number(values.documents),
    seed: Number(values.seed),
    program: values.judge,
    peer: values["check-jsonschema"],
    folder,
    progress: (text) => console.error(text),
  });
  const rows = (counts) =>
    [...counts]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, count]) => `| ${name} | ${count} |`);
  console.log(`## Differential, ${values.documents} documents of each kind, seed ${values.seed}\n`);
  console.log(["| the same | documents |", "| --- | ---: |", ...rows(tally.agreed)].join("\n"));
  console.log(["\n| known difference | documents |", "| --- | ---: |", ...rows(tally.known)].join("\n"));
  console.log(`\n${tally.unknown.length} unknown differences`);
  const shown = new Map();
  for (const { text, ...difference } of tally.unknown) {
    const kind = [difference.peer, difference.who, difference.kind, difference.theirs].join(" ");
    shown.set(kind, (shown.get(kind) ?? 0) + 1);
    if (shown.get(kind) <= SHOWN) {
      console.log(`\n${JSON.stringify(difference)}\n${JSON.stringify(text)}`);
    }
  }
  process.exitCode = tally.unknown.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
