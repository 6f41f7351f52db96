//! Builds the fixes of diagnostics. Each function returns `None` if it cannot determine how to edit the text: if the
//! value comes from an alias or a merge key, has a tag or an anchor, or spans several lines.

use super::characters::is_same_word;
use super::schema_errors::{is_okta, known_port};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::document::{Member, Node, Span, is_plain_string};
use crate::schema::format::is_of_web;
use crate::text::shown::show;

/// Builds fixes for a text.
#[derive(Clone, Copy)]
pub(super) struct FixBuilder<'t> {
    text: &'t str,
}

/// A scalar as written in the text, on one line.
struct Written<'t> {
    span: Span,
    raw: &'t str,
    /// The quotation mark, if it is quoted.
    quote: Option<char>,
}

impl Written<'_> {
    /// The span without quotes.
    fn inner(&self) -> Span {
        match self.quote {
            Some(_) => Span::new(self.span.start + 1, self.span.end - 1),
            None => self.span,
        }
    }

    /// Whether it is `value` verbatim, without escape sequences.
    fn is(&self, value: &str) -> bool {
        let quotes = usize::from(self.quote.is_some());
        self.raw.get(quotes..self.raw.len() - quotes) == Some(value)
    }
}

impl<'t> FixBuilder<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text }
    }

    /// Renames a key. Safe if the new one differs only in letter case.
    pub(super) fn rename(self, member: &Member, to: &str) -> Option<Fix> {
        if member.key_span != member.key_origin {
            return None;
        }
        let key = self.written(member.key_span)?;
        // The text may start with a byte order mark.
        let line = self.before_in_line(key.span.start).trim_start_matches('\u{FEFF}').trim_end();
        if !(line.is_empty() || line.ends_with(['{', '[', ',', '-', '?'])) {
            return None;
        }
        let edit = Edit { span: key.inner(), text: to.to_owned() };
        Some(Fix::new(format!("Change to `{to}`"), by_case(&member.key, to), vec![edit]))
    }

    /// Replaces a string by a word of the schema. Safe if it differs only in letter case.
    pub(super) fn choose(self, node: &Node, to: &str) -> Option<Fix> {
        self.string(node, to, by_case(node.as_str()?, to))
    }

    /// Changes a name to lower case.
    pub(super) fn lower_case(self, node: &Node) -> Option<Fix> {
        self.string(node, &node.as_str()?.to_ascii_lowercase(), Applicability::Safe)
    }

    /// Replaces a word or a number by a boolean. Safe for a word, which can mean nothing else in YAML 1.1.
    pub(super) fn boolean(self, node: &Node, value: bool) -> Option<Fix> {
        let applicability = if node.as_str().is_some() { Applicability::Safe } else { Applicability::Unsafe };
        self.literal(node, if value { "true" } else { "false" }, applicability)
    }

    /// Negates a boolean.
    pub(super) fn negate(self, node: &Node) -> Option<Fix> {
        self.literal(node, if node.as_bool()? { "false" } else { "true" }, Applicability::Unsafe)
    }

    /// Writes a number in decimal digits.
    pub(super) fn number(self, node: &Node, value: i64, is_safe: bool) -> Option<Fix> {
        let applicability = if is_safe { Applicability::Safe } else { Applicability::Unsafe };
        self.literal(node, &value.to_string(), applicability)
    }

    /// Quotes a number or a boolean that should be a string.
    pub(super) fn quote(self, node: &Node) -> Option<Fix> {
        let written = self.value(node)?;
        let insert = |at| Edit { span: Span::new(at, at), text: "\"".to_owned() };
        let edits = vec![insert(written.span.start), insert(written.span.end)];
        written.quote.is_none().then(|| Fix::new("Add quotes", Applicability::Safe, edits))
    }

    /// Removes the quotes of a number.
    pub(super) fn unquote(self, node: &Node) -> Option<Fix> {
        let written = self.value(node)?;
        if written.quote.is_none() || !written.is(node.as_str()?) {
            return None;
        }
        let inner = written.inner();
        let remove = |start, end| Edit { span: Span::new(start, end), text: String::new() };
        let edits = vec![remove(written.span.start, inner.start), remove(inner.end, written.span.end)];
        Some(Fix::new("Remove the quotes", Applicability::Safe, edits))
    }

    /// Reduces a value to its host. Safe if that loses nothing: no user, no port that differs from the one in `parent`,
    /// the object that contains the host, and no path except the name of one of its databases.
    pub(super) fn bare_host(self, node: &Node, bare: &str, parent: Option<&Node>) -> Option<Fix> {
        let is_lossless =
            parent.is_some_and(|parent| is_lossless(node.as_str().unwrap_or_default(), bare, parent));
        self.string(node, bare, if is_lossless { Applicability::Safe } else { Applicability::Unsafe })
    }

    /// Replaces a secret by a reference to an environment variable.
    pub(super) fn reference(self, node: &Node, variable: &str) -> Option<Fix> {
        self.string(node, &format!("${{{variable}}}"), Applicability::Unsafe)
    }

    /// Applies edits to the characters of a string, which results in `clean`.
    pub(super) fn clean(self, node: &Node, clean: &str, edits: Vec<Edit>, is_safe: bool) -> Option<Fix> {
        let written = self.value(node)?;
        // Without quotes, YAML might not read the rest as the same string.
        let is_of_word = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "._-@+".contains(c);
        let is_word = clean.starts_with(|c: char| c.is_alphanumeric()) && clean.chars().all(is_of_word);
        let is_null = clean.eq_ignore_ascii_case("null");
        if clean.is_empty() || written.quote.is_none() && (!is_word || is_null) {
            return None;
        }
        let applicability = if is_safe { Applicability::Safe } else { Applicability::Unsafe };
        let is_removal = edits.iter().all(|edit| edit.text.is_empty());
        let title =
            if is_removal { "Remove the suspicious characters" } else { "Replace the suspicious characters" };
        Some(Fix::new(title, applicability, edits))
    }

    /// Removes a member of an object.
    pub(super) fn remove(self, member: &Member) -> Option<Fix> {
        if member.key_span != member.key_origin || member.value.span != member.value.origin {
            return None;
        }
        let span = Span::new(member.key_span.start, member.value.span.end.max(member.key_span.end));
        let before = self.text.get(..span.start)?;
        let after = self.text.get(span.end..)?;
        let is_flow = self.text.as_bytes().get(span.start) == Some(&b'"')
            || self.before_in_line(span.start).contains(['{', '[']);
        let span = if is_flow {
            let comma = after.len() - after.trim_start().len();
            if before.trim_end().ends_with(',') {
                Span::new(before.trim_end().len() - 1, span.end)
            } else if after.trim_start().starts_with(',') {
                Span::new(span.start, span.end + comma + 1)
            } else {
                span
            }
        } else if self.before_in_line(span.start).trim_start_matches(' ').is_empty() {
            let rest = after.find(['\n', '\r']).unwrap_or(after.len());
            let end =
                after.get(rest..).map_or(0, |end| if end.starts_with("\r\n") { 2 } else { 1.min(end.len()) });
            Span::new(span.start - self.before_in_line(span.start).len(), span.end + rest + end)
        } else {
            return None;
        };
        let edit = Edit { span, text: String::new() };
        Some(Fix::new(format!("Remove {}", show(&member.key)), Applicability::Unsafe, vec![edit]))
    }

    /// Replaces a string, and keeps its quotes.
    fn string(self, node: &Node, to: &str, applicability: Applicability) -> Option<Fix> {
        let written = self.value(node)?;
        let text = match written.quote {
            Some(_) => to.to_owned(),
            None if self.is_plain(to, written.span.start) => to.to_owned(),
            None => format!("\"{to}\""),
        };
        let is_simple = !to.contains(['"', '\'', '\\']) && !to.contains(char::is_control);
        // A string that is replaced as a whole may contain escape sequences; one that only changes case may not.
        let is_kept = node.as_str().is_some_and(|value| value.eq_ignore_ascii_case(to));
        if !is_simple || is_kept && !node.as_str().is_some_and(|value| written.is(value)) {
            return None;
        }
        let edit = Edit { span: written.inner(), text };
        Some(Fix::new(format!("Replace with {}", show(to)), applicability, vec![edit]))
    }

    /// Replaces a value by a boolean or a number.
    fn literal(self, node: &Node, to: &str, applicability: Applicability) -> Option<Fix> {
        let written = self.value(node)?;
        let edit = Edit { span: written.span, text: to.to_owned() };
        Some(Fix::new(format!("Replace with `{to}`"), applicability, vec![edit]))
    }

    /// Whether `to` needs no quotes at `start`, in YAML.
    fn is_plain(self, to: &str, start: usize) -> bool {
        let is_word = to.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        // The braces of a reference have a meaning inside other brackets.
        let is_reference = || to.starts_with("${") && !self.may_be_in_brackets(start);
        if is_word {
            to.starts_with(|c: char| c.is_ascii_alphanumeric()) && is_plain_string(to)
        } else {
            is_reference()
        }
    }

    /// Whether a position may be inside brackets. Assumed in long texts, where a scan would be slow: quotes are always
    /// correct.
    fn may_be_in_brackets(self, position: usize) -> bool {
        const WINDOW: usize = 1 << 14;
        let Some(before) = self.text.as_bytes().get(..position).filter(|before| before.len() <= WINDOW)
        else {
            return true;
        };
        let mut previous = b' ';
        before.iter().any(|&byte| {
            let is_open = byte == b'[' || byte == b'{' && previous != b'$';
            previous = byte;
            is_open
        })
    }

    /// The value as written, if it is a scalar without alias, tag or anchor.
    fn value(self, node: &Node) -> Option<Written<'t>> {
        if node.span != node.origin {
            return None;
        }
        let before = self.text.get(..node.span.start)?.trim_end();
        if !before.is_empty() && !before.ends_with([':', '-', ',', '[']) {
            return None;
        }
        self.written(node.span)
    }

    /// The text at `span`, if it is a scalar on one line.
    fn written(self, span: Span) -> Option<Written<'t>> {
        let raw = self
            .text
            .get(span.start..span.end)
            .filter(|raw| !raw.is_empty())
            .filter(|raw| !raw.contains(['\n', '\r']))?;
        let quote = raw.chars().next().filter(|first| matches!(first, '"' | '\''));
        let is_whole = quote.is_none_or(|quote| raw.len() >= 2 && raw.ends_with(quote));
        (is_whole && !raw.starts_with(['|', '>', '!', '&', '*', '{', '['])).then_some(Written {
            span,
            raw,
            quote,
        })
    }

    /// The text before a position on the same line.
    fn before_in_line(self, at: usize) -> &'t str {
        let before = self.text.get(..at).unwrap_or_default();
        before.rsplit(['\n', '\r']).next().unwrap_or_default()
    }
}

/// Safe if `word` differs from `to` only in letter case and suspicious characters.
fn by_case(word: &str, to: &str) -> Applicability {
    if is_same_word(word, to) { Applicability::Safe } else { Applicability::Unsafe }
}

/// Whether the parts of `text` other than the host are redundant with the properties of `parent`.
fn is_lossless(text: &str, bare: &str, parent: &Node) -> bool {
    if text.contains(['@', '?', '#', ';', '&', '=']) {
        return false;
    }
    let rest = text.trim();
    let rest = rest.split_once("//").map_or(rest, |(_, rest)| rest);
    let bracketed = format!("[{bare}]");
    let Some(rest) = rest.strip_prefix(&bracketed).or_else(|| rest.strip_prefix(bare)) else { return false };
    let (port, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_config = !is_okta(parent);
    let is_known = |port: u16| is_of_web(text, port) || known_port(parent) == Some(port.into());
    let is_known_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse().is_ok_and(is_known));
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_database = |key| parent.get(key).and_then(Node::as_str) == Some(path);
    is_known_port
        && (path.is_empty() || is_config && (is_database("database") || is_database("initialDatabase")))
}
