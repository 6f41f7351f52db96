//! Errors in a single value, and what to write instead.

use super::{Findings, Location};
use crate::check::characters::{control, of_word};
use crate::check::fix_builder::FixBuilder;
use crate::check::redaction::Redaction;
use crate::check::wording::{alternatives, name};
use crate::check::{Code, Diagnostic, Fix};
use crate::document::{Member, Node, NodeKind, is_number, plain_scalar, yaml_1_1};
use crate::payload::DEFAULT_PORT;
use crate::platform::redshift::{self, NameError};
use crate::schema::format::{self, HostNameError, PortBeside};
use crate::schema::{Kind, ValueType};
use crate::sql::IdentifierError;
use crate::text::shown::show;
use crate::text::suggest::closest;

/// The port of the identity provider, which is reached over HTTPS.
const HTTPS_PORT: u64 = 443;

/// The help for a value from which no host can be extracted.
fn write_only_the_host(parent: Option<&Node>) -> String {
    let example =
        if parent.is_some_and(is_okta) { "organization.okta.com" } else { "organization.aws.amazon.com" };
    format!("write only the host, for example `{example}`")
}

/// Where to find the host of a cluster, or of a Redshift Serverless workgroup:
/// <https://docs.aws.amazon.com/cli/latest/reference/redshift/describe-clusters.html>,
/// <https://docs.aws.amazon.com/cli/latest/reference/redshift-serverless/get-workgroup.html>.
const ENDPOINT: &str = "use the host of the endpoint: `Endpoint.Address` in `aws redshift describe-clusters`, or \
                        `endpoint.address` in `aws redshift-serverless get-workgroup`";

/// A diagnostic without its location.
struct ValueError {
    code: Code,
    message: String,
    help: Option<String>,
    fix: Option<Fix>,
}

impl ValueError {
    fn new(code: Code, message: String) -> Self {
        Self { code, message, help: None, fix: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }
}

impl Findings<'_> {
    /// At most one diagnostic for a value, the most specific one.
    pub(super) fn wrong_value(&mut self, pointer: &str, kinds: &[&Kind]) {
        if self.is_suppressed(pointer) {
            return;
        }
        let rank = |kind: &Kind| match kind {
            Kind::Missing(_) | Kind::Unknown | Kind::Forbidden => None,
            Kind::Redacted => Some(0),
            Kind::Type(_) => Some(1),
            Kind::Choice(_) => Some(2),
            Kind::TooShort(_) => Some(3),
            Kind::Format(_) => Some(4),
            Kind::TooLong(_) => Some(5),
            Kind::BelowMinimum(_) | Kind::AboveMaximum(_) => Some(6),
            Kind::Other => Some(7),
        };
        let Some(kind) =
            kinds.iter().copied().filter(|kind| rank(kind).is_some()).min_by_key(|kind| rank(kind))
        else {
            return;
        };
        let Some(location) = self.locate(pointer) else { return };
        let ValueError { code, message, help, fix } =
            describe(pointer, &location, kind, self.redaction, self.fix_builder);
        let mut diagnostic = Diagnostic::new(code, pointer, location.node.span, message).with_fix(fix);
        // An item of a list has no key of its own.
        let is_own = |member: &&Member| std::ptr::eq(&raw const member.value, location.node);
        let member = location.member.filter(is_own).filter(|member| self.redaction.allows_key(member));
        diagnostic.property = member.map(|member| member.key.as_str().to_owned());
        self.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }
}

