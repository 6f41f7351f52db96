//! The verbs.

use serde::Serialize;
use tsify::Tsify;

use super::options::{
    CheckOptions, InputFile, RedactOptions, RequestFormat, RequestOptions, ScriptFilesOptions, ScriptOptions,
};
use super::shapes::{Explanation, ScriptFile};
use crate::check::{self, Body, Checked, Code, Conflicts, Options, Origin, explain as explanation};
use crate::document::{Documents, Limits, OffsetEncoding, Syntax};
use crate::operation::{BodyKind, Operation};
use crate::payload::{Payload, redacted};
use crate::report::{Finding, Input, Report};
use crate::request::Request;
use crate::schemas;
use crate::script::{self, Script, ScriptError, ScriptKind};
use crate::text::suggest;

/// The name of a text that has none.
const UNNAMED: &str = "<input>";

/// Why a verb gave nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Tsify)]
pub struct Failure {
    /// One line, without any secret.
    pub message: String,
    /// What is wrong with the text, if it is that; offsets count UTF-16 code units.
    pub diagnostics: Vec<Finding>,
}

impl Failure {
    /// A failure that is none of the text's.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), diagnostics: Vec::new() }
    }
}

/// Reads a text, as the file of this name if it is one.
#[must_use]
pub(super) fn read<'t>(text: &'t str, path: Option<&str>, limits: &Limits) -> Documents<'t> {
    Documents::parse(text, path.and_then(Syntax::of_path), limits)
}

/// What is said of the documents of `text`.
///
/// # Errors
/// `old` is no payload, or goes with another operation than the one given.
pub fn check(text: &str, options: &CheckOptions) -> Result<Report, Failure> {
    let old = options.old.as_deref().map(old_payload).transpose()?;
    let file = options.path.as_deref();
    let options_of_check = check_options(options, old.as_ref(), file)?;
    let documents = read(text, file, &options.limits());
    let mut checked = check::diagnose(&documents, &options_of_check);
    let path = file.unwrap_or(UNNAMED);
    Conflicts::new(documents.limits()).add(path, &mut checked);
    Ok(Report::of(&Input { path, text, checked: &checked }, OffsetEncoding::Utf16))
}

/// What is said of several files, which are also compared with each other.
///
/// # Errors
/// As for [`check`].
pub fn check_files(files: &[InputFile], options: &CheckOptions) -> Result<Report, Failure> {
    let old = options.old.as_deref().map(old_payload).transpose()?;
    let mut conflicts = Conflicts::new(&options.limits());
    let mut report = Report::new(OffsetEncoding::Utf16);
    for InputFile { path, text } in files {
        let documents = read(text, Some(path), &options.limits());
        let mut checked = check::check(&documents, &check_options(options, old.as_ref(), Some(path))?);
        conflicts.add(path, &mut checked);
        report.add(&Input { path, text, checked: &checked });
    }
    Ok(report)
}

