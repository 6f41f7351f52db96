//! `doctor`: what a cluster is, and whether the assumptions of the scripts and the runner hold there.
//!
//! Everything that changes something is in a transaction that is rolled back. If the run ends early, the end of its
//! connection rolls it back.

mod assumption;
mod assumptions;
mod cluster;
mod patch;
mod report;
mod requirement;
mod trial;

use self::assumption::{Affects, Assumption, Needs};
pub(crate) use self::cluster::{Cluster, Kind, User};
pub(crate) use self::report::{Details, DoctorReport, Finding, FindingStatus};
use self::requirement::requirements;
use self::trial::{Trial, Trials};
use super::error::{ConnectError, StatementError};
use super::{Access, ApplyOptions};
use crate::payload::Payload;
use crate::script::ScriptError;

/// Why a cluster cannot be examined.
#[derive(Debug)]
pub(crate) enum DoctorError {
    Interrupted,
    /// Why it cannot be queried.
    Message(String),
}

impl From<ConnectError> for DoctorError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Interrupted => Self::Interrupted,
            error => Self::Message(error.to_string()),
        }
    }
}

impl From<StatementError> for DoctorError {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Interrupted { .. } => Self::Interrupted,
            error => Self::Message(error.to_string()),
        }
    }
}

impl From<ScriptError> for DoctorError {
    fn from(error: ScriptError) -> Self {
        Self::Message(error.to_string())
    }
}

/// Examines a cluster; with a payload, also whether the login user may do what its setup needs.
///
/// # Errors
/// The cluster cannot be queried, or the user interrupts.
pub(crate) async fn doctor(
    access: &Access,
    database: &str,
    setup: Option<(&Payload, ApplyOptions)>,
) -> Result<DoctorReport, DoctorError> {
    let mut trials = Trials::connect(access, database).await?;
    let mut cluster = Cluster::inspect(trials.session(), database).await?;
    if cluster.version.is_empty() {
        return Err(DoctorError::Message("the server does not identify itself as Redshift".to_owned()));
    }
    let user = User::inspect(&mut trials).await??;
    cluster.has_metadata_security = user.metadata_security(&mut trials).await?;
    let mut findings = requirements(&cluster, user, setup, &access.user);
    let has_impersonation = setup.is_none_or(|(payload, _)| payload.impersonation_group().is_some());
    for assumption in assumptions::all()? {
        let (status, details) = try_one(&mut trials, user, &assumption).await?;
        let Assumption { id, title, meaning, affects, .. } = assumption;
        let is_relevant = match affects {
            Affects::Setup => true,
            Affects::Impersonation => has_impersonation,
            Affects::Nothing => false,
        };
        findings.push(Finding { id, title, meaning, status, details, is_relevant });
    }
    cluster.conflicts = trials.conflicts;
    let mut report = DoctorReport { cluster, user, findings };
    report.hide_names(access, database, setup.map(|(payload, _)| payload));
    Ok(report)
}

/// Tries an assumption, if the login user is allowed to.
async fn try_one(
    trials: &mut Trials<'_>,
    user: User,
    assumption: &Assumption,
) -> Result<(FindingStatus, Details), DoctorError> {
    let (is_allowed, reason) = match assumption.needs {
        Needs::Nothing => (None, ""),
        Needs::Schemas => (user.may_create_schemas, "requires CREATE on the database"),
        Needs::Users => (user.may_create_users, "requires a superuser"),
        Needs::Groups => (user.may_create_groups, "requires a superuser"),
    };
    if is_allowed == Some(false) {
        let details = Details { message: Some(reason.to_owned()), ..Details::default() };
        return Ok((FindingStatus::NotTried, details));
    }
    Ok(match trials.try_steps(&assumption.steps).await? {
        Trial::Held => (FindingStatus::Holds, Details::default()),
        Trial::Failed(details) => (FindingStatus::Fails, details),
        // Another time it may hold.
        Trial::Conflicted(details) => (FindingStatus::NotTried, details),
    })
}
