CREATE {% if replaces %}OR REPLACE {% endif %}VIEW immuta_system.user_profile AS
SELECT
    p.immuta__userid,
    p.immuta__groups,
    p.immuta__attributes,
    p.immuta__projects,
    p.immuta__tables
FROM immuta_system.profile p
{% if has_group -%}
WHERE p.immuta__userid = COALESCE(
    -- The identity taken last in this session, while its grant exists. The row applies only to the user and
    -- the session that it was written for; only the procedures write it.
    (
        SELECT NULLIF(SUBSTRING(pg_catalog.max(
            pg_catalog.to_char(s.started_at, 'YYYYMMDDHH24MISSUS') || COALESCE(s.target_userid, '')
        ) FROM 21), '')
        FROM immuta_system.impersonation_session s
        JOIN immuta_system.impersonation_grant g ON g.grant_id = s.grant_id AND g.user_name = s.user_name
        JOIN pg_catalog.stv_sessions v ON v.process = s.session_process AND v.starttime = s.session_start
        WHERE s.session_process = pg_catalog.pg_backend_pid() AND s.user_name = CAST(CURRENT_USER AS VARCHAR(127))
    ),
    CAST(CURRENT_USER AS VARCHAR(127))
)
{%- else -%}
WHERE p.immuta__userid = CAST(CURRENT_USER AS VARCHAR(127))
{%- endif %}
-- Without a limit, a caller's own predicate could be evaluated on every row before this one, and its errors
-- could reveal the values there.
LIMIT 2147483647
