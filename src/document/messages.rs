//! Messages for the errors of the YAML parser. The parser's own messages are never shown: some quote the text, which may
//! contain a secret.

pub(super) const UNKNOWN_ANCHOR: &str = "unknown anchor: not defined before this alias";

/// Whether the parser gave up because of nesting.
pub(super) fn is_depth(info: &str) -> bool {
    info == "recursion limit exceeded"
}

const TAB: (&str, Option<&str>) = ("tabs are not allowed in indentation", Some("indent with spaces"));
const MAPPING: (&str, Option<&str>) = (
    "unexpected `: `: mapping values are not allowed here",
    Some("put the value in quotes if it contains `: `, or fix the indentation of this line"),
);
const INDENTATION: (&str, Option<&str>) =
    ("inconsistent indentation", Some("indent this line like the other keys or items of its level"));
const OUTDENTED: (&str, Option<&str>) = (
    "this line is indented less than the lines before and after it",
    Some("indent it like them, or fix the indentation of the line below it"),
);
const UNCLOSED: (&str, Option<&str>) = (
    "unclosed `[` or `{` above, or this line is not indented",
    Some("add the closing bracket, or indent all lines inside the brackets"),
);
const KEY_WITHOUT_COLON: (&str, Option<&str>) = (
    "expected `:` after this key",
    Some("write `key: value`, with a space after the colon; put multi-line text in quotes"),
);
const COMMENT_IN_TEXT: (&str, Option<&str>) = (
    "unexpected comment inside multi-line text",
    Some("put the text in quotes, or move the comment after it"),
);
const ITEM_AMONG_KEYS: (&str, Option<&str>) = (
    "unexpected `- ` among the keys of an object",
    Some("remove it, or indent it below the key that the array belongs to"),
);
const KEY_AMONG_ITEMS: (&str, Option<&str>) = (
    "unexpected key among the items of an array",
    Some("indent it like the keys that it belongs to; an array item starts with `- `"),
);
const NO_DOCUMENT_START: (&str, Option<&str>) =
    ("missing `---` between the directives and the document", Some("insert a line `---` above this line"));
const TEXT_AFTER_DOCUMENT: (&str, Option<&str>) = (
    "unexpected text after the end of the document",
    Some("start another document with `---`, or fix the indentation of this line"),
);
const TEXT_AFTER_QUOTE: (&str, Option<&str>) = (
    "unexpected text after the closing quote",
    Some("put the whole value in quotes; write `''` for a quote inside single quotes"),
);
const TAG: (&str, Option<&str>) = ("invalid YAML tag", Some("put the value in quotes if it starts with `!`"));
const DIRECTIVE: (&str, Option<&str>) =
    ("invalid YAML directive", Some("put the value in quotes if it starts with `%`"));
const BLOCK_SCALAR: (&str, Option<&str>) = (
    "invalid block scalar: unexpected text after `|` or `>`",
    Some("put the value in quotes if it starts with `|` or `>`"),
);
const ESCAPE: (&str, Option<&str>) = (
    "unknown escape sequence in a double-quoted string",
    Some("write a backslash as `\\\\`, or use single quotes"),
);

/// The message and help for a value that starts with an indicator.
pub(super) const FIRST_CHARACTER: (&str, &str) =
    ("a value cannot start with this character", "put the value in quotes");
/// The parser's message for a tab between a colon and a value.
const TAB_AFTER_COLON: &str = "':' must be followed by a valid YAML whitespace";

/// Whether the parser's message is about a tab between a colon and a value.
pub(super) fn is_tab_after_colon(info: &str) -> bool {
    info == TAB_AFTER_COLON
}

/// Our message for an error of the parser.
pub(super) struct ParserMessage {
    pub(super) message: &'static str,
    pub(super) help: Option<&'static str>,
    /// Where the error is.
    pub(super) at: At,
}

/// Where an error is, relative to the position that the parser reports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Mark,
    /// At this colon, or in the line above that has none.
    Colon,
    /// At the key before it: the parser notices a missing colon only at the next token.
    Key,
    /// In this line, or a line above it that is indented too little.
    Line,
    /// At this comment, at the key before it that has no colon, or in the line below it that has an extra colon.
    Comment,
    /// At this text, or at the quoted key before it that has no colon.
    Quote,
    /// At the tab that indents the line, or the next one that is indented by a tab.
    Tab,
    /// At the mark, where the `---` of a document may be missing.
    Start,
}

/// Our message for an error of the parser (saphyr-parser 0.3.4, `src/scanner.rs` and `src/parser.rs`).
pub(super) fn parser_message(info: &str) -> ParserMessage {
    let (message, help) = syntax(info);
    let at = match message {
        _ if message == KEY_WITHOUT_COLON.0 => At::Key,
        _ if message == MAPPING.0 => At::Colon,
        _ if message == COMMENT_IN_TEXT.0 => At::Comment,
        _ if message == INDENTATION.0 => At::Line,
        _ if message == TEXT_AFTER_QUOTE.0 => At::Quote,
        _ if message == TAB.0 => At::Tab,
        _ if message == TEXT_AFTER_DOCUMENT.0 => At::Start,
        _ => At::Mark,
    };
    ParserMessage { message, help, at }
}

/// A key without a colon, whichever error the parser reports for it.
pub(super) fn key_without_colon() -> ParserMessage {
    let (message, help) = KEY_WITHOUT_COLON;
    ParserMessage { message, help, at: At::Key }
}

/// A colon after a comment: the parser treats it as a continuation of the text before the comment.
pub(super) fn misplaced_colon() -> ParserMessage {
    let (message, help) = MAPPING;
    ParserMessage { message, help, at: At::Colon }
}

