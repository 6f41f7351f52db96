//! The functions of the package.

use serde::Serialize;
use tsify::Tsify;

use super::document::{Document, UNNAMED};
use super::options::{
    CheckOptions, InputFile, ParseOptions, RedactOptions, RequestFormat, RequestOptions, ScriptFilesOptions,
    ScriptOptions,
};
use super::types::ScriptFile;
use crate::check::{self, Body, Checked, Conflicts, Options, Origin};
use crate::document::{Documents, OffsetEncoding};
use crate::operation::{BodyKind, Operation};
use crate::payload::{Payload, redacted};
use crate::report::{Finding, Input, Report};
use crate::request::Request;
use crate::script::{self, Script, ScriptError, ScriptKind};
use crate::text::suggest;

/// The error of a function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Tsify)]
pub struct Failure {
    /// One line, without any secret.
    pub message: String,
    /// The problems of the text, if any; offsets count UTF-16 code units.
    pub diagnostics: Vec<Finding>,
}

impl Failure {
    /// A failure that is not caused by the text.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), diagnostics: Vec::new() }
    }
}

/// Checks a document.
///
/// # Errors
/// `old` is not a payload, or is not allowed with the operation.
pub fn check(document: &Document, old: Option<&Document>, options: &CheckOptions) -> Result<Report, Failure> {
    let old = old.map(old_payload).transpose()?;
    let Document { documents, path } = document;
    let options = check_options(options, old.as_ref(), path.as_deref())?;
    let mut checked = check::diagnose(documents, &options);
    let path = document.name();
    Conflicts::new(documents.limits()).add(path, &mut checked);
    Ok(Report::of(&Input { path, text: documents.text(), checked: &checked }, OffsetEncoding::Utf16))
}

/// Checks several files, and compares them with each other.
///
/// # Errors
/// As for [`check`].
pub fn check_files(
    files: Vec<InputFile>,
    old: Option<&Document>,
    reading: &ParseOptions,
    options: &CheckOptions,
) -> Result<Report, Failure> {
    let old = old.map(old_payload).transpose()?;
    let mut conflicts = Conflicts::new(&reading.limits());
    let mut report = Report::new(OffsetEncoding::Utf16);
    for InputFile { path, text } in files {
        let document = Document::parse(text, &ParseOptions { path: Some(path), ..reading.clone() });
        let Document { documents, path } = &document;
        let options = check_options(options, old.as_ref(), path.as_deref())?;
        let mut checked = check::check(documents, &options);
        conflicts.add(document.name(), &mut checked);
        report.add(&Input { path: document.name(), text: documents.text(), checked: &checked });
    }
    Ok(report)
}

pub(super) fn check_options<'a>(
    options: &CheckOptions,
    old: Option<&'a Payload>,
    path: Option<&str>,
) -> Result<Options<'a>, Failure> {
    let operation = match (options.operation, old) {
        (None, Some(_)) => Some(Operation::Update),
        (Some(operation), Some(_)) if !operation.takes_old() => {
            return Err(Failure::new(
                "`old` is only allowed with update, script-edit, delete and script-delete",
            ));
        }
        (operation, _) => operation,
    };
    Ok(Options {
        operation,
        origin: if path.is_some() { Origin::File } else { Origin::Text },
        old,
        auto_bootstrap: options.auto_bootstrap,
    })
}

pub(super) fn old_payload(old: &Document) -> Result<Payload, Failure> {
    accept_payload(&old.documents, "the current payload", &as_operation(Operation::Create, None))
}

fn as_operation(operation: Operation, old: Option<&Payload>) -> Options<'_> {
    Options { operation: Some(operation), origin: Origin::Text, old, ..Options::default() }
}

/// The body of a text with exactly one document and no errors.
fn accept(documents: &Documents<'_>, what: &str, options: &Options<'_>) -> Result<Body, Failure> {
    let mut checked = check::check(documents, options);
    checked.iter_mut().for_each(Checked::refuse_placeholders);
    let [document] = checked.as_mut_slice() else {
        return Err(Failure::new(format!("expected one document in {what}, found {}", checked.len())));
    };
    document.body.take().ok_or_else(|| refused(documents, what, &checked))
}

fn accept_payload(documents: &Documents<'_>, what: &str, options: &Options<'_>) -> Result<Payload, Failure> {
    match accept(documents, what, options)? {
        Body::Payload(payload) => Ok(payload),
        _ => Err(Failure::new(format!("{what} is not a full payload"))),
    }
}

fn refused(documents: &Documents<'_>, what: &str, checked: &[Checked]) -> Failure {
    let input = Input { path: UNNAMED, text: documents.text(), checked };
    let report = Report::of(&input, OffsetEncoding::Utf16);
    let count = report.summary.errors;
    let diagnostics: Vec<_> = report.files.into_iter().flat_map(|file| file.diagnostics).collect();
    let first = diagnostics.iter().find(|one| one.severity == check::Severity::Error);
    let first = first
        .map(|one| format!(": {} ({}:{})", one.message, one.start.line, one.start.column))
        .unwrap_or_default();
    let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
    Failure { message: format!("{what} has an error{first}{more}"), diagnostics }
}

