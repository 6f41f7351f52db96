//! A run from the first connection to the outcome.

use tokio::time::Instant;

use super::Target;
use super::run_progress::{RunProgress, Failure, Blocker};
use super::account_login;
use super::conclude::redact_stop;
use super::connected;
use super::dependents::{Found, Principals};
use super::facts::Marker;
use super::snapshot::Snapshot;
use super::inspect::state;
use super::lost::Lost;
use super::notice::Notify;
use super::plan_error::PlanError;
use super::plan::{self, boundary};
use super::prepare::{Ready, find_dependents, find_lost, notify_waiting, try_prepare};
use super::response::{Outcome, RunReport, Phase, Status, ValidationTest};
use super::run_lock::{RunLock, Action, Acquisition};
use super::session::Session;
use super::validation::{Stop, still_locked, stopped};
use crate::script::Stage;

/// A run that knows what to do, and has changed nothing yet.
pub struct Prepared {
    pub(super) target: Target,
    pub(super) action: Action,
    /// `None` after [`disconnect`](Self::disconnect).
    pub(super) session: Option<Session>,
    pub(super) snapshot: Snapshot,
    pub(super) stages: Vec<Stage>,
    /// The state of what a change is to change.
    pub(super) before: Status,
    pub(super) lost: Lost,
    pub(super) tests: Vec<ValidationTest>,
}

/// Connects and looks, without changing anything. `Err` is the outcome where that is the end of it.
///
/// # Errors
/// The outcome of a run that cannot begin.
pub async fn prepare_apply(target: Target, notify: Notify<'_>) -> Result<Prepared, RunReport> {
    let action = if target.old.is_some() { Action::Edit } else { Action::Apply };
    prepare(target, action, notify).await
}

/// The same for a removal.
///
/// # Errors
/// As there.
pub async fn prepare_remove(target: Target, notify: Notify<'_>) -> Result<Prepared, RunReport> {
    prepare(target, Action::Remove, notify).await
}

async fn prepare(target: Target, action: Action, notify: Notify<'_>) -> Result<Prepared, RunReport> {
    let mut tests = Vec::new();
    match try_prepare(&target, action, &mut tests, notify).await {
        Ok(Ready { session, snapshot, stages, before, lost }) => {
            Ok(Prepared { target, action, session: Some(session), snapshot, stages, before, lost, tests })
        }
        Err(stop) => Err(stopped(stop, action, tests)),
    }
}

impl Prepared {
    /// What would be done, for people.
    #[must_use]
    pub fn plan(&self) -> String {
        let mut text = plan::text(self.action, &self.snapshot, &self.stages);
        text.extend(self.lost.text());
        text
    }

    /// What the run drops that the set-up did not make.
    #[must_use]
    pub const fn lost(&self) -> &Lost {
        &self.lost
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.snapshot.run_lock.is_none()
    }

    /// What would be done: the databases, and what each statement does.
    pub fn statements(&self) -> impl Iterator<Item = (String, &str)> {
        self.stages.iter().flat_map(|stage| {
            let statements = stage.statements.iter().filter(|statement| boundary(statement).is_none());
            statements.map(|statement| (stage.database.folded(), statement.summary()))
        })
    }

