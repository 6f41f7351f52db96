//! Finds suspicious characters: invisible ones, whitespace at the start or end, typographic quotes and dashes that a word
//! processor substituted, and quotes that would be part of a name.
//!
//! Names in other scripts are not suspicious. Some scripts need the two joiners between letters, or variation selectors
//! after letters.

use crate::characters::{Class, is_unseen, named};
use crate::schema::ValueType;

/// The longest name, host or word to search, in bytes. Longer ones are invalid anyway, and a result for each of their
/// characters would need much memory.
const MAX_LENGTH: usize = 1024;

/// A suspicious character in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) at: usize,
    pub(super) c: char,
    pub(super) class: Class,
    /// Whether there is no visible character before it, or none after it.
    pub(super) is_at_edge: bool,
}

/// The kind of text to search.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A name, which may contain letters, dashes and quotes of any script.
    Name,
    /// A secret, which may contain any visible character.
    Secret,
    /// A text that must be ASCII: a host, a number, a word of the schema.
    Ascii,
    /// A possibly misspelled word of the schema, in which letters of other scripts are suspicious.
    Word,
}

/// The suspicious characters of `text`, in order.
pub(super) fn suspects(text: &str, subject: Subject) -> Vec<Suspect> {
    let is_quote = |c: char| matches!(Class::of(c), Some(Class::Quote(_)));
    let is_unseen_or_quote = |c: char| is_unseen(c) || is_quote(c);
    let is_too_long = text.len() > MAX_LENGTH && subject != Subject::Secret;
    let has_suspicious_end = || text.starts_with(is_unseen_or_quote) || text.ends_with(is_unseen_or_quote);
    if is_too_long || text.is_ascii() && !has_suspicious_end() {
        return Vec::new();
    }
    let start = text.len() - text.trim_start_matches(is_unseen).len();
    let end = text.trim_end_matches(is_unseen).len();
    let core = text.get(start..end).unwrap_or_default();
    let is_quoted = core.chars().nth(1).is_some() && core.starts_with(is_quote) && core.ends_with(is_quote);
    let is_of_word = matches!(subject, Subject::Ascii | Subject::Word);
    let mut suspects = Vec::new();
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map(|(_, c)| *c);
        let is_between = |is_expected: fn(&char) -> bool| {
            before.is_some_and(|c: char| is_expected(&c)) && after.is_some_and(|c| is_expected(&c))
        };
        let is_at_end = at == start || at + c.len_utf8() == end;
        let is_foreign = |c: &char| !c.is_ascii() && !is_unseen(*c);
        let is_suspicious = |class: Class| match class {
            Class::Space | Class::LineBreak | Class::Invisible | Class::Broken | Class::Foreign => true,
            Class::Joiner => !is_between(is_foreign),
            Class::Blank => !c.is_ascii() && !is_between(is_foreign),
            Class::Selector => {
                !before.is_some_and(|c| is_foreign(&c) && Class::of(c) != Some(Class::Selector))
            }
            // Straight quotes may be part of a secret.
            Class::Quote(_) if subject == Subject::Secret && c.is_ascii() => false,
            // An apostrophe may end a name.
            Class::Quote(straight) if c == straight && c != '\'' => is_at_end,
            Class::Quote(_) if c.is_ascii() => is_quoted && is_at_end,
            Class::Quote(_) | Class::Dash | Class::Wide(_) if is_of_word => true,
            Class::Quote(_) => is_quoted && is_at_end,
            Class::Dash => subject == Subject::Name && is_between(char::is_ascii_alphanumeric),
            Class::Wide(_) => false,
        };
        let class = match Class::of(c) {
            None if subject == Subject::Word && !c.is_ascii() => Some(Class::Foreign),
            class => class,
        };
        let is_at_edge = at < start || at >= end;
        if let Some(class) = class.filter(|class| is_at_edge || is_suspicious(*class)) {
            suspects.push(Suspect { at, c, class, is_at_edge });
        }
        before = Some(c);
    }
    suspects
}

/// A key without its suspicious characters, and their description; `None` if there are none.
pub(super) fn clean_key(key: &str) -> Option<(String, String)> {
    let suspects = suspects(key, Subject::Ascii);
    let description = describe(key, &suspects, "this key")?;
    Some((cleaned(key, &suspects), description))
}

/// Describes the suspicious characters of a possibly misspelled word of the schema, including letters of other scripts.
/// `subject` names the text in the description.
pub(super) fn of_word(text: &str, subject: &str) -> Option<String> {
    describe(text, &suspects(text, Subject::Word), subject)
}

/// Describes the suspicious characters of a value. `subject` names the value in the description.
pub(super) fn of_value(value: &str, value_type: &ValueType, subject: &str) -> Option<String> {
    describe(value, &suspects(value, subject_of(value_type)), subject)
}

/// A name without its suspicious characters, for other rules.
pub(super) fn clean_name(name: &str) -> String {
    cleaned(name, &suspects(name, Subject::Name))
}

/// A password without its suspicious characters, for other rules.
pub(super) fn clean_password(password: &str) -> String {
    cleaned(password, &suspects(password, Subject::Secret))
}

/// The name of the first control character of `text`.
pub(super) fn control(text: &str) -> Option<String> {
    text.chars().find(|c| c.is_control()).map(named)
}

/// The text without `suspects`.
pub(super) fn cleaned(text: &str, suspects: &[Suspect]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut suspects = suspects.iter().peekable();
    for (at, c) in text.char_indices() {
        match suspects.next_if(|suspect| suspect.at == at) {
            None => clean.push(c),
            Some(suspect) => clean.push_str(&suspect.replacement()),
        }
    }
    clean
}

impl Suspect {
    /// The replacement for the character, which may be empty.
    pub(super) fn replacement(&self) -> String {
        match self.class {
            Class::Space | Class::LineBreak if !self.is_at_edge => " ".to_owned(),
            Class::Dash => "-".to_owned(),
            Class::Wide(narrow) => narrow.to_string(),
            _ => String::new(),
        }
    }
}

/// Describes the first of the suspects, its position in `text`, and how many more there are: "U+00A0 no-break space at the
/// end of `database`".
pub(super) fn describe(text: &str, suspects: &[Suspect], subject: &str) -> Option<String> {
    let first = suspects.first()?;
    let is_seen = |c: char| !is_unseen(c) && Class::of(c) != Some(Class::Selector);
    let position = if !text.get(..first.at)?.contains(is_seen) && text.contains(is_seen) {
        "at the beginning of"
    } else if !text.get(first.at + first.c.len_utf8()..)?.contains(is_seen) {
        "at the end of"
    } else {
        "in"
    };
    let others = suspects.len() - 1;
    let more = match others {
        0 => String::new(),
        1 => ", and 1 other suspicious character".to_owned(),
        _ => format!(", and {others} other suspicious characters"),
    };
    Some(format!("{} {position} {subject}{more}", named(first.c)))
}

/// The kind of text that values of this type are.
pub(super) const fn subject_of(value_type: &ValueType) -> Subject {
    match value_type {
        ValueType::Host => Subject::Ascii,
        ValueType::Secret => Subject::Secret,
        _ => Subject::Name,
    }
}

/// Whether two words differ only in letter case and suspicious characters.
pub(super) fn is_same_word(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
        || cleaned(word, &suspects(word, Subject::Ascii)).eq_ignore_ascii_case(other)
}
