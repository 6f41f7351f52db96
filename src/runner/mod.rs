//! Applies the scripts to Redshift: `apply`, `status` and `remove` (feature `native`).
//!
//! ```text
//! Payload ─┬─ connect ─▶ facts ─▶ plan ─▶ lock ─▶ statements ─▶ facts ─▶ Outcome
//!          └─ script ───────────────┘
//! ```
//!
//! A run asks the catalog what stands, and does what is missing, in order: it remembers nothing on this machine. What
//! it did in a transaction stands whole or not at all; after any failure the same command finishes the job, and a
//! command that finds everything done changes nothing. It drops and changes nothing that the marker
//! (`immuta_system.bootstrap`) or the claim of an unfinished run (`bootshift_lock.run`) does not prove to be its
//! own, and believes neither where an ordinary user could have written it.
//!
//! Statements go out one a message, by the simple protocol: Redshift's DDL has no parameters, and `CREATE DATABASE`
//! shares no message (<https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_DATABASE.html>).

mod run_progress;
mod account_login;
mod conclude;
mod connected;
mod dependents;
mod error;
mod execute;
mod facts;
mod holder;
mod identity;
mod snapshot;
mod local;
mod login;
mod inspect;
mod lost;
mod meter;
mod network;
mod notice;
mod plan_error;
mod opening;
mod plan;
mod prepare;
mod privilege_list;
mod probe;
mod response;
mod run;
mod run_lock;
mod session;
mod shared;
mod status;
mod tls;
mod transport;
mod trust;
mod validation;

use std::sync::Arc;

pub use lost::{Lost, LostObject};
#[cfg(fuzzing)]
pub use network::listen;
pub use notice::{Notice, Notify, Progress, Waiting};
pub use probe::Probes;
pub use response::{Outcome, RunReport, Phase, Status, TestStatus, ValidationTest};
pub use run::{Prepared, prepare_apply, prepare_remove};
pub use session::Access;
pub use status::status;
pub use tls::client_config;
pub use transport::SslMode;

use crate::payload::Payload;

/// What to do about an error of this machine's that says nothing about a server.
pub(crate) fn advice(error: &std::io::Error) -> Option<&'static str> {
    local::LocalError::of(error).map(local::LocalError::advice)
}

/// Looks up `${NAME}` references.
pub type Environment<'e> = &'e (dyn Fn(&str) -> Option<String> + Send + Sync);

/// The same, to be kept.
pub type SharedEnvironment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What the payload does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// `database` exists and is kept: implied where it equals `initialDatabase`.
    pub existing_database: bool,
    /// The system account exists and is kept: implied where it is who logs in.
    pub existing_user: bool,
}

/// What a run is about.
#[derive(Clone)]
pub struct Target {
    /// What is to stand.
    pub payload: Payload,
    /// What stands, for a change.
    pub old: Option<Payload>,
    /// Who logs in, and how.
    pub access: Access,
    /// What the payload does not say.
    pub options: ApplyOptions,
    /// Looks up `${NAME}` references.
    pub env: SharedEnvironment,
}
