// Measures the package in Node.js beside what people use today, interleaved in one process, and prints Markdown.
// `cargo xtask bench` runs it with two payloads, a valid one and a wrong one; the package must have been built.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import { LineCounter, parseDocument } from "yaml";

import { check } from "../dist/node.js";

/** How often each contender is measured. */
const ROUNDS = 41;
/** How long one measurement is to take, in milliseconds. */
const SLICE = 20;
/** How many processes the first call is measured in. */
const STARTS = 15;
/** The longest that the first call may take, in milliseconds. */
const FIRST_CALL = 15;

const [valid, wrong] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
const schema = JSON.parse(readFileSync(new URL("../schema/payload.schema.json", import.meta.url), "utf8"));

const ajv = new Ajv({ allErrors: true, strictTypes: false });
addFormats(ajv);
// The formats of ours, as somebody would write them who has `ajv` only.
ajv.addFormat("bare-host", /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?$/i);
ajv.addFormat("redshift-identifier", /^[^\p{Cc}]{1,127}$/u);
ajv.addFormat("redshift-user", /^(?!public$)[^\p{Cc}]{1,127}$/iu);
ajv.addFormat("redshift-group", /^(?!__)[^\p{Cc}]{1,127}$/u);
const validate = ajv.compile(schema);

/** Errors at lines and columns, as by `yaml` and `ajv`. */
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

const found = (report) => report.summary.errors;
const value = (text) => parseDocument(text).toJS();
const json = (text) => JSON.stringify(value(text), null, 2);
const failed = (input) => (validate(input) ? 0 : validate.errors.length);

/** Work, our way, theirs, and by how much ours may be slower: below 1 it has to be faster. */
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

/** Microseconds for one call. */
function time(work, input, calls) {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) {
    work(input);
  }
  return ((performance.now() - start) * 1000) / calls;
}

/** How many calls fill a slice; warms up on the way. */
function calibrate(work, input) {
  for (let calls = 16; ; calls *= 2) {
    const spent = (time(work, input, calls) * calls) / 1000;
    if (spent >= SLICE) {
      return calls;
    }
  }
}

console.log(`## In Node.js ${process.versions.node}; medians of ${ROUNDS} interleaved rounds\n`);
console.log("| work | payload | bootshift, µs | peer, µs | peer | ratio | bar |");
console.log("| --- | --- | ---: | ---: | --- | ---: | --- |");
for (const [name, peer, bar, prepare, theirs] of comparisons) {
  for (const [kind, text] of [
    ["valid", valid],
    ["two mistakes", wrong],
  ]) {
    const input = prepare(text);
    const ours = (given) => found(check(given));
    if (ours(input) > 0 !== theirs(input) > 0) {
      throw new Error(`the two do not agree on the ${kind} payload`);
    }
    const contenders = [ours, theirs].map((work) => ({ work, calls: calibrate(work, input), times: [] }));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const contender of contenders) {
        contender.times.push(time(contender.work, input, contender.calls));
      }
    }
    const [own, other] = contenders.map(({ times }) => median(times));
    const ratio =
      bar < 1 ? `${(other / own).toFixed(1)} times faster` : `${(own / other).toFixed(1)} times slower`;
    const limit = bar < 1 ? `at least ${1 / bar} times faster` : `at most ${bar} times slower`;
    const verdict = own <= other * bar ? "met" : "missed";
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
  `the bar is ${FIRST_CALL} ms: ${first <= FIRST_CALL ? "met" : "missed"}`,
);

// An empty module: one page of memory `m`, and a function `f` that does nothing.
const empty = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1],
  ...[7, 9, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b],
);
const { f, m } = new WebAssembly.Instance(new WebAssembly.Module(empty)).exports;
const memory = new Uint8Array(m.buffer);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const floors = {
  "a call": () => f(),
  "the text in, a call": (text) => {
    encoder.encodeInto(text, memory);
    f();
  },
  "the text in, a call, a report of 256 bytes out": (text) => {
    encoder.encodeInto(text, memory);
    f();
    return decoder.decode(memory.subarray(0, 256));
  },
};
console.log("\nAn empty WebAssembly module takes, for the valid YAML text:\n");
for (const [name, work] of Object.entries(floors)) {
  const calls = calibrate(work, valid);
  const times = Array.from({ length: ROUNDS }, () => time(work, valid, calls));
  console.log(`- ${name}: ${median(times).toFixed(2)} µs`);
}
