//! Valid and invalid documents with secrets, and the search for parts of the secrets.

use proptest::prelude::*;
use proptest::sample::Index;

/// The longest part of a secret that may appear by chance.
const PIECE: usize = 6;

/// A secret. No text of Bootshift contains six characters of it by chance.
#[derive(Clone, Debug)]
pub struct Secret {
    left: String,
    middle: String,
    right: String,
    digits: String,
}

impl Secret {
    /// The whole secret.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.left, self.middle, self.right)
    }

    /// Fills in a template: `@raw@`, `@json@` and `@single@` are the secret as it is, for a double-quoted and for a
    /// single-quoted string; `@left@` and `@right@` are its two ends; `@digits@` is a number.
    pub fn fill(&self, template: &str) -> String {
        let text = self.text();
        let json = serde_json::Value::from(text.as_str()).to_string();
        template
            .replace("@json@", &json[1..json.len() - 1])
            .replace("@single@", &text.replace('\'', "''"))
            .replace("@left@", &self.left)
            .replace("@right@", &self.right)
            .replace("@digits@", &self.digits)
            .replace("@raw@", &text)
    }

    /// The first part of the secret that `output` contains, in any letter case.
    pub fn shown_in(&self, output: &str) -> Option<String> {
        let output = output.to_ascii_uppercase();
        [self.text(), self.digits.clone()].iter().find_map(|secret| {
            let letters: Vec<char> = secret.to_ascii_uppercase().chars().collect();
            let mut pieces = letters.windows(PIECE).map(|piece| piece.iter().collect::<String>());
            pieces.find(|piece| output.contains(piece.as_str()))
        })
    }

    /// The byte ranges of `text` that contain the secret or one of its halves.
    fn places(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let parts = [&self.left, &self.right, &self.digits];
        parts
            .iter()
            .flat_map(|part| text.match_indices(part.as_str()))
            .map(|(at, part)| at..at + part.len())
            .collect()
    }
}

/// Any secret: two random ends around characters that may end a string, start a comment, or be special elsewhere.
pub fn secret() -> impl Strategy<Value = Secret> {
    // Letters that form no words, which a text of Bootshift might contain.
    let end = || "[JKQVWXZ2-9]{7,12}";
    let middle = prop::sample::select(vec![
        "",
        "-",
        "!",
        "$",
        "+",
        "%",
        "~",
        ".",
        "_",
        "^",
        "|",
        "/",
        "@",
        "\\",
        "'",
        "\"",
        "#",
        " #",
        ":",
        ": ",
        ",",
        ", ",
        "{",
        "}",
        "[",
        "]",
        "&",
        "*",
        "=",
        ";",
        "?",
        "<",
        ">",
        "`",
        "(",
        ")",
        " ",
        "${",
        "}$",
        "\\n",
        "://",
        "?x=",
        "é",
        "\u{1F600}",
    ]);
    (end(), middle, end(), "[1-9][0-9]{14}").prop_map(|(left, middle, right, digits)| Secret {
        left,
        middle: middle.to_owned(),
        right,
        digits,
    })
}

