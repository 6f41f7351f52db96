#!/usr/bin/env bash
# Jsonnet's std.parseYaml (C++) returns aliases and merge keys as text, and knows neither tags nor `~`.
#
# Packages:  jsonnet 0.22.0, rjsonnet 0.5.6 (PyPI)
# Date:      2026-11-27
# Expected:  anchors are resolved or rejected, and two implementations of Jsonnet read a document in the same way.
# Actual:    the C++ implementation returns the string "*port" for an alias, and for `<<: *base` a key `<<` with the
#            string "*base", without an error. `!!str 5439` is a number, `~` the string "~", `0x1F` a string, and a
#            document that begins with `---` is an array with one element. The Rust implementation resolves aliases,
#            does not merge either, and reads `02357` as octal.
# Output:    the text of `expected` below.
# Impact:    payloads for several clusters share values with anchors, and some repositories build them with Jsonnet.
#            Host and port of the result are words with a star. Check the result, not the sources.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile jsonnet==0.22.0 rjsonnet==0.5.6

cat >probe.py <<'END'
import json

import _jsonnet
import rjsonnet

for yaml in (
    "port: &port 5439\nother: *port\n",
    "base: &base {host: a.example.com}\nconfig:\n  <<: *base\n  port: 5439\n",
    "password: !!str 5439\n",
    "role: ~\n",
    "port: 02357\nother: 0x1F\n",
    "---\nport: 5439\n",
):
    program = "std.manifestJsonMinified(std.parseYaml(%s))" % json.dumps(yaml)
    print(json.dumps(yaml))
    for name, module in (("  C++ ", _jsonnet), ("  Rust", rjsonnet)):
        print(name, json.loads(module.evaluate_snippet("payload", program)))
END

cat >expected <<'END'
"port: &port 5439\nother: *port\n"
  C++  {"other":"*port","port":5439}
  Rust {"other":5439,"port":5439}
"base: &base {host: a.example.com}\nconfig:\n  <<: *base\n  port: 5439\n"
  C++  {"base":{"host":"a.example.com"},"config":{"<<":"*base","port":5439}}
  Rust {"base":{"host":"a.example.com"},"config":{"<<":{"host":"a.example.com"},"port":5439}}
"password: !!str 5439\n"
  C++  {"password":5439}
  Rust {"password":"5439"}
"role: ~\n"
  C++  {"role":"~"}
  Rust {"role":null}
"port: 02357\nother: 0x1F\n"
  C++  {"other":"0x1F","port":"02357"}
  Rust {"other":31,"port":1263}
"---\nport: 5439\n"
  C++  [{"port":5439}]
  Rust {"port":5439}
END

venv/bin/python probe.py >seen
diff expected seen
echo "as stated: aliases come back as text"
