//! `suspicious-character`: a character of a value that nobody sees, or that a text processor put in the place of another one;
//! and a value that is blank.

use super::placeholder::Placeholders;
use crate::characters::{Class, is_blank};
use crate::check::characters::{Subject, Suspect, cleaned, said, subject_of, suspects};
use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::fix_builder::FixBuilder;
use crate::check::part::{Part, visit};
use crate::check::schema_errors::{port, truth};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Edit, Fix, Severity};
use crate::document::{Node, Span};
use crate::payload::Secret;
use crate::schema::format::is_bare_host;
use crate::schema::{Kind, Property, Shape, Violation};
use crate::text::pointer::pointer;
use crate::text::suggest::closest;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a character that cannot be seen, or is not what it seems",
    what: "A value has white space at its beginning or end, a character that cannot be seen, such as a no-break \
           or zero-width space, a typographic dash, or quotes around it that belong to it, and the message \
           names the character; or it is blank.",
    why: "Such characters come with text that is pasted from a page or a document. They belong to the name, so \
          that no other spelling finds the database, user or group again. It is an error where the value \
          cannot be used with it, as in a host, and where nothing else is left.",
    fix: "Remove the character, or write what it seems to be. Letters of other scripts are no mistake.",
    wrong: "username: \"immuta_service \"",
    right: "username: immuta_service",
    sources: &[source::UNICODE],
};

/// What there is to say of the characters of a body, and the pointers to the values of which nothing else is said.
pub(in crate::check) fn find(
    context: &Context<'_>,
    violations: &[Violation],
    placeholders: &Placeholders,
) -> (Vec<Diagnostic>, Vec<String>) {
    let (mut diagnostics, mut silenced) = (Vec::new(), Vec::new());
    let body = context.operation.body_kind();
    if !body.is_request() {
        return (diagnostics, silenced);
    }
    visit(context.root, Property::of(body), &mut Vec::new(), &mut |path, part| {
        let Part::Value(node, Property { shape, .. }) = part else { return };
        if !matches!(shape, Shape::Scalar | Shape::Host | Shape::Secret) {
            return;
        }
        let is_secret = matches!(shape, Shape::Secret);
        let Some(value) = node.as_str().filter(|value| !is_secret || !Secret::is_reference(value)) else {
            return;
        };
        let is_blank = !value.is_empty() && is_blank(value);
        let mut found = suspects(value, subject_of(shape));
        if found.is_empty() && value.is_ascii() && !is_blank {
            return;
        }
        let pointer = pointer(path);
        if placeholders.has(&pointer) {
            return;
        }
        let refused = refused(violations, &pointer).filter(|_| !is_secret);
        // The schemas do not tell a value that is blank from another one.
        if is_blank && refused.is_none() {
            let message = format!("{} is blank", name(&pointer));
            let help = if is_secret {
                "write the password itself, or `${NAME}` to take it from the environment"
            } else {
                "write the value"
            };
            let diagnostic = Diagnostic::new(Code::SuspiciousCharacter, pointer, node.span, message);
            diagnostics.push(diagnostic.with_severity(Severity::Error).with_help(help));
            return;
        }
        let is_refused = refused.is_some_and(is_due_to_characters);
        if is_refused {
            found = suspects(value, Subject::Ascii);
        }
        // Of white space that everybody types, and of control characters where they are what is refused, other codes
        // say as much.
        let is_of_type = matches!(refused, Some(Kind::Type(_)));
        let is_told = |suspect: &Suspect| match Class::in_syntax(suspect.c) {
            Some(_) => suspect.c.is_control() && !is_of_type,
            None => true,
        };
        if refused.is_some() && found.iter().all(is_told) {
            return;
        }
        let Some(message) = said(value, &found, &name(&pointer)) else { return };
        let severity = if is_refused { Severity::Error } else { Code::SuspiciousCharacter.severity() };
        let clean = cleaned(value, &found);
        let meant = refused.filter(|_| is_refused && context.redaction.shows(node));
        let meant = meant.and_then(|kind| meant_by(kind, context.fix_builder, node, &clean));
        let (help, fix) = match meant {
            Some((help, fix)) => (help, Some(fix)),
            None => (help(&found, shape, is_refused).to_owned(), None),
        };
        let diagnostic = Diagnostic::new(Code::SuspiciousCharacter, pointer.as_str(), node.span, message)
            .with_severity(severity)
            .with_help(help);
        diagnostics.push(if context.redaction.is_secret(node) {
            // Where in a password a character stands would tell something about it.
            diagnostic
        } else {
            let places = places(context.text, node, value, &found);
            let span = places.as_ref().and_then(|places| places.first()).map_or(node.span, |edit| edit.span);
            // Nothing is fixed into what is refused, too, or is more than a name.
            let is_right = match shape {
                Shape::Host if is_refused => is_bare_host(&clean),
                _ => refused.is_none() && context.redaction.shows(node),
            };
            let places = places.filter(|_| is_right);
            let without = || {
                places.and_then(|places| without_suspects(context.fix_builder, node, &clean, &found, places))
            };
            Diagnostic { span, ..diagnostic }.with_fix(fix.unwrap_or_else(without))
        });
        if is_refused {
            silenced.push(pointer);
        }
    });
    (diagnostics, silenced)
}

