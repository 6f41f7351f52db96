//! Checks documents against their schema, against rules that a schema cannot express, and against the other
//! documents of the run.

mod at_password;
mod characters;
mod context;
mod excess;
mod explanation;
mod fix;
mod fix_builder;
mod http_help;
mod part;
mod recognize;
mod redaction;
mod rules;
mod schema_errors;
#[cfg(test)]
mod tests;
mod values;
mod wording;

use std::cell::OnceCell;

pub use crate::diagnostic::{
    Applicability, Code, Diagnostic, Edit, Fix, Related, Severity, UnknownCode, apply,
};
pub use crate::payload::Body;
pub use crate::schema::text as schema_text;
pub use excess::{LeftOut, list};
pub use explanation::Explanation;
pub use fix::{Fixed, fix};
pub use http_help::{HttpHelp, explain_http};
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
pub(crate) use recognize::tells_operation;
pub use recognize::{may_be_ours, recognize};
pub use rules::explain;
pub use rules::hashed_password::hashed_password;
pub use rules::integration_conflict::{Conflicts, conflicts};
pub use rules::unresolved_secret::unresolved_secret;
#[cfg(feature = "native")]
pub(crate) use rules::unresolved_secret::unresolved_secret_in;
pub use rules::weak_password::weak_password;

use self::context::Context;
use self::excess::Listing;
use self::fix_builder::FixBuilder;
use self::redaction::Redaction;
use self::rules::{placeholder, suspicious_character};
use crate::document::{Document, Documents, LineIndex, Located, Node, NodeKind, Span, Syntax};
use crate::operation::{BodyKind, Operation};
use crate::payload::Payload;
use crate::schema;
use crate::schema::format::is_bare_host;

/// The origin of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Origin {
    /// A file, which may be under version control.
    #[default]
    File,
    /// A stream, an editor, a call.
    Text,
}

/// How to check.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The operation; `None` to infer it from each document.
    pub operation: Option<Operation>,
    /// The origin of the text.
    pub origin: Origin,
    /// The existing payload, for an update, an edit or a delete.
    pub old: Option<&'a Payload>,
    /// For `delete` without `old`: whether the integration was set up automatically.
    pub auto_bootstrap: Option<bool>,
}

/// A document that has been checked.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The index among the documents of the text, from 0; empty documents next to others are not counted.
    pub index: usize,
    /// The operation it was checked for; `None` if it could not be inferred.
    pub operation: Option<Operation>,
    /// The diagnostics, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// How many diagnostics are not listed: those beyond
    /// [`Limits::diagnostics`](crate::document::Limits::diagnostics) of the text. One of its documents then has
    /// `too-many-diagnostics`.
    pub left_out: LeftOut,
    /// The content; `None` if there is an error, or a placeholder, which must not be used as a value.
    pub body: Option<Body>,
    /// The `host` of a payload with its location, for [`conflicts`]; also set if other parts are invalid.
    pub host: Option<(String, Located)>,
    /// The spans of the text that an excerpt may show: keys, and values that are not secret; sorted, disjoint.
    /// Everything else except whitespace and punctuation is hidden.
    pub visible: Vec<Span>,
    /// Whether the document contains a placeholder, listed or not.
    has_placeholder: bool,
}

impl Checked {
    /// A document with `diagnostics` and nothing else.
    pub(crate) fn of(index: usize, operation: Option<Operation>, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            index,
            operation,
            diagnostics,
            left_out: LeftOut::default(),
            body: None,
            host: None,
            visible: Vec::new(),
            has_placeholder: false,
        }
    }

    /// Whether there are no errors, listed or not.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let is_error =
            |found: &Diagnostic| found.severity == Severity::Error && found.code != Code::TooManyDiagnostics;
        self.left_out.errors == 0 && !self.diagnostics.iter().any(is_error)
    }

    /// Whether the text could not be parsed.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        const UNREADABLE: [Code; 4] = [Code::Syntax, Code::TooDeep, Code::TooLarge, Code::AliasLimit];
        self.diagnostics.iter().any(|diagnostic| UNREADABLE.contains(&diagnostic.code))
    }

    /// Turns every placeholder into an error: for a script, a request or a run, which use the values as they are. A
    /// check reports a warning, since placeholders may be filled in later.
    pub fn refuse_placeholders(&mut self) {
        for diagnostic in &mut self.diagnostics {
            if diagnostic.code == Code::Placeholder {
                diagnostic.severity = Severity::Error;
            }
        }
        if self.has_placeholder && self.is_valid() {
            // The placeholder is not listed.
            self.left_out.warnings = self.left_out.warnings.saturating_sub(1);
            self.left_out.errors += 1;
        }
    }
}

