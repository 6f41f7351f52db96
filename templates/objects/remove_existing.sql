CREATE PROCEDURE bootshift_cleanup.remove_existing()
AS {{ body.sql() }}
LANGUAGE plpgsql
SET search_path TO pg_catalog
