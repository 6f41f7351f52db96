#!/usr/bin/env bash
# pg-format's %I quotes words from an old list of Redshift, not those of PostgreSQL, and not all current ones.
#
# Packages:  pg-format 1.0.4, @electric-sql/pglite 0.5.16 with PostgreSQL 18.6 (npm)
# Date:      2026-11-27
# Expected:  the port of PostgreSQL's format() quotes what PostgreSQL reserves, and knows nothing about Redshift.
# Actual:    the list in the package is Redshift's: `wallet`, `lzo`, `deflate` and `tag` are quoted. Words that
#            PostgreSQL reserves since version 8, such as `window`, `returning`, `fetch` and `lateral`, are not quoted,
#            and cause a syntax error there. From the list that Amazon publishes for Redshift, `language`, `oid`,
#            `permissions`, `respect`, `snapshot`, `pivot` and `unpivot` are missing.
# Output:    the text of `expected` below.
# Impact:    a statement with %I works for most names on both, but fails for a schema or a group with the name
#            `permissions` on Redshift, or `window` on PostgreSQL. Quote every name.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --prefix . --silent --no-audit --no-fund --ignore-scripts pg-format@1.0.4 @electric-sql/pglite@0.5.16

cat >probe.mjs <<'END'
import { PGlite } from "@electric-sql/pglite";
import format from "pg-format";

const of = (words) => words.map((word) => format("%I", word)).join(" ");
console.log("reserved by Redshift:", of(["wallet", "lzo", "deflate", "tag", "minus"]));
console.log("these too:", of(["language", "oid", "permissions", "respect", "snapshot", "pivot", "unpivot"]));

const database = new PGlite();
for (const word of ["tag", "window", "returning", "fetch", "lateral", "variadic"]) {
  let answer = "accepted";
  try {
    await database.exec(format("CREATE TABLE %I (id int)", word));
  } catch (error) {
    answer = `refused, ${error.code}`;
  }
  console.log(`PostgreSQL, ${format("%I", word)}: ${answer}`);
}
await database.close();
END

cat >expected <<'END'
reserved by Redshift: "wallet" "lzo" "deflate" "tag" "minus"
these too: language oid permissions respect snapshot pivot unpivot
PostgreSQL, "tag": accepted
PostgreSQL, window: refused, 42601
PostgreSQL, returning: refused, 42601
PostgreSQL, fetch: refused, 42601
PostgreSQL, lateral: refused, 42601
PostgreSQL, variadic: refused, 42601
END

node probe.mjs >seen
diff expected seen
echo "as stated: the list is an old one of Redshift's"
