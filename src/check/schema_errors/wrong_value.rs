//! What is wrong with a single value, and what to write instead.

use super::{Findings, Place};
use crate::check::characters::{control, of_word};
use crate::check::fix_builder::FixBuilder;
use crate::check::redaction::Redaction;
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Fix, yaml_1_1};
use crate::document::{Member, Node, NodeKind, is_number, plain_scalar};
use crate::payload::DEFAULT_PORT;
use crate::platform::redshift::{self, NameError};
use crate::schema::format::{self, HostNameError, PortBeside};
use crate::schema::{Kind, Shape};
use crate::sql::IdentifierError;
use crate::text::shown::{enumerate, show};
use crate::text::suggest::closest;

/// The port of a host that is asked over HTTPS.
const HTTPS_PORT: u64 = 443;

/// What to write where no host can be told.
fn host_alone(around: Option<&Node>) -> String {
    let example =
        if around.is_some_and(is_okta) { "organization.okta.com" } else { "organization.aws.amazon.com" };
    format!("write the host alone, for example `{example}`")
}

/// Where the host of a cluster, or of a workgroup of Redshift Serverless, is to be found:
/// <https://docs.aws.amazon.com/cli/latest/reference/redshift/describe-clusters.html>,
/// <https://docs.aws.amazon.com/cli/latest/reference/redshift-serverless/get-workgroup.html>.
const ENDPOINT: &str = "write the host of the endpoint: `aws redshift describe-clusters` shows it as \
                        `Endpoint.Address`, `aws redshift-serverless get-workgroup` as `endpoint.address`";

