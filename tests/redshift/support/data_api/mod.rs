//! A stub of the Redshift Data API on the loopback, over the emulator: the operations that run statements, as the model
//! of the service has them (`redshift-data/2019-12-20/service-2.json` of botocore, and
//! <https://docs.aws.amazon.com/redshift-data/latest/APIReference/>).
//!
//! As the service does, it answers before anything has run. A statement moves on by one step each time that it is
//! described, and runs after those that were submitted before it; [`DataApi::settle`] lets the rest run, as the service
//! does without being asked. So nothing depends on speed, and a client that does not wait gets the best that the
//! service could do for it: one statement after the other.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};
use tokio_postgres::{Client, Config, NoTls};

/// The members of both requests that run statements.
const MEMBERS: [&str; 12] = [
    "ClientToken",
    "ClusterIdentifier",
    "Database",
    "DbUser",
    "Parameters",
    "ResultFormat",
    "SecretArn",
    "SessionId",
    "SessionKeepAliveSeconds",
    "StatementName",
    "WithEvent",
    "WorkgroupName",
];

/// The most statements of a batch.
const MAX_STATEMENTS: usize = 40;

/// The longest statement, in bytes: <https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html>.
const MAX_BYTES: usize = 100_000;

/// A running stub. Dropping it stops it.
pub(crate) struct DataApi {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    /// The way to the emulator, but for the database.
    cluster: Config,
    submitted: Mutex<Vec<Submitted>>,
    is_ended: AtomicBool,
    aborts: AtomicBool,
}

/// A statement, or a batch of them, that was submitted.
#[derive(Clone, Debug)]
pub(crate) struct Submitted {
    pub(crate) action: &'static str,
    pub(crate) database: String,
    pub(crate) sqls: Vec<String>,
    auto_commits: bool,
    /// How often it was described.
    steps: usize,
    end: Option<End>,
}

/// How a statement ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With so many rows.
    Finished(usize),
    Failed(String),
    Aborted,
}

/// What is wrong with a request.
struct Refusal(String);

impl DataApi {
    /// Starts a stub; `cluster` is the way to the emulator and the user behind the credentials.
    pub(crate) fn start(cluster: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            cluster,
            submitted: Mutex::default(),
            is_ended: AtomicBool::new(false),
            aborts: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.is_ended.load(Ordering::SeqCst) {
                    break;
                }
                // A client that goes away is no matter of the others.
                let _ = stream.and_then(|stream| serving.serve(stream));
            }
        });
        Ok(Self { address, shared, thread: Some(thread) })
    }

    /// What a program needs in its environment to meet the stub instead of the service.
    pub(crate) fn environment(&self) -> [(&'static str, String); 3] {
        let modules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/redshift/support/data_api");
        [
            ("AWS_ENDPOINT_URL_REDSHIFT_DATA", format!("http://{}/", self.address)),
            ("PYTHONPATH", modules.display().to_string()),
            ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
        ]
    }

    /// Aborts what is submitted from now on, as `CancelStatement` does.
    pub(crate) fn abort(&self) {
        self.shared.aborts.store(true, Ordering::SeqCst);
    }

    /// Runs what has not run yet.
    pub(crate) fn settle(&self) {
        let mut submitted = self.shared.lock();
        let all = submitted.len();
        self.shared.run(&mut submitted[..all]);
    }

    /// What was submitted, in order, with its end if it has come to that.
    pub(crate) fn submitted(&self) -> Vec<(Submitted, Option<End>)> {
        self.shared.lock().iter().map(|one| (one.clone(), one.end.clone())).collect()
    }
}

