CREATE PROCEDURE bootshift_cleanup.remove_what_stands()
AS {{ body.sql() }}
LANGUAGE plpgsql
SET search_path TO pg_catalog
