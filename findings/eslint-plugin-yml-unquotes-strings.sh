#!/usr/bin/env bash
# eslint-plugin-yml's standard rules, with --fix, unquote `"yes"`, `"12_345_678"` and `"2024-01-01"`.
#
# Packages:  eslint-plugin-yml 3.10.0 with eslint 9.39.1 (npm); PyYAML 6.0.3 (PyPI)
# Date:      2026-11-27
# Guess:     a fix takes quotes away only where no common reader sees anything but a string without them.
# Behaviour: `flat/standard` asks YAML 1.2 alone. Quotes stay round what 1.2 takes for a number (`"5439"`, `"0o17"`,
#            `"02357"`) and round `"1:30"`, for its colon, but go where only 1.1 sees something else; comment and order
#            stay, so the difference looks like a matter of taste. PyYAML then reads a boolean, numbers and a date.
# Seen:      the text of `expected` below.
# Why here:  quotes round such values are the advice for files that readers of both versions pass on; here two tools
#            undo each other's work, and the one that runs last decides what a reader of YAML 1.1 (PyYAML, Ansible,
#            yamllint) makes of the database's name.
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
