CREATE TABLE immuta_system.profile (
    immuta__userid VARCHAR(256) NOT NULL,
    immuta__groups VARCHAR(65535) NOT NULL DEFAULT '',
    immuta__attributes VARCHAR(65535) NOT NULL DEFAULT '',
    immuta__projects VARCHAR(65535) NOT NULL DEFAULT '',
    immuta__tables VARCHAR(65535) NOT NULL DEFAULT ''
)
