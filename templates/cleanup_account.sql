{% if existing_database || group.is_some() || creates_user %}
-- @heading What is there is removed, what is not is passed over. DROP GROUP and ALTER DEFAULT PRIVILEGES have no IF EXISTS, hence the short-lived procedure, in a schema whose name is reserved: one that somebody has made first is dropped. Redshift refuses to drop a user who owns something or has a privilege in the database where this runs, and a group that has one: "can't be dropped because the user owns some object", or "has a privilege on some object" (SQLSTATE 55006). Not every cluster says which: look by identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, by grantee_name and owner_name in svv_default_privileges, and by tableowner in pg_tables. Give it to another owner, revoke the privilege, and run this again.
-- @statement Begin the transaction
BEGIN
-- @statement Drop what has the name of the short-lived schema
DROP SCHEMA IF EXISTS bootshift_cleanup CASCADE
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