/// Valid and invalid replacements for the line of the password in YAML.
pub const YAML: &[&str] = &[
    "password: \"@json@\"",
    "password: '@single@'",
    "\"password\": \"@json@\"",
    "password : \"@json@\"",
    "? password\n  : \"@json@\"",
    "password: @raw@",
    "password: |\n    @left@\n    @right@",
    "password: |-\n    @raw@",
    "password: >-\n    @left@\n    @right@",
    "password: |9\n    @raw@",
    "password: |\n  @raw@",
    "password: @left@\n    @right@",
    "password: \"@left@\n    @right@\"",
    "password: \"@left@\\\n    @right@\"",
    // Of another type.
    "password: @digits@",
    "password: -@digits@.5",
    "password: 1e@digits@",
    "password: [@left@, @right@]",
    "password: [[\"@json@\"]]",
    "password:\n    - @raw@",
    "password: {@left@: @right@}",
    "password: {value: \"@json@\"}",
    "password: {@left@: 1, @left@: 2}",
    "password: {@left@: !x y}",
    "host: {@left@: {a: 1, a: 2}}",
    "x: {@left@: 1, @left@: 2}",
    "password:\n    value: @raw@",
    "password:\n    @left@: @right@",
    "password: !secret \"@json@\"",
    "password: !!int \"@json@\"",
    "password: !!binary @left@",
    "password: !!float @digits@",
    "password: !!null '@single@'",
    // With another key, or at another level.
    "pasword: \"@json@\"",
    "Password: \"@json@\"",
    "PASSWORD: @left@",
    "passwort: [@left@, {a: @right@}]",
    "pass word: @left@",
    "secret: \"@json@\"",
    "hostt: \"@json@\"",
    "usernam: \"@json@\"",
    "prot: @digits@",
    "okta: \"@json@\"",
    "okta: [\"@json@\"]",
    "okta:\n    password: \"@json@\"",
    "okta:\n    pasword: \"@json@\"",
    "okta: {username: a, password: \"@json@\", appId: b, idpHost: c.example.com, role: d}",
    "impersonation:\n    enabled: false\n    password: \"@json@\"",
    "impersonation: \"@json@\"",
    "impersonation: {enabled: {password: \"@json@\"}}",
    "host: {password: \"@json@\"}",
    "x: {y: [{z: \"@json@\"}]}",
    "password: x\npassword: \"@json@\"",
    "password: x\nconfig:\n  password: \"@json@\"",
    // Duplicate keys.
    "password: \"@json@\"\n  password: \"@left@\"",
    "password: \"@json@\"\n  pasword: @right@",
    "password: x\n  password: {a: \"@json@\"}",
    "pasword: \"@json@\"\n  pasword: '@single@'",
    // With anchors, aliases and merge keys.
    "password: &p \"@json@\"\n  pasword: *p",
    "pasword: &p \"@json@\"\n  password: *p",
    "password: &p \"@json@\"\n  role: *p",
    "password: &p \"@json@\"\n  port: *p",
    "x: &p {password: \"@json@\"}\n  okta: *p",
    "okta: &p {password: \"@json@\"}\n  impersonation: *p",
    "password: &p \"@json@\"\n  authenticationType: *p",
    "password: &p \"@json@\"\n  impersonation: {enabled: *p}",
    "password: &p \"@json@\"\n  host: *p",
    "password: &p \"@json@\"\n  database: *p",
    "password: &p \"@json@\"\n  username: *p",
    "password: &p \"@json@\"\ntype: *p",
    "password: &p \"@json@\"\n  ? *p\n  : x",
    "password: &p \"@json@\"\n  ? *p\n  : {a: {b: 1, b: 2}}",
    "password: &p \"@json@\"\n  okta: {? *p : x, ? *p : x}",
    "password: &p {@left@: x}\n  <<: *p",
    "<<: {password: \"@json@\"}",
    "<<: {pasword: \"@json@\"}",
    "<<: [{password: \"@json@\"}, {password: @left@}]",
    "<<: \"@json@\"",
    "<<: [\"@json@\"]",
    "<<: &m {password: &p \"@json@\"}\n  okta: {<<: *m, role: *p}",
    // Syntax errors at the secret.
    "password: \"@raw@\"",
    "password: '@raw@'",
    "password: \"@raw@",
    "password: '@raw@",
    "password: [@raw@",
    "password: {@raw@",
    "password: @raw@]",
    "password: @raw@}",
    "password: @raw@: x",
    "password: @raw@ : x",
    "password: @raw@:",
    "password: x: @raw@",
    "password: \"x\" @raw@",
    "password: \"@left@\" \"@right@\"",
    "password: '@left@' @right@",
    "password: \"@left@\\q@right@\"",
    "password: \"@left@\\u12@right@\"",
    "password: @raw@\n  - @left@",
    "password: @raw@\n @left@",
    "password: @raw@\n      @left@: x",
    "password: \t\"@json@\"\n\t@left@",
    "password:@raw@",
    "password @raw@",
    "password = @raw@",
    "password\n  @raw@",
    "\tpassword: @raw@",
    " password: @raw@",
    "   password: @raw@",
    "password: *@left@",
    "password: *@raw@",
    "password: &@left@ x",
    "password: &@raw@",
    "password: !@left@",
    "password: !@raw@ x",
    "password: !<@left@> x",
    "password: !@left@!@right@ x",
    "password: |@left@",
    "password: >@raw@",
    "password: %@raw@",
    "password: @@raw@",
    "password: `@raw@",
    "password: \"@raw@\u{7}\"",
    "password: @left@\u{0}@right@",
    "password: - @raw@",
    "password: ? @raw@",
    "password: ,@raw@",
    "password: #@raw@",
    "password: # @raw@",
    "# password: @raw@\n  hots: x # @raw@",
    "password: ${NAME}@raw@",
    "password: ${NAME} # @raw@",
    "hots: x # old password: @raw@",
    "? {password: \"@json@\"}\n  : x",
    "? [\"@json@\"]\n  : x",
    "password: x\n%@left@ @right@\n---\nx",
    "password: x\n--- @raw@",
    "password: \"@json@\"\n---\npassword: \"@json@\"",
    // Next to a host.
    "password: x\n  host: \"https://u:@json@@cluster.example.com:5439/dev\"",
    "password: x\n  host: https://u:@raw@@cluster.example.com:5439/dev",
    "password: x\n  host: u:@raw@ #@cluster.example.com",
    "password: x\n  host: https://u:x@@left@.@right@/x@cluster.example.com",
    "password: x\n  host: \"u:@json@@cluster.example.com\"",
    "password: x\n  host: \"@json@@cluster.example.com\"",
    "password: x\n  host: jdbc:redshift://cluster.example.com/dev?user=u&password=@raw@",
    "password: x\n  host: cluster.example.com;PWD=@left@",
    "okta: {username: a, password: b, appId: c, idpHost: \"https://a:@json@@example.okta.com\", role: d}",
];

