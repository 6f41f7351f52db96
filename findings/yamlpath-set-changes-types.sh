#!/usr/bin/env bash
# yaml-set (yamlpath) replaces a quoted string with a value without quotes, of the type that the value looks like.
#
# Packages:  yamlpath 3.9.1, PyYAML 6.0.3 (PyPI)
# Date:      2026-11-27
# Expected:  a value that replaces a string is a string, and keeps the quotes.
# Actual:    digits become an integer and `true` becomes a boolean. `no` and `2:30` are written without quotes: they are
#            strings in YAML 1.2, which yamlpath uses, but not for readers of YAML 1.1. Only `null` gets quotes. The
#            rest of the file changes too: `---` is added at the top, and blanks in `[a,  b]` change. `--format=dquote`
#            keeps the type.
# Output:    the text of `expected` below.
# Impact:    this is a tool for changing one value of a payload in a pipeline. A name or a rotated password of digits
#            becomes a number, which the API rejects, and a database with the name "no" is false for the next reader.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile yamlpath==3.9.1 PyYAML==6.0.3

cat >expected <<'END'
default 12345678: ---;config:;  database: 12345678;  hosts: [a, b]; 12345678
dquote 12345678: ---;config:;  database: "12345678";  hosts: [a, b]; '12345678'
default true: ---;config:;  database: true;  hosts: [a, b]; True
dquote true: ---;config:;  database: "true";  hosts: [a, b]; 'true'
default no: ---;config:;  database: no;  hosts: [a, b]; False
dquote no: ---;config:;  database: "no";  hosts: [a, b]; 'no'
default 2:30: ---;config:;  database: 2:30;  hosts: [a, b]; 150
dquote 2:30: ---;config:;  database: "2:30";  hosts: [a, b]; '2:30'
default null: ---;config:;  database: 'null';  hosts: [a, b]; 'null'
dquote null: ---;config:;  database: "null";  hosts: [a, b]; 'null'
END

for value in 12345678 true no 2:30 null; do
  for format in default dquote; do
    printf '%s\n' 'config:' '  database: "yes"' '  hosts: [a,  b]' >payload.yaml
    venv/bin/yaml-set --change=config.database --value="$value" --format="$format" payload.yaml
    echo "$format $value: $(tr '\n' ';' <payload.yaml)" \
      "$(venv/bin/python -c 'import yaml; print(repr(yaml.safe_load(open("payload.yaml"))["config"]["database"]))')"
  done
done >seen
diff expected seen
echo "as stated: the new value has another type"
