//! The connection of a client: startup, authentication, then messages in both directions.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::backend::Backend;
use super::faults::{Auth, AuthRequest, Hostile, Outcome, Tls, What};
use super::password::{self, Stored};
use super::protocol::{self, Message, ServerError};
use super::quote::literal;
use super::rules::{self, Session};
use super::{Entry, Shared};

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}
type Stream = Box<dyn Duplex>;

/// The text that is sent to PostgreSQL instead of a statement that the emulator rejects: it fails to parse, so that the
/// transaction is aborted as on Redshift.
const REFUSED: &str = "emulator_refusal";

/// The text that is sent instead of a commit that fails, after which no transaction is open.
const FAILED_COMMIT: &str = "ROLLBACK; DO $$ BEGIN RAISE EXCEPTION 'emulator_refusal'; END $$";

/// Serves a client until either side closes the connection.
pub(super) async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let mut cut = shared.cut.subscribe();
    cut.mark_unchanged();
    let client = Client { number: 0, epoch: 0, user: String::new(), database: String::new() };
    tokio::select! {
        _ = cut.changed() => {}
        _ = client.run(&shared, Box::new(stream)) => {}
    }
}

struct Client {
    number: usize,
    epoch: usize,
    user: String,
    database: String,
}

/// A group of messages with one `ReadyForQuery` as response.
#[derive(Default)]
struct Group {
    statement: Option<Entry>,
    what: Option<What>,
    refusal: Option<ServerError>,
    failure: Option<ServerError>,
    sql: String,
    /// Whether the response is withheld from the client.
    withheld: bool,
    /// Whether only an error is sent to the client.
    quiet: bool,
    /// Whether the emulator has sent the statement, not the client.
    is_hidden: bool,
}

/// A message with several statements. They are sent to PostgreSQL one by one, so that faults can occur at each of them.
#[derive(Default)]
struct Batch {
    is_running: bool,
    /// Whether responses to earlier messages are still to come, before the first statement is sent.
    is_waiting: bool,
    /// The statements that were not sent yet.
    left: VecDeque<String>,
    /// Whether the emulator has begun the transaction: without BEGIN, the statements of a message are one transaction.
    is_implicit: bool,
    /// The fault that is triggered after the message, whose response is withheld.
    end: Option<What>,
}

impl Client {
    async fn run(mut self, shared: &Arc<Shared>, stream: Stream) -> io::Result<()> {
        if let Some(hostile) = shared.hostile()
            && let Some(hostility) = at_startup(hostile)
        {
            return be_hostile(stream, hostility).await;
        }
        let Some((mut stream, tls, parameters)) = negotiate(shared, stream).await? else { return Ok(()) };
        let get =
            |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        self.user = get("user").unwrap_or_default();
        self.database = get("database").unwrap_or_else(|| self.user.clone());
        (self.number, self.epoch) =
            shared.connected(&self.user, &self.database, &get("application_name").unwrap_or_default(), tls);

        let session = match self.start_session(shared, &mut stream, tls, &parameters).await {
            Ok(session) => session,
            Err(Refusal::ConnectionLost(error)) => return Err(error),
            Err(Refusal::Server(error)) => {
                stream.write_all(&Message::error("FATAL", &error).encode()).await?;
                return stream.shutdown().await;
            }
        };
        let (backend, encoding) = session;
        let mut greeting = Message::authentication(0, &[]).encode();
        for message in backend.greeting.iter().filter_map(|message| as_redshift(message, &encoding)) {
            greeting.extend(message.encode());
        }
        for (name, value) in [("padb_version", rules::parameters::PADB_VERSION), ("padb_revision", "f4c7c1f")]
        {
            greeting.extend(Message::parameter(name, value).encode());
        }
        greeting.extend(Message::ready(b'I').encode());
        shared.update_connection(self.number, self.epoch, |connection| connection.ready = true);
        shared.connecting();
        shared.latency().await;
        stream.write_all(&greeting).await?;
        Pump::new(self, shared, stream, backend.stream, encoding).run().await
    }

