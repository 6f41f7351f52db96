//! Detects placeholders: values that a user or a tool should have filled in.
//!
//! Bootshift itself only resolves `${NAME}`, and only in passwords. A value is a placeholder if it cannot be intended as it
//! is: because of the signs around it, because of its prefix, or because it is one of the words for a value to fill in.

use std::ops::Range;

use crate::characters;
use crate::sql::PasswordError;

/// Unambiguous forms: no actual name contains one, and no password consists of one.
const CERTAIN: [(&str, &str); 7] =
    [("${", "}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>"), ("$(", ")"), ("$[", "]")];

/// The unambiguous forms of template languages.
const TEMPLATES: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// Forms that are placeholders only if they enclose one word and nothing else.
const ENCLOSING: [(&str, &str); 14] = [
    ("<", ">"),
    ("<<", ">>"),
    ("%", "%"),
    ("%{", "}"),
    ("%(", ")s"),
    ("%env(", ")%"),
    ("#{", "}"),
    ("#{", "}#"),
    ("@", "@"),
    ("@{", "}"),
    ("{", "}"),
    ("[[", "]]"),
    ("[%", "%]"),
    ("ENV[", "]"),
];

/// Signs, including brackets, that no actual name has in equal number at its start and its end.
const SIGNS: &str = "!#&()*+=?[]^|~";

/// Placeholder words, in any letter case and with any separators.
const FILL_IN: [&str; 8] =
    ["fillin", "fillmein", "placeholder", "tbd", "tobedefined", "tobedetermined", "tobefilledin", "todo"];

/// Verbs of instructions to the user: `CHANGE_ME`, `set this`.
const VERBS: [&str; 9] = ["change", "configure", "define", "edit", "fill", "fix", "replace", "set", "update"];

/// Nouns in `your_…` and `…_here`.
const NOUNS: [&str; 15] = [
    "account", "cluster", "database", "db", "domain", "endpoint", "group", "host", "hostname", "name",
    "password", "role", "secret", "user", "username",
];

/// Prefixes of encrypted values, and the tool that encrypted them.
const ENCRYPTED: [(&str, &str); 5] = [
    ("ENC[PKCS7,", "hiera-eyaml"),
    ("ENC[GPG,", "hiera-eyaml"),
    ("ENC[", SOPS),
    ("ENC(", "Jasypt"),
    ("{cipher}", "Spring Cloud Config"),
];