/// A diagnostic without its place.
struct ValueError {
    /// What kind.
    code: Code,
    /// One line in the user's terms.
    message: String,
    /// What to write instead.
    help: Option<String>,
    /// How to write it.
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
    /// At most one diagnostic for a value, the one that explains most.
    pub(super) fn wrong_value(&mut self, pointer: &str, kinds: &[&Kind]) {
        if self.is_silenced(pointer) {
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
        let Some(place) = self.place(pointer) else { return };
        let ValueError { code, message, help, fix } =
            judge(pointer, &place, kind, self.redaction, self.fix_builder);
        let mut diagnostic = Diagnostic::new(code, pointer, place.node.span, message).with_fix(fix);
        // An item of a list has no key.
        let is_own = |member: &&Member| std::ptr::eq(&raw const member.value, place.node);
        let member = place.member.filter(is_own).filter(|member| self.redaction.shows_key(member));
        diagnostic.property = member.map(|member| member.key.as_str().to_owned());
        self.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }
}

/// What to say of the value at `pointer`, which a keyword of its schema refuses.
fn judge(
    pointer: &str,
    place: &Place<'_>,
    kind: &Kind,
    redaction: &Redaction<'_>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    let subject = name(pointer);
    let shown = place.node.as_str().filter(|_| redaction.shows(place.node));
    match kind {
        Kind::Redacted => {
            let is_secret = matches!(place.property.shape, Shape::Secret);
            let variable =
                if pointer.ends_with("/okta/password") { "OKTA_PASSWORD" } else { "REDSHIFT_PASSWORD" };
            redacted(&subject, is_secret).fix(if is_secret {
                fix_builder.reference(place.node, variable)
            } else {
                None
            })
        }
        Kind::Type(expected) => wrong_type(&subject, place, expected, shown, fix_builder),
        // The validator says nothing of the type where the choices imply it.
        Kind::Choice(options) if place.node.as_str().is_none() => ValueError::new(
            Code::WrongType,
            format!(
                "{subject} must be {}, but is {}",
                enumerate(options, "or"),
                noun(place.node.type_name())
            ),
        ),
        Kind::Choice(options) => wrong_choice(&subject, place.node, options, shown, fix_builder),
        Kind::TooShort(_) => ValueError::new(Code::InvalidLength, format!("{subject} is empty")),
        Kind::TooLong(limit) => ValueError::new(
            Code::InvalidLength,
            format!("{subject} has more than the {limit} characters that it may have"),
        ),
        Kind::Format(format) if format == "bare-host" => wrong_host(&subject, place, redaction, fix_builder),
        Kind::Format(format) => wrong_name(&subject, format, place.node),
        Kind::BelowMinimum(limit) => {
            ValueError::new(Code::OutOfRange, format!("{subject} must be at least {limit}"))
        }
        Kind::AboveMaximum(limit) => {
            ValueError::new(Code::OutOfRange, format!("{subject} must be at most {limit}"))
        }
        Kind::Missing(_) | Kind::Unknown | Kind::Forbidden | Kind::Other => {
            ValueError::new(Code::InvalidValue, format!("{subject} may not stand here"))
        }
    }
}

fn redacted(subject: &str, secret: bool) -> ValueError {
    ValueError::new(
        Code::RedactedValue,
        format!("{subject} is redacted: this was copied from a response of the API"),
    )
    .help(if secret {
        "write the secret itself, or `${NAME}` to take it from the environment"
    } else {
        "write the value itself"
    })
}

fn wrong_type(
    subject: &str,
    place: &Place<'_>,
    expected: &[&str],
    shown: Option<&str>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    let expects = |kind: &str| expected.contains(&kind);
    let wanted: Vec<&str> = expected.iter().map(|kind| noun(kind)).collect();
    let actual = match &place.node.kind {
        NodeKind::Null if place.member.is_none() => "empty".to_owned(),
        NodeKind::NonFinite => "infinite or no number at all".to_owned(),
        NodeKind::Number(_) if expects("integer") => "a fraction".to_owned(),
        _ => noun(place.node.type_name()).to_owned(),
    };
    let value_error = ValueError::new(
        Code::WrongType,
        format!("{subject} must be {}, but is {actual}", wanted.join(" or ")),
    );
    match &place.node.kind {
        NodeKind::String { plain, .. } if expects("boolean") => {
            match shown.and_then(|word| truth(word).map(|truth| (word, truth))) {
                Some((word, truth)) if *plain => value_error
                    .help(format!("YAML 1.2 reads `{word}` as a string; write `{truth}`"))
                    .fix(fix_builder.truth(place.node, truth)),
                Some((_, truth)) => value_error
                    .help(format!("write `{truth}` without quotes"))
                    .fix(fix_builder.truth(place.node, truth)),
                None => value_error.help("write `true` or `false`"),
            }
        }
        NodeKind::String { plain, value }
            if (expects("integer") || expects("number")) && !(*plain && is_number(value)) =>
        {
            match shown.and_then(port) {
                Some((number, _)) if !*plain && number.to_string() == **value => {
                    value_error.help("remove the quotes").fix(fix_builder.unquote(place.node))
                }
                Some((number, is_safe)) => value_error
                    .help(if *plain {
                        format!("YAML 1.2 reads {} as a string; write `{number}`", show(value))
                    } else {
                        format!("write `{number}`")
                    })
                    .fix(fix_builder.number(place.node, number, is_safe)),
                None => value_error,
            }
        }
        NodeKind::Number(_) | NodeKind::NonFinite | NodeKind::Bool(_) if expects("string") => {
            value_error.help("put it in quotes").fix(fix_builder.quote(place.node))
        }
        NodeKind::Number(number) if expects("boolean") => {
            let truth = number.as_u64().filter(|number| *number < 2).map(|number| number == 1);
            value_error
                .help("write `true` or `false`")
                .fix(truth.and_then(|truth| fix_builder.truth(place.node, truth)))
        }
        // Only YAML has values that are not written.
        NodeKind::Null if place.member.is_none() || place.node.origin.start < place.node.origin.end => {
            value_error
        }
        NodeKind::Null if expects("object") => {
            value_error.help("in YAML, a key with nothing after it is `null`; indent what belongs to it")
        }
        NodeKind::Null => value_error.help("in YAML, a key with nothing after it is `null`"),
        _ => value_error,
    }
}

fn noun(kind: &str) -> &'static str {
    match kind {
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a string",
        "array" => "a list",
        "object" => "an object",
        _ => "`null`",
    }
}