    /// Checks the startup message, authenticates the client, and logs in to PostgreSQL.
    async fn start_session(
        &self,
        shared: &Arc<Shared>,
        stream: &mut Stream,
        tls: bool,
        parameters: &[(String, String)],
    ) -> Result<(Backend, String), Refusal> {
        if shared.requires_tls() && !tls {
            return Err(Refusal::Server(ServerError::new(
                "28000",
                format!(
                    "no pg_hba.conf entry for host \"127.0.0.1\", user \"{}\", database \"{}\", SSL off",
                    self.user, self.database
                ),
            )));
        }
        let mut settings = rules::startup(parameters).map_err(Refusal::Server)?;
        if shared.case_sensitive() {
            settings.passed_on.insert(0, rules::parameters::case_sensitive());
        }
        self.authenticate(shared, stream).await?;
        let backend =
            shared.backend(&self.user, &self.database, &settings.passed_on).await.map_err(Refusal::Server)?;
        Ok((backend, settings.encoding))
    }

    async fn authenticate(&self, shared: &Arc<Shared>, stream: &mut Stream) -> Result<(), Refusal> {
        let stored = shared.stored_password(&self.user).await.map_err(Refusal::Server)?;
        let auth = |auth: Auth| {
            shared.update_connection(self.number, self.epoch, |connection| connection.auth = auth);
        };
        let is_right = match shared.auth_request() {
            AuthRequest::ClearText => {
                let answer = ask(shared, stream, &Message::authentication(3, &[]), b'p').await?;
                auth(Auth::ClearText);
                let password = text(&answer);
                match &stored {
                    Some(Stored::Md5(_)) => stored == Some(Stored::md5(&password, &self.user)),
                    Some(Stored::Sha256 { salt, .. }) => stored == Some(Stored::sha256(&password, salt)),
                    _ => false,
                }
            }
            AuthRequest::Sasl => {
                ask(shared, stream, &Message::authentication(10, b"SCRAM-SHA-256\0\0"), b'p').await?;
                false
            }
            AuthRequest::AsStored => {
                if let Some(Stored::Sha256 { digest, salt }) = &stored {
                    let nonce: [u8; 8] = password::random();
                    let answer = ask(shared, stream, &digest_request(salt, &nonce), b'd').await?;
                    auth(Auth::Sha256);
                    digest_answer(&answer).is_some_and(|(proof, client_nonce)| {
                        password::is_sha256_answer(digest, &nonce, client_nonce, proof)
                    })
                } else {
                    // Users without a password, or that do not exist, get the same request, to not reveal them.
                    let salt: [u8; 4] = password::random();
                    let answer = ask(shared, stream, &Message::authentication(5, &salt), b'p').await?;
                    auth(Auth::Md5);
                    matches!(&stored, Some(Stored::Md5(hash)) if password::is_md5_answer(hash, salt, &text(&answer)))
                }
            }
        };
        if is_right && !shared.is_locked(&self.user) {
            shared.log_in_succeeded(&self.user);
            Ok(())
        } else {
            shared.log_in_failed(&self.user);
            let message = format!("password authentication failed for user \"{}\"", self.user);
            Err(Refusal::Server(ServerError::new("28000", message)))
        }
    }
}

enum Refusal {
    ConnectionLost(io::Error),
    Server(ServerError),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::ConnectionLost(error)
    }
}

/// Sends a message and waits for the response, which must have the tag.
async fn ask(shared: &Shared, stream: &mut Stream, message: &Message, tag: u8) -> Result<Vec<u8>, Refusal> {
    shared.connecting();
    shared.latency().await;
    stream.write_all(&message.encode()).await?;
    let answer = protocol::read_message(stream).await?;
    if answer.tag == tag {
        Ok(answer.body)
    } else {
        let message = format!("expected password response, got message type {}", answer.tag);
        Err(Refusal::Server(ServerError::new("08P01", message)))
    }
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body.strip_suffix(&[0]).unwrap_or(body)).into_owned()
}

/// Code 13, as the JDBC driver of AWS reads it.
fn digest_request(salt: &[u8], nonce: &[u8]) -> Message {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes();
    let mut body = 0_u32.to_be_bytes().to_vec();
    body.extend(length(salt));
    body.extend(salt);
    body.extend(length(nonce));
    body.extend(nonce);
    Message::authentication(13, &body)
}

