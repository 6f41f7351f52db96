//! `placeholder`: a placeholder of a document. Taken for a value, each would become a database, a user or a hash of that very
//! name. None is ever rewritten.

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
use crate::schema::{Property, Shape};
use crate::text::pointer::pointer;
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "an unresolved placeholder",
    what: "A value or key is a placeholder, such as `${NAME}`, `$NAME`, `{{ name }}`, `<name>`, `%NAME%`, \
           `[name]`, or holds one, as in `immuta-$ENV` or `immuta_[ENV]`; a word such as `CHANGE_ME` or `your-database`, a reference to a store of secrets such as \
           `op://…`, or a value that SOPS has encrypted.",
    why: "Bootshift fills in `${NAME}` alone, and in `password` alone. Anything else would be taken as it is: \
          scripts would create a user or a database of that very name, or hash the placeholder. It is a \
          warning for `check`, since the document may be filled in later, and an error where the values are \
          used. No fix ever rewrites a placeholder.",
    fix: "Fill the document in, render or decrypt it first, and check the result; or write the value. For a \
           password, write `${NAME}` and set the environment variable NAME.",
    wrong: "database: ${IMMUTA_DB}\npassword: $REDSHIFT_PASSWORD",
    right: "database: immuta\npassword: ${REDSHIFT_PASSWORD}",
    sources: &[source::SOPS],
};

/// The placeholders of a document.
#[derive(Default)]
pub(in crate::check) struct Placeholders {
    /// What there is to say of them.
    pub(in crate::check) diagnostics: Vec<Diagnostic>,
    /// The pointers to the values that are placeholders, of which nothing else is said.
    pub(in crate::check) values: Vec<String>,
    /// How many more keys are placeholders.
    pub(in crate::check) left_out: usize,
    /// The place among the diagnostics of the one on what SOPS has encrypted, and how many values more there are.
    sops: Option<(usize, usize)>,
}

impl Placeholders {
    /// Whether the value at `pointer` is one.
    pub(in crate::check) fn has(&self, pointer: &str) -> bool {
        self.values.iter().any(|value| value == pointer)
    }

    /// Whether the member is no property, but what SOPS adds to a document whose values it encrypts.
    pub(in crate::check) fn is_of_sops(&self, key: &str, value: &Node) -> bool {
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
pub(in crate::check) fn find(context: &Context<'_>) -> Placeholders {
    let mut found = Placeholders::default();
    let body = context.operation.body_kind();
    if !body.is_request() {
        return found;
    }
    visit(context.root, Property::of(body), &mut Vec::new(), &mut |path, part| match part {
        Part::Value(node, property) => {
            let shape = &property.shape;
            let Some(placeholder) = of_value(context, path, node, shape) else { return };
            found.add(placeholder, diagnostic(context, pointer(path), node, shape, placeholder));
        }
        Part::Unknown(member) if is_key(&member.key) => {
            if found.diagnostics.len() >= context.limits.diagnostics {
                found.left_out += 1;
                return;
            }
            let (subject, pointer) = if context.redaction.shows_key(member) {
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
        (NodeKind::String { value, .. }, _) => in_name(value)
            .or_else(|| in_name(&characters::clean_name(value)))
            .or_else(|| in_name(&with_signs_of_reference(value))),
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
        let shown = node.as_str().filter(|_| context.redaction.shows(node));
        let shown = shown.map(|value| format!(": {}", show(value))).unwrap_or_default();
        format!("unresolved placeholder in {subject}{shown}")
    };
    let help = help(placeholder, shape);
    // It may be what keeps the placeholder from being one that is looked up.
    let value = node.as_str().filter(|_| !matches!(placeholder, Placeholder::Encrypted(_)));
    let wide = |value: &str| {
        let found = value.chars().find(|c| sign_of_reference(*c).is_some())?;
        Some(format!("{} in {subject}", named(found)))
    };
    let character =
        value.and_then(|value| wide(value).or_else(|| characters::of_value(value, shape, &subject)));
    let help = character.map_or_else(|| help.to_owned(), |character| format!("{help}; {character}"));
    Diagnostic::new(Code::Placeholder, pointer, node.span, message).with_help(help)
}

fn help(placeholder: Placeholder, shape: &'static Shape) -> &'static str {
    match (placeholder, shape) {
        (Placeholder::Encrypted(SOPS), _) => DECRYPT_SOPS,
        (Placeholder::Encrypted(_), _) => DECRYPT,
        (Placeholder::Reference, _) => {
            "write `${NAME}` and nothing beside it: no quotes, white space, line break or invisible character within the \
             value"
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

/// What `text` waits for where a host belongs.
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
    // Beside a host may stand a password, which may hold anything.
    if may_hold_credentials(text) {
        let (.., is_template) = *in_line(text).first()?;
        return Some(if is_template { Placeholder::Template } else { Placeholder::Other });
    }
    in_name(text).or_else(|| in_name(&with_signs_of_reference(text)))
}

/// Whether the host of a URL, its port or what else has no user beside it, is a placeholder from end to end.
fn has_part_to_be_filled_in(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let mut parts = rest.split(['/', ':']);
    !rest.contains(['@', '?', ';', '=']) && parts.any(is_to_be_filled_in)
}

/// The problem of a document that SOPS has made of a whole file, whose text it is that cannot be read:
/// <https://getsops.io/docs/#encrypting-binary-files>.
pub(in crate::check) fn encrypted_file(root: &Node) -> Option<Diagnostic> {
    let [data, sops] = root.members() else { return None };
    let is_file = data.key.as_str() == "data" && sops.key.as_str() == "sops";
    let is_encrypted = data.value.as_str().and_then(as_a_whole) == Some(Placeholder::Encrypted(SOPS));
    (is_file && is_encrypted).then(|| {
        Diagnostic::new(Code::Syntax, "/data", data.value.span, "the document is encrypted by SOPS")
            .with_help(DECRYPT_SOPS)
    })
}

/// Whether SOPS has encrypted values of a document. Its key `sops` holds a code over all values, those in plain text among
/// them: <https://getsops.io/docs/>. A text that cannot be read is known by an encrypted value.
pub(in crate::check) fn is_of_sops(text: &str, root: Option<&Node>) -> bool {
    match root {
        Some(root) => root.get("sops").is_some_and(|sops| matches!(sops.kind, NodeKind::Object(_))),
        None => text.contains("ENC[AES256_GCM,"),
    }
}
