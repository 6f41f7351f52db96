#!/usr/bin/env bash
# PGlite stays who SET SESSION AUTHORIZATION made it: RESET, DEFAULT and even ROLLBACK do not bring it back.
#
# Package:   @electric-sql/pglite 0.5.16 (npm), PostgreSQL 18.6 in WebAssembly
# Date:      2026-11-27
# Guess:     it is PostgreSQL, so RESET SESSION AUTHORIZATION returns to the user that opened the database.
# Behaviour: after `SET SESSION AUTHORIZATION ana` the session's user is ana until a name is set again. RESET and
#            DEFAULT report success and do nothing, and where it is the first such statement of a session, ROLLBACK does
#            not take it back either. `SET ROLE` and `RESET ROLE` work as they should.
# Seen:      the text of `expected` below.
# Why here:  PGlite is what one reaches for to try a script without a server. A test that looks at a grant through
#            the grantee's eyes and then resets runs everything after it as that user: the rest of the script fails
#            for want of privileges, or passes a test of refusal for the wrong reason. Write the name of the owner
#            instead of RESET.
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