/// The digest and the nonce in the response to code 13.
fn digest_answer(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = body.split_first_chunk()?;
    let (digest, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    let (length, rest) = rest.split_first_chunk()?;
    let (nonce, _) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    Some((digest, nonce))
}

type Negotiated = (Stream, bool, Vec<(String, String)>);

/// Reads the packets before the startup message. `None` if the client has nothing else to request.
async fn negotiate(shared: &Arc<Shared>, mut stream: Stream) -> io::Result<Option<Negotiated>> {
    let mut tls = false;
    loop {
        let (code, body) = protocol::read_startup(&mut stream).await?;
        match code {
            protocol::PROTOCOL => return Ok(Some((stream, tls, protocol::startup_parameters(&body)))),
            protocol::GSS_REQUEST => stream.write_all(b"N").await?,
            protocol::SSL_REQUEST => {
                shared.connecting();
                shared.latency().await;
                match shared.tls() {
                    Tls::Refused => stream.write_all(b"N").await?,
                    Tls::Error => {
                        let error = ServerError::new("0A000", "unsupported frontend protocol 1234.5679");
                        stream.write_all(&Message::error("FATAL", &error).encode()).await?;
                        return Ok(None);
                    }
                    Tls::On(config) => {
                        stream.write_all(b"S").await?;
                        stream = Box::new(TlsAcceptor::from(config).accept(stream).await?);
                        tls = true;
                    }
                    Tls::Stuffed(config) => {
                        let mut bytes = b"S".to_vec();
                        bytes.extend(Message::authentication(3, &[]).encode());
                        stream.write_all(&bytes).await?;
                        stream = Box::new(TlsAcceptor::from(config).accept(stream).await?);
                        tls = true;
                    }
                }
            }
            protocol::CANCEL_REQUEST => {
                shared.canceled();
                let mut packet = 16_u32.to_be_bytes().to_vec();
                packet.extend(protocol::CANCEL_REQUEST.to_be_bytes());
                packet.extend(body);
                let mut backend = UnixStream::connect(shared.server.socket()).await?;
                backend.write_all(&packet).await?;
                // The server closes the connection after it has forwarded the request.
                backend.read_to_end(&mut Vec::new()).await?;
                return Ok(None);
            }
            other => {
                let message = format!("unsupported frontend protocol {}.{}", other >> 16, other & 0xffff);
                let error = Message::error("FATAL", &ServerError::new("0A000", message));
                stream.write_all(&error.encode()).await?;
                return Ok(None);
            }
        }
    }
}

/// Translates a message of PostgreSQL for the client.
fn as_redshift(message: &Message, encoding: &str) -> Option<Message> {
    if message.tag != b'S' {
        return Some(message.clone());
    }
    let (name, value) = message.parameter_status();
    match name.as_str() {
        "server_version" => Some(Message::parameter(&name, "8.0.2")),
        "client_encoding" => Some(Message::parameter(&name, encoding)),
        "server_encoding" => Some(Message::parameter(&name, "UNICODE")),
        "DateStyle" | "TimeZone" | "integer_datetimes" | "is_superuser" | "session_authorization" => {
            Some(Message::parameter(&name, &value))
        }
        _ => None,
    }
}

/// The messages of an open session.
struct Pump<'a> {
    client: Client,
    shared: &'a Arc<Shared>,
    to_client: WriteHalf<Stream>,
    to_server: WriteHalf<UnixStream>,
    from_client: mpsc::Receiver<Message>,
    from_server: mpsc::Receiver<Message>,
    groups: VecDeque<Group>,
    /// The rest of the message that is being run.
    batch: Batch,
    /// The messages of the extended protocol since the last `Sync`.
    open: Option<Group>,
    session: Session,
    encoding: String,
    cut: watch::Receiver<usize>,
    /// The reader tasks, which end with the session.
    _readers: JoinSet<()>,
}

