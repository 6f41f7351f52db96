// Runs statements one by one with node-postgres; input and output are those of client.py.

import process from "node:process";
import { text } from "node:stream/consumers";

import pg from "pg";

const { host, port, sessions } = JSON.parse(await text(process.stdin));

/** What becomes of a session. */
const run = async ({ user, password, database, statements }) => {
  const client = new pg.Client({ host, port, user, password, database });
  let ran = 0;
  let value;
  try {
    await client.connect();
    for (const statement of statements) {
      const result = await client.query({ text: statement, rowMode: "array" });
      value = result.rows?.[0]?.[0];
      ran += 1;
    }
  } catch (error) {
    return { ran, error: `${error.name}: ${error.message}` };
  } finally {
    await client.end();
  }
  return { ran, value: value ?? null };
};

const results = [];
for (const session of sessions) {
  results.push(await run(session));
}
process.stdout.write(JSON.stringify(results));
