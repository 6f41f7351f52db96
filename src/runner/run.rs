//! A run from the first connection to the outcome.

use std::fmt::Write as _;
use std::time::Duration;

use super::claim::{Claim, Work};
use super::error::{ConnectError, StatementError};
use super::facts::{ClaimTable, Cluster, Marker, Standing};
use super::plan::{self, Boundary, Known, Obstacle, boundary, missing_statements};
use super::response::{End, Outcome, Status, TestStatus, ValidationTest};
use super::session::Session;
use super::{Access, Target};
use crate::payload::Authentication;
use crate::script::{ScriptError, Stage, Statement};

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

/// Why a run ends before anything is changed.
enum Stop {
    Connect(ConnectError),
    Statement(StatementError),
    Script(ScriptError),
    Obstacles(Vec<Obstacle>),
}

impl From<ConnectError> for Stop {
    fn from(error: ConnectError) -> Self {
        Self::Connect(error)
    }
}

impl From<StatementError> for Stop {
    fn from(error: StatementError) -> Self {
        Self::Statement(error)
    }
}

impl From<ScriptError> for Stop {
    fn from(error: ScriptError) -> Self {
        Self::Script(error)
    }
}

/// A run that knows what to do, and has changed nothing yet.
pub struct Prepared {
    target: Target,
    work: Work,
    session: Session,
    looked: Looked,
    stages: Vec<Stage>,
    tests: Vec<ValidationTest>,
}

/// What was found, and what it is held against.
struct Looked {
    cluster: Cluster,
    standing: Standing,
    claim: Option<Claim>,
    wanted: Marker,
    set_up: Vec<Stage>,
}

impl Looked {
    fn known(&self) -> Known<'_> {
        Known {
            cluster: &self.cluster,
            standing: &self.standing,
            claim: self.claim.as_ref(),
            wanted: &self.wanted,
        }
    }
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
        Ok((session, looked, stages)) => Ok(Prepared { target, work, session, looked, stages, tests }),
        Err(stop) => Err(stopped(stop, work, tests)),
    }
}

async fn try_prepare(
    target: &Target,
    work: Work,
    tests: &mut Vec<ValidationTest>,
) -> Result<(Session, Looked, Vec<Stage>), Stop> {
    let (session, looked) = look(target, tests).await?;
    if let Some(claim) = looked.claim.as_ref().filter(|claim| claim.is_held(&looked.cluster)) {
        return Err(Stop::Obstacles(vec![busy(claim)]));
    }
    let known = looked.known();
    let env = &*target.env;
    let stages = match (work, &target.old) {
        (Work::Remove, _) => plan::remove(&known, &target.payload, env).map_err(Stop::Obstacles)??,
        (_, None) => plan::apply(&known, &looked.set_up).map_err(Stop::Obstacles)?,
        (_, Some(old)) => {
            let is_current = password_is_current(target, &looked).await;
            plan::edit(&known, old, &target.payload, is_current, env).map_err(Stop::Obstacles)??
        }
    };
    if work == Work::Apply {
        tests.extend(absence_tests(&looked));
    }
    if !stages.is_empty() {
        let test = privileges_test(&looked, &stages);
        let is_failed = test.status == TestStatus::Failed;
        tests.push(test);
        if is_failed {
            return Err(Stop::Obstacles(Vec::new()));
        }
    }
    Ok((session, looked, stages))
}

const CONNECTION_TEST: &str = "Initial Validation: Basic Connection Test";
const SERVER_TEST: &str = "Initial Validation: Server Is Amazon Redshift";
const CASE_TEST: &str = "Initial Validation: Identifiers Are Case-Insensitive";
const PRIVILEGES_TEST: &str = "Validate Automatic Bootstrap: Privileges Of The User";
const DATABASE_TEST: &str = "Validate Automatic Bootstrap: Immuta Database Does Not Exist";
const USER_TEST: &str = "Validate Automatic Bootstrap: System Account Does Not Exist";
const GROUP_TEST: &str = "Validate Automatic Bootstrap: Impersonation Group Does Not Exist";

