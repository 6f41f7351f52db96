//! Any text: random characters, almost valid JSON or YAML, and payloads with errors.

use proptest::prelude::*;
use proptest::sample::Index;

/// The requests and responses of the vendor's page.
const VENDOR: [&str; 8] = [
    include_str!("../../../tests/fixtures/vendor/create-automatic-okta-impersonation.json"),
    include_str!("../../../tests/fixtures/vendor/create-manual-user-password.yaml"),
    include_str!("../../../tests/fixtures/vendor/script-create-okta-impersonation.yaml"),
    include_str!("../../../tests/fixtures/vendor/delete-automatic-user-password.yaml"),
    include_str!("../../../tests/fixtures/vendor/response-list.json"),
    include_str!("../../../tests/fixtures/vendor/response-get-user-password.yaml"),
    include_str!("../../../tests/fixtures/vendor/response-create.json"),
    include_str!("../../../tests/fixtures/vendor/response-create-conflict.yaml"),
];

const FRAGMENTS: [&str; 104] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "- ",
    "? ",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\"",
    "'",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\ud83d\\ude00",
    "\\x41",
    "\\q",
    "#",
    " # ",
    "&a ",
    "*a",
    "*b",
    "<<: *a",
    "<<",
    "!!str ",
    "!!binary ",
    "!secret ",
    "!<tag:x> ",
    "|\n",
    "|2-\n",
    ">+\n",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.2\n",
    "%TAG ! x:\n",
    "@",
    "`",
    "%",
    "null",
    "~",
    "true",
    "false",
    "yes",
    "0",
    "-1",
    "5439",
    "1e999",
    "-0.0",
    "1.5",
    ".inf",
    ".nan",
    "0x1F",
    "0o17",
    "99999999999999999999999",
    "\"a\"",
    "\"\"",
    "a",
    "é",
    "\u{1F600}",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\0",
    "\u{7f}",
    "type",
    "type: Redshift\n",
    "\"type\": \"Redshift\",",
    "type: Snowflake\n",
    "autoBootstrap: false\n",
    "autoBootstrap",
    "config",
    "config:\n  ",
    "\"config\": {",
    "host",
    "host: a.example.com\n",
    "host: https://u:p@x.example.com:1/y?z\n",
    "port",
    "port: 0\n",
    "database: dev\n",
    "database",
    "initialDatabase",
    "authenticationType: okta\n",
    "authenticationType: userPassword\n",
    "username: PUBLIC\n",
    "username",
    "password: ${NAME}\n",
    "password",
    "pasword: x\n",
    "okta: {",
    "okta:\n    ",
    "impersonation: {enabled: true}\n",
    "role: __x\n",
    "<REDACTED>",
    "statusCode: 409\n",
    "status: enabled\n",
    "validationResults:\n",
];

/// Patterns whose repetition may take excessive time or memory.
const REPEATED: [&str; 24] = [
    "[",
    "{\"a\":",
    "{a: ",
    "[[], ",
    "- ",
    "- - ",
    "? ",
    "a: ",
    "a:\n ",
    "&a [*a, ",
    "- &a *a\n",
    "x: &a [a, *a]\n",
    "\"",
    "'",
    "\\",
    "#",
    "---\n",
    "!!str ",
    "<<: {",
    "a: |\n ",
    "\u{1F600}",
    "\n",
    "{\"a\":1},",
    "\"a\":1,",
];

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        12 => prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

/// A change at some position of a text.
#[derive(Clone, Debug)]
enum Edit {
    Delete(Index, usize),
    Repeat(Index, usize),
    Insert(Index, String),
    Cut(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let fragment = prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        3 => (any::<Index>(), 1..20_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        2 => (any::<Index>(), 1..80_usize).prop_map(|(at, length)| Edit::Repeat(at, length)),
        4 => (any::<Index>(), fragment).prop_map(|(at, fragment)| Edit::Insert(at, fragment)),
        1 => any::<Index>().prop_map(Edit::Cut),
    ]
}

fn apply(text: &str, edit: &Edit) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let place = |at: &Index| at.index(chars.len() + 1);
    match edit {
        Edit::Delete(at, length) => {
            let at = place(at);
            chars.drain(at..(at + length).min(chars.len()));
        }
        Edit::Repeat(at, length) => {
            let at = place(at);
            let piece = chars[at..(at + length).min(chars.len())].to_vec();
            chars.splice(at..at, piece);
        }
        Edit::Insert(at, fragment) => {
            let at = place(at);
            chars.splice(at..at, fragment.chars());
        }
        Edit::Cut(at) => chars.truncate(place(at)),
    }
    chars.into_iter().collect()
}

fn mutated() -> impl Strategy<Value = String> {
    (prop::sample::select(VENDOR.to_vec()), prop::collection::vec(edit(), 0..6))
        .prop_map(|(text, edits)| edits.iter().fold(text.to_owned(), |text, edit| apply(&text, edit)))
}

fn repeated() -> impl Strategy<Value = String> {
    let piece = || prop::sample::select(REPEATED.to_vec());
    (fragments(), piece(), 1..4000_usize, piece(), 0..400_usize)
        .prop_map(|(start, piece, times, other, more)| start + &piece.repeat(times) + &other.repeat(more))
}

/// Any text at all.
pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => mutated(),
        5 => fragments(),
        1 => repeated(),
        1 => any::<String>(),
        1 => prop::collection::vec(any::<u8>(), 0..200)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ]
}
