SELECT 1 FROM pg_catalog.pg_database d, pg_catalog.pg_user u
WHERE d.datname = {{ database.sql() }} AND u.usename = {{ user.sql() }}
    AND has_database_privilege(u.usename, d.datname, 'CREATE') AND has_database_privilege(u.usename, d.datname, 'TEMPORARY')
