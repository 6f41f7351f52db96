// What an editor shows and inserts with the published schemas.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { CORPUS, bodiesOf, schema } from "../src/corpus.js";
import { inserted, jsonEditor, yamlEditor } from "../src/editors.js";

const EDITORS = { "vscode-json-languageservice": jsonEditor, "yaml-language-server": yamlEditor };
const PAYLOAD = schema("payload");

/** The start of a payload, in the syntax of the editor, and what follows the cursor. */
const TEXTS = {
  "vscode-json-languageservice": {
    top: ["{", "}"],
    config: ['{"config": {', "}}"],
    userPassword: ['{"config": {"authenticationType": "userPassword", ', "}}"],
    okta: ['{"config": {"authenticationType": "okta", ', "}}"],
    account: ['{"config": {"authenticationType": "okta", "okta": {', "}}}"],
    role: ['{"config": {"impersonation": {"enabled": true, ', "}}}"],
    key: (key) => `"${key}": `,
    member: (key, value) => `"${key}": ${JSON.stringify(value)}`,
  },
  "yaml-language-server": {
    top: ["", ""],
    config: ["config:\n  ", ""],
    userPassword: ["config:\n  authenticationType: userPassword\n  ", ""],
    okta: ["config:\n  authenticationType: okta\n  ", ""],
    account: ["config:\n  authenticationType: okta\n  okta:\n    ", ""],
    role: ["config:\n  impersonation:\n    enabled: true\n    ", ""],
    key: (key) => `${key}: `,
    member: (key, value) => `${key}: ${value}`,
  },
};

/** What completion inserts for the keys of an object. */
const INSERTED = {
  userPassword: {
    host: "organization.aws.amazon.com",
    port: 5439,
    database: "immuta",
    username: "admin@example.com",
    password: "${REDSHIFT_PASSWORD}",
  },
  account: {
    username: "admin@example.com",
    password: "${OKTA_PASSWORD}",
    appId: "Okta",
    idpHost: "organization.okta.com",
    role: "admin",
  },
  role: { role: "immuta_impersonation" },
};

/** The keys with several values, which completion offers after the key. */
const OFFERED = {
  top: { type: ["Redshift"], autoBootstrap: [false, true] },
  config: { authenticationType: ["userPassword", "okta"], initialDatabase: ["dev", "REDSHIFT_SAMPLE_DATA"] },
};

for (const [name, start] of Object.entries(EDITORS)) {
  describe(name, () => {
    const editor = start(PAYLOAD);
    const texts = TEXTS[name];

    test("reports errors for exactly the bodies that the schemas reject", async () => {
      const wrong = [];
      for (const schemaName of new Set(CORPUS.map((body) => body.schema))) {
        const { errors } = start(schema(schemaName));
        for (const body of bodiesOf(schemaName)) {
          const found = await errors(JSON.stringify(body.body));
          if ((found.length === 0) !== body.isValid) {
            wrong.push({ ...body, found });
          }
        }
      }
      assert.deepEqual(wrong, []);
    });

    test("reports one error for each problem", async () => {
      const value = (config) =>
        name === "yaml-language-server"
          ? `type: Redshift\nautoBootstrap: false\nconfig:${config === null ? "" : ` ${JSON.stringify(config)}`}\n`
          : JSON.stringify({ type: "Redshift", autoBootstrap: false, config });
      const config = {
        host: "example.com",
        database: "immuta",
        initialDatabase: "dev",
        authenticationType: "userPassword",
        username: "immuta",
        password: "${REDSHIFT_PASSWORD}",
      };
      const errors = async (changes) => editor.errors(value({ ...config, ...changes }));
      assert.deepEqual(await errors({}), []);
      assert.equal((await editor.errors(value(null))).length, 1);
      assert.deepEqual(await errors({ password: undefined }), ['Missing property "password".']);
      assert.equal((await errors({ hots: "x" })).length, 1);
      assert.equal((await errors({ port: "5439" })).length, 1);
      assert.equal((await errors({ okta: {} })).length >= 1, true);
    });

    for (const [place, members] of Object.entries(INSERTED)) {
      test(`inserts values for the keys of an object: ${place}`, async () => {
        const [before, after] = texts[place];
        const found = await editor.completions(`${before}|${after}`);
        const expected = Object.entries(members).map(([key, value]) => [
          key,
          before + texts.member(key, value) + after,
        ]);
        assert.deepEqual(
          expected.map(([key]) => [key, found[key]]),
          expected,
        );
      });
    }

    for (const [place, members] of Object.entries(OFFERED)) {
      for (const [key, values] of Object.entries(members)) {
        test(`offers values: ${key}`, async () => {
          const [before, after] = texts[place];
          const found = Object.values(await editor.completions(`${before}${texts.key(key)}|${after}`));
          for (const value of values) {
            const text = before + texts.member(key, value) + after;
            assert.ok(found.includes(text), `${text}: ${JSON.stringify(found)}`);
          }
        });
      }
    }

    test("inserts a secret as a reference, or leaves it to the user", async () => {
      for (const place of ["top", "userPassword", "okta", "account"]) {
        const [before, after] = texts[place];
        for (const text of Object.values(await editor.completions(`${before}|${after}`))) {
          for (const [, value] of text.matchAll(/password"?: ?("[^"]*"|[^\n]*)/g)) {
            assert.match(value, /^("?\$\{(REDSHIFT|OKTA)_PASSWORD\}"?)?$/, text);
          }
        }
      }
    });

    test("shows the description of a property", async () => {
      const [before, after] = texts.userPassword;
      const text = await editor.hover(before + texts.member("po|rt", 5439) + after);
      assert.ok(text.replaceAll("\\", "").includes(PAYLOAD.definitions.port.description), text);
    });
  });
}

test("a snippet is resolved as in Visual Studio Code", () => {
  // Compared with `SnippetParser` of monaco-editor 0.57.0.
  assert.equal(inserted("a ${1:\\${X\\}} b"), "a ${X} b");
  assert.equal(inserted("p: ${7:${REDSHIFT_PASSWORD}}"), "p: ");
  assert.equal(inserted("\\$ $1 ${2|a,b|} x\\\\ ${3:x ${4:y} z} $NAME, ${TM_X}"), "$  a x\\ x y z , ");
});
