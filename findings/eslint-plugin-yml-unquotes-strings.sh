#!/usr/bin/env bash
# The standard rules of eslint-plugin-yml, with --fix, unquote `"yes"`, `"12_345_678"` and `"2024-01-01"`.
#
# Packages:  eslint-plugin-yml 3.10.0 with eslint 9.39.1 (npm); PyYAML 6.0.3 (PyPI)
# Date:      2026-11-27
# Expected:  a fix removes quotes only if every common reader still reads a string.
# Actual:    `flat/standard` considers only YAML 1.2. It keeps quotes around what YAML 1.2 reads as a number (`"5439"`,
#            `"0o17"`, `"02357"`), and around `"1:30"` because of the colon, but removes them where only YAML 1.1 reads
#            another type. Comments and order are kept, so the change looks like a matter of style. PyYAML then reads a
#            boolean, numbers and a date.
# Output:    the text of `expected` below.
# Impact:    quotes around such values are recommended for files that readers of both versions use. Here, two tools undo
#            each other's changes, and the last one determines what a reader of YAML 1.1 (PyYAML, Ansible, yamllint)
#            reads as the name of the database.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile PyYAML==6.0.3
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts eslint@9.39.1 eslint-plugin-yml@3.10.0

cat >payload.yaml <<'END'
type: "Redshift"
config:
  database: "yes"
  initialDatabase: "on"
  username: "1:30"
  password: "12_345_678"
  role: "0b11"
  port: "5439"
  account: "02357"
  since: "2024-01-01"
END

cat >eslint.config.mjs <<'END'
import yml from "eslint-plugin-yml";

export default yml.configs["flat/standard"] ?? yml.configs.standard;
END

cat >expected <<'END'
type: Redshift
config:
  database: yes
  initialDatabase: on
  username: "1:30"
  password: 12_345_678
  role: 0b11
  port: "5439"
  account: "02357"
  since: 2024-01-01
PyYAML reads:
  database True
  initialDatabase True
  username '1:30'
  password 12345678
  role 3
  port '5439'
  account '02357'
  since datetime.date(2024, 1, 1)
END

node_modules/.bin/eslint --fix payload.yaml
{
  cat payload.yaml
  echo "PyYAML reads:"
  venv/bin/python -c '
import yaml
for key, value in yaml.safe_load(open("payload.yaml"))["config"].items():
    print(" ", key, repr(value))'
} >seen
diff expected seen
echo "as stated: quotes go that YAML 1.1 needs"