fn check_options<'a>(
    options: &CheckOptions,
    old: Option<&'a Payload>,
    path: Option<&str>,
) -> Result<Options<'a>, Failure> {
    let operation = match (options.operation, old) {
        (None, Some(_)) => Some(Operation::Update),
        (Some(operation), Some(_)) if !operation.takes_old() => {
            return Err(Failure::new("`old` goes with update, script-edit, delete and script-delete only"));
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

fn old_payload(text: &str) -> Result<Payload, Failure> {
    accept_payload(&text.into(), "the old payload", &as_operation(Operation::Create, None))
}

fn as_operation(operation: Operation, old: Option<&Payload>) -> Options<'_> {
    Options { operation: Some(operation), origin: Origin::Text, old, ..Options::default() }
}

/// The one document of a text, which has no error.
fn accept(documents: &Documents<'_>, what: &str, options: &Options<'_>) -> Result<Body, Failure> {
    let mut checked = check::check(documents, options);
    checked.iter_mut().for_each(Checked::refuse_placeholders);
    let [document] = checked.as_mut_slice() else {
        return Err(Failure::new(format!("{what} holds {} documents; one is wanted here", checked.len())));
    };
    document.body.take().ok_or_else(|| refused(documents, what, &checked))
}

fn accept_payload(documents: &Documents<'_>, what: &str, options: &Options<'_>) -> Result<Payload, Failure> {
    match accept(documents, what, options)? {
        Body::Payload(payload) => Ok(payload),
        _ => Err(Failure::new(format!("{what} is no full payload"))),
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
/// The payload or the old one has an error, a variable gives no password, or an edit lacks the old payload.
pub fn script(kind: &str, text: &str, options: &ScriptOptions) -> Result<Script, Failure> {
    write_script(kind, text, options)
}

/// The script as text, in files: none where there is nothing to do, but for the Data API, whose list is empty then.
///
/// # Errors
/// As for [`script`].
pub fn script_files(
    kind: &str,
    text: &str,
    options: &ScriptFilesOptions,
) -> Result<Vec<ScriptFile>, Failure> {
    let files = write_script(kind, text, &options.script)?.render(options.flavor);
    Ok(files
        .into_iter()
        .map(|script::ScriptFile { name, text, secret }| ScriptFile { name, text, secret })
        .collect())
}

fn write_script(kind: &str, text: &str, options: &ScriptOptions) -> Result<Script, Failure> {
    let kind = script_kind(kind)?;
    let old = options.from.as_deref().map(old_payload).transpose()?;
    match (kind, &old) {
        (ScriptKind::Edit, None) => {
            return Err(Failure::new("an edit starts from the payload in force: give it as `from`"));
        }
        (ScriptKind::Edit, Some(_)) | (_, None) => {}
        (_, Some(_)) => return Err(Failure::new("`from` goes with `edit` only")),
    }
    if options.set_password && kind != ScriptKind::Edit {
        return Err(Failure::new("`setPassword` goes with `edit` only"));
    }
    if options.set_password && options.existing_user {
        return Err(Failure::new(
            "`setPassword` does not go with `existingUser`: an account that exists keeps its password",
        ));
    }
    let documents = Documents::from(text);
    let operation = kind.operation(check::is_automatic(&documents));
    let payload = accept_payload(&documents, "the payload", &as_operation(operation, old.as_ref()))?;
    let script_options = script::ScriptOptions {
        password: options.password,
        existing_database: options.existing_database,
        existing_user: options.existing_user,
        set_password: options.set_password,
    };
    let env = |name: &str| options.env.get(name).cloned();
    script::script(kind, &payload, old.as_ref(), &script_options, &env).map_err(|error| match error {
        ScriptError::UnresolvedSecret(secret) => {
            refused(&documents, "the payload", &[check::unresolved_secret(&documents, &secret)])
        }
        ScriptError::HashedPassword(password) => {
            refused(&documents, "the payload", &[check::hashed_password(&documents, &password)])
        }
        ScriptError::WeakPassword(password) => {
            refused(&documents, "the payload", &[check::weak_password(&documents, &password)])
        }
        other => Failure::new(other.to_string()),
    })
}

fn script_kind(name: &str) -> Result<ScriptKind, Failure> {
    let names = ScriptKind::ALL.map(ScriptKind::name);
    ScriptKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| unknown("script", name, names))
}

/// `name` is not repeated: whoever mixes up the arguments gives the payload.
fn unknown<'n>(what: &str, name: &str, names: impl IntoIterator<Item = &'n str>) -> Failure {
    let names: Vec<&str> = names.into_iter().collect();
    let help = suggest::closest(name, names.iter().copied()).map_or_else(
        || format!("there are {}", names.join(", ")),
        |meant| format!("did you mean `{meant}`?"),
    );
    Failure::new(format!("there is no such {what}; {help}"))
}

fn operation(name: &str) -> Result<Operation, Failure> {
    let names = Operation::ALL.map(Operation::name);
    name.parse::<Operation>().map_err(|_| unknown("operation", name, names))
}

/// The request: JSON text for [`RequestFormat::Json`], else the text itself.
///
/// # Errors
/// The operation is no request, the payload has an error or is missing, or the URL or the id is no good.
pub fn request(name: &str, text: Option<&str>, options: &RequestOptions) -> Result<String, Failure> {
    let operation = operation(name)?;
    let body = match (operation.body_kind(), text) {
        (BodyKind::Payload | BodyKind::Credentials, Some(text)) => {
            accept(&text.into(), "the payload", &as_operation(operation, None))?
        }
        (BodyKind::Payload, None) => return Err(Failure::new(format!("`{operation}` sends a payload"))),
        (BodyKind::Credentials, None) => Body::Empty,
        (_, None) => Body::Response,
        (_, Some(_)) => return Err(Failure::new(format!("`{operation}` sends no payload"))),
    };
    let request = Request::new(operation, &body, options.url.as_deref(), options.id.as_deref())
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(match options.format {
        RequestFormat::Json => serde_json::to_string(&request).unwrap_or_default(),
        RequestFormat::Curl => request.to_curl(),
        RequestFormat::Http => request.to_http(),
    })
}

/// What `GET /integrations/{id}` would return, as JSON text.
///
/// # Errors
/// The payload has an error.
pub fn redact(text: &str, options: &RedactOptions) -> Result<String, Failure> {
    let payload = accept_payload(&text.into(), "the payload", &as_operation(Operation::Create, None))?;
    Ok(serde_json::to_string(&redacted(&payload, options.id.as_deref())).unwrap_or_default())
}

/// The names of the operations, codes, scripts and schemas, each list separated by spaces, one a line.
#[must_use]
pub fn names() -> String {
    let lists = [
        Operation::ALL.map(Operation::name).join(" "),
        Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(" "),
        ScriptKind::ALL.map(ScriptKind::name).join(" "),
        schemas::names().collect::<Vec<_>>().join(" "),
    ];
    lists.join("\n")
}

/// The JSON Schema of an operation's document, of a report or of a script.
///
/// # Errors
/// There is no such schema.
pub fn schema(name: &str) -> Result<&'static str, Failure> {
    schemas::text(name).ok_or_else(|| unknown("schema", name, schemas::names()))
}

/// A code, explained.
///
/// # Errors
/// There is no such code.
pub fn explain(name: &str) -> Result<Explanation, Failure> {
    let code = name
        .parse::<Code>()
        .map_err(|_| unknown("code", name, Code::ALL.iter().map(|code| code.as_str())))?;
    let check::Explanation { title, what, why, mend, wrong, right, .. } = *explanation(code);
    Ok(Explanation { code, severity: code.severity(), title, what, why, mend, wrong, right })
}