impl<'a> Pump<'a> {
    fn new(
        client: Client,
        shared: &'a Arc<Shared>,
        stream: Stream,
        backend: UnixStream,
        encoding: String,
    ) -> Self {
        let (client_reader, to_client) = tokio::io::split(stream);
        let (server_reader, to_server) = tokio::io::split(backend);
        let mut readers = JoinSet::new();
        let from_client = spawn_reader(&mut readers, client_reader);
        let from_server = spawn_reader(&mut readers, server_reader);
        Self {
            client,
            shared,
            to_client,
            to_server,
            from_client,
            from_server,
            groups: VecDeque::new(),
            batch: Batch::default(),
            open: None,
            session: Session::new(shared.options(), shared.case_sensitive()),
            encoding,
            cut: shared.cut.subscribe(),
            _readers: readers,
        }
    }

    async fn run(mut self) -> io::Result<()> {
        loop {
            let proceed = tokio::select! {
                message = self.from_server.recv() => match message {
                    Some(message) => self.on_server(message).await?,
                    None => false,
                },
                message = self.from_client.recv(), if !self.batch.is_running => match message {
                    Some(message) => self.on_client(message).await?,
                    None => false,
                },
            };
            if !proceed {
                return Ok(());
            }
        }
    }

    /// Returns whether the session continues.
    async fn on_client(&mut self, message: Message) -> io::Result<bool> {
        match message.tag {
            b'Q' => {
                if let Some(hostility) =
                    self.shared.hostile().filter(|hostile| at_startup(*hostile).is_none())
                {
                    hostile_answer(&mut self.to_client, hostility).await?;
                    self.stall().await;
                    return Ok(false);
                }
                let sql = text(&message.body);
                let statements = rules::split(&sql);
                if statements.len() > 1 {
                    let is_waiting = !self.groups.is_empty();
                    self.batch =
                        Batch { is_running: true, is_waiting, left: statements.into(), ..Batch::default() };
                    return if is_waiting { Ok(true) } else { self.next_of_batch().await };
                }
                return self.query(sql).await;
            }
            b'P' => {
                let mut strings = message.body.splitn(3, |byte| *byte == 0);
                let name = strings.next().unwrap_or_default().to_vec();
                let sql = String::from_utf8_lossy(strings.next().unwrap_or_default()).into_owned();
                let rest = strings.next().unwrap_or_default().to_vec();
                let (group, translated) = self.statement(sql, false);
                if !self.before(&group).await {
                    return Ok(false);
                }
                let mut body = name;
                body.push(0);
                body.extend(protocol::zero_terminated(&translated));
                body.extend(rest);
                let open = self.open.get_or_insert_default();
                // Of several statements before a Sync, the last one determines the tag of the group.
                let refusal = open.refusal.take().or(group.refusal.clone());
                *open = Group { refusal, ..group };
                self.to_server.write_all(&Message::new(b'P', body).encode()).await?;
            }
            b'S' => {
                self.groups.push_back(self.open.take().unwrap_or_default());
                self.to_server.write_all(&message.encode()).await?;
            }
            b'X' => {
                self.to_server.write_all(&message.encode()).await?;
                return Ok(false);
            }
            _ => self.to_server.write_all(&message.encode()).await?,
        }
        Ok(true)
    }

    /// Sends a statement of the client. Returns whether the session continues.
    async fn query(&mut self, sql: String) -> io::Result<bool> {
        let (group, translated) = self.statement(sql, true);
        if !self.before(&group).await {
            return Ok(false);
        }
        self.groups.push_back(group);
        self.to_server.write_all(&Message::query(&translated).encode()).await?;
        Ok(true)
    }

    /// Sends a statement of the emulator.
    async fn query_hidden(&mut self, sql: &str) -> io::Result<bool> {
        self.groups.push_back(Group { is_hidden: true, ..Group::default() });
        self.to_server.write_all(&Message::query(sql).encode()).await?;
        Ok(true)
    }

    /// Sends the next statement of a message with several, or ends its transaction. Returns whether the session continues.
    async fn next_of_batch(&mut self) -> io::Result<bool> {
        let Some(next) = self.batch.left.front() else {
            self.batch.is_implicit = false;
            return self.query_hidden("COMMIT").await;
        };
        if rules::is_boundary(next) {
            self.batch.is_implicit = false;
        } else if self.session.status == b'I' {
            self.batch.is_implicit = true;
            return self.query_hidden("BEGIN").await;
        }
        let next = self.batch.left.pop_front().unwrap_or_default();
        self.query(next).await
    }

