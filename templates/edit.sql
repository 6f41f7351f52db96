-- @heading Everything in this file is one transaction: the old state or the new one, nothing between.
-- @statement Begin the transaction
BEGIN
{% if let Some(old) = renamed_from %}
-- @heading The system account's new name. A renamed user loses its password, for the hash holds the name.
-- @statement Rename the system account
ALTER USER {{ old.sql() }} RENAME TO {{ user.sql() }}
{% endif %}
{% if let Some(password) = password %}
-- @heading How the system account logs in.
-- @{% if password.is_secret() %}secret{% else %}statement{% endif %} Set the system account's password
ALTER USER {{ user.sql() }} PASSWORD {{ password.sql() }}
{% endif %}
{% if let Some(old) = replaced %}
-- @heading Another system account, which exists: it gets what the old one had, and the old one loses it. What the old one owns stays its own.
-- @statement Give the system account all privileges on the database
GRANT ALL PRIVILEGES ON DATABASE {{ database.sql() }} TO {{ user.sql() }}
{% include "grants.sql" %}
-- @statement Let the system account read the marker
GRANT SELECT ON TABLE immuta_system.bootstrap TO {{ user.sql() }}
-- @statement Undo the old account's default privilege on tables
ALTER DEFAULT PRIVILEGES FOR USER {{ old.sql() }} REVOKE SELECT ON TABLES FROM PUBLIC
-- @statement Undo the old account's default privilege on functions
ALTER DEFAULT PRIVILEGES FOR USER {{ old.sql() }} IN SCHEMA immuta_functions REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
-- @statement Undo the old account's default privilege on procedures
ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures REVOKE EXECUTE ON PROCEDURES FROM {{ old.sql() }}
-- @statement Revoke the old account's privileges on the system tables
REVOKE ALL PRIVILEGES ON TABLE immuta_system.profile, immuta_system.bootstrap FROM {{ old.sql() }}
{% if keeps_procedures %}
-- @statement Let the system account admit impersonators
GRANT EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) TO {{ user.sql() }}
-- @statement Let the system account remove impersonators
GRANT EXECUTE ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) TO {{ user.sql() }}
-- @statement Revoke grant_impersonation from the old account
REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) FROM {{ old.sql() }}
-- @statement Revoke revoke_impersonation from the old account
REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) FROM {{ old.sql() }}
{% endif %}
-- @statement Revoke the old account's privileges on the schemas
REVOKE ALL PRIVILEGES ON SCHEMA immuta_system, immuta_functions, immuta_procedures FROM {{ old.sql() }}
-- @statement Revoke the old account's privileges on the database
REVOKE ALL PRIVILEGES ON DATABASE {{ database.sql() }} FROM {{ old.sql() }}
{% endif %}
{% if switched_on %}
{% if let Some(group) = group %}
-- @heading Impersonation on: the group, the state, the view that knows of it, the procedures. Only a superuser can create a group.
-- @statement Create the impersonation group
CREATE GROUP {{ group.name.sql() }}
{% endif %}
{% include "impersonation_state.sql" %}
-- @heading The view that every policy joins, now with the identity that a member of the group has taken.
-- @statement Replace the view user_profile
CREATE OR REPLACE VIEW {% include "user_profile.sql" %}
-- @heading The three procedures run with the rights of the account that runs this script (SECURITY DEFINER), qualify every name and fix their search_path. Only members of the group may start impersonating; only the system account may admit and remove members.
{% include "procedures.sql" %}
{% endif %}
{% if let Some(old) = group_renamed_from %}
{% if let Some(group) = group %}
-- @heading The group's new name, and the procedures that ask for it.
-- @statement Rename the impersonation group
ALTER GROUP {{ old.sql() }} RENAME TO {{ group.name.sql() }}
{% endif %}
{% include "procedures.sql" %}
{% endif %}
{% if let Some(old) = switched_off %}
-- @heading Impersonation off: the view first, so that nobody is anybody else from here on, then the procedures, the state and the group.
-- @statement Replace the view user_profile
CREATE OR REPLACE VIEW {% include "user_profile.sql" %}
-- @statement Drop the procedure impersonate_user
DROP PROCEDURE immuta_procedures.impersonate_user(VARCHAR)
-- @statement Drop the procedure grant_impersonation
DROP PROCEDURE immuta_procedures.grant_impersonation(VARCHAR)
-- @statement Drop the procedure revoke_impersonation
DROP PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR)
-- @statement Drop the state of impersonation
DROP TABLE immuta_system.impersonation_session, immuta_system.impersonation_grant
-- @statement Drop the impersonation group
DROP GROUP {{ old.sql() }}
{% endif %}
{% if marker_changes %}
-- @heading The marker says what stands now.
-- @statement Update the marker
UPDATE immuta_system.bootstrap
SET user_name = {{ user_literal.sql() }},
    {% if replaced.is_some() %}user_created = FALSE,
    {% endif %}group_name = {{ group_literal.sql() }},
    group_created = {% if group.is_some() %}TRUE{% else %}FALSE{% endif %}
{% endif %}
-- @statement Commit the transaction
COMMIT
