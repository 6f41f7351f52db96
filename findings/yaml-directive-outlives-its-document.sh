#!/usr/bin/env bash
# `%YAML 1.1` in one file changes how ruamel.yaml reads the next one; in a stream, it applies to all later documents.
#
# Packages:  ruamel.yaml 0.19.1 (PyPI); yaml 2.9.1, js-yaml 5.5.0 (npm)
# Date:      2026-11-27
# Expected:  the directive applies to its document, and later documents are read as YAML 1.2 again.
# Actual:    a `YAML()` object of ruamel.yaml that has read a file with the directive reads every later file as YAML 1.1
#            (`yes` is true, `02357` octal, `1:30` ninety), and writes the directive into them. In a stream, ruamel.yaml
#            and the npm package `yaml` apply it to later documents too, which YAML 1.1 allows and YAML 1.2 does not.
#            js-yaml ignores the directive, so two of three readers read other values from the second document.
# Output:    the text of `expected` below.
# Impact:    a check that reads all files of a folder with one reader has results that depend on the order of the files:
#            `database: yes` is a string if its payload is read alone, and a boolean after the other file. Create a new
#            `YAML()` for each file, and do not use directives in streams.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile ruamel.yaml==0.19.1
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1 js-yaml@5.5.0

printf '%s\n' '%YAML 1.1' --- 'database: yes' >old.yaml
printf '%s\n' 'database: yes' 'port: 02357' 'username: 1:30' >new.yaml
{ cat old.yaml && echo ... && echo --- && cat new.yaml; } >stream.yaml

cat >read.py <<'END'
import json
import sys

from ruamel.yaml import YAML

print("ruamel, new.yaml alone:", json.dumps(YAML().load(open("new.yaml"))))
yaml = YAML()
yaml.load(open("old.yaml"))
after = yaml.load(open("new.yaml"))
print("ruamel, new.yaml after old.yaml:", json.dumps(after))
yaml.dump(after, sys.stdout)
print("ruamel, stream:", json.dumps(list(YAML().load_all(open("stream.yaml")))[1]))
END

cat >read.cjs <<'END'
const { readFileSync } = require("fs");
const stream = readFileSync("stream.yaml", "utf8");
console.log("yaml, stream:", JSON.stringify(require("yaml").parseAllDocuments(stream)[1]));
console.log("js-yaml, stream:", JSON.stringify(require("js-yaml").loadAll(stream)[1]));
END

cat >expected <<'END'
ruamel, new.yaml alone: {"database": "yes", "port": 2357, "username": "1:30"}
ruamel, new.yaml after old.yaml: {"database": true, "port": 1263, "username": 90}
%YAML 1.1
---
database: true
port: 02357
username: 90
ruamel, stream: {"database": true, "port": 1263, "username": 90}
yaml, stream: {"database":true,"port":1263,"username":90}
js-yaml, stream: {"database":"yes","port":2357,"username":"1:30"}
END

{ venv/bin/python read.py && node read.cjs; } >seen
diff expected seen
echo "as stated: the directive outlives its document"