/// Connects, and finds out what stands.
async fn look(target: &Target, tests: &mut Vec<ValidationTest>) -> Result<(Session, Looked), Stop> {
    let payload = &target.payload;
    let names = super::facts::Names::of(payload);
    let session = Session::connect(&target.access, &payload.initial_database.folded()).await?;
    let cluster = Cluster::look(&session, &names).await?;
    tests.push(ValidationTest::passed(CONNECTION_TEST));
    if !cluster.version.contains("Redshift") {
        tests.push(ValidationTest::failed(SERVER_TEST, "the server does not call itself Redshift"));
        return Err(Stop::Obstacles(Vec::new()));
    }
    tests.push(ValidationTest::passed(SERVER_TEST));
    if cluster.is_case_sensitive {
        tests.push(ValidationTest::failed(
            CASE_TEST,
            "enable_case_sensitive_identifier is on, and Immuta needs it off: turn it off in the cluster's parameter \
             group, or for this user (ALTER USER … SET enable_case_sensitive_identifier TO false)",
        ));
        return Err(Stop::Obstacles(Vec::new()));
    }
    tests.push(ValidationTest::passed(CASE_TEST));
    let claim = match cluster.claim_table {
        ClaimTable::Trusted => Claim::read(&session).await?,
        ClaimTable::Absent | ClaimTable::Foreign => None,
    };
    let wanted = plan::wanted(payload, target.options, &cluster.login);
    let mut looked = Looked {
        set_up: plan::set_up(payload, &wanted, &*target.env)?,
        cluster,
        claim,
        wanted,
        standing: Standing::default(),
    };
    looked.standing = standing(target, &session, &looked).await?;
    // The marker, or the claim, may tell of another mode than what was asked for.
    if *looked.known().made() != looked.wanted && looked.known().made().names == looked.wanted.names {
        looked.set_up = plan::set_up(payload, looked.known().made(), &*target.env)?;
        looked.standing = standing(target, &session, &looked).await?;
    }
    Ok((session, looked))
}

/// What stands in `database`, asked there.
async fn standing(target: &Target, session: &Session, looked: &Looked) -> Result<Standing, Stop> {
    let statements = looked.set_up.iter().flat_map(|stage| &stage.statements);
    if target.payload.same_database() {
        return Ok(Standing::look(session, statements).await?);
    }
    if !looked.cluster.has_database {
        return Ok(Standing::of_cluster(&looked.cluster));
    }
    let session = Session::connect(&target.access, &target.payload.database.folded()).await?;
    let standing = Standing::look(&session, statements).await?;
    session.close().await;
    Ok(standing)
}

/// Whether the new payload's account can log in by the new payload's password. Nothing else in the catalog tells.
async fn password_is_current(target: &Target, looked: &Looked) -> bool {
    let database = target.payload.database.folded();
    let logs_in = async |payload: &crate::payload::Payload| {
        let Authentication::UserPassword { username, password } = &payload.authentication else {
            return None;
        };
        let password = password.resolve(&*target.env).ok()?;
        let access =
            Access { user: username.as_str().to_owned(), password: Some(password), ..target.access.clone() };
        match Session::connect(&access, &database).await {
            Ok(session) => {
                session.close().await;
                Some(true)
            }
            Err(ConnectError::Refused(_)) => Some(false),
            Err(_) => None,
        }
    };
    if !looked.cluster.has_user {
        return false;
    }
    match (&target.payload.authentication, &target.old) {
        (Authentication::UserPassword { .. }, _) => logs_in(&target.payload).await == Some(true),
        // The account has no password any more: the old one opens nothing.
        (Authentication::Okta(_), Some(old)) => {
            let user = target.payload.authentication.username().clone();
            match &old.authentication {
                Authentication::UserPassword { password, .. } => {
                    let authentication =
                        Authentication::UserPassword { username: user, password: password.clone() };
                    let tried = crate::payload::Payload { authentication, ..old.clone() };
                    logs_in(&tried).await == Some(false)
                }
                Authentication::Okta(_) => true,
            }
        }
        (Authentication::Okta(_), None) => true,
    }
}

