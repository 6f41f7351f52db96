#![doc = include_str!("../README.md")]
//!
//! # Rules
//!
//! *Inferred* means that no source states the rule. DG is <https://docs.aws.amazon.com/redshift/latest/dg/>.
//!
//! | rule | what it does | source |
//! | --- | --- | --- |
//! | greeting | reports `server_version` 8.0.2 and `padb_version`, never `standard_conforming_strings`; `version()` contains Redshift | <https://github.com/sqlalchemy/sqlalchemy/issues/9494> |
//! | kinds | Serverless has no `STL_`, `STV_`, `SVCS_`, `SVL_` and some `SVV_`; Multi-AZ has no `SVV_` either (42501); `sys_session_history` exists everywhere | `serverless-monitoring.md` of <https://github.com/awsdocs/amazon-redshift-management-guide>, `overview-multi-az.html` of the management guide; the error: <https://github.com/awslabs/amazon-redshift-utils/issues/648> |
//! | startup | rejects parameters that Redshift does not have (42704), also in `options`, and `extra_float_digits` above 2 (22023) | <https://github.com/launchbadge/sqlx/issues/801> |
//! | authentication | md5 (code 5); code 13 for passwords stored as sha256; no login for `DISABLE` | `ConnectionFactoryImpl.java` of <https://github.com/aws/amazon-redshift-jdbc-driver> |
//! | literals | a backslash is always an escape; `E'…'` is rejected | `RedshiftDatabaseMetaData.java` there; <https://github.com/npgsql/npgsql/issues/515> |
//! | folding | delimited names are folded to lower case, except those of users; `enable_case_sensitive_identifier` | `DG/r_names.html` |
//! | reserved-words | rejected as unquoted names of new objects and columns | `DG/r_pg_keywords.html` |
//! | commands | commands that Redshift does not have are rejected | `DG/c_SQL_commands.html` |
//! | if-exists | rejected if Redshift does not have it | the pages of the commands |
//! | databases | options, `FORCE`, databases that cannot be dropped; not in a transaction, nor with other statements in a message (25001) | `DG/r_CREATE_DATABASE.html`, `DG/r_DROP_DATABASE.html` |
//! | users | `PASSWORD` is mandatory, with its formats and rules; options are translated or dropped | `DG/r_CREATE_USER.html` |
//! | groups | separate namespace from users; `GROUP` is required to grant to one | `DG/r_CREATE_GROUP.html` |
//! | dropping | `DROP USER` and `DROP GROUP` fail with 55006 and the message of Redshift, also in a procedure (the latter inferred) | `DG/r_DROP_USER.html` |
//! | lockout | if enabled, consecutive failed logins lock a user, but not the admin user; `NOLOGIN` locks a user too, and `LOGIN PASSWORD` unlocks one; `SHOW USER LOCKOUT` | `DG/r_Users-user-lockout.html`, `DG/r_ALTER_USER.html`, `DG/r_SHOW_USER_LOCKOUT.html` |
//! | privileges | no `CONNECT`; no grant option for groups; `ON PROCEDURES`; `FOR USER` only; `ALL` on a schema or table includes `ALTER` and `DROP`, which let others than the owner rename and drop it | `DG/r_GRANT.html`, `DG/r_ALTER_DEFAULT_PRIVILEGES.html` |
//! | default-privileges | if enabled, revoked default privileges leave `{}`, which prevents `DROP USER` until the owner's own are granted back | <https://github.com/awslabs/amazon-redshift-utils/issues/492>, <https://github.com/awslabs/amazon-redshift-utils/pull/307> |
//! | metadata-security | if enabled, users see in `pg_user` only themselves (inferred), and only those databases, schemas, relations and functions that they may use | `DG/t_metadata_security.html` |
//! | conflicts | on demand, XX000; the loser of a race to create a table gets 23505, or 42P07 if it starts after the commit | <https://github.com/aws/amazon-redshift-jdbc-driver/issues/147>, <https://github.com/estuary/connectors/issues/5218>; `RedshiftConnection.java` of <https://github.com/treasure-data/digdag> |
//! | tables | `IDENTITY`, distribution, sort keys, encoding, `BACKUP`; missing types; lengths; `CHECK` | `DG/r_CREATE_TABLE_NEW.html` |
//! | views | `WITH NO SCHEMA BINDING` needs qualified names | `DG/r_CREATE_VIEW.html` |
//! | functions | unnamed arguments, a volatility, a `SELECT` without clauses | `DG/r_CREATE_FUNCTION.html` |
//! | procedures | `NONATOMIC`; no privileges for `PUBLIC`; statements that are not allowed inside; `EXECUTE` is checked by the same rules at run time | `DG/r_CREATE_PROCEDURE.html` |
//! | leader-node | functions of the leader node are rejected with tables, `STV_` or `SVV_`; so are `PG_` catalogs with tables if their types are not supported there, and functions such as `pg_get_viewdef` with tables (the latter inferred) | `DG/c_SQL_functions_leader_node_only.html`, `DG/c_join_PG.html` |
//! | catalogs | `pg_…` of 8.0 and Redshift's only; `pg_proc` with the columns of 8.0, `pg_default_acl` with Redshift's; `svv_…`, `stv_sessions`, `sys_session_history` with open sessions, `pg_…_info` | `DG/cm_chap_system-tables.html` |
//! | absent-functions | functions of later PostgreSQL versions, including advisory locks, do not exist | `DG/c_unsupported-postgresql-functions.html` |
//! | manipulation | no `RETURNING`, no `ON CONFLICT`, `LOCK` has one mode | `DG/r_LOCK.html` |
//! | parameters | unknown ones are rejected in `SET`, `SHOW`, `current_setting`; Redshift's own have their defaults | `DG/cm_chap_ConfigurationRef.html` |
//! | variables | session context variables have two parts; their name is a constant; undefined ones are NULL with `FALSE` | `DG/r_SET.html`, `DG/r_CURRENT_SETTING.html` |
//!
//! # What it does not model
//!
//! A passing test proves nothing about:
//!
//! - serializable isolation and error 1023 (inject it), distribution, speed, quotas, session timeouts, syslog access;
//! - names of more than 63 bytes, 57 for groups, which are too long for PostgreSQL: rejected with 42622;
//! - lengths of `VARCHAR` in bytes (PostgreSQL counts characters), keys being informational only (they are enforced);
//! - late binding: the relations of such a view must exist;
//! - roles, external schemas, datashares, row-level security, masking, `COPY`, queries over databases, `SUPER`: rejected
//!   with a message that states this;
//! - the effect of `ALTER` and `USAGE` on databases; `ALTER` and `DROP` in `DROP USER`, the dump of the catalog, and `EXECUTE`
//!   other than `GRANT ALL ON SCHEMA`;
//! - the isolation level: `SHOW` says `serializable` (inferred), but it is that of PostgreSQL;
//! - a session context variable whose value is rolled back: it is empty, and Redshift's behavior is not documented;
//! - `SVV_` in procedures on Serverless and Multi-AZ: it is not denied there;
//! - sessions in `sys_session_history` that have ended;
//! - `DROP USER` of a user with privileges in another database: Redshift checks the current one, PostgreSQL all,
//!   so the emulator is stricter;
//! - the case of the database name in the startup packet: it is not folded, so clients must fold it;
//! - unquoted names of groups, and leader-node functions, in the text of `EXECUTE`;
//! - default privileges on procedures separate from those on functions, or for `PUBLIC`: a new procedure loses `PUBLIC`;
//! - wording and SQLSTATE of most errors beyond those of the table, also for locked users; which rows catalog views show to
//!   which user without metadata security;
//! - nested comments, and literals that continue on the next line, which it rejects.

