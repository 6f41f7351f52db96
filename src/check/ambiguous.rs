//! Scalars without quotes that readers of YAML 1.1 take for something else than Bootshift, which reads YAML 1.2.
//!
//! Many tools still read YAML 1.1 (`PyYAML`, `ruamel.yaml` in part, and all that is built on them): a payload that
//! goes through one of them arrives with `true` for a database called `yes`. What the two versions take a scalar for
//! is in <https://yaml.org/spec/1.2.2/#1032-tag-resolution> and, for 1.1, in the type repository,
//! <https://yaml.org/type/>: bool, int, float, timestamp, merge and value.

use super::mender::Mender;
use super::rules::Context;
use super::wording::name;
use super::{Code, Diagnostic, Mend};
use crate::document::{Node, NodeKind, Span, Syntax};
use crate::operation::BodyKind;
use crate::schema::{Property, Shape};
use crate::text::pointer::pointer;
use crate::text::shown::show;

/// What YAML 1.1 takes a scalar without quotes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    String,
    Null,
    Boolean(bool),
    /// With its value, where it is not too large.
    Integer(Option<i64>),
    Float,
    Date,
    DateAndTime,
    /// `<<`
    Merge,
    /// `=`
    Default,
}

/// A note for each value that has no error and that YAML 1.1 reads as another type or number. JSON has no such values.
pub(super) fn diagnose(context: &Context<'_>, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let body = context.operation.body_kind();
    if context.syntax == Syntax::Json || !matches!(body, BodyKind::Payload | BodyKind::Credentials) {
        return Vec::new();
    }
    let mut rule = Rule { context, found, keys: Vec::new(), diagnostics: Vec::new() };
    rule.value(context.root, Property::of(body));
    rule.diagnostics
}

struct Rule<'r> {
    context: &'r Context<'r>,
    found: &'r [Diagnostic],
    /// The way to the value that is looked at.
    keys: Vec<&'static str>,
    diagnostics: Vec<Diagnostic>,
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
        // What an alias stands for is told where it is written.
        let is_scalar = matches!(property.shape, Shape::Scalar | Shape::Host | Shape::Secret);
        if is_scalar && node.span == node.origin {
            self.diagnostics.extend(self.scalar(node));
        }
    }

    fn scalar(&self, node: &Node) -> Option<Diagnostic> {
        let Context { visibility, mender, .. } = *self.context;
        let raw = self.context.text.get(node.span.start..node.span.end)?;
        let (message, help, mend) = match &node.kind {
            NodeKind::String { value, plain: true } => {
                let reading =
                    described(reading(value)).filter(|_| !is_tagged(self.context.text, node.span))?;
                let message = if visibility.shows(node) {
                    format!("YAML 1.1 reads {} as {reading}", show(value))
                } else {
                    // The type of a secret tells too much of it.
                    "YAML 1.1 reads it as something else than a string".to_owned()
                };
                (message, "put it in quotes".to_owned(), mender.quote(node))
            }
            // A tag makes a number of what is in quotes.
            NodeKind::Number(_) => number(node, raw.trim_matches(['"', '\'']), mender)?,
            _ => return None,
        };
        let pointer = pointer(&self.keys);
        if self.found.iter().any(|diagnostic| diagnostic.pointer == pointer) {
            return None;
        }
        let message = format!("ambiguous value in {}: {message}", name(&pointer));
        let diagnostic = Diagnostic::new(Code::AmbiguousScalar, pointer, node.span, message);
        Some(diagnostic.with_help(help).with_mend(mend))
    }
}

/// What to say of a port, its help and its mend. Quotes would make it a string.
fn number(node: &Node, raw: &str, mender: Mender<'_>) -> Option<(String, String, Option<Mend>)> {
    let value = i64::from(crate::payload::port(&node.kind)?);
    let shown = show(raw);
    match reading(raw) {
        // Only one number can be meant by what is none to the other version.
        Reading::String => Some((
            format!("YAML 1.1 reads {shown} as a string, YAML 1.2 as {value}"),
            format!("write `{value}`"),
            mender.number(node, value, true),
        )),
        Reading::Integer(Some(other)) if other != value => Some((
            format!("YAML 1.1 reads {shown} as {other}, YAML 1.2 as {value}"),
            format!("write `{value}`, or `{other}` if that is meant"),
            mender.number(node, value, false),
        )),
        _ => None,
    }
}

