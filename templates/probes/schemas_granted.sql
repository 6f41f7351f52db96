SELECT 1 WHERE 3 = (SELECT COUNT(*) FROM pg_catalog.pg_namespace n, pg_catalog.pg_user u WHERE n.nspname IN ('immuta_system', 'immuta_functions', 'immuta_procedures') AND u.usename = {{ user.sql() }}
    AND has_schema_privilege(u.usename, n.nspname, 'CREATE') AND has_schema_privilege(u.usename, n.nspname, 'USAGE'))