mod backend;
mod dump;
mod faults;
#[doc(hidden)]
pub mod fuzzing;
mod lockout;
mod options;
mod password;
mod protocol;
mod proxy;
mod quote;
mod rules;
mod server;

use std::collections::HashMap;
use std::fmt;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{RwLock, watch};

pub use backend::Row;
pub use faults::{Auth, AuthRequest, Connection, Fault, Hostile, Log, Outcome, Statement, Tls, What, When};
pub use options::{Kind, Options, StartError};
pub use protocol::ServerError;

use backend::Backend;
use lockout::FailedLogins;
use password::Stored;
use server::{Server, lock};

/// The superuser that clients log in as.
pub const SUPERUSER: &str = "awsuser";
/// Its password, which has no fragment in common with other texts.
pub const PASSWORD: &str = "Kx7qVwzJ4wRb";
/// The initial database.
pub const DATABASE: &str = "dev";

/// The initial content of every database.
const SETUP: &str = include_str!("setup.sql");

/// A running emulator. Dropping it stops the server and removes its folder.
///
/// It runs on its own threads, so that tests can block while a program is connected to it.
pub struct Emulator {
    shared: Arc<Shared>,
    port: u16,
    runtime: Option<Runtime>,
}

/// The state that the connections share.
struct Shared {
    server: Server,
    control: Mutex<Control>,
    log: Mutex<Numbered>,
    cut: watch::Sender<usize>,
    /// Locked for writing while the server restarts.
    running: RwLock<()>,
}

