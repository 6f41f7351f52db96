//! The context of the cursor in a text that is being written. It need not be valid YAML or JSON yet, so there may be no
//! tree.
//!
//! YAML blocks are detected by their indentation, flow style and JSON by their tokens.

use crate::document::Span;

/// The members of an object: the key, and the text of the value without quotes.
type Members = Vec<(String, String)>;

/// What can be completed at a position.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The path of keys to the object at the cursor.
    pub(super) path: Vec<String>,
    /// The other members of the object.
    pub(super) members: Members,
    pub(super) expected: Expected,
    /// The text typed so far, which is replaced.
    pub(super) span: Span,
    pub(super) style: Style,
}

/// Whether a key or a value is expected at the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A key is expected.
    Key {
        /// Whether a colon follows already.
        has_colon: bool,
        /// Whether another key follows without a comma in between.
        needs_comma: bool,
    },
    /// The value of this key is expected.
    Value(String),
}

/// The style of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// YAML block style.
    Block,
    /// YAML flow style.
    Flow,
    /// JSON.
    Json,
}

/// The context at `offset`; `None` if nothing can be completed there.
pub(super) fn at(text: &str, offset: usize, is_json: bool) -> Option<Cursor> {
    let (start, end) = document_around(text, offset);
    let content = text.get(start..end)?;
    let body = content.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if is_json || body.starts_with(['{', '[']) {
        let is_strict = is_json
            || body.starts_with(['{', '['])
                && body.trim_start_matches(['{', '[', ' ', '\n', '\r', '\t']).starts_with('"');
        let style = if is_strict { Style::Json } else { Style::Flow };
        return flow(text, end - body.len(), end, offset, &[], style);
    }
    block(text, start, end, offset)
}

/// The bytes of the YAML document that `offset` is in.
fn document_around(text: &str, offset: usize) -> (usize, usize) {
    let is_marker = |line: &str| matches!(line.get(..3), Some("---" | "...")) && line[3..].trim().is_empty();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if is_marker(line) {
            if at >= offset {
                return (start, at);
            }
            start = at + line.len();
        }
        at += line.len();
    }
    (start.min(offset), text.len())
}

/// A line of YAML that may be the key of a block.
struct Line<'t> {
    start: usize,
    indent: usize,
    key: Option<String>,
    value: &'t str,
}

fn lines(text: &str, start: usize, end: usize) -> Vec<Line<'_>> {
    let mut at = start;
    let mut lines = Vec::new();
    for line in text.get(start..end).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim_start_matches(' ').trim_end();
        if !content.is_empty() && !content.starts_with('#') {
            let indent = line.len() - line.trim_start_matches(' ').len();
            let (key, value) = match split_key(content) {
                Some((key, value)) => (Some(key), content.get(value..).unwrap_or_default()),
                None => (None, content),
            };
            lines.push(Line { start: at, indent, key, value: without_comment(value).trim() });
        }
        at += line.len();
    }
    lines
}

/// The key at the start of a line, and the start of its value.
fn split_key(content: &str) -> Option<(String, usize)> {
    let first =
        content.chars().next().filter(|c| !matches!(c, '{' | '[' | '-' | '#' | '&' | '*' | '!' | '?'))?;
    let (key, colon) = if matches!(first, '"' | '\'') {
        let end = content.get(1..)?.find(first)? + 1;
        (content.get(1..end)?, end + 1)
    } else {
        let colon = content.match_indices(':').find(|(at, _)| {
            matches!(content.as_bytes().get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
        })?;
        (content.get(..colon.0)?.trim_end(), colon.0)
    };
    content.get(colon..)?.starts_with(':').then(|| (key.to_owned(), colon + 1))
}

fn without_comment(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    value.find(" #").and_then(|at| value.get(..at)).unwrap_or(value)
}

fn unquoted(value: &str) -> &str {
    value.trim_matches(['"', '\''])
}

fn block(text: &str, start: usize, end: usize, offset: usize) -> Option<Cursor> {
    let line_start = text.get(start..offset)?.rfind('\n').map_or(start, |at| start + at + 1);
    let line_end = text.get(offset..end)?.find('\n').map_or(end, |at| offset + at);
    let before = text.get(line_start..offset)?.trim_start_matches('\u{FEFF}');
    let content = before.trim_start_matches(' ');
    let after = text.get(offset..line_end)?.trim_end();
    let indent = before.len() - content.len();
    if content.starts_with(['#', '\t', '-', '?']) || content.contains(" #") {
        return None;
    }
    let (path, members) = surroundings(&lines(text, start, end), line_start, indent)?;
    let Some((key, value)) = split_key(content) else {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '"' | '\'');
        if !content.chars().all(is_word) {
            return None;
        }
        let rest = after.find(|c| !is_word(c)).unwrap_or(after.len());
        let has_colon = after.get(rest..)?.starts_with(':');
        let span = Span::new(offset - content.len(), offset + rest);
        let expected = Expected::Key { has_colon, needs_comma: false };
        return Some(Cursor { path, members, expected, span, style: Style::Block });
    };
    let value = content.get(value..)?;
    let typed = value.trim_start();
    if value.is_empty() {
        // The colon must be followed by a space.
        return None;
    }
    if typed.starts_with('{') {
        let mut path = path;
        path.push(key);
        return flow(text, offset - typed.len(), end, offset, &path, Style::Flow);
    }
    if typed.starts_with(['[', '|', '>', '&', '*', '!']) {
        return None;
    }
    let span = Span::new(offset - typed.len(), offset + without_comment(after).trim_end().len());
    Some(Cursor { path, members, expected: Expected::Value(key), span, style: Style::Block })
}

