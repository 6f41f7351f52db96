// The commands and files of the chapter about these tools, and what they make of the corpus.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { getDefaultFormState } from "@rjsf/utils";
import rjsfValidator from "@rjsf/validator-ajv8";
import { compile } from "json-schema-to-typescript";
import { cloneElement } from "react";
import { renderToString } from "react-dom/server";

import { bodiesOf, root, schema } from "../src/corpus.js";
import { BLOCKS, COMMANDS, runCommand, writeFiles } from "../src/page.js";
import { python } from "../src/python.js";
import { run } from "../src/process.js";
import { VALIDATORS } from "../src/validators.js";

const WHOLE = process.env.BOOTSHIFT_WHOLE !== undefined;

const folder = mkdtempSync(join(tmpdir(), "bootshift-schema-tools-"));
before(() => {
  writeFiles(folder);
  process.chdir(folder);
});
after(() => rmSync(folder, { recursive: true }));

const PAYLOADS = bodiesOf("payload.types");
const VALID = PAYLOADS.filter(({ isValid }) => isValid);
const isOkta = ({ body }) => body.config.authenticationType === "okta";
const EXAMPLES = [VALID.find((body) => !isOkta(body)), VALID.find(isOkta)].map(({ body }) => body);

/** What a module of the chapter exports. */
const load = (name) => import(pathToFileURL(join(folder, name)));

/** The bodies that a tool accepts, although the schema does not. It must accept the valid ones. */
function lost(accepts) {
  const rejected = VALID.filter(({ body }) => !accepts(body)).map(({ name, codes }) => ({ name, codes }));
  assert.deepEqual(rejected, []);
  return PAYLOADS.filter(({ isValid, body }) => !isValid && accepts(body));
}

/** The codes of what is lost on the way, apart from what is known. */
function lostCodes(accepted, isKnown) {
  assert.ok(
    accepted.some(({ body }) => isKnown(body)),
    `nothing has ${isKnown.name}`,
  );
  return [...new Set(accepted.filter(({ body }) => !isKnown(body)).flatMap(({ errors }) => errors))].sort();
}

const hasFraction = ({ config }) => typeof config?.port === "number" && !Number.isInteger(config.port);
const hasNull = ({ config }) => config.port === null || config.impersonation === null;

/** Asserts that bodies match the schema for validators. */
async function assertValid(bodies) {
  const [verdicts] = await VALIDATORS["Ajv, default"]([{ schema: schema("payload"), bodies }]);
  assert.ok(Array.isArray(verdicts), verdicts);
  assert.deepEqual(
    bodies.filter((_, at) => !verdicts[at]),
    [],
  );
}

describe("commands of the chapter", () => {
  for (const command of COMMANDS) {
    test(command, async () => {
      const { code, stdout, stderr } = await runCommand(folder, command);
      assert.equal(code, 0, stdout + stderr);
      const written = /--(?:output|out) (\S+)/.exec(command)?.[1];
      assert.ok(written === undefined || readFileSync(join(folder, written), "utf8").length > 500);
    });
  }
});

test("the function of the chapter validates with Ajv", async () => {
  const { validate } = await load("validate.mjs");
  assert.deepEqual(
    lost((body) => validate(body)),
    [],
  );
});

/** The messages of the TypeScript compiler about files in the folder. */
async function typeErrors(...files) {
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
  const args = [...options, "--exactOptionalPropertyTypes", "--types", "", ...files];
  return (await run(join(folder, "node_modules/.bin/tsc"), args, { cwd: folder })).stdout;
}

