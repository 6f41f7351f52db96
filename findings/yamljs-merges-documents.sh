#!/usr/bin/env bash
# yamljs reads a stream of documents as one document, and keeps the first value of a duplicate key.
#
# Package:   yamljs 0.3.0 (npm); for comparison js-yaml 5.5.0 (npm) and PyYAML 6.0.3 (PyPI)
# Date:      2026-11-27
# Expected:  a second document is rejected or ignored, and the last value of a duplicate key is used, as in PyYAML.
# Actual:    `---` in the middle is ignored, so the keys of all documents are in one object, with the first value of
#            each key, without an error. PyYAML uses the last value of a duplicate key, and js-yaml rejects both. A
#            leading zero makes a number octal even if it contains an 8 or a 9, and the digits from there on are
#            dropped.
# Output:    the text of `expected` below.
# Impact:    two payloads in one file become a third one that is in no file: it has the host of the first, and each
#            property that only the second has. A file with a duplicate key has one host for this reader and another for
#            PyYAML.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile PyYAML==6.0.3
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts yamljs@0.3.0 js-yaml@5.5.0

printf '%s\n' 'host: a.example.com' 'port: 5439' --- 'host: b.example.com' 'role: reader' >stream.yaml
printf '%s\n' 'host: a.example.com' 'host: b.example.com' >duplicate.yaml
printf '%s\n' 'port: 05439' >zero.yaml

cat >read.cjs <<'END'
const { readFileSync } = require("fs");
const readers = { yamljs: require("yamljs").parse, "js-yaml": require("js-yaml").load };
for (const [name, read] of Object.entries(readers)) {
  for (const file of ["stream", "duplicate", "zero"]) {
    let value;
    try {
      value = JSON.stringify(read(readFileSync(`${file}.yaml`, "utf8")));
    } catch {
      value = "refused";
    }
    console.log(`${name} ${file}: ${value}`);
  }
}
END

cat >read.py <<'END'
import json

import yaml

for file in ("stream", "duplicate", "zero"):
    try:
        value = json.dumps(yaml.safe_load(open(f"{file}.yaml")))
    except yaml.YAMLError:
        value = "refused"
    print(f"PyYAML {file}: {value}")
END

cat >expected <<'END'
yamljs stream: {"host":"a.example.com","port":5439,"role":"reader"}
yamljs duplicate: {"host":"a.example.com"}
yamljs zero: {"port":355}
js-yaml stream: refused
js-yaml duplicate: refused
js-yaml zero: {"port":5439}
PyYAML stream: refused
PyYAML duplicate: {"host": "b.example.com"}
PyYAML zero: {"port": "05439"}
END

{ node read.cjs && venv/bin/python read.py; } >seen
diff expected seen
echo "as stated: documents are merged, the first value stays"
