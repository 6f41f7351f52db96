//! `doctor`.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::Duration;

use super::super::Failure;
use super::super::args::{DoctorArgs, DoctorFormat};
use super::super::exit::Exit;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::hosts::{self, Hosts};
use super::login::Login;
use super::payloads::{Named, payload_to_examine};
use super::{Task, access, start, tls, variables};
use crate::payload::DEFAULT_PORT;
use crate::runner::{self, Cluster, Details, DoctorError, DoctorReport, Finding, FindingStatus, Kind, User};
use crate::text::printable;

pub(in crate::cli) fn doctor<S: System>(
    args: &DoctorArgs,
    terminal: &mut Terminal<'_, S>,
) -> Result<Exit, Failure> {
    let variables = variables(&args.login)?;
    let path = args.path.as_deref();
    let named = path.map(|path| payload_to_examine(path, &args.login, &variables, terminal)).transpose()?;
    Hosts::of(named.as_slice(), &args.login, true, false)?;
    let tls = tls(&args.login)?;
    let (runtime, interrupt) = start()?;
    let can_ask = io::stdin().is_terminal() && path != Some(Path::new("-"));
    let result = runtime.block_on(async {
        let login = Login::of(&args.login, can_ask, &interrupt, terminal).await?;
        let (server, database, credentials) = match &named {
            Some(Named { name, payload, .. }) => (
                (payload.host.clone(), payload.port.unwrap_or(DEFAULT_PORT)),
                payload.initial_database.folded(),
                login.of_payload(payload, name, &variables)?,
            ),
            None => (
                (args.host.clone().unwrap_or_default(), args.port),
                args.database.to_ascii_lowercase(),
                login.given(),
            ),
        };
        terminal.eprint(&match &named {
            // Like a removal, it uses the password of the payload only to log in.
            Some(named) => hosts::line(Task::Remove, &args.login, named, None, &login),
            None => format!(
                "logging in to {}:{} as {}\n",
                printable(&server.0),
                server.1,
                login.described_as_given()
            ),
        });
        let access = access(&args.login, server, credentials, Duration::ZERO, &tls, &interrupt);
        let options = args.existing.options();
        let setup = named.as_ref().map(|named| (&named.payload, options));
        Ok(runner::doctor(&access, &database, setup).await)
    });
    // Does not wait for threads that are blocked on standard input or a name server.
    runtime.shutdown_background();
    match result? {
        Ok(report) => {
            match args.format {
                DoctorFormat::Human => terminal.print_text(&human(&report)),
                DoctorFormat::Json => terminal.print_line(&report.to_json().to_string()),
            }
            Ok(if report.blocking().next().is_some() { Exit::Payload } else { Exit::Fine })
        }
        Err(DoctorError::Interrupted) => {
            terminal.note_line("interrupted: nothing was changed");
            Ok(Exit::Interrupted)
        }
        Err(DoctorError::Message(message)) => {
            terminal.error(message);
            Ok(Exit::PartWay)
        }
    }
}

/// The report as text.
fn human(report: &DoctorReport) -> String {
    let mut lines = cluster_lines(&report.cluster);
    lines.push(user_line(report.user));
    lines.push(String::new());
    for Finding { id, title, meaning, status, details, .. } in &report.findings {
        let status_name = match status {
            FindingStatus::Holds => "ok       ",
            FindingStatus::Fails => "fails    ",
            FindingStatus::NotTried => "not tried",
        };
        let Details { message, sqlstate, .. } = details;
        let code = sqlstate.as_ref().map(|state| format!(" (SQLSTATE {state})")).unwrap_or_default();
        let message = message.as_deref().map(printable);
        match (status, message) {
            // The reason is short, and may be the same in many lines.
            (FindingStatus::NotTried, Some(reason)) => {
                lines.push(format!("{status_name}  {title}: {reason}{code}"));
            }
            (FindingStatus::Fails, message) => {
                lines.push(format!("{status_name}  {title} [{id}]"));
                lines.extend(message.map(|message| format!("           {message}{code}")));
                lines.push(format!("           {meaning}"));
            }
            _ => lines.push(format!("{status_name}  {title}")),
        }
    }
    lines.push(String::new());
    let blocking: Vec<_> = report.blocking().map(|finding| finding.id).collect();
    lines.push(if blocking.is_empty() {
        "nothing prevents a setup".to_owned()
    } else {
        format!("a setup is prevented by: {}", blocking.join(", "))
    });
    lines.join("\n") + "\n"
}

fn cluster_lines(cluster: &Cluster) -> Vec<String> {
    let kind = match cluster.kind {
        Some(Kind::Provisioned) => "provisioned cluster",
        Some(Kind::Serverless) => "Serverless workgroup",
        Some(Kind::MultiAz) => "Multi-AZ cluster",
        None => "unknown kind of cluster",
    };
    let lockout = match (cluster.has_lockout, cluster.max_failed_logins) {
        (Some(true), Some(number)) => format!("after {number} consecutive failed logins"),
        (Some(true), None) => "on".to_owned(),
        (Some(false), _) => "off".to_owned(),
        (None, _) => "unknown".to_owned(),
    };
    let isolation = cluster.isolation.as_deref().unwrap_or("unknown");
    let patch = cluster.patch.map(|patch| format!(" (patch {patch})")).unwrap_or_default();
    let mut lines = vec![
        format!("Redshift {}{patch}, {kind}", printable(&cluster.version)),
        format!("  isolation level: {}", printable(isolation)),
        format!("  case-sensitive identifiers: {}", on_off(cluster.is_case_sensitive)),
        format!("  TLS: {}", on_off(Some(cluster.is_encrypted))),
        format!("  user lockout: {lockout}"),
        format!("  metadata security: {}", on_off(cluster.has_metadata_security)),
    ];
    if cluster.conflicts > 0 {
        lines.push(format!("  conflicts with concurrent transactions: {}", cluster.conflicts));
    }
    lines
}

fn user_line(user: User) -> String {
    let User { is_superuser, may_create_databases, may_create_schemas, may_create_users, may_create_groups } =
        user;
    let rights = [
        ("databases", Some(may_create_databases)),
        ("schemas in this database", may_create_schemas),
        ("users", may_create_users),
        ("groups", may_create_groups),
    ];
    let of = |wanted: Option<bool>| {
        let found: Vec<_> = rights.iter().filter(|(_, may)| *may == wanted).map(|(what, _)| *what).collect();
        if found.is_empty() { None } else { Some(found.join(", ")) }
    };
    let parts = [
        Some(if is_superuser { "superuser" } else { "not a superuser" }.to_owned()),
        of(Some(true)).map(|what| format!("may create {what}")),
        of(Some(false)).map(|what| format!("may not create {what}")),
        of(None).map(|what| format!("unknown for {what}")),
    ];
    format!("user: {}", parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

const fn on_off(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "on",
        Some(false) => "off",
        None => "unknown",
    }
}
