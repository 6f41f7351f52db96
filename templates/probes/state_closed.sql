SELECT 1 WHERE 2 = (
    SELECT COUNT(*) FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
    WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system'
        AND c.relname IN ('impersonation_grant', 'impersonation_session')
        AND NOT COALESCE(chr(31) || REPLACE(array_to_string(c.relacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
        AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_user u
            WHERE NOT u.usesuper AND u.usesysid <> c.relowner
                AND (has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'SELECT')
                    OR has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'INSERT')
                    OR has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'UPDATE')
                    OR has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'DELETE'))
        )
)
