-- @heading The database with everything in it. Run this only after the check in the stage before has passed{% if group.is_some() || creates_user %}, and when the account, and the group if there is one, neither own nor were granted anything in the database where this runs: else they are not dropped, and the database is gone by then. To find it, look by identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, by grantee_name and owner_name in svv_default_privileges, and by tableowner in pg_tables.{% else %}.{% endif %} DROP DATABASE cannot run in a transaction, and fails while other sessions are connected to the database. If a statement after it fails, fix the cause and use the cleanup script: with the database, the marker is gone.
-- @autonomous Drop the database
DROP DATABASE {{ database.sql() }}
{% if group.is_some() || creates_user %}
-- @statement Begin the transaction
BEGIN
{% include "drop_account.sql" %}
-- @statement Commit the transaction
COMMIT
{% endif %}
