#!/usr/bin/env bash
# knex.raw sends $1 for a question mark in a literal, a quoted name or a body, even without bindings.
#
# Package:   knex 3.3.0 with pg 8.23.1 (npm)
# Date:      2026-11-27
# Expected:  `raw` without a second argument passes its text to the driver as it is.
# Actual:    the clients `pg` and `redshift` number every question mark in the text before it reaches the driver, with
#            or without bindings, and regardless of quotes and dollar quotes. `toString()` of the same object shows the
#            original text, so a log of it does not show what is sent. Only `\?` is sent as `?`.
# Output:    the text of `expected` below.
# Impact:    a script that creates an account with the password `Example?1` creates it with `Example$11`: there is no
#            error, and no login works. Names, comments and operators in the body of a procedure change in the same way.
#            In a migration with knex, send such a script through the driver (`knex.client.acquireConnection`), or write
#            `\?`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --prefix . --silent --no-audit --no-fund --ignore-scripts knex@3.3.0 pg@8.23.1

cat >probe.cjs <<'END'
const Knex = require("knex");

const statements = [
  "CREATE USER ana PASSWORD 'Example?1'",
  'CREATE GROUP "who?"',
  "CREATE PROCEDURE p() AS $b$ BEGIN x := 'a ? b'; END $b$ LANGUAGE plpgsql",
  "CREATE USER ana PASSWORD 'Example\\?1'",
];

(async () => {
  for (const client of ["pg", "redshift"]) {
    const knex = Knex({ client });
    // A connection that only notes what a driver would be told to send.
    let sent;
    knex.client.acquireConnection = async () => ({
      query: (query, done) => {
        sent = query;
        done(null, { command: "", rows: [] });
      },
    });
    knex.client.releaseConnection = async () => {};
    for (const statement of statements) {
      const raw = knex.raw(statement);
      await raw;
      console.log(`${client} shows ${raw}`);
      console.log(`${client} sends ${sent.text} ${JSON.stringify(sent.values)}`);
    }
  }
})();
END

cat >expected <<'END'
pg shows CREATE USER ana PASSWORD 'Example?1'
pg sends CREATE USER ana PASSWORD 'Example$11' []
pg shows CREATE GROUP "who?"
pg sends CREATE GROUP "who$1" []
pg shows CREATE PROCEDURE p() AS $b$ BEGIN x := 'a ? b'; END $b$ LANGUAGE plpgsql
pg sends CREATE PROCEDURE p() AS $b$ BEGIN x := 'a $1 b'; END $b$ LANGUAGE plpgsql []
pg shows CREATE USER ana PASSWORD 'Example?1'
pg sends CREATE USER ana PASSWORD 'Example?1' []
redshift shows CREATE USER ana PASSWORD 'Example?1'
redshift sends CREATE USER ana PASSWORD 'Example$11' []
redshift shows CREATE GROUP "who?"
redshift sends CREATE GROUP "who$1" []
redshift shows CREATE PROCEDURE p() AS $b$ BEGIN x := 'a ? b'; END $b$ LANGUAGE plpgsql
redshift sends CREATE PROCEDURE p() AS $b$ BEGIN x := 'a $1 b'; END $b$ LANGUAGE plpgsql []
redshift shows CREATE USER ana PASSWORD 'Example?1'
redshift sends CREATE USER ana PASSWORD 'Example?1' []
END

node probe.cjs >seen
diff expected seen
echo "as stated: question marks become \$1"
