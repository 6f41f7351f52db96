//! The attacks, each with the protection against it.

use super::target::Who::{Account, Mallory, Mia, MiaElsewhere, Superuser};
use super::target::{Design, Step};

/// What an attacker does, and the results with and without the protection.
#[derive(Clone, Copy)]
pub(crate) struct Attack {
    pub(crate) name: &'static str,
    /// Statements that run in the database before the scripts.
    pub(crate) before_scripts: &'static [Step],
    /// Statements that succeed with and without the protection.
    pub(crate) prepared: &'static [Step],
    /// The attack itself. It fails if a step is refused, or if the last one does not return the expected rows.
    pub(crate) steps: &'static [Step],
    pub(crate) refusal: Refusal,
    /// Removes every protection against the attack.
    pub(crate) weaken: fn(Design) -> Design,
    pub(crate) gain: Gain,
}

/// How an attack fails on the setup as written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// A step is missing a privilege (SQLSTATE 42501).
    Denied,
    /// A procedure of the setup raises this message.
    Raises(&'static str),
    /// The last step returns these rows, and no others.
    Sees(&'static [&'static str]),
}

/// What an attack gains without the protection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gain {
    /// All steps succeed.
    Done,
    /// The last step returns these rows.
    Sees(&'static [&'static str]),
    /// An error message contains this text, which the attacker must not read.
    Error(&'static str),
}

const SEE: &str = "SELECT immuta__userid FROM immuta_system.user_profile";
/// A word that an attacker has read or guessed.
const SET_WORD: &str = "SET immuta.session TO '4711-1'";
/// A row with this word, of mia.
const ROW_OF_MIA: Step = (
    Superuser,
    "INSERT INTO immuta_system.impersonation_session SELECT '4711-1', 'mia', g.grant_id, 'vic' \
     FROM immuta_system.impersonation_grant g WHERE g.user_name = 'mia'",
);
const IMPERSONATE: &str = "CALL immuta_procedures.impersonate_user('vic')";
const VIC: Gain = Gain::Sees(&["vic"]);
const NOT_A_MEMBER: Refusal = Refusal::Raises("only members of the impersonation group may impersonate");
const UNKNOWN_TARGET: Refusal = Refusal::Raises("the Immuta user does not exist");

const BASE: Attack = Attack {
    name: "",
    before_scripts: &[],
    prepared: &[],
    steps: &[],
    refusal: Refusal::Denied,
    weaken: |design| design,
    gain: VIC,
};

/// A procedure by which a member lets all users impersonate.
const FORWARDED: &[Step] = &[
    (Mia, "CREATE SCHEMA handed"),
    (
        Mia,
        "CREATE PROCEDURE handed.impersonate(target VARCHAR) AS $$ \
         BEGIN CALL immuta_procedures.impersonate_user(target); END $$ LANGUAGE plpgsql SECURITY DEFINER",
    ),
    (Mia, "GRANT USAGE ON SCHEMA handed TO PUBLIC"),
    (Mia, "GRANT EXECUTE ON PROCEDURE handed.impersonate(VARCHAR) TO PUBLIC"),
];

fn without_group_check(design: Design) -> Design {
    design.replace("RAISE EXCEPTION 'only members of the impersonation group may impersonate';", "NULL;")
}

fn with_plain_catalog_names(design: Design) -> Design {
    design.replace("pg_catalog.pg_user u, pg_catalog.pg_group g", "pg_user u, pg_group g")
}

fn with_superuser_mallory(design: Design) -> Design {
    design.and_then("ALTER USER mallory CREATEUSER")
}

fn without_user_of_row(design: Design) -> Design {
    design.replace("\n            AND s.user_name = CAST(CURRENT_USER AS VARCHAR(127))", "")
}

/// The view does not check the grant of an identity.
fn without_live_grant(design: Design) -> Design {
    design.replace(
        "JOIN immuta_system.impersonation_grant g ON g.grant_id = s.grant_id AND g.user_name = s.user_name",
        "",
    )
}

