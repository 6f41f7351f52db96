//! A run from the first connection to the outcome.

use std::fmt::Write as _;
use std::time::Duration;

use tokio::time::Instant;

use super::Target;
use super::account::{Account, Failure};
use super::account_login;
use super::dependents::{Found, Leaving};
use super::error::StatementError;
use super::facts::Marker;
use super::look::{drift, edited, look, standing, state};
use super::plan::{self, Known, Obstacle, boundary};
use super::response::{End, Outcome, Status, TestStatus, ValidationTest};
use super::run_lock::{Claim, Work, Written};
use super::session::Session;
use super::validation::{
    BELIEF_TEST, Stop, absence_tests, error_status, privileges_test, still_busy, stopped,
};
use crate::script::{Stage, Statement};

/// A statement that is about to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub total: usize,
    /// The database that it runs in.
    pub database: String,
    /// What it does.
    pub summary: String,
}

/// A run that knows what to do, and has changed nothing yet.
pub struct Prepared {
    target: Target,
    work: Work,
    /// `None` after [`disconnect`](Self::disconnect).
    session: Option<Session>,
    known: Known,
    stages: Vec<Stage>,
    tests: Vec<ValidationTest>,
}

/// Connects and looks, without changing anything. `Err` is the outcome where that is the end of it.
///
/// # Errors
/// The outcome of a run that cannot begin.
pub async fn prepare_apply(target: Target) -> Result<Prepared, Outcome> {
    let work = if target.old.is_some() { Work::Edit } else { Work::Apply };
    prepare(target, work).await
}

/// The same for a removal.
///
/// # Errors
/// As there.
pub async fn prepare_remove(target: Target) -> Result<Prepared, Outcome> {
    prepare(target, Work::Remove).await
}

async fn prepare(target: Target, work: Work) -> Result<Prepared, Outcome> {
    let mut tests = Vec::new();
    match try_prepare(&target, work, &mut tests).await {
        Ok((session, known, stages)) => {
            Ok(Prepared { target, work, session: Some(session), known, stages, tests })
        }
        Err(stop) => Err(stopped(stop, work, tests)),
    }
}

async fn try_prepare(
    target: &Target,
    work: Work,
    tests: &mut Vec<ValidationTest>,
) -> Result<(Session, Known, Vec<Stage>), Stop> {
    let (session, mut known) = look_at_rest(target, tests).await?;
    let env = &*target.env;
    let mut stages = match (work, &target.old) {
        (Work::Remove, _) => plan::remove(&known, &target.payload, env).map_err(Stop::Obstacles)??,
        (_, None) => plan::apply(&known).map_err(Stop::Obstacles)?,
        (_, Some(old)) => plan::edit(&known, old, &target.payload, env).map_err(Stop::Obstacles)??,
    };
    if work != Work::Remove {
        known.password = account_login::look(target, &session, &known, &stages).await?;
        plan::settle_password(&mut stages, &known, &target.payload, env)?;
    }
    if work == Work::Apply {
        tests.extend(absence_tests(&known));
    }
    if !stages.is_empty() {
        let test = privileges_test(&known, &stages);
        let is_failed = test.status == TestStatus::Failed;
        tests.push(test);
        if is_failed {
            return Err(Stop::Obstacles(Vec::new()));
        }
        if let Some(leaving) = Leaving::of(work, &known) {
            refuse_held(target, &session, &known, &leaving, tests).await?;
        }
    }
    Ok((session, known, stages))
}

/// Looks once no other run is at work on the set-up, for which it waits as long as it may.
async fn look_at_rest(target: &Target, tests: &mut Vec<ValidationTest>) -> Result<(Session, Known), Stop> {
    let patience = target.access.lock_timeout;
    let deadline = Instant::now() + patience;
    loop {
        tests.clear();
        let (session, known) = look(target, tests).await?;
        let Some(claim) = known.claim.as_ref().filter(|claim| claim.is_held(&known.cluster)) else {
            return Ok((session, known));
        };
        if let Some(holder) = claim.clone().wait(&session, &known.cluster, deadline).await? {
            return Err(Stop::Obstacles(vec![still_busy(&holder, patience)]));
        }
        session.close().await;
    }
}

/// Whether two plans do the same.
fn is_same(one: &[Stage], other: &[Stage]) -> bool {
    fn texts(stages: &[Stage]) -> impl Iterator<Item = (String, &str)> {
        stages.iter().flat_map(|stage| {
            stage.statements.iter().map(|statement| (stage.database.folded(), statement.sql.as_str()))
        })
    }
    texts(one).eq(texts(other))
}

