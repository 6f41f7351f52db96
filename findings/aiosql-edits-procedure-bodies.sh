#!/usr/bin/env bash
# aiosql takes comments out of procedure bodies, and its parameters begin where Redshift is still in a literal.
#
# Package:   aiosql 15.0 (PyPI), driver psycopg
# Date:      2026-11-27
# Guess:     a query without parameters is handed on as it is in the file, above all what is between dollar quotes.
# Behaviour: lines with a comment and `/* ... */` are removed everywhere outside of single quotes, bodies included; a
#            `--` after code stays. Quotes are those of standard SQL: after `'it\'s` the literal is over for aiosql, so
#            `:name` in the rest of it becomes a parameter of the driver.
# Seen:      the text of `expected` below.
# Why here:  the procedure on the cluster has another text than the file under review, so a comparison of the catalog
#            with the script reports a difference. On Redshift a backslash escapes a quote, and a password or comment
#            with one and a colon turns into a query that wants a value.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile aiosql==15.0

cat >queries.sql <<'EOF'
-- name: procedure#
CREATE PROCEDURE p() AS $body$
-- only the owner may call it
BEGIN
  EXECUTE 'select ''-- kept'''; -- kept as well
  x := '/* kept */'; /* removed */
END;
$body$ LANGUAGE plpgsql;

-- name: comment#
COMMENT ON SCHEMA sales IS 'it\'s :open';

-- name: standard#
COMMENT ON SCHEMA sales IS 'it''s :open';
EOF

cat >expected <<'EOF'
CREATE PROCEDURE p() AS $body$
BEGIN
  EXECUTE 'select ''-- kept'''; -- kept as well
  x := '/* kept */';
END;
$body$ LANGUAGE plpgsql;
COMMENT ON SCHEMA sales IS 'it\'s %(open)s';
COMMENT ON SCHEMA sales IS 'it''s :open';
EOF

venv/bin/python -c '
import aiosql

queries = aiosql.from_path("queries.sql", "psycopg")
for name in ("procedure", "comment", "standard"):
    print(getattr(queries, name).sql)' >seen
diff expected seen
echo "as stated: the body has changed"
