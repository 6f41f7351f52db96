//! A run, from the first connection to the report.

use tokio::time::Instant;

use super::Target;
use super::account_login;
use super::also_dropped::AlsoDropped;
use super::connected;
use super::dependents::{Dependents, Principals};
use super::facts::Marker;
use super::finish::redact_stop;
use super::holder::OwnSession;
use super::inspect::state;
use super::notice::Notify;
use super::plan::{self, boundary};
use super::plan_error::PlanError;
use super::prepare::{Ready, find_affected_objects, find_dependents, notify_waiting, try_prepare};
use super::response::{Outcome, Phase, RunReport, Status, ValidationTest};
use super::run_lock::{Acquisition, Action, NewRow, RunLock};
use super::run_progress::{Blocker, Failure, RunProgress};
use super::session::Session;
use super::snapshot::Snapshot;
use super::validation::{Stop, still_locked, stopped};
use crate::script::Stage;

/// A run that has a plan, and has changed nothing yet.
pub struct Prepared {
    pub(super) target: Target,
    pub(super) action: Action,
    /// `None` after [`disconnect`](Self::disconnect).
    pub(super) session: Option<Session>,
    pub(super) snapshot: Snapshot,
    pub(super) stages: Vec<Stage>,
    /// The status before a change.
    pub(super) before: Status,
    pub(super) also_dropped: AlsoDropped,
    pub(super) tests: Vec<ValidationTest>,
}

/// Connects, inspects the cluster and makes a plan, without changing anything.
///
/// # Errors
/// The report of a run that cannot start.
pub async fn prepare_apply(target: Target, notify: Notify<'_>) -> Result<Prepared, RunReport> {
    let action = if target.old.is_some() { Action::Edit } else { Action::Apply };
    prepare(target, action, notify).await
}

/// Like [`prepare_apply`], for a removal.
///
/// # Errors
/// The report of a run that cannot start.
pub async fn prepare_remove(target: Target, notify: Notify<'_>) -> Result<Prepared, RunReport> {
    prepare(target, Action::Remove, notify).await
}

async fn prepare(target: Target, action: Action, notify: Notify<'_>) -> Result<Prepared, RunReport> {
    let mut tests = Vec::new();
    match try_prepare(&target, action, &mut tests, notify).await {
        Ok(Ready { session, snapshot, stages, before, also_dropped }) => Ok(Prepared {
            target,
            action,
            session: Some(session),
            snapshot,
            stages,
            before,
            also_dropped,
            tests,
        }),
        Err(stop) => Err(stopped(stop, action, tests)),
    }
}

impl Prepared {
    /// The plan as text.
    #[must_use]
    pub fn plan(&self) -> String {
        let mut text = plan::text(self.action, &self.snapshot, &self.stages);
        text.extend(self.also_dropped.text());
        text
    }

    /// The objects that are also dropped, although the setup did not create them.
    #[must_use]
    pub const fn also_dropped(&self) -> &AlsoDropped {
        &self.also_dropped
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.snapshot.run_lock.is_none()
    }

    /// The statements of the plan: database and summary.
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

    /// The report if the plan is not run.
    #[must_use]
    pub fn unchanged(&self) -> RunReport {
        let status = match (self.stages.is_empty(), self.action) {
            (true, Action::Remove) => Status::Deleted,
            (true, Action::Apply | Action::Edit) if !self.snapshot.password.fails_login() => Status::Enabled,
            // A change that is not made yet is not an error of the existing setup.
            (false, Action::Edit) if self.snapshot.run_lock.is_none() => self.before,
            _ => state(&self.snapshot),
        };
        let mut tests = self.tests.clone();
        // A password that the plan sets is not an error.
        if !plan::sets_password(&self.stages) {
            tests.extend(account_login::tests(&self.target.payload, &self.snapshot));
        }
        let mut report = RunReport {
            status: Some(status),
            tests,
            changes: 0,
            pending: self.total(),
            outcome: Outcome::Done,
        };
        if report.failures().next().is_some() {
            report.outcome = Outcome::Refused;
        }
        report
    }

    /// Closes the connection until the run, to limit the open connections while many payloads wait for confirmation.
    pub async fn disconnect(&mut self) {
        if let Some(session) = self.session.take() {
            session.close().await;
        }
    }

    /// Runs the plan.
    pub async fn run(mut self, notify: Notify<'_>) -> RunReport {
        if self.is_empty() {
            return self.unchanged();
        }
        if self.target.access.is_interrupted() {
            return self.interrupted();
        }
        // Futures of several runs at once would be large without boxes.
        let session = match Box::pin(self.lock(notify)).await {
            Ok(session) => session,
            Err(stop) => return stopped(redact_stop(&self.stages, stop), self.action, self.tests),
        };
        if self.is_empty() {
            // Another run has completed it in the meantime.
            return self.unchanged();
        }
        let is_fresh = self.snapshot.run_lock.is_none();
        if let Err(stop) = self.recheck(&session, is_fresh).await {
            return stopped(stop, self.action, self.tests);
        }
        let mut progress = RunProgress { total: self.total(), ..RunProgress::default() };
        match Box::pin(self.execute(&session, &mut progress, notify)).await {
            Ok(own) => Box::pin(self.verify(&session, own, &progress)).await,
            Err(failure) => {
                self.release_after_failure(&session, &failure, &progress, is_fresh).await;
                let blockers = match failure.blocked_by {
                    Some(Blocker::Objects) => self.blockers(&session).await,
                    Some(Blocker::Sessions) => {
                        connected::tests(&session, &self.snapshot.marker().names.database).await
                    }
                    None => Vec::new(),
                };
                self.failed(&failure, &progress, blockers)
            }
        }
    }

    /// The report if the user interrupts before the run starts.
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

