DECLARE
    matching INTEGER;
BEGIN
    -- This ends the user's impersonation in every session at once: user_profile checks the grant each time.
    DELETE FROM immuta_system.impersonation_grant WHERE user_name = grantee;

    SELECT COUNT(*) INTO matching
    FROM pg_catalog.pg_user u, pg_catalog.pg_group g
    WHERE u.usename = grantee AND g.groname = {{ group.sql() }} AND u.usesysid = ANY (g.grolist);
    IF matching > 0 THEN
        EXECUTE 'ALTER GROUP ' || {{ delimited_group.sql() }} || ' DROP USER "' || REPLACE(grantee, '"', '""') || '"';
    END IF;

    -- Housekeeping. If a user starts to impersonate at the same time, Redshift may make one of the two retry
    -- (error 1023, serializable isolation).
    DELETE FROM immuta_system.impersonation_session WHERE user_name = grantee;
END;