/// Describes why the value at `pointer` violates its schema.
fn describe(
    pointer: &str,
    location: &Location<'_>,
    kind: &Kind,
    redaction: &Redaction<'_>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    let subject = name(pointer);
    let shown = location.node.as_str().filter(|_| redaction.allows(location.node));
    match kind {
        Kind::Redacted => {
            let is_secret = matches!(location.property.value_type, ValueType::Secret);
            let variable =
                if pointer.ends_with("/okta/password") { "OKTA_PASSWORD" } else { "REDSHIFT_PASSWORD" };
            redacted(&subject, is_secret).fix(if is_secret {
                fix_builder.reference(location.node, variable)
            } else {
                None
            })
        }
        Kind::Type(expected) => wrong_type(&subject, location, expected, shown, fix_builder),
        // An `enum` implies the type; the validator does not report it separately.
        Kind::Choice(options) if location.node.as_str().is_none() => ValueError::new(
            Code::WrongType,
            format!(
                "{subject}: expected {}, found {}",
                alternatives(options),
                noun(location.node.type_name())
            ),
        ),
        Kind::Choice(options) => wrong_choice(&subject, location.node, options, shown, fix_builder),
        Kind::TooShort(_) => ValueError::new(Code::InvalidLength, format!("{subject} is empty")),
        Kind::TooLong(limit) => {
            ValueError::new(Code::InvalidLength, format!("{subject} is longer than {limit} characters"))
        }
        Kind::Format(format) if format == "bare-host" => {
            wrong_host(&subject, location, redaction, fix_builder)
        }
        Kind::Format(format) => wrong_name(&subject, format, location.node),
        Kind::BelowMinimum(limit) => {
            ValueError::new(Code::OutOfRange, format!("{subject} must be at least {limit}"))
        }
        Kind::AboveMaximum(limit) => {
            ValueError::new(Code::OutOfRange, format!("{subject} must be at most {limit}"))
        }
        Kind::Missing(_) | Kind::Unknown | Kind::Forbidden | Kind::Other => {
            ValueError::new(Code::InvalidValue, format!("{subject} is not allowed here"))
        }
    }
}

fn redacted(subject: &str, secret: bool) -> ValueError {
    ValueError::new(Code::RedactedValue, format!("{subject} is redacted: it was copied from an API response"))
        .help(if secret {
            "write the secret itself, or use `${NAME}` to read it from an environment variable"
        } else {
            "write the value itself"
        })
}

fn wrong_type(
    subject: &str,
    location: &Location<'_>,
    expected: &[&str],
    shown: Option<&str>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    let expects = |kind: &str| expected.contains(&kind);
    let wanted: Vec<&str> = expected.iter().map(|kind| noun(kind)).collect();
    let actual = match &location.node.kind {
        NodeKind::Null if location.member.is_none() => "nothing",
        NodeKind::NonFinite => "infinity or NaN",
        NodeKind::Number(_) if expects("integer") => "a decimal number",
        _ => noun(location.node.type_name()),
    };
    let value_error = ValueError::new(
        Code::WrongType,
        format!("{subject}: expected {}, found {actual}", wanted.join(" or ")),
    );
    match &location.node.kind {
        NodeKind::String { plain, .. } if expects("boolean") => {
            match shown.and_then(|word| boolean(word).map(|value| (word, value))) {
                Some((word, value)) if *plain => value_error
                    .help(format!("YAML 1.2 reads `{word}` as a string; write `{value}`"))
                    .fix(fix_builder.boolean(location.node, value)),
                Some((_, value)) => value_error
                    .help(format!("write `{value}` without quotes"))
                    .fix(fix_builder.boolean(location.node, value)),
                None => value_error.help("write `true` or `false`"),
            }
        }
        NodeKind::String { plain, value }
            if (expects("integer") || expects("number")) && !(*plain && is_number(value)) =>
        {
            match shown.and_then(port) {
                Some((number, _)) if !*plain && number.to_string() == **value => {
                    value_error.help("remove the quotes").fix(fix_builder.unquote(location.node))
                }
                Some((number, is_safe)) => value_error
                    .help(if *plain {
                        format!("YAML 1.2 reads {} as a string; write `{number}`", show(value))
                    } else {
                        format!("write `{number}`")
                    })
                    .fix(fix_builder.number(location.node, number, is_safe)),
                None => value_error,
            }
        }
        NodeKind::Number(_) | NodeKind::NonFinite | NodeKind::Bool(_) if expects("string") => {
            value_error.help("put it in quotes").fix(fix_builder.quote(location.node))
        }
        NodeKind::Number(number) if expects("boolean") => {
            let value = number.as_u64().filter(|number| *number < 2).map(|number| number == 1);
            value_error
                .help("write `true` or `false`")
                .fix(value.and_then(|value| fix_builder.boolean(location.node, value)))
        }
        // A `null` that is written out, or no document at all.
        NodeKind::Null
            if location.member.is_none() || location.node.origin.start < location.node.origin.end =>
        {
            value_error
        }
        NodeKind::Null if expects("object") => {
            value_error.help("in YAML, a key without a value is `null`; indent the lines below it")
        }
        NodeKind::Null => value_error.help("in YAML, a key without a value is `null`"),
        _ => value_error,
    }
}

