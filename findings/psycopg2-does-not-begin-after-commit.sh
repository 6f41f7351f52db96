#!/usr/bin/env bash
# psycopg2's rollback does not take back what follows a COMMIT in the text, though autocommit is off.
#
# Packages:  psycopg2-binary 2.9.13, psycopg 3.3.9, pg8000 1.31.5 (PyPI); @electric-sql/pglite-socket 0.2.17 with
#            @electric-sql/pglite 0.5.14 (npm)
# Date:      2026-11-28
# Guess:     with autocommit off, a driver of PEP 249 begins a transaction before a statement if none is open, so what
#            comes after `execute("COMMIT")` can be rolled back.
# Behaviour: psycopg 3 and pg8000 go by the state that the server reports, and begin another transaction. psycopg2 goes by
#            its own note, which only its `commit()` and `rollback()` change: until one of them is called, it begins
#            none, each statement takes effect at once, and `rollback()` changes nothing.
# Seen:      the text of `expected` below.
# Why here:  a script with its own BEGIN and COMMIT, and CREATE DATABASE after it, runs to its end in psycopg2 without
#            autocommit, and stops half way in psycopg 3 and pg8000: `CREATE DATABASE cannot run inside a transaction
#            block`. And a program that tries such a script and calls `rollback()` has kept a part of it.
set -euo pipefail

work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

npm install --prefix . --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps \
    @electric-sql/pglite-socket@0.2.17 @electric-sql/pglite@0.5.14
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile \
    psycopg2-binary==2.9.13 'psycopg[binary]==3.3.9' pg8000==1.31.5

cat >server.mjs <<'END'
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const database = await PGlite.create();
const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: Number(process.argv[2]), maxConnections: 9 });
await server.start();
console.log("ready");
END

cat >probe.py <<'END'
import sys

import pg8000.dbapi
import psycopg
import psycopg2

address = {"host": "127.0.0.1", "port": int(sys.argv[1]), "user": "postgres", "password": "postgres"}
for driver in (psycopg, pg8000.dbapi, psycopg2):
    connection = driver.connect(**address, **({} if driver is pg8000.dbapi else {"sslmode": "disable"}))
    cursor = connection.cursor()
    for sql in ("DROP TABLE IF EXISTS t", "CREATE TABLE t (i int)", "COMMIT", "INSERT INTO t VALUES (1)"):
        cursor.execute(sql)
    connection.rollback()
    cursor.execute("SELECT count(*) FROM t")
    print(f"{driver.__name__}: {cursor.fetchone()[0]} rows after rollback()")
    connection.rollback()
    connection.close()
END

cat >expected <<'END'
psycopg: 0 rows after rollback()
pg8000.dbapi: 0 rows after rollback()
psycopg2: 1 rows after rollback()
END

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
node server.mjs "$port" >server.log &
server=$!
for _ in $(seq 120); do
    grep -q ready server.log && break
    sleep 0.5
done
venv/bin/python probe.py "$port" >seen
diff expected seen
echo "as stated: psycopg2 does not begin again"