#[derive(Default)]
struct Control {
    faults: Vec<Fault>,
    latency: Duration,
    hostile: Option<Hostile>,
    tls: Tls,
    requires_tls: bool,
    auth: AuthRequest,
    case_sensitive: bool,
    options: Options,
    failed_logins: FailedLogins,
}

/// The log and its counters.
#[derive(Default)]
struct Numbered {
    log: Log,
    epoch: usize,
    statements_of: HashMap<usize, usize>,
}

impl Emulator {
    /// Starts an emulator on the loopback interface, and blocks until clients can connect. This takes a fraction of a second,
    /// except for the first start on a machine. It requires no async runtime, and can be called in one.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start, or the port is in use.
    pub fn start(options: Options) -> Result<Self, StartError> {
        Self::start_with(options).map_err(StartError)
    }

    fn start_with(options: Options) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("redshift-emulator")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|error| format!("port {}: {error}", options.port))?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let shared = Arc::new(Shared {
            server: Server::start(SETUP, &options.settings())?,
            control: Mutex::new(Control { options, ..Control::default() }),
            log: Mutex::default(),
            cut: watch::Sender::new(0),
            running: RwLock::new(()),
        });
        let accepting = Arc::clone(&shared);
        runtime.spawn(async move {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(proxy::serve(Arc::clone(&accepting), stream));
            }
        });
        Ok(Self { shared, port, runtime: Some(runtime) })
    }

    /// The address to connect to.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser and its password.
    pub fn superuser(&self) -> (&'static str, &'static str) {
        (SUPERUSER, PASSWORD)
    }

    /// The connection URL of the superuser for the initial database.
    pub fn url(&self) -> String {
        self.url_of(SUPERUSER, PASSWORD, DATABASE)
    }

    /// A connection URL; the parts must not require escaping.
    pub fn url_of(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@{}:{}/{database}", self.host(), self.port)
    }

    /// The log since the start, or since the last [`reset_log`](Self::reset_log).
    pub fn log(&self) -> Log {
        lock(&self.shared.log).log.clone()
    }

    /// Clears the log; connections and statements are numbered from 1 again.
    pub fn reset_log(&self) {
        let mut log = lock(&self.shared.log);
        *log = Numbered { epoch: log.epoch + 1, ..Numbered::default() };
    }

    /// Injects a fault.
    pub fn inject(&self, fault: Fault) {
        lock(&self.shared.control).faults.push(fault);
    }

    /// Removes and returns the faults that were not triggered yet.
    pub fn clear_faults(&self) -> Vec<Fault> {
        std::mem::take(&mut lock(&self.shared.control).faults)
    }

    /// Delays every response by this duration.
    pub fn latency(&self, latency: Duration) {
        lock(&self.shared.control).latency = latency;
    }

    /// Makes the server hostile, or not.
    pub fn hostile(&self, hostile: Option<Hostile>) {
        lock(&self.shared.control).hostile = hostile;
    }

    /// Sets the response to TLS requests, from the next connection on.
    pub fn with_tls(&self, tls: Tls) {
        lock(&self.shared.control).tls = tls;
    }

    /// Sets whether connections without TLS are refused, like `require_ssl`.
    pub fn require_tls(&self, required: bool) {
        lock(&self.shared.control).requires_tls = required;
    }

    /// Sets the authentication request, from the next connection on.
    pub fn request_auth(&self, auth: AuthRequest) {
        lock(&self.shared.control).auth = auth;
    }

    /// Sets `enable_case_sensitive_identifier` for new sessions.
    pub fn case_sensitive(&self, sensitive: bool) {
        lock(&self.shared.control).case_sensitive = sensitive;
    }

    /// Sets [`Options::lockout`]: a locked user cannot log in with the right password either, until
    /// `ALTER USER … LOGIN PASSWORD`.
    pub fn lock_out_after(&self, failed_logins: u32) {
        lock(&self.shared.control).options.lockout = Some(failed_logins);
    }

    /// Sets [`Options::conflicts`].
    pub fn conflicts(&self, number: u32) {
        lock(&self.shared.control).options.conflicts = number;
    }

    /// Closes all connections; the server keeps running.
    pub fn drop_connections(&self) {
        self.shared.drop_connections();
    }

    /// Crashes the server with all connections, and restarts it.
    ///
    /// # Errors
    /// It does not restart.
    pub async fn restart(&self) -> Result<(), StartError> {
        self.shared.restart().await.map_err(StartError)
    }

    /// Runs SQL on PostgreSQL as the owner of the cluster, without rules and log, to prepare or query something in a test.
    ///
    /// # Errors
    /// The error of the server.
    pub async fn admin(&self, database: &str, sql: &str) -> Result<Vec<Row>, ServerError> {
        self.shared.backend(server::OWNER, database, &[]).await?.query(sql).await
    }

    /// Dumps users, groups and databases, and the content of a database: schemas, relations, functions with their bodies,
    /// privileges, default privileges, and the rows of the tables in one schema. Equal states have equal dumps.
    ///
    /// # Errors
    /// The error of the server, for example if the database does not exist.
    pub async fn catalog_dump(&self, database: &str, rows_of: &str) -> Result<String, ServerError> {
        dump::dump(&mut self.shared.backend(server::OWNER, database, &[]).await?, rows_of).await
    }

    /// The temporary folder of the server, which is removed with the emulator.
    pub fn folder(&self) -> &std::path::Path {
        self.shared.server.folder()
    }

    /// Waits for a future on the threads of the emulator, for synchronous tests.
    ///
    /// # Panics
    /// In an asynchronous function.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("a runtime until the drop").block_on(future)
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.drop_connections();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        // Tasks may keep the server alive a bit longer.
        self.shared.server.end();
    }
}