impl Drop for DataApi {
    fn drop(&mut self) {
        self.shared.is_ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Vec<Submitted>> {
        self.submitted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One request of HTTP, and its answer.
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let (mut operation, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(": ") else { continue };
            match name.to_ascii_lowercase().as_str() {
                "x-amz-target" => value.trim_start_matches("RedshiftData.").clone_into(&mut operation),
                "content-length" => length = value.parse().map_err(io::Error::other)?,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let answer = serde_json::from_slice(&body)
            .map_err(|error| Refusal(error.to_string()))
            .and_then(|parameters| self.answer(&operation, &parameters));
        let (status, answer) = match answer {
            Ok(answer) => ("200 OK", answer),
            Err(Refusal(message)) => {
                ("400 Bad Request", json!({ "__type": "ValidationException", "message": message }))
            }
        };
        let answer = answer.to_string();
        write!(
            reader.get_mut(),
            "HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{answer}",
            answer.len()
        )
    }

    fn answer(&self, operation: &str, parameters: &Value) -> Result<Value, Refusal> {
        match operation {
            "ExecuteStatement" => self.submit("ExecuteStatement", parameters),
            "BatchExecuteStatement" => self.submit("BatchExecuteStatement", parameters),
            "DescribeStatement" => self.describe(parameters),
            other => Err(Refusal(format!("the stub knows no {other}"))),
        }
    }

    fn submit(&self, action: &'static str, parameters: &Value) -> Result<Value, Refusal> {
        let refuse = |message: String| Err(Refusal(message));
        let is_batch = action == "BatchExecuteStatement";
        let own: &[&str] = if is_batch { &["Sqls", "ExecutionMode"] } else { &["Sql"] };
        let members = parameters.as_object().ok_or_else(|| Refusal("no object".to_owned()))?;
        if let Some(unknown) =
            members.keys().find(|name| !MEMBERS.contains(&name.as_str()) && !own.contains(&name.as_str()))
        {
            return refuse(format!("no member of {action}: {unknown}"));
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("ClusterIdentifier").is_some() == text("WorkgroupName").is_some() {
            return refuse("one of ClusterIdentifier and WorkgroupName is needed".to_owned());
        }
        let Some(database) = text("Database") else { return refuse("Database is needed".to_owned()) };
        let sqls: Option<Vec<String>> = if is_batch {
            let sqls = members.get("Sqls").and_then(Value::as_array);
            sqls.and_then(|sqls| sqls.iter().map(|sql| sql.as_str().map(str::to_owned)).collect())
        } else {
            text("Sql").map(|sql| vec![sql.to_owned()])
        };
        let Some(sqls) = sqls else { return refuse("statements are needed".to_owned()) };
        if sqls.is_empty() || sqls.len() > MAX_STATEMENTS {
            return refuse(format!("1 to {MAX_STATEMENTS} statements, not {}", sqls.len()));
        }
        if sqls.iter().any(|sql| sql.len() > MAX_BYTES) {
            return refuse("Cannot process query string larger than 100kB".to_owned());
        }
        let mut submitted = self.lock();
        submitted.push(Submitted {
            action,
            database: database.to_owned(),
            sqls,
            auto_commits: text("ExecutionMode") == Some("AUTO_COMMIT"),
            steps: 0,
            end: self.aborts.load(Ordering::SeqCst).then_some(End::Aborted),
        });
        Ok(json!({ "Id": id(submitted.len() - 1), "Database": database }))
    }

    fn describe(&self, parameters: &Value) -> Result<Value, Refusal> {
        let mut submitted = self.lock();
        let at = (0..submitted.len())
            .find(|at| parameters["Id"] == id(*at))
            .ok_or_else(|| Refusal("no such statement".to_owned()))?;
        let steps = submitted[at].steps;
        submitted[at].steps += 1;
        let mut answer = json!({ "Id": id(at), "QueryString": submitted[at].sqls[0] });
        match steps {
            0 => answer["Status"] = "SUBMITTED".into(),
            1 => answer["Status"] = "STARTED".into(),
            _ => {
                self.run(&mut submitted[..=at]);
                match submitted[at].end.clone().expect("it has run") {
                    End::Finished(rows) => {
                        answer["Status"] = "FINISHED".into();
                        answer["ResultRows"] = rows.into();
                    }
                    End::Failed(error) => {
                        answer["Status"] = "FAILED".into();
                        answer["Error"] = error.into();
                    }
                    End::Aborted => answer["Status"] = "ABORTED".into(),
                }
            }
        }
        Ok(answer)
    }

    /// Runs those that have not run, in order.
    fn run(&self, submitted: &mut [Submitted]) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        for one in submitted.iter_mut().filter(|one| one.end.is_none()) {
            let end = runtime.block_on(self.execute(one));
            one.end = Some(end.map_or_else(|error| End::Failed(reason(&error)), End::Finished));
        }
    }

    /// In a session of its own, which is over when this is.
    async fn execute(&self, one: &Submitted) -> Result<usize, tokio_postgres::Error> {
        let (client, connection) = self.cluster.clone().dbname(&one.database).connect(NoTls).await?;
        let connection = tokio::spawn(connection);
        let end = execute(&client, one).await;
        drop(client);
        let _ = connection.await;
        end
    }
}

async fn execute(client: &Client, one: &Submitted) -> Result<usize, tokio_postgres::Error> {
    let mut rows = 0;
    let is_transaction = one.action == "BatchExecuteStatement" && !one.auto_commits;
    if is_transaction {
        client.simple_query("BEGIN").await?;
    }
    let mut failure = None;
    for sql in &one.sqls {
        // Each is one statement: by this protocol, two in a text are refused.
        match client.query(sql, &[]).await {
            Ok(found) => rows = found.len(),
            Err(error) if one.auto_commits => failure = failure.or(Some(error)),
            // The session ends, and with it the transaction.
            Err(error) => return Err(error),
        }
    }
    if is_transaction {
        client.simple_query("COMMIT").await?;
    }
    failure.map_or(Ok(rows), Err)
}

fn reason(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| format!("ERROR: {}", error.message()))
}

/// The identifier of the statement at this place.
fn id(at: usize) -> String {
    format!("{at:08}-0000-4000-8000-{at:012}")
}
