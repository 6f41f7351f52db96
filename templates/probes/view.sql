SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n
WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'user_profile' AND c.relkind = 'v'
