//! Applies the scripts to Redshift: `apply`, `status` and `remove` (feature `native`).
//!
//! ```text
//! Payload ─┬─ connect ─▶ snapshot ─▶ plan ─▶ lock ─▶ statements ─▶ snapshot ─▶ RunReport
//!          └─ script ──────────────────┘
//! ```
//!
//! A run inspects the catalog and runs the missing statements in order; it stores nothing on this machine. A transaction
//! takes effect completely or not at all; after any failure the same command completes the rest, and a command that
//! finds nothing to do changes nothing. It only drops and changes objects that the marker (`immuta_system.bootstrap`) or
//! the run lock of an unfinished run (`bootshift_lock.run`) proves to be created by Bootshift, and trusts neither if an
//! ordinary user could have written it.
//!
//! Statements are sent with the simple protocol, because Redshift's DDL has no parameters: a transaction in one message,
//! because each message takes a round trip. `CREATE DATABASE` must be alone in a message
//! (<https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_DATABASE.html>).

mod account_login;
mod also_dropped;
mod connected;
mod dependents;
mod doctor;
mod error;
mod execute;
mod facts;
mod finish;
mod holder;
mod identity;
mod inspect;
mod local;
mod login;
mod message;
mod meter;
mod network;
mod notice;
mod plan;
mod plan_error;
mod prepare;
mod privilege_list;
mod probe;
mod response;
mod run;
mod run_lock;
mod run_progress;
mod session;
mod session_list;
mod shared;
mod snapshot;
mod status;
mod table_grant;
mod tls;
mod transport;
mod trust;
mod unlisted_grant;
mod validation;
mod view_definition;

use std::sync::Arc;

pub use also_dropped::{AlsoDropped, DroppedObject};
pub(crate) use doctor::{
    Cluster, Details, DoctorError, DoctorReport, Finding, FindingStatus, Kind, User, doctor,
};
#[cfg(fuzzing)]
pub use network::listen;
pub use notice::{InUse, Notice, Notify, OtherSession, Progress, Waiting};
pub use probe::Probes;
pub use response::{Outcome, Phase, RunReport, Status, TestStatus, ValidationTest};
pub use run::{Prepared, prepare_apply, prepare_remove};
pub use session::Access;
pub use status::status;
pub use tls::client_config;
pub use transport::SslMode;

use crate::payload::Payload;

/// What the user can do about an error of this machine, if it is one.
pub(crate) fn advice(error: &std::io::Error) -> Option<&'static str> {
    local::LocalError::of(error).map(local::LocalError::advice)
}

/// Looks up `${NAME}` references.
pub type Environment<'e> = &'e (dyn Fn(&str) -> Option<String> + Send + Sync);

/// A shared [`Environment`].
pub type SharedEnvironment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Options that are not in the payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Use an existing `database` and keep it; implied if it equals `initialDatabase`.
    pub existing_database: bool,
    /// Use an existing system account and keep it; implied if it is the login user.
    pub existing_user: bool,
}

/// The target of a run.
#[derive(Clone)]
pub struct Target {
    /// The payload of the setup.
    pub payload: Payload,
    /// The payload of the existing setup, for a change.
    pub old: Option<Payload>,
    /// How to log in.
    pub access: Access,
    /// Options that are not in the payload.
    pub options: ApplyOptions,
    /// Looks up `${NAME}` references.
    pub env: SharedEnvironment,
}