/// The name of a JSON Schema type in a message.
pub(in crate::check) fn noun(kind: &str) -> &'static str {
    match kind {
        "boolean" => "a boolean",
        "integer" => "an integer",
        "number" => "a number",
        "string" => "a string",
        "array" => "an array",
        "object" => "an object",
        _ => "`null`",
    }
}

/// The port that a string contains, and whether it is unambiguous: YAML 1.1 reads `02357` as 1263, and `1:30:39` in base
/// 60.
pub(in crate::check) fn port(text: &str) -> Option<(i64, bool)> {
    let text = text.trim();
    let of_yaml = yaml_1_1::integer(text);
    let (number, is_safe) = match decimal(text) {
        Some(number) => (number, of_yaml.is_none_or(|other| other == number)),
        None => (of_yaml?, !text.contains(':')),
    };
    (1..=i64::from(u16::MAX)).contains(&number).then_some((number, is_safe))
}

/// A port in decimal digits, possibly with a fraction or an exponent.
fn decimal(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().ok();
    }
    let is_unsigned = digits.starts_with(|c: char| c.is_ascii_digit());
    crate::payload::port(&plain_scalar(digits)).filter(|_| is_unsigned).map(i64::from)
}

/// The boolean that YAML 1.1 reads from a word.
pub(in crate::check) fn boolean(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    }
}

fn wrong_choice(
    subject: &str,
    node: &Node,
    options: &[String],
    shown: Option<&str>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    if subject == "`authenticationType`" && shown == Some("accessKey") {
        return ValueError::new(
            Code::InvalidValue,
            "unsupported `authenticationType`: `accessKey` is documented only for Immuta's user interface, not for \
             the integrations API"
                .to_owned(),
        )
        .help("use `userPassword` or `okta`");
    }
    let mut message = format!("{subject}: expected {}", alternatives(options));
    if let Some(value) = shown {
        message.push_str(", found ");
        message.push_str(&show(value));
    }
    let value_error = ValueError::new(Code::InvalidValue, message);
    let options = options.iter().map(String::as_str);
    match shown.and_then(|value| Some((value, closest(value, options)?))) {
        Some((value, meant)) => {
            let character =
                of_word(value, subject).map(|character| format!(" {character}")).unwrap_or_default();
            value_error
                .help(format!("did you mean `{meant}`?{character}"))
                .fix(fix_builder.choose(node, meant))
        }
        None => value_error,
    }
}

fn wrong_name(subject: &str, format: &str, node: &Node) -> ValueError {
    let value = node.as_str().unwrap_or_default();
    let error = match format {
        "redshift-user" => redshift::user_error(value),
        "redshift-group" => redshift::group_error(value),
        _ => redshift::identifier_error(value),
    };
    match error {
        Some(NameError::TooLong(bytes)) => ValueError::new(
            Code::IdentifierTooLong,
            format!("{subject} is too long: {}", IdentifierError::TooLong(bytes)),
        ),
        Some(NameError::ControlCharacter) => {
            let value_error =
                ValueError::new(Code::IdentifierInvalid, format!("{subject} contains a control character"));
            match control(value) {
                Some(character) => value_error.help(format!("remove {character}")),
                None => value_error,
            }
        }
        Some(NameError::Public) => ValueError::new(
            Code::IdentifierInvalid,
            format!("{subject} cannot be `PUBLIC`, a reserved word for all users"),
        ),
        Some(NameError::Superuser) => ValueError::new(
            Code::IdentifierInvalid,
            format!("{subject} cannot be `{}`, Redshift's internal superuser", redshift::SUPERUSER),
        )
        .help("use another user, for example `immuta_system_account`"),
        Some(NameError::ReservedGroup) => ValueError::new(
            Code::IdentifierInvalid,
            format!("{subject} starts with `__`: Redshift reserves this prefix for its own groups"),
        ),
        Some(NameError::ConnectionString) => {
            let (kind, example) = match format {
                "redshift-user" => ("a user name", "immuta_system_account"),
                "redshift-group" => ("a group name", "immuta_impersonation"),
                _ => ("a database name", "immuta"),
            };
            ValueError::new(
                Code::IdentifierInvalid,
                format!("{subject}: expected {kind}, found a connection string"),
            )
            .help(format!("write only the name, for example `{example}`"))
        }
        None => ValueError::new(Code::InvalidFormat, format!("{subject} has an invalid format")),
    }
}

