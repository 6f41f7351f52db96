SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_functions' AND p.proname = {{ name.sql() }}
    AND MD5(LOWER(TRANSLATE(p.prosrc, chr(9) || chr(10) || chr(13) || ' ', ''))) = {{ digest.sql() }}
