//! The headings of the groups of statements: what they do and why, for readers of a script.

pub(super) const ACCOUNT_AND_GROUP: &str = "\
    The system account, which manages the database and is Immuta's login, and the group whose members can \
    impersonate. Accounts and groups belong to the whole cluster. Only a superuser can create a group.";

pub(super) const ACCOUNT: &str = "\
    The system account, which manages the database and is Immuta's login. Accounts belong to the whole \
    cluster.";

pub(super) const GROUP: &str = "\
    The group whose members can impersonate. Groups belong to the whole cluster; only a superuser can \
    create a group.";

pub(super) const NEW_DATABASE_PRIVILEGES: &str = "\
    Privileges on the database: every user can create temporary tables in it, but only the system account can \
    create schemas. (Redshift has no CONNECT privilege: every user can connect, but can use only what has been \
    granted to them.)";

pub(super) const EXISTING_DATABASE: &str = "\
    The database exists and is kept; the privileges of other users on it do not change. The system account \
    can create schemas in it, and every user can create temporary tables.";

pub(super) const CREATE: &str = "\
    This file is one transaction: either all of it takes effect, or none of it. It fails if one of the schemas \
    exists.";

pub(super) const SCHEMAS: &str = "\
    The three schemas in Immuta's documentation: for system tables and views, for functions that policies use, and \
    for procedures.";

pub(super) const PROFILE: &str = "\
    Immuta's users with the values that policies use. A list is a text in which each value is between two unit \
    separators, chr(31); immuta_functions.list_contains searches it. Only the system account reads \
    and writes this table: the privileges of PUBLIC are revoked explicitly, whatever the default privileges \
    are. (Default privileges of a user, a group or a role apply to it as well: revoke them first.)";

pub(super) const IMPERSONATION_STATE: &str = "\
    The state of impersonation: who can impersonate, and which identity each session has assumed. Only the \
    procedures below write it. A row applies only to the user that it was written for, in the sessions \
    whose variable immuta.session has its word, while its grant exists. Sessions only insert rows, so that \
    many can do so at once.";

pub(super) const USER_PROFILE: &str = "\
    The view that every policy joins: it returns only the caller's own row of profile. It reads profile with the \
    privileges of its owner, so callers need none.";

pub(super) const FUNCTIONS: &str = "\
    The function with which policies search a list in user_profile. It is a plain SQL function, because Python \
    functions are no longer supported; it calls nothing that a caller's search_path could replace.";

pub(super) const PROCEDURES: &str = "\
    Impersonation. The three procedures run with the privileges of the account that runs this script (SECURITY \
    DEFINER), qualify every name and set their own search_path. Only members of the group can start \
    impersonating; only the system account can add and remove members.";

pub(super) const PRIVILEGES: &str = "\
    The privileges of the system account and of PUBLIC, on existing and on future objects. These are the \
    grants that Immuta's documentation lists, in Redshift's terms. Default privileges apply to objects that \
    the named user creates from now on; naming another user requires a superuser.";

pub(super) const MARKER: &str = "\
    The marker: it records what this setup created, so that a removal drops only that. The \
    system account can read it; only the owner of this script can write it.";

pub(super) const EDIT: &str = "\
    This file is one transaction: either all of it takes effect, or none of it.";

pub(super) const RENAMED_ACCOUNT: &str = "\
    The new name of the system account. Renaming a user clears its password, because the hash contains the \
    name.";

pub(super) const PASSWORD: &str = "\
    The password of the system account.";

pub(super) const OTHER_ACCOUNT: &str = "\
    Another, existing system account: it gets the privileges of the old one, which loses them. The old \
    account keeps the objects that it owns.";

pub(super) const IMPERSONATION_ON: &str = "\
    Turns impersonation on: the group, the state, the view that reads the state, the procedures. Only a \
    superuser can create a group.";

pub(super) const USER_PROFILE_WITH_IMPERSONATION: &str = "\
    The view that every policy joins, now with the identity that a member of the group has assumed.";

pub(super) const PROCEDURES_OF_EDIT: &str = "\
    The three procedures run with the privileges of the account that runs this script (SECURITY DEFINER), \
    qualify every name and set their own search_path. Only members of the group can start impersonating; \
    only the system account can add and remove members.";

pub(super) const RENAMED_GROUP: &str = "\
    The new name of the group, and the procedures that check it.";

pub(super) const IMPERSONATION_OFF: &str = "\
    Turns impersonation off: first the view, so that no session keeps another identity, then the \
    procedures, the state and the group.";

pub(super) const MARKER_UPDATE: &str = "\
    Updates the marker to the new state.";

