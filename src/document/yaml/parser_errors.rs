//! Turns errors of the YAML parser into diagnostics, and finds their position.

use saphyr_parser::ScanError;

use super::{Reader, State};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::messages::{self, At, ParserMessage};
use crate::document::tree::Slot;
use crate::document::{Span, brackets, character, lines, too_deep};

impl Reader<'_> {
    pub(super) fn scan_error(&mut self, error: &ScanError) {
        if self.state != State::Failed {
            let mark = self.marks.byte(*error.marker());
            let problem = if messages::is_depth(error.info()) {
                too_deep(String::new(), character(self.text, mark), self.limits)
            } else {
                let message = messages::parser_message(error.info());
                let (message, span) = match message.at {
                    At::Mark => (message, character(self.text, mark)),
                    At::Line => match self.quoted_key_above(mark) {
                        Some(key) => (messages::key_without_colon(), key),
                        None => self.in_line(mark, message),
                    },
                    At::Quote => match self.quoted_key_before(mark) {
                        Some(key) => (messages::key_without_colon(), key),
                        None => (message, character(self.text, mark)),
                    },
                    At::Colon => self.at_colon(mark, message),
                    At::Comment => self.at_comment(mark, message),
                    At::Key => (message, self.pending_key(mark).unwrap_or_else(|| self.line_above(mark))),
                    At::Tab => (message, character(self.text, self.indenting_tab(mark).unwrap_or(mark))),
                    At::Start => (self.at_start(mark, message), character(self.text, mark)),
                };
                if let Some(opener) = brackets::unclosed(self.text, self.brackets_start(), mark) {
                    let (message, help) = messages::unclosed(self.text, opener);
                    let span = Span::new(opener, opener + 1);
                    Diagnostic::new(Code::Syntax, "", span, message).with_help(help)
                } else {
                    let problem = Diagnostic::new(Code::Syntax, "", span, message.message);
                    Diagnostic { help: message.help.map(str::to_owned), ..problem }
                }
            };
            self.tree.fail(problem);
        }
        self.end_document();
    }

    /// An unexpected colon at `mark`: either one is missing in the lines above, or this one is superfluous.
    fn at_colon(&self, mark: usize, message: ParserMessage) -> (ParserMessage, Span) {
        if let Some(first_line) = self.key_of_several_lines(mark) {
            return (messages::key_without_colon(), first_line);
        }
        self.in_line(mark, message)
    }

    /// An error at `mark`: a line above may have too little indentation.
    fn in_line(&self, mark: usize, message: ParserMessage) -> (ParserMessage, Span) {
        let is_block = self.tree.top().is_none_or(|frame| !frame.flow);
        let outdented = is_block.then(|| lines::outdented(self.text, self.marks.base, mark)).flatten();
        if let Some(line) = outdented {
            return (messages::outdented(), line);
        }
        let is_indentation = message.at == At::Line;
        let misplaced_entry =
            if is_indentation { lines::misplaced_entry(self.text, self.marks.base, mark) } else { None };
        match misplaced_entry {
            Some((is_item, span)) => (messages::misplaced_entry(is_item), span),
            None => (message, character(self.text, mark)),
        }
    }

    /// Unexpected text at `mark` after a document, or after directives, which require a `---` after them.
    fn at_start(&self, mark: usize, message: ParserMessage) -> ParserMessage {
        let above = self.line_above(mark).start;
        if self.byte(above) == Some(b'%') { messages::no_document_start() } else { message }
    }

    /// Where the search for unclosed brackets starts: at the outermost known one, or after the last node.
    fn brackets_start(&self) -> usize {
        self.tree.outermost_bracket().unwrap_or(self.previous)
    }

    /// A comment at `mark` that ends a text, although the next line is indented like a continuation. With a colon in that
    /// line, either one is missing in the first line, or the second has one too many.
    fn at_comment(&self, mark: usize, message: ParserMessage) -> (ParserMessage, Span) {
        let rest = self.text.get(mark..).unwrap_or_default();
        let next = mark + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = self.text.get(next..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
        let is_colon = |at: usize| matches!(line.as_bytes().get(at + 1), None | Some(b' ' | b'\t'));
        let colon = line.match_indices(':').map(|(at, _)| at).find(|at| is_colon(*at));
        let is_key = colon.is_some() || matches!(self.tree.slot(), Slot::Root | Slot::Key);
        if let Some((start, _)) = self.plain_text_of_line(mark).filter(|_| is_key) {
            return (messages::key_without_colon(), self.first_line(start));
        }
        match colon {
            Some(colon) => self.at_colon(next + colon, messages::misplaced_colon()),
            None => (message, character(self.text, mark)),
        }
    }

    /// The first tab that indents a line, from the line of `mark` on.
    fn indenting_tab(&self, mark: usize) -> Option<usize> {
        let before = self.text.get(..mark).unwrap_or_default();
        let mut start = before.rfind('\n').map_or(self.marks.base, |at| at + 1);
        for line in self.text.get(start..)?.split_inclusive('\n') {
            let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line.get(..indentation).and_then(|white| white.find('\t')) {
                return Some(start + tab);
            }
            start += line.len();
        }
        None
    }

    /// The first line of what the parser treats as a key without a colon. The key may span more lines, such as the ones
    /// below a `config` without its colon.
    fn pending_key(&self, mark: usize) -> Option<Span> {
        let start = self.next_content();
        (start < mark).then(|| self.first_line(start))
    }

    /// The first line of the unquoted text before a colon at `mark`, if the text has several lines and starts one: a key
    /// must be on one line, so the colon is missing in the first.
    fn key_of_several_lines(&self, mark: usize) -> Option<Span> {
        let (start, text) = self.plain_text_of_line(mark)?;
        text.contains(['\n', '\r']).then(|| self.first_line(start))
    }

    /// The unquoted text that ends at `mark`, and its position, if it starts a line. A value after its key does not, such
    /// as `host: a` before an indented `port: 1`.
    fn plain_text_of_line(&self, mark: usize) -> Option<(usize, &str)> {
        if self.tree.top().is_some_and(|frame| frame.flow) {
            return None;
        }
        // The parser may have emitted the text as a value already.
        let is_emitted = self.text.get(self.previous..mark)?.trim().is_empty();
        let start = if is_emitted { self.scalar } else { self.next_content() };
        let text = self.text.get(start..mark)?.trim_end();
        let is_plain = !text.starts_with(['"', '\'', '|', '>', '[', '{', '*', '&', '!']);
        (is_plain && self.column(start).is_some()).then_some((start, text))
    }

    /// The quoted string that is alone in the lines above a line that starts at `mark`, with the same indentation: a value
    /// would have more, so it is a key.
    fn quoted_key_above(&self, mark: usize) -> Option<Span> {
        let start = self.scalar;
        let is_last = self.skip_space(self.previous) == mark && self.is_quote(start);
        (is_last && self.column(start)? == self.column(mark)?).then(|| self.quoted(start))
    }

    /// The quoted string before more text at `mark`, if it is a key: nothing else can start a line there, or the next line
    /// has the same indentation. With a colon after it, the text may be the rest of the key.
    fn quoted_key_before(&self, mark: usize) -> Option<Span> {
        let start = self.next_content();
        if self.tree.top().is_some_and(|frame| frame.flow) || !self.is_quote(start) {
            return None;
        }
        let column = self.column(start)?;
        let rest = self.text.get(mark..)?;
        let line = rest.split(['\n', '\r']).next()?;
        let next = self.skip_space(mark + line.len());
        let is_key = matches!(self.tree.slot(), Slot::Root | Slot::Key)
            || self.byte(next).is_some() && self.column(next) == Some(column);
        (is_key && !line.contains(": ") && !line.ends_with(':')).then(|| self.quoted(start))
    }

    fn is_quote(&self, at: usize) -> bool {
        matches!(self.byte(at), Some(b'"' | b'\''))
    }

    /// The quoted string that starts at `start`.
    fn quoted(&self, start: usize) -> Span {
        Span::new(start, self.quoted_end(start))
    }

    /// The column of the first content of a line, which may follow a `- `.
    fn column(&self, start: usize) -> Option<usize> {
        let line = self.text.get(..start)?.rsplit(['\n', '\r']).next()?.trim_start_matches('\u{FEFF}');
        line.chars().all(|c| matches!(c, ' ' | '-' | '?')).then_some(line.len())
    }

    /// Where the next content starts, after its indicators.
    fn next_content(&self) -> usize {
        let mut at = self.skip_space(self.previous);
        while matches!(self.byte(at), Some(b'-' | b'?' | b':'))
            && matches!(self.byte(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
            || matches!(self.byte(at), Some(b',' | b'[' | b'{'))
        {
            at = self.skip_space(at + 1);
        }
        at
    }

    /// From `start` to the end of its line, without a comment and the whitespace before it.
    fn first_line(&self, start: usize) -> Span {
        let line = self.text.get(start..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
        let quoted = if line.starts_with(['"', '\'']) { self.quoted_end(start) - start } else { 0 };
        let is_comment = |at: &usize| *at >= quoted && line[..*at].ends_with([' ', '\t']);
        let end = line.match_indices('#').map(|(at, _)| at).find(is_comment).unwrap_or(line.len());
        Span::new(start, start + line[..end].trim_end().len())
    }

    /// The last line before `mark` that is not only a comment, without surrounding whitespace.
    fn line_above(&self, mark: usize) -> Span {
        let mut end = mark;
        loop {
            let before = self.text.get(self.marks.base..end).unwrap_or_default().trim_end();
            let line = before.get(before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..).unwrap_or_default();
            end = self.marks.base + before.len();
            let start = end - line.trim_start().len();
            if !line.trim_start().starts_with('#') {
                return Span::new(start, end);
            }
            end = start;
        }
    }
}
