CREATE TABLE immuta_system.bootstrap (
    bootshift_version VARCHAR(32) NOT NULL,
    mode VARCHAR(32) NOT NULL,
    database_name VARCHAR(127) NOT NULL,
    database_created BOOLEAN NOT NULL,
    user_name VARCHAR(127) NOT NULL,
    user_created BOOLEAN NOT NULL,
    group_name VARCHAR(127) NOT NULL,
    group_created BOOLEAN NOT NULL,
    setup_version INTEGER NOT NULL
)
