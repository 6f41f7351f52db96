//! YAML 1.2: the events of `saphyr-parser` made into trees.
//!
//! The parser's marks count characters, include the properties before a node and, at the end, white space
//! behind it; what is empty has no place at all. So the reader follows the text itself between the events.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as MarkerSpan, Tag};

use super::messages::{At, Complaint};
use super::tree::{Content, Frame, OpenObject, Place, Tree, is_merge_key};
use super::{
    Document, Limits, Member, Node, NodeKind, Span, Syntax, brackets, character, crowded, lines, messages,
    scalar,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::position::BYTE_ORDER_MARK;

/// How many bytes of a string weigh as much as a node when an alias repeats it.
const NODE_BYTES: usize = 256;

/// The longest `%TAG` line: the parser copies the prefix to every node that uses it.
const TAG_DIRECTIVE_BYTES: usize = 1024;

/// How many bytes may be read again for tabs between colons and values.
const RESPACED_BYTES: usize = 4 << 20;

/// The documents of the text behind its byte order mark of `base` bytes.
pub(super) fn parse(text: &str, base: usize, limits: &Limits) -> Vec<Document> {
    if let Some(problem) = refusal(text, base, limits) {
        return vec![Document::refused(Syntax::Yaml, problem)];
    }
    let mut again: Option<String> = None;
    let mut budget = RESPACED_BYTES;
    loop {
        let body = again.as_deref().or_else(|| text.get(base..)).unwrap_or_default();
        let (documents, tab) = read(text, base, body, limits);
        let respaced = tab.filter(|_| budget >= body.len()).and_then(|at| respaced(body, at - base));
        let Some(respaced) = respaced else { return documents };
        budget -= body.len();
        again = Some(respaced);
    }
}

/// The text with spaces for the tabs between a key's colon and its value at `at`. YAML allows tabs there, the parser
/// does not; before a nested key or a dash neither does, and spaces are no better.
fn respaced(body: &str, at: usize) -> Option<String> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut bytes = body.as_bytes().to_vec();
    let before = bytes.get_mut(..at)?;
    let colon = before.iter().rposition(|byte| !is_blank(byte))?;
    let (key, gap) = before.split_at_mut(colon + 1);
    // A colon that starts its line may be followed by a whole object, which no tab may indent.
    let starts = key.iter().rev().skip(1).find(|byte| !is_blank(byte)).is_none_or(|byte| *byte == b'\n');
    // Without a tab in the gap the parser means another, and would be given the same again.
    if starts || !gap.contains(&b'\t') || !key.ends_with(b":") {
        return None;
    }
    gap.fill(b' ');
    String::from_utf8(bytes).ok()
}

/// The documents of the text, of which the parser gets the `body`; and the place of the value that the parser refuses
/// for a tab before it.
fn read(text: &str, base: usize, body: &str, limits: &Limits) -> (Vec<Document>, Option<usize>) {
    let mut tab = None;
    let mut reader = Reader {
        text,
        marks: Marks::new(text, base),
        limits,
        tree: Tree::new(text),
        documents: Vec::new(),
        state: State::Between,
        previous: base,
        scalar: base,
        aliased: aliased(body, limits),
        anchors: Anchors::default(),
        document_budget: limits.alias_nodes,
        values: limits.values,
        excess: None,
    };
    let mut parser = Parser::new_from_str(body);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => reader.event(event, span),
            Err(error) => {
                if messages::is_tab_behind_colon(error.info()) {
                    tab = Some(reader.marks.byte(*error.marker()));
                }
                reader.scan_error(&error);
                break;
            }
        }
        if let Some(problem) = reader.excess.take() {
            // What is wrong already is said before that there is too much of it.
            if reader.state != State::Failed {
                return (vec![Document::refused(Syntax::Yaml, problem)], None);
            }
            reader.end_document();
            break;
        }
    }
    (reader.finish(), tab)
}

/// What the parser should not be given, since it would cost it far more than its size.
fn refusal(text: &str, base: usize, limits: &Limits) -> Option<Diagnostic> {
    if let Some(span) = long_tag_directive(text, base) {
        let message = format!("a `%TAG` directive of more than {TAG_DIRECTIVE_BYTES} bytes");
        return Some(Diagnostic::new(Code::Syntax, "", span, message));
    }
    let at = crowded::collection(text, base, limits)?;
    let message =
        format!("more than {} indicators, such as `,` and `:`, in one YAML collection", crowded::INDICATORS);
    let problem = Diagnostic::new(Code::TooLarge, "", Span::new(at, at + 1), message);
    Some(problem.with_help("write JSON, or divide the text into several files"))
}

