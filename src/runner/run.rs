//! A run from the first connection to the outcome.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use tokio::time::Instant;

use super::Target;
use super::account::{Account, Failure, Holding, OBJECT_IN_USE};
use super::account_login;
use super::connected;
use super::dependents::{Found, Leaving};
use super::error::{ConnectError, StatementError};
use super::facts::Marker;
use super::identity::Changes;
use super::look::{drift, edited, look, standing, state, state_before};
use super::lost::{self, Lost};
use super::notice::{Notice, Notify, Progress, Waiting};
use super::plan::{self, Boundary, Foreign, Known, Obstacle, boundary};
use super::response::{End, Outcome, Phase, Status, TestStatus, ValidationTest};
use super::run_lock::{Claim, Work, Written};
use super::session::Session;
use super::shared::{OtherSetUp, Others};
use super::validation::{
    BELIEF_TEST, Stop, absence_tests, error_status, left_alone_tests, privileges_tests, still_busy, stopped,
};
use crate::payload::Payload;
use crate::script::{Effect, Object, ScriptError, Stage, Statement};

/// A run that knows what to do, and has changed nothing yet.
pub struct Prepared {
    target: Target,
    work: Work,
    /// `None` after [`disconnect`](Self::disconnect).
    session: Option<Session>,
    known: Known,
    stages: Vec<Stage>,
    /// The state of what a change is to change.
    before: Status,
    lost: Lost,
    tests: Vec<ValidationTest>,
}

