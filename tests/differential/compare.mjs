// Compares Bootshift with its peers on generated documents, and prints the result as Markdown.
// Run by `just differential`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, parseArgs } from "node:util";

import { differential } from "./src/run.js";

/** The maximum number of unknown differences to show of each kind. */
const MAX_SHOWN = 5;

const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "100000" },
    seed: { type: "string", default: "20261124" },
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
  console.log(["| same result | documents |", "| --- | ---: |", ...rows(tally.same)].join("\n"));
  console.log(["\n| known difference | documents |", "| --- | ---: |", ...rows(tally.known)].join("\n"));
  console.log(`\n${tally.unknown.length} unknown differences`);
  const shown = new Map();
  for (const { text, ...difference } of tally.unknown) {
    const kind = [difference.peer, difference.side, difference.kind, difference.theirs].join(" ");
    shown.set(kind, (shown.get(kind) ?? 0) + 1);
    if (shown.get(kind) <= MAX_SHOWN) {
      // An alias inside its anchor makes a value that JSON cannot express.
      console.log(`\n${inspect(difference, { breakLength: Infinity })}\n${JSON.stringify(text)}`);
    }
  }
  process.exitCode = tally.unknown.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