/// Nor does a revocation delete the rows of the sessions.
fn without_grant_of_row(design: Design) -> Design {
    without_live_grant(design)
        .replace("DELETE FROM immuta_system.impersonation_session WHERE user_name = grantee;", "")
}

fn with_predicates_in_any_order(design: Design) -> Design {
    design.replace("\nLIMIT 2147483647", "")
}

/// The attacks that need more than one statement on one object.
pub(crate) const ATTACKS: &[Attack] = &[
    // Impersonating without permission.
    Attack {
        name: "a user that is not a member impersonates",
        steps: &[(Mallory, IMPERSONATE), (Mallory, SEE)],
        weaken: |design| {
            without_group_check(design)
                .and_then("GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO PUBLIC")
        },
        ..BASE
    },
    Attack {
        name: "the system account impersonates",
        steps: &[(Account, IMPERSONATE), (Account, SEE)],
        weaken: |design| {
            without_group_check(design)
                .and_then("GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO PUBLIC")
        },
        ..BASE
    },
    Attack {
        name: "a member passes on the privilege through a procedure",
        prepared: FORWARDED,
        steps: &[(Mallory, "CALL handed.impersonate('vic')"), (Mallory, SEE)],
        refusal: NOT_A_MEMBER,
        weaken: without_group_check,
        ..BASE
    },
    Attack {
        name: "a member grants the privilege to another user",
        steps: &[
            (Mia, "GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO mallory"),
            (Mallory, IMPERSONATE),
            (Mallory, SEE),
        ],
        weaken: |design| {
            without_group_check(design).and_then(
                "GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO mia WITH GRANT OPTION",
            )
        },
        ..BASE
    },
    Attack {
        name: "a member impersonates a user that Immuta does not know",
        steps: &[(Mia, "CALL immuta_procedures.impersonate_user('nobody')")],
        refusal: UNKNOWN_TARGET,
        weaken: |design| design.replace("RAISE EXCEPTION 'the Immuta user does not exist';", "NULL;"),
        gain: Gain::Done,
        ..BASE
    },
    // Joining the group.
    Attack {
        name: "a user calls grant_impersonation for the user's own name",
        steps: &[
            (Mallory, "CALL immuta_procedures.grant_impersonation('mallory')"),
            (Mallory, IMPERSONATE),
            (Mallory, SEE),
        ],
        weaken: |design| {
            design.and_then(
                "GRANT EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) TO PUBLIC",
            )
        },
        ..BASE
    },
    Attack {
        name: "a member calls grant_impersonation for another user",
        steps: &[
            (Mia, "CALL immuta_procedures.grant_impersonation('mallory')"),
            (Mallory, IMPERSONATE),
            (Mallory, SEE),
        ],
        weaken: |design| {
            design.and_then(
                "GRANT EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) TO PUBLIC",
            )
        },
        ..BASE
    },
    Attack {
        name: "a user calls revoke_impersonation for a member",
        steps: &[(Mallory, "CALL immuta_procedures.revoke_impersonation('mia')")],
        weaken: |design| {
            design.and_then(
                "GRANT EXECUTE ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) TO PUBLIC",
            )
        },
        gain: Gain::Done,
        ..BASE
    },
    Attack {
        name: "a user runs ALTER GROUP",
        steps: &[(Mallory, "ALTER GROUP {group} ADD USER mallory"), (Mallory, IMPERSONATE), (Mallory, SEE)],
        weaken: with_superuser_mallory,
        ..BASE
    },
    Attack {
        name: "the system account adds a user that does not exist, with SQL in the name",
        steps: &[
            (
                Account,
                "CALL immuta_procedures.grant_impersonation('mia\"; GRANT SELECT ON \
                 immuta_system.impersonation_grant TO PUBLIC; --')",
            ),
            (Account, "SELECT MIN(user_name) FROM immuta_system.impersonation_grant"),
        ],
        refusal: Refusal::Raises("the Redshift user does not exist"),
        weaken: |design| {
            design
                .replace("RAISE EXCEPTION 'the Redshift user does not exist';", "NULL;")
                .replace("REPLACE(grantee, '\"', '\"\"')", "grantee")
        },
        gain: Gain::Sees(&["mia"]),
        ..BASE
    },
    Attack {
        name: "the system account adds a user with SQL in the name",
        prepared: &[(
            Superuser,
            "CREATE USER \"mia\"\"; ALTER GROUP \"\"{group}\"\" ADD USER \"\"mallory\" PASSWORD DISABLE",
        )],
        steps: &[
            (
                Account,
                "CALL immuta_procedures.grant_impersonation('mia\"; ALTER GROUP \"{group}\" ADD USER \"mallory')",
            ),
            (Mallory, IMPERSONATE),
            (Mallory, SEE),
        ],
        weaken: |design| design.replace("REPLACE(grantee, '\"', '\"\"')", "grantee"),
        ..BASE
    },
    // Forging an identity.
    Attack {
        name: "a user sets session variables",
        steps: &[
            (Mallory, "SELECT set_config('immuta.user', 'vic', FALSE)"),
            (Mallory, "SET immuta.userid TO 'vic'"),
            (Mallory, SEE),
        ],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: |design| {
            design.replace(
                "),\n    CAST(CURRENT_USER AS VARCHAR(127))\n)",
                "),\n    COALESCE(current_setting('immuta.user', TRUE), CAST(CURRENT_USER AS VARCHAR(127)))\n)",
            )
        },
        ..BASE
    },
    Attack {
        name: "a user changes the session authorization",
        steps: &[
            (Mallory, "SET SESSION AUTHORIZATION '{account}'"),
            (Mallory, "SELECT immuta__userid FROM immuta_system.profile WHERE immuta__userid = 'vic'"),
        ],
        weaken: with_superuser_mallory,
        ..BASE
    },
    Attack {
        name: "a temporary table shadows pg_user",
        prepared: FORWARDED,
        steps: &[
            (
                Mallory,
                "CREATE TEMP TABLE pg_user AS SELECT CAST('mallory' AS VARCHAR(127)) AS usename, usesysid \
                 FROM pg_catalog.pg_user WHERE usename = 'mia'",
            ),
            (Mallory, "CALL handed.impersonate('vic')"),
            (Mallory, SEE),
        ],
        refusal: NOT_A_MEMBER,
        weaken: with_plain_catalog_names,
        ..BASE
    },
    Attack {
        name: "a view on the search_path shadows pg_user",
        prepared: FORWARDED,
        steps: &[
            (Mallory, "CREATE SCHEMA evil"),
            (
                Mallory,
                "CREATE VIEW evil.pg_user AS SELECT CAST('mallory' AS VARCHAR(127)) AS usename, usesysid \
                 FROM pg_catalog.pg_user WHERE usename = 'mia'",
            ),
            (Mallory, "GRANT USAGE ON SCHEMA evil TO PUBLIC"),
            (Mallory, "SET search_path TO evil, pg_catalog"),
            (Mallory, "CALL handed.impersonate('vic')"),
            (Mallory, SEE),
        ],
        refusal: NOT_A_MEMBER,
        weaken: |design| with_plain_catalog_names(design).replace("\nSET search_path TO pg_catalog", ""),
        ..BASE
    },
    Attack {
        name: "a temporary table shadows profile in a procedure",
        prepared: &[(
            Mia,
            "CREATE TEMP TABLE profile AS SELECT CAST('nobody' AS VARCHAR(256)) AS immuta__userid",
        )],
        steps: &[(Mia, "CALL immuta_procedures.impersonate_user('nobody')")],
        refusal: UNKNOWN_TARGET,
        weaken: |design| design.replace("FROM immuta_system.profile p WHERE", "FROM profile p WHERE"),
        gain: Gain::Done,
        ..BASE
    },
    Attack {
        name: "tables in public exist before the scripts run",
        before_scripts: &[
            (
                Mallory,
                "CREATE TABLE public.impersonation_session (session_word VARCHAR(64), user_name VARCHAR(127), grant_id \
                 BIGINT, target_userid VARCHAR(256))",
            ),
            (Mallory, "CREATE TABLE public.impersonation_grant (grant_id BIGINT, user_name VARCHAR(127))"),
        ],
        steps: &[
            (Mallory, "INSERT INTO public.impersonation_session VALUES ('4711-1', 'mallory', 1, 'vic')"),
            (Mallory, SET_WORD),
            (Mallory, "INSERT INTO public.impersonation_grant VALUES (1, 'mallory')"),
            (
                Mallory,
                "CREATE TEMP TABLE impersonation_session AS SELECT * FROM public.impersonation_session",
            ),
            (Mallory, "CREATE TEMP TABLE impersonation_grant AS SELECT * FROM public.impersonation_grant"),
            (Mallory, SEE),
        ],
        refusal: Refusal::Sees(&["mallory"]),
        // A view is bound to its tables when it is created, so nothing can shadow them later.
        weaken: |design| {
            design
                .replace("FROM immuta_system.impersonation_session s", "FROM impersonation_session s")
                .replace("JOIN immuta_system.impersonation_grant g", "JOIN impersonation_grant g")
        },
        ..BASE
    },
    Attack {
        name: "a user writes the state",
        steps: &[
            (Mallory, "INSERT INTO immuta_system.impersonation_grant (user_name) VALUES ('mallory')"),
            (
                Mallory,
                "INSERT INTO immuta_system.impersonation_session SELECT '4711-1', 'mallory', g.grant_id, 'vic' \
                 FROM immuta_system.impersonation_grant g WHERE g.user_name = 'mallory'",
            ),
            (Mallory, SET_WORD),
            (Mallory, SEE),
        ],
        weaken: |design| design.without("REVOKE ALL PRIVILEGES ON TABLE immuta_system.impersonation_grant"),
        ..BASE
    },
    Attack {
        name: "a function on the search_path shadows chr",
        steps: &[
            (Mallory, "CREATE SCHEMA evil"),
            (
                Mallory,
                "CREATE FUNCTION evil.chr(INTEGER) RETURNS VARCHAR IMMUTABLE AS $$ SELECT CAST('-' AS VARCHAR(1)) $$ \
                 LANGUAGE sql",
            ),
            (Mallory, "SET search_path TO evil, pg_catalog"),
            (Mallory, "SELECT datum FROM immuta_system.policy"),
        ],
        refusal: Refusal::Sees(&[]),
        weaken: |design| design.replace("pg_catalog.chr(31)", "chr(31)"),
        gain: Gain::Sees(&["the data"]),
        ..BASE
    },
    Attack {
        name: "functions on the search_path shadow strpos and position",
        steps: &[
            (Mallory, "CREATE SCHEMA evil"),
            (
                Mallory,
                "CREATE FUNCTION evil.strpos(VARCHAR, VARCHAR) RETURNS INTEGER IMMUTABLE AS $$ \
                 SELECT CASE WHEN LENGTH($2) > 1 THEN 1 ELSE 0 END $$ LANGUAGE sql",
            ),
            (
                Mallory,
                "CREATE FUNCTION evil.\"position\"(VARCHAR, VARCHAR) RETURNS INTEGER IMMUTABLE AS $$ \
                 SELECT CASE WHEN LENGTH($2) > 1 THEN 1 ELSE 0 END $$ LANGUAGE sql",
            ),
            (Mallory, "SET search_path TO evil, pg_catalog"),
            (Mallory, "SELECT datum FROM immuta_system.policy"),
        ],
        refusal: Refusal::Sees(&[]),
        weaken: |design| {
            design
                .replace(
                    "POSITION(pg_catalog.chr(31) IN $2)",
                    "STRPOS($2, CAST(pg_catalog.chr(31) AS VARCHAR))",
                )
                .replace(
                    "POSITION(pg_catalog.chr(31) || $2 || pg_catalog.chr(31) IN $1)",
                    "STRPOS($1, CAST(pg_catalog.chr(31) || $2 || pg_catalog.chr(31) AS VARCHAR))",
                )
        },
        gain: Gain::Sees(&["the data"]),
        ..BASE
    },
    Attack {
        name: "objects on the search_path shadow user_profile and list_contains in a policy",
        before_scripts: &[(
            Superuser,
            "CREATE FUNCTION public.list_contains(VARCHAR, VARCHAR) RETURNS BOOLEAN IMMUTABLE AS $$ SELECT FALSE $$ \
             LANGUAGE sql",
        )],
        steps: &[
            (Mallory, "CREATE SCHEMA evil"),
            (
                Mallory,
                "CREATE VIEW evil.user_profile AS SELECT 'vic' AS immuta__userid, 'secrets' AS immuta__groups",
            ),
            (
                Mallory,
                "CREATE FUNCTION evil.list_contains(VARCHAR, VARCHAR) RETURNS BOOLEAN IMMUTABLE AS $$ SELECT TRUE $$ \
                 LANGUAGE sql",
            ),
            (Mallory, "SET search_path TO evil, pg_catalog"),
            (Mallory, "SELECT datum FROM immuta_system.policy"),
        ],
        refusal: Refusal::Sees(&[]),
        weaken: |design| {
            design.replace(
                "COALESCE(\n        POSITION(pg_catalog.chr(31) IN $2) = 0\n        AND POSITION(pg_catalog.chr(31) || $2 || \
                 pg_catalog.chr(31) IN $1) > 0,\n        FALSE\n    )",
                "list_contains(CAST($1 AS VARCHAR), CAST($2 AS VARCHAR))",
            )
        },
        gain: Gain::Sees(&["the data"]),
        ..BASE
    },
    Attack {
        name: "a function in public shadows the one that reads the session variable",
        before_scripts: &[(
            Mallory,
            "CREATE FUNCTION public.current_setting(VARCHAR, BOOLEAN) RETURNS VARCHAR STABLE AS $$ \
             SELECT CAST('4711-1' AS VARCHAR(64)) $$ LANGUAGE sql",
        )],
        prepared: &[ROW_OF_MIA],
        steps: &[(Mia, SEE)],
        refusal: Refusal::Sees(&["mia"]),
        weaken: |design| {
            design.replace(
                "CURRENT_SETTING('immuta.session', FALSE)",
                "public.current_setting(CAST('immuta.session' AS VARCHAR(14)), FALSE)",
            )
        },
        ..BASE
    },
    // The session or the row of another user.
    Attack {
        name: "an identity applies to other sessions of the member",
        prepared: &[(Mia, IMPERSONATE)],
        steps: &[(MiaElsewhere, SEE)],
        refusal: Refusal::Sees(&["mia"]),
        weaken: |design| {
            design.replace("s.session_word = CURRENT_SETTING('immuta.session', FALSE)\n            AND ", "")
        },
        ..BASE
    },
    Attack {
        name: "a user sets the session variable to the word of a member",
        prepared: &[ROW_OF_MIA],
        steps: &[(Mallory, SET_WORD), (Mallory, SEE)],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: without_user_of_row,
        ..BASE
    },
    Attack {
        name: "a user sets the session variable of a member in a procedure of her own",
        prepared: &[
            ROW_OF_MIA,
            (Mallory, "CREATE SCHEMA evil"),
            (
                Mallory,
                "CREATE PROCEDURE evil.peek(seen INOUT VARCHAR(256)) AS $$ BEGIN \
                 SELECT SET_CONFIG('immuta.session', '4711-1', FALSE) INTO seen; \
                 SELECT MAX(immuta__userid) INTO seen FROM immuta_system.user_profile; END $$ \
                 LANGUAGE plpgsql SECURITY DEFINER",
            ),
            (Mallory, "GRANT USAGE ON SCHEMA evil TO PUBLIC"),
            (Mallory, "GRANT EXECUTE ON PROCEDURE evil.peek(VARCHAR) TO PUBLIC"),
        ],
        steps: &[(Mia, "CALL evil.peek('')")],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: without_user_of_row,
        ..BASE
    },
    Attack {
        name: "a user impersonates on the grant of a member",
        prepared: &[(
            Superuser,
            "INSERT INTO immuta_system.impersonation_session SELECT '4711-1', 'mallory', g.grant_id, 'vic' \
             FROM immuta_system.impersonation_grant g WHERE g.user_name = 'mia'",
        )],
        steps: &[(Mallory, SET_WORD), (Mallory, SEE)],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: |design| design.replace(" AND g.user_name = s.user_name", ""),
        ..BASE
    },
    Attack {
        name: "a procedure of another user sees the identity of the member that calls it",
        prepared: &[
            (Mallory, "CREATE SCHEMA evil"),
            (
                Mallory,
                "CREATE PROCEDURE evil.peek(seen INOUT VARCHAR(256)) AS $$ BEGIN SELECT MAX(immuta__userid) INTO seen \
                 FROM immuta_system.user_profile; END $$ LANGUAGE plpgsql SECURITY DEFINER",
            ),
            (Mallory, "GRANT USAGE ON SCHEMA evil TO PUBLIC"),
            (Mallory, "GRANT EXECUTE ON PROCEDURE evil.peek(VARCHAR) TO PUBLIC"),
            (Mia, IMPERSONATE),
        ],
        steps: &[(Mia, "CALL evil.peek('')")],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: without_user_of_row,
        ..BASE
    },
    Attack {
        name: "a view of a member shows the member's identity to other users",
        prepared: &[
            (Mia, IMPERSONATE),
            (Mia, "CREATE SCHEMA handed"),
            (Mia, "CREATE VIEW handed.seen AS SELECT immuta__userid FROM immuta_system.user_profile"),
            (Mia, "GRANT USAGE ON SCHEMA handed TO PUBLIC"),
            (Mia, "GRANT SELECT ON handed.seen TO PUBLIC"),
        ],
        steps: &[(Mallory, "SELECT immuta__userid FROM handed.seen")],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: |design| {
            without_user_of_row(design)
                .replace("s.session_word = CURRENT_SETTING('immuta.session', FALSE)", "TRUE")
        },
        ..BASE
    },
    // Keeping an identity.
    Attack {
        name: "a member keeps the identity after the revocation",
        prepared: &[(Mia, IMPERSONATE), (Account, "CALL immuta_procedures.revoke_impersonation('mia')")],
        steps: &[(Mia, SEE)],
        refusal: Refusal::Sees(&["mia"]),
        weaken: without_grant_of_row,
        ..BASE
    },
    Attack {
        name: "a row from before the revocation applies again after a new grant",
        prepared: &[
            (Mia, IMPERSONATE),
            (Superuser, "CREATE TABLE public.kept AS SELECT * FROM immuta_system.impersonation_session"),
            (Account, "CALL immuta_procedures.revoke_impersonation('mia')"),
            (Superuser, "INSERT INTO immuta_system.impersonation_session SELECT * FROM public.kept"),
            (Account, "CALL immuta_procedures.grant_impersonation('mia')"),
        ],
        steps: &[(Mia, SEE)],
        refusal: Refusal::Sees(&["mia"]),
        weaken: |design| design.replace("g.grant_id = s.grant_id AND ", ""),
        ..BASE
    },
    Attack {
        name: "a removed member impersonates again",
        prepared: &[(Mia, IMPERSONATE), (Account, "CALL immuta_procedures.revoke_impersonation('mia')")],
        steps: &[(Mia, IMPERSONATE), (Mia, SEE)],
        weaken: |design| design.replace("IF matching > 0 THEN", "IF matching > 1000 THEN"),
        ..BASE
    },
    Attack {
        name: "a member sets an old word of her own after the revocation",
        prepared: &[
            ROW_OF_MIA,
            (Superuser, "CREATE TABLE public.kept AS SELECT * FROM immuta_system.impersonation_session"),
            (Account, "CALL immuta_procedures.revoke_impersonation('mia')"),
            (Superuser, "INSERT INTO immuta_system.impersonation_session SELECT * FROM public.kept"),
        ],
        steps: &[(Mia, SET_WORD), (Mia, SEE)],
        refusal: Refusal::Sees(&["mia"]),
        weaken: without_live_grant,
        ..BASE
    },
    // Reading past the view.
    Attack {
        name: "a predicate of the caller is evaluated on rows of other users",
        steps: &[(
            Mallory,
            "SELECT immuta__userid FROM immuta_system.user_profile WHERE CAST(immuta__attributes AS BOOLEAN)",
        )],
        refusal: Refusal::Sees(&["mallory"]),
        weaken: with_predicates_in_any_order,
        gain: Gain::Error("what vic alone may know"),
        ..BASE
    },
    Attack {
        name: "the system account grants its privilege on profile to another user",
        steps: &[
            (Account, "GRANT SELECT ON TABLE immuta_system.profile TO mallory"),
            (Mallory, "SELECT immuta__userid FROM immuta_system.profile WHERE immuta__userid = 'vic'"),
        ],
        weaken: |design| {
            design.replace(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE immuta_system.profile TO \"{account}\"",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE immuta_system.profile TO \"{account}\" WITH GRANT OPTION",
            )
        },
        ..BASE
    },
    // Default privileges.
    Attack {
        name: "a user sets the owner's default privileges",
        steps: &[(
            Mallory,
            "ALTER DEFAULT PRIVILEGES FOR USER awsuser IN SCHEMA immuta_system GRANT SELECT ON TABLES TO mallory",
        )],
        weaken: with_superuser_mallory,
        gain: Gain::Done,
        ..BASE
    },
    Attack {
        name: "the system account sets the owner's default privileges",
        steps: &[(
            Account,
            "ALTER DEFAULT PRIVILEGES FOR USER awsuser IN SCHEMA immuta_system GRANT SELECT ON TABLES TO mallory",
        )],
        weaken: |design| design.and_then("ALTER USER \"{account}\" CREATEUSER"),
        gain: Gain::Done,
        ..BASE
    },
];

