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
    -- The identity that impersonate_user has set for this session, while its grant exists. A user can set the variable,
    -- but a row applies only to the user that it was written for, and only the procedures write it.
    (
        SELECT s.target_userid
        FROM immuta_system.impersonation_session s
        JOIN immuta_system.impersonation_grant g ON g.grant_id = s.grant_id AND g.user_name = s.user_name
        WHERE s.session_word = CURRENT_SETTING('immuta.session', FALSE)
            AND s.user_name = CAST(CURRENT_USER AS VARCHAR(127))
    ),
    CAST(CURRENT_USER AS VARCHAR(127))
)
{%- else -%}
WHERE p.immuta__userid = CAST(CURRENT_USER AS VARCHAR(127))
{%- endif %}
-- Without a limit, a caller's own predicate could be evaluated on every row before this one, and its errors
-- could reveal the values there.
LIMIT 2147483647