    /// Logs a statement and translates it. `is_simple` is whether the text that is sent instead can be several statements.
    fn statement(&mut self, sql: String, is_simple: bool) -> (Group, String) {
        self.session.options = self.shared.options();
        if self.session.options.lockout.is_some() {
            self.session.failed_logins = self.shared.failed_logins();
        }
        let translated = rules::translate(&sql, &mut self.session);
        let client = &self.client;
        let (entry, what) = self.shared.statement(
            client.number,
            (&client.user, &client.database),
            &sql,
            translated.as_deref().unwrap_or_default(),
        );
        let mut quiet = false;
        let (translated, refusal) = match (translated, &what) {
            (_, Some(What::Error { sqlstate, message })) => {
                (REFUSED.to_owned(), Some(ServerError::new(sqlstate, message.clone())))
            }
            (Ok(_), None) if self.session.status != b'E' && self.shared.conflicts(&sql) => {
                quiet = is_simple && rules::is_commit(&sql);
                let text = if quiet { FAILED_COMMIT } else { REFUSED };
                let message = "could not complete because of conflict with concurrent transaction";
                (text.to_owned(), Some(ServerError::new("XX000", message)))
            }
            (Ok(text), _) => (text, None),
            (Err(error), _) => (REFUSED.to_owned(), Some(error)),
        };
        let withheld = matches!(what, Some(What::CutAfter | What::StallAfter | What::RestartAfter));
        (
            Group { statement: Some(entry), what, refusal, sql, withheld, quiet, ..Group::default() },
            translated,
        )
    }

    /// Triggers a fault before the server receives the statement. Returns whether the session continues.
    async fn before(&mut self, group: &Group) -> bool {
        match &group.what {
            Some(What::CutBefore) => return false,
            Some(What::StallBefore) => {
                self.stall().await;
                return false;
            }
            Some(What::RestartBefore) => {
                self.shared.restart_soon();
                return false;
            }
            Some(What::DropAll) => {
                self.shared.drop_connections();
                return false;
            }
            Some(What::Delay(time)) => tokio::time::sleep(*time).await,
            _ => {}
        }
        true
    }

    /// Waits until the client disconnects.
    async fn stall(&mut self) {
        loop {
            tokio::select! {
                message = self.from_client.recv() => if message.is_none() { return },
                _ = self.cut.changed() => return,
            }
        }
    }

    /// Returns whether the session continues.
    async fn on_server(&mut self, message: Message) -> io::Result<bool> {
        let withheld = self.batch.end.is_some() || self.groups.front().is_some_and(|group| group.withheld);
        let is_hidden = self.groups.front().is_some_and(|group| group.is_hidden);
        match message.tag {
            b'E' => {
                let group = self.groups.front_mut().or(self.open.as_mut());
                let error = message.as_error();
                let error = match group {
                    Some(group) => {
                        let error = match group.refusal.take() {
                            Some(refusal) if error.message.contains(REFUSED) => refusal,
                            _ => rules::as_redshift(error),
                        };
                        group.failure = Some(error.clone());
                        error
                    }
                    None => error,
                };
                if !withheld {
                    let severity =
                        if self.groups.is_empty() && self.open.is_none() { "FATAL" } else { "ERROR" };
                    self.to_client.write_all(&Message::error(severity, &error).encode()).await?;
                }
            }
            b'Z' => {
                self.session.status = message.body.first().copied().unwrap_or(b'I');
                let group = self.groups.pop_front().unwrap_or_default();
                if self.session.options.lockout.is_some()
                    && group.failure.is_none()
                    && let Some(change) = rules::lock_change(&group.sql)
                {
                    self.shared.change_lock(change, &self.client.user);
                }
                let failed = group.failure.is_some();
                if let Some(entry) = group.statement {
                    self.shared.finished(entry, group.failure.map_or(Outcome::Done, Outcome::Failed));
                }
                if let Some(What::RestartAfter) = group.what {
                    self.shared.restart_soon();
                    return Ok(false);
                }
                if withheld {
                    self.batch.end = self.batch.end.take().or(group.what);
                }
                let was_waiting = self.batch.is_waiting;
                if was_waiting {
                    self.batch.is_waiting = !self.groups.is_empty();
                } else if failed {
                    self.batch.left.clear();
                    if std::mem::take(&mut self.batch.is_implicit) {
                        return self.query_hidden("ROLLBACK").await;
                    }
                } else if !self.batch.left.is_empty() || self.batch.is_implicit {
                    return self.next_of_batch().await;
                }
                let end =
                    if was_waiting { self.batch.end.take() } else { std::mem::take(&mut self.batch).end };
                match end {
                    Some(What::StallAfter) => {
                        self.stall().await;
                        return Ok(false);
                    }
                    Some(_) => return Ok(false),
                    None => {}
                }
                self.shared.round_trip();
                self.shared.latency().await;
                self.to_client.write_all(&message.encode()).await?;
                if was_waiting && !self.batch.is_waiting {
                    return self.next_of_batch().await;
                }
            }
            _ if withheld || is_hidden || self.groups.front().is_some_and(|group| group.quiet) => {}
            _ => {
                if let Some(message) = as_redshift(&message, &self.encoding) {
                    self.to_client.write_all(&message.encode()).await?;
                }
            }
        }
        Ok(true)
    }
}

