//! Placeholders in texts: values that something else should have filled in before Bootshift reads them.
//!
//! Bootshift looks up `${NAME}` itself, and for passwords alone. A value is a placeholder if nobody can mean it: by what
//! stands around it, by what it begins with, or because it is, from end to end, one of the words that say that the value
//! is still to come.

use std::ops::Range;

use crate::characters;
use crate::sql::PasswordError;

/// The forms that nothing else has: no name in use holds one, and no password is one from end to end.
const CERTAIN: [(&str, &str); 7] =
    [("${", "}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>"), ("$(", ")"), ("$[", "]")];

/// The forms of template languages among them.
const TEMPLATES: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// The forms that are placeholders only from end to end, around a word.
const AROUND_A_WORD: [(&str, &str); 14] = [
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

/// Signs that no name has as many of at its beginning as at its end, brackets among them.
const SIGNS: &str = "!#&()*+=?[]^|~";

/// Words that say, from end to end, that a value is still to come, whatever parts them and in whatever case.
const FILL_IN: [&str; 8] =
    ["fillin", "fillmein", "placeholder", "tbd", "tobedefined", "tobedetermined", "tobefilledin", "todo"];

/// What is to be done to what comes behind: `CHANGE_ME`, `set this`.
const ORDERS: [&str; 9] =
    ["change", "configure", "define", "edit", "fill", "fix", "replace", "set", "update"];

/// What somebody who reads an example is to put in the place of `your_…` and `…_here`.
const FILLED_IN: [&str; 15] = [
    "account", "cluster", "database", "db", "domain", "endpoint", "group", "host", "hostname", "name",
    "password", "role", "secret", "user", "username",
];

/// What a value begins with that has to be decrypted, and what encrypted it.
const ENCRYPTED: [(&str, &str); 5] = [
    ("ENC[PKCS7,", "hiera-eyaml"),
    ("ENC[GPG,", "hiera-eyaml"),
    ("ENC[", SOPS),
    ("ENC(", "Jasypt"),
    ("{cipher}", "Spring Cloud Config"),
];

/// The same of whole files, which may be values too.
const ENCRYPTED_FILES: [(&str, &str); 6] = [
    ("$ANSIBLE_VAULT;", "Ansible Vault"),
    ("-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    ("age-encryption.org/v1", "age"),
    ("-----BEGIN PGP MESSAGE-----", "PGP"),
    ("-----BEGIN PKCS7-----", "PKCS #7"),
    ("\0GITCRYPT", "git-crypt"),
];

/// <https://getsops.io/docs/>: `ENC[AES256_GCM,data:…,type:str]`, with the key `sops` beside them.
pub(crate) const SOPS: &str = "SOPS";

/// The schemes of URLs that point into stores of secrets, beside those that say so: `vault`, `awssecrets`.
const STORES: [&str; 19] = [
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

/// References to stores of secrets that are no URLs, by what they begin with.
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

/// The most characters of a placeholder within a text.
const LONGEST: usize = 200;

/// The longest text that says that something is to be filled in.
const LONGEST_FILL_IN: usize = 64;

/// The longest name or host, in bytes, with room for placeholders in it.
const LONGEST_NAME: usize = 1024;

/// What fills a value in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// `${NAME}`, with something beside it that does not belong there.
    Reference,
    /// A template language.
    Template,
    /// A store of secrets.
    Store,
    /// What encrypted the value.
    Encrypted(&'static str),
    /// A shell, a pipeline or a person.
    Other,
}

/// What `text` waits for where a name or any other value but a host or a password belongs.
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

/// Whether `core` is a placeholder from end to end of the kinds that people and tools fill in.
pub(crate) fn is_to_be_filled_in(core: &str) -> bool {
    is_blank_form(core) || is_fill_in(core)
}

/// What `text` waits for where a password belongs. A password may hold any character, so only what is a placeholder
/// from end to end is one, and what Redshift would take as a password is one in spite of its looks.
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

/// Whether `text` is a placeholder, whatever the rules are that passwords have to follow.
#[cfg(feature = "native")]
pub(crate) fn is_certain(text: &str) -> bool {
    let core = core(text);
    reference(core).is_some() || as_a_whole(core).is_some()
}

/// What a text waits for that is nothing else from end to end.
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

/// Whether a key is a placeholder. `$schema` and its like are none.
pub(crate) fn is_key(key: &str) -> bool {
    let is_variable = key.strip_prefix('$').is_some_and(is_upper_case);
    is_variable || certain_in(key).is_some() || is_blank_form(key)
}

/// The placeholders in a line of a text that cannot be read: their places, what each begins with, and whether it is of a
/// template language.
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

/// The place of a template's form that begins in the first line of `text` and ends in another, and what it begins with.
pub(crate) fn over_lines(text: &str) -> Option<(Range<usize>, &'static str)> {
    let line = text.split(['\n', '\r']).next()?;
    let open_in = |(open, close): (&'static str, &str)| {
        let start = line.find(open)?;
        let behind = start + open.len();
        let end = behind + text.get(behind..)?.find(close)? + close.len();
        (end > line.len()).then_some((start..end, open))
    };
    TEMPLATES.into_iter().find_map(open_in)
}

/// The length of the placeholder at the beginning of `text` that is none of those, and what it begins with.
pub(crate) fn at_start(text: &str) -> Option<(usize, &'static str)> {
    if let Some(name) = text.strip_prefix('$') {
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        return is_name(name.get(..end)?).then_some((1 + end, "$"));
    }
    AROUND_A_WORD.iter().filter(|(open, _)| text.starts_with(open)).find_map(|(open, close)| {
        let length = open.len() + text.get(open.len()..)?.find(close)? + close.len();
        is_blank_form(text.get(..length)?).then_some((length, *open))
    })
}

/// `<REDACTED>` has a code of its own.
pub(crate) fn is_redacted(text: &str) -> bool {
    text == "<REDACTED>"
}

/// The text without what may stand around a placeholder by mistake: white space, quotes, an escape.
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

/// What has encrypted a file or a value as a whole.
pub(crate) fn encrypts(text: &str) -> Option<&'static str> {
    ENCRYPTED_FILES.into_iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, by)| by)
}