/// What a plain scalar that YAML 1.2 takes for a string is to YAML 1.1, in words; `None` for a string.
fn described(reading: Reading) -> Option<String> {
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

/// The integer that YAML 1.1 takes a scalar for, such as `5_439`.
pub(super) fn integer(text: &str) -> Option<i64> {
    match reading(text) {
        Reading::Integer(value) => value,
        _ => None,
    }
}

/// Whether a tag before the value says what it is, as in `!!str yes`.
fn is_tagged(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let mut words = before.split_whitespace().rev();
    words.find(|word| !word.starts_with('&')).is_some_and(|word| word.starts_with('!'))
}

fn reading(text: &str) -> Reading {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Reading::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            return Reading::Boolean(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Reading::Boolean(false);
        }
        "<<" => return Reading::Merge,
        "=" => return Reading::Default,
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match integer_of(unsigned) {
        Some(Reading::Integer(Some(value))) if text.starts_with('-') => {
            return Reading::Integer(Some(-value));
        }
        Some(reading) => return reading,
        None => {}
    }
    if is_float(unsigned) || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Reading::Float;
    }
    timestamp(text).unwrap_or(Reading::String)
}

/// <https://yaml.org/type/int.html>, without a sign.
fn integer_of(unsigned: &str) -> Option<Reading> {
    let is_all = |digits: &str, radix: u32| {
        !digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(radix))
    };
    let value = |digits: &str, radix: u32| {
        digits
            .chars()
            .filter_map(|c| c.to_digit(radix))
            .try_fold(0_i64, |value, digit| value.checked_mul(radix.into())?.checked_add(digit.into()))
    };
    for (prefix, radix) in [("0b", 2), ("0x", 16), ("0", 8)] {
        if let Some(digits) = unsigned.strip_prefix(prefix).filter(|digits| is_all(digits, radix)) {
            return Some(Reading::Integer(value(digits, radix)));
        }
    }
    if unsigned == "0" {
        return Some(Reading::Integer(Some(0)));
    }
    // To the base of 60, colons part the digits.
    let mut parts = unsigned.split(':');
    let first = parts.next()?;
    if !first.starts_with(|c: char| matches!(c, '1'..='9')) || !is_all(first, 10) {
        return None;
    }
    let mut sum = value(first, 10);
    for part in parts {
        if !is_below_sixty(part) {
            return None;
        }
        sum = sum.and_then(|sum| sum.checked_mul(60)?.checked_add(value(part, 10)?));
    }
    Some(Reading::Integer(sum))
}