impl Shared {
    fn control<T>(&self, get: impl FnOnce(&Control) -> T) -> T {
        get(&lock(&self.control))
    }

    fn hostile(&self) -> Option<Hostile> {
        self.control(|control| control.hostile)
    }

    fn tls(&self) -> Tls {
        self.control(|control| control.tls.clone())
    }

    fn requires_tls(&self) -> bool {
        self.control(|control| control.requires_tls)
    }

    fn auth_request(&self) -> AuthRequest {
        self.control(|control| control.auth)
    }

    fn case_sensitive(&self) -> bool {
        self.control(|control| control.case_sensitive)
    }

    fn options(&self) -> Options {
        self.control(|control| control.options)
    }

    fn is_locked(&self, user: &str) -> bool {
        self.control(|control| control.failed_logins.is_locked(user, control.options.lockout))
    }

    fn log_in_failed(&self, user: &str) {
        let mut control = lock(&self.control);
        let limit = control.options.lockout;
        control.failed_logins.failed(user, limit);
    }

    fn log_in_succeeded(&self, user: &str) {
        lock(&self.control).failed_logins.reset(user);
    }

    /// Locks or unlocks a user.
    fn change_lock(&self, change: rules::Lock, by: &str) {
        let mut control = lock(&self.control);
        match change {
            rules::Lock::Locked(user) => control.failed_logins.lock(&user, by),
            rules::Lock::Unlocked(user) => control.failed_logins.reset(&user),
        }
    }

    /// The failed logins, as rows of `VALUES`.
    fn failed_logins(&self) -> String {
        self.control(|control| control.failed_logins.rows())
    }