/// What a look at the cluster leads to.
struct Ready {
    session: Session,
    known: Known,
    stages: Vec<Stage>,
    before: Status,
    /// What is taken along.
    lost: Lost,
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

async fn try_prepare(
    target: &Target,
    work: Work,
    tests: &mut Vec<ValidationTest>,
    notify: Notify<'_>,
) -> Result<Ready, Stop> {
    let (session, mut known) = look_at_rest(target, tests, notify).await?;
    let env = &*target.env;
    let planned = match (work, &target.old) {
        (Work::Remove, _) => plan::remove(&known, &target.payload, env),
        (_, None) => plan::apply(&known).map(Ok),
        (_, Some(old)) => plan::edit(&known, old, &target.payload, env),
    };
    let mut stages = match planned {
        Ok(stages) => stages?,
        Err(mut obstacles) => {
            // It is for the message alone: where it cannot be found out, the obstacles are still told.
            tests.extend(name_set_ups(target, &session, &mut obstacles).await.unwrap_or_default());
            return Err(Stop::Obstacles(obstacles));
        }
    };
    if work != Work::Remove {
        known.password = account_login::look(target, &session, &known, &stages).await?;
        plan::settle_password(&mut stages, &known, &target.payload, env)?;
        if let Some(error) = known.unresolved.clone().filter(|_| has_secret(&stages)) {
            return Err(ScriptError::UnresolvedSecret(error).into());
        }
    }
    if work == Work::Apply {
        tests.extend(absence_tests(&known));
    }
    if work == Work::Remove {
        tests.extend(left_alone_tests(&known));
    }
    let mut lost = Lost::default();
    if !stages.is_empty() {
        let privileges = privileges_tests(&known, &stages, work, &target.payload.initial_database);
        let is_failed = privileges.iter().any(|test| test.status == TestStatus::Failed);
        tests.extend(privileges);
        if is_failed {
            return Err(Stop::Obstacles(Vec::new()));
        }
        let found = look_for_lost(target, &session, &known, work).await?;
        if !found.in_the_way.is_empty() {
            tests.extend(found.tests());
            return Err(Stop::Obstacles(Vec::new()));
        }
        tests.extend(found.warnings());
        lost = found.lost;
        if let Some(leaving) = Leaving::of(work, &known) {
            refuse_held(target, &session, &known, &leaving, tests).await?;
        }
    }
    let before = match &target.old {
        // Where all but the password is in force, and both payloads have the same, that is a fault of what stands.
        Some(old) if known.is_in_force() && is_same_password(old, &target.payload) => state(&known),
        Some(old) if !stages.is_empty() => state_before(target, &session, &known, old).await?,
        _ => state(&known),
    };
    Ok(Ready { session, known, stages, before, lost })
}

/// What a removal takes along, or a change that drops the impersonation group.
async fn look_for_lost(
    target: &Target,
    session: &Session,
    known: &Known,
    work: Work,
) -> Result<lost::Found, Stop> {
    let leaving = Leaving::of(work, known);
    let group = leaving.as_ref().and_then(Leaving::group);
    let mut found = lost::Found::default();
    let mut users = Vec::new();
    if let Some(group) = group {
        users.extend(lost::members(session, group).await?);
    }
    if known.cluster.has_database && (work == Work::Remove || group.is_some()) {
        let own = if target.payload.same_database() {
            None
        } else {
            Some(Session::connect(&target.access, &target.payload.database.folded()).await?)
        };
        let session = own.as_ref().unwrap_or(session);
        if work == Work::Remove {
            found = lost::Found::look(session, known).await?;
        }
        found.add_impersonators(session, known).await?;
        found.lost.database = known.made().names.database.clone();
        if let Some(own) = own {
            own.close().await;
        }
    }
    found.lost.add_users(users);
    Ok(found)
}

/// Looks once no other run is at work on the set-up, for which it waits as long as it may.
async fn look_at_rest(
    target: &Target,
    tests: &mut Vec<ValidationTest>,
    notify: Notify<'_>,
) -> Result<(Session, Known), Stop> {
    let patience = target.access.lock_timeout;
    let deadline = Instant::now() + patience;
    loop {
        tests.clear();
        let (session, known) = look(target, tests).await?;
        let Some(claim) = known.claim.as_ref().filter(|claim| claim.is_held(&known.cluster)) else {
            return Ok((session, known));
        };
        tell_waiting(deadline, claim, notify);
        if let Some(holder) = claim.clone().wait(&session, &known.cluster, deadline).await? {
            return Err(Stop::Obstacles(vec![still_busy(&holder, patience)]));
        }
        session.close().await;
    }
}

/// Says who is waited for, if there is time to wait.
fn tell_waiting(deadline: Instant, claim: &Claim, notify: Notify<'_>) {
    let waiting = Waiting::until(deadline, claim);
    if !waiting.longest.is_zero() {
        notify(Notice::Waiting(waiting));
    }
}

/// Whether two payloads have the same password, be it a literal or a variable.
fn is_same_password(one: &Payload, other: &Payload) -> bool {
    let (one, other) = (one.authentication.password(), other.authentication.password());
    (one.variable(), one.literal()) == (other.variable(), other.literal())
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
    let others = other_set_ups(target, session, leaving.other_databases(&initial, &found)).await?;
    for other in &others.set_ups {
        leaving.note_shared(other, &mut found);
    }
    found.warnings = others.warnings;
    if let Some(database) = leaving.kept_database().filter(|database| **database != initial) {
        let session = Session::connect(&target.access, database).await?;
        leaving.look(&session, database, login, false, &mut found).await?;
        session.close().await;
    }
    found.sort();
    Ok(found)
}

/// The set-ups in these databases, and those that have not come to their end.
async fn other_set_ups(
    target: &Target,
    session: &Session,
    databases: BTreeSet<String>,
) -> Result<Others, Stop> {
    let mut others = Others { set_ups: OtherSetUp::claimed(session).await?, warnings: Vec::new() };
    let initial = target.payload.initial_database.folded();
    for database in databases {
        if others.set_ups.iter().any(|other| other.database == database) {
            continue;
        }
        if database == initial {
            others.add_of_database(session, &database).await?;
            continue;
        }
        match Session::connect(&target.access, &database).await {
            Ok(session) => others.add_of_database(&session, &database).await?,
            Err(ConnectError::Interrupted) => return Err(ConnectError::Interrupted.into()),
            // Where one cannot log in, one finds out nothing.
            Err(_) => {}
        }
    }
    Ok(others)
}

/// Says of a user or a group that is in the way which set-up it is of, if that is found; gives what is to be said of the
/// records that would tell.
async fn name_set_ups(
    target: &Target,
    session: &Session,
    obstacles: &mut [Obstacle],
) -> Result<Vec<ValidationTest>, Stop> {
    let mut foreign: Vec<&mut Foreign> = obstacles
        .iter_mut()
        .filter_map(|obstacle| match obstacle {
            Obstacle::Foreign(foreign) if foreign.object.is_of_cluster() => Some(foreign),
            _ => None,
        })
        .collect();
    if foreign.is_empty() {
        return Ok(Vec::new());
    }
    let (own, initial) = (target.payload.database.folded(), target.payload.initial_database.folded());
    let mut databases = OtherSetUp::possible_databases(session).await?;
    databases.insert(initial);
    databases.remove(&own);
    let others = other_set_ups(target, session, databases).await?;
    for foreign in &mut foreign {
        let mut set_ups = others.set_ups.iter();
        let other = set_ups.find(|other| other.database != own && foreign.object.is_used_by(other));
        foreign.set_up = other.map(|other| other.database.clone());
    }
    Ok(others.warnings)
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
        outcome
            .tests
            .push(ValidationTest::failed(Phase::Bootstrap.test("Begin"), "interrupted before it began"));
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
                let message = "another run has just been at work: run this again".to_owned();
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
                let message = "another run has been at work meanwhile, so that there is something else to do now: run \
                               the same command again to see it";
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
        let message = "what the run takes along is not what it was when the plan was made: run the same command again to \
                       see it";
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

    async fn execute(
        &self,
        initial: &Session,
        account: &mut Account,
        notify: Notify<'_>,
    ) -> Result<(), Failure> {
        for stage in &self.stages {
            let database = stage.database.folded();
            let own;
            let is_initial = database == self.target.payload.initial_database.folded();
            let session = if is_initial {
                initial
            } else {
                own = Session::connect(&self.target.access, &database)
                    .await
                    .map_err(|error| Failure::connect(&database, &error))?;
                &own
            };
            for transaction in plan::transactions(&stage.statements) {
                self.execute_together(session, is_initial, &database, transaction, account, notify).await?;
                if !(is_initial && is_transaction(transaction)) {
                    let noted = self.note(initial, transaction).await;
                    noted.map_err(|error| Failure::note(&error))?;
                }
            }
        }
        Ok(())
    }

    /// Runs a transaction, or a statement that is none. If it is in conflict with another session's work, nothing of it has
    /// taken effect, and it is tried again.
    async fn execute_together(
        &self,
        session: &Session,
        is_initial: bool,
        database: &str,
        statements: &[Statement],
        account: &mut Account,
        notify: Notify<'_>,
    ) -> Result<(), Failure> {
        const ATTEMPTS: usize = 4;
        let begun = (account.number, account.shown);
        for attempt in 1.. {
            let Err((statement, error)) =
                self.try_together(session, is_initial, database, statements, account, notify).await
            else {
                break;
            };
            if account.is_in_transaction() && matches!(error, StatementError::Server(_)) {
                // The connection goes, and the transaction with it, whatever becomes of this.
                let _ = session.run("ROLLBACK").await;
            }
            let is_conflict = error.sqlstate().is_some_and(|state| CONFLICT.contains(&state));
            if !is_conflict || attempt == ATTEMPTS || session.pause(CONFLICT_PAUSE).await.is_err() {
                return Err(Failure::statement(statement, &discreet(&self.stages, error)));
            }
            account.take_back(begun);
        }
        Ok(())
    }

    /// Notes in the claim what statements have made or dropped. That of a change claims nothing.
    async fn note(&self, initial: &Session, statements: &[Statement]) -> Result<(), StatementError> {
        if self.work == Work::Edit {
            return Ok(());
        }
        Claim::note(initial, &self.known.made().names, Changes::by(statements)).await
    }

    /// Runs statements; gives the one that failed. What a transaction in `initialDatabase` makes or drops is noted in it.
    async fn try_together<'s>(
        &self,
        session: &Session,
        is_initial: bool,
        database: &str,
        statements: &'s [Statement],
        account: &mut Account,
        notify: Notify<'_>,
    ) -> Result<(), (&'s Statement, StatementError)> {
        for (at, statement) in statements.iter().enumerate() {
            account.number += 1;
            if boundary(statement).is_none() {
                account.shown += 1;
                notify(Notice::Statement(Progress {
                    number: account.shown,
                    total: account.total,
                    database: database.to_owned(),
                    summary: statement.summary().to_owned(),
                }));
            }
            run_statement(session, statement).await.map_err(|error| (statement, error))?;
            account.done(statement);
            let is_last = statements.get(at + 1).and_then(boundary) == Some(Boundary::Commit);
            if is_initial && is_last {
                let noted = self.note(session, statements).await;
                noted.map_err(|error| (statement, error))?;
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
                (known.set_up, known.unresolved) =
                    plan::set_up(&target.payload, &edited(&known), &*target.env)?;
            }
            known.cluster.has_database = true;
            known.standing =
                standing(&target, &target.payload, session, &known.cluster, &known.set_up).await?;
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
                    status: Some(if work == Work::Remove { Status::Deleted } else { Status::Enabled }),
                    tests,
                    changes: account.stands,
                    due: 0,
                    end: End::Done,
                };
                if outcome.failures().next().is_some() {
                    outcome.status = Some(error_status(work));
                    outcome.end = End::PartWay;
                    // Where the marker stands, it is proof enough.
                    if known.standing.marker.is_some() && Claim::drop(session, &database).await.is_ok() {
                        outcome.status = Some(Status::RecurringValidationError);
                    }
                } else if let Err(error) = Claim::drop(session, &database).await {
                    let error = discreet(&stages, error);
                    // All is done but this: the next run, or `status`, finds an unfinished run.
                    let failed = matches!(error, StatementError::Interrupted { .. });
                    outcome.status = Some(error_status(work));
                    outcome.end = if failed { End::Interrupted } else { End::PartWay };
                    outcome.tests.push(ValidationTest::failed(
                        Phase::Bootstrap.test("End the run"),
                        format!("everything is done, but bootshift_lock.run is still there: {error}. Run the same command again"),
                    ));
                }
                outcome
            }
            Err(stop) => {
                let outcome = stopped(discreet_stop(&stages, stop), work, tests);
                let end = if outcome.end == End::Interrupted { End::Interrupted } else { End::PartWay };
                // What was done is done, and the claim of the run still stands.
                Outcome { status: Some(error_status(work)), changes: account.stands, end, ..outcome }
            }
        }
    }

    fn failed(self, failure: &Failure, account: &Account, held: Vec<ValidationTest>) -> Outcome {
        // As all that is counted here: without what begins and ends transactions.
        let statements = self.stages.iter().flat_map(|stage| &stage.statements).skip(account.number);
        let rest = statements.filter(|statement| boundary(statement).is_none()).count();
        let counted =
            |count| if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
        let mut tests = self.tests;
        let mut message = format!("{}. ", failure.message.trim_end_matches('.'));
        let _ = match (account.stands, failure.is_uncertain) {
            (0, false) => write!(message, "Nothing was changed"),
            (stands, false) => write!(message, "{} took effect before it", counted(stands)),
            (stands, true) => {
                write!(
                    message,
                    "{} took effect before it; whether it did itself is not known",
                    counted(stands)
                )
            }
        };
        if account.rolled_back() > 0 && !failure.is_uncertain {
            let _ = write!(
                message,
                "; the transaction around it ({}) was rolled back",
                counted(account.rolled_back())
            );
        }
        let advice = if failure.held_by == Some(Holding::Objects) {
            "The same command again fails as well, until what is in the way is freed; then it does what is missing"
        } else {
            "Run the same command again: it does what is missing"
        };
        let _ = write!(message, "; {rest} {} not run. {advice}", if rest == 1 { "has" } else { "have" });
        tests.push(ValidationTest::failed(failure.test.clone(), message));
        tests.extend(held);
        let end = if failure.is_interrupted { End::Interrupted } else { End::PartWay };
        Outcome { status: Some(error_status(self.work)), tests, changes: account.stands, due: 0, end }
    }
}

