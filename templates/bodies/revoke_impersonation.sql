DECLARE
    matching INTEGER;
BEGIN
    -- This ends the user's impersonation in every session at once: user_profile asks for the grant each time.
    DELETE FROM immuta_system.impersonation_grant WHERE user_name = grantee;

    SELECT COUNT(*) INTO matching
    FROM pg_catalog.pg_user u, pg_catalog.pg_group g
    WHERE u.usename = grantee AND g.groname = {{ group.sql() }} AND u.usesysid = ANY (g.grolist);
    IF matching > 0 THEN
        EXECUTE 'ALTER GROUP ' || {{ delimited_group.sql() }} || ' DROP USER "' || REPLACE(grantee, '"', '""') || '"';
    END IF;

    -- House-keeping. Where it meets a user who starts to impersonate, Redshift may ask one of the two to call
    -- again (error 1023, serializable isolation).
    DELETE FROM immuta_system.impersonation_session WHERE user_name = grantee;
END;
