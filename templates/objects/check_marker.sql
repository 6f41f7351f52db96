CREATE PROCEDURE bootshift_guard.check_marker()
AS {{ body.sql() }}
LANGUAGE plpgsql
SET search_path TO pg_catalog