/// The same for JSON.
pub const JSON: &[&str] = &[
    r#""password": "@json@""#,
    r#""password": "@raw@""#,
    r#""password": @digits@"#,
    r#""password": -@digits@e5"#,
    r#""password": ["@json@"]"#,
    r#""password": {"@json@": "@left@"}"#,
    r#""password": {"@json@": 1, "@json@": 2}"#,
    r#""password": {"a": ["@json@"]}"#,
    r#""pasword": "@json@""#,
    r#""Password": "@json@""#,
    r#""hostt": "@json@""#,
    r#""okta": "@json@""#,
    r#""okta": {"password": "@json@"}"#,
    r#""impersonation": {"enabled": false, "password": "@json@"}"#,
    r#""host": {"password": "@json@"}"#,
    r#""password": "@json@", "password": "@left@""#,
    r#""password": "x", "password": "@json@""#,
    r#""pasword": "@json@", "pasword": {"@json@": 1}"#,
    r#""password": "@json@",,"#,
    r#""password": "@json@"}"#,
    r#""password": "@json@"]"#,
    r#""password": "@json@" "x""#,
    r#""password": "@json@": "x""#,
    r#""password" "@json@""#,
    r#""password" = "@json@""#,
    r#""password": '@raw@'"#,
    r#""password": @raw@"#,
    r#""password": tru@left@"#,
    r#""password": -@left@"#,
    r#""password": 1@left@"#,
    r#""password": "@json@"#,
    r#""password": "@left@\q@right@""#,
    r#""password": "@left@\u12@right@""#,
    r#""password": "@left@\ud800@right@""#,
    "\"password\": \"@left@\n@right@\"",
    "\"password\": \"@left@\u{0}@right@\"",
    "\"password\": \"@left@\t@right@\"",
    r#""password": "${NAME}@json@""#,
    r#""password": "x" // @raw@"#,
    r#""password": "x" /* @raw@ */"#,
    r#""password": "x"}} "@json@""#,
    r#""password": "x", "host": "https://u:@json@@cluster.example.com""#,
    r#""password": "x", "host": "cluster.example.com/dev?password=@json@""#,
];

/// The rest of a document around the line with the secret, by number.
pub fn document(number: usize, secret: &Secret) -> String {
    let count = YAML.len();
    if number < count {
        let line = secret.fill(YAML[number]);
        return format!(
            "type: Redshift\nautoBootstrap: false\nconfig:\n  host: cluster.example.com\n  database: immuta\n  \
             initialDatabase: dev_data\n  authenticationType: userPassword\n  username: immuta_account\n  {line}\n"
        );
    }
    if number < 2 * count {
        // The password comes first, so that errors come before everything valid.
        let line = secret.fill(YAML[number - count]);
        return format!(
            "config:\n  {line}\n  host: cluster.example.com\n  database: immuta\n  initialDatabase: dev_data\n  \
             authenticationType: userPassword\n  username: immuta_account\ntype: Redshift\nautoBootstrap: false\n"
        );
    }
    if number < 3 * count {
        let line = secret.fill(YAML[number - 2 * count]).replace("\n  ", "\n");
        return format!("authenticationType: userPassword\nusername: immuta_account\n{line}\n");
    }
    let line = secret.fill(JSON[(number - 3 * count) % JSON.len()]);
    if number < 3 * count + JSON.len() {
        format!(
            "{{\n  \"type\": \"Redshift\",\n  \"autoBootstrap\": false,\n  \"config\": {{\n    \"host\": \
             \"cluster.example.com\",\n    \"database\": \"immuta\",\n    \"initialDatabase\": \"dev_data\",\n    \
             \"authenticationType\": \"userPassword\",\n    \"username\": \"immuta_account\",\n    {line}\n  }}\n}}\n"
        )
    } else {
        format!("{{{line}, \"authenticationType\": \"userPassword\", \"username\": \"immuta_account\"}}")
    }
}

/// The number of documents.
pub const DOCUMENTS: usize = 3 * YAML.len() + 2 * JSON.len();

/// Superfluous punctuation.
const SLIPS: [&str; 22] = [
    "{", "}", "[", "]", ",", "\"", "'", "\\", "#", " ", "\t", "&a ", "*a", "|", ">", "!", "%", "@", "`",
    "- ", "\r", "\u{0}",
];

/// A document with up to two typos outside of the secret.
pub fn with_slips(document: &str, secret: &Secret, slips: &[(Index, Index)]) -> String {
    let mut text = document.to_owned();
    for (place, slip) in slips {
        let taken = secret.places(&text);
        let free: Vec<usize> = (0..=text.len())
            .filter(|at| text.is_char_boundary(*at))
            .filter(|at| !taken.iter().any(|range| range.start < *at && *at < range.end))
            .collect();
        text.insert_str(free[place.index(free.len())], SLIPS[slip.index(SLIPS.len())]);
    }
    text
}

/// Positions and kinds of typos, often none.
pub fn slips() -> impl Strategy<Value = Vec<(Index, Index)>> {
    prop_oneof![
        1 => Just(Vec::new()),
        2 => prop::collection::vec((any::<Index>(), any::<Index>()), 1..3),
    ]
}
