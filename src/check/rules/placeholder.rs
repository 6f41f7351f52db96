//! `placeholder`: an unresolved placeholder. Used as a value, it would become the name of a database or a user, or be hashed
//! as a password. Fixes never change a placeholder.

use crate::characters::{named, sign_of_reference, with_signs_of_reference};
use crate::check::characters;
use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::part::{Part, visit};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic};
use crate::document::encrypted::{DECRYPT, DECRYPT_SOPS};
use crate::document::{Node, NodeKind};
use crate::placeholder::{
    Placeholder, SOPS, as_a_whole, core, in_line, in_name, in_password, is_key, is_redacted,
    is_to_be_filled_in,
};
use crate::schema::format::may_hold_credentials;
use crate::schema::{Property, ValueType};
use crate::text::pointer::pointer;
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "unresolved placeholder",
    what: "A value or key is a placeholder, such as `${NAME}`, `$NAME`, `{{ name }}`, `<name>`, `%NAME%` or \
           `[name]`, or contains one, as in `immuta-$ENV` or `immuta_[ENV]`. Words such as `CHANGE_ME` or \
           `your-database`, references to a secret store such as `op://…`, and values encrypted with SOPS are \
           placeholders, too.",
    why: "Bootshift resolves only `${NAME}`, and only in `password`. Any other placeholder would be used as it is: \
          scripts would create a user or a database with that name, or hash the placeholder as a password. It is a \
          warning in `check`, because the placeholder may be filled in later, and an error in commands that use the \
          values. Fixes never change a placeholder.",
    fix: "Fill in, render or decrypt the document first, then check the result. Or write the value itself. For a \
           password, write `${NAME}` and set the environment variable NAME.",
    wrong: "database: ${IMMUTA_DB}\npassword: $REDSHIFT_PASSWORD",
    right: "database: immuta\npassword: ${REDSHIFT_PASSWORD}",
    sources: &[source::SOPS],
};

/// The placeholders of a document.
#[derive(Default)]
pub(in crate::check) struct Placeholders {
    pub(in crate::check) diagnostics: Vec<Diagnostic>,
    /// The pointers to values that are placeholders; no other diagnostics are reported for them.
    pub(in crate::check) values: Vec<String>,
    /// How many keys that are placeholders have no diagnostic, because there are too many.
    pub(in crate::check) left_out: usize,
    /// The index of the diagnostic for values encrypted by SOPS, and how many more such values there are.
    sops: Option<(usize, usize)>,
}

impl Placeholders {
    /// Whether the value at `pointer` is a placeholder.
    pub(in crate::check) fn has(&self, pointer: &str) -> bool {
        self.values.iter().any(|value| value == pointer)
    }

    /// Whether the member is the metadata that SOPS adds to a document with encrypted values.
    pub(in crate::check) fn is_of_sops(&self, key: &str, value: &Node) -> bool {
        self.sops.is_some() && key == "sops" && (value.get("mac").is_some() || value.get("version").is_some())
    }

    /// Adds a placeholder. All values encrypted by SOPS share one diagnostic.
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
                format!("{} and {more} other {values} are encrypted with SOPS", name(&first.pointer));
        }
    }
}

/// Finds the placeholders in a request body. Responses contain none: what looks like one there is a value.
pub(in crate::check) fn find(context: &Context<'_>) -> Placeholders {
    let mut found = Placeholders::default();
    let body = context.operation.body_kind();
    if !body.is_request() {
        return found;
    }
    visit(context.root, Property::of(body), &mut Vec::new(), &mut |path, part| match part {
        Part::Value(node, property) => {
            let value_type = &property.value_type;
            let Some(placeholder) = of_value(context, path, node, value_type) else { return };
            found.add(placeholder, diagnostic(context, pointer(path), node, value_type, placeholder));
        }
        Part::Unknown(member) if is_key(&member.key) => {
            if found.diagnostics.len() >= context.limits.diagnostics {
                found.left_out += 1;
                return;
            }
            let (subject, pointer) = if context.redaction.allows_key(member) {
                (format!("the key {}", show(&member.key)), pointer(path))
            } else {
                let parent = path.split_last().map(|(_, parent)| parent).unwrap_or_default();
                ("a key".to_owned(), self::pointer(parent))
            };
            let message = format!("unresolved placeholder in {subject}");
            let help = "write the key itself, or fill in the placeholder first";
            found
                .diagnostics
                .push(Diagnostic::new(Code::Placeholder, pointer, member.key_span, message).with_help(help));
        }
        Part::Unknown(_) => {}
    });
    found
}

