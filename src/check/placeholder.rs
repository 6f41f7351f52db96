//! Placeholders: values that something else should have filled in before Bootshift reads them.
//!
//! Bootshift looks up `${NAME}` itself, and for `password` alone. Everything else that has the form of a placeholder
//! would be taken for a name, and become a database, a user or a hash of that very name. It is never rewritten.

use super::characters;
use super::format::may_hold_credentials;
use super::part::{Part, visit};
use super::rules::Context;
use super::shape::Shape;
use super::wording::{name, pointer, show};
use super::{Code, Diagnostic};
use crate::document::{Node, NodeKind, Span};
use crate::payload::Secret;
use crate::search::find as search;
use crate::sql::PasswordFault;

/// The forms that nothing else has: no name in use holds one, and no password is one from end to end.
const CERTAIN: [(&str, &str); 6] =
    [("${", "}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("$(", ")"), ("$[", "]")];

/// The forms of template languages among them.
const TEMPLATES: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>")];

/// The forms that are placeholders only from end to end, around a word.
const AROUND_A_WORD: [(&str, &str); 14] = [
    ("<", ">"),
    ("<<", ">>"),
    ("%", "%"),
    ("%{", "}"),
    ("%(", ")s"),
    ("#{", "}"),
    ("#{", "}#"),
    ("{#", "#}"),
    ("@", "@"),
    ("@{", "}"),
    ("{", "}"),
    ("[[", "]]"),
    ("[%", "%]"),
    ("ENV[", "]"),
];

/// What a value begins with that has to be decrypted, and what encrypted it.
const ENCRYPTED: [(&str, &str); 7] = [
    ("ENC[PKCS7,", "hiera-eyaml"),
    ("ENC[GPG,", "hiera-eyaml"),
    ("ENC[", SOPS),
    ("ENC(", "Jasypt"),
    ("{cipher}", "Spring Cloud Config"),
    ("$ANSIBLE_VAULT;", "Ansible Vault"),
    ("-----BEGIN AGE ENCRYPTED FILE-----", "age"),
];

/// <https://getsops.io/docs/>: `ENC[AES256_GCM,data:…,type:str]`, with the key `sops` beside them.
const SOPS: &str = "SOPS";

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

/// The longest name or host, in bytes, with room for placeholders in it.
const LONGEST_NAME: usize = 1024;

/// What fills a value in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
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

/// The placeholders of a document.
#[derive(Default)]
pub(super) struct Placeholders {
    /// What there is to say of them.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The pointers to the values that are placeholders, of which nothing else is said.
    pub(super) values: Vec<String>,
    /// How many more keys are placeholders.
    pub(super) left_out: usize,
    /// The place among the diagnostics of the one on what SOPS has encrypted, and how many values more there are.
    sops: Option<(usize, usize)>,
}

impl Placeholders {
    /// Whether the value at `pointer` is one.
    pub(super) fn has(&self, pointer: &str) -> bool {
        self.values.iter().any(|value| value == pointer)
    }

    /// Whether the member is no property, but what SOPS adds to a document whose values it encrypts.
    pub(super) fn is_of_sops(&self, key: &str, value: &Node) -> bool {
        self.sops.is_some() && key == "sops" && (value.get("mac").is_some() || value.get("version").is_some())
    }

    /// Takes a placeholder. What SOPS has encrypted is one mistake, not one a value.
    fn add(&mut self, placeholder: Placeholder, diagnostic: Diagnostic) {
        self.values.push(diagnostic.pointer.clone());
        if placeholder != Placeholder::Encrypted(SOPS) {
            self.diagnostics.push(diagnostic);
            return;
        }
        let Some((first, more)) = &mut self.sops else {
            self.sops = Some((self.diagnostics.len(), 0));
            self.diagnostics.push(diagnostic);
            return;
        };
        *more += 1;
        if let Some(first) = self.diagnostics.get_mut(*first) {
            let values = if *more == 1 { "value" } else { "values" };
            first.message =
                format!("{} and {more} other {values} are encrypted by SOPS", name(&first.pointer));
        }
    }
}

/// The placeholders in a request's body. Answers of the API hold none: what looks like one there is a value.
pub(super) fn find(context: &Context<'_>) -> Placeholders {
    let mut found = Placeholders::default();
    let body = context.operation.body_kind();
    if !body.is_request() {
        return found;
    }
    visit(context.root, Shape::of(body), &mut Vec::new(), &mut |path, part| match part {
        Part::Value(node, shape) => {
            let Some(placeholder) = of_value(context, path, node, shape) else { return };
            found.add(placeholder, diagnostic(context, pointer(path), node, shape, placeholder));
        }
        Part::Unknown(member) if is_key(&member.key) => {
            if found.diagnostics.len() >= context.options.limits.diagnostics {
                found.left_out += 1;
                return;
            }
            let (subject, pointer) = if context.visibility.shows_key(member) {
                (format!("the key {}", show(&member.key)), pointer(path))
            } else {
                let around = path.split_last().map(|(_, around)| around).unwrap_or_default();
                ("a key".to_owned(), self::pointer(around))
            };
            let message = format!("unresolved placeholder in {subject}");
            let help = "write the key itself, or have the placeholder filled in first";
            found
                .diagnostics
                .push(Diagnostic::new(Code::Placeholder, pointer, member.key_span, message).with_help(help));
        }
        Part::Unknown(_) => {}
    });
    found
}

fn of_value(context: &Context<'_>, path: &[&str], node: &Node, shape: &'static Shape) -> Option<Placeholder> {
    match (&node.kind, shape) {
        (NodeKind::String { value, .. }, Shape::Secret) => in_password(value),
        (NodeKind::String { value, .. }, Shape::Host) => in_host(value),
        (NodeKind::String { value, .. }, _) => {
            in_name(value).or_else(|| in_name(&characters::clean_name(value)))
        }
        // To YAML, `#` behind a space begins a comment.
        (NodeKind::Null, _) if !path.is_empty() => {
            let rest = context.text.get(node.span.end..)?.trim_start_matches([' ', '\t']);
            let comment = rest.lines().next().unwrap_or_default().trim_end();
            in_name(comment).filter(|_| comment.starts_with("#{"))
        }
        _ => None,
    }
}

fn diagnostic(
    context: &Context<'_>,
    pointer: String,
    node: &Node,
    shape: &'static Shape,
    placeholder: Placeholder,
) -> Diagnostic {
    let subject = name(&pointer);
    let message = if let Placeholder::Encrypted(by) = placeholder {
        format!("{subject} is encrypted by {by}")
    } else {
        let shown = node.as_str().filter(|_| context.visibility.shows(node));
        let shown = shown.map(|value| format!(": {}", show(value))).unwrap_or_default();
        format!("unresolved placeholder in {subject}{shown}")
    };
    Diagnostic::new(Code::Placeholder, pointer, node.span, message).with_help(help(placeholder, shape))
}

fn help(placeholder: Placeholder, shape: &'static Shape) -> &'static str {
    match (placeholder, shape) {
        (Placeholder::Encrypted(SOPS), _) => "decrypt it first, with `sops --decrypt FILE`",
        (Placeholder::Encrypted(_), _) => "decrypt it first, and check the result",
        (Placeholder::Reference, _) => {
            "write `${NAME}` and nothing beside it: no quotes, white space or line break within the value"
        }
        (Placeholder::Template, Shape::Secret) => {
            "render the template first, or write `${NAME}` to take the password from an environment variable"
        }
        (Placeholder::Template, _) => "render the template first, and check the result",
        (Placeholder::Store, Shape::Secret) => {
            "write `${NAME}`, and have the store set that environment variable"
        }
        (Placeholder::Store, _) => "write the value itself, or have the reference resolved first",
        (_, Shape::Secret) => {
            "write `${NAME}` to take the password from an environment variable; no other form is looked up"
        }
        _ => {
            "write the value itself, or have the placeholder filled in first: only `password` may be `${NAME}`"
        }
    }
}

/// What `text` waits for where a name or any other value but a host or a password belongs.
pub(super) fn in_name(text: &str) -> Option<Placeholder> {
    if is_redacted(text) {
        return None;
    }
    let core = core(text);
    encrypted(core)
        .or_else(|| certain_in(core))
        .or_else(|| store(core))
        .or_else(|| is_blank_form(core).then_some(Placeholder::Other))
        .or_else(|| {
            let is = starts_with_variable(core) || is_unclosed_reference(core) || has_blank(core);
            is.then_some(Placeholder::Other)
        })
}

/// What `text` waits for where a host belongs.
pub(super) fn in_host(text: &str) -> Option<Placeholder> {
    if let Some(placeholder) = as_a_whole(core(text)) {
        return Some(placeholder);
    }
    // Beside a host may stand a password, which may hold anything.
    if may_hold_credentials(text) {
        let (.., is_template) = *in_line(text).first()?;
        return Some(if is_template { Placeholder::Template } else { Placeholder::Other });
    }
    let has_variable = || text.char_indices().any(|(at, _)| text.get(at..).is_some_and(starts_with_variable));
    in_name(text).or_else(|| has_variable().then_some(Placeholder::Other))
}

/// What `text` waits for where a password belongs. A password may hold any character, so only what is a placeholder
/// from end to end is one, and what Redshift would take as a password is one in spite of its looks.
pub(super) fn in_password(text: &str) -> Option<Placeholder> {
    if Secret::is_reference(text) || is_redacted(text) {
        return None;
    }
    let core = core(text);
    if Secret::is_reference(core) {
        return Some(Placeholder::Reference);
    }
    if let Some(placeholder) = as_a_whole(core) {
        return Some(placeholder);
    }
    let is_form = is_blank_form(core) || is_variable(core) || core.starts_with("${");
    (is_form && PasswordFault::of(text).is_some()).then_some(Placeholder::Other)
}

/// Whether `text` waits for a password. `${NAME}` alone does not: it is looked up.
pub(crate) fn is_password(text: &str) -> bool {
    in_password(text).is_some()
}

/// What a text waits for that is nothing else from end to end.
fn as_a_whole(core: &str) -> Option<Placeholder> {
    encrypted(core).or_else(|| certain_whole(core)).or_else(|| store(core))
}

/// Whether a key is a placeholder. `$schema` and its like are none.
pub(super) fn is_key(key: &str) -> bool {
    let is_variable = key.strip_prefix('$').is_some_and(is_upper_case);
    is_variable || certain_in(key).is_some() || is_blank_form(key)
}

/// The placeholders in a line of a text that cannot be read: their places, what each begins with, and whether it is of a
/// template language.
pub(crate) fn in_line(line: &str) -> Vec<(Span, &'static str, bool)> {
    let mut found = Vec::new();
    let mut end = 0;
    for (start, _) in line.match_indices(['$', '{', '<']) {
        let rest = line.get(start..).unwrap_or_default();
        let form = CERTAIN.iter().find(|(open, _)| rest.starts_with(open));
        let Some((open, close)) = form.filter(|_| start >= end) else { continue };
        let inner = shortened(rest.get(open.len()..).unwrap_or_default());
        if let Some(length) = search(inner, close).filter(|length| !is_blank(inner, *length)) {
            end = start + open.len() + length + close.len();
            found.push((Span::new(start, end), *open, TEMPLATES.iter().any(|form| form.0 == *open)));
        }
    }
    found
}

/// The length of the placeholder at the beginning of `text` that is none of those, and what it begins with.
pub(crate) fn at_start(text: &str) -> Option<(usize, &'static str)> {
    if let Some(name) = text.strip_prefix('$') {
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        return is_name(name.get(..end)?).then_some((1 + end, "$"));
    }
    AROUND_A_WORD.iter().filter(|(open, _)| text.starts_with(open)).find_map(|(open, close)| {
        let length = open.len() + search(text.get(open.len()..)?, close)? + close.len();
        is_blank_form(text.get(..length)?).then_some((length, *open))
    })
}

/// `<REDACTED>` has a code of its own.
fn is_redacted(text: &str) -> bool {
    text == "<REDACTED>"
}

/// The text without what may stand around a placeholder by mistake: white space, quotes, an escape.
fn core(text: &str) -> &str {
    let is_around = |c: char| c.is_whitespace() || "\"'`".contains(c) || characters::may_surround(c);
    let core = text.trim_matches(is_around);
    core.strip_prefix(['\\', '$']).filter(|rest| rest.starts_with("${")).unwrap_or(core)
}

fn encrypted(core: &str) -> Option<Placeholder> {
    let (prefix, by) = ENCRYPTED.into_iter().find(|(prefix, _)| core.starts_with(prefix))?;
    let is_whole = match prefix.as_bytes() {
        [.., b'('] => core.ends_with(')'),
        _ if prefix.starts_with("ENC[") => core.ends_with(']'),
        _ => true,
    };
    is_whole.then_some(Placeholder::Encrypted(by))
}

/// A form of [`CERTAIN`] anywhere in a name.
fn certain_in(text: &str) -> Option<Placeholder> {
    let has = |(open, close): &(&str, &str)| {
        let inner = search(text, open).and_then(|at| text.get(at + open.len()..));
        inner.is_some_and(|inner| search(inner, close).is_some_and(|length| !is_blank(inner, length)))
    };
    if TEMPLATES.iter().any(has) {
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
            let says_so = ["vault", "secret"].iter().any(|word| search(&scheme, word).is_some());
            rest.starts_with("//") && (says_so || STORES.contains(&scheme.as_str()))
        })
    };
    let is_store = STORE_PREFIXES.iter().any(|prefix| core.starts_with(prefix))
        || has_scheme()
        // <https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions>
        || core.starts_with("projects/") && search(core, "/secrets/").is_some();
    is_store.then_some(Placeholder::Store)
}

/// A word in brackets of one of the kinds that people and tools fill in.
fn is_blank_form(core: &str) -> bool {
    let is_word_in = |(open, close): &(&str, &str)| {
        inner(core, open, close).is_some_and(|inner| is_word(inner, *open == "<"))
    };
    AROUND_A_WORD.iter().any(is_word_in)
        || inner(core, "__", "__").is_some_and(is_upper_case)
        || core.strip_prefix("env:").is_some_and(is_name)
}

/// `immuta_<env>` or `%ENV%_immuta`.
fn has_blank(core: &str) -> bool {
    let has = |open: char, close: char, is_blank: fn(&str) -> bool| {
        let behind =
            core.match_indices(open).filter_map(|(at, _)| shortened(core.get(at + 1..)?).split_once(close));
        behind.into_iter().any(|(word, _)| is_blank(word))
    };
    let is_variable = |word: &str| word.len() > 1 && is_upper_case(word);
    core.len() <= LONGEST_NAME && (has('<', '>', is_name) || has('%', '%', is_variable))
}

/// `$NAME` at the beginning of a name, whole or before a sign that ends it: `$NAME-immuta`. Within a name a dollar sign is
/// a letter to Redshift, but none begins with it: <https://docs.aws.amazon.com/redshift/latest/dg/r_names.html>.
fn starts_with_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        is_name(name) && (behind.is_empty() || behind.starts_with(['-', '.', ':', '/']))
    })
}

/// `$NAME` and nothing else, also PowerShell's `$env:NAME`.
fn is_variable(core: &str) -> bool {
    core.strip_prefix('$').map(|name| name.strip_prefix("env:").unwrap_or(name)).is_some_and(is_name)
}

/// `${NAME` without its bracket.
fn is_unclosed_reference(core: &str) -> bool {
    core.strip_prefix("${").is_some_and(is_name)
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
