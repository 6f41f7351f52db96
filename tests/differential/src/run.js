// Generates documents and compares the verdicts on them.

import { join } from "node:path";

import { readYaml } from "./compare.js";
import { forYaml, verdictDifference, yamlDifference } from "./differences.js";
import { BODIES, payload } from "./payloads.js";
import { Random } from "./random.js";
import { Bootshift, ajvValidators, checkJsonschema, sourceValidators } from "./readers.js";
import { stream } from "./trees.js";
import { YamlWriter, toJson } from "./writer.js";

/** The number of documents that check-jsonschema checks at once. */
const BATCH = 10_000;

/** The counts of equal results and known differences, and the unknown differences. */
class Tally {
  same = new Map();
  known = new Map();
  unknown = [];

  count(map, key) {
    map.set(key, (map.get(key) ?? 0) + 1);
  }

  /** Records the result of a comparison with a peer. */
  record(peer, difference, document) {
    if (difference === undefined) {
      this.count(this.same, peer);
    } else if (difference.name === undefined) {
      this.unknown.push({ peer, ...difference, ...document });
    } else {
      this.count(this.known, `${peer}: ${difference.name}`);
    }
  }
}

/** Generates a payload as text, with its operation. */
function generatePayload(seed, index) {
  const random = new Random(seed, index);
  const { operation, schema, document } = payload(random);
  const syntax = random.chance(50) ? "json" : "yaml";
  const text = syntax === "json" ? toJson(random, document) : new YamlWriter(random).stream([document]);
  return { index, operation, schema, syntax, text };
}

/**
 * The value of a text for a validator. `undefined` if there is none, or if Bootshift and `yaml` read it differently.
 */
async function valueOf({ syntax, text }, bootshift, tally, document) {
  if (syntax === "json") {
    return { value: JSON.parse(text) };
  }
  const difference = await yamlDifference(bootshift, text);
  tally.record("yaml", difference, document);
  const [reading, ...more] = readYaml(forYaml(text), false);
  return difference !== undefined || reading.errors.length > 0 || more.length > 0 ? undefined : reading;
}

/** Compares the payloads from `start` (inclusive) to `end` (exclusive). */
async function comparePayloads({ seed, start, end, bootshift, validators, peer, folder, tally }) {
  const files = new Map(Object.values(BODIES).map((name) => [name, []]));
  for (let index = start; index < end; index += 1) {
    const document = generatePayload(seed, index);
    const { operation, schema, syntax, text } = document;
    const ours = (await bootshift.check({ text, syntax, operation }))[0];
    const reading = await valueOf(document, bootshift, tally, document);
    const withoutFormats = reading && validators.published.get(schema)(reading.value);
    if (reading !== undefined) {
      const theirs = validators.source.get(schema)(reading.value);
      tally.record("ajv", verdictDifference("ajv", { ours, theirs, withoutFormats, document }), document);
      tally.count(tally.same, theirs ? "ajv accepts" : "ajv rejects");
      const published = { ours, theirs: withoutFormats, withoutFormats, document };
      tally.record("ajv, published", verdictDifference("ajv, published", published), document);
    }
    if (peer !== undefined && reading !== undefined && !(syntax === "yaml" && text.includes("!"))) {
      // check-jsonschema stops at a tag that does not match its value, and then does not check the other files.
      files.get(schema).push({ name: `${index}.${syntax}`, text, ours, withoutFormats, document });
    }
  }
  for (const [schema, checked] of peer === undefined ? [] : files) {
    const verdicts = await checkJsonschema(peer, schema, checked, join(folder, schema));
    for (const [at, theirs] of verdicts.entries()) {
      const { ours, withoutFormats, document } = checked[at];
      tally.record(
        "check-jsonschema",
        verdictDifference("check-jsonschema", { ours, theirs, withoutFormats, document }),
        document,
      );
    }
  }
}

/**
 * Compares Bootshift with its peers on the given number of payloads and of YAML streams. `program` is the path of
 * `judge.rs`. `peer` is the path of check-jsonschema, which is optional; its files are written to `folder`.
 */
export async function differential({ documents, seed, program, peer, folder, progress = () => {} }) {
  const bootshift = new Bootshift(program);
  const names = Object.values(BODIES);
  const validators = { source: sourceValidators(names), published: ajvValidators(names) };
  const tally = new Tally();
  try {
    for (let start = 0; start < documents; start += BATCH) {
      const end = Math.min(start + BATCH, documents);
      await comparePayloads({ seed, start, end, bootshift, validators, peer, folder, tally });
      progress(`${end} payloads`);
    }
    for (let index = 0; index < documents; index += 1) {
      const text = stream(new Random(seed ^ 0x5eed, index));
      tally.record("yaml", await yamlDifference(bootshift, text), { index, syntax: "yaml", text });
      if ((index + 1) % BATCH === 0) {
        progress(`${index + 1} streams`);
      }
    }
  } finally {
    await bootshift.end();
  }
  return tally;
}
