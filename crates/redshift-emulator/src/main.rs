//! Starts an emulator of Amazon Redshift, and serves until it is stopped.

use std::process::ExitCode;

use clap::Parser;
use redshift_emulator::{Emulator, Kind, Options};
use tokio::signal::unix::{SignalKind, signal};

/// Starts an emulator of Amazon Redshift on the loopback interface. Prints a connection URL with a user and a password, and
/// runs until it is stopped
#[derive(Parser)]
#[allow(clippy::struct_excessive_bools)] // independent of each other
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 chooses a free port
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Emulate a Redshift Serverless workgroup
    #[arg(long, conflicts_with = "multi_az")]
    serverless: bool,
    /// Emulate a Multi-AZ cluster
    #[arg(long)]
    multi_az: bool,
    /// Lock a user after N consecutive failed logins; 5 if N is omitted
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "5", value_parser = clap::value_parser!(u32).range(2..=50))]
    lockout: Option<u32>,
    /// In the catalog, show ordinary users only themselves and the objects that they may use
    #[arg(long)]
    metadata_security: bool,
    /// Let the next N commits and changes of objects fail because of a conflict with a concurrent transaction
    #[arg(long, value_name = "N", default_value_t = 0)]
    conflicts: u32,
    /// Keep an empty entry when default privileges are revoked, which prevents DROP USER
    #[arg(long)]
    default_privileges_remain: bool,
}

impl From<Arguments> for Options {
    fn from(arguments: Arguments) -> Self {
        Self {
            port: arguments.port,
            kind: match arguments {
                Arguments { serverless: true, .. } => Kind::Serverless,
                Arguments { multi_az: true, .. } => Kind::MultiAz,
                _ => Kind::Provisioned,
            },
            lockout: arguments.lockout,
            metadata_security: arguments.metadata_security,
            conflicts: arguments.conflicts,
            default_privileges_remain: arguments.default_privileges_remain,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve(Arguments::parse().into()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the connection URL when clients can connect, and ends on Ctrl-C, SIGTERM or SIGHUP.
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