/// The port that a string is meant for, and whether nothing else can be meant: `02357` is 1263 to YAML 1.1, and `1:30:39` a
/// number to the base of 60.
pub(in crate::check) fn port(text: &str) -> Option<(i64, bool)> {
    let text = text.trim();
    let of_yaml = yaml_1_1::integer(text);
    let (number, is_safe) = match decimal(text) {
        Some(number) => (number, of_yaml.is_none_or(|other| other == number)),
        None => (of_yaml?, !text.contains(':')),
    };
    (1..=i64::from(u16::MAX)).contains(&number).then_some((number, is_safe))
}

/// A port in decimal digits, also with a fraction or an exponent.
fn decimal(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().ok();
    }
    let is_unsigned = digits.starts_with(|c: char| c.is_ascii_digit());
    crate::payload::port(&plain_scalar(digits)).filter(|_| is_unsigned).map(i64::from)
}

/// The truth value that a word of YAML 1.1 stood for.
pub(in crate::check) fn truth(word: &str) -> Option<bool> {
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
            "`accessKey` is a method of Immuta's user interface; the integrations API documents none such for \
             Redshift"
                .to_owned(),
        )
        .help("write `userPassword` or `okta`");
    }
    let wanted = enumerate(options, "or");
    let message = match (shown, options) {
        (Some(value), [_]) => format!("{subject} must be {wanted}, not {}", show(value)),
        (Some(value), _) => {
            format!("{} is no {}: it must be {wanted}", show(value), subject.replace('`', ""))
        }
        (None, _) => format!("{subject} must be {wanted}"),
    };
    let value_error = ValueError::new(Code::InvalidValue, message);
    let options = options.iter().map(String::as_str);
    match shown.and_then(|value| Some((value, closest(value, options)?))) {
        Some((value, meant)) => {
            let character = of_word(value, subject).map(|said| format!(" {said}")).unwrap_or_default();
            value_error
                .help(format!("did you mean `{meant}`?{character}"))
                .fix(fix_builder.choose(node, meant))
        }
        None => value_error,
    }
}

fn wrong_name(subject: &str, format: &str, node: &Node) -> ValueError {
    let value = node.as_str().unwrap_or_default();
    let fault = match format {
        "redshift-user" => redshift::user_fault(value),
        "redshift-group" => redshift::group_fault(value),
        _ => redshift::identifier_fault(value),
    };
    match fault {
        Some(NameError::TooLong(bytes)) => ValueError::new(
            Code::IdentifierTooLong,
            format!("{subject} is too long: {}", IdentifierError::TooLong(bytes)),
        ),
        Some(NameError::ControlCharacter) => {
            let value_error =
                ValueError::new(Code::IdentifierInvalid, format!("{subject} holds a control character"));
            match control(value) {
                Some(character) => value_error.help(format!("remove {character}")),
                None => value_error,
            }
        }
        Some(NameError::Public) => ValueError::new(
            Code::IdentifierInvalid,
            format!("{subject} cannot be `PUBLIC`, which to Redshift is everybody"),
        ),
        Some(NameError::Superuser) => ValueError::new(
            Code::IdentifierInvalid,
            format!("{subject} cannot be `{}`, which is Redshift's own superuser", redshift::SUPERUSER),
        )
        .help("name another user, for example `immuta_system_account`"),
        Some(NameError::ReservedGroup) => ValueError::new(
            Code::IdentifierInvalid,
            format!("{subject} begins with `__`, which Redshift keeps for groups of its own"),
        ),
        Some(NameError::ConnectionString) => {
            let (kind, example) = match format {
                "redshift-user" => ("a user name", "immuta_system_account"),
                "redshift-group" => ("the name of a group", "immuta_impersonation"),
                _ => ("a database name", "immuta"),
            };
            ValueError::new(
                Code::IdentifierInvalid,
                format!("expected {kind} in {subject}, found a connection string"),
            )
            .help(format!("write the name alone, for example `{example}`"))
        }
        None => ValueError::new(
            Code::InvalidFormat,
            format!("{subject} does not have the form that it must have"),
        ),
    }
}

