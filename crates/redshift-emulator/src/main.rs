//! Starts an emulator of Amazon Redshift, and serves until it is stopped.

use std::process::ExitCode;

use clap::Parser;
use redshift_emulator::{Emulator, Options};
use tokio::signal::unix::{SignalKind, signal};

/// Starts an emulator of Amazon Redshift on the loopback interface, prints its address with a user and a password, and
/// serves until it is stopped
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port; 0 is any free port
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { port } = Arguments::parse();
    match serve(Options { port }).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the address when clients can connect, and ends on Ctrl-C, SIGTERM or SIGHUP.
async fn serve(options: Options) -> Result<(), String> {
    let stop = |kind| signal(kind).map_err(|error| format!("signals: {error}"));
    let (mut interrupt, mut terminate, mut hang_up) =
        (stop(SignalKind::interrupt())?, stop(SignalKind::terminate())?, stop(SignalKind::hangup())?);
    let emulator = Emulator::start(options).map_err(|error| error.to_string())?;
    anstream::println!("{}", emulator.url());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    drop(emulator);
    Ok(())
}
