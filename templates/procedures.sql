{% if let Some(group) = group %}
-- @statement Create the procedure impersonate_user
CREATE OR REPLACE PROCEDURE immuta_procedures.impersonate_user(target VARCHAR(256))
AS {{ group.impersonate_user.sql() }}
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO pg_catalog
-- @statement Create the procedure grant_impersonation
CREATE OR REPLACE PROCEDURE immuta_procedures.grant_impersonation(grantee VARCHAR(127))
AS {{ group.grant_impersonation.sql() }}
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO pg_catalog
-- @statement Create the procedure revoke_impersonation
CREATE OR REPLACE PROCEDURE immuta_procedures.revoke_impersonation(grantee VARCHAR(127))
AS {{ group.revoke_impersonation.sql() }}
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO pg_catalog
-- @statement Close impersonate_user to everybody
REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM PUBLIC
-- @statement Close impersonate_user to the system account, which may call what is made later, but not this
REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM {{ user.sql() }}
-- @statement Close grant_impersonation to everybody
REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) FROM PUBLIC
-- @statement Close revoke_impersonation to everybody
REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) FROM PUBLIC
-- @statement Let the group impersonate
GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO GROUP {{ group.name.sql() }}
-- @statement Let the system account admit impersonators
GRANT EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) TO {{ user.sql() }}
-- @statement Let the system account remove impersonators
GRANT EXECUTE ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) TO {{ user.sql() }}
{% endif %}
