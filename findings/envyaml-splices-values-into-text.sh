#!/usr/bin/env bash
# EnvYAML inserts variables into the text before it is parsed: a password is truncated, unescaped or gets another type.
#
# Package:   envyaml 1.10.211231 (PyPI)
# Date:      2026-11-27
# Expected:  `password: ${NAME}` is parsed first, and the string is then replaced by the value of the variable.
# Actual:    the value is parsed as YAML. Text after ` #` is a comment, digits are a number, `yes` and `null` are not
#            strings, and blanks at the ends are lost. Quotes around the reference help, but in double quotes, `\n`
#            becomes a line feed. Other values cause an error of the parser at a position inside the value.
# Output:    the text of `expected` below: for the reference without quotes, in double quotes and in single quotes.
# Impact:    the payload is valid and the variable is right, but the account gets another password than the secret store
#            has, or the API gets a number. A reference is safe only in single quotes, as long as the value contains
#            none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile envyaml==1.10.211231

cat >payload.yaml <<'END'
config:
  plain: ${REDSHIFT_PASSWORD}
  double: "${REDSHIFT_PASSWORD}"
  single: '${REDSHIFT_PASSWORD}'
END

cat >probe.py <<'END'
import os

from envyaml import EnvYAML

for value in ("Example1", "Exam #ple1", "12345678", "yes", "null", " Example1 ", r"Exam\nple1"):
    os.environ["REDSHIFT_PASSWORD"] = value
    config = EnvYAML("payload.yaml")["config"]
    print(repr(value), "->", repr(config["plain"]), repr(config["double"]), repr(config["single"]))
END

cat >expected <<'END'
'Example1' -> 'Example1' 'Example1' 'Example1'
'Exam #ple1' -> 'Exam' 'Exam #ple1' 'Exam #ple1'
'12345678' -> 12345678 '12345678' '12345678'
'yes' -> True 'yes' 'yes'
'null' -> None 'null' 'null'
' Example1 ' -> 'Example1' ' Example1 ' ' Example1 '
'Exam\\nple1' -> 'Exam\\nple1' 'Exam\nple1' 'Exam\\nple1'
END

venv/bin/python probe.py >seen
diff expected seen
echo "as stated: the value is read as YAML"
