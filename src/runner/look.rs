//! What stands, held against what should.

use std::time::Duration;

use super::Target;
use super::account_login::Password;
use super::error::{ConnectError, StatementError};
use super::facts::{Cluster, Marker, Names, Standing, closes_tables};
use super::known::Known;
use super::lost::LostObject;
use super::plan::{self, missing, missing_statements};
use super::probe::Probes;
use super::response::{Phase, Status, ValidationTest};
use super::run_lock::{Claim, Work};
use super::session::Session;
use super::trust::{RUN_LOCK, Trust};
use super::validation::{CASE_TEST, CONNECTION_TEST, SERVER_TEST, Stop, other_run, unreadable_runs};
use crate::payload::Payload;
use crate::script::{Stage, Statement, Table};

/// Connects, and finds out what stands. If another run makes or drops something between two questions, it asks again.
pub(super) async fn look(target: &Target, tests: &mut Vec<ValidationTest>) -> Result<(Session, Known), Stop> {
    const ATTEMPTS: usize = 5;
    const PAUSE: Duration = Duration::from_millis(400);
    let made = tests.len();
    for _ in 1..ATTEMPTS {
        match look_once(target, tests).await {
            Err(stop) if is_of_a_moment(&stop) => {}
            result => return result,
        }
        tests.truncate(made);
        target.access.pause(PAUSE).await?;
    }
    look_once(target, tests).await
}

/// SQLSTATEs of what changes while it is asked for: `invalid_catalog_name`, of a database that was dropped since it was seen;
/// `invalid_schema_name`, `undefined_table`, `undefined_object`; `object_in_use`, and `cannot_connect_now`, of a database that
/// is being made or dropped; `admin_shutdown`, of a session that was ended with it; `serialization_failure` and
/// `deadlock_detected`; and `internal_error`, by which both PostgreSQL and Redshift tell of an object that is gone, or of
/// a conflict (<https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html>).
const OF_A_MOMENT: [&str; 10] =
    [INVALID_CATALOG_NAME, "3F000", "42P01", "42704", "55006", "57P03", "57P01", "40001", "40P01", "XX000"];
/// SQLSTATE `invalid_catalog_name`.
const INVALID_CATALOG_NAME: &str = "3D000";

/// Whether another look may find another answer.
fn is_of_a_moment(stop: &Stop) -> bool {
    match stop {
        Stop::Statement(error) => error.sqlstate().is_some_and(|state| OF_A_MOMENT.contains(&state)),
        // That `initialDatabase` is not there is no matter of a moment. The other is asked for once it was seen.
        Stop::Gone(_) => true,
        Stop::Connect(ConnectError::Refused(error)) => {
            error.sqlstate != INVALID_CATALOG_NAME && OF_A_MOMENT.contains(&&*error.sqlstate)
        }
        _ => false,
    }
}

async fn look_once(target: &Target, tests: &mut Vec<ValidationTest>) -> Result<(Session, Known), Stop> {
    let payload = &target.payload;
    let names = Names::of(payload);
    let session = Session::connect(&target.access, &payload.initial_database.folded()).await?;
    let cluster = Cluster::look(&session, &names).await?;
    tests.push(ValidationTest::passed(CONNECTION_TEST));
    if !cluster.version.contains("Redshift") {
        tests.push(ValidationTest::failed(SERVER_TEST, "the server does not identify itself as Redshift"));
        return Err(Stop::Unasked);
    }
    tests.push(ValidationTest::passed(SERVER_TEST));
    if cluster.is_case_sensitive {
        tests.push(ValidationTest::failed(
            CASE_TEST,
            "`enable_case_sensitive_identifier` is on, but Immuta requires it to be off: turn it off in the parameter \
             group of the cluster, or for this user (`ALTER USER … SET enable_case_sensitive_identifier TO false`)",
        ));
        return Err(Stop::Unasked);
    }
    tests.push(ValidationTest::passed(CASE_TEST));
    let lock = if cluster.has_lock_schema { RUN_LOCK.look(&session).await? } else { Trust::Absent };
    let (claim, reads_claims) = match lock {
        Trust::Believed { .. } => own_claim(&session, &cluster, &names, tests).await?,
        Trust::Absent | Trust::Doubted(_) => (None, true),
    };
    let wanted = plan::wanted(payload, target.options, &cluster.login);
    let (set_up, unresolved) = plan::set_up(payload, &wanted, &*target.env)?;
    let mut known = Known {
        set_up,
        unresolved,
        cluster,
        lock,
        claim,
        claimed: None,
        held: None,
        reads_claims,
        options: target.options,
        wanted,
        standing: Standing::default(),
        password: Password::default(),
    };
    if let Some(claim) = &known.claim {
        let is_its_database = if claim.may_be_its_database(&known.cluster) {
            known.held = first_object(target).await?;
            known.held.is_none()
        } else {
            false
        };
        known.claimed = Some(claim.proven(&known.cluster, is_its_database));
    }
    known.standing = standing(target, payload, &session, &known.cluster, &known.set_up).await?;
    // The marker, or the claim, may tell of another mode than what was asked for.
    if *known.made() != known.wanted && known.made().names == known.wanted.names {
        (known.set_up, known.unresolved) = plan::set_up(payload, known.made(), &*target.env)?;
        known.standing = standing(target, payload, &session, &known.cluster, &known.set_up).await?;
    }
    Ok((session, known))
}

