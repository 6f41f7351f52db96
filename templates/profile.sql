-- @heading Immuta's users with what policies ask of them. A list is text, each of its values enclosed in the character 31 (unit separator); immuta_functions.list_contains reads it. Only the system account reads and writes this table: it is closed to PUBLIC by name, whatever default privileges say. (Default privileges of yours that name a user, a group or a role hold for it: revoke them first.)
-- @statement Create the table profile
CREATE TABLE immuta_system.profile (
    immuta__userid VARCHAR(256) NOT NULL,
    immuta__groups VARCHAR(65535) NOT NULL DEFAULT '',
    immuta__attributes VARCHAR(65535) NOT NULL DEFAULT '',
    immuta__projects VARCHAR(65535) NOT NULL DEFAULT '',
    immuta__tables VARCHAR(65535) NOT NULL DEFAULT ''
)
-- @statement Close profile to everybody
REVOKE ALL PRIVILEGES ON TABLE immuta_system.profile FROM PUBLIC
