//! The queries that tell whether the effect of a statement stands, for the runner.
//!
//! They ask the catalog alone, and nothing that only newer versions of PostgreSQL have; where an object can be
//! altered as well as dropped, they look at what it is, not only whether it is there. A view is compared by the
//! relations and the conditions that it names, for every server prints definitions in its own way.

use askama::Template;
use md5::{Digest as _, Md5};

use super::mark::marked;
use super::stage::{ImpersonationBodies, ListContains, Subject, body, rendered};
use super::{ScriptError, Stage};
use crate::sql::{Identifier, Literal, LiteralError, hex};

#[derive(Template)]
#[template(path = "effects.sql")]
struct Effects<'a> {
    user: &'a Literal,
    database: &'a Literal,
    group: &'a Literal,
    has_group: bool,
    /// How the entry of the system account, or of the group, begins in a list of privileges to execute.
    user_entry: Literal,
    group_entry: Literal,
    list_contains: Literal,
    impersonate_user: Literal,
    grant_impersonation: Literal,
    revoke_impersonation: Literal,
}

/// Gives the statements their probes.
pub(super) fn add_probes(stages: &mut [Stage], subject: &Subject<'_>) -> Result<(), ScriptError> {
    let bodies = subject.group.as_ref().map(|group| group.bodies());
    let ImpersonationBodies { impersonate_user, grant_impersonation, revoke_impersonation } =
        bodies.unwrap_or_default();
    let payload = subject.payload;
    let group = payload.impersonation_group().map(Identifier::folded).unwrap_or_default();
    let template = Effects {
        user: &subject.user_literal,
        database: &subject.database_literal,
        group: &subject.group_literal,
        has_group: subject.group.is_some(),
        user_entry: entry("", subject.user.as_str())?,
        group_entry: entry("group ", &group)?,
        list_contains: digest(body(&ListContains)?.body())?,
        impersonate_user: digest(impersonate_user)?,
        grant_impersonation: digest(grant_impersonation)?,
        revoke_impersonation: digest(revoke_impersonation)?,
    };
    let text = rendered(&template)?;
    let probes: Vec<(String, String)> = marked(&text).map(|mark| (mark.label, mark.body)).collect();
    for statement in stages.iter_mut().flat_map(|stage| &mut stage.statements) {
        statement.probe =
            probes.iter().find(|(summary, _)| *summary == statement.summary).map(|(_, probe)| probe.clone());
    }
    Ok(())
}

/// As an entry of an access control list that grants EXECUTE begins, without the quotation marks that some names
/// stand in.
fn entry(kind: &str, name: &str) -> Result<Literal, LiteralError> {
    Literal::new(&format!("{kind}{}=X", name.replace('"', "")))
}

/// The MD5 of a body without white space, for a server may keep it otherwise.
fn digest(body: &str) -> Result<Literal, LiteralError> {
    let digest = Md5::digest(body.replace(['\t', '\n', '\r', ' '], ""));
    Literal::new(&hex(&digest))
}

#[cfg(test)]
mod tests {
    use crate::payload::tests::{manual_okta, user_password};
    use crate::script::{ScriptKind, ScriptOptions, script};

    /// What needs none: the transaction around, and the marker's row, which the runner reads as such.
    const WITHOUT: [&str; 3] = ["Begin the transaction", "Commit the transaction", "Write the marker"];

    #[test]
    fn every_statement_of_a_set_up_has_a_probe() {
        for payload in [user_password("Correct1horse"), manual_okta("Correct1horse")] {
            for existing_database in [false, true] {
                let options = ScriptOptions { existing_database, ..ScriptOptions::default() };
                let script = script(ScriptKind::All, &payload, None, &options, &|_| None).unwrap();
                for statement in script.stages.iter().flat_map(|stage| &stage.statements) {
                    let needs_none = WITHOUT.contains(&statement.summary.as_str());
                    assert_eq!(statement.probe.is_none(), needs_none, "{}", statement.summary);
                }
            }
        }
    }
}
