-- @statement Begin the transaction
BEGIN
{% include "guard.sql" %}
{% include "drop_schemas.sql" %}
{% include "drop_account.sql" %}
-- @statement Commit the transaction
COMMIT