/// Prefixes of encrypted files, which may be values too.
const ENCRYPTED_FILES: [(&str, &str); 6] = [
    ("$ANSIBLE_VAULT;", "Ansible Vault"),
    ("-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    ("age-encryption.org/v1", "age"),
    ("-----BEGIN PGP MESSAGE-----", "PGP"),
    ("-----BEGIN PKCS7-----", "PKCS #7"),
    ("\0GITCRYPT", "git-crypt"),
];

/// <https://getsops.io/docs/>: `ENC[AES256_GCM,data:…,type:str]`, with a key `sops` in the document.
pub(crate) const SOPS: &str = "SOPS";

/// URL schemes of secret stores, except those that contain `vault` or `secret`.
const STORE_SCHEMES: [&str; 19] = [
    "akeyless",
    "akv",
    "awsps",
    "awssm",
    "azkv",
    "bws",
    "conjur",
    "doppler",
    "env",
    "gcpsm",
    "infisical",
    "keeper",
    "keyring",
    "lastpass",
    "onepassword",
    "op",
    "pass",
    "sm",
    "ssm",
];

/// Prefixes of references to secret stores that are not URLs.
const STORE_PREFIXES: [&str; 8] = [
    "@Microsoft.KeyVault(",
    "arn:aws:secretsmanager:",
    "arn:aws:ssm:",
    "arn:aws-cn:secretsmanager:",
    "arn:aws-us-gov:secretsmanager:",
    "ref+",
    "secretref+",
    "vault:",
];

/// The maximum length of a placeholder within a text, in characters.
const MAX_PLACEHOLDER: usize = 200;

/// The maximum length of a text with placeholder words, in bytes.
const MAX_FILL_IN: usize = 64;

/// The maximum length of a name or host, in bytes, including placeholders.
const MAX_NAME: usize = 1024;

/// The kind of a placeholder: how it is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// `${NAME}` with additional characters, which prevent Bootshift from resolving it.
    Reference,
    /// A template language.
    Template,
    /// A secret store.
    Store,
    /// Decryption, with the tool that encrypted the value.
    Encrypted(&'static str),
    /// A shell, a pipeline or a user.
    Other,
}

/// The placeholder in a name, or in any other value except hosts and passwords.
pub(crate) fn in_name(text: &str) -> Option<Placeholder> {
    if is_redacted(text) {
        return None;
    }
    let core = core(text);
    encrypted(core)
        .or_else(|| certain_in(core))
        .or_else(|| store(core))
        .or_else(|| (is_to_be_filled_in(core) || has_blank(core)).then_some(Placeholder::Other))
}

/// Whether the whole of `core` is a placeholder that users or tools fill in.
pub(crate) fn is_to_be_filled_in(core: &str) -> bool {
    is_blank_form(core) || is_fill_in(core)
}

/// The placeholder in a password. A password may contain any character, so only a whole value is a placeholder, and a valid
/// Redshift password is not, even if it looks like one.
pub(crate) fn in_password(text: &str) -> Option<Placeholder> {
    if reference(text).is_some() || is_redacted(text) {
        return None;
    }
    let core = core(text);
    let signs = || characters::with_signs_of_reference(&characters::without_unseen(core));
    if reference(core).is_some() || reference(&signs()).is_some() {
        return Some(Placeholder::Reference);
    }
    if let Some(placeholder) = as_a_whole(core) {
        return Some(placeholder);
    }
    let is_form = is_blank_form(core) || is_fill_in(core) || is_variable(core) || core.starts_with("${");
    (is_form && PasswordError::of(text).is_some()).then_some(Placeholder::Other)
}

/// Whether the whole of `text` is certainly a placeholder, even if it is a valid password.
#[cfg(feature = "native")]
pub(crate) fn is_certain(text: &str) -> bool {
    let core = core(text);
    reference(core).is_some() || as_a_whole(core).is_some()
}

/// The kind of placeholder if the whole text certainly is one.
pub(crate) fn as_a_whole(core: &str) -> Option<Placeholder> {
    encrypted(core).or_else(|| certain_whole(core)).or_else(|| store(core))
}

/// The variable that `text` refers to, if it is `${NAME}` and nothing else.
#[must_use]
pub(crate) fn reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let mut bytes = name.bytes();
    let first = bytes.next()?;
    ((first.is_ascii_alphabetic() || first == b'_') && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        .then_some(name)
}

/// Whether a key is a placeholder. `$schema` and similar keys are not.
pub(crate) fn is_key(key: &str) -> bool {
    let is_variable = key.strip_prefix('$').is_some_and(is_upper_case);
    is_variable || certain_in(key).is_some() || is_blank_form(key)
}

/// The placeholders in a line of a text that cannot be parsed: their ranges, their opening signs, and whether they belong
/// to a template language.
pub(crate) fn in_line(line: &str) -> Vec<(Range<usize>, &'static str, bool)> {
    let mut found = Vec::new();
    let mut end = 0;
    for (start, _) in line.match_indices(['$', '{', '<']) {
        let rest = line.get(start..).unwrap_or_default();
        let form = CERTAIN.iter().find(|(open, _)| rest.starts_with(open));
        let Some((open, close)) = form.filter(|_| start >= end) else { continue };
        let inner = shortened(rest.get(open.len()..).unwrap_or_default());
        if let Some(length) = inner.find(close).filter(|length| !is_blank(inner, *length)) {
            end = start + open.len() + length + close.len();
            found.push((start..end, *open, TEMPLATES.iter().any(|form| form.0 == *open)));
        }
    }
    found
}

/// The range of a template expression that starts on the first line of `text` and ends on another, and its opening sign.
pub(crate) fn over_lines(text: &str) -> Option<(Range<usize>, &'static str)> {
    let line = text.split(['\n', '\r']).next()?;
    let open_in = |(open, close): (&'static str, &str)| {
        let start = line.find(open)?;
        let after = start + open.len();
        let end = after + text.get(after..)?.find(close)? + close.len();
        (end > line.len()).then_some((start..end, open))
    };
    TEMPLATES.into_iter().find_map(open_in)
}

/// The length of an ambiguous placeholder at the start of `text`, and its opening sign.
pub(crate) fn at_start(text: &str) -> Option<(usize, &'static str)> {
    if let Some(name) = text.strip_prefix('$') {
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        return is_name(name.get(..end)?).then_some((1 + end, "$"));
    }
    ENCLOSING.iter().filter(|(open, _)| text.starts_with(open)).find_map(|(open, close)| {
        let length = open.len() + text.get(open.len()..)?.find(close)? + close.len();
        is_blank_form(text.get(..length)?).then_some((length, *open))
    })
}

/// `<REDACTED>` has its own code.
pub(crate) fn is_redacted(text: &str) -> bool {
    text == "<REDACTED>"
}

/// The text without whitespace, quotes or an escape that may accidentally surround a placeholder.
pub(crate) fn core(text: &str) -> &str {
    let core = text.trim_matches(characters::may_surround);
    core.strip_prefix(['\\', '$']).filter(|rest| rest.starts_with("${")).unwrap_or(core)
}

fn encrypted(core: &str) -> Option<Placeholder> {
    if let Some(by) = encrypts(core) {
        return Some(Placeholder::Encrypted(by));
    }
    let (prefix, by) = ENCRYPTED.into_iter().find(|(prefix, _)| core.starts_with(prefix))?;
    let is_whole = match prefix.as_bytes() {
        [.., b'('] => core.ends_with(')'),
        _ if prefix.starts_with("ENC[") => core.ends_with(']'),
        _ => true,
    };
    is_whole.then_some(Placeholder::Encrypted(by))
}

/// The tool that encrypted a whole file or value.
pub(crate) fn encrypts(text: &str) -> Option<&'static str> {
    ENCRYPTED_FILES.into_iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, by)| by)
}

