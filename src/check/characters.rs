//! Characters that nobody sees, or that a text processor put in the place of others: no-break and zero-width ones,
//! white space at the ends, typographic quotes and dashes; and quotes around a name that would belong to it.
//!
//! Names in other scripts hold none of them, but for the two joiners, which some scripts need between their letters, and
//! for variation selectors behind them.

use super::mender::Mender;
use super::part::{Part, visit};
use super::placeholder::Placeholders;
use super::rules::Context;
use super::schema_errors::{port, truth};
use super::wording::name;
use super::{Code, Diagnostic, Mend, Severity};
use crate::characters::{Class, is_blank, is_unseen, named};
use crate::document::{Node, Span};
use crate::payload::Secret;
use crate::schema::format::is_bare_host;
use crate::schema::{Kind, Property, Shape, Violation};
use crate::text::pointer::pointer;
use crate::text::suggest::closest;

/// The longest name, host or word that is looked at, in bytes: a longer one is refused for its length, and what each of its
/// characters is would cost many times its size.
const LONGEST: usize = 1024;

/// A character of a text that does not belong there, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    at: usize,
    c: char,
    class: Class,
    /// Whether nothing that can be seen stands before it, or nothing behind it.
    is_at_edge: bool,
}

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// A name, which may hold letters, dashes and quotes of any script.
    Name,
    /// A secret, which may hold anything that can be seen.
    Secret,
    /// What has to be in ASCII: a host, a number, a word of the schema.
    Ascii,
    /// What is meant for a word of the schema, so that no letter of another script belongs to it.
    Word,
}

/// The suspicious characters of `text`, in its order.
fn suspects(text: &str, subject: Subject) -> Vec<Suspect> {
    let is_quote = |c: char| matches!(Class::of(c), Some(Class::Quote(_)));
    let is_around = |c: char| is_unseen(c) || is_quote(c);
    let is_long = text.len() > LONGEST && subject != Subject::Secret;
    if is_long || text.is_ascii() && !text.starts_with(is_around) && !text.ends_with(is_around) {
        return Vec::new();
    }
    let start = text.len() - text.trim_start_matches(is_unseen).len();
    let end = text.trim_end_matches(is_unseen).len();
    let core = text.get(start..end).unwrap_or_default();
    let is_quoted = core.chars().nth(1).is_some() && core.starts_with(is_quote) && core.ends_with(is_quote);
    let is_of_word = matches!(subject, Subject::Ascii | Subject::Word);
    let mut suspects = Vec::new();
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map(|(_, c)| *c);
        let is_between = |holds: fn(&char) -> bool| {
            before.is_some_and(|c: char| holds(&c)) && after.is_some_and(|c| holds(&c))
        };
        let is_at_end = at == start || at + c.len_utf8() == end;
        let is_foreign = |c: &char| !c.is_ascii() && !is_unseen(*c);
        let is_suspicious = |class: Class| match class {
            Class::Space | Class::LineBreak | Class::Invisible | Class::Broken | Class::Foreign => true,
            Class::Joiner => !is_between(is_foreign),
            Class::Blank => !c.is_ascii() && !is_between(is_foreign),
            Class::Selector => {
                !before.is_some_and(|c| is_foreign(&c) && Class::of(c) != Some(Class::Selector))
            }
            // A secret may well be written in them.
            Class::Quote(_) if subject == Subject::Secret && c.is_ascii() => false,
            // An apostrophe may end a name.
            Class::Quote(straight) if c == straight && c != '\'' => is_at_end,
            Class::Quote(_) if c.is_ascii() => is_quoted && is_at_end,
            Class::Quote(_) | Class::Dash | Class::Wide(_) if is_of_word => true,
            Class::Quote(_) => is_quoted && is_at_end,
            Class::Dash => subject == Subject::Name && is_between(char::is_ascii_alphanumeric),
            Class::Wide(_) => false,
        };
        let class = match Class::of(c) {
            None if subject == Subject::Word && !c.is_ascii() => Some(Class::Foreign),
            class => class,
        };
        let is_at_edge = at < start || at >= end;
        if let Some(class) = class.filter(|class| is_at_edge || is_suspicious(*class)) {
            suspects.push(Suspect { at, c, class, is_at_edge });
        }
        before = Some(c);
    }
    suspects
}

/// A key without the characters that are suspicious in it, and what there is to say of them; `None` if there are none.
pub(super) fn clean_key(key: &str) -> Option<(String, String)> {
    let suspects = suspects(key, Subject::Ascii);
    let said = said(key, &suspects, "this key")?;
    Some((cleaned(key, &suspects), said))
}

/// What there is to say of the characters of a text that is meant for one of the schema's words, and is called
/// `subject`: letters that only look like those of the word are among them.
pub(super) fn of_word(text: &str, subject: &str) -> Option<String> {
    said(text, &suspects(text, Subject::Word), subject)
}

/// What there is to say of the characters of a value, which is called `subject`.
pub(super) fn of_value(value: &str, shape: &Shape, subject: &str) -> Option<String> {
    said(value, &suspects(value, subject_of(shape)), subject)
}

/// A name without the characters that are suspicious in it, to be judged by other rules.
pub(super) fn clean_name(name: &str) -> String {
    cleaned(name, &suspects(name, Subject::Name))
}

/// A password without the characters that are suspicious in it, to be judged by other rules.
pub(super) fn clean_password(password: &str) -> String {
    cleaned(password, &suspects(password, Subject::Secret))
}

