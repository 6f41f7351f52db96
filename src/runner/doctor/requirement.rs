//! What a setup requires of the cluster and of the login user, from what is known about both.

use super::cluster::{Cluster, User};
use super::report::{Details, Finding, FindingStatus};
use crate::payload::Payload;
use crate::runner::ApplyOptions;
use crate::runner::plan;

/// The requirements of every setup, and those of a payload.
pub(super) fn requirements(
    cluster: &Cluster,
    user: User,
    setup: Option<(&Payload, ApplyOptions)>,
    login: &str,
) -> Vec<Finding> {
    let mut findings = vec![
        finding(
            "case-insensitive-identifiers",
            "identifiers are case-insensitive (enable_case_sensitive_identifier is off)",
            "Immuta requires it: turn it off in the parameter group of the cluster, or for this user with `ALTER USER … SET \
             enable_case_sensitive_identifier TO false`",
            cluster.is_case_sensitive.map(|is_case_sensitive| !is_case_sensitive),
        ),
        finding(
            "create-schemas",
            "this user may create schemas in this database",
            "the run lock and the scripts require it: a superuser can grant it with `GRANT CREATE ON DATABASE`",
            user.may_create_schemas,
        ),
    ];
    let Some((payload, options)) = setup else { return findings };
    let new_marker = plan::new_marker(payload, options, login);
    if new_marker.database_created {
        findings.push(finding(
            "create-databases",
            "this user may create databases",
            "the setup creates a database: log in as a superuser, or have one run `ALTER USER … CREATEDB`",
            Some(user.may_create_databases),
        ));
    }
    if new_marker.user_created {
        findings.push(finding(
            "create-users",
            "this user may create users",
            "the setup creates the system account: log in as a superuser",
            user.may_create_users,
        ));
    }
    if new_marker.group_created {
        findings.push(finding(
            "create-groups",
            "this user may create groups",
            "the setup creates the impersonation group: log in as a superuser",
            user.may_create_groups,
        ));
    }
    if new_marker.names.user != login {
        findings.push(finding(
            "superuser",
            "this user is a superuser",
            "the setup changes the default privileges of another user, the system account: log in as a superuser",
            Some(user.is_superuser),
        ));
    }
    findings
}

fn finding(id: &'static str, title: &'static str, meaning: &'static str, holds: Option<bool>) -> Finding {
    let status = match holds {
        Some(true) => FindingStatus::Holds,
        Some(false) => FindingStatus::Fails,
        None => FindingStatus::NotTried,
    };
    let message = holds.is_none().then(|| "cannot be determined".to_owned());
    Finding {
        id,
        title,
        meaning,
        status,
        details: Details { message, ..Details::default() },
        is_relevant: true,
    }
}
