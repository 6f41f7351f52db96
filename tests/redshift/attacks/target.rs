//! The target of an attack: a separate setup for every attack, as the scripts create it or without a protection.

use std::collections::HashMap;

use bootshift::payload::{Authentication, Impersonation, Payload, Secret};
use bootshift::script::{ScriptKind, ScriptOptions, script};
use bootshift::sql::Identifier;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use redshift_emulator::{DATABASE, Emulator, PASSWORD, SUPERUSER};
use testkit::payload::minimal;

/// The password of all users except the superuser.
const USER_PASSWORD: &str = "Example-Passw0rd";

/// Whose session a statement runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// The account that runs the scripts and owns what they create.
    Superuser,
    /// The system account, which logs in for Immuta.
    Account,
    /// A user of the cluster that can only create schemas.
    Mallory,
    /// The same, and a member of the impersonation group.
    Mia,
    /// Mia in another session.
    MiaElsewhere,
}

/// A statement and who sends it.
pub(crate) type Step = (Who, &'static str);

/// The result of statements.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The first error. No later statement is run.
    Refused { sqlstate: String, message: String },
    /// The first column of the last statement.
    Done(Vec<String>),
}

impl Outcome {
    /// Whether a privilege is missing.
    pub(crate) fn is_denied(&self) -> bool {
        matches!(self, Self::Refused { sqlstate, .. } if sqlstate == "42501")
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// The scripts of a setup, before they run.
pub(crate) struct Design {
    /// Names the database, the group and the system account.
    number: usize,
    /// Users, group and database: run in the initial database.
    initial: Vec<String>,
    /// The rest: run in the database.
    statements: Vec<String>,
    /// What the superuser does to the database afterwards.
    later: Vec<String>,
}

impl Design {
    /// What Bootshift writes.
    pub(crate) fn as_written(number: usize) -> Self {
        let payload = payload(number);
        let script = script(ScriptKind::All, &payload, None, &ScriptOptions::default(), &|_| None);
        let mut stages = script
            .expect("a script")
            .stages
            .into_iter()
            .map(|stage| stage.statements.into_iter().map(|statement| statement.sql).collect::<Vec<_>>());
        let initial = stages.next().expect("the first script");
        let statements = stages.next().expect("the second script");
        assert!(stages.next().is_none(), "two stages");
        Self { number, initial, statements, later: Vec::new() }
    }

    /// A database where only the first script has run.
    pub(crate) fn with_first_script_only(number: usize) -> Self {
        Self { statements: Vec::new(), ..Self::as_written(number) }
    }

    /// Replaces `old` by `new` in all statements.
    pub(crate) fn replace(mut self, old: &str, new: &str) -> Self {
        let (old, new) = (&fill(old, self.number), &fill(new, self.number));
        assert!(self.statements.iter().any(|sql| sql.contains(old)), "no statement has: {old}");
        for sql in &mut self.statements {
            *sql = sql.replace(old, new);
        }
        self
    }

    /// Removes the statements that contain `text`.
    pub(crate) fn without(mut self, text: &str) -> Self {
        let before = self.statements.len();
        self.statements.retain(|sql| !sql.contains(text));
        assert!(self.statements.len() < before, "no statement has: {text}");
        self
    }

    /// Adds a statement that the superuser runs after the scripts.
    pub(crate) fn and_then(mut self, sql: impl Into<String>) -> Self {
        self.later.push(sql.into());
        self
    }
}

/// The statements that run before a removal: they check the marker, or for an incomplete setup, that the database
/// contains nothing else.
pub(crate) fn removal_check(kind: ScriptKind, number: usize) -> Vec<String> {
    let script = script(kind, &payload(number), None, &ScriptOptions::default(), &|_| None);
    let stages = script.expect("a script").stages;
    assert_eq!(stages[0].name, "check");
    stages[0].statements.iter().map(|statement| statement.sql.clone()).collect()
}

fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("an identifier")
}

/// Fills in the names of a setup.
fn fill(sql: &str, number: usize) -> String {
    sql.replace("{database}", &format!("immuta_{number}"))
        .replace("{account}", &format!("account_{number}"))
        .replace("{group}", &format!("impersonators_{number}"))
}

fn payload(number: usize) -> Payload {
    Payload {
        database: name(&format!("immuta_{number}")),
        initial_database: name(DATABASE),
        authentication: Authentication::UserPassword {
            username: name(&format!("account_{number}")),
            password: Secret::new(USER_PASSWORD),
        },
        impersonation: Some(Impersonation::Enabled { role: name(&format!("impersonators_{number}")) }),
        ..minimal()
    }
}

/// Creates the attacking users, once for each emulator.
pub(crate) async fn add_users(emulator: &Emulator) {
    let client = log_in(emulator, SUPERUSER, PASSWORD, DATABASE).await;
    for user in ["mallory", "mia"] {
        run(&client, &format!("CREATE USER {user} PASSWORD '{USER_PASSWORD}'")).await;
    }
}

/// Default privileges that open all new tables, functions and procedures to all users, unless the scripts revoke them.
const OPEN_BY_DEFAULT: &[&str] = &[
    "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON PROCEDURES TO PUBLIC",
    "GRANT CREATE ON DATABASE {database} TO mallory, mia",
];

/// Immuta's users. The list of one contains the value `secrets`, and that of another contains it between hyphens.
const PROFILE: &str = "INSERT INTO immuta_system.profile (immuta__userid, immuta__groups, immuta__attributes) VALUES \
    ('mallory', chr(31) || '-secrets-' || chr(31), 'true'), ('mia', '', 'true'), ('{account}', '', 'true'), \
    ('vic', chr(31) || 'secrets' || chr(31), 'what vic alone may know')";

/// A policy of Immuta's, over one row of data.
const POLICY: &str = "CREATE VIEW immuta_system.policy AS SELECT CAST('the data' AS VARCHAR(8)) AS datum \
    FROM immuta_system.user_profile u WHERE immuta_functions.list_contains(u.immuta__groups, 'secrets')";

/// A setup in the emulator, with the sessions of its users.
pub(crate) struct Target<'d> {
    emulator: &'d Emulator,
    number: usize,
    sessions: HashMap<Who, Client>,
}

