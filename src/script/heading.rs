//! The headings of the groups of statements: what they do and why, for who reads a script as text.

pub(super) const ACCOUNT_AND_GROUP: &str = "\
    The system account, which manages the database and logs in for Immuta, and the group whose members may \
    impersonate. Accounts and groups belong to the whole cluster. Only a superuser can create a group.";

pub(super) const ACCOUNT: &str = "\
    The system account, which manages the database and logs in for Immuta. Accounts belong to the whole \
    cluster.";

pub(super) const GROUP: &str = "\
    The group whose members may impersonate. Groups belong to the whole cluster; only a superuser can \
    create one.";

pub(super) const NEW_DATABASE_PRIVILEGES: &str = "\
    Who may do what with the database: everybody may make temporary tables in it, only the system account \
    may make schemas. (Redshift has no privilege to connect: every user can, and sees what he is granted \
    inside.)";

pub(super) const EXISTING_DATABASE: &str = "\
    The database exists and is kept; what others may do with it stays as it is. The system account may \
    make schemas in it, and everybody may make temporary tables.";

pub(super) const CREATE: &str = "\
    Everything in this file is one transaction: it is there whole, or not at all. A schema of the same \
    name that is there already makes it fail, and nothing is changed.";

pub(super) const SCHEMAS: &str = "\
    The three schemas of Immuta's documentation: system tables and views, functions for policies, \
    procedures.";

pub(super) const PROFILE: &str = "\
    Immuta's users with what policies ask of them. A list is text, each of its values enclosed in the \
    character 31 (unit separator); immuta_functions.list_contains reads it. Only the system account reads \
    and writes this table: it is closed to PUBLIC by name, whatever default privileges say. (Default \
    privileges of yours that name a user, a group or a role hold for it: revoke them first.)";

pub(super) const IMPERSONATION_STATE: &str = "\
    The state of impersonation: who may, and who is whom in which session. Nobody writes it but the \
    procedures below, and nothing that a user can set himself takes part. Sessions only ever insert rows, \
    so that many can do so at once under serializable isolation; a row is dead once its session is over or \
    its grant is gone.";

pub(super) const USER_PROFILE: &str = "\
    The view that every policy joins: the caller's own row of profile, and of no one else's. It reads \
    profile with its owner's rights, so callers need none.";

pub(super) const FUNCTIONS: &str = "\
    What policies ask of a list in user_profile. A plain SQL function, for Python functions are no longer \
    supported; it calls nothing that a caller's search_path could replace.";

pub(super) const PROCEDURES: &str = "\
    Impersonation. The three procedures run with the rights of the account that runs this script (SECURITY \
    DEFINER), qualify every name and fix their search_path. Only members of the group may start \
    impersonating; only the system account may admit and remove members.";

pub(super) const PRIVILEGES: &str = "\
    What the system account and everybody may do, now and with objects made later. These are the grants \
    that Immuta's documentation lists, in Redshift's words. Default privileges hold for objects that the \
    named user creates from now on; naming another user needs a superuser.";

pub(super) const MARKER: &str = "\
    The marker: what this set-up made, so that its removal takes that and nothing else. The system account \
    may read it; nobody but this script's owner writes it.";

pub(super) const EDIT: &str = "\
    Everything in this file is one transaction: the old state or the new one, nothing between.";

pub(super) const RENAMED_ACCOUNT: &str = "\
    The system account's new name. A renamed user loses its password, for the hash holds the name.";

pub(super) const PASSWORD: &str = "\
    How the system account logs in.";

pub(super) const OTHER_ACCOUNT: &str = "\
    Another system account, which exists: it gets what the old one had, and the old one loses it. What the \
    old one owns stays its own.";

pub(super) const IMPERSONATION_ON: &str = "\
    Impersonation on: the group, the state, the view that knows of it, the procedures. Only a superuser \
    can create a group.";

pub(super) const USER_PROFILE_WITH_IMPERSONATION: &str = "\
    The view that every policy joins, now with the identity that a member of the group has taken.";

pub(super) const PROCEDURES_OF_EDIT: &str = "\
    The three procedures run with the rights of the account that runs this script (SECURITY DEFINER), \
    qualify every name and fix their search_path. Only members of the group may start impersonating; only \
    the system account may admit and remove members.";

