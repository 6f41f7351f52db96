    -- The content is not trusted if an ordinary user owns the marker or can write to it.
    SELECT COUNT(*) INTO matching
    FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_user o, pg_catalog.pg_user s
    WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'bootstrap' AND c.relkind = 'r'
      AND o.usesysid = c.relowner AND (o.usesuper OR o.usename = CURRENT_USER)
      AND s.usesysid = n.nspowner AND (s.usesuper OR s.usename = CURRENT_USER)
      AND NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_user u
          WHERE NOT u.usesuper AND u.usesysid <> c.relowner AND u.usename <> CURRENT_USER
            AND (has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'INSERT')
                 OR has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'UPDATE')
                 OR has_table_privilege(u.usename, {% include "probes/table_name.sql" %}, 'DELETE'))
      );
    IF matching <> 1 THEN
        RAISE EXCEPTION 'immuta_system.bootstrap is not trusted: it is not a table, or an ordinary user owns it or can write to it';
    END IF;