fn absence_tests(looked: &Looked) -> Vec<ValidationTest> {
    let Marker { database_created, user_created, group_created, .. } = looked.known().made();
    let cluster = &looked.cluster;
    let test = |name: &str, is_made: bool, is_there: bool, why: &str| match (is_made, is_there) {
        (false, _) => ValidationTest::new(name, TestStatus::Skipped, Some(why.to_owned())),
        (true, false) => ValidationTest::passed(name),
        (true, true) => {
            ValidationTest::new(name, TestStatus::Skipped, Some("an earlier run made it".to_owned()))
        }
    };
    vec![
        test(DATABASE_TEST, *database_created, cluster.has_database, "the database is one that exists"),
        test(USER_TEST, *user_created, cluster.has_user, "the account is one that exists"),
        test(GROUP_TEST, *group_created, cluster.has_group, "impersonation is off"),
    ]
}

/// Whether who logs in may do what there is to do, as far as can be told.
fn privileges_test(looked: &Looked, stages: &[Stage]) -> ValidationTest {
    let cluster = &looked.cluster;
    let statements = || stages.iter().flat_map(|stage| &stage.statements);
    let concerns_group = statements().any(|statement| statement.sql.contains(" GROUP "));
    let makes_database = statements().any(|statement| statement.sql.starts_with("CREATE DATABASE"));
    if cluster.is_superuser {
        ValidationTest::passed(PRIVILEGES_TEST)
    } else if concerns_group {
        let message = format!("only a superuser makes and drops groups, and `{}` is none", cluster.login);
        ValidationTest::failed(PRIVILEGES_TEST, message)
    } else if makes_database && !cluster.may_create_databases {
        let message = format!(
            "`{}` is no superuser and has no CREATEDB; unless a role of its gives the right, this will fail",
            cluster.login
        );
        ValidationTest::new(PRIVILEGES_TEST, TestStatus::Warning, Some(message))
    } else {
        ValidationTest::passed(PRIVILEGES_TEST)
    }
}

fn busy(claim: &Claim) -> Obstacle {
    let holder = &claim.holder;
    Obstacle::Busy(format!(
        "another run ({}) is at work: process {} of `{}`, connected since {}. Wait for it; if that session is dead \
         and not yours, a superuser can tell",
        claim.work.name(),
        holder.process,
        holder.login,
        holder.since
    ))
}

fn stopped(stop: Stop, work: Work, mut tests: Vec<ValidationTest>) -> Outcome {
    let mut end = End::Refused;
    match stop {
        Stop::Connect(error) => {
            if matches!(error, ConnectError::Interrupted) {
                end = End::Interrupted;
            }
            tests.push(ValidationTest::failed(CONNECTION_TEST, error.to_string()));
        }
        Stop::Statement(error) => {
            if matches!(error, StatementError::Interrupted { .. }) {
                end = End::Interrupted;
            }
            tests.push(ValidationTest::failed("Initial Validation: Catalog", error.to_string()));
        }
        Stop::Script(error) => {
            tests.push(ValidationTest::failed("Initial Validation: Payload", error.to_string()));
        }
        Stop::Obstacles(obstacles) => {
            tests.extend(obstacles.iter().map(|obstacle| {
                let name = match obstacle {
                    Obstacle::Foreign(what) | Obstacle::Missing(what) => obstacle_test(what),
                    Obstacle::Other(_) | Obstacle::NotSetUp => {
                        "Validate Automatic Bootstrap: Set-Up Is This One"
                    }
                    Obstacle::Altered(_) => "Validate Automatic Bootstrap: Set-Up Can Be Mended",
                    Obstacle::Busy(_) => "Validate Automatic Bootstrap: No Other Run",
                };
                ValidationTest::failed(name, obstacle.to_string())
            }));
        }
    }
    Outcome { status: error_status(work), tests, changes: 0, end }
}

