//! Messages on a stream: `Content-Length`, an empty line, JSON.
//!
//! A malformed message still gets a response. It is skipped, and reading continues after it. No text of the client is
//! repeated.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The maximum size of a message, in bytes: a text of the maximum size, with every character escaped.
const MAX_MESSAGE_BYTES: usize = 128 << 20;

/// The maximum length of a header line, in bytes.
const MAX_HEADER_LINE_BYTES: u64 = 4096;

/// An incoming message.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// A request. Its identifier is a number or a string, and is returned unchanged.
    Request {
        /// The identifier of the response.
        id: Value,
        /// The method.
        method: String,
        /// The parameters; `null` if missing.
        params: Value,
    },
    /// A notification, which has no response.
    Notification {
        /// The method.
        method: String,
        /// The parameters; `null` if missing.
        params: Value,
    },
    /// A response, which is ignored: the server sends no requests.
    Response,
    /// A JSON object with an identifier that is not a valid message.
    Invalid {
        /// The identifier of the response.
        id: Value,
    },
    /// Anything else.
    Malformed,
}

impl Frame {
    fn of(mut message: Map<String, Value>) -> Self {
        // Clients write `null` for missing members.
        let mut take = |name| message.remove(name).filter(|value| !value.is_null());
        let id = take("id");
        let has_id = id.as_ref().is_some_and(|id| id.is_string() || id.is_number());
        match (take("method"), id) {
            (Some(Value::String(method)), None) => {
                Self::Notification { method, params: take("params").unwrap_or_default() }
            }
            (Some(Value::String(method)), Some(id)) if has_id => {
                Self::Request { id, method, params: take("params").unwrap_or_default() }
            }
            (None, Some(_)) if message.contains_key("result") || message.contains_key("error") => {
                Self::Response
            }
            (_, Some(id)) if has_id => Self::Invalid { id },
            _ => Self::Malformed,
        }
    }
}

/// Reads the next message; `None` at the end of the stream.
///
/// # Errors
/// The stream fails, or the start of the next message is unknown.
pub(super) fn read(stream: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let Some(length) = length(stream)? else { return Ok(None) };
    if length > MAX_MESSAGE_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = Vec::new();
    stream.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Ok(None);
    }
    Ok(Some(match json(&body).or_else(|| head(&body)) {
        Some(Value::Object(message)) => Frame::of(message),
        _ => Frame::Malformed,
    }))
}

/// The identifier and method of a message whose parameters are nested too deeply for `serde_json`.
fn head(body: &[u8]) -> Option<Value> {
    #[derive(Deserialize, Serialize)]
    struct Head {
        #[serde(default)]
        id: Value,
        #[serde(default)]
        method: Value,
    }
    serde_json::to_value(serde_json::from_slice::<Head>(body).ok()?).ok()
}

/// The JSON of a body. Invalid UTF-8 and lone surrogates are replaced: texts contain both while an emoji is being
/// deleted.
fn json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body)
        .or_else(|_| serde_json::from_str(&with_whole_pairs(&String::from_utf8_lossy(body))))
        .ok()
}

/// Replaces each lone surrogate by U+FFFD, which is one UTF-16 code unit as well.
fn with_whole_pairs(json: &str) -> Cow<'_, str> {
    /// `\uXXXX`.
    const ESCAPE: usize = 6;
    let unit = |at: usize| {
        let digits = json.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(escape) = json.get(at..).and_then(|rest| rest.find('\\')) {
        at += escape;
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + ESCAPE), Some(0xDC00..=0xDFFF)) => at += 2 * ESCAPE,
            Some(0xD800..=0xDFFF) => {
                out.push_str(&json[copied..at]);
                out.push_str("\\uFFFD");
                at += ESCAPE;
                copied = at;
            }
            // The character that is escaped may be another backslash.
            _ => at += 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[copied..]);
    Cow::Owned(out)
}

/// Reads the header, up to the empty line; `None` at the end of the stream.
fn length(stream: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        stream.by_ref().take(MAX_HEADER_LINE_BYTES).read_until(b'\n', &mut line)?;
        let Some(line) = line.strip_suffix(b"\n") else {
            return if line.is_empty() { Ok(None) } else { Err(io::ErrorKind::InvalidData.into()) };
        };
        let line =
            std::str::from_utf8(line).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?.trim_end();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("Content-Length")
        {
            length = Some(value.trim().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn frames(bytes: &[u8]) -> (Vec<bool>, bool) {
        let mut stream = bytes;
        let mut frames = Vec::new();
        loop {
            match read(&mut stream) {
                Ok(Some(frame)) => frames.push(matches!(frame, Frame::Notification { .. })),
                Ok(None) => return (frames, true),
                Err(_) => return (frames, false),
            }
        }
    }

    #[test]
    fn malformed_message_is_skipped() {
        let exit = "Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
        let other = "content-length:3\r\nContent-Type: x\r\n\r\n{1}";
        assert_eq!(frames(format!("{exit}{other}{exit}").as_bytes()), (vec![true, false, true], true));
        assert_eq!(frames(b""), (vec![], true));
        assert_eq!(frames(b"Content-Length: 9\r\n\r\n{}"), (vec![], true), "it ends too early");
        for hopeless in
            ["\r\n", "Content-Length: x\r\n\r\n", "Content-Length: 99999999999\r\n\r\n", "X: \u{FF}", "X"]
        {
            assert_eq!(frames(hopeless.as_bytes()), (vec![], false), "{hopeless:?}");
        }
    }

    #[test]
    fn message_kind_follows_from_members() {
        let frame = |message: Value| match message {
            Value::Object(message) => Frame::of(message),
            other => panic!("{other}"),
        };
        for id in [json!(1), json!(-1), json!(1.0), json!(4_294_967_296_u64), json!("1"), json!("")] {
            assert_eq!(
                frame(json!({ "id": id, "method": "m", "params": [1], "x": {} })),
                Frame::Request { id: id.clone(), method: "m".to_owned(), params: json!([1]) }
            );
            assert_eq!(frame(json!({ "id": id, "result": null })), Frame::Response);
            assert_eq!(frame(json!({ "id": id, "method": null, "error": {} })), Frame::Response);
            for odd in [json!({ "id": id }), json!({ "id": id, "method": 1 })] {
                assert_eq!(frame(odd), Frame::Invalid { id: id.clone() });
            }
        }
        for message in [json!({ "method": "m" }), json!({ "id": null, "method": "m", "params": null })] {
            assert_eq!(frame(message), Frame::Notification { method: "m".to_owned(), params: Value::Null });
        }
        for odd in
            [json!({}), json!({ "method": 1 }), json!({ "id": {}, "method": "m" }), json!({ "result": 1 })]
        {
            assert_eq!(frame(odd), Frame::Malformed);
        }
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        let read = |body: &[u8]| json(body).and_then(|value| value.as_str().map(str::to_owned));
        for (body, text) in [
            (br#""a\uD83D""#.as_slice(), Some("a\u{FFFD}")),
            (br#""\uDe00\ud83D\uDE00\uD83D\uD83D\uDE00\n""#, Some("\u{FFFD}\u{1F600}\u{FFFD}\u{1F600}\n")),
            (br#""\\uD83D \\\uD83D""#, Some("\\uD83D \\\u{FFFD}")),
            (b"\"\xFCber\"", Some("\u{FFFD}ber")),
            (br#""\uD83D"#, None),
            (b"\"\\\xC3\xA9\\uD83D", None),
            (b"\"\\", None),
        ] {
            assert_eq!(read(body).as_deref(), text, "{}", body.escape_ascii());
        }
    }
}
