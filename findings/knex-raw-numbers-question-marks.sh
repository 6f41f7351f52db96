#!/usr/bin/env bash
# knex.raw writes $1 for a question mark in a literal, a quoted name or a body, even without a value to bind.
#
# Package:   knex 3.3.0 with pg 8.23.1 (npm)
# Date:      2026-11-27
# Guess:     `raw` with no second argument hands its text to the driver as it is.
# Behaviour: the clients `pg` and `redshift` number every question mark of the text on the way to the driver, bindings
#            or none, without a look at quotes and dollar quotes. The same object's `toString()` shows the text as it
#            was written, so a log of it does not show what is sent. Only `\?` goes out as `?`.
# Seen:      the text of `expected` below.
# Why here:  a script that creates an account for `Example?1` creates it for `Example$11`: no error, and no log-in
#            works. Names, comments and the operators of a procedure's body change the same way. A migration by knex has
#            to send such a script through the driver (`knex.client.acquireConnection`), or write `\?`.
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