/// The first line that could be a `%TAG` directive too long for [`TAG_DIRECTIVE_BYTES`].
fn long_tag_directive(text: &str, base: usize) -> Option<Span> {
    const NAME: &str = "%TAG";
    let mut at = base;
    while let Some(next) = text.get(at..)?.find(NAME) {
        at += next;
        let starts_line = at == base || matches!(text.as_bytes().get(at - 1), Some(b'\n' | b'\r'));
        let line = text.as_bytes().get(at..)?.iter().take(TAG_DIRECTIVE_BYTES + 1);
        if starts_line && line.take_while(|b| !matches!(b, b'\n' | b'\r')).count() > TAG_DIRECTIVE_BYTES {
            return Some(Span::new(at, at + NAME.len()));
        }
        at += NAME.len();
    }
    None
}

/// Which anchors aliases refer to, by number: the parser counts them. Only their values are kept for repetition.
fn aliased(text: &str, limits: &Limits) -> Vec<bool> {
    let mut aliased = Vec::new();
    if text.contains('&') && text.contains('*') {
        let mut parser = Parser::new_from_str(text);
        // What comes behind more values than may be there is not read: keys count, and so do the ends of collections.
        let mut left = limits.values.saturating_mul(3);
        while let Some(Ok((event, _))) = parser.next_event() {
            if let Event::Alias(id) = event {
                aliased.resize(aliased.len().max(id + 1), false);
                if let Some(aliased) = aliased.get_mut(id) {
                    *aliased = true;
                }
            }
            let is_node = !matches!(event, Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing);
            match left.checked_sub(usize::from(is_node)) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    }
    aliased
}

/// Turns the parser's marks, which count characters, into byte offsets. The marks nearly always move
/// forward, so that walking from the last one is linear.
struct Marks<'t> {
    text: &'t str,
    base: usize,
    ascii: bool,
    /// How many characters the marks are ahead: of directives the parser counts the bytes.
    ahead: usize,
    characters: usize,
    byte: usize,
}

impl<'t> Marks<'t> {
    fn new(text: &'t str, base: usize) -> Self {
        let ascii = text.get(base..).is_some_and(str::is_ascii);
        Self { text, base, ascii, ahead: 0, characters: 0, byte: base }
    }

    fn byte(&mut self, marker: Marker) -> usize {
        if self.ascii {
            return (self.base + marker.index()).min(self.text.len());
        }
        let index = marker.index().saturating_sub(self.ahead);
        while self.characters < index && self.byte < self.text.len() {
            self.forward();
        }
        while self.characters > index && self.byte > self.base {
            self.backward();
        }
        self.byte
    }

    /// The byte behind the `---` of a document. Its directives may have put the marks ahead.
    fn document_start(&mut self, end: Marker, previous: usize) -> usize {
        let marked = self.byte(end);
        if !self.ascii
            && let Some(byte) = self.directives_end(previous, marked)
        {
            while self.byte > byte {
                self.backward();
            }
            while self.byte < byte {
                self.forward();
            }
            self.ahead = end.index().saturating_sub(self.characters);
        }
        self.byte(end)
    }

    /// The byte behind the first `---` that begins a line between `previous` and the place that is marked, which may be too
    /// far but no farther: to look through the rest of the text for each document would take quadratic time. Byte order
    /// marks may stand before the `---`.
    fn directives_end(&self, previous: usize, marked: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let starts_line = |at: usize| {
            let before = self.text.get(self.base..at)?.trim_end_matches(BYTE_ORDER_MARK);
            Some(before.is_empty() || before.ends_with(['\n', '\r']))
        };
        let is_start = |at: &usize| {
            let is_whole = bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace);
            bytes.get(*at..at + 3) == Some(b"---") && is_whole && starts_line(*at) == Some(true)
        };
        (previous..marked.min(bytes.len())).find(is_start).map(|at| at + 3)
    }

    fn backward(&mut self) {
        self.byte = character(self.text, self.byte - 1).start;
        self.characters -= 1;
    }

    fn forward(&mut self) {
        self.byte = character(self.text, self.byte).end;
        self.characters += 1;
    }
}

/// What is known of an anchor of the document.
enum Anchor {
    /// Its value is not complete.
    Open,
    /// No alias uses it.
    Unused,
    /// Its value is too large to repeat.
    TooLarge,
    Complete(Box<Repeatable>),
}

/// The anchors of a document by number, ascending.
#[derive(Default)]
struct Anchors(Vec<(usize, Anchor)>);

impl Anchors {
    fn get_mut(&mut self, id: usize) -> Option<&mut Anchor> {
        let place = self.0.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.0.get_mut(place).map(|(_, anchor)| anchor)
    }

    /// Takes the anchor of a number that is there already, or is greater than all of them.
    fn set(&mut self, id: usize, anchor: Anchor) {
        match self.get_mut(id) {
            Some(known) => *known = anchor,
            None => self.0.push((id, anchor)),
        }
    }
}

