//! Characters that nobody sees, or that a text processor put in the place of others: no-break and zero-width ones,
//! white space at the ends, typographic quotes and dashes; and quotes around a name that would belong to it.
//!
//! Names in other scripts hold none of them, but for the two joiners, which some scripts need between their letters, and
//! for variation selectors behind them.

use crate::characters::{Class, is_unseen, named};
use crate::schema::Shape;

/// The longest name, host or word that is looked at, in bytes: a longer one is refused for its length, and what each of its
/// characters is would cost many times its size.
const LONGEST: usize = 1024;

/// A character of a text that does not belong there, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) at: usize,
    pub(super) c: char,
    pub(super) class: Class,
    /// Whether nothing that can be seen stands before it, or nothing behind it.
    pub(super) is_at_edge: bool,
}

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A name, which may hold letters, dashes and quotes of any script.
    Name,
    /// A secret, which may hold anything that can be seen.
    Secret,
    /// What has to be in ASCII: a host, a number, a word of the schema.
    Ascii,
    /// What is meant for a word of the schema, so that no letter of another script belongs to it.
    Word,
}

/// The suspicious characters of `text`, in its order.
pub(super) fn suspects(text: &str, subject: Subject) -> Vec<Suspect> {
    let is_quote = |c: char| matches!(Class::of(c), Some(Class::Quote(_)));
    let is_around = |c: char| is_unseen(c) || is_quote(c);
    let is_long = text.len() > LONGEST && subject != Subject::Secret;
    if is_long || text.is_ascii() && !text.starts_with(is_around) && !text.ends_with(is_around) {
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
        let is_between = |holds: fn(&char) -> bool| {
            before.is_some_and(|c: char| holds(&c)) && after.is_some_and(|c| holds(&c))
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
            // A secret may well be written in them.
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

/// A key without the characters that are suspicious in it, and what there is to say of them; `None` if there are none.
pub(super) fn clean_key(key: &str) -> Option<(String, String)> {
    let suspects = suspects(key, Subject::Ascii);
    let said = said(key, &suspects, "this key")?;
    Some((cleaned(key, &suspects), said))
}

/// What there is to say of the characters of a text that is meant for one of the schema's words, and is called
/// `subject`: letters that only look like those of the word are among them.
pub(super) fn of_word(text: &str, subject: &str) -> Option<String> {
    said(text, &suspects(text, Subject::Word), subject)
}

/// What there is to say of the characters of a value, which is called `subject`.
pub(super) fn of_value(value: &str, shape: &Shape, subject: &str) -> Option<String> {
    said(value, &suspects(value, subject_of(shape)), subject)
}

/// A name without the characters that are suspicious in it, to be judged by other rules.
pub(super) fn clean_name(name: &str) -> String {
    cleaned(name, &suspects(name, Subject::Name))
}

/// A password without the characters that are suspicious in it, to be judged by other rules.
pub(super) fn clean_password(password: &str) -> String {
    cleaned(password, &suspects(password, Subject::Secret))
}

/// The first control character of `text`, by its name.
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
    /// What belongs in its place, which may be nothing.
    pub(super) fn replacement(&self) -> String {
        match self.class {
            Class::Space | Class::LineBreak if !self.is_at_edge => " ".to_owned(),
            Class::Dash => "-".to_owned(),
            Class::Wide(narrow) => narrow.to_string(),
            _ => String::new(),
        }
    }
}

/// The first of the suspects, its place in `text` and how many more there are: `U+00A0 no-break space at the end of` the
/// subject.
pub(super) fn said(text: &str, suspects: &[Suspect], subject: &str) -> Option<String> {
    let first = suspects.first()?;
    let is_seen = |c: char| !is_unseen(c) && Class::of(c) != Some(Class::Selector);
    let place = if !text.get(..first.at)?.contains(is_seen) && text.contains(is_seen) {
        "at the beginning of"
    } else if !text.get(first.at + first.c.len_utf8()..)?.contains(is_seen) {
        "at the end of"
    } else {
        "in"
    };
    let others = suspects.len() - 1;
    let more = match others {
        0 => String::new(),
        1 => ", and another such character".to_owned(),
        _ => format!(", and {others} other such characters"),
    };
    Some(format!("{} {place} {subject}{more}", named(first.c)))
}

/// What a value of this shape is looked at as.
pub(super) const fn subject_of(shape: &Shape) -> Subject {
    match shape {
        Shape::Host => Subject::Ascii,
        Shape::Secret => Subject::Secret,
        _ => Subject::Name,
    }
}

/// Whether two words are the same but for letter case and suspicious characters.
pub(super) fn is_same_word(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
        || cleaned(word, &suspects(word, Subject::Ascii)).eq_ignore_ascii_case(other)
}