pub(super) const RENAMED_GROUP: &str = "\
    The group's new name, and the procedures that ask for it.";

pub(super) const IMPERSONATION_OFF: &str = "\
    Impersonation off: the view first, so that nobody is anybody else from here on, then the procedures, \
    the state and the group.";

pub(super) const MARKER_UPDATE: &str = "\
    The marker says what stands now.";

pub(super) const PROOF: &str = "\
    Proof before removal: the marker must say that Bootshift made what is about to go, under these names. \
    If it does not, the statement fails and nothing is changed. Redshift has no IF outside of a procedure, \
    hence the short-lived one, in a schema whose name is reserved: one that somebody has made first is \
    dropped.";

pub(super) const PROOF_OF_CLEANUP: &str = "\
    Proof before removal. The set-up did not finish, so there may be no marker; then the database must \
    hold nothing but what the set-up makes. If there is a marker, it must name this set-up. Otherwise the \
    statement fails and nothing is changed. Redshift has no IF outside of a procedure, hence the \
    short-lived one, in a schema whose name is reserved: one that somebody has made first is dropped.";

pub(super) const DROP_SCHEMAS: &str = "\
    The three schemas with all that is in them, after the default privileges that name them. CASCADE takes \
    along the views elsewhere that join user_profile: without it their policies would have nothing to ask.";

pub(super) const KEPT_DATABASE: &str = "\
    The database itself stays; the system account loses its privileges on it.";

pub(super) const DROP_ACCOUNT: &str = "\
    Group and account last. Redshift refuses to drop a user who owns something or has a privilege in the \
    database where the statement runs, and a group that has one: \"can't be dropped because the user owns \
    some object\", or \"has a privilege on some object\" (SQLSTATE 55006). Not every cluster says which: \
    look by identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, \
    by grantee_name and owner_name in svv_default_privileges, and by tableowner in pg_tables. Give it to \
    another owner, revoke the privilege, and run this again. Redshift does not look into other databases; \
    what a user owns there is left without an owner.";

pub(super) const CLEANUP: &str = "\
    What is there is removed, what is not is passed over. DROP GROUP and ALTER DEFAULT PRIVILEGES have no \
    IF EXISTS, hence the short-lived procedure, in a schema whose name is reserved: one that somebody has \
    made first is dropped. Redshift refuses to drop a user who owns something or has a privilege in the \
    database where this runs, and a group that has one: \"can't be dropped because the user owns some \
    object\", or \"has a privilege on some object\" (SQLSTATE 55006). Not every cluster says which: look \
    by identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, by \
    grantee_name and owner_name in svv_default_privileges, and by tableowner in pg_tables. Give it to \
    another owner, revoke the privilege, and run this again.";

pub(super) const CLEANUP_DATABASE: &str = "\
    The database, which holds nothing else: the stage before has checked that. DROP DATABASE cannot run in \
    a transaction, and fails while somebody is connected to the database.";

/// `is_first` tells whether nothing comes before it.
pub(super) fn new_database(is_first: bool) -> String {
    let way_on = if is_first {
        ": run the file statement by statement"
    } else {
        ", and what comes before has taken effect: go on from here, statement by statement, or run the cleanup script \
         and start anew"
    };
    format!(
        "The database that Immuta manages. CREATE DATABASE cannot run in a transaction, so it stands alone. If it says \
         that the database exists, stop: the database is somebody's, or an earlier run made it. If it says that it \
         cannot run inside a transaction block (25001), the client sent the file as one string{way_on}."
    )
}

/// `is_last` tells whether neither account nor group is dropped afterwards.
pub(super) fn drop_database(is_last: bool) -> String {
    let condition = if is_last {
        ""
    } else {
        ", and when the account, and the group if there is one, neither own nor were granted anything in the database \
         where this runs: else they are not dropped, and the database is gone by then. To find it, look by \
         identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, by grantee_name \
         and owner_name in svv_default_privileges, and by tableowner in pg_tables"
    };
    format!(
        "The database with everything in it. Run this only after the check in the stage before has passed{condition}. \
         DROP DATABASE cannot run in a transaction, and fails while other sessions are connected to the database. If a \
         statement after it fails, fix the cause and use the cleanup script: with the database, the marker is gone."
    )
}