/// A form of [`CERTAIN`] anywhere in a name.
fn certain_in(text: &str) -> Option<Placeholder> {
    let has = |(open, close): &(&str, &str)| {
        let inner = text.find(open).and_then(|at| text.get(at + open.len()..));
        inner.is_some_and(|inner| inner.find(close).is_some_and(|length| !is_blank(inner, length)))
    };
    // To YAML, what closes a comment of a template is one.
    if TEMPLATES.iter().any(has) || text.contains("{#") {
        return Some(Placeholder::Template);
    }
    CERTAIN.iter().any(has).then_some(Placeholder::Other)
}

/// A form of [`CERTAIN`] from end to end.
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
            let says_so = ["vault", "secret"].iter().any(|word| scheme.contains(word));
            rest.starts_with("//") && (says_so || STORES.contains(&scheme.as_str()))
        })
    };
    let is_store = STORE_PREFIXES.iter().any(|prefix| core.starts_with(prefix))
        || has_scheme()
        // <https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions>
        || core.starts_with("projects/") && core.contains("/secrets/");
    is_store.then_some(Placeholder::Store)
}

/// A word in brackets of one of the kinds that people and tools fill in.
fn is_blank_form(core: &str) -> bool {
    let is_word_in = |(open, close): &(&str, &str)| {
        inner(core, open, close).is_some_and(|inner| is_word(inner, *open == "<"))
    };
    AROUND_A_WORD.iter().any(is_word_in)
        || is_in_signs(core)
        || inner(core, "__", "__").is_some_and(is_upper_case)
        || core.strip_prefix("env:").is_some_and(is_name)
}

/// `[DB]`, `!DB!`, `((DB))`: a name with signs around it. An IPv6 address in brackets, with or without a port, is none.
fn is_in_signs(core: &str) -> bool {
    let is_sign = |c: char| SIGNS.contains(c);
    let start = core.trim_start_matches(is_sign);
    let inner = start.trim_end_matches(is_sign);
    let is_around = core.len() > start.len() && core.len() - start.len() == start.len() - inner.len();
    is_around && is_word(inner, true) && !inner.contains(['.', ':', '/'])
}

/// `CHANGE_ME`, `your-database`, `INSERT PASSWORD HERE`, `xxx`, `...`: nothing but words that say that something is to be
/// filled in. A name that has more to it (`todo_app`, `your_app`) is one.
fn is_fill_in(core: &str) -> bool {
    if core.len() > LONGEST_FILL_IN || !core.is_ascii() {
        return false;
    }
    let is_between = |c: char| "_- ".contains(c);
    let word = core.replace(is_between, "").to_ascii_lowercase();
    let is_all = |sign: char| word.len() > 2 && word.chars().all(|c| c == sign);
    let is_order = |order: &str, objects: &[&str]| {
        objects.iter().any(|object| order.strip_suffix(object).is_some_and(|verb| ORDERS.contains(&verb)))
    };
    // As a part of a name: `CHANGE_ME_DB`.
    let mut words = core.split(is_between);
    let mut before = String::new();
    let asks = words.any(|part| {
        let part = part.to_ascii_lowercase();
        let is_asking = is_order(&part, &["me"]) || part == "me" && ORDERS.contains(&before.as_str());
        before = part;
        is_asking
    });
    if asks
        || is_order(&word, &["me", "it", "this"])
        || FILL_IN.contains(&word.as_str())
        || ['x', '*', '.', '?'].into_iter().any(is_all)
    {
        return true;
    }
    let ends = |word: &str| FILLED_IN.iter().any(|end| word.ends_with(end));
    let is_filled_in = |word: &str| {
        let rest = word.strip_suffix("name").unwrap_or(word);
        FILLED_IN.contains(&word) || FILLED_IN.contains(&rest)
    };
    if let Some(rest) = word.strip_suffix("here") {
        let is_asked_for = ["your", "insert", "enter", "put"].iter().any(|ask| rest.starts_with(ask));
        return is_asked_for || is_filled_in(rest.strip_suffix("goes").unwrap_or(rest));
    }
    // Other words may stand between: `your_redshift_password`, but not within one word, as in `yourselfdb`.
    let starts = core.split(is_between).next().is_some_and(|first| first.eq_ignore_ascii_case("your"));
    let is_yours = word.strip_prefix("your").is_some_and(|rest| is_filled_in(rest) || starts && ends(rest));
    is_yours || word.starts_with("replacewith")
}

