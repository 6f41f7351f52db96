//! A strict JSON parser (RFC 8259).
//!
//! The crates that keep positions are not strict (jsonc-parser 0.32 accepts raw control characters, missing commas in
//! arrays and any Unicode whitespace), and the strict ones keep neither positions nor duplicate keys.

use super::fixes;
use super::tree::{Content, Frame, OpenObject, Slot, Tree};
use super::{Document, Limits, Node, NodeKind, Span, Syntax, Text, messages, scalar};
use crate::diagnostic::{Code, Diagnostic};

/// The document, and whether the text may be valid YAML although it is not valid JSON.
pub(super) fn parse(text: &str, base: usize, limits: &Limits) -> (Document, bool) {
    let mut reader = Reader { text, at: base, tree: Tree::new(text), limits, values: 0, yaml_might: false };
    let result = reader.document();
    let yaml_might = reader.yaml_might;
    if let Err(problem) = result {
        reader.tree.fail(*problem);
    }
    let (root, problems, more_duplicates) = reader.tree.take();
    (Document { index: 0, syntax: Syntax::Json, root, problems, more_duplicates }, yaml_might)
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    tree: Tree<'t>,
    limits: &'t Limits,
    /// The number of values so far.
    values: usize,
    yaml_might: bool,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<()> {
        self.space();
        if self.peek().is_none() {
            let span = Span::new(self.at, self.at);
            self.tree.value(Node { span, origin: span, kind: NodeKind::Null });
            return Ok(());
        }
        self.value(None)?;
        while self.tree.depth() > 0 {
            self.next_in_collection()?;
        }
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(b'/' | b'#') if self.is_at_comment() => Err(self.comment().into()),
            Some(_) => {
                let problem = self.syntax(self.here(), "unexpected text after the JSON value");
                Err(Box::new(problem.with_help("write one JSON value per file")))
            }
        }
    }

    /// Continues in the innermost open collection, after its bracket or one of its values.
    fn next_in_collection(&mut self) -> Result<()> {
        let (closer, object, empty, start) = match self.tree.top() {
            Some(Frame { content: Content::Object(object), start, .. }) => {
                (b'}', true, object.is_empty(), *start)
            }
            Some(Frame { content: Content::Array(items), start, .. }) => {
                (b']', false, items.is_empty(), *start)
            }
            None => return Ok(()),
        };
        let opener = start.unwrap_or_default();
        let previous = self.at;
        self.space();
        let mut comma = None;
        if !empty && self.peek() == Some(b',') {
            comma = Some(self.here());
            self.at += 1;
            self.space();
        }
        match self.peek() {
            None => Err(self.unclosed(opener).into()),
            Some(b'/' | b'#') if self.is_at_comment() => Err(self.comment().into()),
            Some(byte) if byte == closer => {
                if let Some(span) = comma {
                    return Err(self.trailing_comma(span).into());
                }
                self.at += 1;
                if let Some((node, _)) = self.tree.close(Some(self.at)) {
                    self.tree.value(node);
                }
                Ok(())
            }
            Some(b'}' | b']') => {
                let message = if object { "expected `}`, found `]`" } else { "expected `]`, found `}`" };
                Err(Box::new(self.syntax(self.here(), message)))
            }
            Some(b',') => Err(Box::new(self.syntax(self.here(), "unexpected `,`: no value before it"))),
            Some(b':') if !object && !empty && comma.is_none() => {
                let line = self.tree.line(opener);
                let problem = self.syntax(self.here(), "unexpected key in an array");
                let help = format!("write `{{` before the key: the `[` on line {line} starts an array");
                Err(Box::new(problem.with_help(help)))
            }
            Some(_) if !empty && comma.is_none() => {
                let span = Span::new(previous, previous);
                let problem = self.syntax(span, "expected `,` after this value");
                Err(Box::new(problem.with_help("separate values with `,`")))
            }
            Some(_) if object => self.member(opener),
            Some(_) => self.value(Some(opener)),
        }
    }

    fn member(&mut self, opener: usize) -> Result<()> {
        if self.peek() != Some(b'"') {
            let fix = fixes::json_key(self.text, self.word());
            let problem = self.syntax(self.word(), "object keys must be double-quoted strings");
            return Err(Box::new(problem.with_help("put the key in double quotes").with_fix(fix)));
        }
        let (key, span) = self.string()?;
        self.space();
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return Err(self.unclosed(opener).into()),
            Some(b'/' | b'#') if self.is_at_comment() => return Err(self.comment().into()),
            Some(_) => {
                let problem = self.syntax(Span::new(span.end, span.end), "expected `:` after this key");
                return Err(Box::new(problem.with_help("write `:` between the key and its value")));
            }
        }
        self.tree.key(key, span, span);
        self.space();
        self.value(Some(opener))
    }

    /// Reads a scalar, or opens a collection.
    fn value(&mut self, opener: Option<usize>) -> Result<()> {
        let start = self.at;
        self.values += 1;
        if self.values > self.limits.values {
            return Err(Box::new(super::too_many("values", self.limits.values, self.here())));
        }
        let kind = match self.peek() {
            Some(bracket @ (b'{' | b'[')) => return self.open(bracket),
            Some(b'"') => NodeKind::String { value: self.string()?.0, plain: false },
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'/' | b'#') if self.is_at_comment() => return Err(self.comment().into()),
            Some(b'\'') => {
                let problem = self.syntax(self.here(), "single-quoted strings are not allowed in JSON");
                return Err(Box::new(problem.with_help("use double quotes")));
            }
            Some(b'}' | b']' | b',' | b':') => {
                return Err(Box::new(self.syntax(self.here(), "expected a value")));
            }
            None => return Err(self.unclosed(opener.unwrap_or(start)).into()),
            Some(_) => self.literal()?,
        };
        let span = Span::new(start, self.at);
        self.tree.value(Node { span, origin: span, kind });
        Ok(())
    }

    fn open(&mut self, bracket: u8) -> Result<()> {
        if self.tree.depth() >= self.limits.depth {
            let pointer = self.tree.pointer();
            return Err(Box::new(super::too_deep(pointer, self.here(), self.limits)));
        }
        let content =
            if bracket == b'{' { Content::Object(OpenObject::default()) } else { Content::Array(Vec::new()) };
        self.tree.open(Frame { content, start: Some(self.at), end: self.at, flow: true, anchor: 0 });
        self.at += 1;
        Ok(())
    }

    fn literal(&mut self) -> Result<NodeKind> {
        let span = self.word();
        let kind = match self.text.get(span.start..span.end) {
            Some("true") => NodeKind::Bool(true),
            Some("false") => NodeKind::Bool(false),
            Some("null") => NodeKind::Null,
            _ => {
                let problem = self.syntax(span, "expected a JSON value");
                let help = "put strings in double quotes; write `true`, `false` and `null` in lower case";
                return Err(Box::new(problem.with_help(help).with_fix(fixes::json_word(self.text, span))));
            }
        };
        self.at = span.end;
        Ok(kind)
    }

    fn number(&mut self) -> Result<NodeKind> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
        let span = Span::new(self.at, self.at + length);
        let Some(kind) = rest.get(..length).and_then(scalar::json_number) else {
            let problem = self.syntax(span, "invalid JSON number");
            let help = "write digits without leading zeros, or put the value in double quotes";
            return Err(Box::new(problem.with_help(help)));
        };
        self.at = span.end;
        Ok(kind)
    }

    fn string(&mut self) -> Result<(Text, Span)> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        let mut escaped = false;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(0..=0x1F) => {
                    let message = "unescaped line break, tab or other control character in a string";
                    let problem = self.syntax(Span::new(at, at + 1), message);
                    let help = "escape it as `\\n`, `\\t` or `\\u00XX`, or add the closing `\"` before it";
                    return Err(Box::new(problem.with_help(help)));
                }
                Some(_) => at += 1,
                None => {
                    let problem = self.syntax(Span::new(start, start + 1), "unterminated string");
                    return Err(Box::new(problem.with_help("add the closing `\"`")));
                }
            }
        }
        let span = Span::new(start, at + 1);
        self.at = span.end;
        if !escaped {
            return Ok((self.text.get(start + 1..at).unwrap_or_default().into(), span));
        }
        unescaped(self.text.get(start + 1..at).unwrap_or_default()).map(|value| (value.into(), span)).map_err(
            |escape| {
                let escape = start + 1 + escape;
                let span = Span::new(escape, self.character(escape + 1).end);
                let problem = self.syntax(span, "invalid JSON escape sequence");
                let help = "write a backslash as `\\\\`, and a character above U+FFFF as two `\\uXXXX`";
                Box::new(problem.with_help(help))
            },
        )
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The character at the current position.
    fn here(&self) -> Span {
        self.character(self.at)
    }

    /// The character that the byte belongs to.
    fn character(&self, at: usize) -> Span {
        super::character(self.text, at)
    }

    /// The letters and digits from the current position, or the one character there. Every non-ASCII character but
    /// whitespace counts: exact Unicode tables would be 2 % of the WebAssembly module.
    fn word(&self) -> Span {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let ends =
            |c: char| if c.is_ascii() { !c.is_ascii_alphanumeric() && c != '_' } else { c.is_whitespace() };
        let end = rest.find(ends).unwrap_or(rest.len());
        if end == 0 { self.here() } else { Span::new(self.at, self.at + end) }
    }

    fn syntax(&mut self, span: Span, message: &str) -> Diagnostic {
        self.yaml_might = true;
        let pointer = if self.tree.slot() == Slot::Value { self.tree.pointer() } else { String::new() };
        Diagnostic::new(Code::Syntax, pointer, span, message)
    }

    fn is_at_comment(&self) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        matches!(rest, [b'#', ..] | [b'/', b'/' | b'*', ..])
    }

    fn comment(&mut self) -> Diagnostic {
        let message = "comments are not allowed in JSON";
        let problem = self.syntax(self.here(), message).with_help("remove the comment, or use YAML");
        // `//` is plain text in YAML, and the errors that follow from that would hide this one.
        self.yaml_might = self.peek() == Some(b'#');
        problem
    }

    fn trailing_comma(&mut self, span: Span) -> Diagnostic {
        let problem = self.syntax(span, "trailing comma");
        problem.with_help("remove it").with_fix(Some(fixes::without(span, "trailing comma")))
    }

    fn unclosed(&mut self, opener: usize) -> Diagnostic {
        let (message, help) = messages::unclosed(self.text, opener);
        self.syntax(self.character(opener), &message).with_help(help)
    }
}

