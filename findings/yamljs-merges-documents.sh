#!/usr/bin/env bash
# yamljs reads a stream of documents as one, and of two values for a key it keeps the first.
#
# Package:   yamljs 0.3.0 (npm); js-yaml 5.5.0 and PyYAML 6.0.3 (PyPI) beside it
# Date:      2026-11-27
# Guess:     a second document is refused or left out; of duplicate keys the last one wins, as in PyYAML.
# Behaviour: `---` in the middle is passed over, so the keys of all documents end in one object, and the first value of
#            a key stays, without an error. PyYAML keeps the last value of a duplicate key, js-yaml refuses both. A
#            leading zero makes a number octal although it has an 8 or a 9, and the digits from there on are dropped.
# Seen:      the text of `expected` below.
# Why here:  two payloads in one file become a third that is in no file: the first one's host, and each property that
#            only the second has. A file with a duplicate key has one host for this reader and another for PyYAML.
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
