//! The report, which contains no secret and no name of a host, cluster, database, user or group.

use serde_json::{Value, json};

use super::cluster::{Cluster, Kind, User};
use crate::payload::Payload;
use crate::runner::facts::Names;
use crate::runner::session::Access;

/// What is known about a cluster, and whether the assumptions hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DoctorReport {
    pub(crate) cluster: Cluster,
    pub(crate) user: User,
    pub(crate) findings: Vec<Finding>,
}

/// Whether a requirement or an assumption holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// What it means if it fails.
    pub(crate) meaning: &'static str,
    pub(crate) status: FindingStatus,
    pub(crate) details: Details,
    /// Whether the setup depends on it.
    pub(crate) is_relevant: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FindingStatus {
    Holds,
    Fails,
    NotTried,
}

/// Why something fails, or was not tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Details {
    /// The statement that failed.
    pub(crate) statement: Option<String>,
    pub(crate) sqlstate: Option<String>,
    pub(crate) message: Option<String>,
}

impl FindingStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::NotTried => "notTried",
        }
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::Serverless => "serverless",
            Self::MultiAz => "multiAz",
        }
    }
}

impl DoctorReport {
    /// What prevents a setup.
    pub(crate) fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_relevant && finding.status == FindingStatus::Fails)
    }

    /// Replaces names in the messages of the server.
    pub(super) fn hide_names(&mut self, access: &Access, database: &str, payload: Option<&Payload>) {
        let mut names = vec![
            (access.host.clone(), "<host>"),
            (access.user.clone(), "<user>"),
            (database.to_owned(), "<database>"),
        ];
        if let Some(payload) = payload {
            let Names { database, user, group } = Names::of(payload);
            names.extend([(database, "<database>"), (user, "<user>"), (group, "<group>")]);
        }
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for finding in &mut self.findings {
            if let Some(message) = &mut finding.details.message {
                for (name, replacement) in &names {
                    *message = replaced(message, name, replacement);
                }
            }
        }
    }

    /// The report as JSON.
    pub(crate) fn to_json(&self) -> Value {
        let Cluster {
            version,
            patch,
            kind,
            isolation,
            is_case_sensitive,
            is_encrypted,
            has_lockout,
            max_failed_logins,
            has_metadata_security,
            conflicts,
        } = &self.cluster;
        let User {
            is_superuser,
            may_create_databases,
            may_create_schemas,
            may_create_users,
            may_create_groups,
        } = self.user;
        json!({
            "version": 1,
            "cluster": {
                "version": version,
                "patch": patch,
                "kind": kind.map(Kind::name),
                "isolation": isolation,
                "caseSensitive": is_case_sensitive,
                "tls": is_encrypted,
                "lockout": has_lockout,
                "maxFailedLogins": max_failed_logins,
                "metadataSecurity": has_metadata_security,
                "conflicts": conflicts,
            },
            "user": {
                "superuser": is_superuser,
                "createDatabases": may_create_databases,
                "createSchemas": may_create_schemas,
                "createUsers": may_create_users,
                "createGroups": may_create_groups,
            },
            "assumptions": self.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
            "blocking": self.blocking().map(|finding| finding.id).collect::<Vec<_>>(),
        })
    }
}

impl Finding {
    fn to_json(&self) -> Value {
        let Details { statement, sqlstate, message } = &self.details;
        let mut value = json!({ "id": self.id, "status": self.status.name() });
        for (key, detail) in [("sqlstate", sqlstate), ("message", message), ("statement", statement)] {
            if let Some(detail) = detail {
                value[key] = detail.as_str().into();
            }
        }
        value
    }
}

/// Replaces a name where it is a whole word.
fn replaced(text: &str, name: &str, replacement: &str) -> String {
    if name.is_empty() {
        return text.to_owned();
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let is_whole =
            !before.chars().next_back().or_else(|| result.chars().next_back()).is_some_and(is_word)
                && !after.chars().next().is_some_and(is_word);
        result.push_str(before);
        result.push_str(if is_whole { replacement } else { name });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_whole_words() {
        for (text, expected) in [
            ("permission denied for database dev", "permission denied for database <x>"),
            ("\"dev\" and developer and my_dev, dev", "\"<x>\" and developer and my_dev, <x>"),
            ("devdev", "devdev"),
        ] {
            assert_eq!(replaced(text, "dev", "<x>"), expected);
        }
        assert_eq!(replaced("text", "", "<x>"), "text");
    }
}