/// What the schema has against the value.
fn refused<'v>(violations: &'v [Violation], pointer: &str) -> Option<&'v Kind> {
    let is_of_value = |kind: &Kind| !matches!(kind, Kind::Missing(_) | Kind::Unknown | Kind::Forbidden);
    let mut of_value = violations.iter().filter(|violation| is_of_value(&violation.kind));
    of_value.find(|violation| violation.pointer == pointer).map(|violation| &violation.kind)
}

/// Whether a suspicious character is reason enough for the schema to refuse a value.
fn is_due_to_characters(kind: &Kind) -> bool {
    match kind {
        Kind::Type(_) | Kind::Choice(_) => true,
        Kind::Format(format) => format == "bare-host",
        _ => false,
    }
}

/// What a value that the schema refuses for its characters is meant for, without them: the help, and the fix that writes it.
fn meant_by(
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
            let truth = truth(clean)?;
            Some((format!("write `{truth}`"), fix_builder.truth(node, truth)))
        }
        Kind::Type(expected) if expected.contains(&"integer") => {
            let (number, is_safe) = port(clean)?;
            Some((format!("write `{number}`"), fix_builder.number(node, number, is_safe)))
        }
        _ => None,
    }
}

fn help(suspects: &[Suspect], shape: &Shape, is_refused: bool) -> &'static str {
    let first = suspects.first();
    match (first.map(|suspect| suspect.class), shape) {
        (_, Shape::Secret) => "remove it, unless it really belongs to the password",
        (Some(Class::Quote(_)), _) if first.is_some_and(|suspect| suspect.c.is_ascii()) => {
            "remove the quotes: they would belong to the name"
        }
        (Some(Class::Quote(_)), _) => "remove the typographic quotes, or write straight ones",
        (Some(Class::Dash), _) => "write `-`",
        (Some(Class::Wide(_)), _) => "write the character of ASCII",
        (Some(Class::Broken), _) => "save the text as UTF-8, and write the character that was there",
        // At an end, an ordinary space would belong there as little.
        (Some(Class::Space | Class::LineBreak), _)
            if !is_refused && first.is_some_and(|suspect| !suspect.is_at_edge) =>
        {
            "remove it, or write an ordinary space"
        }
        _ => "remove it",
    }
}

/// Where each suspect stands in the text, with what belongs in its place; `None` where escape sequences, line breaks
/// or an alias keep that from being told.
fn places(text: &str, node: &Node, value: &str, suspects: &[Suspect]) -> Option<Vec<Edit>> {
    let raw = text.get(node.span.start..node.span.end)?;
    let inner = match raw.chars().next()? {
        quote @ ('"' | '\'') => raw.strip_prefix(quote)?.strip_suffix(quote)?,
        _ => raw,
    };
    let start = node.span.start + usize::from(inner.len() < raw.len());
    if inner != value || node.span != node.origin {
        return None;
    }
    let place = |suspect: &Suspect| {
        let at = start + suspect.at;
        Edit { span: Span::new(at, at + suspect.c.len_utf8()), text: suspect.replacement() }
    };
    Some(suspects.iter().map(place).collect())
}

/// Their removal or replacement: safe if nothing goes away but what can neither be seen nor typed.
fn without_suspects(
    fix_builder: FixBuilder<'_>,
    node: &Node,
    clean: &str,
    suspects: &[Suspect],
    places: Vec<Edit>,
) -> Option<Fix> {
    let is_safe = |suspect: &Suspect| {
        Class::in_syntax(suspect.c).is_some()
            && (suspect.class.is_unseen() || suspect.class == Class::Selector)
            && suspect.replacement().is_empty()
    };
    fix_builder.clean(node, clean, places, suspects.iter().all(is_safe))
}
