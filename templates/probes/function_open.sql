SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_functions' AND p.proname = {{ name.sql() }}
    AND (p.proacl IS NULL OR COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*X'))
