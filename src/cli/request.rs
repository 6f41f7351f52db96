//! `request` and `redact`.

use clap::error::ErrorKind;

use super::args::{RedactArgs, RequestArgs, RequestFormat};
use super::exit::Exit;
use super::single::{Single, payload};
use super::system::System;
use super::terminal::Terminal;
use super::{Failure, internal, usage};
use crate::check::{Body, Options};
use crate::operation::{BodyKind, Operation};
use crate::payload::redact as redact_payload;
use crate::request::{Request, RequestError};

pub(super) fn run<S: System>(args: &RequestArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let operation = args.operation;
    let body = match (operation.body_kind(), &args.payload) {
        (BodyKind::Payload | BodyKind::Credentials, Some(path)) => {
            let options = Options { operation: Some(operation), ..Options::default() };
            let checked = Single::open(terminal.system(), path)?.accept(&options, terminal)?;
            checked.body.ok_or_else(internal)?
        }
        (BodyKind::Payload, None) if operation == Operation::ScriptDelete => Body::Empty,
        (BodyKind::Payload, None) => {
            let message =
                format!("`{operation}` requires a payload; pass a file name, or `-` to read standard input");
            return Err(usage(ErrorKind::MissingRequiredArgument, &message));
        }
        (BodyKind::Credentials, None) => Body::Empty,
        (_, None) => Body::Response,
        (_, Some(_)) => {
            return Err(usage(ErrorKind::TooManyValues, &format!("`{operation}` does not take a payload")));
        }
    };
    let request = Request::new(operation, &body, args.url.as_deref(), args.id.as_deref()).map_err(
        |error| match error {
            RequestError::Url(_) => usage(ErrorKind::ValueValidation, &format!("`--url`: {error}")),
            RequestError::Id => usage(ErrorKind::ValueValidation, &format!("`--id`: {error}")),
            RequestError::NotARequest | RequestError::WrongBody { .. } => Failure::Message(error.to_string()),
        },
    )?;
    if request.is_clear_text() {
        terminal
            .warning("the URL starts with `http://`: the API key and the password would be sent unencrypted; use `https://`");
    }
    terminal.print_line(&match args.format {
        RequestFormat::Curl => request.to_curl(),
        RequestFormat::Http => request.to_http(),
        RequestFormat::Json => format!("{:#}", request.to_json()),
    });
    Ok(Exit::Fine)
}

pub(super) fn redact<S: System>(args: &RedactArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let single = Single::open(terminal.system(), &args.payload)?;
    let options = Options { operation: Some(Operation::Create), ..Options::default() };
    let checked = single.accept(&options, terminal)?;
    let payload = payload(checked).ok_or_else(internal)?;
    terminal.print_line(&format!("{:#}", redact_payload(&payload, None)));
    Ok(Exit::Fine)
}