    /// Whether a message fails because of a conflict with a concurrent transaction.
    fn conflicts(&self, sql: &str) -> bool {
        let mut control = lock(&self.control);
        let conflicts = control.options.conflicts > 0 && rules::is_change(sql);
        control.options.conflicts -= u32::from(conflicts);
        conflicts
    }

    async fn latency(&self) {
        let latency = self.control(|control| control.latency);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
    }

    fn drop_connections(&self) {
        self.cut.send_modify(|times| *times += 1);
    }

    async fn restart(self: &Arc<Self>) -> Result<(), String> {
        let _running = self.running.write().await;
        self.drop_connections();
        let shared = Arc::clone(self);
        tokio::task::spawn_blocking(move || shared.server.restart())
            .await
            .map_err(|error| error.to_string())?
    }

    /// Restarts the server from a connection, which this closes.
    fn restart_soon(self: &Arc<Self>) {
        let shared = Arc::clone(self);
        tokio::spawn(async move { shared.restart().await });
    }

    async fn backend(
        &self,
        user: &str,
        database: &str,
        more: &[(String, String)],
    ) -> Result<Backend, ServerError> {
        let _running = self.running.read().await;
        Backend::connect(&self.server.socket(), user, database, more).await
    }

    /// `None` if the user does not exist.
    async fn stored_password(&self, user: &str) -> Result<Option<Stored>, ServerError> {
        let mut backend = self.backend(server::OWNER, "padb_harvest", &[]).await?;
        let rows = backend.query(&proxy::password_query(user)).await?;
        Ok(rows.first().map(|row| Stored::read(row[0].as_deref())))
    }

    /// Logs a connection; returns its number and the epoch of the log.
    fn connected(&self, user: &str, database: &str, application_name: &str, tls: bool) -> (usize, usize) {
        let mut numbered = lock(&self.log);
        let number = numbered.log.connections.len() + 1;
        numbered.log.connections.push(Connection {
            number,
            user: user.to_owned(),
            database: database.to_owned(),
            application_name: application_name.to_owned(),
            tls,
            auth: Auth::None,
            ready: false,
        });
        (number, numbered.epoch)
    }

    fn update_connection(&self, number: usize, epoch: usize, update: impl FnOnce(&mut Connection)) {
        let mut numbered = lock(&self.log);
        if numbered.epoch == epoch
            && let Some(connection) = numbered.log.connections.get_mut(number - 1)
        {
            update(connection);
        }
    }

    fn connecting(&self) {
        lock(&self.log).log.connecting += 1;
    }

    fn canceled(&self) {
        lock(&self.log).log.cancels += 1;
    }

    fn round_trip(&self) {
        lock(&self.log).log.round_trips += 1;
    }

    /// Logs a statement; returns its position in the log, and the fault that it triggers.
    fn statement(
        &self,
        connection: usize,
        (user, database): (&str, &str),
        sql: &str,
        translated: &str,
    ) -> (Entry, Option<What>) {
        let mut numbered = lock(&self.log);
        let number = numbered.log.statements.len() + 1;
        let in_connection = {
            let count = numbered.statements_of.entry(connection).or_default();
            *count += 1;
            *count
        };
        numbered.log.statements.push(Statement {
            number,
            connection,
            user: user.to_owned(),
            database: database.to_owned(),
            sql: sql.to_owned(),
            translated: translated.to_owned(),
            outcome: Outcome::Open,
        });
        let entry = Entry { epoch: numbered.epoch, number };
        drop(numbered);
        let mut control = lock(&self.control);
        let triggers = |fault: &Fault| match &fault.when {
            When::Statement(wanted) => *wanted == number,
            When::OnConnection { connection: wanted, statement } => {
                (*wanted, *statement) == (connection, in_connection)
            }
            When::Containing(text) => sql.contains(text.as_str()),
        };
        let position = control.faults.iter().position(triggers);
        (entry, position.map(|position| control.faults.remove(position).what))
    }

    fn finished(&self, entry: Entry, outcome: Outcome) {
        let mut numbered = lock(&self.log);
        if numbered.epoch == entry.epoch {
            numbered.log.statements[entry.number - 1].outcome = outcome;
        }
    }
}

/// The position of a statement in the log.
#[derive(Clone, Copy)]
struct Entry {
    epoch: usize,
    number: usize,
}