/// The unescaped text between the quotes of a string; otherwise the position of the invalid escape sequence.
fn unescaped(raw: &str) -> std::result::Result<String, usize> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (c, length) = escaped(escape).map_err(|at| raw.len() - escape.len() - 1 + at)?;
        text.push(c);
        rest = escape.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    Ok(text)
}

/// The character of an escape sequence, and the length of the sequence after its backslash; otherwise the distance to
/// the invalid backslash.
fn escaped(sequence: &str) -> std::result::Result<(char, usize), usize> {
    let c = match sequence.as_bytes().first() {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return escaped_unit(sequence),
        _ => return Err(0),
    };
    Ok((c, 1))
}

/// The same for `uXXXX`, and for two of them that form a surrogate pair.
fn escaped_unit(sequence: &str) -> std::result::Result<(char, usize), usize> {
    const LENGTH: usize = "uXXXX".len();
    let unit = |sequence: &str| {
        let digits = sequence.get(1..LENGTH)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(sequence).ok_or(0_usize)?;
    if let Some(c) = char::from_u32(first.into()) {
        return Ok((c, LENGTH));
    }
    let second = sequence.get(LENGTH..).and_then(|rest| rest.strip_prefix('\\'));
    let wrong = if second.is_some() { LENGTH + 1 } else { 0 };
    let pair = second.filter(|rest| rest.starts_with('u')).and_then(unit).map(|second| [first, second]);
    match pair.and_then(|pair| char::decode_utf16(pair).next()) {
        Some(Ok(c)) => Ok((c, 2 * LENGTH + 1)),
        _ => Err(wrong),
    }
}
