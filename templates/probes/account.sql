SELECT 1 FROM pg_catalog.pg_user WHERE usename = {{ user.sql() }}