/// Whether a name contains a form of [`CERTAIN`].
fn certain_in(text: &str) -> Option<Placeholder> {
    // Most names have none of the signs with which the forms begin.
    if !text.contains(['$', '{', '<']) {
        return None;
    }
    let has = |(open, close): &(&str, &str)| {
        let inner = text.find(open).and_then(|at| text.get(at + open.len()..));
        inner.is_some_and(|inner| inner.find(close).is_some_and(|length| !is_blank(inner, length)))
    };
    // In YAML, the end of a template comment, ` #}`, starts a comment and is missing.
    if TEMPLATES.iter().any(has) || text.contains("{#") {
        return Some(Placeholder::Template);
    }
    CERTAIN.iter().any(has).then_some(Placeholder::Other)
}

/// Whether the whole text is a form of [`CERTAIN`].
fn certain_whole(text: &str) -> Option<Placeholder> {
    let is =
        |(open, close): &(&str, &str)| inner(text, open, close).is_some_and(|inner| !inner.trim().is_empty());
    if TEMPLATES.iter().any(is) {
        return Some(Placeholder::Template);
    }
    CERTAIN.iter().any(is).then_some(Placeholder::Other)
}

fn store(core: &str) -> Option<Placeholder> {
    let has_scheme = || {
        core.split_once(':').is_some_and(|(scheme, rest)| {
            let scheme = scheme.to_ascii_lowercase();
            let is_obvious = ["vault", "secret"].iter().any(|word| scheme.contains(word));
            rest.starts_with("//") && (is_obvious || STORE_SCHEMES.contains(&scheme.as_str()))
        })
    };
    let is_store = STORE_PREFIXES.iter().any(|prefix| core.starts_with(prefix))
        || has_scheme()
        // <https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions>
        || core.starts_with("projects/") && core.contains("/secrets/");
    is_store.then_some(Placeholder::Store)
}

