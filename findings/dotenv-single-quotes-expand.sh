#!/usr/bin/env bash
# Single quotes in a .env file do not protect a dollar sign from dotenv-expand, or a reference from python-dotenv.
#
# Packages:  dotenv 18.0.10 with dotenv-expand 1000.0.0 (npm), python-dotenv 1.2.4 (PyPI), and Node.js's --env-file
# Date:      2026-11-27
# Expected:  as in a shell, text in single quotes is literal.
# Actual:    dotenv removes the quotes, and dotenv-expand, which gets only the value, replaces `$word` with nothing.
#            python-dotenv does not change `$word`, but replaces `${OTHER}` and `${NAME:-x}`, also in single quotes. A
#            backslash protects the dollar sign in dotenv-expand, but becomes part of the value everywhere else. Without
#            quotes, `#` begins a comment in JavaScript even inside a word, but not in Python.
# Output:    the text of `expected` below.
# Impact:    one .env file with the account's password results in up to three passwords, depending on whether a Node.js
#            tool, a Python tool or the shell reads it. The account is created with one and logs in with another. None
#            of the first four spellings has the same meaning for dotenv-expand and for the other readers.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile python-dotenv==1.2.4
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts dotenv@18.0.10 dotenv-expand@1000.0.0

cat >secrets.env <<'END'
DOLLAR='Exam$word1'
BRACES='Exam${DOLLAR}1'
DEFAULT='Exam${UNSET:-x}1'
ESCAPED='Exam\$word1'
HASH=Exam#ple1
END

cat >read.cjs <<'END'
const { readFileSync } = require("fs");
const parsed = require("dotenv").parse(readFileSync("secrets.env"));
const expanded = require("dotenv-expand").expand({ parsed: { ...parsed }, processEnv: {} }).parsed;
const python = JSON.parse(readFileSync("python.json", "utf8"));
for (const name of Object.keys(parsed)) {
  console.log(
    `${name}: dotenv ${parsed[name]}, dotenv-expand ${expanded[name]},`,
    `python-dotenv ${python[name]}, node ${process.env[name]}`,
  );
}
END

cat >expected <<'END'
DOLLAR: dotenv Exam$word1, dotenv-expand Exam, python-dotenv Exam$word1, node Exam$word1
BRACES: dotenv Exam${DOLLAR}1, dotenv-expand ExamExam1, python-dotenv ExamExam$word11, node Exam${DOLLAR}1
DEFAULT: dotenv Exam${UNSET:-x}1, dotenv-expand Examx1, python-dotenv Examx1, node Exam${UNSET:-x}1
ESCAPED: dotenv Exam\$word1, dotenv-expand Exam$word1, python-dotenv Exam\$word1, node Exam\$word1
HASH: dotenv Exam, dotenv-expand Exam, python-dotenv Exam#ple1, node Exam
END

venv/bin/python -c 'import dotenv, json; print(json.dumps(dotenv.dotenv_values("secrets.env")))' >python.json
node --env-file=secrets.env read.cjs >seen
diff expected seen
echo "as stated: single quotes do not make a value literal"
