DECLARE
    matching INTEGER;
BEGIN
    SELECT COUNT(*) INTO matching
    FROM immuta_system.bootstrap b
    WHERE b.database_name = {{ database.sql() }}
      AND b.database_created = {{ mark.boolean(database_created) }}
      AND b.user_name = {{ user.sql() }}
      AND b.user_created = {{ mark.boolean(user_created) }}
      AND b.group_name = {{ group.sql() }};
    IF matching <> 1 THEN
        RAISE EXCEPTION 'immuta_system.bootstrap does not say that this set-up made what would be removed';
    END IF;
END;
