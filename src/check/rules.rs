//! What no schema can say: rules over several values, over how the call is made, and what deserves a warning.
//!
//! A rule looks at values of the right type only, and not at values that already have an error.

use super::format::canonical_host;
use super::mistakes::first_key;
use super::visible::Visibility;
use super::wording::{join, name, show};
use super::{Code, Diagnostic, Options, Origin, Severity};
use crate::document::{Node, NodeKind};
use crate::operation::{BodyKind, Operation};
use crate::payload::{Payload, Secret};

/// Databases that every cluster has, which can be neither created nor dropped:
/// <https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html>.
const RESERVED_DATABASES: [&str; 5] = ["dev", "padb_harvest", "template0", "template1", "sys:internal"];

/// The `type` of other platforms' integrations, as the documentation spells them.
const OTHER_PLATFORMS: [&str; 6] =
    ["Snowflake", "Databricks", "Azure Synapse Analytics", "Google BigQuery", "Native S3", "Trino"];

/// What the rules look at.
pub(super) struct Context<'c> {
    pub(super) root: &'c Node,
    pub(super) operation: Operation,
    pub(super) options: &'c Options<'c>,
    pub(super) visibility: &'c Visibility,
}

impl Context<'_> {
    /// How the integration was made, where somebody says.
    fn automatic(&self) -> Option<bool> {
        self.options.auto_bootstrap.or_else(|| self.options.old.map(|old| old.auto_bootstrap))
    }

    /// Whether this is a `DELETE` without a body, or with an empty one for an integration that takes none.
    pub(super) fn is_delete_without_body(&self) -> bool {
        self.operation == Operation::Delete
            && (matches!(self.root.kind, NodeKind::Null)
                || (is_empty(self.root) && self.automatic() == Some(false)))
    }
}

/// Whether a body says nothing.
fn is_empty(root: &Node) -> bool {
    matches!(root.kind, NodeKind::Null) || root.is_empty_object()
}

/// The diagnostic for another platform's document, which makes all others moot.
pub(super) fn unsupported_type(context: &Context<'_>) -> Option<Diagnostic> {
    if !matches!(context.operation.body_kind(), BodyKind::Payload | BodyKind::Integration) {
        return None;
    }
    let node = context.root.get("type")?;
    let value = node.as_str().filter(|_| context.visibility.shows(node))?;
    let platform = OTHER_PLATFORMS.into_iter().find(|platform| platform.eq_ignore_ascii_case(value))?;
    Some(
        Diagnostic::new(
            Code::UnsupportedType,
            "/type",
            node.span,
            format!("this configures {platform}; Bootshift covers Redshift"),
        )
        .with_help("leave this document out, or write `type: Redshift` if it is meant for Redshift"),
    )
}

/// The diagnostic for a `DELETE` that does not go with how the integration was made, which makes all others
/// moot. Silent where nobody says how it was made.
pub(super) fn bootstrap_of_delete(context: &Context<'_>) -> Option<Diagnostic> {
    if context.operation != Operation::Delete {
        return None;
    }
    let span = first_key(context.root);
    match (context.automatic()?, is_empty(context.root)) {
        (true, true) => Some(
            Diagnostic::new(
                Code::CredentialsRequired,
                "",
                span,
                "the integration was set up automatically, so deleting it takes the credentials that set it up",
            )
            .with_help("write `authenticationType`, `username` and `password`"),
        ),
        (false, false) => Some(
            Diagnostic::new(
                Code::CredentialsNotAllowed,
                "",
                span,
                "the integration was set up by hand, so deleting it takes no body",
            )
            .with_help("send the `DELETE` without a body"),
        ),
        _ => None,
    }
}

/// What the rules have to say beside `found`, the diagnostics of the schema.
pub(super) fn diagnose(context: &Context<'_>, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let body = context.operation.body_kind();
    let mut rules = Rules { context, found, diagnostics: Vec::new() };
    match body {
        BodyKind::Payload => {
            rules.bootstrap_mode();
            if context.operation.is_change()
                && let Some(old) = context.options.old
            {
                rules.not_editable(old);
            }
            rules.databases();
            rules.password();
            rules.okta();
            rules.unused_role();
            rules.plaintext_secrets("/config");
        }
        BodyKind::Credentials => rules.plaintext_secrets(""),
        BodyKind::Integration | BodyKind::IntegrationList | BodyKind::Status | BodyKind::Error => {}
    }
    rules.diagnostics
}