fn obstacle_test(what: &str) -> &'static str {
    if what.starts_with("the database") {
        DATABASE_TEST
    } else if what.starts_with("the user") {
        USER_TEST
    } else if what.starts_with("the group") {
        GROUP_TEST
    } else {
        "Validate Automatic Bootstrap: Nothing In The Way"
    }
}

const fn error_status(work: Work) -> Status {
    match work {
        Work::Apply => Status::CreateError,
        Work::Edit => Status::EditError,
        Work::Remove => Status::DeleteError,
    }
}

impl Prepared {
    /// What would be done, for people.
    #[must_use]
    pub fn plan(&self) -> String {
        plan::text(self.work, &self.stages)
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.looked.claim.is_none()
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
        let status = if self.stages.is_empty() {
            if self.work == Work::Remove { Status::Deleted } else { Status::Enabled }
        } else {
            state(&self.looked)
        };
        Outcome { status, tests: self.tests.clone(), changes: 0, end: End::Done }
    }

    /// Does it.
    pub async fn run(mut self, progress: &mut (dyn FnMut(Progress) + Send)) -> Outcome {
        if self.is_empty() {
            return self.unchanged();
        }
        let is_fresh = self.looked.claim.is_none();
        if let Err(stop) = self.claim().await {
            return stopped(stop, self.work, self.tests);
        }
        let mut account = Account { total: self.total(), ..Account::default() };
        let result = self.execute(&mut account, progress).await;
        match result {
            Ok(()) => self.verify(account).await,
            Err(failure) => {
                self.take_back(&failure, &account, is_fresh).await;
                self.failed(&failure, &account)
            }
        }
    }

    /// Writes the claim, or takes the one over that an unfinished run left.
    async fn claim(&mut self) -> Result<(), Stop> {
        let Looked { cluster, claim, .. } = &self.looked;
        let session = &self.session;
        let was_claimed = claim.is_some();
        if !was_claimed {
            let made = self.looked.known().made().clone();
            // An edit makes what its one transaction makes: it only locks.
            let made = match self.work {
                Work::Edit => {
                    Marker { database_created: false, user_created: false, group_created: false, ..made }
                }
                Work::Apply | Work::Remove => made,
            };
            if Claim::write(session, self.work, &made).await? {
                return Ok(());
            }
        } else if Claim::take_over(session, cluster, self.work).await?.is_some() {
            return Ok(());
        }
        let obstacle = match Claim::read(session).await? {
            Some(claim) if claim.is_held(cluster) => busy(&claim),
            _ => Obstacle::Busy("another run has just been at work: run this again".to_owned()),
        };
        Err(Stop::Obstacles(vec![obstacle]))
    }

