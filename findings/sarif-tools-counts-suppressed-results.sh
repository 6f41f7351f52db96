#!/usr/bin/env bash
# sarif-tools counts results that are suppressed or absent since the baseline, and shows message ids as messages.
#
# Package:   sarif-tools 3.0.5 (PyPI)
# Date:      2026-11-27
# Expected:  a result with an accepted suppression, or with `baselineState: absent`, does not make `--check error` fail.
# Actual:    both are counted with their level, in the summary, in `--check` and in the output for GitLab. If a message
#            is given by its id in the rule's `messageStrings`, the id ("default") is shown, without the arguments. A
#            level that comes from the rule's default, and `kind: pass`, are handled correctly.
# Output:    the text of `expected` below.
# Impact:    a report on payloads that is filtered by suppressions, or compared with a baseline, still makes a pipeline
#            fail that relies on this tool, unless you use the tool's own filter (`--filter`, suppression). Checkers
#            should write the whole message as `message.text`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# It draws charts, and the library for them keeps a cache of fonts.
export MPLCONFIGDIR=$work

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile sarif-tools==3.0.5

cat >report.py <<'END'
import json

rule = {
    "id": "placeholder",
    "defaultConfiguration": {"level": "note"},
    "messageStrings": {"default": {"text": "{0} is a placeholder"}},
}


def result(line, text, **more):
    place = {"artifactLocation": {"uri": "payload.yaml"}, "region": {"startLine": line}}
    return {
        "ruleId": "placeholder",
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        **more,
    }


results = [
    result(1, "by the rule"),
    result(2, "passed", kind="pass", level="none"),
    result(3, "suppressed", level="error", suppressions=[{"kind": "external", "status": "accepted"}]),
    result(4, "absent", level="error", baselineState="absent"),
    {**result(5, "", level="warning"), "message": {"id": "default", "arguments": ["host"]}},
]
run = {"tool": {"driver": {"name": "example", "rules": [rule]}}, "results": results}
schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
json.dump({"version": "2.1.0", "$schema": schema, "runs": [run]}, open("report.sarif", "w"))
END
venv/bin/python report.py

cat >expected <<'END'
Severity,Code,Description,Location,Line
error,placeholder,absent,payload.yaml,4
error,placeholder,suppressed,payload.yaml,3
warning,placeholder,default,payload.yaml,5
note,placeholder,by the rule,payload.yaml,1
none,placeholder,passed,payload.yaml,2
status with --check error: 2
END

{
  venv/bin/sarif csv --output report.csv report.sarif >output
  cut -d, -f2- report.csv | tr -d '\r'
  status=0
  venv/bin/sarif --check error summary --output summary.txt report.sarif >output 2>&1 || status=$?
  echo "status with --check error: $status"
} >seen
diff expected seen
echo "as stated: suppressed and absent results count"