/// Stops a run that would drop a user or a group which owns or was granted something else, before anything is dropped.
async fn refuse_held(
    target: &Target,
    session: &Session,
    known: &Known,
    leaving: &Leaving,
    tests: &mut Vec<ValidationTest>,
) -> Result<(), Stop> {
    let found = look_for_dependents(target, session, known, leaving).await?;
    tests.extend(found.tests());
    if found.is_free() {
        return Ok(());
    }
    tests.push(leaving.elsewhere_test());
    Err(Stop::Obstacles(Vec::new()))
}

/// What a user or a group that is to be dropped owns or was granted, in `initialDatabase` and in a `database` that stays.
async fn look_for_dependents(
    target: &Target,
    session: &Session,
    known: &Known,
    leaving: &Leaving,
) -> Result<Found, Stop> {
    let mut found = Found::default();
    let (login, initial) = (&known.cluster.login, target.payload.initial_database.folded());
    leaving.look(session, &initial, login, true, &mut found).await?;
    if let Some(database) = leaving.kept_database().filter(|database| **database != initial) {
        let session = Session::connect(&target.access, database).await?;
        leaving.look(&session, database, login, false, &mut found).await?;
        session.close().await;
    }
    Ok(found)
}

impl Prepared {
    /// What would be done, for people.
    #[must_use]
    pub fn plan(&self) -> String {
        plan::text(self.work, &self.known, &self.stages)
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.known.claim.is_none()
    }

    /// What would be done: the databases, and what each statement does.
    pub fn statements(&self) -> impl Iterator<Item = (String, &str)> {
        self.stages.iter().flat_map(|stage| {
            let statements = stage.statements.iter().filter(|statement| boundary(statement).is_none());
            statements.map(|statement| (stage.database.folded(), statement.summary.as_str()))
        })
    }

