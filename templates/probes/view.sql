SELECT 1 FROM (
    SELECT REPLACE(LOWER(pg_get_viewdef(c.oid)), chr(10), ' ') AS definition
    FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
    WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'user_profile' AND c.relkind = 'v'
) v
WHERE v.definition IS NOT NULL{% if has_group %}
    AND LENGTH(REPLACE(v.definition, 'immuta_system.profile', '')) = LENGTH(v.definition) - 21
    AND LENGTH(REPLACE(v.definition, 'current_user', '')) = LENGTH(v.definition) - 24
    AND LENGTH(REPLACE(v.definition, ' where ', '')) = LENGTH(v.definition) - 14
    AND LENGTH(REPLACE(v.definition, 'coalesce', '')) = LENGTH(v.definition) - 8
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_session', '')) = LENGTH(v.definition) - 35
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_grant', '')) = LENGTH(v.definition) - 33
    AND LENGTH(REPLACE(v.definition, 'current_setting', '')) = LENGTH(v.definition) - 15
    AND LENGTH(REPLACE(v.definition, '''immuta.session''', '')) = LENGTH(v.definition) - 16
    AND LENGTH(REPLACE(v.definition, 'union', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, ' or ', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'limit', '')) = LENGTH(v.definition) - 5{% else %}
    AND LENGTH(REPLACE(v.definition, 'immuta_system.profile', '')) = LENGTH(v.definition) - 21
    AND LENGTH(REPLACE(v.definition, 'current_user', '')) = LENGTH(v.definition) - 12
    AND LENGTH(REPLACE(v.definition, ' where ', '')) = LENGTH(v.definition) - 7
    AND LENGTH(REPLACE(v.definition, 'coalesce', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_session', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'immuta_system.impersonation_grant', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'current_setting', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'union', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, ' or ', '')) = LENGTH(v.definition) - 0
    AND LENGTH(REPLACE(v.definition, 'limit', '')) = LENGTH(v.definition) - 5{% endif %}