/// How much to compute for a document; each level includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    #[cfg(feature = "wasm")]
    Diagnostics,
    /// Also the host, to compare it with others.
    Host,
    /// Also the body, and what an excerpt may show.
    Everything,
}

/// Checks every document of a text.
#[must_use]
pub fn check(documents: &Documents<'_>, options: &Options<'_>) -> Vec<Checked> {
    check_those(documents, options, &|_| true)
}

/// Checks every document of a text, but keeps only those that `is_ours` accepts. The diagnostics of others do not count
/// towards the limit.
#[must_use]
pub fn check_those(
    documents: &Documents<'_>,
    options: &Options<'_>,
    is_ours: &dyn Fn(&Checked) -> bool,
) -> Vec<Checked> {
    check_documents(documents, options, Detail::Everything, is_ours)
}

/// Like [`check`], for a report on this text alone: without bodies and visible spans, which take as long as the check.
#[cfg(feature = "wasm")]
pub(crate) fn diagnose(documents: &Documents<'_>, options: &Options<'_>) -> Vec<Checked> {
    let detail = if documents.iter().len() == 1 { Detail::Diagnostics } else { Detail::Host };
    check_documents(documents, options, detail, &|_| true)
}

fn check_documents(
    documents: &Documents<'_>,
    options: &Options<'_>,
    detail: Detail,
    is_ours: &dyn Fn(&Checked) -> bool,
) -> Vec<Checked> {
    let text = documents.text();
    let lines = OnceCell::new();
    let mut listing = Listing::new(documents.limits());
    let is_sealed = documents.iter().any(|document| placeholder::is_of_sops(text, document.root.as_ref()));
    for document in documents {
        let mut checked = check_document(documents, &lines, document, options, detail);
        // SOPS rejects a file after any change.
        if is_sealed {
            checked.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.fix = None);
        }
        if is_ours(&checked) {
            listing.add(checked);
        }
    }
    listing.finish()
}

fn check_document<'t>(
    documents: &'t Documents<'_>,
    lines: &OnceCell<LineIndex<'t>>,
    document: &Document,
    options: &Options<'_>,
    detail: Detail,
) -> Checked {
    let text = documents.text();
    let Document { index, syntax, root, problems, more_duplicates } = document;
    let (index, mut diagnostics) = (*index, problems.clone());
    let mut left_out = LeftOut { errors: *more_duplicates, ..LeftOut::default() };
    let operation = options.operation.or_else(|| root.as_ref().and_then(recognize::operation));
    let kind = operation.map(Operation::body_kind);
    for problem in &mut diagnostics {
        redaction::redact_keys(problem, kind.unwrap_or(BodyKind::Payload));
    }
    let Some(root) = root else {
        return Checked { left_out, ..Checked::of(index, operation, diagnostics) };
    };
    let redaction = Redaction::of(root, kind);
    match (placeholder::encrypted_file(root), operation) {
        (Some(encrypted), _) => diagnostics.push(encrypted),
        (None, Some(operation)) => {
            let context = Context {
                text,
                limits: documents.limits(),
                root,
                operation,
                syntax: *syntax,
                options,
                redaction: &redaction,
                fix_builder: FixBuilder::new(text),
            };
            diagnostics.extend(content(&context, &mut left_out));
        }
        (None, None) => diagnostics.push(unknown_body(root)),
    }
    // Responses of the API are not for users to fix.
    if !matches!(kind, None | Some(BodyKind::Payload | BodyKind::Credentials)) {
        for diagnostic in &mut diagnostics {
            diagnostic.fix = None;
        }
    }
    diagnostics.iter_mut().for_each(name_property);
    let diagnostics = in_order(diagnostics);
    let mut checked = Checked { left_out, ..Checked::of(index, operation, diagnostics) };
    checked.has_placeholder = checked.diagnostics.iter().any(|found| found.code == Code::Placeholder);
    if detail >= Detail::Host && kind == Some(BodyKind::Payload) {
        let is_placeholder =
            |found: &Diagnostic| found.code == Code::Placeholder && found.pointer == "/config/host";
        if !checked.diagnostics.iter().any(is_placeholder) {
            let located = |(host, span)| (host, lines.get_or_init(|| LineIndex::new(text)).locate(span));
            checked.host = host(root, &redaction).map(located);
        }
    }
    if detail >= Detail::Everything {
        let is_final = checked.is_valid() && !checked.has_placeholder;
        checked.body = kind.filter(|_| is_final).and_then(|kind| Body::from_document(root, kind));
        checked.visible = redaction.spans();
    }
    checked
}

