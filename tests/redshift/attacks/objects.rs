//! Statements on one object each, and the intended use.

use super::target::Who::{self, Account, Mallory, Mia, MiaElsewhere, Superuser};
use super::target::{Design, Step};

/// The setting that determines which objects a procedure of the scripts finds.
pub(crate) const SEARCH_PATH: &str = "\nSET search_path TO pg_catalog";

/// Every kind of access to every table: the table, the privilege, the statement.
pub(crate) const TABLE_ACCESS: &[(&str, &str, &str)] = &[
    ("profile", "SELECT", "SELECT COUNT(*) FROM immuta_system.profile"),
    ("profile", "INSERT", "INSERT INTO immuta_system.profile (immuta__userid) VALUES ('x')"),
    ("profile", "UPDATE", "UPDATE immuta_system.profile SET immuta__groups = ''"),
    ("profile", "DELETE", "DELETE FROM immuta_system.profile"),
    ("impersonation_grant", "SELECT", "SELECT COUNT(*) FROM immuta_system.impersonation_grant"),
    (
        "impersonation_grant",
        "INSERT",
        "INSERT INTO immuta_system.impersonation_grant (user_name) VALUES ('x')",
    ),
    ("impersonation_grant", "UPDATE", "UPDATE immuta_system.impersonation_grant SET user_name = 'x'"),
    ("impersonation_grant", "DELETE", "DELETE FROM immuta_system.impersonation_grant"),
    ("impersonation_session", "SELECT", "SELECT COUNT(*) FROM immuta_system.impersonation_session"),
    (
        "impersonation_session",
        "INSERT",
        "INSERT INTO immuta_system.impersonation_session VALUES ('4711-1', 'x', 1, 'vic')",
    ),
    (
        "impersonation_session",
        "UPDATE",
        "UPDATE immuta_system.impersonation_session SET target_userid = 'vic'",
    ),
    ("impersonation_session", "DELETE", "DELETE FROM immuta_system.impersonation_session"),
    ("bootstrap", "SELECT", "SELECT COUNT(*) FROM immuta_system.bootstrap"),
    (
        "bootstrap",
        "INSERT",
        "INSERT INTO immuta_system.bootstrap VALUES ('0', 'x', 'x', TRUE, 'x', TRUE, 'x', TRUE, 1)",
    ),
    ("bootstrap", "UPDATE", "UPDATE immuta_system.bootstrap SET database_created = TRUE"),
    ("bootstrap", "DELETE", "DELETE FROM immuta_system.bootstrap"),
];

/// Keeps the privileges that default privileges give on the tables.
pub(crate) fn without_revoked_privileges(design: Design) -> Design {
    design.without("REVOKE ALL PRIVILEGES ON TABLE")
}

/// What only the owner can do.
pub(crate) const CHANGES: &[&str] = &[
    "CREATE OR REPLACE VIEW immuta_system.user_profile AS SELECT immuta__userid, immuta__groups, immuta__attributes, \
     immuta__projects, immuta__tables FROM immuta_system.profile",
    "DROP VIEW immuta_system.user_profile CASCADE",
    "ALTER TABLE immuta_system.user_profile RENAME TO other",
    "ALTER TABLE immuta_system.profile ADD COLUMN more INTEGER",
    "ALTER TABLE immuta_system.profile RENAME TO other",
    "DROP TABLE immuta_system.profile CASCADE",
    "TRUNCATE TABLE immuta_system.bootstrap",
    "DROP TABLE immuta_system.impersonation_grant CASCADE",
    "DROP TABLE immuta_system.impersonation_session CASCADE",
    "DROP TABLE immuta_system.bootstrap",
    "GRANT SELECT ON TABLE immuta_system.impersonation_grant TO mallory",
    "CREATE OR REPLACE FUNCTION immuta_functions.list_contains(VARCHAR(65535), VARCHAR(65535)) RETURNS BOOLEAN IMMUTABLE \
     AS $$ SELECT TRUE $$ LANGUAGE sql",
    "DROP FUNCTION immuta_functions.list_contains(VARCHAR, VARCHAR) CASCADE",
    "CREATE OR REPLACE PROCEDURE immuta_procedures.impersonate_user(target VARCHAR(256)) AS $$ BEGIN NULL; END $$ \
     LANGUAGE plpgsql",
    "DROP PROCEDURE immuta_procedures.impersonate_user(VARCHAR)",
    "CREATE OR REPLACE PROCEDURE immuta_procedures.grant_impersonation(grantee VARCHAR(127)) AS $$ BEGIN NULL; END $$ \
     LANGUAGE plpgsql",
    "DROP PROCEDURE immuta_procedures.grant_impersonation(VARCHAR)",
    "DROP PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR)",
    "ALTER SCHEMA immuta_system RENAME TO other",
    "DROP SCHEMA immuta_functions CASCADE",
    "DROP SCHEMA immuta_procedures CASCADE",
    "DROP SCHEMA immuta_system CASCADE",
];

/// What only the system account can create.
pub(crate) const ADDITIONS: &[&str] = &[
    "CREATE TABLE immuta_system.added (a INTEGER)",
    "CREATE VIEW immuta_system.added_too AS SELECT 1 AS a",
    "CREATE FUNCTION immuta_functions.list_contains(VARCHAR, INTEGER) RETURNS BOOLEAN IMMUTABLE AS $$ SELECT TRUE $$ \
     LANGUAGE sql",
    "CREATE PROCEDURE immuta_procedures.impersonate_user(target VARCHAR, more INTEGER) AS $$ BEGIN NULL; END $$ \
     LANGUAGE plpgsql",
];