/// What succeeds on the setup as written. The book describes it under *Known gaps*. Nothing is weakened here.
pub(crate) const REMAINING: &[Attack] = &[
    Attack {
        name: "the owner's default privileges let a user read profile",
        before_scripts: &[(Superuser, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO mallory")],
        steps: &[(Mallory, "SELECT immuta__userid FROM immuta_system.profile WHERE immuta__userid = 'vic'")],
        ..BASE
    },
    Attack {
        name: "the owner's default privileges let a group read the state",
        before_scripts: &[
            (Superuser, "CREATE GROUP \"{group} readers\" WITH USER mallory"),
            (Superuser, "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO GROUP \"{group} readers\""),
        ],
        steps: &[(Mallory, "SELECT MIN(user_name) FROM immuta_system.impersonation_grant")],
        gain: Gain::Sees(&["mia"]),
        ..BASE
    },
    Attack {
        name: "the owner's default privileges let a user call grant_impersonation",
        before_scripts: &[(Superuser, "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON PROCEDURES TO mallory")],
        steps: &[
            (Mallory, "CALL immuta_procedures.grant_impersonation('mallory')"),
            (Mallory, IMPERSONATE),
            (Mallory, SEE),
        ],
        ..BASE
    },
    Attack {
        name: "a member takes an identity again by an old word, while the grant exists",
        prepared: &[ROW_OF_MIA],
        steps: &[(MiaElsewhere, SET_WORD), (MiaElsewhere, SEE)],
        ..BASE
    },
    Attack {
        name: "a member who was removed by ALTER GROUP keeps an identity",
        prepared: &[ROW_OF_MIA, (Superuser, "ALTER GROUP {group} DROP USER mia")],
        steps: &[(Mia, SET_WORD), (Mia, SEE)],
        ..BASE
    },
];
