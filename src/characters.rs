//! Characters that cannot be seen, or that look like others: what they are taken for, and their names.

/// What a suspicious character is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// White space of ASCII, suspicious at the ends alone, and the space of East Asian scripts, which belongs between
    /// their characters.
    Blank,
    /// Another space, or what looks like one.
    Space,
    /// A line break.
    LineBreak,
    /// Nothing at all.
    Invisible,
    /// Nothing, unless it joins letters of a script that needs it.
    Joiner,
    /// Nothing, unless it varies the character before it.
    Selector,
    /// A straight quote, or one that is meant for it.
    Quote(char),
    /// A hyphen.
    Dash,
    /// The character of ASCII that it is the wide, the small or the vertical form of: suspicious in hosts, and in the syntax.
    Wide(char),
    /// What a wrong encoding left.
    Broken,
    /// A character that is not of ASCII, in a word that is: never of a character by itself.
    Foreign,
}

/// The names in the Unicode Character Database of those characters whose class does not tell enough.
const NAMES: [(char, &str); 64] = [
    ('\0', "null"),
    ('\t', "tab"),
    ('\n', "line feed"),
    ('\u{B}', "line tabulation"),
    ('\u{C}', "form feed"),
    ('\r', "carriage return"),
    (' ', "space"),
    ('"', "quotation mark"),
    ('\'', "apostrophe"),
    ('`', "grave accent"),
    ('\u{85}', "next line"),
    ('\u{A0}', "no-break space"),
    ('\u{AB}', "left-pointing double angle quotation mark"),
    ('\u{AD}', "soft hyphen"),
    ('\u{BB}', "right-pointing double angle quotation mark"),
    ('\u{34F}', "combining grapheme joiner"),
    ('\u{61C}', "Arabic letter mark"),
    ('\u{115F}', "Hangul choseong filler"),
    ('\u{1160}', "Hangul jungseong filler"),
    ('\u{1680}', "Ogham space mark"),
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
    ('\u{2800}', "Braille pattern blank"),
    ('\u{3000}', "ideographic space"),
    ('\u{3164}', "Hangul filler"),
    ('\u{FEFF}', "byte order mark"),
];

impl Class {
    /// The class of a character; none if it is one like any other.
    ///
    /// What cannot be seen is what the Unicode Character Database says so of: `White_Space` and
    /// `Default_Ignorable_Code_Point`
    /// (<https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt>, `DerivedCoreProperties.txt` beside it), and besides
    /// the Braille pattern without a dot, and the marks of interlinear annotations.
    pub(crate) fn of(c: char) -> Option<Self> {
        Some(match c {
            '\t'..='\r' | ' ' | '\u{3000}' => Self::Blank,
            '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{2800}' => {
                Self::Space
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => Self::LineBreak,
            '\u{200C}' | '\u{200D}' => Self::Joiner,
            '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
                Self::Selector
            }
            '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}' => Self::Invisible,
            '"' | '\'' | '`' => Self::Quote(c),
            '\u{AB}' | '\u{BB}' | '\u{201C}'..='\u{201F}' => Self::Quote('"'),
            '\u{2018}'..='\u{201B}' => Self::Quote('\''),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Self::Dash,
            '\u{FF01}'..='\u{FF5E}' => Self::Wide(char::from_u32(u32::from(c) - 0xFEE0)?),
            '\u{FE69}' => Self::Wide('$'),
            '\u{FE37}' | '\u{FE5B}' => Self::Wide('{'),
            '\u{FE38}' | '\u{FE5C}' => Self::Wide('}'),
            '\u{FFFD}' => Self::Broken,
            _ => return None,
        })
    }

    /// The class of a character where the syntax is: there, white space that is not typed and the other control
    /// characters cannot be meant. Of NUL the readers have their own to say.
    pub(crate) fn in_syntax(c: char) -> Option<Self> {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\0' => None,
            c if c.is_control() => Some(Self::of(c).unwrap_or(Self::Invisible)),
            c if c.is_ascii() => None,
            c => Self::of(c),
        }
    }

    /// Whether it leaves nothing to be seen.
    pub(crate) const fn is_unseen(self) -> bool {
        matches!(self, Self::Blank | Self::Space | Self::LineBreak | Self::Invisible | Self::Joiner)
    }
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
        let foreign = (!c.is_ascii() && !c.is_control()).then_some(Class::Foreign);
        Some(match Class::of(c).or(foreign)? {
            Class::Blank | Class::Space => "space",
            Class::LineBreak => "line break",
            Class::Invisible | Class::Joiner => "invisible character",
            Class::Selector => "variation selector",
            Class::Quote(_) => "quotation mark",
            Class::Dash => "dash",
            Class::Wide(_) if c < '\u{FE50}' => "vertical form",
            Class::Wide(_) if c < '\u{FF00}' => "small form",
            Class::Wide(_) => "fullwidth form",
            Class::Broken => "replacement character",
            // The letters of these look like those of ASCII.
            Class::Foreign if ('\u{370}'..='\u{3FF}').contains(&c) => "Greek letter",
            Class::Foreign if ('\u{400}'..='\u{52F}').contains(&c) => "Cyrillic letter",
            Class::Foreign => "non-ASCII character",
        })
    });
    name.map_or(point.clone(), |name| format!("{point} {name}"))
}

/// Whether the character leaves nothing to be seen.
pub(crate) fn is_unseen(c: char) -> bool {
    Class::of(c).is_some_and(Class::is_unseen)
}

/// Whether there is nothing in a text that can be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_unseen(c))
}

/// The character of `${NAME}` that `c` is another form of.
pub(crate) fn sign_of_reference(c: char) -> Option<char> {
    match Class::of(c) {
        Some(Class::Wide(sign @ ('$' | '{' | '}'))) => Some(sign),
        _ => None,
    }
}

/// The text with the signs of `${NAME}` in ASCII.
pub(crate) fn with_signs_of_reference(text: &str) -> String {
    text.chars().map(|c| sign_of_reference(c).unwrap_or(c)).collect()
}

/// The text without the characters that cannot be seen, but for those of ASCII.
pub(crate) fn without_unseen(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii() || !(is_unseen(*c) || Class::of(*c) == Some(Class::Selector)))
        .collect()
}
