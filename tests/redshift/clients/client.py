"""Runs statements one by one with a Python driver, as its documentation does it.

Standard input is a JSON object: `driver`, `host`, `port`, `sessions`. A session has `user`, `password`, `database`,
`statements`, and perhaps `transactions`: `off` by default; `on` leaves on those that the driver begins by itself; `each`
runs every statement but the first in the driver's `transaction()`. Standard output is a JSON list with what became of each
session: how many statements `ran`, the first `value` of the last one, and the `error`, with its class.
"""

import asyncio
import json
import sys
from contextlib import asynccontextmanager, nullcontext

request = json.load(sys.stdin)
DRIVER = request["driver"]


class DbApi:
    """A driver with the interface of PEP 249."""

    async def connect(self, session):
        address = {key: session[key] for key in ("user", "password", "database")}
        address |= {"host": request["host"], "port": request["port"]}
        autocommit = session.get("transactions") != "on"
        if DRIVER == "redshift_connector":
            import redshift_connector

            self.connection = redshift_connector.connect(**address, ssl=False)
            self.connection.autocommit = autocommit
        elif DRIVER == "psycopg":
            import psycopg

            address["dbname"] = address.pop("database")
            self.connection = psycopg.connect(**address, sslmode="disable", autocommit=autocommit)
        elif DRIVER == "psycopg2":
            import psycopg2

            self.connection = psycopg2.connect(**address, sslmode="disable")
            self.connection.autocommit = autocommit
        elif DRIVER == "pg8000":
            import pg8000.dbapi

            self.connection = pg8000.dbapi.connect(**address)
            self.connection.autocommit = autocommit

    @asynccontextmanager
    async def transaction(self):
        with self.connection.transaction():
            yield

    async def execute(self, sql):
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None

    async def close(self):
        self.connection.close()


class Asyncpg:
    async def connect(self, session):
        import asyncpg

        address = {key: session[key] for key in ("user", "password", "database")}
        self.connection = await asyncpg.connect(
            **address, host=request["host"], port=request["port"], ssl=False
        )

    def transaction(self):
        return self.connection.transaction()

    async def execute(self, sql):
        if sql.startswith("SELECT"):
            return await self.connection.fetchval(sql)
        await self.connection.execute(sql)

    async def close(self):
        await self.connection.close()


async def run(session):
    client = Asyncpg() if DRIVER == "asyncpg" else DbApi()
    ran, value = 0, None
    try:
        await client.connect(session)
        for statement in session["statements"]:
            nested = ran > 0 and session.get("transactions") == "each"
            async with client.transaction() if nested else nullcontext():
                value = await client.execute(statement)
            ran += 1
        await client.close()
    except Exception as error:
        kind = f"{type(error).__module__}.{type(error).__name__}"
        return {"ran": ran, "error": f"{kind}: {error}"}
    return {"ran": ran, "value": value}


async def main():
    json.dump([await run(session) for session in request["sessions"]], sys.stdout)


asyncio.run(main())
