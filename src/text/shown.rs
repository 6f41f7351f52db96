//! Text in messages: on one line, and without characters that disturb a terminal.

/// The maximum number of characters of a value or key in a message.
const SHOWN_CHARACTERS: usize = 60;

/// `text` in backticks for a message: one line, shortened, without control or invisible characters.
pub(crate) fn show(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => quoted(text),
        Some((end, _)) => quoted(&format!("{}…", &text[..end])),
    }
}

/// `text` in backticks, not shortened: for names that users need to find.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push('`');
    for c in text.chars() {
        match c {
            ' '..='~' => shown.push(c),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown.push('`');
    shown
}

/// `a`, `a or b`, `a, b or c`, each in backticks, with `conjunction` before the last.
pub(crate) fn enumerate<S: AsRef<str>>(words: &[S], conjunction: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| show(word.as_ref())).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A path without control characters, which would disturb a terminal.
#[must_use]
pub fn printable(path: &str) -> String {
    path.chars()
        .flat_map(|c| {
            let escape = is_disturbing(c);
            let escaped = escape.then(|| c.escape_default());
            let plain = (!escape).then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

/// Control characters, and those that reorder or hide others.
pub(crate) fn is_disturbing(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