/// The claim of this set-up, and whether it could be asked for. Of those of others, which have the same
/// `initialDatabase`, there is a word to say.
async fn own_claim(
    session: &Session,
    cluster: &Cluster,
    names: &Names,
    tests: &mut Vec<ValidationTest>,
) -> Result<(Option<Claim>, bool), StatementError> {
    match Claim::read_all(session).await {
        Ok(claims) => {
            let (own, others): (Vec<_>, Vec<_>) =
                claims.into_iter().partition(|claim| claim.is_of(&names.database));
            tests.extend(others.iter().map(|claim| other_run(claim, cluster)));
            Ok((own.into_iter().next(), true))
        }
        // What a superuser has left is closed to ordinary users. They cannot write there either, so that nothing is
        // done on what is not known.
        Err(error) if error.sqlstate() == Some(INSUFFICIENT_PRIVILEGE) => {
            tests.push(unreadable_runs(cluster));
            Ok((None, false))
        }
        Err(error) => Err(error),
    }
}

/// SQLSTATE `insufficient_privilege`.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Something in `database`, which a set-up has made a moment ago if there is nothing.
async fn first_object(target: &Target) -> Result<Option<LostObject>, Stop> {
    let session = connect(target).await?;
    let object = LostObject::first(&session).await?;
    session.close().await;
    Ok(object)
}

/// Logs in to `database`, which was there a moment ago.
async fn connect(target: &Target) -> Result<Session, Stop> {
    match Session::connect(&target.access, &target.payload.database.folded()).await {
        Err(ConnectError::Refused(error)) if error.sqlstate == INVALID_CATALOG_NAME => {
            Err(Stop::Gone(ConnectError::Refused(error)))
        }
        result => Ok(result?),
    }
}

/// What stands in `database` of the set-up of a payload, asked there.
pub(super) async fn standing(
    target: &Target,
    payload: &Payload,
    session: &Session,
    cluster: &Cluster,
    set_up: &[Stage],
) -> Result<Standing, Stop> {
    let probes = Probes::new(payload)?.of_stages(set_up)?;
    if target.payload.same_database() {
        return Ok(Standing::look(session, &probes).await?);
    }
    if !cluster.has_database {
        return Ok(Standing::of_cluster(cluster));
    }
    let session = connect(target).await?;
    let standing = Standing::look(&session, &probes).await?;
    session.close().await;
    Ok(standing)
}

/// What is there and not as it should be.
pub(super) fn drift(known: &Known) -> Vec<ValidationTest> {
    missing_statements(known)
        .map(|statement| {
            let message = match closes_tables(statement.id) {
                Some(tables) => opened(known, tables),
                None => "not in effect".to_owned(),
            };
            ValidationTest::failed(Phase::SetUp.of_statement(statement.id), message)
        })
        .collect()
}

/// Who may use tables that are to be closed.
fn opened(known: &Known, tables: &[Table]) -> String {
    let account = &known.made().names.user;
    let openings = known.standing.openings.iter();
    let named: Vec<String> = openings
        .filter(|opening| opening.is_of(tables) && !opening.is_intended(account))
        .map(ToString::to_string)
        .collect();
    if named.is_empty() {
        return "unexpected privileges; revoke grants to individual roles, users or groups manually"
            .to_owned();
    }
    named.join("; ")
}

/// How much of the drift `apply` fixes: nothing where something is in its way, nor what somebody was granted by name.
pub(super) fn fixable(known: &Known) -> usize {
    if plan::apply(known).is_err() {
        return 0;
    }
    let fixes = |statement: &&Statement| {
        closes_tables(statement.id).is_none_or(|tables| {
            known.standing.openings.iter().any(|opening| opening.is_of(tables) && opening.is_public())
        })
    };
    missing_statements(known).filter(fixes).count() + usize::from(known.password_is_due())
}

/// The state of what was found.
pub(super) fn state(known: &Known) -> Status {
    if let Some(claim) = &known.claim {
        return match (claim.work, claim.is_held(&known.cluster)) {
            (Work::Apply, true) => Status::Creating,
            (Work::Apply, false) => Status::CreateError,
            (Work::Edit, true) => Status::Editing,
            (Work::Edit, false) => Status::EditError,
            (Work::Remove, true) => Status::Deleting,
            (Work::Remove, false) => Status::DeleteError,
        };
    }
    let is_there = known.standing.marker.is_some() || known.standing.schemas.len() > 1;
    match (is_there, drift(known).is_empty() && !known.password.is_trouble()) {
        (true, true) => Status::Enabled,
        (true, false) => Status::RecurringValidationError,
        (false, _) => Status::Deleted,
    }
}

/// The state of what a change is to change, held against the payload that was in force.
pub(super) async fn state_before(
    target: &Target,
    session: &Session,
    known: &Known,
    old: &Payload,
) -> Result<Status, Stop> {
    // An old password of which no statement can be made keeps nobody from changing it.
    let Ok((set_up, _)) = plan::set_up(old, known.made(), &*target.env) else { return Ok(Status::Enabled) };
    let found = standing(target, old, session, &known.cluster, &set_up).await?;
    let is_whole = missing(&set_up, &found).next().is_none();
    Ok(if is_whole { Status::Enabled } else { Status::RecurringValidationError })
}

/// What the set-up is made of after a change.
pub(super) fn edited(known: &Known) -> Marker {
    let before = known.standing.marker.as_ref().unwrap_or(&known.wanted);
    Marker {
        names: known.wanted.names.clone(),
        group_created: !known.wanted.names.group.is_empty(),
        ..before.clone()
    }
}