    async fn execute(
        &self,
        account: &mut Account,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(), Failure> {
        for stage in &self.stages {
            let database = stage.database.folded();
            let own;
            let session = if database == self.target.payload.initial_database.folded() {
                &self.session
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
                        return Err(Failure::statement(statement, &self.discreet(error)));
                    }
                }
            }
        }
        Ok(())
    }

    /// The error without what it shows of a password: a server may quote the statement of it, at once or later.
    fn discreet(&self, error: StatementError) -> StatementError {
        let StatementError::Server(error) = error else { return error };
        let statements = self.stages.iter().flat_map(|stage| &stage.statements);
        let secrets = statements.filter(|statement| statement.secret);
        StatementError::Server(secrets.fold(error, |error, statement| error.hiding(&statement.sql)))
    }

    /// After a failure: what was claimed and is not ours is disclaimed; what came to nothing leaves no claim.
    async fn take_back(&self, failure: &Failure, account: &Account, is_fresh: bool) {
        // If the connection is gone, the next run finds the claim as it is, and looks at what stands.
        if let Some(column) = failure.duplicate {
            let _ = Claim::disclaim(&self.session, column).await;
        }
        if is_fresh && account.stands == 0 && !failure.is_uncertain {
            let _ = Claim::drop(&self.session).await;
        }
    }

    async fn verify(self, account: Account) -> Outcome {
        let Self { target, work, session, mut looked, mut tests, .. } = self;
        let verified = async {
            if work == Work::Remove {
                return Ok(Vec::new());
            }
            if work == Work::Edit {
                looked.set_up = plan::set_up(&target.payload, &edited(&looked), &*target.env)?;
            }
            looked.cluster.has_database = true;
            looked.standing = standing(&target, &session, &looked).await?;
            Ok::<_, Stop>(drift(&looked))
        };
        match verified.await {
            Ok(drift) => {
                tests.extend(drift);
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
                    if looked.standing.marker.is_some() && Claim::drop(&session).await.is_ok() {
                        outcome.status = Status::RecurringValidationError;
                    }
                } else if let Err(error) = Claim::drop(&session).await {
                    // All is done but this: the next run, or `status`, finds an unfinished run.
                    let failed = matches!(error, StatementError::Interrupted { .. });
                    outcome.status = error_status(work);
                    outcome.end = if failed { End::Interrupted } else { End::PartWay };
                    outcome.tests.push(ValidationTest::failed(
                        "Bootstrap: End the run",
                        format!("everything is done, but public.bootshift_run is still there: {error}. Run the same command again"),
                    ));
                }
                outcome
            }
            Err(stop) => {
                let outcome = stopped(stop, work, tests);
                let end = if outcome.end == End::Interrupted { End::Interrupted } else { End::PartWay };
                Outcome { changes: account.stands, end, ..outcome }
            }
        }
    }

    fn failed(self, failure: &Failure, account: &Account) -> Outcome {
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
        let _ = write!(message, "; {rest} have not run. Run the same command again: it does what is missing");
        tests.push(ValidationTest::failed(format!("Bootstrap: {}", failure.name), message));
        let end = if failure.is_interrupted { End::Interrupted } else { End::PartWay };
        Outcome { status: error_status(self.work), tests, changes: account.stands, end }
    }
}

/// What the set-up is made of after a change.
fn edited(looked: &Looked) -> Marker {
    let before = looked.standing.marker.as_ref().unwrap_or(&looked.wanted);
    Marker {
        names: looked.wanted.names.clone(),
        group_created: !looked.wanted.names.group.is_empty(),
        ..before.clone()
    }
}

/// SQLSTATEs of what is there already.
const DUPLICATE: [&str; 2] = ["42710", "42P04"];
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

/// How far a run has come.
#[derive(Default)]
struct Account {
    total: usize,
    /// The statement that runs.
    number: usize,
    /// Statements whose effect is committed.
    stands: usize,
    /// Statements since BEGIN, if there was one.
    open: Option<usize>,
}

impl Account {
    fn done(&mut self, statement: &Statement) {
        match (boundary(statement), self.open) {
            (Some(Boundary::Begin), _) => self.open = Some(0),
            (Some(Boundary::Commit), open) => {
                self.stands += open.unwrap_or_default();
                self.open = None;
            }
            (None, Some(open)) => self.open = Some(open + 1),
            (None, None) => self.stands += 1,
        }
    }

    const fn is_in_transaction(&self) -> bool {
        self.open.is_some()
    }

    fn rolled_back(&self) -> usize {
        self.open.unwrap_or_default()
    }
}

/// Where and why a run stopped.
struct Failure {
    name: String,
    message: String,
    is_uncertain: bool,
    is_interrupted: bool,
    /// The column of the claim for an object that somebody else has made meanwhile.
    duplicate: Option<&'static str>,
}

impl Failure {
    fn connect(database: &str, error: &ConnectError) -> Self {
        Self {
            name: format!("Connect to `{database}`"),
            message: error.to_string(),
            is_uncertain: false,
            is_interrupted: matches!(error, ConnectError::Interrupted),
            duplicate: None,
        }
    }

