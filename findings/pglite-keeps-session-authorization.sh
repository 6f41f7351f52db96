#!/usr/bin/env bash
# PGlite keeps the user of SET SESSION AUTHORIZATION: RESET, DEFAULT and even ROLLBACK do not restore the original one.
#
# Package:   @electric-sql/pglite 0.5.16 (npm), PostgreSQL 18.6 in WebAssembly
# Date:      2026-11-27
# Expected:  it is PostgreSQL, so RESET SESSION AUTHORIZATION returns to the user that opened the database.
# Actual:    after `SET SESSION AUTHORIZATION ana`, the user of the session is ana until another name is set. RESET and
#            DEFAULT report success but do nothing. If the statement is the first of its kind in the session, ROLLBACK
#            does not undo it either. `SET ROLE` and `RESET ROLE` work as expected.
# Output:    the text of `expected` below.
# Impact:    PGlite is convenient for testing a script without a server. A test that checks a grant as the grantee and
#            then resets runs everything after it as that user: the rest of the script fails because of missing
#            privileges, or a test of a refusal passes for the wrong reason. Write the name of the owner instead of
#            RESET.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @electric-sql/pglite@0.5.16

cat >probe.mjs <<'END'
import { PGlite } from "@electric-sql/pglite";

// Each list is one session of its own.
const sessions = [
  [
    "SET ROLE ana; RESET ROLE",
    "SET SESSION AUTHORIZATION ana; RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET SESSION AUTHORIZATION postgres",
  ],
  ["BEGIN; SET SESSION AUTHORIZATION ana; ROLLBACK"],
];

for (const scripts of sessions) {
  const database = new PGlite();
  await database.exec("CREATE USER ana");
  for (const script of scripts) {
    for (const statement of script.split("; ")) await database.exec(statement);
    const [{ name }] = (await database.query("SELECT session_user || '/' || current_user AS name")).rows;
    console.log(`${script}: ${name}`);
  }
  await database.close();
}
END

cat >expected <<'END'
SET ROLE ana; RESET ROLE: postgres/postgres
SET SESSION AUTHORIZATION ana; RESET SESSION AUTHORIZATION: ana/ana
SET SESSION AUTHORIZATION DEFAULT: ana/ana
SET SESSION AUTHORIZATION postgres: postgres/postgres
BEGIN; SET SESSION AUTHORIZATION ana; ROLLBACK: ana/ana
END

node probe.mjs >seen
diff expected seen
echo "as stated: the session stays the other user's"