struct Rules<'r> {
    context: &'r Context<'r>,
    found: &'r [Diagnostic],
    diagnostics: Vec<Diagnostic>,
}

impl<'r> Rules<'r> {
    /// The value under `keys` with its pointer, unless something is wrong with it already.
    fn value(&self, keys: &[&str]) -> Option<(String, &'r Node)> {
        let mut pointer = String::new();
        let mut node = self.context.root;
        for key in keys {
            pointer = join(&pointer, key);
            node = node.get(key)?;
        }
        let is_wrong = self.found.iter().any(|diagnostic| diagnostic.pointer == pointer);
        (!is_wrong).then_some((pointer, node))
    }

    fn string(&self, keys: &[&str]) -> Option<(String, &'r Node, &'r str)> {
        let (pointer, node) = self.value(keys)?;
        Some((pointer, node, node.as_str().filter(|text| !text.is_empty())?))
    }

    fn boolean(&self, keys: &[&str]) -> Option<(String, &'r Node, bool)> {
        let (pointer, node) = self.value(keys)?;
        Some((pointer, node, node.as_bool()?))
    }

    fn push(&mut self, code: Code, pointer: String, node: &Node, message: impl Into<String>, help: String) {
        self.diagnostics.push(Diagnostic::new(code, pointer, node.span, message).with_help(help));
    }

    /// `text`, or a word for it where it may not be shown.
    fn shown(&self, node: &Node, text: &str) -> String {
        if self.context.visibility.shows(node) { show(text) } else { "this name".to_owned() }
    }

    fn bootstrap_mode(&mut self) {
        if !self.context.operation.is_script() {
            return;
        }
        if let Some((pointer, node, true)) = self.boolean(&["autoBootstrap"]) {
            self.push(
                Code::BootstrapMode,
                pointer,
                node,
                "a script is for setting Redshift up by hand, so `autoBootstrap` must be `false`",
                "write `autoBootstrap: false`, or create the integration without scripts".to_owned(),
            );
        }
    }

    fn not_editable(&mut self, old: &Payload) {
        if let Some((pointer, node, new)) = self.boolean(&["autoBootstrap"])
            && new != old.auto_bootstrap
            && !self.diagnostics.iter().any(|found| found.pointer == pointer)
        {
            self.changed(pointer, node, &old.auto_bootstrap.to_string());
        }
        if let Some((pointer, node, new)) = self.string(&["config", "host"])
            && canonical_host(new) != canonical_host(&old.host)
        {
            self.changed(pointer, node, &old.host);
        }
        for (key, old) in [("database", &old.database), ("initialDatabase", &old.initial_database)] {
            if let Some((pointer, node, new)) = self.string(&["config", key])
                && new.to_ascii_lowercase() != old.folded()
            {
                self.changed(pointer, node, old.as_str());
            }
        }
    }

    fn changed(&mut self, pointer: String, node: &Node, old: &str) {
        let subject = name(&pointer);
        self.push(
            Code::NotEditable,
            pointer,
            node,
            format!("{subject} of an integration cannot be changed"),
            format!("it was {}; to change it, delete the integration and create it anew", show(old)),
        );
    }

    fn databases(&mut self) {
        let Some((pointer, node, database)) = self.string(&["config", "database"]) else { return };
        let folded = database.to_ascii_lowercase();
        let is_initial = self
            .string(&["config", "initialDatabase"])
            .is_some_and(|(_, _, initial)| initial.eq_ignore_ascii_case(database));
        let shown = self.shown(node, database);
        if is_initial {
            self.push(
                Code::SameDatabase,
                pointer.clone(),
                node,
                "`database` is the same as `initialDatabase`: Immuta's objects go into an existing database",
                "if Immuta is to have a database of its own, give `database` another name; an existing one is \
                 never dropped"
                    .to_owned(),
            );
        } else if RESERVED_DATABASES.contains(&folded.as_str()) {
            self.push(
                Code::ReservedDatabase,
                pointer,
                node,
                format!("{shown} is a database of Redshift's own and cannot be created"),
                "give `database` another name, for example `immuta`".to_owned(),
            );
            return;
        }
        if database != folded {
            let help = if self.context.visibility.shows(node) {
                format!("write {}", show(&folded))
            } else {
                "write it in lower case".to_owned()
            };
            self.push(
                Code::FoldedIdentifier,
                pointer,
                node,
                format!("Redshift folds {shown} to lower case, quoted or not"),
                help,
            );
        }
    }

