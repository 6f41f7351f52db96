//! `suspicious-character`: an invisible character in a value, or one that a word processor substituted for another; and
//! blank values.

use super::placeholder::Placeholders;
use crate::characters::{Class, is_blank};
use crate::check::characters::{Subject, Suspect, cleaned, describe, subject_of, suspects};
use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::fix_builder::FixBuilder;
use crate::check::part::{Part, visit};
use crate::check::schema_errors::{boolean, port};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Edit, Fix, Severity};
use crate::document::{Node, Span};
use crate::payload::Secret;
use crate::schema::format::is_bare_host;
use crate::schema::{Kind, Property, ValueType, Violation};
use crate::text::pointer::pointer;
use crate::text::suggest::closest;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "invisible or misleading character",
    what: "A value starts or ends with whitespace, contains an invisible character, such as a no-break or zero-width \
           space, or a typographic dash, or has quotes that are part of the value. The message names the character. \
           Blank values are reported, too.",
    why: "Such characters come from text that was pasted from a web page or a document. They become part of the \
          name, and the database, user or group cannot be found without them. It is an error if the character makes \
          the value unusable, as in a host, or if the value is blank.",
    fix: "Remove the character, or replace it with the ASCII character that it resembles. Letters of other scripts \
          are allowed.",
    wrong: "username: \"immuta_service \"",
    right: "username: immuta_service",
    sources: &[source::UNICODE],
};

/// The diagnostics for the characters of a body, and the pointers to values for which other diagnostics are suppressed.
pub(in crate::check) fn find(
    context: &Context<'_>,
    violations: &[Violation],
    placeholders: &Placeholders,
) -> (Vec<Diagnostic>, Vec<String>) {
    let (mut diagnostics, mut suppressed) = (Vec::new(), Vec::new());
    let body = context.operation.body_kind();
    if !body.is_request() {
        return (diagnostics, suppressed);
    }
    visit(context.root, Property::of(body), &mut Vec::new(), &mut |path, part| {
        let Part::Value(node, Property { value_type, .. }) = part else { return };
        if !matches!(value_type, ValueType::Scalar | ValueType::Host | ValueType::Secret) {
            return;
        }
        let is_secret = matches!(value_type, ValueType::Secret);
        let Some(value) = node.as_str().filter(|value| !is_secret || !Secret::is_reference(value)) else {
            return;
        };
        let is_blank = !value.is_empty() && is_blank(value);
        let mut found = suspects(value, subject_of(value_type));
        if found.is_empty() && value.is_ascii() && !is_blank {
            return;
        }
        let pointer = pointer(path);
        if placeholders.has(&pointer) {
            return;
        }
        let violation = violation_of(violations, &pointer).filter(|_| !is_secret);
        // The schemas do not reject blank values.
        if is_blank && violation.is_none() {
            let message = format!("{} is blank", name(&pointer));
            let help = if is_secret {
                "write the password itself, or use `${NAME}` to read it from an environment variable"
            } else {
                "write the value"
            };
            let diagnostic = Diagnostic::new(Code::SuspiciousCharacter, pointer, node.span, message);
            diagnostics.push(diagnostic.with_severity(Severity::Error).with_help(help));
            return;
        }
        let is_invalid = violation.is_some_and(may_be_due_to_characters);
        if is_invalid {
            found = suspects(value, Subject::Ascii);
        }
        // Ordinary whitespace, and control characters that violate the schema, are reported with other codes.
        let is_of_type = matches!(violation, Some(Kind::Type(_)));
        let is_reported = |suspect: &Suspect| match Class::in_syntax(suspect.c) {
            Some(_) => suspect.c.is_control() && !is_of_type,
            None => true,
        };
        if violation.is_some() && found.iter().all(is_reported) {
            return;
        }
        let Some(message) = describe(value, &found, &name(&pointer)) else { return };
        let severity = if is_invalid { Severity::Error } else { Code::SuspiciousCharacter.severity() };
        let clean = cleaned(value, &found);
        let intended = violation.filter(|_| is_invalid && context.redaction.allows(node));
        let intended = intended.and_then(|kind| intended_value(kind, context.fix_builder, node, &clean));
        let (help, fix) = match intended {
            Some((help, fix)) => (help, Some(fix)),
            None => (help(&found, value_type, is_invalid).to_owned(), None),
        };
        let diagnostic = Diagnostic::new(Code::SuspiciousCharacter, pointer.as_str(), node.span, message)
            .with_severity(severity)
            .with_help(help);
        diagnostics.push(if context.redaction.is_secret(node) {
            // The position of a character would reveal something about a password.
            diagnostic
        } else {
            let edits = edits(context.text, node, value, &found);
            let span = edits.as_ref().and_then(|edits| edits.first()).map_or(node.span, |edit| edit.span);
            // Offer no fix if the result would be invalid, too, or if the value may contain more than a name.
            let is_fixable = match value_type {
                ValueType::Host if is_invalid => is_bare_host(&clean),
                _ => violation.is_none() && context.redaction.allows(node),
            };
            let edits = edits.filter(|_| is_fixable);
            let without =
                || edits.and_then(|edits| without_suspects(context.fix_builder, node, &clean, &found, edits));
            Diagnostic { span, ..diagnostic }.with_fix(fix.unwrap_or_else(without))
        });
        if is_invalid {
            suppressed.push(pointer);
        }
    });
    (diagnostics, suppressed)
}

