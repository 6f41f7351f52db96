SELECT 1 FROM pg_catalog.pg_default_acl d, pg_catalog.pg_namespace n WHERE n.oid = d.defaclnamespace AND n.nspname = 'immuta_procedures' AND d.defaclobjtype IN ('p', 'f')
    AND STRPOS(COALESCE(chr(31) || REPLACE(array_to_string(d.defaclacl, chr(31)), '"', ''), ''), chr(31) || {{ entry.sql() }}) > 0
