SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.pg_user u WHERE d.defaclnamespace = 0 AND d.defaclobjtype IN ('r') AND u.usesysid = d.defacluser AND u.usename = {{ user.sql() }}
    AND COALESCE(chr(31) || REPLACE(array_to_string(d.defaclacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*r')
