#!/usr/bin/env bash
# EnvYAML puts variables into the text before it is parsed: a password is cut, retyped or unescaped.
#
# Package:   envyaml 1.10.211231 (PyPI)
# Date:      2026-11-27
# Guess:     `password: ${NAME}` is parsed first, and the string is then replaced by the variable's value.
# Behaviour: the value becomes YAML. What follows ` #` is a comment, digits are a number, `yes` and `null` are no
#            strings, blanks at the ends go; quotes round the reference help, but then `\n` is a line feed between
#            double quotes. Other values end in an error of the parser that points into the value.
# Seen:      the text of `expected` below: the plain reference, the one in double, the one in single quotes.
# Why here:  the payload is valid, the variable is right, and the account gets another password than the one that the
#            secret store has, or the API a number. A reference is safe between single quotes alone, as long as the
#            value has none.
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
