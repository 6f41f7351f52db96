#!/usr/bin/env bash
# yaml-set (yamlpath) gives a quoted string a new value without quotes, of whatever type the value looks like.
#
# Packages:  yamlpath 3.9.1, PyYAML 6.0.3 (PyPI)
# Date:      2026-11-27
# Guess:     a value that replaces a string is a string, and keeps the quotes of the one that it replaces.
# Behaviour: digits become an integer and `true` a boolean; `no` and `2:30` are written plain, strings to the YAML 1.2
#            of yamlpath, but not to readers of 1.1. `null` alone is quoted. The rest of the file changes as well: a
#            `---` at the top, blanks within `[a,  b]`. `--format=dquote` keeps the type.
# Seen:      the text of `expected` below.
# Why here:  it is the tool for changing one value of a payload in a pipeline. A name or a rotated password of digits
#            becomes a number, which the API refuses, and a database called "no" is false for the next reader.
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
