//! Starts the Redshift emulator of the tests, and serves until it is stopped:
//! `cargo run --features native --example redshift-emulator -- --port 0`.

#[path = "../tests/support/emulator/mod.rs"]
mod emulator;

use std::process::ExitCode;

use emulator::Emulator;
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "usage: redshift-emulator [--port PORT]    (0, the default, is any free port)";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the address when clients can connect, and ends on Ctrl-C, SIGTERM or SIGHUP.
async fn serve() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let port = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => 0,
        ["--port", port] => port.parse().map_err(|_| format!("`{port}` is not a port\n{USAGE}"))?,
        _ => return Err(USAGE.to_owned()),
    };
    let stop = |kind| signal(kind).map_err(|error| format!("signals: {error}"));
    let (mut interrupt, mut terminate, mut hang_up) =
        (stop(SignalKind::interrupt())?, stop(SignalKind::terminate())?, stop(SignalKind::hangup())?);
    let emulator = Emulator::start_on(port).await?;
    anstream::println!("{}", emulator.url());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    drop(emulator);
    Ok(())
}
