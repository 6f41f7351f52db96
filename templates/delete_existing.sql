{{ mark.begin() }}
{% include "guard.sql" %}
{% include "drop_schemas.sql" %}
{% include "drop_account.sql" %}
{{ mark.commit() }}