fn of_value(
    context: &Context<'_>,
    path: &[&str],
    node: &Node,
    value_type: &'static ValueType,
) -> Option<Placeholder> {
    match (&node.kind, value_type) {
        (NodeKind::String { value, .. }, ValueType::Secret) => in_password(value),
        (NodeKind::String { value, .. }, ValueType::Host) => in_host(value),
        (NodeKind::String { value, .. }, _) => in_name(value)
            .or_else(|| in_name(&characters::clean_name(value)))
            .or_else(|| in_name(&with_signs_of_reference(value))),
        // In YAML, ` #` starts a comment.
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
    value_type: &'static ValueType,
    placeholder: Placeholder,
) -> Diagnostic {
    let subject = name(&pointer);
    let message = if let Placeholder::Encrypted(by) = placeholder {
        format!("{subject} is encrypted with {by}")
    } else {
        let shown = node.as_str().filter(|_| context.redaction.allows(node));
        let shown = shown.map(|value| format!(": {}", show(value))).unwrap_or_default();
        format!("unresolved placeholder in {subject}{shown}")
    };
    let help = help(placeholder, value_type);
    // A suspicious character may be why a placeholder is not resolved.
    let value = node.as_str().filter(|_| !matches!(placeholder, Placeholder::Encrypted(_)));
    let wide = |value: &str| {
        let found = value.chars().find(|c| sign_of_reference(*c).is_some())?;
        Some(format!("{} in {subject}", named(found)))
    };
    let character =
        value.and_then(|value| wide(value).or_else(|| characters::of_value(value, value_type, &subject)));
    let help = character.map_or_else(|| help.to_owned(), |character| format!("{help}; {character}"));
    Diagnostic::new(Code::Placeholder, pointer, node.span, message).with_help(help)
}

fn help(placeholder: Placeholder, value_type: &'static ValueType) -> &'static str {
    match (placeholder, value_type) {
        (Placeholder::Encrypted(SOPS), _) => DECRYPT_SOPS,
        (Placeholder::Encrypted(_), _) => DECRYPT,
        (Placeholder::Reference, _) => {
            "write only `${NAME}`, without quotes, whitespace or invisible characters"
        }
        (Placeholder::Template, ValueType::Secret) => {
            "render the template first, or use `${NAME}` to read the password from an environment variable"
        }
        (Placeholder::Template, _) => "render the template first, then check the result",
        (Placeholder::Store, ValueType::Secret) => {
            "use `${NAME}`, and set this environment variable from the secret store"
        }
        (Placeholder::Store, _) => "write the value itself, or resolve the reference first",
        (_, ValueType::Secret) => {
            "use `${NAME}` to read the password from an environment variable; no other form is resolved"
        }
        _ => "write the value itself, or fill in the placeholder first; only `password` may be `${NAME}`",
    }
}

/// The kind of placeholder in a host.
pub(in crate::check) fn in_host(text: &str) -> Option<Placeholder> {
    if is_redacted(text) {
        return None;
    }
    let core = core(text);
    if let Some(placeholder) = as_a_whole(core) {
        return Some(placeholder);
    }
    if is_to_be_filled_in(core) || has_part_to_be_filled_in(core) {
        return Some(Placeholder::Other);
    }
    // A password next to the host may contain any character.
    if may_hold_credentials(text) {
        let (.., is_template) = *in_line(text).first()?;
        return Some(if is_template { Placeholder::Template } else { Placeholder::Other });
    }
    in_name(text).or_else(|| in_name(&with_signs_of_reference(text)))
}

/// Whether the host, the port or another part of a URL without credentials is a placeholder as a whole.
fn has_part_to_be_filled_in(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let mut parts = rest.split(['/', ':']);
    !rest.contains(['@', '?', ';', '=']) && parts.any(is_to_be_filled_in)
}

/// The diagnostic for a document into which SOPS has encrypted a whole file:
/// <https://getsops.io/docs/#encrypting-binary-files>.
pub(in crate::check) fn encrypted_file(root: &Node) -> Option<Diagnostic> {
    let [data, sops] = root.members() else { return None };
    let is_file = data.key.as_str() == "data" && sops.key.as_str() == "sops";
    let is_encrypted = data.value.as_str().and_then(as_a_whole) == Some(Placeholder::Encrypted(SOPS));
    (is_file && is_encrypted).then(|| {
        Diagnostic::new(Code::Syntax, "/data", data.value.span, "the document is encrypted with SOPS")
            .with_help(DECRYPT_SOPS)
    })
}

/// Whether SOPS has encrypted values of a document. It then has a key `sops` with a message authentication code over all
/// values, also those in plain text: <https://getsops.io/docs/>. A text that cannot be parsed is recognized by an encrypted
/// value.
pub(in crate::check) fn is_of_sops(text: &str, root: Option<&Node>) -> bool {
    match root {
        Some(root) => root.get("sops").is_some_and(|sops| matches!(sops.kind, NodeKind::Object(_))),
        None => text.contains("ENC[AES256_GCM,"),
    }
}
