SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_user u
WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'profile' AND u.usename = {{ user.sql() }}
    AND has_table_privilege(u.usename, 'immuta_system.profile', 'SELECT') AND has_table_privilege(u.usename, 'immuta_system.profile', 'INSERT') AND has_table_privilege(u.usename, 'immuta_system.profile', 'UPDATE') AND has_table_privilege(u.usename, 'immuta_system.profile', 'DELETE')
