#!/usr/bin/env bash
# Visual Studio Code's JSON completion inserts a key without its value if the value is both the default and an example.
#
# Packages:  vscode-json-languageservice 5.7.2, vscode-languageserver-textdocument 1.0.12 (npm)
# Date:      2026-11-28
# Expected:  one proposed value is inserted together with the key, wherever the schema mentions it.
# Actual:    proposals are counted, not compared: `default` and an equal entry of `examples` are two, and so the key is
#            inserted with an empty value. With either of them, the value is inserted. An `enum` with a single value and
#            an equal `default` has the same effect.
# Output:    the text of `expected` below.
# Impact:    repeating the default as an example, as OpenAPI style guides ask for, makes completion worse: the text is not
#            valid JSON until you choose the only value from a second list.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --ignore-scripts \
  vscode-json-languageservice@5.7.2 vscode-languageserver-textdocument@1.0.12

cat >complete.mjs <<'END'
import { getLanguageService } from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

const properties = {
  byDefault: { type: "integer", default: 5439 },
  byExample: { type: "integer", examples: [5439] },
  byBoth: { type: "integer", default: 5439, examples: [5439] },
  byEnum: { enum: ["Redshift"] },
  byEnumAndDefault: { enum: ["Redshift"], default: "Redshift" },
};
const schema = { $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties };
const service = getLanguageService({ schemaRequestService: async () => JSON.stringify(schema) });
service.configure({ schemas: [{ uri: "https://example.com/schema", fileMatch: ["*"] }] });

const document = TextDocument.create("file:///a.json", "json", 1, "{}");
const { items } = await service.doComplete(document, document.positionAt(1), service.parseJSONDocument(document));
for (const { textEdit } of items) {
  console.log(textEdit.newText);
}
END

cat >expected <<'END'
"byDefault": ${1:5439}
"byExample": ${1:5439}
"byBoth": $1
"byEnum": "${1:Redshift}"
"byEnumAndDefault": $1
END

node complete.mjs >seen
diff expected seen
echo "as stated: a repeated default empties completion"