describe("json-schema-to-typescript", () => {
  const name = (at) => `body${at}.ts`;
  const write = (at, body) =>
    writeFileSync(
      join(folder, name(at)),
      `import type { RedshiftPayload } from "./payload.js";\nexport const payload: RedshiftPayload = ${JSON.stringify(body)};\n`,
    );

  test("the types accept every valid payload, and the example of the chapter", async () => {
    VALID.forEach(({ body }, at) => write(at, body));
    assert.equal(await typeErrors("account.ts", ...VALID.map((_, at) => name(at))), "");
  });

  test("the types reject what they can express", async () => {
    const [{ config }, { config: okta }] = EXAMPLES;
    const bodies = [
      { hots: "example.com" },
      { password: undefined },
      { password: 12345678 },
      { okta: okta.okta },
      { authenticationType: "okta" },
      { authenticationType: "key" },
      { impersonation: { enabled: true } },
      { port: "5439" },
    ].map((changes) => ({ ...EXAMPLES[0], config: { ...config, ...changes } }));
    bodies.push({ ...EXAMPLES[0], type: "Snowflake" }, { ...EXAMPLES[0], name: "x" });
    bodies.forEach((body, at) => write(`-wrong-${at}`, body));
    const errors = await typeErrors(...bodies.map((_, at) => name(`-wrong-${at}`)));
    const without = bodies.filter((_, at) => !errors.includes(name(`-wrong-${at}`)));
    assert.deepEqual(without, []);
  });

  test("the types from the schema for validators reject unknown keys", async () => {
    const types = await compile(schema("payload"), "Payload", { bannerComment: "" });
    const root = /interface (\w+) \{\s+type: /.exec(types)[1];
    const typed = (config) =>
      `\nexport const payload: ${root} = ${JSON.stringify({ ...EXAMPLES[0], config })};\n`;
    const { config } = EXAMPLES[0];
    writeFileSync(join(folder, "closed.ts"), types + typed(config));
    writeFileSync(join(folder, "open.ts"), types + typed({ ...config, hots: "example.com" }));
    assert.equal(await typeErrors("closed.ts"), "");
    assert.match(await typeErrors("open.ts"), /hots.* does not exist/);
  });

  test("only lengths, ranges and that a port is an integer are lost", async () => {
    const invalid = PAYLOADS.filter(({ isValid }) => !isValid);
    invalid.forEach(({ body }, at) => write(`-invalid-${at}`, body));
    const errors = await typeErrors(...invalid.map((_, at) => name(`-invalid-${at}`)));
    const accepted = invalid.filter((_, at) => !errors.includes(name(`-invalid-${at}`)));
    assert.deepEqual(lostCodes(accepted, hasFraction), [
      "identifier-too-long",
      "invalid-length",
      "out-of-range",
    ]);
  });
});

test("Zod loses nothing", async () => {
  const { Payload } = await load("zod.mjs");
  assert.deepEqual(
    lost((body) => Payload.safeParse(body).success),
    [],
  );
});

test("pydantic keeps every valid payload, loses only the lengths of secrets and null, and shows no secret", async () => {
  const read = await python("models.py", { folder, bodies: PAYLOADS.map(({ body }) => body) });
  const results = new Map(PAYLOADS.map(({ body }, at) => [body, read[at]]));
  const accepted = lost((body) => results.get(body) !== null);
  assert.deepEqual(lostCodes(accepted, hasNull), ["invalid-length"]);
  for (const { body } of VALID) {
    assert.deepEqual(results.get(body).body, body);
    assert.equal(results.get(body).showsSecret, false);
  }
});

describe("quicktype", () => {
  test("the TypeScript compiles, accepts every valid payload and rejects unknown keys", async () => {
    assert.equal(await typeErrors("quicktype.ts"), "");
    const options = ["--module", "nodenext", "--target", "es2022", "--types", "", "quicktype.ts"];
    await run(join(folder, "node_modules/.bin/tsc"), options, { cwd: folder });
    const { Convert } = await load("quicktype.js");
    const accepted = lost((body) => {
      try {
        assert.deepEqual(
          JSON.parse(Convert.redshiftPayloadToJson(Convert.toRedshiftPayload(JSON.stringify(body)))),
          body,
        );
        return true;
      } catch {
        return false;
      }
    });
    assert.deepEqual(lostCodes(accepted, hasFraction), [
      "authentication-mismatch",
      "identifier-too-long",
      "impersonation-role-missing",
      "invalid-length",
      "missing-property",
      "out-of-range",
    ]);
  });
});

describe("React JSON Schema Form", () => {
  for (const name of ["payload", "payload.types"]) {
    test(`${name}: a valid payload only gets defaults, and stays valid`, async () => {
      const states = VALID.map(({ body }) =>
        getDefaultFormState(rjsfValidator, schema(name), structuredClone(body), schema(name)),
      );
      states.forEach((state, at) => {
        const { body } = VALID[at];
        const { port = 5439, impersonation = { enabled: false } } = body.config;
        const allowed = { ...body, config: { ...body.config, port, impersonation } };
        const filled = { ...state, config: { ...allowed.config, ...state.config } };
        assert.deepEqual(filled, allowed);
      });
      await assertValid(states);
    });
  }

  /** The inputs of a form, by the path of their keys. */
  const inputs = (form) =>
    Object.fromEntries(
      [...renderToString(form).matchAll(/<input [^>]*>/g)].map(([input]) => [
        /id="root_config_([^"]*)"/.exec(input)?.[1],
        /type="([^"]*)"/.exec(input)[1],
      ]),
    );

  test("the form has an input for each key of the credentials, and hides the password", async () => {
    const { form } = await load("form.mjs");
    for (const body of EXAMPLES) {
      const found = inputs(form(body));
      const [its, other] = isOkta({ body }) ? ["okta_", ""] : ["", "okta_"];
      assert.equal(found.host, "text");
      assert.equal(found[`${its}username`], "text");
      assert.equal(found[`${its}password`], "password");
      assert.equal(found[`${other}username`], undefined);
    }
  });

  test("with the schema for validators, the form shows the credentials of both", async () => {
    const { form } = await load("form.mjs");
    const found = inputs(cloneElement(form(EXAMPLES[1]), { schema: schema("payload") }));
    assert.equal(found.okta_username, "text");
    assert.equal(found.username, "text");
  });
});

