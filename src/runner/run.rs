//! A run from the first connection to the outcome.

use tokio::time::Instant;

use super::Target;
use super::account::{Account, Failure, Holding};
use super::account_login;
use super::conclude::discreet_stop;
use super::connected;
use super::dependents::{Found, Leaving};
use super::facts::Marker;
use super::known::Known;
use super::look::state;
use super::lost::Lost;
use super::notice::Notify;
use super::obstacle::Obstacle;
use super::plan::{self, boundary};
use super::prepare::{Ready, look_for_dependents, look_for_lost, tell_waiting, try_prepare};
use super::response::{End, Outcome, Phase, Status, ValidationTest};
use super::run_lock::{Claim, Work, Written};
use super::session::Session;
use super::validation::{Stop, still_busy, stopped};
use crate::script::Stage;

/// A run that knows what to do, and has changed nothing yet.
pub struct Prepared {
    pub(super) target: Target,
    pub(super) work: Work,
    /// `None` after [`disconnect`](Self::disconnect).
    pub(super) session: Option<Session>,
    pub(super) known: Known,
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
pub async fn prepare_apply(target: Target, notify: Notify<'_>) -> Result<Prepared, Outcome> {
    let work = if target.old.is_some() { Work::Edit } else { Work::Apply };
    prepare(target, work, notify).await
}

/// The same for a removal.
///
/// # Errors
/// As there.
pub async fn prepare_remove(target: Target, notify: Notify<'_>) -> Result<Prepared, Outcome> {
    prepare(target, Work::Remove, notify).await
}

async fn prepare(target: Target, work: Work, notify: Notify<'_>) -> Result<Prepared, Outcome> {
    let mut tests = Vec::new();
    match try_prepare(&target, work, &mut tests, notify).await {
        Ok(Ready { session, known, stages, before, lost }) => {
            Ok(Prepared { target, work, session: Some(session), known, stages, before, lost, tests })
        }
        Err(stop) => Err(stopped(stop, work, tests)),
    }
}

impl Prepared {
    /// What would be done, for people.
    #[must_use]
    pub fn plan(&self) -> String {
        let mut text = plan::text(self.work, &self.known, &self.stages);
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
        self.stages.is_empty() && self.known.claim.is_none()
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
    pub fn unchanged(&self) -> Outcome {
        let status = match (self.stages.is_empty(), self.work) {
            (true, Work::Remove) => Status::Deleted,
            (true, Work::Apply | Work::Edit) if !self.known.password.is_trouble() => Status::Enabled,
            // That the change is not in force is no fault of what stands.
            (false, Work::Edit) if self.known.claim.is_none() => self.before,
            _ => state(&self.known),
        };
        let mut tests = self.tests.clone();
        // What the plan sets is no trouble.
        if !plan::sets_password(&self.stages) {
            tests.extend(account_login::tests(&self.target.payload, &self.known));
        }
        let mut outcome =
            Outcome { status: Some(status), tests, changes: 0, due: self.total(), end: End::Done };
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
    pub async fn run(mut self, notify: Notify<'_>) -> Outcome {
        if self.is_empty() {
            return self.unchanged();
        }
        if self.target.access.is_interrupted() {
            return self.interrupted();
        }
        let session = match self.lock(notify).await {
            Ok(session) => session,
            Err(stop) => return stopped(discreet_stop(&self.stages, stop), self.work, self.tests),
        };
        if self.is_empty() {
            // Another run has done it meanwhile.
            return self.unchanged();
        }
        let is_fresh = self.known.claim.is_none();
        if let Err(stop) = self.look_again(&session, is_fresh).await {
            return stopped(stop, self.work, self.tests);
        }
        let mut account = Account { total: self.total(), ..Account::default() };
        let result = self.execute(&session, &mut account, notify).await;
        match result {
            Ok(()) => self.verify(&session, &account).await,
            Err(failure) => {
                self.take_back(&session, &failure, &account, is_fresh).await;
                let held = match failure.held_by {
                    Some(Holding::Objects) => self.held(&session).await,
                    // What is not told is no other failure.
                    Some(Holding::Sessions) => connected::tests(&session, &self.known.made().names.database)
                        .await
                        .unwrap_or_default(),
                    None => Vec::new(),
                };
                self.failed(&failure, &account, held)
            }
        }
    }

    /// What came of it, where the user interrupted before it began.
    #[must_use]
    pub fn interrupted(&self) -> Outcome {
        let mut outcome = self.unchanged();
        outcome.tests.push(ValidationTest::failed(
            Phase::Bootstrap.test("Start"),
            "interrupted before the run started",
        ));
        outcome.end = End::Interrupted;
        outcome
    }

    /// Keeps other runs away; waits for one that was faster, as long as it may, and then looks again.
    async fn lock(&mut self, notify: Notify<'_>) -> Result<Session, Stop> {
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
            {
                tell_waiting(deadline, &claim, notify);
                if let Some(holder) = claim.wait(&session, cluster, deadline).await? {
                    return Err(Stop::Obstacles(vec![still_busy(&holder, patience)]));
                }
            }
            if Instant::now() >= deadline {
                let message = "another run has just ended: run the same command again".to_owned();
                return Err(Stop::Obstacles(vec![Obstacle::Busy(message)]));
            }
            session.close().await;
            let agreed = std::mem::take(&mut self.stages);
            let mut tests = Vec::new();
            let ready = try_prepare(&self.target, self.work, &mut tests, notify).await?;
            let agreed_loss = std::mem::replace(&mut self.lost, ready.lost);
            (session, self.known, self.stages, self.before, self.tests) =
                (ready.session, ready.known, ready.stages, ready.before, tests);
            if self.is_empty() {
                break;
            }
            if !is_same(&self.stages, &agreed) || self.lost != agreed_loss {
                let message = "another run has changed the setup since the plan was made: run the same command again to \
                               see the new plan";
                return Err(Stop::Obstacles(vec![Obstacle::Busy(message.to_owned())]));
            }
        }
        Ok(session)
    }

    /// Refuses a run that would take more along than was named: what came since then. It keeps no claim that it made.
    async fn look_again(&self, session: &Session, is_fresh: bool) -> Result<(), Stop> {
        let found = look_for_lost(&self.target, session, &self.known, self.work).await;
        if found.as_ref().is_ok_and(|found| found.in_the_way.is_empty() && found.lost == self.lost) {
            return Ok(());
        }
        if is_fresh {
            // If that fails, the next run finds an unfinished one that has done nothing yet.
            let _ = Claim::drop(session, &self.known.wanted.names.database).await;
        }
        found?;
        let message = "the objects that are also dropped have changed since the plan was made: run the same command again \
                       to see the new plan";
        Err(Stop::Obstacles(vec![Obstacle::Busy(message.to_owned())]))
    }

    /// Writes the claim, or takes the one over that an unfinished run left; tells whether no other run was faster.
    async fn claim(&self, session: &Session) -> Result<bool, Stop> {
        let made = self.known.made().clone();
        // An edit makes what its one transaction makes: it only locks.
        let made = match self.work {
            Work::Edit => {
                Marker { database_created: false, user_created: false, group_created: false, ..made }
            }
            Work::Apply | Work::Remove => made,
        };
        let numbers = self.known.numbers(&made);
        let written = match &self.known.claim {
            Some(claim) => claim.take_over(session, self.work, &made, numbers).await?,
            None => Claim::write(session, self.work, &made, numbers).await?,
        };
        match written {
            Written::Done => Ok(true),
            Written::Taken => Ok(false),
            Written::Open(doubt) => Err(Stop::Obstacles(vec![Obstacle::Doubted(doubt)])),
        }
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