/// The path of keys to a line with this indentation, and the other members of its block.
fn surroundings(lines: &[Line<'_>], line_start: usize, indent: usize) -> Option<(Vec<String>, Members)> {
    let above = lines.iter().take_while(|line| line.start < line_start).count();
    let mut path = Vec::new();
    let mut limit = indent;
    let mut parent = None;
    for (index, line) in lines.iter().enumerate().take(above).rev() {
        if line.indent >= limit {
            continue;
        }
        // Only a key without a value has a block below it.
        if !(line.value.is_empty() || line.value.starts_with(['&', '!']) && !line.value.contains(' ')) {
            return None;
        }
        path.push(line.key.clone()?);
        parent.get_or_insert(index);
        limit = line.indent;
    }
    path.reverse();
    let first = parent.map_or(0, |parent| parent + 1);
    let least = parent.and_then(|parent| lines.get(parent)).map(|parent| parent.indent);
    let inside = lines.iter().skip(first).take_while(|line| least.is_none_or(|least| line.indent > least));
    let members = inside
        .filter(|line| line.indent == indent && line.start != line_start)
        .filter_map(|line| Some((line.key.clone()?, unquoted(line.value).to_owned())));
    Some((path, members.collect()))
}

/// What is expected next in an object in brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Key,
    Colon,
    Value,
    Comma,
}

/// An open bracket.
struct Frame {
    is_object: bool,
    state: State,
    /// The keys so far, with their values.
    members: Members,
    items: usize,
}

impl Frame {
    /// The key of the current value.
    fn step(&self) -> String {
        if self.is_object {
            self.members.last().map(|(key, _)| key.clone()).unwrap_or_default()
        } else {
            self.items.to_string()
        }
    }
}

/// The cursor inside brackets, while the rest of its object is read.
struct CursorInFlow {
    depth: usize,
    path: Vec<String>,
    state: State,
    span: Span,
    /// The number of tokens after it, and what they determine.
    seen: usize,
    has_colon: bool,
    needs_comma: bool,
    key: String,
    members: Members,
}

fn flow(
    text: &str,
    start: usize,
    end: usize,
    offset: usize,
    base: &[String],
    style: Style,
) -> Option<Cursor> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut found: Option<CursorInFlow> = None;
    let mut at = start;
    loop {
        let token = token(text, at, end);
        let span = token.unwrap_or(Span::new(end, end));
        let raw = text.get(span.start..span.end)?;
        let is_punctuation = raw.len() == 1 && "{}[],:".contains(raw);
        let is_at = offset > span.start && offset <= span.end && !is_punctuation && token.is_some();
        if found.is_none() && (offset <= span.start || is_at || token.is_none()) {
            let frame = frames.last().filter(|frame| frame.is_object)?;
            let mut path = base.to_owned();
            path.extend(frames.iter().take(frames.len() - 1).map(Frame::step));
            found = Some(CursorInFlow {
                depth: frames.len(),
                path,
                state: frame.state,
                span: if is_at { span } else { Span::new(offset, offset) },
                seen: usize::from(!is_at),
                has_colon: false,
                needs_comma: !is_at && !is_punctuation && token.is_some(),
                key: frame.step(),
                members: Vec::new(),
            });
        } else if let Some(found) = &mut found {
            found.has_colon |= found.seen == 0 && raw == ":";
            found.needs_comma |= found.seen == 0 && !is_punctuation && token.is_some();
            found.seen += 1;
        }
        let Some(token) = token else { break };
        let is_last =
            found.as_ref().is_some_and(|found| frames.len() == found.depth) && matches!(raw, "}" | "]");
        if is_last || (frames.is_empty() && token.start > start) {
            break;
        }
        step(&mut frames, raw, is_at);
        at = token.end;
    }
    if let Some(found) = &mut found
        && let Some(frame) = frames.get_mut(found.depth - 1)
    {
        found.members = std::mem::take(&mut frame.members);
    }
    let found = found?;
    let expected = match found.state {
        State::Key => Expected::Key { has_colon: found.has_colon, needs_comma: found.needs_comma },
        State::Value => Expected::Value(found.key),
        State::Colon | State::Comma => return None,
    };
    let members = found.members.into_iter().filter(|(key, _)| !key.is_empty()).collect();
    Some(Cursor { path: found.path, members, expected, span: found.span, style })
}

