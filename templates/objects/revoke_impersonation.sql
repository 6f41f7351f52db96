CREATE OR REPLACE PROCEDURE immuta_procedures.revoke_impersonation(grantee VARCHAR(127))
AS {{ body.sql() }}
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO pg_catalog
