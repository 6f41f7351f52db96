-- @statement Begin the transaction
BEGIN
{% include "guard.sql" %}
-- @statement Commit the transaction
COMMIT