    fn password(&mut self) {
        let flat = ["config", "password"];
        let kind = self.string(&["config", "authenticationType"]);
        if kind.is_none_or(|(_, _, kind)| kind != "userPassword") {
            return;
        }
        let Some((pointer, node, text)) = self.string(&flat) else { return };
        let secret = Secret::new(text);
        let Some(fault) = secret.literal().and_then(password_fault) else { return };
        self.push(
            Code::WeakPassword,
            pointer,
            node,
            format!("Redshift would refuse this password: {fault}"),
            "Redshift asks for 8 to 64 printable ASCII characters with an upper-case letter, a lower-case letter \
             and a digit, and none of `'`, `\"`, `\\`, `/`, `@` and space"
                .to_owned(),
        );
    }

    fn okta(&mut self) {
        let Some((pointer, node, "okta")) = self.string(&["config", "authenticationType"]) else { return };
        self.push(
            Code::OktaDeprecated,
            pointer,
            node,
            "Okta is deprecated for Redshift since Immuta 2024.3",
            "write `authenticationType: userPassword` where you can".to_owned(),
        );
        if let Some((pointer, node, true)) = self.boolean(&["autoBootstrap"])
            && !self.context.operation.is_script()
        {
            self.push(
                Code::OktaAutomatic,
                pointer,
                node,
                "Immuta's documentation contradicts itself on Okta with automatic set-up: one page shows it, another \
                 allows Okta with manual set-up only",
                "if Immuta refuses it, write `autoBootstrap: false` and run the scripts".to_owned(),
            );
        }
    }

    fn unused_role(&mut self) {
        let Some((_, _, false)) = self.boolean(&["config", "impersonation", "enabled"]) else { return };
        let Some((pointer, _)) = self.value(&["config", "impersonation", "role"]) else { return };
        let impersonation = self.context.root.get("config").and_then(|config| config.get("impersonation"));
        if let Some(member) = impersonation.and_then(|object| object.member("role")) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::UnusedRole,
                    pointer,
                    member.key_span,
                    "`impersonation.role` is not used, because `enabled` is `false`",
                )
                .with_help("leave it out, or write `enabled: true`"),
            );
        }
    }

    /// A literal secret is one wherever else the document is wrong.
    fn plaintext_secrets(&mut self, base: &str) {
        for (keys, variable) in
            [(&["password"][..], "REDSHIFT_PASSWORD"), (&["okta", "password"][..], "OKTA_PASSWORD")]
        {
            let path: Vec<&str> = base.split('/').skip(1).chain(keys.iter().copied()).collect();
            let root = Some((String::new(), self.context.root));
            let found = path.iter().fold(root, |found, key| {
                let (pointer, node) = found?;
                Some((join(&pointer, key), node.get(key)?))
            });
            let Some((pointer, node)) = found else { continue };
            let Some(text) = node.as_str() else { continue };
            if matches!(text, "" | "REDACTED" | "<REDACTED>") || Secret::new(text).variable().is_some() {
                continue;
            }
            let subject = name(&pointer);
            let severity = match self.context.options.origin {
                Origin::File => Severity::Warning,
                Origin::Text => Severity::Note,
            };
            self.diagnostics.push(
                Diagnostic::new(
                    Code::PlaintextSecret,
                    pointer,
                    node.span,
                    format!("{subject} stands here in plain text"),
                )
                .with_severity(severity)
                .with_help(format!("write `${{{variable}}}` and set the environment variable `{variable}`")),
            );
        }
    }
}

/// Which of Redshift's rules a clear-text password breaks first:
/// <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>.
fn password_fault(password: &str) -> Option<&'static str> {
    let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
    let length = password.chars().count();
    if length < 8 {
        Some("it has fewer than 8 characters")
    } else if length > 64 {
        Some("it has more than 64 characters")
    } else if !password.bytes().all(|b| b.is_ascii_graphic()) {
        Some("it holds a space or a character outside ASCII")
    } else if password.contains(['\'', '"', '\\', '/', '@']) {
        Some("it holds a character that Redshift does not allow")
    } else if !has(char::is_ascii_uppercase) {
        Some("it has no upper-case letter")
    } else if !has(char::is_ascii_lowercase) {
        Some("it has no lower-case letter")
    } else if !has(char::is_ascii_digit) {
        Some("it has no digit")
    } else {
        None
    }
}
