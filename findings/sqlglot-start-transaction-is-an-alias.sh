#!/usr/bin/env bash
# sqlglot parses START TRANSACTION as a column START with an alias, and prints START AS TRANSACTION.
#
# Package:   sqlglot 30.30.0 (PyPI)
# Date:      2026-11-27
# Expected:  `START TRANSACTION` is the same as `BEGIN`, or is passed on as an unknown command, like CALL.
# Actual:    in the dialects redshift and postgres, the statement is parsed without error or warning, as an alias. With
#            a mode (`READ WRITE`), it is rejected. BEGIN, `BEGIN READ WRITE` and COMMIT are understood. ABORT is parsed
#            as a column, and printed unchanged.
# Output:    the text of `expected` below.
# Impact:    Redshift accepts both spellings. A script that was processed by sqlglot fails at its first line, and if the
#            runner continues after errors, the rest runs without a transaction. A linter that searches the tree for
#            transactions finds none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile sqlglot==30.30.0

cat >probe.py <<'END'
import sqlglot

for dialect in ("redshift", "postgres"):
    for tree in sqlglot.parse("BEGIN; START TRANSACTION; ABORT; COMMIT", read=dialect):
        print(dialect, type(tree).__name__, tree.sql(dialect=dialect))
    try:
        sqlglot.parse("START TRANSACTION READ WRITE", read=dialect)
    except sqlglot.ParseError:
        print(dialect, "START TRANSACTION READ WRITE: refused")
END

cat >expected <<'END'
redshift Transaction BEGIN
redshift Alias START AS TRANSACTION
redshift Column ABORT
redshift Commit COMMIT
redshift START TRANSACTION READ WRITE: refused
postgres Transaction BEGIN
postgres Alias START AS TRANSACTION
postgres Column ABORT
postgres Commit COMMIT
postgres START TRANSACTION READ WRITE: refused
END

venv/bin/python probe.py >seen
diff expected seen
echo "as stated: START TRANSACTION is an alias"