/// The script as data.
///
/// # Errors
/// The payload or the old one has an error, a variable contains no password, or the old payload of an edit is missing.
pub fn script(
    kind: &str,
    document: &Document,
    old: Option<&Document>,
    options: &ScriptOptions,
) -> Result<Script, Failure> {
    write_script(kind, &document.documents, old, options)
}

/// The script as text, in files. There are none if there is nothing to do, except for the Data API, whose list is empty.
///
/// # Errors
/// As for [`script`].
pub fn script_files(
    kind: &str,
    document: &Document,
    old: Option<&Document>,
    options: &ScriptFilesOptions,
) -> Result<Vec<ScriptFile>, Failure> {
    let files = write_script(kind, &document.documents, old, &options.script)?.render(options.flavor);
    Ok(files
        .into_iter()
        .map(|script::ScriptFile { name, text, secret }| ScriptFile { name, text, secret })
        .collect())
}

fn write_script(
    kind: &str,
    documents: &Documents<'_>,
    old: Option<&Document>,
    options: &ScriptOptions,
) -> Result<Script, Failure> {
    let kind = script_kind(kind)?;
    let old = old.map(old_payload).transpose()?;
    match (kind, &old) {
        (ScriptKind::Edit, None) => {
            return Err(Failure::new("`edit` requires the current payload; pass it as `from`"));
        }
        (ScriptKind::Edit, Some(_)) | (_, None) => {}
        (_, Some(_)) => return Err(Failure::new("`from` is only allowed with `edit`")),
    }
    if options.set_password && kind != ScriptKind::Edit {
        return Err(Failure::new("`setPassword` is only allowed with `edit`"));
    }
    if options.set_password && options.existing_user {
        return Err(Failure::new(
            "`setPassword` cannot be used with `existingUser`: an existing account keeps its password",
        ));
    }
    let operation = kind.operation(check::is_automatic(documents));
    let payload = accept_payload(documents, "the payload", &as_operation(operation, old.as_ref()))?;
    let script_options = script::ScriptOptions {
        password: options.password,
        existing_database: options.existing_database,
        existing_user: options.existing_user,
        set_password: options.set_password,
    };
    let env = |name: &str| options.env.get(name).cloned();
    script::script(kind, &payload, old.as_ref(), &script_options, &env).map_err(|error| match error {
        ScriptError::UnresolvedSecret(secret) => {
            refused(documents, "the payload", &[check::unresolved_secret(documents, &secret)])
        }
        ScriptError::HashedPassword(password) => {
            refused(documents, "the payload", &[check::hashed_password(documents, &password)])
        }
        ScriptError::WeakPassword(password) => {
            refused(documents, "the payload", &[check::weak_password(documents, &password)])
        }
        other => Failure::new(other.to_string()),
    })
}

fn script_kind(name: &str) -> Result<ScriptKind, Failure> {
    let names = ScriptKind::ALL.map(ScriptKind::name);
    ScriptKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| unknown("script", name, names))
}

/// `name` is not repeated: if the arguments are mixed up, it is the payload.
fn unknown<'n>(what: &str, name: &str, names: impl IntoIterator<Item = &'n str>) -> Failure {
    let names: Vec<&str> = names.into_iter().collect();
    let help = suggest::closest(name, names.iter().copied()).map_or_else(
        || format!("expected one of `{}`", names.join("`, `")),
        |closest| format!("did you mean `{closest}`?"),
    );
    Failure::new(format!("unknown {what}; {help}"))
}

fn operation(name: &str) -> Result<Operation, Failure> {
    let names = Operation::ALL.map(Operation::name);
    name.parse::<Operation>().map_err(|_| unknown("operation", name, names))
}

/// The request: JSON text for [`RequestFormat::Json`], otherwise the text itself.
///
/// # Errors
/// The operation cannot be sent, the payload has an error or is missing, or the URL or the id is invalid.
pub fn request(name: &str, document: Option<&Document>, options: &RequestOptions) -> Result<String, Failure> {
    let operation = operation(name)?;
    let body = match (operation.body_kind(), document) {
        (BodyKind::Payload | BodyKind::Credentials, Some(document)) => {
            accept(&document.documents, "the payload", &as_operation(operation, None))?
        }
        (BodyKind::Payload, None) if operation == Operation::ScriptDelete => Body::Empty,
        (BodyKind::Payload, None) => {
            return Err(Failure::new(format!("`{operation}` requires a payload")));
        }
        (BodyKind::Credentials, None) => Body::Empty,
        (_, None) => Body::Response,
        (_, Some(_)) => return Err(Failure::new(format!("`{operation}` does not take a payload"))),
    };
    let request = Request::new(operation, &body, options.url.as_deref(), options.id.as_deref())
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(match options.format {
        RequestFormat::Json => serde_json::to_string(&request).unwrap_or_default(),
        RequestFormat::Curl => request.to_curl(),
        RequestFormat::Http => request.to_http(),
    })
}

/// The response of `GET /integrations/{id}`, as JSON text.
///
/// # Errors
/// The payload has an error.
pub fn redact(document: &Document, options: &RedactOptions) -> Result<String, Failure> {
    let options_of_check = as_operation(Operation::Create, None);
    let payload = accept_payload(&document.documents, "the payload", &options_of_check)?;
    Ok(serde_json::to_string(&redacted(&payload, options.id.as_deref())).unwrap_or_default())
}
