//! Finds problems of indentation: the wrong line, where the parser reports the one after it, and characters that are not
//! spaces.

use super::Span;
use crate::characters::Class;
use crate::diagnostic::Edit;
use crate::text::position::is_mark;

/// Replaces characters in the indentation of lines that look like spaces, or are invisible, by spaces; and counts the lines
/// with them. Only keys, items and comments count: other text may start with such characters.
pub(super) fn lookalikes(text: &str, part: Span) -> (Vec<Edit>, usize) {
    let is_lookalike = |c: char| Class::in_syntax(c).is_some_and(Class::is_unseen);
    let (mut places, mut count, mut end) = (Vec::new(), 0, part.start);
    for line in text.get(part.start..part.end).unwrap_or_default().split_inclusive(['\n', '\r']) {
        let start = end;
        end += line.len();
        let content = line.trim_start_matches(|c| matches!(c, ' ' | '\t') || is_lookalike(c));
        let is_structure = content.trim().is_empty()
            || content.starts_with(['-', '#', '"', '}', ']'])
            || content.contains(':');
        let before = places.len();
        for (at, c) in line.get(..line.len() - content.len()).unwrap_or_default().char_indices() {
            let at = start + at;
            if is_structure && is_lookalike(c) && !is_mark(at, c) {
                places.push(Edit { span: Span::new(at, at + c.len_utf8()), text: " ".to_owned() });
            }
        }
        count += usize::from(places.len() > before);
    }
    (places, count)
}

/// The indentation of a line in block style.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    indentation: usize,
    /// Whether it has a value after its key, so that nothing can be nested in it.
    is_complete: bool,
}

/// The content of the first of the lines with too little indentation, if the line at `mark` cannot be nested in the one
/// above it: the lines before and after them have the same indentation. There must be at least as many lines after them;
/// otherwise those have too much indentation.
pub(super) fn outdented(text: &str, base: usize, mark: usize) -> Option<Span> {
    let start = text.get(base..mark)?.rfind(['\n', '\r']).map_or(base, |at| base + at + 1);
    let this = lines(text.get(start..)?, start).next()?;
    let mut above = backwards(text.get(base..start)?, base).peekable();
    let mut few = 0;
    let mut first: Option<Line> = None;
    while let Some(line) = above.next_if(|line| line.indentation < this.indentation) {
        // A line that can have children is the parent of the lines below it.
        if !line.is_complete || first.is_some_and(|first| first.indentation != line.indentation) {
            return None;
        }
        few += 1;
        first = Some(line);
    }
    let sibling = above.find(|line| line.indentation <= this.indentation)?;
    let many = lines(text.get(start..)?, start).take_while(|line| line.indentation >= this.indentation);
    let first = first.filter(|_| sibling.indentation == this.indentation && many.take(few).count() == few)?;
    let content = first.start + first.indentation;
    let line = text.get(content..)?.split(['\n', '\r']).next()?;
    Some(Span::new(content, content + line.trim_end().len()))
}

/// The content of the line at `mark`, if it is an item among keys, or a key among items, of the same indentation; and
/// whether it is an item. Of an item, the span is that of its dash.
pub(super) fn misplaced_entry(text: &str, base: usize, mark: usize) -> Option<(bool, Span)> {
    let start = text.get(base..mark)?.rfind(['\n', '\r']).map_or(base, |at| base + at + 1);
    let this = lines(text.get(start..)?, start).next()?;
    let mut above = backwards(text.get(base..start)?, base);
    let sibling = above.find(|line| line.indentation <= this.indentation)?;
    let content = |line: Line| {
        let content = text.get(line.start + line.indentation..)?.split(['\n', '\r']).next()?;
        Some((content.trim_end(), content.starts_with("- ") || content.trim_end() == "-"))
    };
    let (words, is_item) = content(this)?;
    let (_, is_item_above) = content(sibling)?;
    let at = this.start + this.indentation;
    let length = if is_item { 1 } else { words.len() };
    let is_misplaced = sibling.indentation == this.indentation && is_item != is_item_above;
    is_misplaced.then(|| (is_item, Span::new(at, at + length)))
}

/// The lines of a text that starts at `at`, except blank ones and comments.
fn lines(text: &str, at: usize) -> impl Iterator<Item = Line> {
    let mut end = at;
    text.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let start = end;
        end += line.len();
        Line::of(line, start)
    })
}

/// The same in reverse order.
fn backwards(text: &str, at: usize) -> impl Iterator<Item = Line> {
    let mut start = at + text.len();
    text.split_inclusive(['\n', '\r']).rev().filter_map(move |line| {
        start -= line.len();
        Line::of(line, start)
    })
}

impl Line {
    fn of(line: &str, start: usize) -> Option<Self> {
        let content = line.trim_start_matches(' ');
        let indentation = line.len() - content.len();
        let content = content.trim();
        let is_complete = !content.ends_with(':') && (content.contains(": ") || content.contains(":\t"));
        (!content.is_empty() && !content.starts_with('#')).then_some(Self { start, indentation, is_complete })
    }
}