    fn statement(statement: &Statement, error: &StatementError) -> Self {
        let duplicate = match statement.summary.as_str() {
            _ if !error.sqlstate().is_some_and(|state| DUPLICATE.contains(&state)) => None,
            "Create the system account" => Some("user"),
            "Create the impersonation group" => Some("group"),
            "Create the database" => Some("database"),
            _ => None,
        };
        let ends_something = statement.transactional && boundary(statement) != Some(Boundary::Commit);
        Self {
            name: statement.summary.clone(),
            message: error.to_string(),
            // In a transaction that was not committed, nothing took effect.
            is_uncertain: error.is_uncertain() && !ends_something,
            is_interrupted: matches!(error, StatementError::Interrupted { .. }),
            duplicate,
        }
    }
}

/// What is there and not as it should be.
fn drift(looked: &Looked) -> Vec<ValidationTest> {
    missing_statements(&looked.set_up, &looked.standing)
        .map(|statement| {
            let message = if statement.summary.starts_with("Close ") {
                "somebody may do what he should not; what a user or a group was granted by name is to be revoked by hand"
            } else {
                "not, or no longer, in effect"
            };
            ValidationTest::failed(format!("Set-Up: {}", statement.summary), message)
        })
        .collect()
}

/// The state of what was found.
fn state(looked: &Looked) -> Status {
    if let Some(claim) = &looked.claim {
        return match (claim.work, claim.is_held(&looked.cluster)) {
            (Work::Apply, true) => Status::Creating,
            (Work::Apply, false) => Status::CreateError,
            (Work::Edit, true) => Status::Editing,
            (Work::Edit, false) => Status::EditError,
            (Work::Remove, true) => Status::Deleting,
            (Work::Remove, false) => Status::DeleteError,
        };
    }
    let is_there = looked.standing.marker.is_some() || looked.standing.schemas.len() > 1;
    match (is_there, drift(looked).is_empty()) {
        (true, true) => Status::Enabled,
        (true, false) => Status::RecurringValidationError,
        (false, _) => Status::Deleted,
    }
}

/// What stands, and what of it is not as it should be; changes nothing. The end is [`End::Done`] if the set-up is
/// there and whole.
pub async fn status(target: &Target) -> Outcome {
    let mut tests = Vec::new();
    match look(target, &mut tests).await {
        // What stands is not known.
        Err(stop) => {
            Outcome { status: Status::RecurringValidationError, ..stopped(stop, Work::Apply, tests) }
        }
        Ok((session, looked)) => {
            let status = state(&looked);
            match status {
                Status::Enabled | Status::RecurringValidationError => {
                    // Of another set-up it says nothing that this payload's statements have no effect.
                    match looked.known().difference_test() {
                        Some(difference) => tests.push(difference),
                        None => tests.extend(drift(&looked)),
                    }
                }
                Status::Deleted => tests.push(ValidationTest::failed(
                    "Set-Up",
                    "nothing is set up; `bootshift apply` does it",
                )),
                Status::Creating | Status::Editing | Status::Deleting => {
                    tests.extend(looked.claim.iter().map(|claim| {
                        ValidationTest::failed("Set-Up", busy(claim).to_string())
                    }));
                }
                _ => tests.push(ValidationTest::failed(
                    "Set-Up",
                    "a run did not finish; the same command again does what is missing, and `bootshift remove` takes \
                     back what stands",
                )),
            }
            session.close().await;
            let mut outcome = Outcome { status, tests, changes: 0, end: End::Done };
            if outcome.failures().next().is_some() {
                outcome.end = End::Refused;
                if outcome.status == Status::Enabled {
                    outcome.status = Status::RecurringValidationError;
                }
            }
            outcome
        }
    }
}

impl Known<'_> {
    fn difference_test(&self) -> Option<ValidationTest> {
        let obstacle = self.difference()?;
        Some(ValidationTest::failed("Validate Automatic Bootstrap: Set-Up Is This One", obstacle.to_string()))
    }
}
