//! The values of numbers and YAML plain scalars.

use serde_json::Number;

use super::NodeKind;

/// The value of a plain scalar in YAML's core schema, <https://yaml.org/spec/1.2.2/#1032-tag-resolution>.
pub(super) fn core(text: &str) -> NodeKind {
    null(text)
        .or_else(|| boolean(text))
        .or_else(|| integer(text))
        .or_else(|| float(text))
        .unwrap_or_else(|| NodeKind::String { value: text.into(), plain: true })
}

/// The core schema's `null`.
pub(super) fn null(text: &str) -> Option<NodeKind> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then_some(NodeKind::Null)
}

/// The core schema's booleans.
pub(super) fn boolean(text: &str) -> Option<NodeKind> {
    match text {
        "true" | "True" | "TRUE" => Some(NodeKind::Bool(true)),
        "false" | "False" | "FALSE" => Some(NodeKind::Bool(false)),
        _ => None,
    }
}

/// The core schema's integers: decimal with a sign, octal `0o`, hexadecimal `0x`.
pub(super) fn integer(text: &str) -> Option<NodeKind> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return radix_integer(digits, radix);
        }
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(decimal(text))
}

fn radix_integer(digits: &str, radix: u32) -> Option<NodeKind> {
    let mut exact = Some(0_u64);
    let mut rounded = 0_f64;
    for c in digits.chars() {
        let digit = c.to_digit(radix)?;
        exact = exact.and_then(|n| n.checked_mul(u64::from(radix))?.checked_add(u64::from(digit)));
        rounded = rounded * f64::from(radix) + f64::from(digit);
    }
    if digits.is_empty() {
        return None;
    }
    Some(exact.map_or_else(|| finite(rounded), |n| NodeKind::Number(n.into())))
}

/// The core schema's floating-point numbers, among them `.inf` and `.nan`.
pub(super) fn float(text: &str) -> Option<NodeKind> {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(NodeKind::NonFinite);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(NodeKind::NonFinite);
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    let any_digit = !whole.is_empty() || !fraction.is_empty();
    (any_digit && digits(whole) && digits(fraction) && exponent_fits).then(|| rounded(text))
}

/// The value of a JSON number, <https://www.rfc-editor.org/rfc/rfc8259#section-6>; `None` for any other text.
pub(super) fn json_number(text: &str) -> Option<NodeKind> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut bytes = unsigned.bytes();
    let leading_zero = unsigned.len() > 1 && unsigned.starts_with('0') && {
        bytes.next();
        bytes.next().is_some_and(|b| b.is_ascii_digit())
    };
    let digit_around = |at: usize| {
        let digit = |i: usize| unsigned.as_bytes().get(i).is_some_and(u8::is_ascii_digit);
        at > 0 && digit(at - 1) && digit(at + 1)
    };
    let starts_with_digit = unsigned.starts_with(|c: char| c.is_ascii_digit());
    if leading_zero || !starts_with_digit || unsigned.find('.').is_some_and(|at| !digit_around(at)) {
        return None;
    }
    if unsigned.bytes().all(|b| b.is_ascii_digit()) {
        // JSON has a negative zero, and only floating-point numbers keep it.
        return Some(if text == "-0" { rounded(text) } else { decimal(text) });
    }
    float(text)
}

/// An integer if one fits; otherwise the nearest floating-point number, as in other JSON parsers.
fn decimal(text: &str) -> NodeKind {
    let plain = text.strip_prefix('+').unwrap_or(text);
    if let Ok(n) = plain.parse::<i64>() {
        NodeKind::Number(n.into())
    } else if let Ok(n) = plain.parse::<u64>() {
        NodeKind::Number(n.into())
    } else {
        rounded(text)
    }
}

fn rounded(text: &str) -> NodeKind {
    finite(nearest(text))
}

/// The number nearest to `text`; NaN if it is not a number.
#[cfg(not(all(feature = "wasm", target_family = "wasm")))]
fn nearest(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// JavaScript rounds as Rust does, and the tables that Rust needs for it would be 10 % of the download.
#[cfg(all(feature = "wasm", target_family = "wasm"))]
fn nearest(text: &str) -> f64 {
    js_sys::Number::parse_float(text)
}

fn finite(value: f64) -> NodeKind {
    Number::from_f64(value).map_or(NodeKind::NonFinite, NodeKind::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: &NodeKind) -> String {
        match kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Bool(b) => b.to_string(),
            NodeKind::Number(n) => n.to_string(),
            NodeKind::NonFinite => "non-finite".to_owned(),
            NodeKind::String { value, .. } => format!("{:?}", value.as_str()),
            NodeKind::Array(_) | NodeKind::Object(_) => unreachable!("no scalar"),
        }
    }

    #[test]
    fn core_schema() {
        for (text, value) in [
            ("", "null"),
            ("~", "null"),
            ("NULL", "null"),
            ("nUll", "\"nUll\""),
            ("TRUE", "true"),
            ("False", "false"),
            ("yes", "\"yes\""),
            ("no", "\"no\""),
            ("on", "\"on\""),
            ("off", "\"off\""),
            ("0", "0"),
            ("-0", "0"),
            ("+12", "12"),
            ("007", "7"),
            ("0o17", "15"),
            ("0xfF", "255"),
            ("0o8", "\"0o8\""),
            ("0x", "\"0x\""),
            ("-0x1", "\"-0x1\""),
            ("0xffffffffffffffff", "18446744073709551615"),
            ("0x10000000000000000", "1.8446744073709552e+19"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("1_000", "\"1_000\""),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("+1.5e3", "1500.0"),
            ("1e3", "1000.0"),
            ("1e", "\"1e\""),
            ("1e+", "\"1e+\""),
            ("1.2.3", "\"1.2.3\""),
            (".", "\".\""),
            ("-", "\"-\""),
            ("-.", "\"-.\""),
            ("e5", "\"e5\""),
            ("1e999", "non-finite"),
            (".inf", "non-finite"),
            ("-.INF", "non-finite"),
            ("+.Inf", "non-finite"),
            (".NaN", "non-finite"),
            ("+.nan", "\"+.nan\""),
            ("inf", "\"inf\""),
            ("nan", "\"nan\""),
            ("infinity", "\"infinity\""),
            ("190:20:30", "\"190:20:30\""),
            ("2001-12-14", "\"2001-12-14\""),
            ("١", "\"١\""),
        ] {
            assert_eq!(shown(&core(text)), value, "{text}");
        }
    }

    #[test]
    fn json_numbers() {
        for (text, value) in [
            ("0", Some("0")),
            ("-0", Some("-0.0")),
            ("-1", Some("-1")),
            ("5439", Some("5439")),
            ("0.5", Some("0.5")),
            ("1E+2", Some("100.0")),
            ("1e-2", Some("0.01")),
            ("0e0", Some("0.0")),
            ("1e999", Some("non-finite")),
            ("18446744073709551616", Some("1.8446744073709552e+19")),
            ("", None),
            ("-", None),
            ("00", None),
            ("01", None),
            ("-01", None),
            ("01.5", None),
            ("+1", None),
            ("1.", None),
            (".5", None),
            ("-.5", None),
            ("1.e5", None),
            ("1e", None),
            ("1e+", None),
            ("1.5.5", None),
            ("0x10", None),
            ("1-2", None),
        ] {
            assert_eq!(json_number(text).map(|kind| shown(&kind)).as_deref(), value, "{text}");
        }
    }
}