fn spawn_reader<R>(readers: &mut JoinSet<()>, mut stream: ReadHalf<R>) -> mpsc::Receiver<Message>
where
    R: AsyncRead + Send + 'static,
    ReadHalf<R>: AsyncRead + Unpin,
{
    let (sender, receiver) = mpsc::channel(64);
    readers.spawn(async move {
        while let Ok(message) = protocol::read_message(&mut stream).await {
            if sender.send(message).await.is_err() {
                return;
            }
        }
    });
    receiver
}

/// The response of a hostile server to the first packet, if it does not wait for a query.
const fn at_startup(hostile: Hostile) -> Option<Hostile> {
    match hostile {
        Hostile::GiantMessageAtStartup => Some(Hostile::GiantMessage),
        Hostile::GarbageAtStartup => Some(Hostile::Garbage),
        Hostile::SilenceAtStartup => Some(Hostile::Silence),
        _ => None,
    }
}

async fn be_hostile(mut stream: Stream, hostile: Hostile) -> io::Result<()> {
    protocol::read_startup(&mut stream).await?;
    let (mut reader, mut writer) = tokio::io::split(stream);
    hostile_answer(&mut writer, hostile).await?;
    let mut buffer = [0; 4096];
    while reader.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// Writes until the client disconnects, or everything is written.
async fn hostile_answer(client: &mut (impl AsyncWrite + Unpin), hostile: Hostile) -> io::Result<()> {
    match hostile {
        Hostile::EndlessRows => {
            let mut description = 1_u16.to_be_bytes().to_vec();
            description.extend(b"row\0");
            description.extend([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0]);
            client.write_all(&Message::new(b'T', description).encode()).await?;
            let mut row = 1_u16.to_be_bytes().to_vec();
            row.extend(1024_u32.to_be_bytes());
            row.extend([b'x'; 1024]);
            let rows = Message::new(b'D', row).encode().repeat(64);
            loop {
                client.write_all(&rows).await?;
            }
        }
        Hostile::EndlessNotices => {
            let notice = ServerError::new("00000", "x".repeat(1024));
            let mut message = Message::error("NOTICE", &notice);
            message.tag = b'N';
            let notices = message.encode().repeat(64);
            loop {
                client.write_all(&notices).await?;
            }
        }
        Hostile::GiantMessage | Hostile::GiantMessageAtStartup => {
            client.write_all(&[b'D', 0x7f, 0xff, 0xff, 0xff]).await?;
            loop {
                client.write_all(&[0; 4096]).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        Hostile::Garbage | Hostile::GarbageAtStartup => client.write_all(&[0xee; 4096]).await,
        Hostile::Silence | Hostile::SilenceAtStartup => Ok(()),
    }
}

/// The query for the stored password of a user.
pub(super) fn password_query(user: &str) -> String {
    format!(
        "SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolcanlogin AND rolname = {} \
         AND (rolvaliduntil IS NULL OR rolvaliduntil > now())",
        literal(user)
    )
}
