-- @effect Create the system account
SELECT 1 FROM pg_catalog.pg_user WHERE usename = {{ user.sql() }}
-- @effect Create the impersonation group
SELECT 1 FROM pg_catalog.pg_group WHERE groname = {{ group.sql() }}
-- @effect Create the database
SELECT 1 FROM pg_catalog.pg_database WHERE datname = {{ database.sql() }}
-- @effect Revoke all privileges on the database from PUBLIC
SELECT 1 FROM pg_catalog.pg_database WHERE datname = {{ database.sql() }} AND datacl IS NOT NULL
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(datacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*C')
-- @effect Let everybody make temporary tables in the database
SELECT 1 FROM pg_catalog.pg_database WHERE datname = {{ database.sql() }}
    AND (datacl IS NULL OR COALESCE(chr(31) || REPLACE(array_to_string(datacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*T'))
-- @effect Give the system account all privileges on the database
SELECT 1 FROM pg_catalog.pg_database d, pg_catalog.pg_user u
WHERE d.datname = {{ database.sql() }} AND u.usename = {{ user.sql() }}
    AND has_database_privilege(u.usename, d.datname, 'CREATE') AND has_database_privilege(u.usename, d.datname, 'TEMPORARY')
-- @effect Create the schema immuta_system
SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'immuta_system'
-- @effect Create the schema immuta_functions
SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'immuta_functions'
-- @effect Create the schema immuta_procedures
SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'immuta_procedures'
-- @effect Let everybody use the three schemas
SELECT 1 WHERE 3 = (SELECT COUNT(*) FROM pg_catalog.pg_namespace n WHERE n.nspname IN ('immuta_system', 'immuta_functions', 'immuta_procedures')
    AND COALESCE(chr(31) || REPLACE(array_to_string(n.nspacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*U'))
-- @effect Create the table profile
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'profile'
    AND c.relkind = 'r'
    AND 5 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    AND 5 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN ('immuta__userid', 'immuta__groups', 'immuta__attributes', 'immuta__projects', 'immuta__tables'))
-- @effect Close profile to everybody
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'profile'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(c.relacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_user u WHERE NOT u.usesuper AND u.usesysid <> c.relowner AND u.usename <> {{ user.sql() }} AND (has_table_privilege(u.usename, 'immuta_system.profile', 'SELECT') OR has_table_privilege(u.usename, 'immuta_system.profile', 'INSERT') OR has_table_privilege(u.usename, 'immuta_system.profile', 'UPDATE') OR has_table_privilege(u.usename, 'immuta_system.profile', 'DELETE')))
-- @effect Create the table impersonation_grant
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'impersonation_grant'
    AND c.relkind = 'r'
    AND 2 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    AND 2 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN ('grant_id', 'user_name'))
-- @effect Create the table impersonation_session
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'impersonation_session'
    AND c.relkind = 'r'
    AND 6 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    AND 6 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN ('session_process', 'session_start', 'user_name', 'grant_id', 'started_at', 'target_userid'))
-- @effect Close the state of impersonation to everybody
SELECT 1 WHERE EXISTS (
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'impersonation_grant'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(c.relacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_user u WHERE NOT u.usesuper AND u.usesysid <> c.relowner AND (has_table_privilege(u.usename, 'immuta_system.impersonation_grant', 'SELECT') OR has_table_privilege(u.usename, 'immuta_system.impersonation_grant', 'INSERT') OR has_table_privilege(u.usename, 'immuta_system.impersonation_grant', 'UPDATE') OR has_table_privilege(u.usename, 'immuta_system.impersonation_grant', 'DELETE')))
) AND EXISTS (
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'impersonation_session'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(c.relacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_user u WHERE NOT u.usesuper AND u.usesysid <> c.relowner AND (has_table_privilege(u.usename, 'immuta_system.impersonation_session', 'SELECT') OR has_table_privilege(u.usename, 'immuta_system.impersonation_session', 'INSERT') OR has_table_privilege(u.usename, 'immuta_system.impersonation_session', 'UPDATE') OR has_table_privilege(u.usename, 'immuta_system.impersonation_session', 'DELETE')))
)
-- @effect Create the view user_profile
SELECT 1 FROM (
    SELECT REPLACE(LOWER(pg_get_viewdef(c.oid)), chr(10), ' ') AS definition
    FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
    WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'user_profile' AND c.relkind = 'v'
) v
WHERE v.definition IS NOT NULL{% if has_group %}
    AND LENGTH(REPLACE(v.definition, 'immuta_system.profile', '')) = LENGTH(v.definition) - 21
    AND LENGTH(REPLACE(v.definition, 'current_user', '')) = LENGTH(v.definition) - 24
    AND LENGTH(REPLACE(v.definition, ' where ', '')) = LENGTH(v.definition) - 14
    AND LENGTH(REPLACE(v.definition, 'coalesce', '')) = LENGTH(v.definition) - 16
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_session', '')) = LENGTH(v.definition) - 35
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_grant', '')) = LENGTH(v.definition) - 33
    AND LENGTH(REPLACE(v.definition, 'stv_sessions', '')) = LENGTH(v.definition) - 12
    AND LENGTH(REPLACE(v.definition, 'pg_backend_pid', '')) = LENGTH(v.definition) - 14
    AND LENGTH(REPLACE(v.definition, 'union', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, ' or ', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'limit', '')) = LENGTH(v.definition) - 5{% else %}
    AND LENGTH(REPLACE(v.definition, 'immuta_system.profile', '')) = LENGTH(v.definition) - 21
    AND LENGTH(REPLACE(v.definition, 'current_user', '')) = LENGTH(v.definition) - 12
    AND LENGTH(REPLACE(v.definition, ' where ', '')) = LENGTH(v.definition) - 7
    AND LENGTH(REPLACE(v.definition, 'coalesce', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_session', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_grant', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'stv_sessions', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'pg_backend_pid', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'union', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, ' or ', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'limit', '')) = LENGTH(v.definition) - 5{% endif %}
-- @effect Let everybody read user_profile
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'user_profile'
    AND COALESCE(chr(31) || REPLACE(array_to_string(c.relacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*r')
-- @effect Create the function list_contains
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_functions' AND p.proname = 'list_contains'
    AND MD5(TRANSLATE(p.prosrc, chr(9) || chr(10) || chr(13) || ' ', '')) = {{ list_contains.sql() }}
-- @effect Create the procedure impersonate_user
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'impersonate_user' AND p.prosecdef
    AND MD5(TRANSLATE(p.prosrc, chr(9) || chr(10) || chr(13) || ' ', '')) = {{ impersonate_user.sql() }}
-- @effect Create the procedure grant_impersonation
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'grant_impersonation' AND p.prosecdef
    AND MD5(TRANSLATE(p.prosrc, chr(9) || chr(10) || chr(13) || ' ', '')) = {{ grant_impersonation.sql() }}
-- @effect Create the procedure revoke_impersonation
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'revoke_impersonation' AND p.prosecdef
    AND MD5(TRANSLATE(p.prosrc, chr(9) || chr(10) || chr(13) || ' ', '')) = {{ revoke_impersonation.sql() }}
-- @effect Close impersonate_user to everybody
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'impersonate_user'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
-- @effect Close impersonate_user to the system account, which may call what is made later, but not this
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'impersonate_user'
    AND STRPOS(COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), ''), chr(31) || {{ user_entry.sql() }}) = 0
-- @effect Close grant_impersonation to everybody
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'grant_impersonation'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
-- @effect Close revoke_impersonation to everybody
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'revoke_impersonation'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
-- @effect Let the group impersonate
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'impersonate_user'
    AND STRPOS(COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), ''), chr(31) || {{ group_entry.sql() }}) > 0
-- @effect Let the system account admit impersonators
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'grant_impersonation'
    AND STRPOS(COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), ''), chr(31) || {{ user_entry.sql() }}) > 0
-- @effect Let the system account remove impersonators
SELECT 1 FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n
WHERE n.oid = p.pronamespace AND n.nspname = 'immuta_procedures' AND p.proname = 'revoke_impersonation'
    AND STRPOS(COALESCE(chr(31) || REPLACE(array_to_string(p.proacl, chr(31)), '"', ''), ''), chr(31) || {{ user_entry.sql() }}) > 0
-- @effect Give the system account all privileges on the three schemas
SELECT 1 WHERE 3 = (SELECT COUNT(*) FROM pg_catalog.pg_namespace n, pg_catalog.pg_user u WHERE n.nspname IN ('immuta_system', 'immuta_functions', 'immuta_procedures') AND u.usename = {{ user.sql() }}
    AND has_schema_privilege(u.usename, n.nspname, 'CREATE') AND has_schema_privilege(u.usename, n.nspname, 'USAGE'))
-- @effect Let the system account read and write profile
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_user u
WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'profile' AND u.usename = {{ user.sql() }}
    AND has_table_privilege(u.usename, 'immuta_system.profile', 'SELECT') AND has_table_privilege(u.usename, 'immuta_system.profile', 'INSERT') AND has_table_privilege(u.usename, 'immuta_system.profile', 'UPDATE') AND has_table_privilege(u.usename, 'immuta_system.profile', 'DELETE')
-- @effect Let the system account call procedures made later
SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.pg_namespace n WHERE n.oid = d.defaclnamespace AND n.nspname = 'immuta_procedures' AND d.defaclobjtype IN ('p', 'f')
    AND STRPOS(COALESCE(chr(31) || REPLACE(array_to_string(d.defaclacl, chr(31)), '"', ''), ''), chr(31) || {{ user_entry.sql() }}) > 0
-- @effect Let everybody call functions that the system account makes later
SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.pg_namespace n, pg_catalog.pg_user u WHERE n.oid = d.defaclnamespace AND n.nspname = 'immuta_functions' AND d.defaclobjtype IN ('f') AND u.usesysid = d.defacluser AND u.usename = {{ user.sql() }}
    AND COALESCE(chr(31) || REPLACE(array_to_string(d.defaclacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*X')
-- @effect Let everybody read the views that the system account makes later
SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.pg_user u WHERE d.defaclnamespace = 0 AND d.defaclobjtype IN ('r') AND u.usesysid = d.defacluser AND u.usename = {{ user.sql() }}
    AND COALESCE(chr(31) || REPLACE(array_to_string(d.defaclacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*r')
-- @effect Create the marker table
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'bootstrap'
    AND c.relkind = 'r'
    AND 8 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    AND 8 = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN ('bootshift_version', 'mode', 'database_name', 'database_created', 'user_name', 'user_created', 'group_name', 'group_created'))
-- @effect Close the marker to everybody
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'bootstrap'
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(c.relacl, chr(31)), '"', ''), '') ~ (chr(31) || '=')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_user u WHERE NOT u.usesuper AND u.usesysid <> c.relowner
        AND (has_table_privilege(u.usename, 'immuta_system.bootstrap', 'INSERT') OR has_table_privilege(u.usename, 'immuta_system.bootstrap', 'UPDATE') OR has_table_privilege(u.usename, 'immuta_system.bootstrap', 'DELETE') OR (u.usename <> {{ user.sql() }} AND has_table_privilege(u.usename, 'immuta_system.bootstrap', 'SELECT'))))
-- @effect Let the system account read the marker
SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_user u
WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'bootstrap' AND u.usename = {{ user.sql() }}
    AND has_table_privilege(u.usename, 'immuta_system.bootstrap', 'SELECT')
-- @effect Drop the database
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_database WHERE datname = {{ database.sql() }})
-- @effect Drop the impersonation group
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_group WHERE groname = {{ group.sql() }})
-- @effect Drop the system account
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_user WHERE usename = {{ user.sql() }})
