DECLARE
    matching INTEGER;
BEGIN
    SELECT COUNT(*) INTO matching FROM pg_catalog.pg_user u WHERE u.usename = grantee;
    IF matching = 0 THEN
        RAISE EXCEPTION 'the Redshift user does not exist';
    END IF;

    SELECT COUNT(*) INTO matching
    FROM pg_catalog.pg_user u, pg_catalog.pg_group g
    WHERE u.usename = grantee AND g.groname = {{ group.sql() }} AND u.usesysid = ANY (g.grolist);
    IF matching = 0 THEN
        EXECUTE 'ALTER GROUP ' || {{ delimited_group.sql() }} || ' ADD USER "' || REPLACE(grantee, '"', '""') || '"';
    END IF;

    INSERT INTO immuta_system.impersonation_grant (user_name) VALUES (grantee);
END;