/// A word in signs that users or tools fill in.
fn is_blank_form(core: &str) -> bool {
    let is_word_in = |(open, close): &(&str, &str)| {
        inner(core, open, close).is_some_and(|inner| is_word(inner, *open == "<"))
    };
    ENCLOSING.iter().any(is_word_in)
        || is_in_signs(core)
        || inner(core, "__", "__").is_some_and(is_upper_case)
        || core.strip_prefix("env:").is_some_and(is_name)
}

/// `[DB]`, `!DB!`, `((DB))`: a name enclosed in signs. An IPv6 address in brackets, with or without a port, does not count.
fn is_in_signs(core: &str) -> bool {
    let is_sign = |c: char| SIGNS.contains(c);
    let start = core.trim_start_matches(is_sign);
    let inner = start.trim_end_matches(is_sign);
    let is_enclosed = core.len() > start.len() && core.len() - start.len() == start.len() - inner.len();
    is_enclosed && is_word(inner, true) && !inner.contains(['.', ':', '/'])
}

/// `CHANGE_ME`, `your-database`, `INSERT PASSWORD HERE`, `xxx`, `...`: only words for a value to fill in. Other names that
/// contain such words (`todo_app`, `your_app`) are not placeholders.
fn is_fill_in(core: &str) -> bool {
    if core.len() > MAX_FILL_IN || !core.is_ascii() {
        return false;
    }
    let is_between = |c: char| "_- ".contains(c);
    let word = core.replace(is_between, "").to_ascii_lowercase();
    let is_all = |sign: char| word.len() > 2 && word.chars().all(|c| c == sign);
    let is_order = |order: &str, objects: &[&str]| {
        objects.iter().any(|object| order.strip_suffix(object).is_some_and(|verb| VERBS.contains(&verb)))
    };
    // As part of a name: `CHANGE_ME_DB`.
    let mut words = core.split(is_between);
    let mut before = String::new();
    let has_order = words.any(|part| {
        let part = part.to_ascii_lowercase();
        let is_end_of_order = is_order(&part, &["me"]) || part == "me" && VERBS.contains(&before.as_str());
        before = part;
        is_end_of_order
    });
    if has_order
        || is_order(&word, &["me", "it", "this"])
        || FILL_IN.contains(&word.as_str())
        || ['x', '*', '.', '?'].into_iter().any(is_all)
    {
        return true;
    }
    let ends_with_noun = |word: &str| NOUNS.iter().any(|end| word.ends_with(end));
    let is_noun = |word: &str| {
        let rest = word.strip_suffix("name").unwrap_or(word);
        NOUNS.contains(&word) || NOUNS.contains(&rest)
    };
    if let Some(rest) = word.strip_suffix("here") {
        let is_order = ["your", "insert", "enter", "put"].iter().any(|start| rest.starts_with(start));
        return is_order || is_noun(rest.strip_suffix("goes").unwrap_or(rest));
    }
    // There may be words between, as in `your_redshift_password`, but `yourselfdb` is one word.
    let starts_with_your =
        core.split(is_between).next().is_some_and(|first| first.eq_ignore_ascii_case("your"));
    let is_yours = word
        .strip_prefix("your")
        .is_some_and(|rest| is_noun(rest) || starts_with_your && ends_with_noun(rest));
    is_yours || word.starts_with("replacewith")
}

