//! Which line is to blame for an indentation that the parser only stumbles over in the next one.

use super::Span;

/// A line of block style, as far as its indentation goes.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    indentation: usize,
    /// Whether it says something after its key, so that nothing can be nested in it.
    is_complete: bool,
}

/// The content of the lines that are indented too little, where the line at `mark` cannot belong to the one above it:
/// the lines before and behind them are indented alike. There are no more of them than lines behind them; otherwise
/// it is those that are indented too much.
pub(super) fn outdented(text: &str, base: usize, mark: usize) -> Option<Span> {
    let start = text.get(base..mark)?.rfind(['\n', '\r']).map_or(base, |at| base + at + 1);
    let this = lines(text.get(start..)?, start).next()?;
    let mut above = backwards(text.get(base..start)?, base).peekable();
    let mut few = 0;
    let mut first: Option<Line> = None;
    while let Some(line) = above.next_if(|line| line.indentation < this.indentation) {
        // A line with more below it is where those belong.
        if !line.is_complete || first.is_some_and(|first| first.indentation != line.indentation) {
            return None;
        }
        few += 1;
        first = Some(line);
    }
    let around = above.find(|line| line.indentation <= this.indentation)?;
    let many = lines(text.get(start..)?, start).take_while(|line| line.indentation >= this.indentation);
    let first = first.filter(|_| around.indentation == this.indentation && many.take(few).count() == few)?;
    let content = first.start + first.indentation;
    let line = text.get(content..)?.split(['\n', '\r']).next()?;
    Some(Span::new(content, content + line.trim_end().len()))
}

/// The lines of a text that begins at `at`, but for blank ones and comments.
fn lines(text: &str, at: usize) -> impl Iterator<Item = Line> {
    let mut end = at;
    text.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let start = end;
        end += line.len();
        Line::of(line, start)
    })
}

/// The same from the last to the first.
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
