{% if existing_database || group.is_some() || creates_user %}
-- @heading What is there is removed, what is not is passed over. DROP GROUP and ALTER DEFAULT PRIVILEGES have no IF EXISTS, hence the short-lived procedure. Redshift refuses to drop a group or a user that still holds a privilege or owns something; then the message names what is left.
-- @statement Begin the transaction
BEGIN
-- @statement Make a short-lived schema for the removal
CREATE SCHEMA bootshift_cleanup
-- @statement Write the removal
CREATE PROCEDURE bootshift_cleanup.remove_what_stands()
AS {{ remove.sql() }}
LANGUAGE plpgsql
SET search_path TO pg_catalog
-- @statement Remove what stands
CALL bootshift_cleanup.remove_what_stands()
-- @statement Drop the removal
DROP SCHEMA bootshift_cleanup CASCADE
-- @statement Commit the transaction
COMMIT
{% endif %}