test("JSON Forms has a control for each key, and compiles the schema", async () => {
  const { ajv, schema: formSchema, uischema } = await load("jsonforms.mjs");
  const scopes = uischema.elements.map(({ scope }) => scope);
  assert.deepEqual(scopes, ["#/properties/type", "#/properties/autoBootstrap", "#/properties/config"]);
  const validate = ajv.compile(formSchema);
  assert.deepEqual(
    lost((body) => validate(body)),
    [],
  );
});

test("json-schema-faker generates thirty valid payloads", async () => {
  const { payload } = await load("generate.mjs");
  const bodies = [];
  for (let count = 0; count < 30; count += 1) {
    bodies.push(await payload());
  }
  await assertValid(bodies);
  assert.ok(bodies.some((body) => isOkta({ body })) && !bodies.every((body) => isOkta({ body })));
});

test("the documentation has every key", () => {
  const html = readFileSync(join(folder, "payload.html"), "utf8");
  const { definitions } = schema("payload");
  for (const { title } of Object.values(definitions)) {
    assert.ok(title === undefined || html.includes(title), title);
  }
});

test(
  "typify compiles, and loses ranges and constants",
  { skip: !WHOLE && "compiles for a minute: BOOTSHIFT_WHOLE=1" },
  async () => {
    const crate = join(folder, "typify");
    cpSync(fileURLToPath(new URL("../typify", import.meta.url)), crate, { recursive: true });
    cpSync(join(folder, "payload.types.schema.json"), join(crate, "payload.types.schema.json"));
    const [rust] = BLOCKS.filter(({ language }) => language === "rust").map(({ body }) => body.trim());
    assert.ok(readFileSync(join(crate, "src/main.rs"), "utf8").includes(rust), rust);
    const env = { ...process.env, CARGO_TARGET_DIR: join(root, "target/schema-tools") };
    const built = await run("cargo", ["build", "--quiet", "--locked"], { cwd: crate, env });
    assert.equal(built.code, 0, built.stderr);
    const program = join(env.CARGO_TARGET_DIR, "debug/bootshift-schema-tools-typify");
    const input = PAYLOADS.map(({ body }) => JSON.stringify(body)).join("\n");
    const { stdout } = await run(program, [], { input });
    const results = new Map(
      stdout
        .trim()
        .split("\n")
        .map((line, at) => [PAYLOADS[at].body, JSON.parse(line)]),
    );
    const accepted = lost((body) => results.get(body) !== null);
    assert.deepEqual(lostCodes(accepted, hasNull), [
      "authentication-mismatch",
      "impersonation-role-missing",
      "invalid-value",
      "out-of-range",
      "unsupported-type",
    ]);
    for (const { body } of VALID) {
      assert.deepEqual(results.get(body), body);
    }
  },
);