impl<'d> Target<'d> {
    /// Runs `before_scripts` and the scripts, and adds users as the system account.
    pub(crate) async fn build(emulator: &'d Emulator, design: Design, before_scripts: &[Step]) -> Self {
        let mut target = Self::run_scripts(emulator, design, before_scripts).await;
        for sql in [PROFILE, POLICY, "CALL immuta_procedures.grant_impersonation('mia')"] {
            target.must(Who::Account, sql).await;
        }
        target
    }

    /// Runs `before_scripts` and the scripts.
    pub(crate) async fn run_scripts(emulator: &'d Emulator, design: Design, before_scripts: &[Step]) -> Self {
        let mut target = Self { emulator, number: design.number, sessions: HashMap::new() };
        let initial = log_in(emulator, SUPERUSER, PASSWORD, DATABASE).await;
        for sql in &design.initial {
            run(&initial, sql).await;
        }
        for sql in OPEN_BY_DEFAULT {
            target.must(Who::Superuser, sql).await;
        }
        for (who, sql) in before_scripts {
            target.must(*who, sql).await;
        }
        for sql in design.statements.iter().chain(&design.later) {
            target.must(Who::Superuser, sql).await;
        }
        target
    }

    /// Runs a statement that must succeed. Returns the first column of its rows.
    pub(crate) async fn must(&mut self, who: Who, sql: &str) -> Vec<String> {
        match self.attempt(who, sql).await {
            Outcome::Done(rows) => rows,
            Outcome::Refused { sqlstate, message } => panic!("{who:?}: {sql}: {sqlstate}: {message}"),
        }
    }

    /// Runs a statement.
    pub(crate) async fn attempt(&mut self, who: Who, sql: &str) -> Outcome {
        let sql = fill(sql, self.number);
        if !self.sessions.contains_key(&who) {
            let session = self.open(who).await;
            self.sessions.insert(who, session);
        }
        query(&self.sessions[&who], &sql).await
    }

    /// Runs statements until one is refused.
    pub(crate) async fn attempt_all(&mut self, steps: &[Step]) -> Outcome {
        let mut outcome = Outcome::Done(Vec::new());
        for (who, sql) in steps {
            outcome = self.attempt(*who, sql).await;
            if !outcome.is_done() {
                break;
            }
        }
        outcome
    }

    async fn open(&self, who: Who) -> Client {
        let account = fill("{account}", self.number);
        let (user, password) = match who {
            Who::Superuser => (SUPERUSER, PASSWORD),
            Who::Account => (account.as_str(), USER_PASSWORD),
            Who::Mallory => ("mallory", USER_PASSWORD),
            Who::Mia | Who::MiaElsewhere => ("mia", USER_PASSWORD),
        };
        log_in(self.emulator, user, password, &fill("{database}", self.number)).await
    }
}

async fn log_in(emulator: &Emulator, user: &str, password: &str, database: &str) -> Client {
    let url = emulator.url_of(user, password, database);
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

async fn run(client: &Client, sql: &str) {
    let outcome = query(client, sql).await;
    assert!(outcome.is_done(), "{sql}: {outcome:?}");
}

async fn query(client: &Client, sql: &str) -> Outcome {
    match client.simple_query(sql).await {
        Ok(messages) => Outcome::Done(messages.iter().filter_map(first_column).collect()),
        Err(error) => Outcome::Refused {
            sqlstate: error.code().map_or("", SqlState::code).to_owned(),
            message: error
                .as_db_error()
                .map_or_else(|| error.to_string(), |error| error.message().to_owned()),
        },
    }
}

fn first_column(message: &SimpleQueryMessage) -> Option<String> {
    match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
        _ => None,
    }
}