    /// How many statements there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.stages.iter().map(|stage| stage.statements.len()).sum()
    }

    /// What would come of it, where nothing is to be changed.
    #[must_use]
    pub fn unchanged(&self) -> Outcome {
        let status = match (self.stages.is_empty(), self.work) {
            (true, Work::Remove) => Status::Deleted,
            (true, Work::Apply | Work::Edit) if !self.known.password.is_trouble() => Status::Enabled,
            _ => state(&self.known),
        };
        let mut tests = self.tests.clone();
        // What the plan sets is no trouble.
        if !plan::sets_password(&self.stages) {
            tests.extend(account_login::tests(&self.target.payload, &self.known));
        }
        let mut outcome = Outcome { status, tests, changes: 0, end: End::Done };
        if outcome.failures().next().is_some() {
            outcome.end = End::Refused;
        }
        outcome
    }

    /// Closes the connection until the run: of many payloads that wait for an answer, not all can keep one.
    pub async fn disconnect(&mut self) {
        if let Some(session) = self.session.take() {
            session.close().await;
        }
    }

    /// Does it.
    pub async fn run(mut self, progress: &mut (dyn FnMut(Progress) + Send)) -> Outcome {
        if self.is_empty() {
            return self.unchanged();
        }
        if self.target.access.is_interrupted() {
            return self.interrupted();
        }
        let session = match self.lock().await {
            Ok(session) => session,
            Err(stop) => return stopped(discreet_stop(&self.stages, stop), self.work, self.tests),
        };
        if self.is_empty() {
            // Another run has done it meanwhile.
            return self.unchanged();
        }
        let is_fresh = self.known.claim.is_none();
        let mut account = Account { total: self.total(), ..Account::default() };
        let result = self.execute(&session, &mut account, progress).await;
        match result {
            Ok(()) => self.verify(&session, &account).await,
            Err(failure) => {
                self.take_back(&session, &failure, &account, is_fresh).await;
                let held = if failure.is_held { self.held(&session).await } else { Vec::new() };
                self.failed(&failure, &account, held)
            }
        }
    }

    /// What came of it, where the user interrupted before it began.
    #[must_use]
    pub fn interrupted(&self) -> Outcome {
        let mut outcome = self.unchanged();
        outcome.tests.push(ValidationTest::failed("Bootstrap: Begin", "interrupted before it began"));
        outcome.end = End::Interrupted;
        outcome
    }

    /// Keeps other runs away; waits for one that was faster, as long as it may, and then looks again.
    async fn lock(&mut self) -> Result<Session, Stop> {
        let patience = self.target.access.lock_timeout;
        let deadline = Instant::now() + patience;
        let mut session = if let Some(session) = self.session.take() {
            session
        } else {
            let database = self.target.payload.initial_database.folded();
            Session::connect(&self.target.access, &database).await?
        };
        while !self.claim(&session).await? {
            let (cluster, database) = (&self.known.cluster, self.known.wanted.names.database.as_str());
            if let Some(claim) = Claim::read(&session, database).await?.filter(|claim| claim.is_held(cluster))
                && let Some(holder) = claim.wait(&session, cluster, deadline).await?
            {
                return Err(Stop::Obstacles(vec![still_busy(&holder, patience)]));
            }
            if Instant::now() >= deadline {
                let message = "another run has just been at work: run this again".to_owned();
                return Err(Stop::Obstacles(vec![Obstacle::Busy(message)]));
            }
            session.close().await;
            let agreed = std::mem::take(&mut self.stages);
            let mut tests = Vec::new();
            (session, self.known, self.stages) = try_prepare(&self.target, self.work, &mut tests).await?;
            self.tests = tests;
            if self.is_empty() {
                break;
            }
            if !is_same(&self.stages, &agreed) {
                let message = "another run has been at work meanwhile, so that there is something else to do now: run \
                               the same command again to see it";
                return Err(Stop::Obstacles(vec![Obstacle::Busy(message.to_owned())]));
            }
        }
        Ok(session)
    }

    /// Writes the claim, or takes the one over that an unfinished run left; tells whether no other run was faster.
    async fn claim(&self, session: &Session) -> Result<bool, Stop> {
        let written = if let Some(claim) = &self.known.claim {
            claim.take_over(session, self.work).await?
        } else {
            let made = self.known.made().clone();
            // An edit makes what its one transaction makes: it only locks.
            let made = match self.work {
                Work::Edit => {
                    Marker { database_created: false, user_created: false, group_created: false, ..made }
                }
                Work::Apply | Work::Remove => made,
            };
            Claim::write(session, self.work, &made).await?
        };
        match written {
            Written::Done => Ok(true),
            Written::Taken => Ok(false),
            Written::Open(doubt) => Err(Stop::Obstacles(vec![Obstacle::Doubted(doubt)])),
        }
    }

    async fn execute(
        &self,
        initial: &Session,
        account: &mut Account,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(), Failure> {
        for stage in &self.stages {
            let database = stage.database.folded();
            let own;
            let session = if database == self.target.payload.initial_database.folded() {
                initial
            } else {
                own = Session::connect(&self.target.access, &database)
                    .await
                    .map_err(|error| Failure::connect(&database, &error))?;
                &own
            };
            for statement in &stage.statements {
                account.number += 1;
                progress(Progress {
                    number: account.number,
                    total: account.total,
                    database: database.clone(),
                    summary: statement.summary.clone(),
                });
                match run_statement(session, statement).await {
                    Ok(()) => account.done(statement),
                    Err(error) => {
                        if account.is_in_transaction() && matches!(error, StatementError::Server(_)) {
                            // The connection goes, and the transaction with it, whatever becomes of this.
                            let _ = session.run("ROLLBACK").await;
                        }
                        return Err(Failure::statement(statement, &discreet(&self.stages, error)));
                    }
                }
            }
        }
        Ok(())
    }

    /// After a failure: what was claimed and is not ours is disclaimed; what came to nothing leaves no claim.
    async fn take_back(&self, session: &Session, failure: &Failure, account: &Account, is_fresh: bool) {
        // If the connection is gone, the next run finds the claim as it is, and looks at what stands.
        let database = &self.known.wanted.names.database;
        if let Some(column) = failure.duplicate {
            let _ = Claim::disclaim(session, database, column).await;
        }
        if is_fresh && account.stands == 0 && !failure.is_uncertain {
            let _ = Claim::drop(session, database).await;
        }
    }

    /// After a drop that was refused: what is in the way, as far as it is found, and where else to look.
    async fn held(&self, session: &Session) -> Vec<ValidationTest> {
        let Some(leaving) = Leaving::of(self.work, &self.known) else { return Vec::new() };
        let found = look_for_dependents(&self.target, session, &self.known, &leaving).await;
        let mut tests: Vec<_> = found.iter().flat_map(Found::tests).collect();
        tests.push(leaving.elsewhere_test());
        tests
    }

    async fn verify(self, session: &Session, account: &Account) -> Outcome {
        let Self { target, work, mut known, mut tests, stages, .. } = self;
        let database = known.wanted.names.database.clone();
        let verified = async {
            if work == Work::Remove {
                return Ok(Vec::new());
            }
            if work == Work::Edit {
                known.set_up = plan::set_up(&target.payload, &edited(&known), &*target.env)?;
            }
            known.cluster.has_database = true;
            known.standing = standing(&target, session, &known).await?;
            if has_secret(&stages) {
                known.password = account_login::verify(&target, session, &known).await?;
            }
            let mut tests: Vec<_> =
                known.doubts().map(|doubt| ValidationTest::failed(BELIEF_TEST, doubt.to_string())).collect();
            tests.extend(drift(&known));
            tests.extend(account_login::tests(&target.payload, &known));
            Ok::<_, Stop>(tests)
        };
        match verified.await {
            Ok(found) => {
                tests.extend(found);
                let mut outcome = Outcome {
                    status: if work == Work::Remove { Status::Deleted } else { Status::Enabled },
                    tests,
                    changes: account.stands,
                    end: End::Done,
                };
                if outcome.failures().next().is_some() {
                    outcome.status = error_status(work);
                    outcome.end = End::PartWay;
                    // Where the marker stands, it is proof enough.
                    if known.standing.marker.is_some() && Claim::drop(session, &database).await.is_ok() {
                        outcome.status = Status::RecurringValidationError;
                    }
                } else if let Err(error) = Claim::drop(session, &database).await {
                    let error = discreet(&stages, error);
                    // All is done but this: the next run, or `status`, finds an unfinished run.
                    let failed = matches!(error, StatementError::Interrupted { .. });
                    outcome.status = error_status(work);
                    outcome.end = if failed { End::Interrupted } else { End::PartWay };
                    outcome.tests.push(ValidationTest::failed(
                        "Bootstrap: End the run",
                        format!("everything is done, but bootshift_lock.run is still there: {error}. Run the same command again"),
                    ));
                }
                outcome
            }
            Err(stop) => {
                let outcome = stopped(discreet_stop(&stages, stop), work, tests);
                let end = if outcome.end == End::Interrupted { End::Interrupted } else { End::PartWay };
                Outcome { changes: account.stands, end, ..outcome }
            }
        }
    }

    fn failed(self, failure: &Failure, account: &Account, held: Vec<ValidationTest>) -> Outcome {
        let mut tests = self.tests;
        let rest = account.total - account.number.min(account.total);
        let mut message = format!("{}. ", failure.message.trim_end_matches('.'));
        let _ = match (account.stands, failure.is_uncertain) {
            (0, false) => write!(message, "Nothing was changed"),
            (stands, false) => write!(message, "{stands} statements took effect before it"),
            (stands, true) => {
                write!(
                    message,
                    "{stands} statements took effect before it; whether it did itself is not known"
                )
            }
        };
        if account.rolled_back() > 0 && !failure.is_uncertain {
            let _ = write!(
                message,
                "; the transaction around it ({} statements) was rolled back",
                account.rolled_back()
            );
        }
        let advice = if failure.is_held {
            "The same command again fails as well, until what is in the way is freed; then it does what is missing"
        } else {
            "Run the same command again: it does what is missing"
        };
        let _ = write!(message, "; {rest} have not run. {advice}");
        tests.push(ValidationTest::failed(format!("Bootstrap: {}", failure.name), message));
        tests.extend(held);
        let end = if failure.is_interrupted { End::Interrupted } else { End::PartWay };
        Outcome { status: error_status(self.work), tests, changes: account.stands, end }
    }
}