#[cfg(feature = "native")]
pub(super) const UPGRADE: &str = "\
    This file is one transaction: it upgrades a setup that an earlier version of Bootshift created. The \
    contents of profile and the grants are kept.";

#[cfg(feature = "native")]
pub(super) const UPGRADE_IMPERSONATION: &str = "\
    Impersonation by a session variable. This ends the impersonation of open sessions.";

#[cfg(feature = "native")]
pub(super) const UPGRADE_PRIVILEGES: &str = "\
    ALL PRIVILEGES now includes privileges to rename and drop the schemas, which the system account does not \
    need.";

pub(super) const PROOF: &str = "\
    Check before the removal: the marker must record that Bootshift created the objects to be removed, under \
    these names. Otherwise the statement fails and nothing is changed. Redshift has no IF outside procedures, so \
    this uses a short-lived procedure in a schema whose name is reserved for it: an existing schema of that name is \
    dropped.";

pub(super) const PROOF_OF_CLEANUP: &str = "\
    Check before the removal. The setup did not finish, so the marker may be missing; then the database must \
    contain only what the setup creates. If the marker exists, it must belong to this setup. Otherwise the \
    statement fails and nothing is changed. Redshift has no IF outside procedures, so this uses a short-lived \
    procedure in a schema whose name is reserved for it: an existing schema of that name is dropped.";

pub(super) const DROP_SCHEMAS: &str = "\
    The three schemas with everything in them, after the default privileges that name them. CASCADE also \
    drops views in other schemas that join user_profile, because their policies cannot work without it.";

pub(super) const KEPT_DATABASE: &str = "\
    The database itself is kept; the system account loses its privileges on it.";

pub(super) const DROP_ACCOUNT: &str = "\
    The group and the account come last. Redshift refuses to drop a user that owns an object or has a \
    privilege in the database where the statement runs, and a group that has a privilege there: \"can't be \
    dropped because the user owns some object\", or \"has a privilege on some object\" (SQLSTATE 55006). Not \
    every cluster names the object: search by identity_name in svv_relation_privileges, \
    svv_schema_privileges and svv_function_privileges, by grantee_name and owner_name in \
    svv_default_privileges, and by tableowner in pg_tables. Change the owner, revoke the privilege, and run \
    this again. Redshift does not check other databases; objects of the user there are left without an owner.";

pub(super) const CLEANUP: &str = "\
    Removes what exists, and ignores what is missing. DROP GROUP and ALTER DEFAULT PRIVILEGES have no IF EXISTS, so \
    this uses a short-lived procedure in a schema whose name is reserved for it: an existing schema of that name is \
    dropped. Redshift refuses to drop a user that owns an object or has a privilege in the database \
    where this runs, and a group that has a privilege there: \"can't be dropped because the user owns some \
    object\", or \"has a privilege on some object\" (SQLSTATE 55006). Not every cluster names the object: \
    search by identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, \
    by grantee_name and owner_name in svv_default_privileges, and by tableowner in pg_tables. Change the \
    owner, revoke the privilege, and run this again.";

pub(super) const CLEANUP_DATABASE: &str = "\
    The database. The previous stage has checked that it contains nothing else. DROP DATABASE cannot run \
    in a transaction, and fails while other sessions are connected to the database.";

/// `is_first` is true if no statement comes before it.
pub(super) fn new_database(is_first: bool) -> String {
    let next_step = if is_first {
        ": run the file statement by statement"
    } else {
        ", and the statements before it have taken effect: continue from here, statement by statement, or run the \
         cleanup script and start again"
    };
    format!(
        "The database that Immuta manages. CREATE DATABASE cannot run in a transaction, so it is not part of one. \
         If it fails because the database exists, stop: it was created by another user or by an earlier run. If it \
         fails because it cannot run inside a transaction block (25001), the client sent the file as one \
         string{next_step}."
    )
}

/// `is_last` is true if neither the account nor the group is dropped afterwards.
pub(super) fn drop_database(is_last: bool) -> String {
    let condition = if is_last {
        ""
    } else {
        " and only if the account (and the group, if there is one) has no objects or privileges in the database \
         where this runs: otherwise the account is not dropped, although the database is gone. To find such \
         objects, search by \
         identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, by grantee_name \
         and owner_name in svv_default_privileges, and by tableowner in pg_tables"
    };
    format!(
        "The database with everything in it. Run this only after the check in the previous stage has \
         passed{condition}. \
         DROP DATABASE cannot run in a transaction, and fails while other sessions are connected to the database. If a \
         statement after it fails, fix the cause and use the cleanup script: the marker is gone with the database."
    )
}
