DECLARE
    matching INTEGER;
BEGIN
    SELECT COUNT(*) INTO matching
    FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
    WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'bootstrap';
    IF matching = 0 THEN
{%- if new_database %}
        SELECT COUNT(*) INTO matching
        FROM pg_catalog.pg_namespace n
        WHERE SUBSTRING(n.nspname, 1, 3) <> 'pg_'
          AND n.nspname NOT IN ('information_schema', 'catalog_history', 'public', 'bootshift_guard',
                                'immuta_system', 'immuta_functions', 'immuta_procedures');
        IF matching > 0 THEN
            RAISE EXCEPTION 'the database contains schemas that the setup did not create';
        END IF;
        SELECT COUNT(*) INTO matching
        FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
        WHERE n.oid = c.relnamespace AND n.nspname = 'public';
        IF matching = 0 THEN
            SELECT COUNT(*) INTO matching
            FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
            WHERE n.oid = p.pronamespace AND n.nspname = 'public';
        END IF;
        IF matching > 0 THEN
            RAISE EXCEPTION 'the schema public of the database is not empty';
        END IF;
{%- endif %}
        RETURN;
    END IF;
{% include "check_trust.sql" %}
    -- The table may not exist, so the query is parsed only here.
    EXECUTE 'SELECT COUNT(*) FROM immuta_system.bootstrap WHERE database_created = ' || {{ database_created.sql() }}
        || ' AND user_created = ' || {{ user_created.sql() }}
        || ' AND user_name = ' || QUOTE_LITERAL({{ user.sql() }})
        || ' AND group_name = ' || QUOTE_LITERAL({{ group.sql() }}) INTO matching;
    IF matching <> 1 THEN
        RAISE EXCEPTION 'immuta_system.bootstrap belongs to another setup';
    END IF;
END;
