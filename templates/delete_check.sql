{{ mark.begin() }}
{% include "guard.sql" %}
{{ mark.commit() }}