/// Changes the owner of every object of the scripts.
pub(crate) fn owned_by(design: Design, who: Who) -> Design {
    let owner = match who {
        Account => "\"{account}\"",
        Mallory => "mallory",
        Mia | MiaElsewhere => "mia",
        Superuser => "awsuser",
    };
    [
        "TABLE immuta_system.user_profile",
        "TABLE immuta_system.profile",
        "TABLE immuta_system.bootstrap",
        "TABLE immuta_system.impersonation_grant",
        "TABLE immuta_system.impersonation_session",
        "FUNCTION immuta_functions.list_contains(VARCHAR, VARCHAR)",
        "PROCEDURE immuta_procedures.impersonate_user(VARCHAR)",
        "PROCEDURE immuta_procedures.grant_impersonation(VARCHAR)",
        "PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR)",
        "SCHEMA immuta_system",
        "SCHEMA immuta_functions",
        "SCHEMA immuta_procedures",
    ]
    .into_iter()
    .fold(design, |design, object| design.and_then(format!("ALTER {object} OWNER TO {owner}")))
}

/// A schema of a user, and a function that makes every schema look like a system schema.
pub(crate) const SUBSTRING_IN_PUBLIC: &[Step] = &[
    (Mallory, "CREATE SCHEMA somebodys"),
    (
        Mallory,
        "CREATE FUNCTION public.\"substring\"(NAME, INTEGER, INTEGER) RETURNS VARCHAR IMMUTABLE AS $$ \
         SELECT CAST('pg_' AS VARCHAR(3)) $$ LANGUAGE sql",
    ),
];

const SEE: &str = "SELECT immuta__userid FROM immuta_system.user_profile";
const POLICY: &str = "SELECT datum FROM immuta_system.policy";

/// The intended use: who runs which statement, and the first column of the rows.
pub(crate) const LEGITIMATE_USE: &[(Who, &str, &[&str])] = &[
    (Mallory, SEE, &["mallory"]),
    (Account, SEE, &["account_0"]),
    (Account, "SELECT COUNT(*) FROM immuta_system.profile", &["4"]),
    (Mallory, "SELECT immuta_functions.list_contains(chr(31) || 'a b' || chr(31), 'a b')", &["t"]),
    (Mallory, "SELECT immuta_functions.list_contains(chr(31) || 'a b' || chr(31), 'a')", &["f"]),
    (Mia, POLICY, &[]),
    (Mia, "SET timezone TO 'America/New_York'", &[]),
    (Mia, "CALL immuta_procedures.impersonate_user('vic')", &[]),
    (Mia, SEE, &["vic"]),
    (Mia, POLICY, &["the data"]),
    (Mia, "SHOW timezone", &["America/New_York"]),
    (MiaElsewhere, SEE, &["mia"]),
    (Mia, "CALL immuta_procedures.impersonate_user('mallory')", &[]),
    (Mia, SEE, &["mallory"]),
    (Mia, "CALL immuta_procedures.impersonate_user(NULL)", &[]),
    (Mia, SEE, &["mia"]),
    // In one transaction, too.
    (Mia, "BEGIN", &[]),
    (Mia, "CALL immuta_procedures.impersonate_user('vic')", &[]),
    (Mia, "CALL immuta_procedures.impersonate_user(NULL)", &[]),
    (Mia, "CALL immuta_procedures.impersonate_user('vic')", &[]),
    (Mia, "COMMIT", &[]),
    (Mia, SEE, &["vic"]),
    (Account, "CALL immuta_procedures.revoke_impersonation('mia')", &[]),
    (Mia, SEE, &["mia"]),
    // A superuser adds a member with ALTER GROUP.
    (Superuser, "ALTER GROUP {group} ADD USER mallory", &[]),
    (Mallory, "CALL immuta_procedures.impersonate_user('vic')", &[]),
    (Mallory, SEE, &["vic"]),
    (Account, "CALL immuta_procedures.revoke_impersonation('mallory')", &[]),
    (Mallory, SEE, &["mallory"]),
];

/// The error for a marker that others can write to.
pub(crate) const UNTRUSTED_MARKER: &str = "immuta_system.bootstrap is not trusted: it is not a table, or an ordinary user owns it or can write to it";

/// A marker that a user creates, which says that Bootshift created the database.
pub(crate) const FORGED_MARKER: &[Step] = &[
    (Mallory, "CREATE SCHEMA immuta_system"),
    (
        Mallory,
        "CREATE TABLE immuta_system.bootstrap (bootshift_version VARCHAR(32), mode VARCHAR(32), database_name \
         VARCHAR(127), database_created BOOLEAN, user_name VARCHAR(127), user_created BOOLEAN, group_name \
         VARCHAR(127), group_created BOOLEAN)",
    ),
    (
        Mallory,
        "INSERT INTO immuta_system.bootstrap VALUES ('0.1.0', 'native', '{database}', TRUE, '{account}', TRUE, \
         '{group}', TRUE)",
    ),
];

/// What gives Mallory access to the marker of a setup.
pub(crate) const MARKER_ACCESS: &[&[Step]] = &[
    &[(Superuser, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO mallory")],
    &[
        (Superuser, "CREATE GROUP \"{group} writers\" WITH USER mallory"),
        (Superuser, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO GROUP \"{group} writers\""),
    ],
];

/// The schema of the check with procedures in it, created by a user.
pub(crate) const EXISTING_CHECK_SCHEMA: &[Step] = &[
    (Mallory, "CREATE SCHEMA bootshift_guard"),
    (Mallory, "CREATE PROCEDURE bootshift_guard.check_marker() AS $$ BEGIN END $$ LANGUAGE plpgsql"),
    (Mallory, "CREATE PROCEDURE bootshift_guard.check_database() AS $$ BEGIN END $$ LANGUAGE plpgsql"),
];
