//! Finds the unclosed bracket in YAML flow style. The parser reports the error only lines below.

/// The bracket between `start` and `mark` that is still open at the end of the document, if a line ends between it and
/// `mark`. Of several, it is the innermost in the line of the first.
pub(super) fn unclosed(text: &str, start: usize, mark: usize) -> Option<usize> {
    let open = open_brackets(text, start, mark)?;
    let first = *open.first()?;
    let line_end = text.get(first..)?.find(['\n', '\r']).map_or(text.len(), |length| first + length);
    let opener = *open.iter().take_while(|opener| **opener < line_end).last()?;
    let is_above = text.get(opener..mark)?.contains(['\n', '\r']);
    let is_at_end = || text.get(mark..).is_some_and(|rest| rest.trim().is_empty());
    (is_above || is_at_end()).then_some(opener)
}

/// The brackets that are open at the end of the document; `None` if none is open at `mark`, or if another cause is more
/// likely: an unclosed string, or a bracket of the other kind.
fn open_brackets(text: &str, start: usize, mark: usize) -> Option<Vec<usize>> {
    let bytes = text.as_bytes();
    let is_blank = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    let is_break = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
    let mut open: Vec<usize> = Vec::new();
    // Whether a value or a key can start here; an indicator inside a word is part of the word.
    let mut starts = true;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        if open.is_empty() && at >= mark {
            return None;
        }
        let is_flow = !open.is_empty();
        match byte {
            b'\n' | b'\r' => {
                let is_marker =
                    matches!(bytes.get(at + 1..at + 4), Some(b"---" | b"...")) && is_blank(at + 4);
                if is_marker {
                    break;
                }
                starts = true;
            }
            b' ' | b'\t' => {}
            b'#' if at == 0 || is_blank(at - 1) => {
                while !is_break(at + 1) {
                    at += 1;
                }
            }
            b'"' | b'\'' if starts => {
                at = string_end(bytes, at)?;
                starts = false;
            }
            b'[' | b'{' if starts || is_flow => {
                open.push(at);
                starts = true;
            }
            b']' | b'}' if is_flow => {
                let opener = if byte == b']' { b'[' } else { b'{' };
                let last = open.pop()?;
                if bytes.get(last) != Some(&opener) {
                    // It closes an outer collection, so that the inner one is unclosed.
                    let is_of_outer = open.iter().any(|outer| bytes.get(*outer) == Some(&opener));
                    return (is_of_outer && last < mark).then(|| vec![last]);
                }
                starts = false;
            }
            b',' if is_flow => starts = true,
            // A fullwidth closing bracket, which was meant as a bracket.
            0xEF if is_flow && text.get(at..)?.starts_with(['\u{FF3D}', '\u{FF5D}']) => return None,
            b':' if is_blank(at + 1) || is_flow => starts = true,
            b'-' | b'?' if starts && is_blank(at + 1) => {}
            // The value follows its tag or anchor.
            b'!' | b'&' if starts => {
                while !is_blank(at + 1) {
                    at += 1;
                }
            }
            _ => starts = false,
        }
        at += 1;
    }
    (open.first()? < &mark).then_some(open)
}

/// The closing quote of the string that starts at a byte.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            byte if byte == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&quote) {
                    at += 1;
                } else {
                    return Some(at);
                }
            }
            b'\\' if quote == b'"' => at += 1,
            _ => {}
        }
        at += 1;
    }
}
