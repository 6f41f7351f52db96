// Generated documents, each judged by all, and what came of it.

import { join } from "node:path";

import { readYaml } from "./compare.js";
import { forYaml, verdictDifference, yamlDifference } from "./differences.js";
import { BODIES, payload } from "./payloads.js";
import { Random } from "./random.js";
import { Bootshift, ajvValidators, checkJsonschema } from "./readers.js";
import { stream } from "./trees.js";
import { YamlWriter, toJson } from "./writer.js";

/** How many documents are judged before check-jsonschema gets their files. */
const BATCH = 10_000;

/** What was found: how often the judges agree, how often they differ as is known, and what nobody knows. */
class Tally {
  agreed = new Map();
  known = new Map();
  unknown = [];

  count(map, key) {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  /** Takes a comparison of a document with a peer. */
  take(peer, difference, document) {
    if (difference === undefined) {
      this.count(this.agreed, peer);
    } else if (difference.name === undefined) {
      this.unknown.push({ peer, ...difference, ...document });
    } else {
      this.count(this.known, `${peer}: ${difference.name}`);
    }
  }
}

/** A payload as text, for the operation that it is for. */
function written(seed, index) {
  const random = new Random(seed, index);
  const { operation, schema, document } = payload(random);
  const syntax = random.chance(50) ? "json" : "yaml";
  const text = syntax === "json" ? toJson(random, document) : new YamlWriter(random).stream([document]);
  return { index, operation, schema, syntax, text };
}

/** The value of a JSON or YAML text for a validator; `undefined` if there is none, or none that all agree on. */
async function valueOf({ syntax, text }, bootshift, tally, document) {
  if (syntax === "json") {
    return { value: JSON.parse(text) };
  }
  const difference = await yamlDifference(bootshift, text);
  tally.take("yaml", difference, document);
  const [reading, ...more] = readYaml(forYaml(text), false);
  return difference !== undefined || reading.errors.length > 0 || more.length > 0 ? undefined : reading;
}

/** The payloads from `start` to below `end`. */
async function judgePayloads({ seed, start, end, bootshift, validators, peer, folder, tally }) {
  const files = new Map(Object.values(BODIES).map((name) => [name, []]));
  for (let index = start; index < end; index += 1) {
    const document = written(seed, index);
    const { operation, schema, syntax, text } = document;
    const ours = (await bootshift.ask({ text, syntax, operation }))[0];
    const reading = await valueOf(document, bootshift, tally, document);
    const bare = reading && validators.bare.get(schema)(reading.value);
    if (reading !== undefined) {
      const theirs = validators.full.get(schema)(reading.value);
      tally.take("ajv", verdictDifference("ajv", { ours, theirs, bare, document }), document);
      tally.count(tally.agreed, theirs ? "ajv takes" : "ajv refuses");
    }
    if (peer !== undefined && reading !== undefined && !(syntax === "yaml" && text.includes("!"))) {
      // A tag that does not fit ends check-jsonschema, whatever other files it has to judge.
      files.get(schema).push({ name: `${index}.${syntax}`, text, ours, bare, document });
    }
  }
  for (const [schema, judged] of peer === undefined ? [] : files) {
    const verdicts = await checkJsonschema(peer, schema, judged, join(folder, schema));
    for (const [at, theirs] of verdicts.entries()) {
      const { ours, bare, document } = judged[at];
      tally.take(
        "check-jsonschema",
        verdictDifference("check-jsonschema", { ours, theirs, bare, document }),
        document,
      );
    }
  }
}

/**
 * Compares on so many payloads, and on as many YAML streams of anything. `program` is that of `judge.rs`, `peer`
 * check-jsonschema, which is left out where there is none; its files go below `folder`.
 */
export async function differential({ documents, seed, program, peer, folder, progress = () => {} }) {
  const bootshift = new Bootshift(program);
  const names = Object.values(BODIES);
  const validators = { full: ajvValidators(names, true), bare: ajvValidators(names, false) };
  const tally = new Tally();
  try {
    for (let start = 0; start < documents; start += BATCH) {
      const end = Math.min(start + BATCH, documents);
      await judgePayloads({ seed, start, end, bootshift, validators, peer, folder, tally });
      progress(`${end} payloads`);
    }
    for (let index = 0; index < documents; index += 1) {
      const text = stream(new Random(seed ^ 0x5eed, index));
      tally.take("yaml", await yamlDifference(bootshift, text), { index, syntax: "yaml", text });
      if ((index + 1) % BATCH === 0) {
        progress(`${index + 1} streams`);
      }
    }
  } finally {
    await bootshift.end();
  }
  return tally;
}