/// Handles a token; the one at the cursor is not a key yet.
fn step(frames: &mut Vec<Frame>, raw: &str, is_at: bool) {
    match raw {
        "{" | "[" => {
            let is_object = raw == "{";
            let state = if is_object { State::Key } else { State::Value };
            frames.push(Frame { is_object, state, members: Vec::new(), items: 0 });
        }
        "}" | "]" => {
            frames.pop();
            if let Some(frame) = frames.last_mut() {
                frame.state = State::Comma;
            }
        }
        "," => {
            if let Some(frame) = frames.last_mut() {
                frame.items += 1;
                frame.state = if frame.is_object { State::Key } else { State::Value };
            }
        }
        ":" => {
            if let Some(frame) = frames.last_mut().filter(|frame| frame.is_object) {
                frame.state = State::Value;
            }
        }
        _ => {
            let Some(frame) = frames.last_mut() else { return };
            match frame.state {
                // If a comma or a colon is missing, the next token is treated as the next key.
                State::Key | State::Colon | State::Comma => {
                    let key = if is_at { String::new() } else { unquoted(raw).to_owned() };
                    frame.members.push((key, String::new()));
                    frame.state = State::Colon;
                }
                State::Value => {
                    if let Some((_, value)) = frame.members.last_mut() {
                        unquoted(raw).clone_into(value);
                    }
                    frame.state = State::Comma;
                }
            }
        }
    }
}

