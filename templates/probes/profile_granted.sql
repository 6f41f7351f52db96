SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_user u
WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'profile' AND u.usename = {{ user.sql() }}
    AND has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'SELECT')
    AND has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'INSERT')
    AND has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'UPDATE')
    AND has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'DELETE')
