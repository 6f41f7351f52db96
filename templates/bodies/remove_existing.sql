DECLARE
    matching INTEGER;
BEGIN
    -- EXECUTE parses a statement only when it runs: what it names may not exist.
{%- if existing_database %}
    SELECT COUNT(*) INTO matching FROM pg_catalog.pg_user u WHERE u.usename = {{ user.sql() }};
    IF matching > 0 THEN
        EXECUTE {{ undo_default_tables.sql() }};
        EXECUTE {{ restore_default_tables.sql() }};
        SELECT COUNT(*) INTO matching FROM pg_catalog.pg_namespace n WHERE n.nspname = 'immuta_functions';
        IF matching > 0 THEN
            EXECUTE {{ undo_default_functions.sql() }};
        END IF;
        SELECT COUNT(*) INTO matching FROM pg_catalog.pg_namespace n WHERE n.nspname = 'immuta_procedures';
        IF matching > 0 THEN
            EXECUTE {{ undo_default_procedures.sql() }};
        END IF;
        EXECUTE {{ revoke_database.sql() }};
    END IF;
    EXECUTE 'DROP SCHEMA IF EXISTS immuta_procedures, immuta_functions, immuta_system CASCADE';
{%- endif %}
{%- if let Some(group) = group %}
    SELECT COUNT(*) INTO matching FROM pg_catalog.pg_group g WHERE g.groname = {{ group.name.sql() }};
    IF matching > 0 THEN
        EXECUTE {{ group.drop.sql() }};
    END IF;
{%- endif %}
{%- if let Some(drop_user) = drop_user %}
    EXECUTE {{ drop_user.sql() }};
{%- endif %}
END;
