//! Reads the payloads of a run.

use std::path::Path;

use super::super::args::{ConnectionArgs, LoginArgs};
use super::super::exit::Exit;
use super::super::single::{self, Single};
use super::super::source::Content;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::super::{Failure, internal, source};
use super::Task;
use super::variables::Variables;
use crate::check::{self, Body, Checked, Conflicts, Options};
use crate::document::Limits;
use crate::operation::Operation;
use crate::payload::{Authentication, Payload};
use crate::report::Input;
use crate::report::human::HumanReport;
use crate::script::{ScriptKind, password_warning};
use crate::text::printable;

/// A payload with its source.
pub(super) struct Named {
    /// The path, or the name of standard input.
    pub(super) path: String,
    /// A unique name for messages; it may contain control characters.
    pub(super) name: String,
    pub(super) payload: Payload,
}

/// The payload of the existing setup.
pub(super) fn old_payload<S: System>(
    path: &Path,
    task: Task,
    args: &LoginArgs,
    variables: &Variables,
    terminal: &mut Terminal<'_, S>,
) -> Result<Payload, Failure> {
    let (single, payload) = single_payload(path, terminal)?;
    match variables.refused(task, args, &payload) {
        None => Ok(payload),
        Some(secret) => Err(single.unresolved(&secret, terminal)),
    }
}

/// The payload of a cluster to examine. Its password is only used to log in.
pub(super) fn payload_to_examine<S: System>(
    path: &Path,
    args: &LoginArgs,
    variables: &Variables,
    terminal: &mut Terminal<'_, S>,
) -> Result<Named, Failure> {
    let (single, payload) = single_payload(path, terminal)?;
    if args.user.is_none()
        && payload.auto_bootstrap
        && let Authentication::UserPassword { password, .. } = &payload.authentication
        && let Err(secret) = variables.resolve(password)
    {
        return Err(single.unresolved(&secret, terminal));
    }
    let name = single.name().to_owned();
    Ok(Named { path: name.clone(), name, payload })
}

/// The only payload of a file.
fn single_payload<S: System>(
    path: &Path,
    terminal: &mut Terminal<'_, S>,
) -> Result<(Single, Payload), Failure> {
    let single = Single::open(terminal.system(), path)?;
    let options = Options { operation: Some(Operation::Create), ..Options::default() };
    let checked = single.check(&options)?;
    let checked = if checked.is_valid() { checked } else { single.accept(&options, terminal)? };
    let payload = single::payload(checked).ok_or_else(internal)?;
    Ok((single, payload))
}

/// The payloads that the arguments name. If one of them has errors, nothing is done.
pub(super) fn payloads<S: System>(
    task: Task,
    args: &ConnectionArgs,
    variables: &Variables,
    old: Option<&Payload>,
    terminal: &mut Terminal<'_, S>,
) -> Result<Vec<Named>, Failure> {
    let system = terminal.system();
    let (sources, errors) = source::collect(system, std::slice::from_ref(&args.path), None);
    if let Some(error) = errors.first() {
        return Err(Failure::Message(source::unreadable(system, &error.path, &error.message)));
    }
    let human = HumanReport::new(terminal.err_colored());
    let mut conflicts = Conflicts::default();
    let mut payloads = Vec::new();
    let mut is_valid = true;
    for source in &sources {
        let content = source
            .read(system, &Limits::default())
            .map_err(|error| Failure::Message(source.unreadable(system, &error)))?;
        let is_automatic = check::is_automatic(&content.documents);
        let kind = if old.is_some() { ScriptKind::Edit } else { ScriptKind::All };
        let operation = kind.operation(is_automatic);
        // A file that was found in a directory may be something else.
        let mut checked = if source.is_named {
            let options = Options { operation: Some(operation), old, ..Options::default() };
            source.check(&content, &options)
        } else {
            source.check(&content, &Options { old, ..Options::default() })
        };
        if !source.is_named {
            checked.retain(|document| is_payload(document, &content));
        }
        checked.iter_mut().for_each(Checked::refuse_placeholders);
        conflicts.add(&source.name, &mut checked);
        let mut warnings = Vec::new();
        for document in &mut checked {
            let Some(Body::Payload(payload)) = &document.body else { continue };
            let found = match variables.refused(task, &args.login, payload) {
                Some(secret) => Err(secret),
                None if !needs_password(task, args, payload) => continue,
                None => variables.resolve(payload.authentication.password()),
            };
            match found {
                Err(secret) => {
                    let root =
                        content.documents.get(document.index).and_then(|document| document.root.as_ref());
                    let found = check::unresolved_secret_in(root, &secret);
                    document.diagnostics.push(found);
                }
                Ok(_) if task == Task::Remove => {}
                Ok(_) => {
                    let env = |name: &str| variables.get(name);
                    warnings.extend(password_warning(&payload.authentication, &env));
                }
            }
        }
        let mut out = String::new();
        human.write(
            &Input { path: &source.name, text: content.documents.text(), checked: &checked },
            &mut out,
        );
        terminal.eprint(&out);
        for warning in warnings {
            terminal.warning(format_args!("{}: {warning}", printable(&source.name)));
        }
        let is_one =
            checked.iter().filter(|document| matches!(document.body, Some(Body::Payload(_)))).count() == 1;
        for document in checked {
            is_valid &= document.is_valid();
            if let Some(Body::Payload(payload)) = document.body {
                let path = source.name.clone();
                let name =
                    if is_one { path.clone() } else { format!("{path} (document {})", document.index + 1) };
                payloads.push(Named { path, name, payload });
            }
        }
    }
    if !is_valid {
        return Err(Failure::Silent(Exit::Payload));
    }
    if payloads.is_empty() {
        return Err(Failure::Message("no Redshift integration payload found".to_owned()));
    }
    Ok(payloads)
}

/// Whether a run needs the password of the payload: to create the account, or to log in. A removal does not.
fn needs_password(task: Task, args: &ConnectionArgs, payload: &Payload) -> bool {
    let Authentication::UserPassword { username, .. } = &payload.authentication else { return false };
    match &args.login.user {
        // The login user exists, and keeps its password.
        Some(user) => task != Task::Remove && !args.existing.existing_user && user != username.as_str(),
        None => payload.auto_bootstrap,
    }
}

/// Whether a document found in a directory is a payload, even if it has errors or cannot be parsed.
fn is_payload(document: &Checked, content: &Content) -> bool {
    match document.operation {
        Some(operation) => !matches!(
            operation,
            Operation::Get | Operation::List | Operation::Status | Operation::Error | Operation::Delete
        ),
        None => document.is_unreadable() && content.may_be_ours(),
    }
}
