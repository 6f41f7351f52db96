//! What no schema can say: rules over several values, over how the call is made, and what deserves a warning.
//!
//! A rule looks at values of the right type only, and not at values that already have an error.

use super::characters::{clean_name, clean_password};
use super::mender::Mender;
use super::placeholder::Placeholders;
use super::schema_errors::first_key;
use super::visible::Visibility;
use super::wording::name;
use super::{Code, Diagnostic, Mend, Options, Origin, Severity, ambiguous, reserved};
use crate::characters::is_blank;
use crate::document::{Limits, Node, NodeKind, Syntax};
use crate::operation::{BodyKind, Operation};
use crate::payload::{Payload, Secret};
use crate::schema::format::canonical_host;
use crate::sql::{PasswordFault, StoredPassword};
use crate::text::pointer::pointer;
use crate::text::shown::show;

/// Databases that every cluster has, which can be neither created nor dropped:
/// <https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html>.
const RESERVED_DATABASES: [&str; 5] = ["dev", "padb_harvest", "template0", "template1", "sys:internal"];

/// The `type` of other platforms' integrations, as the documentation spells them.
const OTHER_PLATFORMS: [&str; 6] =
    ["Snowflake", "Databricks", "Azure Synapse Analytics", "Google BigQuery", "Native S3", "Trino"];

/// What the rules look at.
pub(super) struct Context<'c> {
    pub(super) text: &'c str,
    pub(super) limits: &'c Limits,
    pub(super) root: &'c Node,
    pub(super) operation: Operation,
    /// How the document was read.
    pub(super) syntax: Syntax,
    pub(super) options: &'c Options<'c>,
    pub(super) visibility: &'c Visibility<'c>,
    pub(super) mender: Mender<'c>,
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
    let value = node.as_str()?;
    let platform = OTHER_PLATFORMS
        .into_iter()
        .find(|platform| platform.eq_ignore_ascii_case(value))
        .filter(|_| context.visibility.shows(node))?;
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
pub(super) fn diagnose(
    context: &Context<'_>,
    placeholders: &Placeholders,
    found: &[Diagnostic],
) -> Vec<Diagnostic> {
    let body = context.operation.body_kind();
    let mut rules = Rules { context, placeholders, found, diagnostics: Vec::new() };
    match body {
        BodyKind::Payload => {
            rules.bootstrap_mode();
            if context.operation.is_change()
                && let Some(old) = context.options.old
            {
                rules.not_editable(old);
            }
            rules.databases();
            rules.group();
            rules.password();
            rules.okta();
            rules.unused_role();
            rules.plaintext_secret(&["config", "password"], "REDSHIFT_PASSWORD");
            rules.plaintext_secret(&["config", "okta", "password"], "OKTA_PASSWORD");
        }
        BodyKind::Credentials => {
            rules.plaintext_secret(&["password"], "REDSHIFT_PASSWORD");
            rules.plaintext_secret(&["okta", "password"], "OKTA_PASSWORD");
        }
        BodyKind::Integration | BodyKind::IntegrationList | BodyKind::Status | BodyKind::Error => {}
    }
    let mut diagnostics = rules.diagnostics;
    diagnostics.extend(reserved::diagnose(context, found));
    diagnostics.extend(ambiguous::diagnose(context, found));
    diagnostics
}

/// The way from the root to a value; a pointer is made of it only where there is something to say.
type Keys = &'static [&'static str];

struct Rules<'r> {
    context: &'r Context<'r>,
    placeholders: &'r Placeholders,
    found: &'r [Diagnostic],
    diagnostics: Vec<Diagnostic>,
}

