// Compares the package in Node.js with common alternatives, interleaved in one process, and prints Markdown.
// The package must be built first, as `just bench-package` does.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import { LineCounter, parseDocument } from "yaml";

import * as payloads from "../../benches/payloads.mjs";
import { check } from "../dist/node.js";

/** The number of measurements of each candidate. */
const ROUNDS = 41;
/** The duration of one measurement, in milliseconds. */
const MEASUREMENT_TIME = 20;
/** The number of processes in which the first call is measured. */
const STARTS = 15;
/** The limit for the first call, in milliseconds. */
const MAX_FIRST_CALL = 15;

const [valid, invalid] = [payloads.valid(0), payloads.invalid()];
const schema = JSON.parse(readFileSync(new URL("../schema/payload.schema.json", import.meta.url), "utf8"));

const ajv = new Ajv({ allErrors: true, strictTypes: false });
addFormats(ajv);
// Our formats, as a user of `ajv` would write them.
ajv.addFormat("bare-host", /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?$/i);
ajv.addFormat("redshift-identifier", /^[^\p{Cc}]{1,127}$/u);
ajv.addFormat("redshift-user", /^(?!public$)[^\p{Cc}]{1,127}$/iu);
ajv.addFormat("redshift-group", /^(?!__)[^\p{Cc}]{1,127}$/u);
const validate = ajv.compile(schema);

/** The number of errors, with the lines and columns computed from `yaml` and `ajv`. */
function located(text) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, keepSourceTokens: false });
  const value = document.toJS();
  const errors = document.errors.map(({ pos: [start] }) => lineCounter.linePos(start));
  if (!validate(value)) {
    for (const { instancePath } of validate.errors) {
      const path = instancePath.split("/").slice(1);
      const node = path.length === 0 ? document.contents : document.getIn(path, true);
      errors.push(lineCounter.linePos(node?.range?.[0] ?? 0));
    }
  }
  return errors.length;
}

const errorCount = (report) => report.summary.errors;
const value = (text) => parseDocument(text).toJS();
const json = (text) => JSON.stringify(value(text), null, 2);
const failed = (input) => (validate(input) ? 0 : validate.errors.length);

/** The work, the peer, the limit of the ratio of our time to theirs, the input, and the code of the peer. */
const comparisons = [
  [
    "YAML text to located errors",
    "`yaml` with a line counter, compiled `ajv`",
    1 / 5,
    (text) => text,
    located,
  ],
  ["JSON text", "`JSON.parse`, compiled `ajv`", 3, json, (text) => failed(JSON.parse(text))],
  ["object", "compiled `ajv`", 3, value, failed],
];

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The microseconds for one call. */
function time(work, input, calls) {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) {
    work(input);
  }
  return ((performance.now() - start) * 1000) / calls;
}

/** The number of calls for one measurement. Also warms up the code. */
function calibrate(work, input) {
  for (let calls = 16; ; calls *= 2) {
    const spent = (time(work, input, calls) * calls) / 1000;
    if (spent >= MEASUREMENT_TIME) {
      return calls;
    }
  }
}

console.log(`## In Node.js ${process.versions.node}; medians of ${ROUNDS} interleaved rounds\n`);
console.log("| work | payload | bootshift, µs | peer, µs | peer | ratio | limit |");
console.log("| --- | --- | ---: | ---: | --- | ---: | --- |");
for (const [name, peer, maxRatio, prepare, theirs] of comparisons) {
  for (const [kind, text] of [
    ["valid", valid],
    ["two errors", invalid],
  ]) {
    const input = prepare(text);
    const ours = (input) => errorCount(check(input));
    if (ours(input) > 0 !== theirs(input) > 0) {
      throw new Error(`different results for the ${kind} payload`);
    }
    const candidates = [ours, theirs].map((work) => ({ work, calls: calibrate(work, input), times: [] }));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const candidate of candidates) {
        candidate.times.push(time(candidate.work, input, candidate.calls));
      }
    }
    const [own, other] = candidates.map(({ times }) => median(times));
    const ratio =
      maxRatio < 1 ? `${(other / own).toFixed(1)} times faster` : `${(own / other).toFixed(1)} times slower`;
    const limit = maxRatio < 1 ? `at least ${1 / maxRatio} times faster` : `at most ${maxRatio} times slower`;
    const verdict = own <= other * maxRatio ? "met" : "missed";
    console.log(
      `| ${name} | ${kind} | ${own.toFixed(1)} | ${other.toFixed(1)} | ${peer} | ${ratio} | ${limit}: ${verdict} |`,
    );
  }
}

const starter = `
  const { check } = await import(${JSON.stringify(new URL("../dist/node.js", import.meta.url).href)});
  const start = performance.now();
  check(${JSON.stringify(valid)});
  console.log(performance.now() - start);
`;
const starts = Array.from({ length: STARTS }, () =>
  Number(execFileSync(process.execPath, ["--input-type=module", "--eval", starter], { encoding: "utf8" })),
);
const first = median(starts);
console.log(
  `\nFirst call after the import, median of ${STARTS} processes: ${first.toFixed(1)} ms;`,
  `limit ${MAX_FIRST_CALL} ms: ${first <= MAX_FIRST_CALL ? "met" : "missed"}`,
);

// A minimal module: one page of memory `m`, and a function `f` that does nothing.
const empty = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1],
  ...[7, 9, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b],
);
const { f, m } = new WebAssembly.Instance(new WebAssembly.Module(empty)).exports;
const memory = new Uint8Array(m.buffer);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const baselines = {
  call: () => f(),
  "text in, call": (text) => {
    encoder.encodeInto(text, memory);
    f();
  },
  "text in, call, report of 256 bytes out": (text) => {
    encoder.encodeInto(text, memory);
    f();
    return decoder.decode(memory.subarray(0, 256));
  },
};
console.log("\nTimes of a minimal WebAssembly module, for the valid YAML text:\n");
for (const [name, work] of Object.entries(baselines)) {
  const calls = calibrate(work, valid);
  const times = Array.from({ length: ROUNDS }, () => time(work, valid, calls));
  console.log(`- ${name}: ${median(times).toFixed(2)} µs`);
}
