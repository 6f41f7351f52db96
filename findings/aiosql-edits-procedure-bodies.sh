#!/usr/bin/env bash
# aiosql removes comments from procedure bodies, and finds parameters inside Redshift literals.
#
# Package:   aiosql 15.0 (PyPI), driver psycopg
# Date:      2026-11-27
# Expected:  a query without parameters is passed on as it is in the file, above all the text between dollar quotes.
# Actual:    lines with a comment and `/* ... */` are removed everywhere outside of single quotes, also in bodies; a
#            `--` after code is kept. Quotes follow standard SQL: after `'it\'s`, aiosql considers the literal closed,
#            so `:name` in the rest of it becomes a parameter of the driver.
# Output:    the text of `expected` below.
# Impact:    the procedure on the cluster differs from the reviewed file, so a comparison of the catalog with the script
#            reports a difference. On Redshift, a backslash escapes a quote, so a password or comment with an escaped
#            quote and a colon becomes a query that expects a value.
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