    /// Acquires the run lock. Waits up to the lock timeout for another run, and then makes a new plan, which must be the
    /// confirmed one.
    async fn lock(&mut self, notify: Notify<'_>) -> Result<Session, Stop> {
        let lock_timeout = self.target.access.lock_timeout;
        let deadline = Instant::now() + lock_timeout;
        let mut session = if let Some(session) = self.session.take() {
            session
        } else {
            let database = self.target.payload.initial_database.folded();
            let session = Session::connect(&self.target.access, &database).await?;
            self.snapshot.cluster.own = OwnSession::inspect(&session).await?;
            session
        };
        loop {
            let acquisition = self.acquire(&session).await?;
            if matches!(acquisition, Acquisition::Acquired) {
                break;
            }
            let (cluster, database) =
                (&self.snapshot.cluster, self.snapshot.new_marker.names.database.as_str());
            if let Some(run_lock) =
                RunLock::read(&session, database).await?.filter(|run_lock| run_lock.is_held(cluster))
            {
                notify_waiting(deadline, &run_lock, notify);
                if let Some(holder) = run_lock.wait(&session, cluster, deadline).await? {
                    return Err(Stop::PlanErrors(vec![still_locked(&holder, lock_timeout)]));
                }
            }
            if Instant::now() >= deadline && matches!(acquisition, Acquisition::Contended) {
                let message = "another run has just ended: run the same command again".to_owned();
                return Err(Stop::PlanErrors(vec![PlanError::Locked(message)]));
            }
            session.close().await;
            let confirmed = std::mem::take(&mut self.stages);
            let mut tests = Vec::new();
            let ready = try_prepare(&self.target, self.action, &mut tests, notify).await?;
            let confirmed_drops = std::mem::replace(&mut self.also_dropped, ready.also_dropped);
            (session, self.snapshot, self.stages, self.before, self.tests) =
                (ready.session, ready.snapshot, ready.stages, ready.before, tests);
            if self.is_empty() {
                break;
            }
            if !is_same(&self.stages, &confirmed) || self.also_dropped != confirmed_drops {
                let message = "another run has changed the setup since the plan was made: run the same command again to \
                               see the new plan";
                return Err(Stop::PlanErrors(vec![PlanError::Locked(message.to_owned())]));
            }
        }
        Ok(session)
    }

    /// Stops a run if the objects that are also dropped have changed since the plan was confirmed, and releases its run
    /// lock if it is new.
    async fn recheck(&self, session: &Session, is_fresh: bool) -> Result<(), Stop> {
        let found = find_affected_objects(&self.target, session, &self.snapshot, self.action).await;
        if found
            .as_ref()
            .is_ok_and(|found| found.blocking.is_empty() && found.also_dropped == self.also_dropped)
        {
            return Ok(());
        }
        if is_fresh {
            // If that fails, the next run finds an unfinished run without changes.
            let _ = RunLock::release(session, &self.snapshot.new_marker.names.database).await;
        }
        found?;
        let message = "the objects that are also dropped have changed since the plan was made: run the same command again \
                       to see the new plan";
        Err(Stop::PlanErrors(vec![PlanError::Locked(message.to_owned())]))
    }

    /// Acquires the run lock, or steals that of an unfinished run.
    async fn acquire(&self, session: &Session) -> Result<Acquisition, Stop> {
        let marker = self.snapshot.marker().clone();
        // An edit is one transaction, so it records no objects.
        let marker = match self.action {
            Action::Edit => {
                Marker { database_created: false, user_created: false, group_created: false, ..marker }
            }
            Action::Apply | Action::Remove => marker,
        };
        let ids = self.snapshot.ids(&marker);
        let new = NewRow {
            action: self.action,
            marker: &marker,
            ids,
            cluster: &self.snapshot.cluster,
            names: &self.snapshot.new_marker.names,
        };
        let written = match &self.snapshot.run_lock {
            Some(run_lock) => run_lock.steal(session, &new).await?,
            None => RunLock::acquire(session, &new).await?,
        };
        match written {
            Acquisition::Untrusted(trust_error) => {
                Err(Stop::PlanErrors(vec![PlanError::Untrusted(trust_error)]))
            }
            acquisition => Ok(acquisition),
        }
    }

    /// Corrects the run lock after a failure: an object that another session created is not recorded as created by this
    /// run; and a run without changes releases its run lock.
    async fn release_after_failure(
        &self,
        session: &Session,
        failure: &Failure,
        progress: &RunProgress,
        is_fresh: bool,
    ) {
        // If the connection is lost, the next run inspects the live state with the run lock as it is.
        let database = &self.snapshot.new_marker.names.database;
        if let Some(column) = failure.duplicate {
            let _ = RunLock::unmark_created(session, database, column).await;
        }
        if is_fresh && progress.committed == 0 && !failure.is_uncertain {
            let _ = RunLock::release(session, database).await;
        }
    }

    /// The dependent objects after a failed drop, as far as they are found, and where else to search.
    async fn blockers(&self, session: &Session) -> Vec<ValidationTest> {
        let Some(principals) = Principals::of(self.action, &self.snapshot) else { return Vec::new() };
        let found = find_dependents(&self.target, session, &self.snapshot, &principals).await;
        let mut tests: Vec<_> = found.iter().flat_map(Dependents::tests).collect();
        tests.push(principals.elsewhere_test());
        tests
    }
}

/// Whether two plans have the same statements.
fn is_same(one: &[Stage], other: &[Stage]) -> bool {
    fn texts(stages: &[Stage]) -> impl Iterator<Item = (String, &str)> {
        stages.iter().flat_map(|stage| {
            stage.statements.iter().map(|statement| (stage.database.folded(), statement.sql.as_str()))
        })
    }
    texts(one).eq(texts(other))
}