/// The violation of the value itself.
fn violation_of<'v>(violations: &'v [Violation], pointer: &str) -> Option<&'v Kind> {
    let is_of_value = |kind: &Kind| !matches!(kind, Kind::Missing(_) | Kind::Unknown | Kind::Forbidden);
    let mut of_value = violations.iter().filter(|violation| is_of_value(&violation.kind));
    of_value.find(|violation| violation.pointer == pointer).map(|violation| &violation.kind)
}

/// Whether a suspicious character can be the cause of a violation.
fn may_be_due_to_characters(kind: &Kind) -> bool {
    match kind {
        Kind::Type(_) | Kind::Choice(_) => true,
        Kind::Format(format) => format == "bare-host",
        _ => false,
    }
}

/// The help and the fix for a value that is invalid because of its characters, from the value without them.
fn intended_value(
    kind: &Kind,
    fix_builder: FixBuilder<'_>,
    node: &Node,
    clean: &str,
) -> Option<(String, Option<Fix>)> {
    match kind {
        Kind::Choice(options) => {
            let meant = closest(clean, options.iter().map(String::as_str))?;
            Some((format!("did you mean `{meant}`?"), fix_builder.choose(node, meant)))
        }
        Kind::Type(expected) if expected.contains(&"boolean") => {
            let value = boolean(clean)?;
            Some((format!("write `{value}`"), fix_builder.boolean(node, value)))
        }
        Kind::Type(expected) if expected.contains(&"integer") => {
            let (number, is_safe) = port(clean)?;
            Some((format!("write `{number}`"), fix_builder.number(node, number, is_safe)))
        }
        _ => None,
    }
}

fn help(suspects: &[Suspect], value_type: &ValueType, is_invalid: bool) -> &'static str {
    let first = suspects.first();
    match (first.map(|suspect| suspect.class), value_type) {
        (_, ValueType::Secret) => "remove it, unless it is part of the password",
        (Some(Class::Quote(_)), _) if first.is_some_and(|suspect| suspect.c.is_ascii()) => {
            "remove the quotes: they would be part of the name"
        }
        (Some(Class::Quote(_)), _) => "remove the typographic quotes, or use straight ones",
        (Some(Class::Dash), _) => "use `-`",
        (Some(Class::Wide(_)), _) => "use the ASCII character",
        (Some(Class::Broken), _) => "save the file as UTF-8, and restore the original character",
        // At the start or end, an ordinary space would be suspicious too.
        (Some(Class::Space | Class::LineBreak), _)
            if !is_invalid && first.is_some_and(|suspect| !suspect.is_at_edge) =>
        {
            "remove it, or use an ordinary space"
        }
        _ => "remove it",
    }
}

/// The edits that replace each suspect in the text; `None` if escape sequences, line breaks or an alias make the positions
/// unknown.
fn edits(text: &str, node: &Node, value: &str, suspects: &[Suspect]) -> Option<Vec<Edit>> {
    let raw = text.get(node.span.start..node.span.end)?;
    let inner = match raw.chars().next()? {
        quote @ ('"' | '\'') => raw.strip_prefix(quote)?.strip_suffix(quote)?,
        _ => raw,
    };
    let start = node.span.start + usize::from(inner.len() < raw.len());
    if inner != value || node.span != node.origin {
        return None;
    }
    let edit = |suspect: &Suspect| {
        let at = start + suspect.at;
        Edit { span: Span::new(at, at + suspect.c.len_utf8()), text: suspect.replacement() }
    };
    Some(suspects.iter().map(edit).collect())
}

/// Removes or replaces the suspects. Safe if that only removes characters that can neither be seen nor typed.
fn without_suspects(
    fix_builder: FixBuilder<'_>,
    node: &Node,
    clean: &str,
    suspects: &[Suspect],
    edits: Vec<Edit>,
) -> Option<Fix> {
    let is_safe = |suspect: &Suspect| {
        Class::in_syntax(suspect.c).is_some()
            && (suspect.class.is_unseen() || suspect.class == Class::Selector)
            && suspect.replacement().is_empty()
    };
    fix_builder.clean(node, clean, edits, suspects.iter().all(is_safe))
}