/// Whether it is `[0-5]?[0-9]`.
fn is_below_sixty(part: &str) -> bool {
    matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

/// <https://yaml.org/type/float.html>. Its pattern takes any number of points, but no reader takes `10.0.0.5` for a
/// number: after the point come digits and underscores, as in the examples there.
fn is_float(unsigned: &str) -> bool {
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let Some((whole, rest)) = unsigned.split_once('.') else { return false };
    let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let starts_with_digit = |digits: &str| digits.starts_with(|c: char| c.is_ascii_digit());
    if let Some((first, parts)) = whole.split_once(':') {
        return starts_with_digit(first)
            && is_number(first)
            && parts.split(':').all(is_below_sixty)
            && is_number(rest);
    }
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let is_exponent = |exponent: &str| {
        let digits = exponent.strip_prefix(['+', '-']);
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let has_digit = starts_with_digit(whole) || whole.is_empty() && starts_with_digit(fraction);
    has_digit && is_number(whole) && is_number(fraction) && exponent.is_none_or(is_exponent)
}

/// <https://yaml.org/type/timestamp.html>
fn timestamp(text: &str) -> Option<Reading> {
    let is_number = |digits: &str, least: usize, most: usize| {
        (least..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let end = text.find(['T', 't', ' ', '\t']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else { return None };
    if rest.is_empty() {
        let is_date = is_number(year, 4, 4) && is_number(month, 2, 2) && is_number(day, 2, 2);
        return is_date.then_some(Reading::Date);
    }
    let is_date = is_number(year, 4, 4) && is_number(month, 1, 2) && is_number(day, 1, 2);
    let time = rest.strip_prefix(['T', 't']).unwrap_or(rest.trim_start_matches([' ', '\t']));
    let zone = time.find(['Z', '+', '-', ' ', '\t']).unwrap_or(time.len());
    let (time, zone) = time.split_at(zone);
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [hour, minute, second] = time.split(':').collect::<Vec<_>>()[..] else { return None };
    let is_time = is_number(hour, 1, 2) && is_number(minute, 2, 2) && is_number(second, 2, 2);
    let is_zone = match zone.trim_start_matches([' ', '\t']) {
        "" | "Z" => true,
        offset => offset.strip_prefix(['+', '-']).is_some_and(|offset| match offset.split_once(':') {
            Some((hours, minutes)) => is_number(hours, 1, 2) && is_number(minutes, 2, 2),
            None => is_number(offset, 1, 2),
        }),
    };
    let is_fraction = fraction.bytes().all(|b| b.is_ascii_digit());
    (is_date && is_time && is_fraction && is_zone).then_some(Reading::DateAndTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the type repository, what differs from them by a character, and what readers agree on.
    #[test]
    fn yaml_1_1_reads_by_its_type_repository() {
        use Reading::{Boolean, Date, DateAndTime, Default, Float, Integer, Merge, Null, String};
        for (text, expected) in [
            ("y", Boolean(true)),
            ("No", Boolean(false)),
            ("OFF", Boolean(false)),
            ("oN", String),
            ("yes please", String),
            ("~", Null),
            ("nUll", String),
            ("<<", Merge),
            ("=", Default),
            ("==", String),
            ("685230", Integer(Some(685_230))),
            ("+685_230", Integer(Some(685_230))),
            ("02472256", Integer(Some(685_230))),
            ("0x_0A_74_AE", Integer(Some(685_230))),
            ("0b1010_0111_0100_1010_1110", Integer(Some(685_230))),
            ("190:20:30", Integer(Some(685_230))),
            ("-1:30", Integer(Some(-90))),
            ("0", Integer(Some(0))),
            ("0_", Integer(Some(0))),
            ("00", Integer(Some(0))),
            ("08", String),
            ("05439", String),
            ("0o17", String),
            ("0b2", String),
            ("0x", String),
            ("1_", Integer(Some(1))),
            ("_1", String),
            ("1:60", String),
            ("1:5", Integer(Some(65))),
            ("01:30", String),
            ("1:", String),
            ("99999999999999999999", Integer(None)),
            ("99999999999999999:59:59", Integer(None)),
            ("6.8523015e+5", Float),
            ("685.230_15e+03", Float),
            ("685_230.15", Float),
            ("190:20:30.15", Float),
            ("190:20:60.15", String),
            ("-.inf", Float),
            (".NaN", Float),
            ("+.NaN", String),
            (".5", Float),
            ("5.", Float),
            (".", String),
            ("._", String),
            ("1e3", String),
            ("1.5e3", String),
            ("1.5e+", String),
            ("10.0.0.5", String),
            ("2001-12-14", Date),
            ("2001-12-1", String),
            ("2001-12-14t21:59:43.10-05:00", DateAndTime),
            ("2001-12-14 21:59:43.10 -5", DateAndTime),
            ("2001-12-15 2:59:43.10", DateAndTime),
            ("2001-12-15T02:59:43Z", DateAndTime),
            ("2001-1-5 2:59:43", DateAndTime),
            ("2001-12-14 21:59", String),
            ("2001-12-14T21:59:43 z", String),
            ("2001-12-14 21:59:43+5:0", String),
            ("", Null),
            ("-", String),
            ("immuta", String),
        ] {
            assert_eq!(reading(text), expected, "{text}");
        }
    }
}
