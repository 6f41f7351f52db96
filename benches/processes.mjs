// Measures whole processes with hyperfine, Bootshift beside other validators, and prints Markdown. `just bench-processes` builds
// and installs what it needs. The arguments are the binary of Bootshift and the rounds, of which each measures every command.
// `--full` goes up to 100,000 files.

import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { invalid, valid } from "./payloads.mjs";

const { values, positionals } = parseArgs({
  options: { full: { type: "boolean" } },
  allowPositionals: true,
});
const [bootshift, rounds = "3"] = positionals;
const here = dirname(fileURLToPath(import.meta.url));
const schema = join(here, "../schema/payload.schema.json");
const architecture = { x64: "x86_64" }[process.arch] ?? process.arch;
// The native binary in the npm package, not the Node.js program around it, which costs 90 ms.
const sourcemeta = join(
  here,
  "node_modules/@sourcemeta/jsonschema/build/github-releases",
  `jsonschema-${process.platform}-${architecture}`,
);
const folder = mkdtempSync(join(tmpdir(), "bootshift-bench-"));
const empty = join(folder, "empty");

/** The name of each command, and its program with arguments. Files to read are appended. */
const VALIDATORS = {
  "bootshift check": [bootshift, "check"],
  "jsonschema validate": [sourcemeta, "validate", schema],
  "jsonschema validate --fast": [sourcemeta, "validate", "--fast", schema],
  "check-jsonschema": ["check-jsonschema", "--schemafile", schema],
};

const write = (name, text) => writeFileSync(join(folder, name), text);
const says = (program, ...args) =>
  execFileSync(program, args, { encoding: "utf8" }).trim();

/** The times of commands in milliseconds and their peak memory in MiB, in ascending order. */
function measure(commands, runs, cwd = folder) {
  const results = commands.map(() => ({ times: [], memory: [] }));
  const report = join(folder, "hyperfine.json");
  const lines = commands.map((command) =>
    command.map((word) => `'${word}'`).join(" "),
  );
  const options = [
    "--shell=none",
    "--style=none",
    "--warmup=2",
    `--runs=${runs}`,
    `--export-json=${report}`,
  ];
  for (let round = 0; round < Number(rounds); round += 1) {
    execFileSync("hyperfine", [...options, ...lines], {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const measured = JSON.parse(readFileSync(report, "utf8")).results;
    for (const [index, { measurements }] of measured.entries()) {
      for (const {
        time_wall_clock: time,
        memory_peak_resident: memory,
      } of measurements) {
        results[index].times.push(time.value * 1000);
        results[index].memory.push(memory.value / 2 ** 20);
      }
    }
  }
  for (const { times, memory } of results) {
    times.sort((one, other) => one - other);
    memory.sort((one, other) => one - other);
  }
  return results;
}

const median = (sorted) =>
  (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;

/** Prints a table of all commands on the same files, and whether Bootshift is as many times faster as it has to be. */
function compare(title, files, runs, bars) {
  const commands = {
    ...Object.fromEntries(
      Object.entries(VALIDATORS).map(([name, command]) => [
        name,
        [...command, ...files],
      ]),
    ),
    cat: ["cat", ...files],
    "an empty process of Rust": [empty],
  };
  const results = measure(Object.values(commands), runs);
  const medians = results.map(({ times }) => median(times));
  console.log(`### ${title}; ${rounds} rounds of ${runs} runs\n`);
  console.log(
    "| command | median, ms | min | max | ratio |\n| --- | ---: | ---: | ---: | ---: |",
  );
  for (const [index, name] of Object.keys(commands).entries()) {
    const numbers = [
      medians[index],
      results[index].times[0],
      results[index].times.at(-1),
      medians[index] / medians[0],
    ];
    console.log(
      `| \`${name}\` | ${numbers.map((number) => number.toFixed(2)).join(" | ")} |`,
    );
  }
  for (const [name, bar] of Object.entries(bars)) {
    const factor = medians[Object.keys(commands).indexOf(name)] / medians[0];
    const verdict = factor >= bar ? "met" : "missed";
    console.log(
      `\n${factor.toFixed(1)} times faster than \`${name}\`; the bar is ${bar}: ${verdict}`,
    );
  }
  console.log();
}

/** Prints what Bootshift alone takes for a number of documents. */
function alone(cells, documents, args, cwd) {
  const [{ times, memory }] = measure([[bootshift, "check", ...args]], 3, cwd);
  const each = (median(times) * 1000) / documents;
  console.log(
    `| ${cells} | ${median(times).toFixed(1)} | ${each.toFixed(1)} | ${memory.at(-1).toFixed(1)} |`,
  );
}

/** Writes payloads, and returns their names. */
function files(count, parent = ".") {
  mkdirSync(join(folder, parent), { recursive: true });
  return Array.from({ length: count }, (_, number) => {
    const name = `payload-${String(number).padStart(6, "0")}.yaml`;
    write(join(parent, name), valid(number));
    return name;
  });
}

try {
  write("empty.rs", "fn main() {}\n");
  says("rustc", "-O", "-Cpanic=abort", "-o", empty, join(folder, "empty.rs"));

  // A validator that accepts anything would be fast for nothing.
  write("valid.yaml", valid(0));
  write("invalid.yaml", invalid());
  for (const [name, [program, ...args]] of Object.entries(VALIDATORS)) {
    const accepts = (file) =>
      spawnSync(program, [...args, file], { cwd: folder }).status === 0;
    if (!accepts("valid.yaml") || accepts("invalid.yaml")) {
      throw new Error(
        `\`${name}\` must accept the valid payload and reject the invalid one`,
      );
    }
  }

  console.log("## Whole processes\n");
  console.log(
    `- machine: ${cpus().length} cores, ${cpus()[0].model}, ${process.platform} ${release()}`,
  );
  console.log(
    `- bootshift ${says("git", "-C", here, "describe", "--always", "--dirty")}, ${says("rustc", "--version")}`,
  );
  console.log(
    `- ${says("check-jsonschema", "--version")}; Sourcemeta jsonschema ${says(sourcemeta, "version")}\n`,
  );

  compare(`One YAML file, ${valid(0).length} bytes`, ["valid.yaml"], 7, {
    "check-jsonschema": 50,
  });
  compare("1,000 different YAML files as arguments", files(1000), 3, {
    "jsonschema validate": 2,
    "jsonschema validate --fast": 2,
  });

  console.log("### A folder of files, bootshift alone\n");
  console.log(
    "| files | time, ms | a file, µs | peak memory, MiB |\n| ---: | ---: | ---: | ---: |",
  );
  for (const count of values.full
    ? [1_000, 10_000, 100_000]
    : [1_000, 10_000]) {
    files(count, `many-${count}`);
    alone(count, count, ["."], join(folder, `many-${count}`));
  }

  console.log("\n### One file of many YAML documents, bootshift alone\n");
  console.log(
    "| MiB | documents | time, ms | a document, µs | peak memory, MiB |",
  );
  console.log("| ---: | ---: | ---: | ---: | ---: |");
  for (const size of [1, 4, 15]) {
    const documents = [];
    for (let bytes = 0; ; documents.push(`---\n${valid(documents.length)}`)) {
      bytes += valid(documents.length).length + 4;
      if (bytes > size * 2 ** 20) {
        break;
      }
    }
    write("stream.yaml", documents.join(""));
    // Such streams exceed the default limits; a document has fewer than 32 values.
    const limits = [
      `--max-documents=${documents.length}`,
      `--max-values=${documents.length * 32}`,
    ];
    alone(
      `${size} | ${documents.length}`,
      documents.length,
      ["stream.yaml", ...limits],
      folder,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