impl<'r> Rules<'r> {
    /// The value under `keys`, unless something is wrong with it already or it is a placeholder.
    fn value(&self, keys: Keys) -> Option<&'r Node> {
        let node = self.member(keys)?;
        let is_right = (self.found.is_empty() && self.placeholders.values.is_empty()) || {
            let pointer = pointer(keys);
            self.found.iter().all(|diagnostic| diagnostic.pointer != pointer)
                && !self.placeholders.has(&pointer)
        };
        is_right.then_some(node)
    }

    /// The value under `keys`.
    fn member(&self, keys: Keys) -> Option<&'r Node> {
        keys.iter().try_fold(self.context.root, |node, key| node.get(key))
    }

    fn string(&self, keys: Keys) -> Option<(Keys, &'r Node, &'r str)> {
        let node = self.value(keys)?;
        Some((keys, node, node.as_str().filter(|text| !text.is_empty())?))
    }

    fn boolean(&self, keys: Keys) -> Option<(Keys, &'r Node, bool)> {
        let node = self.value(keys)?;
        Some((keys, node, node.as_bool()?))
    }

    fn push(&mut self, code: Code, keys: Keys, node: &Node, message: impl Into<String>, help: String) {
        self.diagnostics.push(Diagnostic::new(code, pointer(keys), node.span, message).with_help(help));
    }

    /// Gives the last diagnostic a mend, if there is one.
    fn mend(&mut self, mend: Option<Mend>) {
        if let Some(last) = self.diagnostics.last_mut() {
            last.mend = mend;
        }
    }

    /// `text`, or a word for it where it may not be shown.
    fn shown(&self, node: &Node, text: &str) -> String {
        if self.context.visibility.shows(node) { show(text) } else { "this name".to_owned() }
    }

    fn bootstrap_mode(&mut self) {
        if !self.context.operation.is_script() {
            return;
        }
        if let Some((keys, node, true)) = self.boolean(&["autoBootstrap"]) {
            self.push(
                Code::BootstrapMode,
                keys,
                node,
                "a script is for setting Redshift up by hand, so `autoBootstrap` must be `false`",
                "write `autoBootstrap: false`, or create the integration without scripts".to_owned(),
            );
            self.mend(self.context.mender.opposite(node));
        }
    }

    fn not_editable(&mut self, old: &Payload) {
        if let Some((keys, node, new)) = self.boolean(&["autoBootstrap"])
            && new != old.auto_bootstrap
            && self.diagnostics.iter().all(|found| found.code != Code::BootstrapMode)
        {
            self.changed(keys, node, &old.auto_bootstrap.to_string());
        }
        if let Some((keys, node, new)) = self.string(&["config", "host"])
            && canonical_host(new) != canonical_host(&old.host)
        {
            self.changed(keys, node, &old.host);
        }
        let databases: [(Keys, _); 2] = [
            (&["config", "database"], &old.database),
            (&["config", "initialDatabase"], &old.initial_database),
        ];
        for (keys, old) in databases {
            if let Some((keys, node, new)) = self.string(keys)
                && new.to_ascii_lowercase() != old.folded()
            {
                self.changed(keys, node, old.as_str());
            }
        }
    }

    fn changed(&mut self, keys: Keys, node: &Node, old: &str) {
        let subject = name(&pointer(keys));
        self.push(
            Code::NotEditable,
            keys,
            node,
            format!("{subject} of an integration cannot be changed"),
            format!("it was {}; to change it, delete the integration and create it anew", show(old)),
        );
    }

    fn databases(&mut self) {
        let Some((keys, node, database)) = self.string(&["config", "database"]) else { return };
        let is_initial = self
            .string(&["config", "initialDatabase"])
            .is_some_and(|(_, _, initial)| initial.eq_ignore_ascii_case(database));
        if is_initial {
            self.push(
                Code::SameDatabase,
                keys,
                node,
                "`database` is the same as `initialDatabase`: Immuta's objects go into an existing database",
                "if Immuta is to have a database of its own, give `database` another name; an existing one is \
                 never dropped"
                    .to_owned(),
            );
        } else if RESERVED_DATABASES.iter().any(|reserved| reserved.eq_ignore_ascii_case(database)) {
            let shown = self.shown(node, database);
            self.push(
                Code::ReservedDatabase,
                keys,
                node,
                format!("{shown} is a database of Redshift's own and cannot be created"),
                "give `database` another name, for example `immuta`".to_owned(),
            );
            return;
        }
        self.folded(keys, node, database);
    }

    /// The names of what is made are told of, for it gets another name than the payload says. What `initialDatabase` names is
    /// there, and user names keep their case.
    fn folded(&mut self, keys: Keys, node: &Node, text: &str) {
        if !text.bytes().any(|b| b.is_ascii_uppercase()) {
            return;
        }
        let shown = self.shown(node, text);
        // What does not belong to the name is told by another code; the fix of that comes first.
        let clean = clean_name(text);
        let help = if self.context.visibility.shows(node) {
            format!("write {}", show(&clean.to_ascii_lowercase()))
        } else {
            "write it in lower case".to_owned()
        };
        self.push(
            Code::FoldedIdentifier,
            keys,
            node,
            format!("Redshift folds {shown} to lower case, quoted or not"),
            help,
        );
        // Of a name with any other sign in it nobody knows whether it is one, or what fills it in.
        let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "_-.@ ".contains(c));
        if self.context.visibility.shows(node) && clean == text && is_plain(text) {
            self.mend(self.context.mender.lower_case(node));
        }
    }

    fn group(&mut self) {
        let Some((_, _, true)) = self.boolean(&["config", "impersonation", "enabled"]) else { return };
        if let Some((keys, node, role)) = self.string(&["config", "impersonation", "role"]) {
            self.folded(keys, node, role);
        }
    }

    fn password(&mut self) {
        let kind = self.string(&["config", "authenticationType"]);
        if kind.is_none_or(|(_, _, kind)| kind != "userPassword") {
            return;
        }
        let Some((keys, node, text)) = self.string(&["config", "password"]) else { return };
        if Secret::is_reference(text) {
            return;
        }
        if let Some(form) = StoredPassword::of(text) {
            self.push(
                Code::HashedPassword,
                keys,
                node,
                format!("Redshift would take this password for {form}"),
                "write the password itself: Immuta logs in by what stands here, and scripts hash it"
                    .to_owned(),
            );
            return;
        }
        let Some(fault) = PasswordFault::of(&clean_password(text)) else { return };
        let help = if fault.is_around() {
            "write the password alone, on the line of its key"
        } else {
            "Redshift asks for 8 to 64 printable ASCII characters with an upper-case letter, a lower-case letter \
             and a digit, and none of `'`, `\"`, `\\`, `/`, `@` and space"
        };
        self.push(
            Code::WeakPassword,
            keys,
            node,
            format!("Redshift would refuse this password: {fault}"),
            help.to_owned(),
        );
    }

    fn okta(&mut self) {
        let Some((keys, node, "okta")) = self.string(&["config", "authenticationType"]) else { return };
        self.push(
            Code::OktaDeprecated,
            keys,
            node,
            "Okta is deprecated for Redshift since Immuta 2024.3",
            "write `authenticationType: userPassword` where you can".to_owned(),
        );
        if let Some((keys, node, true)) = self.boolean(&["autoBootstrap"])
            && !self.context.operation.is_script()
        {
            self.push(
                Code::OktaAutomatic,
                keys,
                node,
                "Immuta's documentation contradicts itself on Okta with automatic set-up: one page shows it, another \
                 allows Okta with manual set-up only",
                "if Immuta refuses it, write `autoBootstrap: false` and run the scripts".to_owned(),
            );
        }
    }

    fn unused_role(&mut self) {
        let Some((_, _, false)) = self.boolean(&["config", "impersonation", "enabled"]) else { return };
        let keys: Keys = &["config", "impersonation", "role"];
        if self.value(keys).is_none() {
            return;
        }
        let impersonation = self.context.root.get("config").and_then(|config| config.get("impersonation"));
        if let Some(member) = impersonation.and_then(|object| object.member("role")) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::UnusedRole,
                    pointer(keys),
                    member.key_span,
                    "`impersonation.role` is not used, because `enabled` is `false`",
                )
                .with_help("leave it out, or write `enabled: true`")
                .with_mend(self.context.mender.remove(member)),
            );
        }
    }

    /// A literal secret is one wherever else the document is wrong.
    fn plaintext_secret(&mut self, keys: Keys, variable: &str) {
        let Some(node) = self.member(keys) else { return };
        let Some(text) = node.as_str() else { return };
        if is_blank(text) || matches!(text, "REDACTED" | "<REDACTED>") || Secret::is_reference(text) {
            return;
        }
        let severity = match self.context.options.origin {
            Origin::File => Severity::Warning,
            Origin::Text => Severity::Note,
        };
        let pointer = pointer(keys);
        if self.placeholders.has(&pointer) {
            return;
        }
        let message = format!("{} stands here in plain text", name(&pointer));
        self.diagnostics.push(
            Diagnostic::new(Code::PlaintextSecret, pointer, node.span, message)
                .with_severity(severity)
                .with_help(format!("write `${{{variable}}}` and set the environment variable `{variable}`"))
                .with_mend(self.context.mender.reference(node, variable)),
        );
    }
}