fn wrong_host(
    subject: &str,
    location: &Location<'_>,
    redaction: &Redaction<'_>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    let Location { node, parent, .. } = *location;
    let value = node.as_str().unwrap_or_default();
    let error = format::host_error(value);
    if let Some(HostNameError::Other(other)) = error {
        let message = format!("{subject}: expected a host name or an IP address, found {other}");
        let is_cluster = location.member.is_some_and(|member| member.key == "host");
        return ValueError::new(Code::HostNotBare, message).help(if is_cluster {
            ENDPOINT.to_owned()
        } else {
            write_only_the_host(parent)
        });
    }
    if error == Some(HostNameError::Several) {
        let message = format!("{subject}: expected one host name or IP address, found several");
        return ValueError::new(Code::HostNotBare, message).help(write_only_the_host(parent));
    }
    if let Some(HostNameError::NotBare(bare)) = error {
        let value_error = ValueError::new(
            Code::HostNotBare,
            format!(
                "{subject} is not a bare host name or IP address: scheme, port, path, user and whitespace are not \
                 allowed"
            ),
        );
        return match bare.filter(|_| !redaction.is_secret(node)) {
            Some(bare) => value_error
                .help(format!("write {}{}", show(&bare), help_for_port(value, parent)))
                .fix(fix_builder.bare_host(node, &bare, parent)),
            None => value_error.help(write_only_the_host(parent)),
        };
    }
    let message = format!("{subject} is not a DNS name or an IP address");
    if !redaction.allows(node) {
        return ValueError::new(Code::InvalidFormat, message).help(write_only_the_host(parent));
    }
    let value_error = ValueError::new(Code::InvalidFormat, format!("{message}: {}", show(value)));
    let help = "write an international name in its ASCII form, which starts with `xn--`";
    match of_word(value, subject) {
        _ if value.is_ascii() => value_error,
        Some(character) => value_error.help(format!("{help}; {character}")),
        None => value_error.help(help),
    }
}

/// The end of a help: what to do with a port that follows the host and differs from the known one.
fn help_for_port(text: &str, parent: Option<&Node>) -> String {
    let known = parent.and_then(known_port);
    let port = match format::port_beside(text) {
        None => return String::new(),
        Some(PortBeside::Port(port)) if Some(u64::from(port)) == known => return String::new(),
        Some(PortBeside::Port(port)) => Some(port),
        Some(PortBeside::Unclear) => None,
    };
    if parent.is_some_and(is_okta) {
        return "; ports other than 443 are not supported".to_owned();
    }
    // If there is an `@`, the port may be part of a password that a comment cuts off.
    let Some(port) = port.filter(|_| !text.contains('@')) else {
        return " and move the port to `port`".to_owned();
    };
    match known.filter(|_| parent.is_some_and(|parent| parent.get("port").is_some())) {
        Some(known) => format!(" and set `port` to {known} or {port}, whichever is correct"),
        None => format!(" and set `port` to {port}"),
    }
}

/// The port of the host in `parent`: the value of `port`, or else the default.
pub(in crate::check) fn known_port(parent: &Node) -> Option<u64> {
    match parent.get("port") {
        Some(node) => node.to_json().as_u64().or_else(|| node.as_str()?.trim().parse().ok()),
        None if is_okta(parent) => Some(HTTPS_PORT),
        None => Some(DEFAULT_PORT.into()),
    }
}

/// Whether the host in an object is that of the identity provider: the object has no host of a cluster.
pub(in crate::check) fn is_okta(parent: &Node) -> bool {
    parent.member("host").is_none()
}