    /// How many [statements](Self::statements) there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.statements().count()
    }

    /// What would come of it, where nothing is to be changed.
    #[must_use]
    pub fn unchanged(&self) -> RunReport {
        let status = match (self.stages.is_empty(), self.action) {
            (true, Action::Remove) => Status::Deleted,
            (true, Action::Apply | Action::Edit) if !self.snapshot.password.fails_login() => Status::Enabled,
            // That the change is not in force is no fault of what stands.
            (false, Action::Edit) if self.snapshot.run_lock.is_none() => self.before,
            _ => state(&self.snapshot),
        };
        let mut tests = self.tests.clone();
        // What the plan sets is no trouble.
        if !plan::sets_password(&self.stages) {
            tests.extend(account_login::tests(&self.target.payload, &self.snapshot));
        }
        let mut report =
            RunReport { status: Some(status), tests, changes: 0, pending: self.total(), outcome: Outcome::Done };
        if report.failures().next().is_some() {
            report.outcome = Outcome::Refused;
        }
        report
    }

    /// Closes the connection until the run: of many payloads that wait for an answer, not all can keep one.
    pub async fn disconnect(&mut self) {
        if let Some(session) = self.session.take() {
            session.close().await;
        }
    }

    /// Does it.
    pub async fn run(mut self, notify: Notify<'_>) -> RunReport {
        if self.is_empty() {
            return self.unchanged();
        }
        if self.target.access.is_interrupted() {
            return self.interrupted();
        }
        let session = match self.lock(notify).await {
            Ok(session) => session,
            Err(stop) => return stopped(redact_stop(&self.stages, stop), self.action, self.tests),
        };
        if self.is_empty() {
            // Another run has done it meanwhile.
            return self.unchanged();
        }
        let is_fresh = self.snapshot.run_lock.is_none();
        if let Err(stop) = self.recheck(&session, is_fresh).await {
            return stopped(stop, self.action, self.tests);
        }
        let mut progress = RunProgress { total: self.total(), ..RunProgress::default() };
        let result = self.execute(&session, &mut progress, notify).await;
        match result {
            Ok(()) => self.verify(&session, &progress).await,
            Err(failure) => {
                self.release_after_failure(&session, &failure, &progress, is_fresh).await;
                let blockers = match failure.blocked_by {
                    Some(Blocker::Objects) => self.blockers(&session).await,
                    // What is not told is no other failure.
                    Some(Blocker::Sessions) => connected::tests(&session, &self.snapshot.made().names.database)
                        .await
                        .unwrap_or_default(),
                    None => Vec::new(),
                };
                self.failed(&failure, &progress, blockers)
            }
        }
    }

    /// What came of it, where the user interrupted before it began.
    #[must_use]
    pub fn interrupted(&self) -> RunReport {
        let mut report = self.unchanged();
        report.tests.push(ValidationTest::failed(
            Phase::Bootstrap.test("Start"),
            "interrupted before the run started",
        ));
        report.outcome = Outcome::Interrupted;
        report
    }

    /// Keeps other runs away; waits for one that was faster, as long as it may, and then looks again.
    async fn lock(&mut self, notify: Notify<'_>) -> Result<Session, Stop> {
        let lock_timeout = self.target.access.lock_timeout;
        let deadline = Instant::now() + lock_timeout;
        let mut session = if let Some(session) = self.session.take() {
            session
        } else {
            let database = self.target.payload.initial_database.folded();
            Session::connect(&self.target.access, &database).await?
        };
        while !self.acquire(&session).await? {
            let (cluster, database) = (&self.snapshot.cluster, self.snapshot.wanted.names.database.as_str());
            if let Some(run_lock) = RunLock::read(&session, database).await?.filter(|run_lock| run_lock.is_held(cluster))
            {
                notify_waiting(deadline, &run_lock, notify);
                if let Some(holder) = run_lock.wait(&session, cluster, deadline).await? {
                    return Err(Stop::PlanErrors(vec![still_locked(&holder, lock_timeout)]));
                }
            }
            if Instant::now() >= deadline {
                let message = "another run has just ended: run the same command again".to_owned();
                return Err(Stop::PlanErrors(vec![PlanError::Locked(message)]));
            }
            session.close().await;
            let confirmed = std::mem::take(&mut self.stages);
            let mut tests = Vec::new();
            let ready = try_prepare(&self.target, self.action, &mut tests, notify).await?;
            let confirmed_loss = std::mem::replace(&mut self.lost, ready.lost);
            (session, self.snapshot, self.stages, self.before, self.tests) =
                (ready.session, ready.snapshot, ready.stages, ready.before, tests);
            if self.is_empty() {
                break;
            }
            if !is_same(&self.stages, &confirmed) || self.lost != confirmed_loss {
                let message = "another run has changed the setup since the plan was made: run the same command again to \
                               see the new plan";
                return Err(Stop::PlanErrors(vec![PlanError::Locked(message.to_owned())]));
            }
        }
        Ok(session)
    }

    /// Refuses a run that would take more along than was named: what came since then. It keeps no claim that it made.
    async fn recheck(&self, session: &Session, is_fresh: bool) -> Result<(), Stop> {
        let found = find_lost(&self.target, session, &self.snapshot, self.action).await;
        if found.as_ref().is_ok_and(|found| found.blocking.is_empty() && found.lost == self.lost) {
            return Ok(());
        }
        if is_fresh {
            // If that fails, the next run finds an unfinished one that has done nothing yet.
            let _ = RunLock::drop(session, &self.snapshot.wanted.names.database).await;
        }
        found?;
        let message = "the objects that are also dropped have changed since the plan was made: run the same command again \
                       to see the new plan";
        Err(Stop::PlanErrors(vec![PlanError::Locked(message.to_owned())]))
    }

    /// Writes the claim, or takes the one over that an unfinished run left; tells whether no other run was faster.
    async fn acquire(&self, session: &Session) -> Result<bool, Stop> {
        let made = self.snapshot.made().clone();
        // An edit makes what its one transaction makes: it only locks.
        let made = match self.action {
            Action::Edit => {
                Marker { database_created: false, user_created: false, group_created: false, ..made }
            }
            Action::Apply | Action::Remove => made,
        };
        let numbers = self.snapshot.numbers(&made);
        let written = match &self.snapshot.run_lock {
            Some(run_lock) => run_lock.steal(session, self.action, &made, numbers).await?,
            None => RunLock::write(session, self.action, &made, numbers).await?,
        };
        match written {
            Acquisition::Done => Ok(true),
            Acquisition::Taken => Ok(false),
            Acquisition::Open(trust_error) => Err(Stop::PlanErrors(vec![PlanError::Untrusted(trust_error)])),
        }
    }

    /// After a failure: what was claimed and is not ours is disclaimed; what came to nothing leaves no claim.
    async fn release_after_failure(&self, session: &Session, failure: &Failure, progress: &RunProgress, is_fresh: bool) {
        // If the connection is gone, the next run finds the claim as it is, and looks at what stands.
        let database = &self.snapshot.wanted.names.database;
        if let Some(column) = failure.duplicate {
            let _ = RunLock::unmark_created(session, database, column).await;
        }
        if is_fresh && progress.committed == 0 && !failure.is_uncertain {
            let _ = RunLock::drop(session, database).await;
        }
    }

    /// After a drop that was refused: what is in the way, as far as it is found, and where else to look.
    async fn blockers(&self, session: &Session) -> Vec<ValidationTest> {
        let Some(principals) = Principals::of(self.action, &self.snapshot) else { return Vec::new() };
        let found = find_dependents(&self.target, session, &self.snapshot, &principals).await;
        let mut tests: Vec<_> = found.iter().flat_map(Found::tests).collect();
        tests.push(principals.elsewhere_test());
        tests
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
