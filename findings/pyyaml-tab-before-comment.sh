#!/usr/bin/env bash
# A tab between a value and its comment: PyYAML's Python loader rejects it, and its C loader accepts it.
#
# Packages:  PyYAML 6.0.3, ruamel.yaml 0.19.1, yamllint 1.38.0 (PyPI); yaml 2.9.1, js-yaml 5.5.0, yamljs 0.3.0 (npm)
# Date:      2026-11-27
# Expected:  the C loader is a faster version of the Python loader: both accept the same documents.
# Actual:    YAML allows tabs as white space outside of indentation. libyaml (and so CSafeLoader and programs that
#            prefer it, such as Ansible), js-yaml and yaml read `port: 5439<tab># usual` as 5439. safe_load, ruamel.yaml
#            and yamllint reject the line. yamljs reads the tab and the comment as part of a string.
# Output:    the text of `expected` below.
# Impact:    payloads with aligned comments are common where editors insert tabs. Such a file works in a deployment with
#            Ansible and in Node.js, but not in check-jsonschema, yamllint and scripts. Without libyaml, Ansible fails
#            too.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile PyYAML==6.0.3 ruamel.yaml==0.19.1 yamllint==1.38.0
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1 js-yaml@5.5.0 yamljs@0.3.0

printf 'port: 5439\t# usual\n' >payload.yaml

cat >read.py <<'END'
import yaml
from ruamel.yaml import YAML

readers = {
    "PyYAML SafeLoader": lambda text: yaml.load(text, Loader=yaml.SafeLoader),
    "PyYAML CSafeLoader": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
    "ruamel.yaml": lambda text: dict(YAML().load(text)),
}
for name, read in readers.items():
    try:
        print(f"{name}:", read(open("payload.yaml").read()))
    except Exception as error:
        print(f"{name}:", type(error).__name__)
END

cat >read.cjs <<'END'
const text = require("fs").readFileSync("payload.yaml", "utf8");
for (const [name, read] of [
  ["yaml", require("yaml").parse],
  ["js-yaml", require("js-yaml").load],
  ["yamljs", require("yamljs").parse],
]) {
  console.log(`${name}: ${JSON.stringify(read(text))}`);
}
END

cat >expected <<'END'
PyYAML SafeLoader: ScannerError
PyYAML CSafeLoader: {'port': 5439}
ruamel.yaml: ScannerError
payload.yaml:1:11: [error] syntax error: found character '\t' that cannot start any token (syntax)
yaml: {"port":5439}
js-yaml: {"port":5439}
yamljs: {"port":"5439\t# usual"}
END

{
  venv/bin/python read.py
  venv/bin/yamllint --format parsable -d '{rules: {}}' payload.yaml || true
  node read.cjs
} >seen
diff expected seen
echo "as stated: the two loaders of PyYAML differ"
