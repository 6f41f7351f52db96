UPDATE immuta_system.bootstrap
SET user_name = {{ user.sql() }},
    {% if is_other_user %}user_created = FALSE,
    {% endif %}group_name = {{ group.sql() }},
    group_created = {% if group_created %}TRUE{% else %}FALSE{% endif %}