/// Signs between two of which a word in upper case is one that is to be filled in.
const AROUND_UPPER_CASE: [&str; 7] = ["@", "#", "%", "!", "~", "^", "|"];

/// What no name in use holds, beside the forms that are placeholders from end to end: names are written in letters and
/// digits, with `_`, `-`, `.`, `@` and spaces between. So `$` before a variable, braces, angle brackets, `((` and the like are
/// signs of what fills names in: `immuta-$ENV`, `immuta_<env>`, `%env%_immuta`, `immuta_[ENV]`, `svc_@ENV@`.
fn has_blank(core: &str) -> bool {
    if core.len() > LONGEST_NAME || !core.contains(char::is_alphanumeric) {
        return false;
    }
    let has = |open: &str, close: &str, is_blank: fn(&str) -> bool| {
        let behind = core.match_indices(open).filter_map(|(at, _)| core.get(at + open.len()..));
        behind
            .into_iter()
            .filter_map(|rest| shortened(rest).split_once(close))
            .any(|(word, _)| is_blank(word))
    };
    core.contains(['{', '}', '<', '>'])
        || has_variable(core)
        || ["((", "))", "(@"].iter().any(|sign| core.contains(sign))
        || has("&", ";", is_name)
        || has("%", "%", |word| word.len() > 2 && is_name(word) && !word.starts_with('_'))
        || has("[", "]", is_upper_case)
        || AROUND_UPPER_CASE.iter().any(|sign| has(sign, sign, |word| word.len() > 1 && is_upper_case(word)))
        || has_dunder(core)
}

/// `$NAME`. Behind a letter or a digit, a dollar sign is a letter to Redshift, so that `immuta$prod` is a name, but in upper case
/// it is one of a variable all the same: <https://docs.aws.amazon.com/redshift/latest/dg/r_names.html>.
fn has_variable(core: &str) -> bool {
    core.match_indices('$').any(|(at, _)| {
        let (before, rest) = (core.get(..at).unwrap_or_default(), core.get(at + 1..).unwrap_or_default());
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        is_name(name) && (!before.ends_with(char::is_alphanumeric) || end > 1 && is_upper_case(name))
    })
}

/// `__ENV__` at the beginning or the end of a name, or of a part of it: within `PROD__SALES__RAW`, what the underscores
/// part are words.
fn has_dunder(core: &str) -> bool {
    core.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|part| {
        let at_end = part.strip_suffix("__").and_then(|rest| rest.rsplit_once("__"));
        let at_start = part.strip_prefix("__").and_then(|rest| rest.split_once("__"));
        let is_word = |word: &str| is_upper_case(word.trim_matches('_'));
        at_end.is_some_and(|(_, word)| is_word(word)) || at_start.is_some_and(|(word, _)| is_word(word))
    })
}

/// `$NAME` and nothing else, also PowerShell's `$env:NAME`.
fn is_variable(core: &str) -> bool {
    core.strip_prefix('$').map(|name| name.strip_prefix("env:").unwrap_or(name)).is_some_and(is_name)
}

/// What stands between `open` and `close`, if they stand at the ends.
fn inner<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// No more of a text than a placeholder may be long.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

fn is_blank(text: &str, length: usize) -> bool {
    text.get(..length).is_none_or(|inner| inner.trim().is_empty())
}

/// A name of a variable.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_upper_case(text: &str) -> bool {
    is_name(text) && !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// A word or, with `spaces`, several.
fn is_word(text: &str, spaces: bool) -> bool {
    let is_of_word =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "_-.:/|".contains(c) || spaces && c == ' ';
    text.chars().all(is_of_word) && text.contains(|c: char| c.is_ascii_alphabetic() || !c.is_ascii())
}
