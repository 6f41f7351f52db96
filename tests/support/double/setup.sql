CREATE ROLE awsuser SUPERUSER LOGIN PASSWORD 'md581115144b93d39279f5173ae392da595';

ALTER DATABASE postgres RENAME TO padb_harvest;

GRANT CREATE ON SCHEMA public TO PUBLIC;

CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.105000' $$;

CREATE VIEW pg_catalog.stv_sessions AS
SELECT CAST(a.backend_start AT TIME ZONE 'UTC' AS timestamp) AS starttime, a.pid AS process,
    CAST(a.usename AS character(50)) AS user_name, CAST(a.datname AS character(50)) AS db_name,
    0 AS timeout_sec
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.backend_start IS NOT NULL AND a.usename <> 'rdsdb';

GRANT SELECT ON pg_catalog.stv_sessions TO PUBLIC;

CREATE DATABASE dev OWNER awsuser;

