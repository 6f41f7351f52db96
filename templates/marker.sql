-- @heading The marker: what this set-up made, so that its removal takes that and nothing else. The system account may read it; nobody but this script's owner writes it.
-- @statement Create the marker table
CREATE TABLE immuta_system.bootstrap (
    bootshift_version VARCHAR(32) NOT NULL,
    mode VARCHAR(32) NOT NULL,
    database_name VARCHAR(127) NOT NULL,
    database_created BOOLEAN NOT NULL,
    user_name VARCHAR(127) NOT NULL,
    user_created BOOLEAN NOT NULL,
    group_name VARCHAR(127) NOT NULL,
    group_created BOOLEAN NOT NULL
)
-- @statement Write the marker
INSERT INTO immuta_system.bootstrap
    (bootshift_version, mode, database_name, database_created, user_name, user_created, group_name, group_created)
VALUES
    ({{ version.sql() }}, {{ mode.sql() }}, {{ database_literal.sql() }}, {% if !existing_database %}TRUE{% else %}FALSE{% endif %}, {{ user_literal.sql() }}, {% if creates_user %}TRUE{% else %}FALSE{% endif %}, {{ group_literal.sql() }}, {% if group.is_some() %}TRUE{% else %}FALSE{% endif %})
-- @statement Close the marker to everybody
REVOKE ALL PRIVILEGES ON TABLE immuta_system.bootstrap FROM PUBLIC
-- @statement Let the system account read the marker
GRANT SELECT ON TABLE immuta_system.bootstrap TO {{ user.sql() }}
