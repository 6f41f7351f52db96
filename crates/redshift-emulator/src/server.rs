//! The PostgreSQL server of the emulator: a data directory in a temporary folder, a Unix socket, no TCP port.
//!
//! PostgreSQL does not run as root, so root starts it as `postgres` or `nobody`. The server is the child of a shell that
//! reads a pipe from this process: when this process ends in any way, the pipe is closed, and the shell stops the server
//! and removes the folder.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use super::rules::parameters;

/// The superuser that owns the cluster, as in Redshift; clients never log in as it.
pub(super) const OWNER: &str = "rdsdb";

/// The settings in `postgresql.conf`: a small server without durability, with Redshift's parameters.
const SETTINGS: &str = "
listen_addresses = ''
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 16MB
max_connections = 100
superuser_reserved_connections = 3
autovacuum = off
jit = off
max_parallel_workers_per_gather = 0
log_min_messages = fatal
client_connection_check_interval = 100ms
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, MDY'
password_encryption = md5
";

/// Stops the server when its standard input is closed, and removes the folder, unless it reads `keep`.
const WATCHDOG: &str = r#"
trap '' HUP INT TERM
"$1" -D "$2/data" -k "$2" >"$2/log" 2>&1 </dev/null &
server=$!
read -r word
kill -QUIT "$server" 2>/dev/null
wait "$server"
[ "$word" = keep ] || rm -rf "$2"
"#;

/// The timeout for the start of a server, long enough for a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// A server with its folder.
pub(super) struct Server {
    programs: PathBuf,
    account: Option<Account>,
    folder: PathBuf,
    watchdog: Mutex<Option<Child>>,
    /// Whether the server must not be restarted; locked while it starts and stops.
    ended: Mutex<bool>,
}

/// The user that root runs the server as.
#[derive(Clone, Debug)]
struct Account {
    user: u32,
    group: u32,
}

impl Server {
    /// Creates and starts a server whose databases contain the objects of `setup`, one statement per paragraph. `settings`
    /// are lines of `postgresql.conf`.
    pub(super) fn start(setup: &str, settings: &str) -> Result<Self, String> {
        let programs = find_programs()?;
        let account = account()?;
        let template = template(&programs, account.as_ref(), setup)?;
        let folder = new_folder(account.as_ref())?;
        let server = Self { programs, account, folder, watchdog: Mutex::new(None), ended: Mutex::new(false) };
        copy(&template, &server.folder.join("data"))?;
        let configuration = server.folder.join("data/postgresql.auto.conf");
        fs::OpenOptions::new()
            .append(true)
            .open(&configuration)
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .map_err(|error| format!("{}: {error}", configuration.display()))?;
        server.run()?;
        Ok(server)
    }

    /// The socket to connect to.
    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// The temporary folder of the server.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Stops the server immediately, like a crash, and restarts it.
    pub(super) fn restart(&self) -> Result<(), String> {
        let ended = lock(&self.ended);
        if *ended {
            return Err("the emulator was stopped".to_owned());
        }
        self.stop(true);
        self.run()
    }

