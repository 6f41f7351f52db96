#!/usr/bin/env bash
# check-jsonschema --fill-defaults ends in a traceback if a property of the schema is `true` or `false`.
#
# Package:   check-jsonschema 0.39.0 (PyPI)
# Date:      2026-11-28
# Expected:  `true` and `false` are schemas (JSON Schema, draft 6 and later), so `--fill-defaults` finds no default there.
# Actual:    a valid document gets "TypeError: argument of type 'bool' is not iterable". Without the option, or with
#            `patternProperties` or `{"not": {}}` instead of `false`, the document is valid.
# Output:    the text of `expected` below.
# Impact:    `"then": {"properties": {"key": false}}` is how schemas forbid keys under a condition. One of them is enough
#            to make the option unusable for all documents.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile check-jsonschema==0.39.0

schema() { echo "{\"\$schema\": \"http://json-schema.org/draft-07/schema#\", $1}"; }
schema '"properties": {"okta": false}' >false.json
schema '"properties": {"okta": true}' >true.json
schema '"properties": {"okta": {"not": {}}}' >not.json
schema '"patternProperties": {"^okta$": false}' >pattern.json
echo '{"username": "admin"}' >document.json

cat >expected <<'END'
false: ok -- validation done
false --fill-defaults: TypeError: argument of type 'bool' is not iterable
true: ok -- validation done
true --fill-defaults: TypeError: argument of type 'bool' is not iterable
not: ok -- validation done
not --fill-defaults: ok -- validation done
pattern: ok -- validation done
pattern --fill-defaults: ok -- validation done
END

for name in false true not pattern; do
  for option in "" " --fill-defaults"; do
    # shellcheck disable=SC2086 # No option is no argument.
    output=$(venv/bin/check-jsonschema --schemafile $name.json $option document.json 2>&1) || true
    echo "$name$option: $(tail -n 1 <<<"$output")"
  done
done >seen
diff expected seen
echo "as stated: a boolean property ends in a traceback"