/// Sets the property of a diagnostic from its pointer, unless it is already set.
fn name_property(diagnostic: &mut Diagnostic) {
    let key = diagnostic.pointer.rsplit('/').next().filter(|key| schema::is_property(key));
    diagnostic.property = diagnostic.property.take().or_else(|| key.map(str::to_owned));
}

/// The diagnostics in the order of the text.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|found| (found.span.start, found.code, found.span.end));
    diagnostics
}

/// The diagnostics for the content of a document whose operation is known.
fn content(context: &Context<'_>, left_out: &mut LeftOut) -> Vec<Diagnostic> {
    if let Some(diagnostic) = rules::exclusive(context) {
        return vec![diagnostic];
    }
    if context.is_delete_without_body() {
        return Vec::new();
    }
    if let Some(list) = payloads_in_list(context) {
        return vec![list];
    }
    let body = context.operation.body_kind();
    let violations = schema::violations(body, context.root);
    let placeholders = placeholder::find(context);
    left_out.warnings += placeholders.left_out;
    let (characters, suppressed) = suspicious_character::find(context, &violations, &placeholders);
    let mut diagnostics = if violations.is_empty() {
        Vec::new()
    } else {
        schema_errors::diagnose(context, &violations, &placeholders, &suppressed, left_out)
    };
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    let (errors, warnings): (Vec<_>, Vec<_>) = characters.into_iter().partition(is_error);
    diagnostics.extend(errors);
    let more = rules::diagnose(context, &placeholders, &diagnostics);
    diagnostics.extend(more);
    diagnostics.extend(warnings);
    diagnostics.extend(placeholders.diagnostics);
    diagnostics
}

/// The diagnostic for a list of payloads. Only a list of integrations, an API response, is valid.
fn payloads_in_list(context: &Context<'_>) -> Option<Diagnostic> {
    let NodeKind::Array(items) = &context.root.kind else { return None };
    let is_response = context.options.operation.is_some() && !context.operation.body_kind().is_request();
    let is_payload = |item: &Node| {
        let has = |key: &&str| item.member(key).is_some();
        ["config", "autoBootstrap", "authenticationType"].iter().any(has)
            && !["id", "status", "validationResults"].iter().any(has)
    };
    if is_response || items.is_empty() || !items.iter().all(is_payload) {
        return None;
    }
    let span = context.root.span;
    let is_in_brackets = context.text.get(span.start..).is_some_and(|text| text.starts_with('['));
    let help = match (items.len(), is_in_brackets) {
        (1, true) => "remove the brackets around the payload",
        (1, false) => "remove the `- `",
        _ if context.syntax == Syntax::Json => "put each payload in a file of its own",
        _ => "write each payload as a document of its own, with `---` between them",
    };
    let message = "expected a payload object, found an array of payloads";
    Some(Diagnostic::new(Code::WrongType, "", span, message).with_help(help))
}

/// The diagnostic for a document whose operation cannot be inferred.
fn unknown_body(root: &Node) -> Diagnostic {
    let diagnostic = match &root.kind {
        NodeKind::Object(_) => Diagnostic::new(
            Code::MissingProperty,
            "",
            schema_errors::first_key(root),
            "not an integrations API document: expected one of `config`, `authenticationType`, `status`, `statusCode`",
        ),
        NodeKind::Null => Diagnostic::new(Code::WrongType, "", root.span, "the document is empty"),
        _ => Diagnostic::new(
            Code::WrongType,
            "",
            root.span,
            format!("the document: expected an object, found {}", schema_errors::noun(root.type_name())),
        ),
    };
    diagnostic.with_help("write a payload with `type`, `autoBootstrap` and `config`, or name the operation")
}

/// The host of a payload, if it is valid.
fn host(root: &Node, redaction: &Redaction<'_>) -> Option<(String, Span)> {
    let node = root.get("config")?.get("host")?;
    let host = node.as_str().filter(|host| !host.is_empty() && is_bare_host(host))?;
    redaction.allows(node).then(|| (host.to_owned(), node.span))
}

/// Whether the first document of a text asks for automatic setup.
#[must_use]
pub fn is_automatic(documents: &Documents<'_>) -> bool {
    let root = documents.first_root();
    root.and_then(|root| root.get("autoBootstrap")).and_then(Node::as_bool) == Some(true)
}
