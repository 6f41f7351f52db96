CREATE OR REPLACE PROCEDURE immuta_procedures.impersonate_user(target VARCHAR(256))
AS {{ body.sql() }}
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO pg_catalog