/// The error without what it shows of a password: a server may quote the statement of it, at once or later.
fn discreet(stages: &[Stage], error: StatementError) -> StatementError {
    let StatementError::Server(error) = error else { return error };
    let statements = stages.iter().flat_map(|stage| &stage.statements);
    let secrets = statements.filter(|statement| statement.secret);
    let clauses = secrets.filter_map(|statement| statement.password.as_ref());
    StatementError::Server(clauses.fold(error, |error, clause| error.hiding(&clause.to_string())))
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

/// SQLSTATEs of a conflict with another session: `serialization_failure`, `deadlock_detected`; `internal_error`, by which
/// Redshift tells of one in the catalog and of a violation of serializable isolation
/// (<https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html>); and
/// `unique_violation`, of two that make rows of the catalog at once.
const CONFLICT: [&str; 4] = ["40001", "40P01", "XX000", "23505"];
const CONFLICT_PAUSE: Duration = Duration::from_millis(300);

/// Whether the statements begin and end a transaction.
fn is_transaction(statements: &[Statement]) -> bool {
    statements.last().and_then(boundary) == Some(Boundary::Commit)
}

async fn run_statement(session: &Session, statement: &Statement) -> Result<(), StatementError> {
    /// Our own connection to a database ends a moment before the server knows.
    const ATTEMPTS: usize = 20;
    const PAUSE: Duration = Duration::from_millis(250);
    for attempt in 1.. {
        let Err(error) = session.run(&statement.sql).await else { return Ok(()) };
        // Two that make databases are in each other's way as well, for a moment.
        let is_of_database = matches!(
            statement.id.effect(),
            Effect::Creates(Object::Database) | Effect::Drops(Object::Database)
        );
        let is_in_use = is_of_database && error.sqlstate() == Some(OBJECT_IN_USE);
        if is_in_use && attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        return Err(error);
    }
    Ok(())
}
