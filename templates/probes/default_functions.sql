SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.pg_namespace n, pg_catalog.pg_user u WHERE n.oid = d.defaclnamespace AND n.nspname = 'immuta_functions' AND d.defaclobjtype IN ('f') AND u.usesysid = d.defacluser AND u.usename = {{ user.sql() }}
    AND COALESCE(chr(31) || REPLACE(array_to_string(d.defaclacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*X')
