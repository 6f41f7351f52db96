#!/usr/bin/env bash
# strictyaml writes a document without its quotes, and other readers then find null, numbers and booleans in it.
#
# Packages:  strictyaml 1.7.3, PyYAML 6.0.3 (PyPI)
# Date:      2026-11-27
# Expected:  a library that promises round trips keeps the quotes of scalars, at least where they are needed.
# Actual:    load a document, change one number, and write it: comments and order are kept, but all quotes are removed,
#            also of values that were not changed. strictyaml itself reads the same values, because to it each scalar is
#            a string unless a schema says otherwise.
# Output:    the text of `expected` below.
# Impact:    a payload that was edited with it looks the same, but has another meaning: a role with the name "null" is
#            no role, a name becomes a boolean or another number, and a password of digits becomes an integer.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile strictyaml==1.7.3 PyYAML==6.0.3

cat >payload.yaml <<'END'
# The sales cluster
type: Redshift
config:
  port: 5439 # the usual one
  database: "true"
  role: 'null'
  username: "0123"
  password: "12345678"
  okta: "${OKTA_SECRET}"
END

cat >edit.py <<'END'
import strictyaml
import yaml

text = open("payload.yaml").read()
document = strictyaml.load(text)
document["config"]["port"] = "5440"
edited = document.as_yaml()
print(edited)
for name, source in (("before", text), ("after", edited)):
    for key, value in yaml.safe_load(source)["config"].items():
        print(name, key, repr(value))
END

cat >expected <<'END'
# The sales cluster
type: Redshift
config:
  port: 5440 # the usual one
  database: true
  role: null
  username: 0123
  password: 12345678
  okta: ${OKTA_SECRET}

before port 5439
before database 'true'
before role 'null'
before username '0123'
before password '12345678'
before okta '${OKTA_SECRET}'
after port 5440
after database True
after role None
after username 83
after password 12345678
after okta '${OKTA_SECRET}'
END

venv/bin/python edit.py >seen
diff expected seen
echo "as stated: the quotes are gone"
