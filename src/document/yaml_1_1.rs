//! Resolves plain scalars as YAML 1.1 does.
//!
//! Many tools still read YAML 1.1 (`PyYAML`, `ruamel.yaml` in part, and tools that are built on them). If one of them
//! processes a payload, a database called `yes` becomes `true`. YAML 1.2 defines the resolution of scalars in
//! <https://yaml.org/spec/1.2.2/#1032-tag-resolution>, YAML 1.1 in its type repository, <https://yaml.org/type/>: bool,
//! int, float, timestamp, merge and value.

/// The type, and possibly the value, of a plain scalar in YAML 1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    String,
    Null,
    Boolean(bool),
    /// With the value, if it fits.
    Integer(Option<i64>),
    Float,
    Date,
    DateAndTime,
    /// `<<`
    Merge,
    /// `=`
    Default,
}

/// The value of a scalar that is an integer in YAML 1.1, such as `5_439`.
pub(crate) fn integer(text: &str) -> Option<i64> {
    match reading(text) {
        Reading::Integer(value) => value,
        _ => None,
    }
}

/// Resolves `text` as YAML 1.1 does.
pub(crate) fn reading(text: &str) -> Reading {
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
    // In base 60, colons separate the digits.
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

/// <https://yaml.org/type/float.html>. Its pattern allows several decimal points, but no parser reads `10.0.0.5` as a
/// number: only digits and underscores may follow the point, as in the examples there.
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

    /// The examples of the type repository, near misses, and cases in which parsers agree.
    #[test]
    fn scalars_resolve_as_in_the_type_repository() {
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
