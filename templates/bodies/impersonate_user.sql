DECLARE
    caller VARCHAR(127);
    matching INTEGER;
    this_process INTEGER;
    zone VARCHAR(256);
    moment TIMESTAMP;
    live_grant BIGINT;
    this_session TIMESTAMP;
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

    IF target IS NOT NULL THEN
        SELECT COUNT(*) INTO matching FROM immuta_system.profile p WHERE p.immuta__userid = target;
        IF matching = 0 THEN
            RAISE EXCEPTION 'the Immuta user does not exist';
        END IF;
    END IF;

    -- Later sessions reuse a process number; together with its start it identifies this session.
    this_process := pg_backend_pid();
    SELECT MAX(v.starttime) INTO this_session FROM pg_catalog.stv_sessions v WHERE v.process = this_process;
    IF this_session IS NULL THEN
        RAISE EXCEPTION 'this session is not listed in stv_sessions';
    END IF;

    -- A superuser may have added the caller with ALTER GROUP; revoke_impersonation must find the caller too.
    SELECT MAX(i.grant_id) INTO live_grant FROM immuta_system.impersonation_grant i WHERE i.user_name = caller;
    IF live_grant IS NULL THEN
        INSERT INTO immuta_system.impersonation_grant (user_name) VALUES (caller);
        SELECT MAX(i.grant_id) INTO live_grant FROM immuta_system.impersonation_grant i WHERE i.user_name = caller;
    END IF;

    -- TIMEOFDAY() advances within a transaction; its first 31 characters exclude the time zone. It may be in the
    -- session's time zone, where the user or the end of daylight saving time can turn it back: a later row must
    -- have a later time, so it is read in UTC.
    zone := CURRENT_SETTING('timezone');
    PERFORM SET_CONFIG('timezone', 'UTC', FALSE);
    moment := CAST(SUBSTRING(TIMEOFDAY(), 1, 31) AS TIMESTAMP);
    PERFORM SET_CONFIG('timezone', zone, FALSE);

    INSERT INTO immuta_system.impersonation_session
        (session_process, session_start, user_name, grant_id, started_at, target_userid)
    VALUES
        (this_process, this_session, caller, live_grant, moment, target);
END;
