INSERT INTO immuta_system.bootstrap
    (bootshift_version, mode, database_name, database_created, user_name, user_created, group_name,
     group_created, setup_version)
VALUES
    ({{ version.sql() }}, {{ mode.sql() }}, {{ database.sql() }}, {% if database_created %}TRUE{% else %}FALSE{% endif %}, {{ user.sql() }}, {% if user_created %}TRUE{% else %}FALSE{% endif %}, {{ group.sql() }}, {% if group_created %}TRUE{% else %}FALSE{% endif %}, {{ setup_version }})
