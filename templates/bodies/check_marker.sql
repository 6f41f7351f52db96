DECLARE
    matching INTEGER;
BEGIN
{% include "check_trust.sql" %}
    SELECT COUNT(*) INTO matching
    FROM immuta_system.bootstrap b
    WHERE b.database_name = {{ database.sql() }}
      AND b.database_created = {% if database_created %}TRUE{% else %}FALSE{% endif %}
      AND b.user_name = {{ user.sql() }}
      AND b.user_created = {% if user_created %}TRUE{% else %}FALSE{% endif %}
      AND b.group_name = {{ group.sql() }};
    IF matching <> 1 THEN
        RAISE EXCEPTION 'immuta_system.bootstrap does not show that this setup created the objects to remove';
    END IF;
END;
