//! Payloads with hostile names and passwords, and the same payloads with tame ones.

use bootshift::check::{Body, Code, Diagnostic, Options, Severity, check};
use bootshift::document::{Documents, Limits, Syntax};
use bootshift::operation::Operation;
use bootshift::payload::{Payload, Secret};
use bootshift::script::{PasswordForm, Script, ScriptKind, ScriptOptions, script};
use bootshift::sql::PasswordError;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The relation of an old name to the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The same.
    Same,
    /// The same, except for the case of its ASCII letters.
    Case,
    /// Another one.
    Other,
}

/// The names and passwords in a payload and in the old payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The database to create.
    pub database: String,
    /// The database to connect to.
    pub initial_database: String,
    /// The system account.
    pub user: String,
    /// The system account in the old payload.
    pub old_user: String,
    /// The impersonation group.
    pub group: String,
    /// The impersonation group in the old payload.
    pub old_group: String,
    /// The password of the account.
    pub password: String,
    /// The password in the old payload.
    pub old_password: String,
}

/// What determines the statements of a script, independently of the names.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // independent of each other, as in the payload
pub struct Plan {
    /// Which script.
    pub kind: ScriptKind,
    /// Its options.
    pub options: ScriptOptions,
    /// Whether the database is the initial one.
    pub same_database: bool,
    /// Whether the account logs in with Okta.
    pub okta: bool,
    /// The same in the old payload.
    pub old_okta: bool,
    /// Whether impersonation is enabled.
    pub impersonation: bool,
    /// The same in the old payload.
    pub old_impersonation: bool,
    /// The relation of the accounts.
    pub user: Change,
    /// The relation of the groups.
    pub group: Change,
    /// Whether the password remains.
    pub same_password: bool,
    /// Whether the payload names variables instead of passwords.
    pub by_reference: bool,
    /// Whether the payload is parsed as YAML, which includes JSON.
    pub yaml: bool,
}

impl Names {
    /// Names that need no quoting, and are not part of a statement.
    pub fn tame() -> Self {
        Self {
            database: "tame_database".to_owned(),
            initial_database: "tame_initial".to_owned(),
            user: "tame_user".to_owned(),
            old_user: "tame_former_user".to_owned(),
            group: "tame_group".to_owned(),
            old_group: "tame_former_group".to_owned(),
            password: "Tame-Passw0rd".to_owned(),
            old_password: "Tame-Former-Passw0rd".to_owned(),
        }
    }

    /// The names as the plan relates them to each other.
    #[must_use]
    pub fn for_plan(&self, plan: &Plan) -> Self {
        let old = |change, new: &str, old: &str| match change {
            Change::Same => new.to_owned(),
            Change::Case => other_case(new),
            Change::Other => old.to_owned(),
        };
        let mut names = self.clone();
        if plan.same_database {
            names.initial_database = other_case(&names.database);
        }
        names.old_user = old(plan.user, &self.user, &self.old_user);
        names.old_group = old(plan.group, &self.group, &self.old_group);
        if plan.same_password {
            names.old_password = names.password.clone();
        }
        names
    }

    /// Whether all names differ in Redshift, which folds ASCII letters.
    fn are_distinct(&self) -> bool {
        let names = [
            &self.database,
            &self.initial_database,
            &self.user,
            &self.old_user,
            &self.group,
            &self.old_group,
        ];
        let mut folded: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        folded.sort();
        folded.dedup();
        folded.len() == names.len() && self.password != self.old_password
    }

    /// Whether the check treats none of them as blank or, in any letter case, as a placeholder.
    fn are_filled_in(&self) -> bool {
        let other = Self {
            database: other_case(&self.database),
            initial_database: other_case(&self.initial_database),
            user: other_case(&self.user),
            group: other_case(&self.group),
            ..self.clone()
        };
        let payloads = [
            payload(self, &self.user, &self.password, false, Some(&self.group)),
            payload(self, &self.old_user, &self.old_password, false, Some(&self.old_group)),
            payload(&other, &other.user, &self.password, false, Some(&other.group)),
        ];
        payloads.iter().all(|payload| {
            let checked = check(&payload.to_string().into(), &Options::default()).remove(0);
            let is_blank = |found: &Diagnostic| {
                found.code == Code::SuspiciousCharacter && found.severity == Severity::Error
            };
            checked.diagnostics.iter().all(|found| !is_no_name(found) && !is_blank(found))
        })
    }
}

fn other_case(name: &str) -> String {
    let other =
        |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    name.chars().map(other).collect()
}

