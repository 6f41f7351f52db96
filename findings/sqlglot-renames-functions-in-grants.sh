#!/usr/bin/env bash
# sqlglot takes the signature in GRANT EXECUTE for a call, and renames the function that is granted.
#
# Package:   sqlglot 30.30.0 (PyPI), dialect redshift on both sides
# Date:      2026-11-27
# Guess:     a statement about privileges goes through unchanged, as tables and schemas in it do.
# Behaviour: names of functions that sqlglot knows are replaced by its own, whatever their schema: `len`
#            becomes LENGTH, `nvl` COALESCE, `charindex` a POSITION with IN, `if` a CASE. All others go to upper case,
#            quoted ones too, within their quotes. `normalize_functions=False` helps against the latter alone.
# Seen:      the text of `expected` below.
# Why here:  the grant names a function that is not there, or that is another one. With case-sensitive identifiers
#            on Redshift, "Unmask" and "UNMASK" are two functions. What a transpiler or a formatter of this library
#            wrote has to be read before it runs, statements of privileges above all.
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
