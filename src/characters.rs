//! Characters that cannot be seen, or that a text processor put in the place of others.

/// What a suspicious character is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// White space of ASCII, and the space of East Asian scripts: suspicious at the ends alone.
    Blank,
    /// Another space.
    Space,
    /// A line break.
    LineBreak,
    /// Nothing at all.
    Invisible,
    /// Nothing, unless it joins letters of a script that needs it.
    Joiner,
    /// A straight quote, double or single.
    Quote(char),
    /// A hyphen.
    Dash,
    /// The character of ASCII that it is the wide form of: suspicious in hosts, and in the syntax.
    Wide(char),
    /// What a wrong encoding left.
    Broken,
}

/// The names in the Unicode Character Database of those characters whose class does not tell enough.
const NAMES: [(char, &str); 57] = [
    ('\0', "null"),
    ('\t', "tab"),
    ('\n', "line feed"),
    ('\r', "carriage return"),
    (' ', "space"),
    ('\u{85}', "next line"),
    ('\u{A0}', "no-break space"),
    ('\u{AB}', "left-pointing double angle quotation mark"),
    ('\u{AD}', "soft hyphen"),
    ('\u{BB}', "right-pointing double angle quotation mark"),
    ('\u{34F}', "combining grapheme joiner"),
    ('\u{61C}', "Arabic letter mark"),
    ('\u{115F}', "Hangul choseong filler"),
    ('\u{1160}', "Hangul jungseong filler"),
    ('\u{180E}', "Mongolian vowel separator"),
    ('\u{2002}', "en space"),
    ('\u{2003}', "em space"),
    ('\u{2007}', "figure space"),
    ('\u{2009}', "thin space"),
    ('\u{200A}', "hair space"),
    ('\u{200B}', "zero width space"),
    ('\u{200C}', "zero width non-joiner"),
    ('\u{200D}', "zero width joiner"),
    ('\u{200E}', "left-to-right mark"),
    ('\u{200F}', "right-to-left mark"),
    ('\u{2010}', "hyphen"),
    ('\u{2011}', "non-breaking hyphen"),
    ('\u{2012}', "figure dash"),
    ('\u{2013}', "en dash"),
    ('\u{2014}', "em dash"),
    ('\u{2015}', "horizontal bar"),
    ('\u{2018}', "left single quotation mark"),
    ('\u{2019}', "right single quotation mark"),
    ('\u{201A}', "single low-9 quotation mark"),
    ('\u{201B}', "single high-reversed-9 quotation mark"),
    ('\u{201C}', "left double quotation mark"),
    ('\u{201D}', "right double quotation mark"),
    ('\u{201E}', "double low-9 quotation mark"),
    ('\u{201F}', "double high-reversed-9 quotation mark"),
    ('\u{2028}', "line separator"),
    ('\u{2029}', "paragraph separator"),
    ('\u{202A}', "left-to-right embedding"),
    ('\u{202B}', "right-to-left embedding"),
    ('\u{202C}', "pop directional formatting"),
    ('\u{202D}', "left-to-right override"),
    ('\u{202E}', "right-to-left override"),
    ('\u{202F}', "narrow no-break space"),
    ('\u{205F}', "medium mathematical space"),
    ('\u{2060}', "word joiner"),
    ('\u{2066}', "left-to-right isolate"),
    ('\u{2067}', "right-to-left isolate"),
    ('\u{2068}', "first strong isolate"),
    ('\u{2069}', "pop directional isolate"),
    ('\u{2212}', "minus sign"),
    ('\u{3000}', "ideographic space"),
    ('\u{3164}', "Hangul filler"),
    ('\u{FEFF}', "byte order mark"),
];

impl Class {
    /// The class of a character; none if it is one like any other.
    pub(crate) fn of(c: char) -> Option<Self> {
        Some(match c {
            '\t' | '\n' | '\u{B}' | '\u{C}' | '\r' | ' ' | '\u{1680}' | '\u{3000}' => Self::Blank,
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => Self::Space,
            '\u{85}' | '\u{2028}' | '\u{2029}' => Self::LineBreak,
            '\u{200C}' | '\u{200D}' => Self::Joiner,
            '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}' => Self::Invisible,
            '\u{AB}' | '\u{BB}' | '\u{201C}'..='\u{201F}' => Self::Quote('"'),
            '\u{2018}'..='\u{201B}' => Self::Quote('\''),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Self::Dash,
            '\u{FF01}'..='\u{FF5E}' => Self::Wide(char::from_u32(u32::from(c) - 0xFEE0)?),
            '\u{FFFD}' => Self::Broken,
            _ => return None,
        })
    }

    /// Whether it leaves nothing to be seen.
    pub(crate) const fn is_unseen(self) -> bool {
        matches!(self, Self::Blank | Self::Space | Self::LineBreak | Self::Invisible | Self::Joiner)
    }
}

/// Whether the character cannot be seen.
pub(crate) fn is_unseen(c: char) -> bool {
    Class::of(c).is_some_and(Class::is_unseen)
}

/// Whether there is nothing in a text that can be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_unseen(c))
}

/// Whether the character may surround a value by mistake.
pub(crate) fn may_surround(c: char) -> bool {
    Class::of(c).is_some_and(|class| class.is_unseen() || matches!(class, Class::Quote(_)))
}

/// `U+00A0 no-break space`
pub(crate) fn named(c: char) -> String {
    let point = format!("U+{:04X}", u32::from(c));
    let name = NAMES.iter().find(|(known, _)| *known == c).map(|(_, name)| *name);
    let name = name.or_else(|| {
        Some(match Class::of(c)? {
            Class::Blank | Class::Space => "space",
            Class::LineBreak => "line break",
            Class::Invisible | Class::Joiner => "invisible character",
            Class::Quote(_) => "quotation mark",
            Class::Dash => "dash",
            Class::Wide(_) => "fullwidth form",
            Class::Broken => "replacement character",
        })
    });
    name.map_or(point.clone(), |name| format!("{point} {name}"))
}
