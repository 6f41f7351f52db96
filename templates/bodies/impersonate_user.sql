DECLARE
    caller VARCHAR(127);
    matching INTEGER;
    live_grant BIGINT;
    word VARCHAR(64);
BEGIN
    -- The user who logged in: CURRENT_USER is this procedure's owner here.
    caller := SESSION_USER;

    -- EXECUTE is granted to the group only, but a member could share it through a procedure of their own.
    -- The catalog is on the leader node: it is queried separately from the tables.
    SELECT COUNT(*) INTO matching
    FROM pg_catalog.pg_user u, pg_catalog.pg_group g
    WHERE u.usename = caller AND g.groname = {{ group.sql() }} AND u.usesysid = ANY (g.grolist);
    IF matching = 0 THEN
        RAISE EXCEPTION 'only members of the impersonation group may impersonate';
    END IF;

    IF target IS NULL THEN
        -- No row has this word: the session is the caller's own again.
        SELECT SET_CONFIG('immuta.session', '', FALSE) INTO word;
        RETURN;
    END IF;
    SELECT COUNT(*) INTO matching FROM immuta_system.profile p WHERE p.immuta__userid = target;
    IF matching = 0 THEN
        RAISE EXCEPTION 'the Immuta user does not exist';
    END IF;

    -- A superuser may have added the caller with ALTER GROUP; revoke_impersonation must find the caller too.
    SELECT MAX(i.grant_id) INTO live_grant FROM immuta_system.impersonation_grant i WHERE i.user_name = caller;
    IF live_grant IS NULL THEN
        INSERT INTO immuta_system.impersonation_grant (user_name) VALUES (caller);
        SELECT MAX(i.grant_id) INTO live_grant FROM immuta_system.impersonation_grant i WHERE i.user_name = caller;
    END IF;

    -- The word ties the row to this session: it distinguishes the sessions of one user. It is no secret, because a row
    -- applies to its user only, and only while its grant exists.
    word := CAST(pg_backend_pid() AS VARCHAR(16)) || '-'
        || CAST(CAST(RANDOM() * 1000000000000000 AS BIGINT) AS VARCHAR(16));
    INSERT INTO immuta_system.impersonation_session (session_word, user_name, grant_id, target_userid)
    VALUES (word, caller, live_grant, target);
    SELECT SET_CONFIG('immuta.session', word, FALSE) INTO word;
END;
