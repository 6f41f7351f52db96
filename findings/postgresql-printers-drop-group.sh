#!/usr/bin/env bash
# PostgreSQL's parse tree has no groups: a printed statement grants to a user instead.
#
# Packages:  pglast 8.7 (PyPI); pgsql-parser 18.2.8 with pgsql-deparser 18.3.8 (npm)
# Date:      2026-11-27
# Expected:  a parser and printer based on PostgreSQL's own grammar preserves the meaning of statements.
# Actual:    since version 8.1, PostgreSQL has only roles, and its grammar treats GROUP and USER as synonyms of ROLE.
#            The tree does not record the word, so both printers write `TO g` for `TO GROUP g`, `DROP ROLE` for `DROP
#            USER` and `DROP GROUP`, and `ALTER ROLE` for `ALTER USER`. `ALTER GROUP` and `CREATE GROUP` are preserved,
#            but the members of a new group become roles.
# Output:    the text of `expected` below.
# Impact:    Redshift distinguishes users, groups and roles. There, `GRANT ... TO g` means the user g: it fails, or
#            grants the privilege to a user of the same name. `DROP ROLE u` does not drop a user. A bootstrap script
#            that such a formatter or linter has rewritten is a different script, although it is the same on PostgreSQL.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile pglast==8.7
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts pgsql-parser@18.2.8 \
  pgsql-deparser@18.3.8

cat >statements.txt <<'END'
GRANT USAGE ON SCHEMA sales TO GROUP analysts
REVOKE ALL ON SCHEMA sales FROM GROUP analysts
ALTER DEFAULT PRIVILEGES FOR USER loader GRANT SELECT ON TABLES TO GROUP analysts
CREATE GROUP analysts WITH USER ana
ALTER GROUP analysts ADD USER ana
ALTER USER ana PASSWORD 'Example1'
DROP USER ana
DROP GROUP analysts
END

cat >print.py <<'END'
from pglast.stream import RawStream

for line in open("statements.txt"):
    print("pglast:", RawStream()(line.strip()))
END

cat >print.mjs <<'END'
import { readFileSync } from "node:fs";
import { deparse, parse } from "pgsql-parser";

for (const line of readFileSync("statements.txt", "utf8").trim().split("\n")) {
  console.log("pgsql-parser:", (await deparse(await parse(line))).replace(/\s+/g, " "));
}
END

cat >expected <<'END'
pglast: GRANT USAGE ON SCHEMA sales TO analysts
pglast: REVOKE ALL PRIVILEGES ON SCHEMA sales FROM analysts
pglast: ALTER DEFAULT PRIVILEGES FOR ROLE loader GRANT SELECT ON TABLES TO analysts
pglast: CREATE GROUP analysts WITH ROLE ana
pglast: ALTER GROUP analysts ADD USER ana
pglast: ALTER ROLE ana PASSWORD 'Example1'
pglast: DROP ROLE ana
pglast: DROP ROLE analysts
pgsql-parser: GRANT USAGE ON SCHEMA sales TO analysts
pgsql-parser: REVOKE ALL ON SCHEMA sales FROM analysts RESTRICT
pgsql-parser: ALTER DEFAULT PRIVILEGES FOR ROLE loader GRANT SELECT ON TABLES TO analysts
pgsql-parser: CREATE GROUP analysts WITH ROLE ana
pgsql-parser: ALTER GROUP analysts ADD USER ana
pgsql-parser: ALTER ROLE ana PASSWORD 'Example1'
pgsql-parser: DROP ROLE ana
pgsql-parser: DROP ROLE analysts
END

{ venv/bin/python print.py && node print.mjs; } >seen
diff expected seen
echo "as stated: both printers lose GROUP and USER"