/// The first control character of `text`, by its name.
pub(super) fn control(text: &str) -> Option<String> {
    text.chars().find(|c| c.is_control()).map(named)
}

/// The text without `suspects`.
fn cleaned(text: &str, suspects: &[Suspect]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut suspects = suspects.iter().peekable();
    for (at, c) in text.char_indices() {
        match suspects.next_if(|suspect| suspect.at == at) {
            None => clean.push(c),
            Some(suspect) => clean.push_str(&suspect.replacement()),
        }
    }
    clean
}

impl Suspect {
    /// What belongs in its place, which may be nothing.
    fn replacement(&self) -> String {
        match self.class {
            Class::Space | Class::LineBreak if !self.is_at_edge => " ".to_owned(),
            Class::Dash => "-".to_owned(),
            Class::Wide(narrow) => narrow.to_string(),
            _ => String::new(),
        }
    }
}

/// The first of the suspects, its place in `text` and how many more there are: `U+00A0 no-break space at the end of` the
/// subject.
fn said(text: &str, suspects: &[Suspect], subject: &str) -> Option<String> {
    let first = suspects.first()?;
    let is_seen = |c: char| !is_unseen(c) && Class::of(c) != Some(Class::Selector);
    let place = if !text.get(..first.at)?.contains(is_seen) && text.contains(is_seen) {
        "at the beginning of"
    } else if !text.get(first.at + first.c.len_utf8()..)?.contains(is_seen) {
        "at the end of"
    } else {
        "in"
    };
    let others = suspects.len() - 1;
    let more = match others {
        0 => String::new(),
        1 => ", and another such character".to_owned(),
        _ => format!(", and {others} other such characters"),
    };
    Some(format!("{} {place} {subject}{more}", named(first.c)))
}

/// What there is to say of the characters of a body, and the pointers to the values of which nothing else is said.
pub(super) fn find(
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
        let meant = refused.filter(|_| is_refused && context.visibility.shows(node));
        let meant = meant.and_then(|kind| meant_by(kind, context.mender, node, &clean));
        let (help, mend) = match meant {
            Some((help, mend)) => (help, Some(mend)),
            None => (help(&found, shape, is_refused).to_owned(), None),
        };
        let diagnostic = Diagnostic::new(Code::SuspiciousCharacter, pointer.as_str(), node.span, message)
            .with_severity(severity)
            .with_help(help);
        diagnostics.push(if context.visibility.is_secret(node) {
            // Where in a password a character stands would tell something about it.
            diagnostic
        } else {
            let places = places(context.text, node, value, &found);
            let span = places.as_ref().and_then(|places| places.first()).map_or(node.span, |(span, _)| *span);
            // Nothing is mended into what is refused, too, or is more than a name.
            let is_right = match shape {
                Shape::Host if is_refused => is_bare_host(&clean),
                _ => refused.is_none() && context.visibility.shows(node),
            };
            let places = places.filter(|_| is_right);
            let fix = || places.and_then(|places| fix(context.mender, node, &clean, &found, &places));
            Diagnostic { span, ..diagnostic }.with_mend(mend.unwrap_or_else(fix))
        });
        if is_refused {
            silenced.push(pointer);
        }
    });
    (diagnostics, silenced)
}

const fn subject_of(shape: &Shape) -> Subject {
    match shape {
        Shape::Host => Subject::Ascii,
        Shape::Secret => Subject::Secret,
        _ => Subject::Name,
    }
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

/// What a value that the schema refuses for its characters is meant for, without them: the help, and the mend that writes it.
fn meant_by(kind: &Kind, mender: Mender<'_>, node: &Node, clean: &str) -> Option<(String, Option<Mend>)> {
    match kind {
        Kind::Choice(options) => {
            let meant = closest(clean, options.iter().map(String::as_str))?;
            Some((format!("did you mean `{meant}`?"), mender.choose(node, meant)))
        }
        Kind::Type(expected) if expected.contains(&"boolean") => {
            let truth = truth(clean)?;
            Some((format!("write `{truth}`"), mender.truth(node, truth)))
        }
        Kind::Type(expected) if expected.contains(&"integer") => {
            let (number, is_certain) = port(clean)?;
            Some((format!("write `{number}`"), mender.number(node, number, is_certain)))
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

/// A part of the text, and what belongs in its place.
pub(crate) type Replacement = (Span, String);

/// Where each suspect stands in the text, with what belongs in its place; `None` where escape sequences, line breaks
/// or an alias keep that from being told.
fn places(text: &str, node: &Node, value: &str, suspects: &[Suspect]) -> Option<Vec<Replacement>> {
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
        (Span::new(at, at + suspect.c.len_utf8()), suspect.replacement())
    };
    Some(suspects.iter().map(place).collect())
}

/// Their removal or replacement: safe if nothing goes away but what can neither be seen nor typed.
fn fix(
    mender: Mender<'_>,
    node: &Node,
    clean: &str,
    suspects: &[Suspect],
    places: &[Replacement],
) -> Option<Mend> {
    let is_safe = |suspect: &Suspect| {
        Class::in_syntax(suspect.c).is_some()
            && (suspect.class.is_unseen() || suspect.class == Class::Selector)
            && suspect.replacement().is_empty()
    };
    mender.clean(node, clean, places, suspects.iter().all(is_safe))
}

/// Whether two words are the same but for letter case and suspicious characters.
pub(super) fn is_same_word(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
        || cleaned(word, &suspects(word, Subject::Ascii)).eq_ignore_ascii_case(other)
}
