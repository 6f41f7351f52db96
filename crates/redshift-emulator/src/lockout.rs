//! Failed logins, and the users that they lock
//! (<https://docs.aws.amazon.com/redshift/latest/dg/r_Users-user-lockout.html>).

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::SUPERUSER;
use super::quote::literal;

/// The failed logins of all users.
#[derive(Default)]
pub(super) struct FailedLogins {
    users: BTreeMap<String, User>,
}

#[derive(Default)]
struct User {
    /// The number of consecutive failed logins.
    attempts: u32,
    last_failed: Option<u64>,
    locked: Option<u64>,
    /// The user who locked it, if not the failed logins.
    locked_by: Option<String>,
}

impl FailedLogins {
    /// Whether the user cannot log in. The admin user is never locked.
    pub(super) fn is_locked(&self, user: &str, limit: Option<u32>) -> bool {
        user != SUPERUSER
            && limit.is_some_and(|limit| {
                self.users.get(user).is_some_and(|user| user.locked_by.is_some() || user.attempts >= limit)
            })
    }

    pub(super) fn failed(&mut self, user: &str, limit: Option<u32>) {
        let is_admin = user == SUPERUSER;
        let user = self.users.entry(user.to_owned()).or_default();
        user.attempts += 1;
        user.last_failed = Some(now());
        if !is_admin && limit.is_some_and(|limit| user.attempts >= limit) {
            user.locked.get_or_insert_with(now);
        }
    }

    pub(super) fn lock(&mut self, user: &str, by: &str) {
        if user != SUPERUSER {
            let user = self.users.entry(user.to_owned()).or_default();
            user.locked = Some(now());
            user.locked_by = Some(by.to_owned());
        }
    }

    /// Unlocks the user, and forgets the failed logins.
    pub(super) fn reset(&mut self, user: &str) {
        self.users.remove(user);
    }

    /// Rows of `VALUES`: user, reason, when it was locked, the last failed login, failed logins, who locked it.
    pub(super) fn rows(&self) -> String {
        let none = "(CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS timestamp), CAST(NULL AS timestamp), 0, \
                    CAST(NULL AS text))";
        let rows = self.users.iter().map(|(name, user)| {
            let time = |time: Option<u64>| {
                time.map_or("NULL".to_owned(), |time| {
                    format!("CAST(pg_catalog.to_timestamp({time}) AT TIME ZONE 'UTC' AS timestamp)")
                })
            };
            let reason = match user.locked {
                Some(_) if user.locked_by.is_some() => "'manual'",
                Some(_) => "'automatic'",
                None => "NULL",
            };
            format!(
                "({}, {reason}, {}, {}, {}, {})",
                literal(name),
                time(user.locked),
                time(user.last_failed),
                user.attempts,
                user.locked_by.as_deref().map_or("NULL".to_owned(), literal)
            )
        });
        std::iter::once(none.to_owned()).chain(rows).collect::<Vec<_>>().join(", ")
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).unwrap_or_default()
}