    /// Stops the server and removes its folder.
    pub(super) fn end(&self) {
        let mut ended = lock(&self.ended);
        *ended = true;
        self.stop(false);
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn run(&self) -> Result<(), String> {
        let mut command = self.command("sh");
        command.args(["-c", WATCHDOG, "sh"]).arg(self.programs.join("postgres")).arg(&self.folder);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let child = command.spawn().map_err(|error| format!("sh: {error}"))?;
        *lock(&self.watchdog) = Some(child);
        self.wait_until_ready()
    }

    /// The last line of `postmaster.pid` shows whether the server accepts connections.
    fn wait_until_ready(&self) -> Result<(), String> {
        let start = Instant::now();
        while start.elapsed() < START_TIMEOUT {
            let status = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            if status.lines().last().is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("the server did not start within {START_TIMEOUT:?}: {log}"))
    }

    fn stop(&self, keep: bool) {
        if let Some(mut watchdog) = lock(&self.watchdog).take() {
            if let Some(mut pipe) = watchdog.stdin.take()
                && keep
            {
                let _ = pipe.write_all(b"keep\n");
            }
            let _ = watchdog.wait();
            let _ = fs::remove_file(self.folder.join("data/postmaster.pid"));
        }
    }

    fn command(&self, program: &str) -> Command {
        command(program.as_ref(), self.account.as_ref())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn command(program: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env_remove("PGDATA").env("LC_ALL", "C").env("TZ", "UTC");
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// The folder of `initdb` and `postgres`: `$PGBIN`, the folder on Debian, or `PATH`.
fn find_programs() -> Result<PathBuf, String> {
    let is_complete =
        |folder: &PathBuf| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file());
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    // The newest version that still supports standard_conforming_strings = off.
    debian.retain(|(version, _)| (15..=18).contains(version));
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::var_os("PGBIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(debian.into_iter().map(|(_, folder)| folder))
        .chain(std::env::split_paths(&path))
        .find(is_complete)
        .ok_or_else(|| {
            "PostgreSQL 15 to 18 is missing: install it (on Debian: `apt-get install postgresql`), or set PGBIN to the \
             folder of initdb and postgres"
                .to_owned()
        })
}

/// The user to run the server as; only needed for root.
fn account() -> Result<Option<Account>, String> {
    if run(Command::new("id").arg("-u"))?.trim() != "0" {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|wanted| {
            let mut fields = accounts
                .lines()
                .map(|line| line.split(':'))
                .find_map(|mut fields| (fields.next() == Some(wanted)).then_some(fields))?;
            let user = fields.nth(1)?.parse().ok()?;
            Some(Some(Account { user, group: fields.next()?.parse().ok()? }))
        })
        .ok_or_else(|| {
            "PostgreSQL does not run as root, and no user `postgres` or `nobody` exists".to_owned()
        })
}

fn new_folder(account: Option<&Account>) -> Result<PathBuf, String> {
    let folder = tempfile::Builder::new()
        .prefix("redshift-emulator-")
        .tempdir()
        .map_err(|error| format!("a temporary folder: {error}"))?
        .keep();
    if let Some(account) = account {
        std::os::unix::fs::chown(&folder, Some(account.user), Some(account.group))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    run(Command::new("cp").args(["-a", "--reflink=auto"]).arg(from).arg(to)).map(drop)
}

/// The folder of the templates: `$REDSHIFT_EMULATOR_CACHE`, or `redshift-emulator` in the user's cache.
fn cache() -> Result<PathBuf, String> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("REDSHIFT_EMULATOR_CACHE")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("redshift-emulator")))
        .or_else(|| Some(variable("HOME")?.join(".cache/redshift-emulator")))
        .ok_or_else(|| "no folder for a cache: set REDSHIFT_EMULATOR_CACHE".to_owned())
}

/// The template of the data directory. It is created once and cached, because `initdb` takes longer than everything else.
fn template(programs: &Path, account: Option<&Account>, setup: &str) -> Result<PathBuf, String> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    MADE.get_or_init(|| {
        let cache = cache()?;
        fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
        let version = run(Command::new(programs.join("postgres")).arg("--version"))?;
        let user = run(Command::new("id").arg("-u"))?;
        let mut hasher = DefaultHasher::new();
        (version, user, programs, setup, SETTINGS, parameters::SETTINGS).hash(&mut hasher);
        let template = cache.join(format!("emulator-{:016x}", hasher.finish()));
        if template.is_dir() {
            return Ok(template);
        }
        let folder = new_folder(account)?;
        let made = make(programs, account, setup, &folder.join("data")).and_then(|()| {
            // Another process may create it too: the first rename wins.
            let staged = template.with_extension(std::process::id().to_string());
            copy(&folder.join("data"), &staged)?;
            if fs::rename(&staged, &template).is_err() {
                fs::remove_dir_all(&staged).map_err(|error| format!("{}: {error}", staged.display()))?;
            }
            Ok(template)
        });
        let _ = fs::remove_dir_all(folder);
        made
    })
    .clone()
}

fn make(programs: &Path, account: Option<&Account>, setup: &str, data: &Path) -> Result<(), String> {
    run(command(&programs.join("initdb"), account)
        .args(["-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--wal-segsize=1"])
        .args(["--no-sync", "--no-instructions", "-D"])
        .arg(data))?;
    let configuration = data.join("postgresql.conf");
    let text = fs::read_to_string(&configuration).unwrap_or_default() + SETTINGS + parameters::SETTINGS;
    fs::write(&configuration, text).map_err(|error| format!("{}: {error}", configuration.display()))?;
    let mut child = command(&programs.join("postgres"), account)
        .args(["--single", "-j", "-E", "-c", "allow_system_table_mods=on", "-c", "exit_on_error=on", "-D"])
        .arg(data)
        .arg("template1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("postgres: {error}"))?;
    if let Some(mut pipe) = child.stdin.take() {
        let text = setup.to_owned();
        std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    }
    let output = child.wait_with_output().map_err(|error| format!("postgres: {error}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && !errors.contains("ERROR:") {
        Ok(())
    } else {
        Err(format!("emulator setup failed: {errors}"))
    }
}
