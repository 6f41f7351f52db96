#!/usr/bin/env bash
# yaml-language-server inserts an object without escaping `${NAME}` in its defaults, so editors insert nothing for them.
#
# Packages:  yaml-language-server 2.0.0, vscode-languageserver-textdocument 1.0.12, monaco-editor 0.57.0 (npm)
# Date:      2026-11-28
# Expected:  completing an object inserts the defaults of its keys, as completing a single key does.
# Actual:    for a single key, the default is escaped (`\${APP_PASSWORD\}`). In the snippet of an object it is not. For an
#            editor `${APP_PASSWORD}` is then a variable of snippets, which does not exist, and the value is empty. The
#            snippets are resolved by the parser of Visual Studio Code, which is part of monaco-editor.
# Output:    the text of `expected` below.
# Impact:    a schema with references to environment variables as defaults for secrets completes to empty secrets in
#            every editor that uses this server. The schemas of Bootshift have them as examples instead.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --ignore-scripts \
  yaml-language-server@2.0.0 vscode-languageserver-textdocument@1.0.12 monaco-editor@0.57.0

cat >complete.mjs <<'END'
import { SnippetParser } from "./node_modules/monaco-editor/esm/vs/editor/contrib/snippet/browser/snippetParser.js";
import { TextDocument } from "vscode-languageserver-textdocument";
import { getLanguageService } from "yaml-language-server";

const account = {
  type: "object",
  required: ["username", "password"],
  properties: {
    username: { type: "string", default: "app" },
    password: { type: "string", default: "${APP_PASSWORD}" },
  },
};
const schema = { $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties: { account } };
const service = getLanguageService({
  schemaRequestService: async () => JSON.stringify(schema),
  workspaceContext: { resolveRelativePath: (path) => path },
  clientCapabilities: {},
  yamlSettings: { documentSettings: new Map(), specificValidatorPaths: [], schemaAssociations: {} },
  telemetry: { send() {}, sendError() {}, sendTrack() {} },
});
service.configure({ completion: true, schemas: [{ uri: "https://example.com/schema", fileMatch: ["*"] }] });

for (const [name, text, label] of [
  ["the key", "account:\n  ", "password"],
  ["the object", "", "account"],
]) {
  const document = TextDocument.create(`file:///${label}.yaml`, "yaml", 1, text);
  const { items } = await service.doComplete(document, document.positionAt(text.length), false);
  const { newText } = items.find((item) => item.label === label).textEdit;
  console.log(`${name}: ${JSON.stringify(newText)}`);
  console.log(`  inserted: ${JSON.stringify(new SnippetParser().parse(newText).toString())}`);
}
END

cat >expected <<'END'
the key: "password: \\${APP_PASSWORD\\}"
  inserted: "password: ${APP_PASSWORD}"
the object: "account:\n  username: ${1:app}\n  password: ${2:${APP_PASSWORD}}"
  inserted: "account:\n  username: app\n  password: "
END

node complete.mjs >seen
diff expected seen
echo "as stated: references are lost in objects"