/// The error without what it shows of a password: a server may quote the statement of it, at once or later.
fn discreet(stages: &[Stage], error: StatementError) -> StatementError {
    let StatementError::Server(error) = error else { return error };
    let statements = stages.iter().flat_map(|stage| &stage.statements);
    let secrets = statements.filter(|statement| statement.secret);
    StatementError::Server(secrets.fold(error, |error, statement| error.hiding(&statement.sql)))
}

/// The same of a run that such an error ends.
fn discreet_stop(stages: &[Stage], stop: Stop) -> Stop {
    match stop {
        Stop::Statement(error) => Stop::Statement(discreet(stages, error)),
        stop => stop,
    }
}

/// Whether the stages set a password.
fn has_secret(stages: &[Stage]) -> bool {
    stages.iter().flat_map(|stage| &stage.statements).any(|statement| statement.secret)
}

/// SQLSTATE `object_in_use`.
const OBJECT_IN_USE: &str = "55006";

async fn run_statement(session: &Session, statement: &Statement) -> Result<(), StatementError> {
    /// Our own connection to a database ends a moment before the server knows.
    const ATTEMPTS: usize = 20;
    const PAUSE: Duration = Duration::from_millis(250);
    for attempt in 1.. {
        let Err(error) = session.run(&statement.sql).await else { return Ok(()) };
        let is_in_use = statement.sql.starts_with("DROP DATABASE") && error.sqlstate() == Some(OBJECT_IN_USE);
        if is_in_use && attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        return Err(error);
    }
    Ok(())
}