impl Plan {
    /// The plan that is possible with `names`: a name without ASCII letters has no other case, and a password that Redshift
    /// would refuse is not written in clear text.
    #[must_use]
    pub fn fitted(&self, names: &Names) -> Self {
        let fit = |change, name: &str| match change {
            Change::Case if other_case(name) == name => Change::Same,
            other => other,
        };
        let mut options = self.options;
        if options.password == PasswordForm::Plain && PasswordError::of(&names.password).is_some() {
            options.password = PasswordForm::Md5;
        }
        let (user, group) = (fit(self.user, &names.user), fit(self.group, &names.group));
        Self { options, user, group, ..self.clone() }
    }

    fn operation(&self) -> Operation {
        match self.kind {
            ScriptKind::InitialCreate | ScriptKind::All => Operation::ScriptInitialCreate,
            ScriptKind::Create => Operation::ScriptCreate,
            ScriptKind::Edit => Operation::ScriptEdit,
            ScriptKind::Delete => Operation::ScriptDelete,
            ScriptKind::Cleanup => Operation::ScriptCleanup,
        }
    }

    /// The script for `names`, from payloads that were serialized, parsed and checked.
    ///
    /// # Panics
    /// A payload is not accepted.
    pub fn script(&self, names: &Names) -> Script {
        let (new, old) = self.payloads(names);
        let env = |name: &str| match name {
            "BOOTSHIFT_NEW" => Some(names.password.clone()),
            "BOOTSHIFT_OLD" => Some(names.old_password.clone()),
            _ => None,
        };
        script(self.kind, &new, old.as_ref(), &self.options, &env).expect("a script")
    }

    /// The payload for `names`, and the old one of an edit.
    pub fn payloads(&self, names: &Names) -> (Payload, Option<Payload>) {
        let (new_value, old_value) = if self.by_reference {
            ("${BOOTSHIFT_NEW}", "${BOOTSHIFT_OLD}")
        } else {
            (names.password.as_str(), names.old_password.as_str())
        };
        let old = (self.kind == ScriptKind::Edit).then(|| {
            let group = self.old_impersonation.then_some(names.old_group.as_str());
            let text = payload(names, &names.old_user, old_value, self.old_okta, group);
            self.read(&text, Operation::ScriptCreate, None)
        });
        let group = self.impersonation.then_some(names.group.as_str());
        let text = payload(names, &names.user, new_value, self.okta, group);
        let new = self.read(&text, self.operation(), old.as_ref());
        (new, old)
    }

    fn read(&self, value: &Value, operation: Operation, old: Option<&Payload>) -> Payload {
        let syntax = self.yaml.then_some(Syntax::Yaml);
        let documents = Documents::parse(value.to_string(), syntax, &Limits::default());
        let options = Options { operation: Some(operation), old, ..Options::default() };
        let mut checked = check(&documents, &options);
        assert_eq!(checked.len(), 1, "one document in {value}");
        let checked = checked.remove(0);
        match checked.body {
            Some(Body::Payload(payload)) => payload,
            _ => panic!("a valid payload is refused: {:?}\n{value}", checked.diagnostics),
        }
    }
}

fn payload(names: &Names, user: &str, password: &str, okta: bool, group: Option<&str>) -> Value {
    let mut config = json!({
        "host": "cluster.example.com",
        "database": names.database,
        "initialDatabase": names.initial_database,
        "impersonation": match group {
            Some(group) => json!({ "enabled": true, "role": group }),
            None => json!({ "enabled": false }),
        },
    });
    if okta {
        config["authenticationType"] = json!("okta");
        config["okta"] = json!({
            "username": user, "password": password, "appId": "0oa1", "idpHost": "example.okta.com", "role": "admin",
        });
    } else {
        config["authenticationType"] = json!("userPassword");
        config["username"] = json!(user);
        config["password"] = json!(password);
    }
    json!({ "type": "Redshift", "autoBootstrap": false, "config": config })
}

/// Whether a diagnostic reports that a value is a placeholder or a connection string instead of a name.
fn is_no_name(found: &Diagnostic) -> bool {
    found.code == Code::Placeholder
        || found.code == Code::IdentifierInvalid && found.severity == Severity::Error
}

/// Text that breaks some kind of naive quoting, or is special to some part of the process.
const HOSTILE: [&str; 60] = [
    "'",
    "''",
    "\"",
    "\"\"",
    "\\",
    "\\\\",
    "\\'",
    "\\\"",
    "'\\",
    "\\n",
    "\\101",
    "\\0",
    "\\x41",
    ";",
    "--",
    "/*",
    "*/",
    "$",
    "$$",
    "$1",
    "$bootshift$",
    // Folded, they are tags of dollar quotes, and not variables.
    "x$Bootshift$",
    "x$Bootshift1$",
    "$bootshift1$",
    "$bootshift",
    "bootshift$",
    "$a$",
    ":name",
    ":'name'",
    "\\connect x",
    "`id`",
    "=",
    "dbname='x'",
    "postgres://x",
    "{{",
    "}}",
    "{%",
    "{#",
    "&quot;",
    "<",
    "%s",
    "#",
    "-",
    " ",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{202e}",
    "\u{1F600}",
    "É",
    "ß",
    "_",
    "A",
    "PUBLIC",
    "TRUE",
    "DISABLE",
    "immuta_system",
    "\\'; DROP TABLE canary; --",
    "'; DROP TABLE canary; --",
    "\"; DROP TABLE canary; --",
];

