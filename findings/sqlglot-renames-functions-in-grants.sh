#!/usr/bin/env bash
# sqlglot parses the signature in GRANT EXECUTE as a call, and renames the granted function.
#
# Package:   sqlglot 30.30.0 (PyPI), dialect redshift on both sides
# Date:      2026-11-27
# Expected:  a statement about privileges is unchanged, as it is for tables and schemas.
# Actual:    functions that sqlglot knows are renamed, whatever their schema: `len` becomes LENGTH, `nvl` COALESCE,
#            `charindex` a POSITION with IN, `if` a CASE. All other names become upper case, also in quotes.
#            `normalize_functions=False` prevents only the latter.
# Output:    the text of `expected` below.
# Impact:    the grant names a function that does not exist, or another one. With case-sensitive identifiers on
#            Redshift, "Unmask" and "UNMASK" are two functions. Read what a transpiler or a formatter that uses this
#            library has written before you run it, above all statements about privileges.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile sqlglot==30.30.0

cat >probe.py <<'END'
import sqlglot

for sql in (
    "GRANT SELECT ON immuta.len TO ana",
    "GRANT EXECUTE ON PROCEDURE immuta.impersonate(varchar) TO ana",
    'GRANT EXECUTE ON FUNCTION immuta."Unmask"(varchar) TO ana',
    "GRANT EXECUTE ON FUNCTION immuta.len(varchar) TO ana",
    "GRANT EXECUTE ON FUNCTION immuta.nvl(int, int) TO ana",
    "GRANT EXECUTE ON FUNCTION immuta.charindex(varchar, varchar) TO ana",
    "REVOKE EXECUTE ON FUNCTION immuta.if(bool, int, int) FROM PUBLIC",
):
    print(sqlglot.transpile(sql, read="redshift", write="redshift")[0])
    print("  ", sqlglot.transpile(sql, read="redshift", write="redshift", normalize_functions=False)[0])
END

cat >expected <<'END'
GRANT SELECT ON immuta.len TO ana
   GRANT SELECT ON immuta.len TO ana
GRANT EXECUTE ON PROCEDURE immuta.IMPERSONATE(varchar) TO ana
   GRANT EXECUTE ON PROCEDURE immuta.impersonate(varchar) TO ana
GRANT EXECUTE ON FUNCTION immuta."UNMASK"(varchar) TO ana
   GRANT EXECUTE ON FUNCTION immuta."Unmask"(varchar) TO ana
GRANT EXECUTE ON FUNCTION immuta.LENGTH(varchar) TO ana
   GRANT EXECUTE ON FUNCTION immuta.LENGTH(varchar) TO ana
GRANT EXECUTE ON FUNCTION immuta.COALESCE(int, int) TO ana
   GRANT EXECUTE ON FUNCTION immuta.COALESCE(int, int) TO ana
GRANT EXECUTE ON FUNCTION immuta.POSITION(varchar IN varchar) TO ana
   GRANT EXECUTE ON FUNCTION immuta.POSITION(varchar IN varchar) TO ana
REVOKE EXECUTE ON FUNCTION immuta.CASE WHEN bool THEN int ELSE int END FROM PUBLIC
   REVOKE EXECUTE ON FUNCTION immuta.CASE WHEN bool THEN int ELSE int END FROM PUBLIC
END

venv/bin/python probe.py >seen
diff expected seen
echo "as stated: functions in grants are renamed"
