//! What a server may send to the runner: it ends, whatever the bytes, and tells no password and nothing that a terminal
//! obeys. A byte that chooses, then the bytes, which are sent piece by piece: a server speaks when it is spoken to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bootshift::payload::{Authentication, Impersonation, Payload, Secret};
use bootshift::runner::{self, Access, ApplyOptions, Prepared, RunReport, SslMode, Target};
use bootshift::sql::Identifier;
use secrecy::SecretString;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use testkit::payload::minimal;

const PASSWORD: &str = "Zq8-Jkvz-Xm31-pQ";
const ACCOUNT_PASSWORD: &str = "vT4_mmKe.93xoLd";
/// After what the server takes it that the client waits.
const PATIENCE: Duration = Duration::from_millis(3);

/// Over the loopback, as in life.
#[cfg(not(fuzzing))]
mod network {
    pub(super) use tokio::net::TcpListener as Listener;
    use tokio::net::TcpStream;
    use tokio::runtime::Builder;

    pub(super) fn runtime(builder: &mut Builder) -> &mut Builder {
        builder.enable_all()
    }

    pub(super) async fn listen() -> (Listener, u16) {
        let listener = Listener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        (listener, port)
    }

    pub(super) async fn accept(listener: &mut Listener) -> Option<TcpStream> {
        listener.accept().await.ok().map(|(stream, _)| stream)
    }
}

/// In memory, where time passes only while a task waits: the same inputs, tens of times as fast.
#[cfg(fuzzing)]
mod network {
    use tokio::io::DuplexStream;
    use tokio::runtime::Builder;
    pub(super) type Listener = tokio::sync::mpsc::UnboundedReceiver<DuplexStream>;

    pub(super) fn runtime(builder: &mut Builder) -> &mut Builder {
        builder.enable_time().start_paused(true)
    }

    pub(super) async fn listen() -> (Listener, u16) {
        (bootshift::runner::listen(), 5439)
    }

    pub(super) async fn accept(listener: &mut Listener) -> Option<DuplexStream> {
        listener.recv().await
    }
}

pub(crate) fn hold(data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else { return };
    // One for each time: it takes with it what the client has left running.
    let mut builder = Builder::new_current_thread();
    let runtime = network::runtime(&mut builder).build().expect("a runtime");
    runtime.block_on(speak(choice, bytes));
}

async fn speak(choice: u8, bytes: &[u8]) {
    let (mut listener, port) = network::listen().await;
    let (_keep, interrupt) = watch::channel(false);
    let target = target(port, interrupt);
    let payload = target.payload.clone();
    let shown = tokio::select! {
        () = serve(&mut listener, bytes) => unreachable!("it serves until it is dropped"),
        shown = run(choice, target) => shown,
    };
    let shown = match shown {
        Ok(prepared) => prepared.plan(),
        Err(report) => {
            let outcome = format!("{:?}", report.outcome);
            let messages: Vec<_> = report.tests.iter().filter_map(|test| test.message.as_deref()).collect();
            format!("{outcome} {} {}", messages.join("\n"), report.to_json(&payload))
        }
    };
    for password in [PASSWORD, ACCOUNT_PASSWORD] {
        assert!(!shown.contains(password), "a password is shown");
    }
    assert!(!shown.contains('\u{1b}'), "no escape of the server's reaches a terminal");
}

async fn run(choice: u8, target: Target) -> Result<Prepared, RunReport> {
    match choice {
        b'a' => runner::prepare_apply(target, &mut |_| {}).await,
        b'r' => runner::prepare_remove(target, &mut |_| {}).await,
        _ => Err(runner::status(&target).await),
    }
}

/// Answers every connection from the same supply of pieces, in the order in which it is spoken to.
async fn serve(listener: &mut network::Listener, bytes: &[u8]) {
    let supply: VecDeque<Vec<u8>> = pieces(bytes).into_iter().map(<[u8]>::to_vec).collect();
    let supply = Arc::new(Mutex::new(supply));
    let mut connections = JoinSet::new();
    loop {
        if let Some(stream) = network::accept(listener).await {
            connections.spawn(answer(stream, Arc::clone(&supply)));
        }
    }
}

/// A piece for each time that the client speaks, or has nothing more to say because it waits for more.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, supply: Arc<Mutex<VecDeque<Vec<u8>>>>) {
    let mut heard = [0; 8192];
    loop {
        match timeout(PATIENCE, stream.read(&mut heard)).await {
            Ok(Err(_) | Ok(0)) => return,
            // `Terminate`
            Ok(Ok(_)) if heard[0] == b'X' => return,
            _ => {}
        }
        let Some(piece) = supply.lock().expect("no panic while locked").pop_front() else { return };
        if stream.write_all(&piece).await.is_err() {
            return;
        }
    }
}

/// The bytes after each of which a server waits: at `ReadyForQuery`, and at a request for a password.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some([tag, a, b, c, d]) = bytes.get(at..at + 5) {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(end) = at.checked_add(length + 1).filter(|end| length >= 4 && *end <= bytes.len()) else {
            break;
        };
        let waits = *tag == b'Z' || (*tag == b'R' && bytes[at + 5..end] != [0; 4]);
        at = end;
        if waits {
            pieces.push(&bytes[start..at]);
            start = at;
        }
    }
    pieces.push(&bytes[start..]);
    pieces
}

fn target(port: u16, interrupt: watch::Receiver<bool>) -> Target {
    let name = |text: &str| Identifier::new(text).expect("a name");
    let sslmode = SslMode::Disable;
    Target {
        payload: Payload {
            host: "localhost".to_owned(),
            port: Some(6440),
            authentication: Authentication::UserPassword {
                username: name("immuta_system_account"),
                password: Secret::new(ACCOUNT_PASSWORD),
            },
            impersonation: Some(Impersonation::Enabled { role: name("immuta_impersonation") }),
            ..minimal()
        },
        old: None,
        access: Access {
            host: "127.0.0.1".to_owned(),
            port,
            user: "awsuser".to_owned(),
            password: Some(SecretString::from(PASSWORD)),
            sslmode,
            // What it asks for is answered, to get further.
            allow_cleartext_password: true,
            tls: runner::client_config(sslmode, None).expect("no trust is needed"),
            connect_timeout: Duration::from_secs(20),
            statement_timeout: Duration::from_secs(20),
            lock_timeout: Duration::ZERO,
            interrupt,
        },
        options: ApplyOptions::default(),
        env: Arc::new(|_| None),
    }
}