/// The value of an anchor.
struct Repeatable {
    node: Node,
    size: Size,
    /// Whether the first repetition is paid for: it is when the value is put aside.
    paid: bool,
}

#[derive(Clone, Copy)]
struct Size {
    /// Its nodes, and the room that its strings take.
    weight: usize,
    /// The levels of its arrays and objects.
    height: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Document,
    /// The document has failed; its other events do not matter.
    Failed,
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

struct Reader<'t> {
    text: &'t str,
    marks: Marks<'t>,
    limits: &'t Limits,
    tree: Tree<'t>,
    documents: Vec<Document>,
    state: State,
    /// Where the last thing read ends.
    previous: usize,
    /// Where the last scalar starts.
    scalar: usize,
    aliased: Vec<bool>,
    anchors: Anchors,
    document_budget: usize,
    /// How many values more the text may have.
    values: usize,
    /// What is said of a text that has more than may be read.
    excess: Option<Diagnostic>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: MarkerSpan) {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
            Event::DocumentStart(explicit) => {
                if self.documents.len() == self.limits.documents {
                    let at = self.marks.byte(span.start);
                    return self.exceed("documents", self.limits.documents, at);
                }
                self.previous = if explicit {
                    self.marks.document_start(span.end, self.previous)
                } else {
                    self.marks.byte(span.start)
                };
                self.anchors.0.clear();
                self.document_budget = self.limits.alias_nodes;
                self.state = State::Document;
            }
            Event::DocumentEnd => self.end_document(),
            event => {
                let is_end = matches!(event, Event::SequenceEnd | Event::MappingEnd);
                if !is_end && self.tree.place() != Place::Key && !self.spend(1) {
                    let at = self.marks.byte(span.start);
                    return self.exceed("values", self.limits.values, at);
                }
                if self.state == State::Failed {
                    return;
                }
                if let Err(problem) = self.node(event, span) {
                    self.tree.fail(*problem);
                    self.anchors.0.clear();
                    self.state = State::Failed;
                }
            }
        }
    }

    fn end_document(&mut self) {
        let (root, problems, more_duplicates) = self.tree.take();
        let index = self.documents.len();
        self.documents.push(Document { index, syntax: Syntax::Yaml, root, problems, more_duplicates });
        self.state = State::Between;
    }

    /// Counts values, if the text may have them.
    fn spend(&mut self, values: usize) -> bool {
        let left = self.values.checked_sub(values);
        self.values = left.unwrap_or(self.values);
        left.is_some()
    }

    fn exceed(&mut self, what: &str, most: usize, at: usize) {
        self.excess.get_or_insert_with(|| super::too_many(what, most, character(self.text, at)));
    }

    fn scan_error(&mut self, error: &ScanError) {
        if self.state != State::Failed {
            let mark = self.marks.byte(*error.marker());
            let problem = if messages::is_depth(error.info()) {
                super::too_deep(String::new(), character(self.text, mark), self.limits)
            } else {
                let complaint = messages::complaint(error.info());
                let (complaint, span) = match complaint.at {
                    At::Mark => (complaint, character(self.text, mark)),
                    At::Line => match self.quoted_key_above(mark) {
                        Some(key) => (messages::key_without_colon(), key),
                        None => self.in_line(mark, complaint),
                    },
                    At::Quote => match self.quoted_key_before(mark) {
                        Some(key) => (messages::key_without_colon(), key),
                        None => (complaint, character(self.text, mark)),
                    },
                    At::Colon => self.at_colon(mark, complaint),
                    At::Comment => self.at_comment(mark, complaint),
                    At::Key => (complaint, self.pending_key(mark).unwrap_or_else(|| self.line_above(mark))),
                    At::Tab => (complaint, character(self.text, self.indenting_tab(mark).unwrap_or(mark))),
                    At::Start => (self.at_start(mark, complaint), character(self.text, mark)),
                };
                if let Some(opener) = brackets::unclosed(self.text, self.brackets_start(), mark) {
                    let (message, help) = messages::unclosed(self.text, opener);
                    let span = Span::new(opener, opener + 1);
                    Diagnostic::new(Code::Syntax, "", span, message).with_help(help)
                } else {
                    let problem = Diagnostic::new(Code::Syntax, "", span, complaint.message);
                    Diagnostic { help: complaint.help.map(str::to_owned), ..problem }
                }
            };
            self.tree.fail(problem);
        }
        self.end_document();
    }

    /// What a colon at `mark` tells: that one is missing in the lines above, or that it is one too many.
    fn at_colon(&self, mark: usize, complaint: Complaint) -> (Complaint, Span) {
        if let Some(first_line) = self.key_of_several_lines(mark) {
            return (messages::key_without_colon(), first_line);
        }
        self.in_line(mark, complaint)
    }

    /// What a mistake at `mark` tells of the indentation: that a line above is indented too little, or nothing more.
    fn in_line(&self, mark: usize, complaint: Complaint) -> (Complaint, Span) {
        let is_block = self.tree.top().is_none_or(|frame| !frame.flow);
        let outdented = is_block.then(|| lines::outdented(self.text, self.marks.base, mark)).flatten();
        if let Some(line) = outdented {
            return (messages::outdented(), line);
        }
        let is_indentation = complaint.at == At::Line;
        let stranger = if is_indentation { lines::stranger(self.text, self.marks.base, mark) } else { None };
        match stranger {
            Some((is_item, span)) => (messages::stranger(is_item), span),
            None => (complaint, character(self.text, mark)),
        }
    }

    /// What text at `mark` behind a document tells, or behind directives, which need a `---` below them.
    fn at_start(&self, mark: usize, complaint: Complaint) -> Complaint {
        let above = self.line_above(mark).start;
        if self.byte(above) == Some(b'%') { messages::no_document_start() } else { complaint }
    }

    /// Where to look for brackets that are open: at the outermost that is known, or behind the last thing read.
    fn brackets_start(&self) -> usize {
        self.tree.outermost_bracket().unwrap_or(self.previous)
    }

    /// What a comment at `mark` tells that ends a text, the next line being indented as if the text went on there: with
    /// a colon in that line, that one is missing in the first or one too many in the second.
    fn at_comment(&self, mark: usize, complaint: Complaint) -> (Complaint, Span) {
        let rest = self.text.get(mark..).unwrap_or_default();
        let next = mark + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = self.text.get(next..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
        let is_colon = |at: usize| matches!(line.as_bytes().get(at + 1), None | Some(b' ' | b'\t'));
        let colon = line.match_indices(':').map(|(at, _)| at).find(|at| is_colon(*at));
        let is_key = colon.is_some() || matches!(self.tree.place(), Place::Root | Place::Key);
        if let Some((start, _)) = self.plain_text_of_line(mark).filter(|_| is_key) {
            return (messages::key_without_colon(), self.first_line(start));
        }
        match colon {
            Some(colon) => self.at_colon(next + colon, messages::misplaced_colon()),
            None => (complaint, character(self.text, mark)),
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

    /// The first line of what the parser takes for a key and finds no colon behind. The key may go on over more lines,
    /// such as the ones below a `config` whose colon was forgotten.
    fn pending_key(&self, mark: usize) -> Option<Span> {
        let start = self.next_content();
        (start < mark).then(|| self.first_line(start))
    }

    /// The first line of the text without quotes before a colon at `mark`, if it has several lines and starts one: a
    /// key has one line, so the colon is missing in the first.
    fn key_of_several_lines(&self, mark: usize) -> Option<Span> {
        let (start, text) = self.plain_text_of_line(mark)?;
        text.contains(['\n', '\r']).then(|| self.first_line(start))
    }

    /// The text without quotes that ends at `mark`, and its place, if it starts a line. A value that starts behind its
    /// key does not, as `host: a` before an indented `port: 1`.
    fn plain_text_of_line(&self, mark: usize) -> Option<(usize, &str)> {
        if self.tree.top().is_some_and(|frame| frame.flow) {
            return None;
        }
        // The parser may have handed the text on as a value already.
        let is_handed_on = self.text.get(self.previous..mark)?.trim().is_empty();
        let start = if is_handed_on { self.scalar } else { self.next_content() };
        let text = self.text.get(start..mark)?.trim_end();
        let is_plain = !text.starts_with(['"', '\'', '|', '>', '[', '{', '*', '&', '!']);
        (is_plain && self.column(start).is_some()).then_some((start, text))
    }

    /// The string in quotes that stands alone in the lines above a line that begins at `mark`, and is indented like it:
    /// a value would be indented more, so it is a key.
    fn quoted_key_above(&self, mark: usize) -> Option<Span> {
        let start = self.scalar;
        let is_last = self.skip_space(self.previous) == mark && self.is_quote(start);
        (is_last && self.column(start)? == self.column(mark)?).then(|| self.quoted(start))
    }

    /// The string in quotes before more text at `mark`, if it is a key: nothing else can begin a line there, or the next
    /// line is indented like it. With a colon behind it, the text may be the rest of the key.
    fn quoted_key_before(&self, mark: usize) -> Option<Span> {
        let start = self.next_content();
        if self.tree.top().is_some_and(|frame| frame.flow) || !self.is_quote(start) {
            return None;
        }
        let column = self.column(start)?;
        let rest = self.text.get(mark..)?;
        let line = rest.split(['\n', '\r']).next()?;
        let next = self.skip_space(mark + line.len());
        let is_key = matches!(self.tree.place(), Place::Root | Place::Key)
            || self.byte(next).is_some() && self.column(next) == Some(column);
        (is_key && !line.contains(": ") && !line.ends_with(':')).then(|| self.quoted(start))
    }

    fn is_quote(&self, at: usize) -> bool {
        matches!(self.byte(at), Some(b'"' | b'\''))
    }

    /// The string in quotes that starts at `start`.
    fn quoted(&self, start: usize) -> Span {
        Span::new(start, self.quoted_end(start))
    }

    /// The column of what starts a line, be it behind a `- `.
    fn column(&self, start: usize) -> Option<usize> {
        let line = self.text.get(..start)?.rsplit(['\n', '\r']).next()?.trim_start_matches('\u{FEFF}');
        line.chars().all(|c| matches!(c, ' ' | '-' | '?')).then_some(line.len())
    }

    /// Where what comes after the last thing read starts, behind the indicators before it.
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

    /// From `start` to the end of its line, without a comment and the white space before it.
    fn first_line(&self, start: usize) -> Span {
        let line = self.text.get(start..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default();
        let quoted = if line.starts_with(['"', '\'']) { self.quoted_end(start) - start } else { 0 };
        let is_comment = |at: &usize| *at >= quoted && line[..*at].ends_with([' ', '\t']);
        let end = line.match_indices('#').map(|(at, _)| at).find(is_comment).unwrap_or(line.len());
        Span::new(start, start + line[..end].trim_end().len())
    }

    /// The last line before `mark` with more than a comment, without the white space around it.
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

    fn finish(mut self) -> Vec<Document> {
        if self.documents.is_empty() {
            let at = self.marks.base;
            let span = Span::new(at, at);
            self.tree.value(Node { span, origin: span, kind: NodeKind::Null });
            self.end_document();
        }
        if self.documents.iter().all(is_empty) {
            self.documents.truncate(1);
        } else {
            self.documents.retain(|document| !is_empty(document));
        }
        for (index, document) in self.documents.iter_mut().enumerate() {
            document.index = index;
        }
        self.documents
    }

    fn node(&mut self, event: Event<'_>, span: MarkerSpan) -> Result<()> {
        match event {
            Event::SequenceEnd | Event::MappingEnd => {
                let flow = self.tree.top().is_some_and(|frame| frame.flow);
                // A bracket's mark starts at the bracket, but ends behind the white space after it.
                let end = if flow { Some(self.marks.byte(span.start) + 1) } else { None };
                let Some((node, anchor)) = self.tree.close(end) else { return Ok(()) };
                self.previous = self.previous.max(node.span.end);
                self.complete(anchor, &node);
                self.deliver(node)
            }
            event => {
                self.skip_indicators();
                match event {
                    Event::Alias(id) => {
                        let at = Span::new(self.marks.byte(span.start), self.marks.byte(span.end));
                        self.previous = at.end;
                        self.alias(id, at)
                    }
                    Event::Scalar(value, style, anchor, tag) => {
                        let properties = anchor != 0 || tag.is_some();
                        let at = self.scalar_span(&value, style, properties, span);
                        self.previous = at.end;
                        self.scalar = at.start;
                        self.scalar(&value, style, anchor, tag.as_deref(), at)
                    }
                    Event::SequenceStart(anchor, tag) => self.open(anchor, tag.as_deref(), span, false),
                    Event::MappingStart(anchor, tag) => self.open(anchor, tag.as_deref(), span, true),
                    _ => Ok(()),
                }
            }
        }
    }

    fn open(&mut self, anchor: usize, tag: Option<&Tag>, span: MarkerSpan, object: bool) -> Result<()> {
        let properties = anchor != 0 || tag.is_some();
        // Of brackets and properties; a bracket at the place of what has no extent is the first item's.
        let has_extent = span.start.index() < span.end.index();
        let bracket = if object { b'{' } else { b'[' };
        let mut start = self.marks.byte(span.start);
        if !object && self.tree.place() == Place::Value && !(has_extent && self.byte(start) == Some(bracket))
        {
            // A sequence that is not indented below its key is marked behind its first dash.
            let next = self.skip_space(self.previous);
            if self.byte(next) == Some(b'-') || properties {
                start = next;
            }
        }
        if properties {
            start = self.skip_properties(start);
        }
        let here = character(self.text, start);
        if self.tree.place() == Place::Key {
            return Err(self.complex_key(here).into());
        }
        if let Some(tag) = tag {
            let suits = matches!(core_tag(tag), Some("map")) && object
                || matches!(core_tag(tag), Some("seq")) && !object;
            if !suits && !is_non_specific(tag) {
                return Err(self.tag_problem(tag, here).into());
            }
        }
        if self.tree.depth() >= self.limits.depth {
            return Err(Box::new(super::too_deep(self.tree.pointer(), here, self.limits)));
        }
        let flow = has_extent && self.byte(start) == Some(bracket);
        if anchor != 0 {
            self.anchors.set(anchor, Anchor::Open);
        }
        let content =
            if object { Content::Object(OpenObject::default()) } else { Content::Array(Vec::new()) };
        self.previous = if flow { start + 1 } else { start };
        let start = if object && !flow { None } else { Some(start) };
        self.tree.open(Frame { content, start, end: self.previous, flow, anchor });
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<()> {
        let plain = style == ScalarStyle::Plain;
        if plain && (value.starts_with(['|', '>']) || value == "?") {
            // Between brackets the parser takes them for text: <https://yaml.org/spec/1.2.2/#733-plain-style> does not.
            let (message, help) = messages::FIRST_CHARACTER;
            return Err(self.tree.problem(span, message).with_help(help).into());
        }
        if self.tree.place() == Place::Key && anchor == 0 && tag.is_none() {
            self.tree.key(value.into(), span, span);
            return Ok(());
        }
        let kind = match tag {
            None if plain => scalar::core(value),
            None => NodeKind::String { value: value.into(), plain },
            Some(tag) => self.tagged(value, plain, tag, span)?,
        };
        let node = Node { span, origin: span, kind };
        self.complete(anchor, &node);
        if self.tree.place() == Place::Key {
            self.tree.key(value.into(), span, span);
            return Ok(());
        }
        self.deliver(node)
    }

    fn tagged(&self, value: &str, plain: bool, tag: &Tag, span: Span) -> Result<NodeKind> {
        let string = || NodeKind::String { value: value.into(), plain };
        if is_non_specific(tag) {
            return Ok(string());
        }
        let (kind, what) = match core_tag(tag) {
            Some("str") => return Ok(string()),
            Some("null") => (scalar::null(value), "`null`"),
            Some("bool") => (scalar::boolean(value), "`true` or `false`"),
            Some("int") => (scalar::integer(value), "an integer"),
            Some("float") => (scalar::float(value), "a number"),
            _ => {
                let encrypted = super::encrypted::encrypted_text(value, "the value", span).map(|problem| {
                    Diagnostic { pointer: self.tree.pointer(), ..problem }.with_help(
                        "decrypt it first, or write `${NAME}` to take a password from an environment variable",
                    )
                });
                return Err(encrypted.unwrap_or_else(|| self.tag_problem(tag, span)).into());
            }
        };
        kind.ok_or_else(|| {
            let message = format!("the value is not {what}, as its tag says");
            self.tree.problem(span, &message).into()
        })
    }

    fn tag_problem(&self, tag: &Tag, span: Span) -> Diagnostic {
        let known = matches!(core_tag(tag), Some("str" | "null" | "bool" | "int" | "float" | "map" | "seq"));
        if known {
            let problem = self.tree.problem(span, "the tag does not suit the value");
            return problem
                .with_help("remove the tag (`!…`), or put the value in quotes if the `!` belongs to it");
        }
        // Without its tag, the value would be taken for what it only refers to.
        self.tree.problem(span, "the tag on this value is not supported").with_help(
            "have the tool that the tag (`!…`) is for fill the value in first, or write the value itself, a password as \
             `${NAME}`; put the value in quotes if the `!` belongs to it",
        )
    }

    fn complex_key(&self, span: Span) -> Diagnostic {
        let problem = self.tree.problem(span, "a key cannot be an array or an object");
        problem.with_help("put the key in quotes if it starts with a bracket")
    }

    /// Hands a complete node to its parent.
    fn deliver(&mut self, node: Node) -> Result<()> {
        let merge = match self.tree.pending_key() {
            Some((key, span)) if is_merge_key(self.text, key, span) => Some(span),
            _ => None,
        };
        if let Some(key) = merge {
            return self.merge(node, key);
        }
        self.tree.value(node);
        Ok(())
    }

    /// <https://yaml.org/type/merge.html>
    fn merge(&mut self, node: Node, key: Span) -> Result<()> {
        let span = node.span;
        let maps = match node.kind {
            NodeKind::Array(items) => items,
            _ => vec![node],
        };
        if !maps.iter().all(|map| matches!(map.kind, NodeKind::Object(_))) {
            let message = "`<<` takes an object or an array of objects";
            return Err(self.tree.problem(span, message).into());
        }
        let members = maps.into_iter().flat_map(|map| {
            let aliased = map.span != map.origin;
            let members = match map.kind {
                NodeKind::Object(members) => members,
                _ => Vec::new(),
            };
            members
                .into_iter()
                .map(move |member| Member { key_span: if aliased { key } else { member.key_span }, ..member })
        });
        self.tree.merge(members, span.end);
        Ok(())
    }

    /// Puts a complete value aside if an alias is going to repeat it.
    fn complete(&mut self, anchor: usize, node: &Node) {
        if anchor == 0 {
            return;
        }
        let state = if self.aliased.get(anchor).copied().unwrap_or(false) {
            match measure(node, self.document_budget) {
                Some(size) => {
                    self.document_budget -= size.weight;
                    if !self.spend(size.weight) {
                        return self.exceed("values", self.limits.values, node.span.start);
                    }
                    Anchor::Complete(Box::new(Repeatable { node: node.clone(), size, paid: true }))
                }
                None => Anchor::TooLarge,
            }
        } else {
            Anchor::Unused
        };
        self.anchors.set(anchor, state);
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<()> {
        let Some(anchor) = self.anchors.get_mut(id) else {
            // The parser remembers anchors across documents; YAML does not.
            return Err(self.tree.problem(span, messages::UNKNOWN_ANCHOR).into());
        };
        let mut cost = 0;
        let repeatable = match anchor {
            Anchor::Open => {
                let message = "the alias stands inside the value that it repeats";
                return Err(self.tree.problem(span, message).into());
            }
            Anchor::Unused | Anchor::TooLarge => None,
            Anchor::Complete(repeatable) => {
                if std::mem::take(&mut repeatable.paid) {
                    Some(repeatable)
                } else if repeatable.size.weight <= self.document_budget {
                    cost = repeatable.size.weight;
                    self.document_budget -= cost;
                    Some(repeatable)
                } else {
                    None
                }
            }
        };
        let Some(repeatable) = repeatable else {
            let message = format!("the aliases repeat more than {} values", self.limits.alias_nodes);
            return Err(Box::new(Diagnostic::new(Code::AliasLimit, self.tree.pointer(), span, message)));
        };
        let Some(left) = self.values.checked_sub(cost) else {
            self.exceed("values", self.limits.values, span.start);
            return Ok(());
        };
        self.values = left;
        if self.tree.depth() + repeatable.size.height > self.limits.depth {
            return Err(Box::new(super::too_deep(self.tree.pointer(), span, self.limits)));
        }
        if self.tree.place() == Place::Key {
            let origin = repeatable.node.origin;
            let key = match &repeatable.node.kind {
                NodeKind::String { value, .. } => value.clone(),
                NodeKind::Array(_) | NodeKind::Object(_) => return Err(self.complex_key(span).into()),
                _ => self.text.get(origin.start..origin.end).unwrap_or_default().into(),
            };
            self.tree.key(key, span, origin);
            return Ok(());
        }
        let mut node = repeatable.node.clone();
        place(&mut node, span);
        self.deliver(node)
    }

    /// Where a scalar is written, without its properties.
    fn scalar_span(&mut self, value: &str, style: ScalarStyle, properties: bool, span: MarkerSpan) -> Span {
        if style == ScalarStyle::Plain && value.is_empty() {
            let at = if properties { self.marks.byte(span.end) } else { self.previous };
            // A document of an anchor or a tag alone says `null` by it.
            let is_document = properties && self.tree.place() == Place::Root;
            return Span::new(if is_document { self.marks.byte(span.start) } else { at }, at);
        }
        let mut start = self.marks.byte(span.start);
        if properties {
            start = self.skip_properties(start);
        }
        match style {
            ScalarStyle::Plain => Span::new(start, self.marks.byte(span.end).max(start)),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Span::new(start, self.quoted_end(start)),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let end = self.marks.byte(span.end);
                // Without content at the end of the text, the mark is at the header itself.
                let bare = value.bytes().all(|b| b == b'\n') && matches!(self.byte(start), Some(b'|' | b'>'));
                let start = if properties || bare { start } else { self.block_header(start) };
                let lines = self.text.get(start..end).unwrap_or_default();
                Span::new(start, start + lines.trim_end().len())
            }
        }
    }

    /// The byte behind the closing quote of the string that starts at `start`.
    fn quoted_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let quote = self.byte(start);
        let mut at = start + 1;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\\' && quote == Some(b'"') {
                at += 2;
            } else if Some(byte) != quote {
                at += 1;
            } else if byte == b'\'' && self.byte(at + 1) == Some(b'\'') {
                at += 2;
            } else {
                return at + 1;
            }
        }
        bytes.len()
    }

    /// The `|` or `>` of the block scalar whose first line is marked at `content`.
    fn block_header(&self, content: usize) -> usize {
        let between = self.text.get(self.previous..content).unwrap_or_default();
        // Only blank lines stand between the header's line and the content.
        let header = between.trim_end();
        let line = header.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let mut word = self.previous + line;
        let end = self.previous + header.len();
        loop {
            while word < end && matches!(self.byte(word), Some(b' ' | b'\t')) {
                word += 1;
            }
            if word >= end {
                return content;
            }
            if matches!(self.byte(word), Some(b'|' | b'>')) {
                return word;
            }
            while word < end && !matches!(self.byte(word), Some(b' ' | b'\t')) {
                word += 1;
            }
        }
    }

    /// Moves `previous` over the indicators before a node: `-`, `?`, `:` or `,`.
    fn skip_indicators(&mut self) {
        let flow = self.tree.top().is_some_and(|frame| frame.flow);
        let place = self.tree.place();
        let indicator = match place {
            Place::Root => return,
            Place::Item | Place::Key if flow => b',',
            Place::Item => b'-',
            Place::Key => b'?',
            Place::Value => b':',
        };
        self.skip_indicator(indicator);
        if place == Place::Key && flow {
            self.skip_indicator(b'?');
        }
    }

    fn skip_indicator(&mut self, indicator: u8) {
        let next = self.skip_space(self.previous);
        let alone = matches!(indicator, b',' | b':')
            || matches!(self.byte(next + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
        if self.byte(next) == Some(indicator) && alone {
            self.previous = next + 1;
        }
    }

    /// The place behind the anchor and the tag at `at`.
    fn skip_properties(&self, mut at: usize) -> usize {
        while let Some(b'&' | b'!') = self.byte(at) {
            let verbatim = self.byte(at) == Some(b'!') && self.byte(at + 1) == Some(b'<');
            while let Some(byte) = self.byte(at) {
                let ends = match byte {
                    b' ' | b'\t' | b'\n' | b'\r' => true,
                    b',' | b'[' | b']' | b'{' | b'}' => !verbatim,
                    _ => false,
                };
                if ends {
                    break;
                }
                at += 1;
            }
            at = self.skip_space(at);
        }
        at
    }

    /// The place behind white space, line breaks and comments.
    fn skip_space(&self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => {
                    while !matches!(self.byte(at), None | Some(b'\n' | b'\r')) {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        at
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}

/// Whether nothing is written in the document: it has white space and comments alone. One that says `null`, be it by
/// a tag such as `!!null`, is written.
fn is_empty(document: &Document) -> bool {
    let is_nothing = |root: &Node| matches!(root.kind, NodeKind::Null) && root.span.start == root.span.end;
    document.problems.is_empty() && document.root.as_ref().is_some_and(is_nothing)
}

/// The name of a tag of the core schema, `str` for `!!str`.
fn core_tag(tag: &Tag) -> Option<&str> {
    const CORE: &str = "tag:yaml.org,2002:";
    if tag.handle == CORE {
        Some(&tag.suffix)
    } else if tag.handle.is_empty() {
        tag.suffix.strip_prefix(CORE)
    } else {
        None
    }
}

/// Whether the tag is a lone `!`, which makes a scalar a string.
fn is_non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

/// The size of a node; `None` if it weighs more than `budget`.
fn measure(node: &Node, budget: usize) -> Option<Size> {
    let mut size = Size { weight: 0, height: 0 };
    let mut open = vec![(node, 0)];
    while let Some((node, level)) = open.pop() {
        let (weight, children) = match &node.kind {
            NodeKind::String { value, .. } => (1 + value.len() / NODE_BYTES, 0),
            NodeKind::Array(items) => (1, items.len()),
            NodeKind::Object(members) => {
                let keys: usize = members.iter().map(|member| member.key.len() / NODE_BYTES).sum();
                (1 + keys, members.len())
            }
            _ => (1, 0),
        };
        size.weight += weight;
        if size.weight.saturating_add(children) > budget {
            return None;
        }
        match &node.kind {
            NodeKind::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            NodeKind::Object(members) => open.extend(members.iter().map(|member| (&member.value, level + 1))),
            _ => continue,
        }
        size.height = size.height.max(level + 1);
    }
    Some(size)
}

/// Makes a repeated value stand at its alias, with all that it holds. The tree is no deeper than the limit,
/// so recursion is safe.
fn place(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.kind {
        NodeKind::Array(items) => items.iter_mut().for_each(|item| place(item, span)),
        NodeKind::Object(members) => {
            for member in members {
                member.key_span = span;
                place(&mut member.value, span);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::respaced;

    /// Without this the same text is read until [`RESPACED_BYTES`](super::RESPACED_BYTES) are spent: thousands of times.
    #[test]
    fn a_text_without_a_tab_behind_the_colon_is_not_read_again() {
        assert_eq!(respaced("a:\t b", 4).as_deref(), Some("a:  b"));
        assert_eq!(respaced("a:  b", 4), None);
        assert_eq!(respaced("a:b", 2), None);
    }
}