/// Signs that enclose an upper-case placeholder within a name.
const ENCLOSING_UPPER_CASE: [&str; 7] = ["@", "#", "%", "!", "~", "^", "|"];

/// Whether a name contains a placeholder: `immuta-$ENV`, `immuta_<env>`, `%env%_immuta`, `immuta_[ENV]`, `svc_@ENV@`.
/// Actual names consist of letters and digits, with `_`, `-`, `.`, `@` and spaces between. A `$` before a variable, braces,
/// angle brackets, `((` and similar signs belong to placeholders.
fn has_blank(core: &str) -> bool {
    if core.len() > MAX_NAME || !core.contains(char::is_alphanumeric) {
        return false;
    }
    // Most names have no other signs.
    if core.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. ".contains(&byte)) {
        return has_dunder(core);
    }
    let has = |open: &str, close: &str, is_blank: fn(&str) -> bool| {
        let rests = core.match_indices(open).filter_map(|(at, _)| core.get(at + open.len()..));
        rests.into_iter().filter_map(|rest| shortened(rest).split_once(close)).any(|(word, _)| is_blank(word))
    };
    core.contains(['{', '}', '<', '>'])
        || has_variable(core)
        || ["((", "))", "(@"].iter().any(|sign| core.contains(sign))
        || has("&", ";", is_name)
        || has("%", "%", |word| word.len() > 2 && is_name(word) && !word.starts_with('_'))
        || has("[", "]", is_upper_case)
        || ENCLOSING_UPPER_CASE
            .iter()
            .any(|sign| has(sign, sign, |word| word.len() > 1 && is_upper_case(word)))
        || has_dunder(core)
}

/// Whether a name contains `$NAME`. Redshift allows a dollar sign after a letter or a digit, so `immuta$prod` is a name; in
/// upper case it is still treated as a variable: <https://docs.aws.amazon.com/redshift/latest/dg/r_names.html>.
fn has_variable(core: &str) -> bool {
    core.match_indices('$').any(|(at, _)| {
        let (before, rest) = (core.get(..at).unwrap_or_default(), core.get(at + 1..).unwrap_or_default());
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        is_name(name) && (!before.ends_with(char::is_alphanumeric) || end > 1 && is_upper_case(name))
    })
}

/// `__ENV__` at the start or the end of a name or a part of it. Within a name, as in `PROD__SALES__RAW`, double underscores
/// separate words.
fn has_dunder(core: &str) -> bool {
    core.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|part| {
        let at_end = part.strip_suffix("__").and_then(|rest| rest.rsplit_once("__"));
        let at_start = part.strip_prefix("__").and_then(|rest| rest.split_once("__"));
        let is_word = |word: &str| is_upper_case(word.trim_matches('_'));
        at_end.is_some_and(|(_, word)| is_word(word)) || at_start.is_some_and(|(word, _)| is_word(word))
    })
}

/// Whether the whole text is `$NAME`, or `$env:NAME` of PowerShell.
fn is_variable(core: &str) -> bool {
    core.strip_prefix('$').map(|name| name.strip_prefix("env:").unwrap_or(name)).is_some_and(is_name)
}

/// The text between `open` and `close`, if it starts and ends with them.
fn inner<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// The text, truncated to the maximum length of a placeholder.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(MAX_PLACEHOLDER).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

fn is_blank(text: &str, length: usize) -> bool {
    text.get(..length).is_none_or(|inner| inner.trim().is_empty())
}

/// Whether the text is the name of a variable.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_upper_case(text: &str) -> bool {
    is_name(text) && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether the text is a word or, with `spaces`, several.
fn is_word(text: &str, spaces: bool) -> bool {
    let is_of_word =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "_-.:/|".contains(c) || spaces && c == ' ';
    text.chars().all(is_of_word) && text.contains(|c: char| c.is_ascii_alphabetic() || !c.is_ascii())
}