/// A line with too little indentation, which the parser treats as the parent of the next line.
pub(super) fn outdented() -> ParserMessage {
    let (message, help) = OUTDENTED;
    ParserMessage { message, help, at: At::Colon }
}

/// An item among keys, or a key among items, of the same indentation.
pub(super) fn misplaced_entry(is_item: bool) -> ParserMessage {
    let (message, help) = if is_item { ITEM_AMONG_KEYS } else { KEY_AMONG_ITEMS };
    ParserMessage { message, help, at: At::Line }
}

/// Text after directives without a `---` between them.
pub(super) fn no_document_start() -> ParserMessage {
    let (message, help) = NO_DOCUMENT_START;
    ParserMessage { message, help, at: At::Start }
}

/// The message and the help for the unclosed bracket at `opener`.
pub(super) fn unclosed(text: &str, opener: usize) -> (String, String) {
    let (bracket, closer) = if text.as_bytes().get(opener) == Some(&b'[') { ('[', ']') } else { ('{', '}') };
    (format!("unclosed `{bracket}`"), format!("add the closing `{closer}`"))
}

fn syntax(info: &str) -> (&'static str, Option<&'static str>) {
    match info {
        "tabs disallowed within this context (block indentation)"
        | "tabs disallowed in this context"
        | "tab cannot be used as indentation"
        | "while scanning a plain scalar, found a tab"
        | "a block scalar content cannot start with a tab" => TAB,
        "'-' must be followed by a valid YAML whitespace" | TAB_AFTER_COLON => {
            ("expected a space, found a tab", Some("write a space after `:` and `-`"))
        }
        "mapping values are not allowed in this context" | "illegal placement of ':' indicator" => MAPPING,
        "mapping keys are not allowed in this context" => {
            ("unexpected `? `: mapping keys are not allowed here", MAPPING.1)
        }
        "block sequence entries are not allowed in this context" | r#""-" is only valid inside a block"# => (
            "unexpected `- `: array items are not allowed here",
            Some("start the array on a new line, or put the value in quotes"),
        ),
        "invalid indentation for anchor"
        | "wrongly indented line in block scalar"
        | "while parsing a block mapping, did not find expected key"
        | "while parsing a block collection, did not find expected '-' indicator" => INDENTATION,
        // The first occurs only inside brackets: outside, a line with less indentation closes the open collection.
        "invalid indentation" | "invalid indentation in flow construct" => UNCLOSED,
        "invalid indentation in quoted scalar" => (
            "unterminated string on this line",
            Some("add the closing quote, or indent the other lines of the string"),
        ),
        "simple key expected" | "simple key expect ':'" => KEY_WITHOUT_COLON,
        "while scanning a quoted scalar, found unexpected end of stream"
        | "while scanning a quoted scalar, found unexpected document indicator" => {
            ("unterminated string", Some("add the closing quote"))
        }
        "invalid trailing content after double-quoted scalar" => TEXT_AFTER_QUOTE,
        "while parsing a quoted scalar, found unknown escape character"
        | "while parsing a quoted scalar, did not find expected hexadecimal number"
        | "while parsing a quoted scalar, found invalid Unicode character escape code" => ESCAPE,
        "while parsing a flow mapping, did not find expected ',' or '}'" => {
            ("expected `,` or `}` in this object", Some("check the brackets, commas and quotes before it"))
        }
        "while parsing a flow sequence, expected ',' or ']'" => {
            ("expected `,` or `]` in this array", Some("check the brackets, commas and quotes before it"))
        }
        "misplaced bracket" => {
            ("unmatched closing bracket", Some("put the value in quotes if it starts with a bracket"))
        }
        "while parsing a node, did not find expected node content" => ("expected a value", None),
        "unexpected end of plain scalar"
        | "plain scalar cannot start with '-' followed by ,[]{}"
        | "':' may not precede any of `[{` in flow mapping" => {
            ("invalid value", Some("put the value in quotes"))
        }
        "comment intercepting the multiline text" => COMMENT_IN_TEXT,
        "while parsing node, found unknown anchor" => {
            (UNKNOWN_ANCHOR, Some("put the value in quotes if it starts with `*`"))
        }
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => {
            ("expected a name after `&` or `*`", Some("put the value in quotes if it starts with `&` or `*`"))
        }
        "the handle wasn't declared" => ("undeclared tag handle", TAG.1),
        "while scanning a block scalar, did not find expected comment or line break"
        | "while scanning a block scalar, found an indentation indicator equal to 0" => BLOCK_SCALAR,
        "found unprintable character" => ("unexpected NUL character", Some("remove it")),
        "a byte order mark must not appear inside a document" => {
            ("unexpected byte order mark inside the text", Some("remove it"))
        }
        "did not find expected <document start>" => TEXT_AFTER_DOCUMENT,
        "invalid content after document end marker" => {
            ("unexpected text after `...`", Some("start another document with `---`"))
        }
        "missing explicit document end marker before directive" => {
            ("unexpected directive inside a document", Some("end the previous document with `...`"))
        }
        info if info.starts_with("duplicate version") || info.starts_with("the TAG directive must only") => {
            ("duplicate directive", Some("remove one of the two"))
        }
        info if info.starts_with("unexpected character") => (FIRST_CHARACTER.0, Some(FIRST_CHARACTER.1)),
        info if ["a tag", "tag character", "verbatim tag"].iter().any(|part| info.contains(part)) => TAG,
        info if ["directive", "TAG"].iter().any(|part| info.contains(part)) => DIRECTIVE,
        _ => ("invalid YAML", None),
    }
}
