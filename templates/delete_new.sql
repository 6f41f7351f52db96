-- @heading The database with everything in it. Run this only after the check in the stage before has passed. DROP DATABASE cannot run in a transaction, and fails while somebody is connected to the database. If a statement after it fails, mend the cause and use the cleanup script: with the database, the marker is gone.
-- @autonomous Drop the database
DROP DATABASE {{ database.sql() }}
{% if group.is_some() || creates_user %}
-- @statement Begin the transaction
BEGIN
{% include "drop_account.sql" %}
-- @statement Commit the transaction
COMMIT
{% endif %}
