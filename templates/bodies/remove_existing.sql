DECLARE
    matching INTEGER;
BEGIN
{%- if existing_database %}
    SELECT COUNT(*) INTO matching FROM pg_catalog.pg_user u WHERE u.usename = {{ user_literal.sql() }};
    IF matching > 0 THEN
        ALTER DEFAULT PRIVILEGES FOR USER {{ user.sql() }} REVOKE SELECT ON TABLES FROM PUBLIC;
        SELECT COUNT(*) INTO matching FROM pg_catalog.pg_namespace n WHERE n.nspname = 'immuta_functions';
        IF matching > 0 THEN
            ALTER DEFAULT PRIVILEGES FOR USER {{ user.sql() }} IN SCHEMA immuta_functions REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        END IF;
        SELECT COUNT(*) INTO matching FROM pg_catalog.pg_namespace n WHERE n.nspname = 'immuta_procedures';
        IF matching > 0 THEN
            ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures REVOKE EXECUTE ON PROCEDURES FROM {{ user.sql() }};
        END IF;
        REVOKE ALL PRIVILEGES ON DATABASE {{ database.sql() }} FROM {{ user.sql() }};
    END IF;
    DROP SCHEMA IF EXISTS immuta_procedures, immuta_functions, immuta_system CASCADE;
{%- endif %}
{%- if let Some(group) = group %}
    SELECT COUNT(*) INTO matching FROM pg_catalog.pg_group g WHERE g.groname = {{ group.folded.sql() }};
    IF matching > 0 THEN
        DROP GROUP {{ group.name.sql() }};
    END IF;
{%- endif %}
{%- if creates_user %}
    DROP USER IF EXISTS {{ user.sql() }};
{%- endif %}
END;