/// The next token: a bracket, a comma, a colon, a string, which ends at the end of its line at the latest, or a word.
fn token(text: &str, from: usize, end: usize) -> Option<Span> {
    let rest = text.get(from..end)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = text.get(start..end)?;
    let first = rest.chars().next()?;
    let length = match first {
        '{' | '}' | '[' | ']' | ',' | ':' => 1,
        '"' | '\'' => {
            let mut is_escaped = false;
            let close = rest.char_indices().skip(1).find(|(_, c)| {
                let ends = !is_escaped && (*c == first || *c == '\n');
                is_escaped = !is_escaped && *c == '\\' && first == '"';
                ends
            });
            match close {
                Some((at, '\n')) => rest.get(..at).map_or(at, |line| line.trim_end().len()),
                Some((at, _)) => at + 1,
                None => rest.trim_end().len(),
            }
        }
        '#' => {
            let line = rest.find('\n').unwrap_or(rest.len());
            return token(text, start + line, end);
        }
        _ => {
            let is_end = |(at, c): &(usize, char)| {
                c.is_whitespace() || "{}[],\"".contains(*c) && !rest[..*at].ends_with('$') || *c == ':'
            };
            rest.char_indices().find(is_end).map_or(rest.len(), |(at, _)| at).max(1)
        }
    };
    Some(Span::new(start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The context of the `|` in a text: the path, what is expected, the replaced text, the other keys.
    fn context(text: &str, is_json: bool) -> Option<(String, String, String, String)> {
        let offset = text.find('|').expect("a cursor");
        let text = text.replacen('|', "", 1);
        let cursor = at(&text, offset, is_json)?;
        let place = match &cursor.expected {
            Expected::Key { has_colon, needs_comma } => {
                format!("key{}{}", if *has_colon { ":" } else { "" }, if *needs_comma { "," } else { "" })
            }
            Expected::Value(key) => format!("{key}="),
        };
        let keys: Vec<&str> = cursor.members.iter().map(|(key, _)| key.as_str()).collect();
        Some((
            cursor.path.join("/"),
            place,
            text[cursor.span.start..cursor.span.end].to_owned(),
            keys.join(" "),
        ))
    }

    #[track_caller]
    fn assert_context(text: &str, path: &str, place: &str, typed: &str, keys: &str) {
        let is_json = text.trim_start().starts_with(['{', '[']);
        let expected = [path, place, typed, keys].map(str::to_owned);
        assert_eq!(context(text, is_json).map(|(a, b, c, d)| [a, b, c, d]), Some(expected), "{text}");
    }

    #[test]
    fn cursor_in_yaml_block_style() {
        assert_context("|", "", "key", "", "");
        assert_context("type: Redshift\nau|", "", "key", "au", "type");
        assert_context("au|\ntype: Redshift\n", "", "key", "au", "type");
        assert_context("type: Redshift\nau|to: true\n", "", "key:", "auto", "type");
        assert_context("config:\n  host: a\n  |\n  port: 1\ntype: x\n", "config", "key", "", "host port");
        assert_context("config:\n  host: a\n|\n", "", "key", "", "config");
        assert_context(
            "config: # why\n  impersonation:\n    en|\n  port: 1\n",
            "config/impersonation",
            "key",
            "en",
            "",
        );
        assert_context("config: &c\r\n  host: a\r\n  po|\r\n", "config", "key", "po", "host");
        assert_context("a: 1\n---\nb: 2\n|", "", "key", "", "b");
        assert_context("|\n---\nb: 2\n", "", "key", "", "");
        assert_context("type: Re|", "", "type=", "Re", "");
        assert_context("config:\n  authenticationType: |  # how\n", "config", "authenticationType=", "", "");
        assert_context("config:\n  \"port\": '54|39' # x\n", "config", "port=", "'5439'", "");
        assert_context("\u{FEFF}type|", "", "key", "type", "");
        for nothing in [
            "# com|ment",
            "type: Redshift # |",
            "config:\n  host: a\n    |",
            "config:\n  - |",
            "- a|",
            "type:|",
            "two words|",
        ] {
            assert_eq!(context(nothing, false), None, "{nothing}");
        }
    }

    #[test]
    fn cursor_in_flow_style_and_json() {
        assert_context("{|}", "", "key", "", "");
        assert_context("{|", "", "key", "", "");
        assert_context("{\"type\": \"Redshift\", |}", "", "key", "", "type");
        assert_context("{\"type\": \"Redshift\", \"au|", "", "key", "\"au", "type");
        assert_context("{\"au|\"\n, \"type\": 1}", "", "key", "\"au\"", "type");
        assert_context("{\"au|\": 1, \"type\": 1}", "", "key:", "\"au\"", "type");
        assert_context("{|\"type\": 1}", "", "key,", "", "type");
        assert_context("{\"au|\n\"type\": 1}", "", "key,", "\"au", "type");
        assert_context("{\"config\": {\"host\": \"a\",\n  \"|\n  }\n}", "config", "key", "\"", "host");
        assert_context("{\"type\": |}", "", "type=", "", "type");
        assert_context("{\"type\": \"Re|\"}", "", "type=", "\"Re\"", "type");
        assert_context(
            "{\"config\": {\"port\": 54|39, \"host\": \"\"}}",
            "config",
            "port=",
            "5439",
            "port host",
        );
        assert_context("[{}, {\"a\": {|}}]", "1/a", "key", "", "");
        assert_context("{type: Redshift, au|}", "", "key", "au", "type");
        let (path, place, ..) = context("config:\n  impersonation: {en|}\n", false).expect("a cursor");
        assert_eq!((path.as_str(), place.as_str()), ("config/impersonation", "key"));
        for nothing in ["[|]", "{\"a\" |}", "{\"a\": 1 |}", "{}|", "|{}", "{\"a\": [|]}"] {
            assert_eq!(context(nothing, true), None, "{nothing}");
        }
    }

    #[test]
    fn any_text_and_offset_is_handled() {
        let text = "a: {\"b\": '\n\u{1d11e}: [}\n---\n \"x\" : |\n  {,,]:\n\t- ? # \u{FEFF}\n${a}: \\\"\n";
        for (offset, _) in text.char_indices() {
            for (end, _) in text.char_indices().filter(|(end, _)| *end >= offset) {
                let _ = at(&text[..end], offset, offset % 2 == 0);
            }
        }
    }
}
