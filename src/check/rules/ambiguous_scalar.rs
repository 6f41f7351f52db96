//! `ambiguous-scalar`: a plain scalar that YAML 1.1 parsers read differently from Bootshift, which reads YAML 1.2.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::fix_builder::FixBuilder;
use crate::check::values::Values;
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Fix};
use crate::document::yaml_1_1::{Reading, reading};
use crate::document::{Node, NodeKind, Span, Syntax};
use crate::schema::{Property, ValueType};
use crate::text::pointer::pointer;
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "YAML 1.1 reads the value differently",
    what: "A value without quotes means one thing in YAML 1.2, which Bootshift reads, and another in YAML 1.1: \
           `yes`, \
           `off`, `1:30`, `12_345_678`, `2024-01-01` or `0b11` where a string is expected, `02357` or `0o17` where a \
           number is expected.",
    why: "Many tools still read YAML 1.1, such as PyYAML and tools based on it: they read `yes` as `true`, \
          `1:30` as 90, and `02357` as octal. If one of them processes the payload, the API receives a different \
          value. \
          The YAML 1.1 type repository, https://yaml.org/type/, defines the types.",
    fix: "Put strings in quotes. Write numbers in decimal digits, without leading zeros.",
    wrong: "database: yes\nport: 05439",
    right: "database: \"yes\"\nport: 5439",
    sources: &[source::YAML, source::YAML_1_1_TYPES],
};

/// Adds a note for each value that has no error and that YAML 1.1 reads as another type or number. JSON has no such
/// values.
pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let context = values.context;
    if context.syntax != Syntax::Json {
        let mut rule = Rule { context, errors: values.errors, keys: Vec::new(), diagnostics };
        rule.value(context.root, Property::of(context.operation.body_kind()));
    }
}

struct Rule<'r> {
    context: &'r Context<'r>,
    errors: &'r [Diagnostic],
    /// The path to the current value.
    keys: Vec<&'static str>,
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl Rule<'_> {
    fn value(&mut self, node: &Node, property: &'static Property) {
        for inner in property.properties() {
            if let Some(node) = node.get(inner.name) {
                self.keys.push(inner.name);
                self.value(node, inner);
                self.keys.pop();
            }
        }
        // The value of an alias is reported at its anchor.
        let is_scalar =
            matches!(property.value_type, ValueType::Scalar | ValueType::Host | ValueType::Secret);
        if is_scalar && node.span == node.origin {
            let diagnostic = self.scalar(node);
            self.diagnostics.extend(diagnostic);
        }
    }

    fn scalar(&self, node: &Node) -> Option<Diagnostic> {
        let Context { redaction, fix_builder, .. } = *self.context;
        let raw = self.context.text.get(node.span.start..node.span.end)?;
        let (message, help, fix) = match &node.kind {
            NodeKind::String { value, plain: true } => {
                let reading =
                    describe(reading(value)).filter(|_| !is_tagged(self.context.text, node.span))?;
                let message = if redaction.allows(node) {
                    format!("YAML 1.1 reads {} as {reading}", show(value))
                } else {
                    // The exact type would reveal too much of a secret.
                    "YAML 1.1 does not read it as a string".to_owned()
                };
                (message, "put it in quotes".to_owned(), fix_builder.quote(node))
            }
            // With a tag, a quoted scalar can be a number.
            NodeKind::Number(_) => number(node, raw.trim_matches(['"', '\'']), fix_builder)?,
            _ => return None,
        };
        let pointer = pointer(&self.keys);
        if self.errors.iter().any(|error| error.pointer == pointer) {
            return None;
        }
        let message = format!("ambiguous value in {}: {message}", name(&pointer));
        let diagnostic = Diagnostic::new(Code::AmbiguousScalar, pointer, node.span, message);
        Some(diagnostic.with_help(help).with_fix(fix))
    }
}

/// The message, help and fix for a port. It must not be quoted, which would make it a string.
fn number(node: &Node, raw: &str, fix_builder: FixBuilder<'_>) -> Option<(String, String, Option<Fix>)> {
    let value = i64::from(crate::payload::port(&node.kind)?);
    let shown = show(raw);
    match reading(raw) {
        // Unambiguous, because it is not a number in the other version.
        Reading::String => Some((
            format!("YAML 1.1 reads {shown} as a string, YAML 1.2 as {value}"),
            format!("write `{value}`"),
            fix_builder.number(node, value, true),
        )),
        Reading::Integer(Some(other)) if other != value => Some((
            format!("YAML 1.1 reads {shown} as {other}, YAML 1.2 as {value}"),
            format!("write `{value}`, or `{other}` if that is intended"),
            fix_builder.number(node, value, false),
        )),
        _ => None,
    }
}

/// Describes how YAML 1.1 reads a plain scalar that YAML 1.2 reads as a string; `None` for a string.
fn describe(reading: Reading) -> Option<String> {
    Some(match reading {
        Reading::String => return None,
        Reading::Null => "`null`".to_owned(),
        Reading::Boolean(value) => format!("`{value}`"),
        Reading::Integer(Some(value)) => format!("the number {value}"),
        Reading::Integer(None) | Reading::Float => "a number".to_owned(),
        Reading::Date => "a date".to_owned(),
        Reading::DateAndTime => "a date and time".to_owned(),
        Reading::Merge => "a merge key".to_owned(),
        Reading::Default => "a default value".to_owned(),
    })
}

/// Whether the value has a tag, as in `!!str yes`.
fn is_tagged(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let mut words = before.split_whitespace().rev();
    words.find(|word| !word.starts_with('&')).is_some_and(|word| word.starts_with('!'))
}