fn piece(control: bool) -> impl Strategy<Value = String> {
    let printable = any::<char>().prop_filter("no control character", |c| !c.is_control());
    let any_char =
        if control { any::<char>().prop_filter("no NUL", |c| *c != '\0').boxed() } else { printable.boxed() };
    prop_oneof![
        5 => prop::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9_]{1,8}",
        1 => "[ -~]{1,8}",
        2 => any_char.prop_map(String::from),
    ]
}

/// A name of 1 to 127 bytes without control characters.
fn name() -> impl Strategy<Value = String> {
    let cut = |mut name: String| {
        while name.len() > 127 {
            name.pop();
        }
        name
    };
    let free = |name: &String| !["<REDACTED>", "REDACTED"].contains(&name.as_str());
    prop_oneof![
        8 => prop::collection::vec(piece(false), 1..6).prop_map(|pieces| pieces.concat()),
        1 => (piece(false), 20..128_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ]
    .prop_map(cut)
    .prop_filter("no word of the API's", free)
    .prop_filter("a name", |name| {
        let payload = json!({ "config": { "database": name } });
        let checked = check(&payload.to_string().into(), &Options::default()).remove(0);
        !checked.diagnostics.iter().any(is_no_name)
    })
}

fn database() -> impl Strategy<Value = String> {
    let reserved = ["dev", "padb_harvest", "template0", "template1", "sys:internal"];
    name().prop_filter("no database of Redshift's own", move |name| {
        !reserved.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
    })
}

fn user() -> impl Strategy<Value = String> {
    let is_own = |name: &str| name.eq_ignore_ascii_case("PUBLIC") || name == "rdsdb";
    name().prop_filter("neither everybody nor Redshift's own", move |name| !is_own(name))
}

fn group() -> impl Strategy<Value = String> {
    name().prop_filter("no group of Redshift's own", |name| !name.starts_with("__"))
}

/// A password of 1 to 100 characters except NUL.
fn password() -> impl Strategy<Value = String> {
    let newline = prop::sample::select(vec!["\n", "\r\n", "\t", "\u{7f}", "\u{85}"]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![6 => piece(true), 1 => newline], 1..12)
        .prop_map(|pieces| pieces.concat().chars().take(100).collect::<String>())
        .prop_filter("a literal", |password| {
            !password.starts_with("${") && !["<REDACTED>", "REDACTED"].contains(&password.as_str())
        })
        .prop_filter("what a variable may hold", |password| {
            Secret::new("${A}").resolve(&|_| Some(password.clone())).is_ok()
        })
}

/// Any names that a payload can contain.
pub fn hostile() -> impl Strategy<Value = Names> {
    (database(), database(), user(), user(), group(), group(), password(), password())
        .prop_map(|(database, initial_database, user, old_user, group, old_group, password, old_password)| {
            Names { database, initial_database, user, old_user, group, old_group, password, old_password }
        })
        .prop_filter("names of their own", Names::are_distinct)
        .prop_filter("values, no placeholders", Names::are_filled_in)
}

/// Any script that can be requested.
pub fn plan() -> impl Strategy<Value = Plan> {
    let form = prop::sample::select(vec![PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain]);
    let change = || prop::sample::select(vec![Change::Same, Change::Case, Change::Other]);
    let options = (form, prop::bool::weighted(0.3), prop::bool::weighted(0.3), prop::bool::weighted(0.2))
        .prop_map(|(password, existing_database, existing_user, set_password)| ScriptOptions {
            password,
            existing_database,
            existing_user,
            set_password,
        });
    let okta = || prop::bool::weighted(0.25);
    let on = || prop::bool::weighted(0.7);
    (
        (prop::sample::select(ScriptKind::ALL.to_vec()), options, prop::bool::weighted(0.15)),
        (okta(), okta(), on(), on()),
        (change(), change(), any::<bool>(), any::<bool>(), any::<bool>()),
    )
        .prop_map(|(script, payload, rest)| Plan {
            kind: script.0,
            options: script.1,
            same_database: script.2,
            okta: payload.0,
            old_okta: payload.1,
            impersonation: payload.2,
            old_impersonation: payload.3,
            user: rest.0,
            group: rest.1,
            same_password: rest.2,
            by_reference: rest.3,
            yaml: rest.4,
        })
}