fn wrong_host(
    subject: &str,
    place: &Place<'_>,
    redaction: &Redaction<'_>,
    fix_builder: FixBuilder<'_>,
) -> ValueError {
    let node = place.node;
    let value = node.as_str().unwrap_or_default();
    let fault = format::host_error(value);
    if let Some(HostNameError::Other(other)) = fault {
        let message = format!("expected a host name or an IP address in {subject}, found {other}");
        let is_cluster = place.member.is_some_and(|member| member.key == "host");
        return ValueError::new(Code::HostNotBare, message).help(if is_cluster {
            ENDPOINT.to_owned()
        } else {
            host_alone(place.around)
        });
    }
    if fault == Some(HostNameError::Several) {
        let message = format!("expected one host name or IP address in {subject}, found several");
        return ValueError::new(Code::HostNotBare, message).help(host_alone(place.around));
    }
    if let Some(HostNameError::NotBare(bare)) = fault {
        let value_error = |message| ValueError::new(Code::HostNotBare, message);
        return match bare.filter(|_| !redaction.is_secret(node)) {
            Some(bare) => value_error(format!(
                "{subject} is more than a host: it takes no scheme, port, path, user or white space"
            ))
            .help(format!("write {}{}", show(&bare), help_for_port(value, place.around)))
            .fix(fix_builder.bare_host(node, &bare, place.around)),
            None => value_error(format!(
                "expected a host name or an IP address in {subject}, without scheme, port, path, user or white space"
            ))
            .help(host_alone(place.around)),
        };
    }
    let message = format!("{subject} is neither a DNS name nor an IP address");
    if !redaction.shows(node) {
        return ValueError::new(Code::InvalidFormat, message).help(host_alone(place.around));
    }
    let value_error = ValueError::new(Code::InvalidFormat, format!("{message}: {}", show(value)));
    let help = "write an internationalised name in its ASCII form, which begins with `xn--`";
    match of_word(value, subject) {
        _ if value.is_ascii() => value_error,
        Some(character) => value_error.help(format!("{help}; {character}")),
        None => value_error.help(help),
    }
}

/// What to do about the port that stands beside a host and is not the one that is known.
fn help_for_port(text: &str, around: Option<&Node>) -> String {
    let known = around.and_then(known_port);
    let port = match format::port_beside(text) {
        None => return String::new(),
        Some(PortBeside::Port(port)) if Some(u64::from(port)) == known => return String::new(),
        Some(PortBeside::Port(port)) => Some(port),
        Some(PortBeside::Unclear) => None,
    };
    if around.is_some_and(is_okta) {
        return ": there is no property for another port than 443".to_owned();
    }
    // It may be a piece of a password that a comment has cut off.
    let Some(port) = port.filter(|_| !text.contains('@')) else {
        return ", and its port in `port`".to_owned();
    };
    match known.filter(|_| around.is_some_and(|around| around.get("port").is_some())) {
        Some(known) => format!(", and the right one of {known} and {port} in `port`"),
        None => format!(", and `{port}` in `port`"),
    }
}

/// The port that belongs to the host in `around`: the one that it names, or else the one that is meant.
pub(in crate::check) fn known_port(around: &Node) -> Option<u64> {
    match around.get("port") {
        Some(node) => node.to_json().as_u64().or_else(|| node.as_str()?.trim().parse().ok()),
        None if is_okta(around) => Some(HTTPS_PORT),
        None => Some(DEFAULT_PORT.into()),
    }
}

/// Whether the host in an object is that of the identity provider: the object has none of a cluster.
pub(in crate::check) fn is_okta(around: &Node) -> bool {
    around.member("host").is_none()
}
