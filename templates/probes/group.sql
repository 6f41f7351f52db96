SELECT 1 FROM pg_catalog.pg_group WHERE groname = {{ group.sql() }}
