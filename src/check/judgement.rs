//! What is wrong with a single value, and what to write instead.

use super::characters::control;
use super::format::{self, HostFault, NameFault};
use super::mender::Mender;
use super::mistakes::Place;
use super::schema::{Kind, words};
use super::shape::Shape;
use super::suggest::closest;
use super::visible::Visibility;
use super::wording::{enumerate, joined, name, show};
use super::{Code, Mend, ambiguous};
use crate::document::{Node, NodeKind, is_number};
use crate::sql::IdentifierError;

const HOST_ALONE: &str = "write the host alone, for example `organization.aws.amazon.com`";

/// Where the host of a cluster, or of a workgroup of Redshift Serverless, is to be found:
/// <https://docs.aws.amazon.com/cli/latest/reference/redshift/describe-clusters.html>,
/// <https://docs.aws.amazon.com/cli/latest/reference/redshift-serverless/get-workgroup.html>.
const ENDPOINT: &str = "write the host of the endpoint: `aws redshift describe-clusters` shows it as \
                        `Endpoint.Address`, `aws redshift-serverless get-workgroup` as `endpoint.address`";

/// A diagnostic without its place.
pub(super) struct Judgement {
    /// What kind.
    pub(super) code: Code,
    /// One line in the user's terms.
    pub(super) message: String,
    /// What to write instead.
    pub(super) help: Option<String>,
    /// How to write it.
    pub(super) mend: Option<Mend>,
}

impl Judgement {
    fn new(code: Code, message: String) -> Self {
        Self { code, message, help: None, mend: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn mend(mut self, mend: Option<Mend>) -> Self {
        self.mend = mend;
        self
    }
}

/// What to say of the value at `pointer`, which a keyword of its schema refuses.
pub(super) fn judge(
    pointer: &str,
    place: &Place<'_>,
    kind: &Kind,
    visibility: &Visibility<'_>,
    mender: Mender<'_>,
) -> Judgement {
    let subject = name(pointer);
    let shown = place.node.as_str().filter(|_| visibility.shows(place.node));
    match kind {
        Kind::Redacted => {
            let is_secret = matches!(place.shape, Shape::Secret);
            let variable =
                if pointer.ends_with("/okta/password") { "OKTA_PASSWORD" } else { "REDSHIFT_PASSWORD" };
            redacted(&subject, is_secret).mend(if is_secret {
                mender.reference(place.node, variable)
            } else {
                None
            })
        }
        Kind::Type(expected) => wrong_type(&subject, place, expected, shown, mender),
        // The validator says nothing of the type where the choices imply it.
        Kind::Choice(options) if place.node.as_str().is_none() => Judgement::new(
            Code::WrongType,
            format!(
                "{subject} must be {}, but is {}",
                enumerate(&words(options), "or"),
                noun(place.node.type_name())
            ),
        ),
        Kind::Choice(options) => wrong_choice(&subject, place.node, &words(options), shown, mender),
        Kind::TooShort(_) => Judgement::new(Code::InvalidLength, format!("{subject} is empty")),
        Kind::TooLong(limit) => Judgement::new(
            Code::InvalidLength,
            format!("{subject} has more than the {limit} characters that it may have"),
        ),
        Kind::Format(format) if format == "bare-host" => wrong_host(&subject, place, visibility, mender),
        Kind::Format(format) => wrong_name(&subject, format, place.node),
        Kind::BelowMinimum(limit) => {
            Judgement::new(Code::OutOfRange, format!("{subject} must be at least {limit}"))
        }
        Kind::AboveMaximum(limit) => {
            Judgement::new(Code::OutOfRange, format!("{subject} must be at most {limit}"))
        }
        Kind::Missing(_) | Kind::Unknown | Kind::Forbidden => {
            Judgement::new(Code::InvalidValue, format!("{subject} may not stand here"))
        }
    }
}

fn redacted(subject: &str, secret: bool) -> Judgement {
    Judgement::new(
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
    mender: Mender<'_>,
) -> Judgement {
    let expects = |kind: &str| expected.contains(&kind);
    let wanted = expected.iter().map(|kind| noun(kind));
    let actual = match &place.node.kind {
        NodeKind::Null if place.member.is_none() => "empty".to_owned(),
        NodeKind::NonFinite => "infinite or no number at all".to_owned(),
        NodeKind::Number(_) if expects("integer") => "a fraction".to_owned(),
        _ => noun(place.node.type_name()).to_owned(),
    };
    let judgement = Judgement::new(
        Code::WrongType,
        format!("{subject} must be {}, but is {actual}", joined(wanted, " or ")),
    );
    match &place.node.kind {
        NodeKind::String { plain, .. } if expects("boolean") => {
            match shown.and_then(|word| truth(word).map(|truth| (word, truth))) {
                Some((word, truth)) if *plain => judgement
                    .help(format!("YAML 1.2 reads `{word}` as a string; write `{truth}`"))
                    .mend(mender.truth(place.node, truth)),
                Some((_, truth)) => judgement
                    .help(format!("write `{truth}` without quotes"))
                    .mend(mender.truth(place.node, truth)),
                None => judgement.help("write `true` or `false`"),
            }
        }
        NodeKind::String { plain: true, value } if expects("integer") && !is_number(value) => {
            let number = shown.and_then(|text| ambiguous::integer(text).map(|number| (text, number)));
            match number.filter(|(_, number)| (1..=i64::from(u16::MAX)).contains(number)) {
                Some((text, number)) => judgement
                    .help(format!("YAML 1.2 reads {} as a string; write `{number}`", show(text)))
                    // `1:30:39` may be meant for something else than a number to the base of 60.
                    .mend(mender.number(place.node, number, !text.contains(':'))),
                None => judgement,
            }
        }
        NodeKind::String { plain: false, value } if expects("integer") || expects("number") => {
            if is_number(value.trim()) {
                judgement.help("remove the quotes").mend(mender.unquote(place.node))
            } else {
                judgement
            }
        }
        NodeKind::Number(_) | NodeKind::NonFinite | NodeKind::Bool(_) if expects("string") => {
            judgement.help("put it in quotes").mend(mender.quote(place.node))
        }
        NodeKind::Number(number) if expects("boolean") => {
            let truth = number.as_u64().filter(|number| *number < 2).map(|number| number == 1);
            judgement
                .help("write `true` or `false`")
                .mend(truth.and_then(|truth| mender.truth(place.node, truth)))
        }
        NodeKind::Null if expects("object") && place.member.is_some() => {
            judgement.help("in YAML, a key with nothing after it is `null`; indent what belongs to it")
        }
        NodeKind::Null if place.member.is_some() => {
            judgement.help("in YAML, a key with nothing after it is `null`")
        }
        _ => judgement,
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

/// The truth value that a word of YAML 1.1 stood for.
fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
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
    mender: Mender<'_>,
) -> Judgement {
    if subject == "`authenticationType`" && shown == Some("accessKey") {
        return Judgement::new(
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
    let judgement = Judgement::new(Code::InvalidValue, message);
    match shown.and_then(|value| closest(value, options.iter().map(String::as_str))) {
        Some(meant) => judgement.help(format!("did you mean `{meant}`?")).mend(mender.choose(node, meant)),
        None => judgement,
    }
}

fn wrong_name(subject: &str, format: &str, node: &Node) -> Judgement {
    let value = node.as_str().unwrap_or_default();
    let fault = match format {
        "redshift-user" => format::user_fault(value),
        "redshift-group" => format::group_fault(value),
        _ => format::identifier_fault(value),
    };
    match fault {
        Some(NameFault::TooLong(bytes)) => Judgement::new(
            Code::IdentifierTooLong,
            format!("{subject} is too long: {}", IdentifierError::TooLong(bytes)),
        ),
        Some(NameFault::ControlCharacter) => {
            let judgement =
                Judgement::new(Code::IdentifierInvalid, format!("{subject} holds a control character"));
            match control(value) {
                Some(character) => judgement.help(format!("remove {character}")),
                None => judgement,
            }
        }
        Some(NameFault::Public) => Judgement::new(
            Code::IdentifierInvalid,
            format!("{subject} cannot be `PUBLIC`, which to Redshift is everybody"),
        ),
        Some(NameFault::Superuser) => Judgement::new(
            Code::IdentifierInvalid,
            format!("{subject} cannot be `{}`, which is Redshift's own superuser", format::SUPERUSER),
        )
        .help("name another user, for example `immuta_system_account`"),
        Some(NameFault::ReservedGroup) => Judgement::new(
            Code::IdentifierInvalid,
            format!("{subject} begins with `__`, which Redshift keeps for groups of its own"),
        ),
        None => {
            Judgement::new(Code::InvalidFormat, format!("{subject} does not have the form that it must have"))
        }
    }
}

fn wrong_host(
    subject: &str,
    place: &Place<'_>,
    visibility: &Visibility<'_>,
    mender: Mender<'_>,
) -> Judgement {
    let node = place.node;
    let value = node.as_str().unwrap_or_default();
    let fault = format::host_fault(value);
    if let Some(HostFault::Identifier(identifier)) = fault {
        let message = format!("expected a host name in {subject}, found {identifier}");
        let is_cluster = place.member.is_some_and(|member| member.key == "host");
        return Judgement::new(Code::HostNotBare, message).help(if is_cluster {
            ENDPOINT
        } else {
            HOST_ALONE
        });
    }
    if let Some(HostFault::NotBare(bare)) = fault {
        let judgement = Judgement::new(
            Code::HostNotBare,
            format!("{subject} is more than a host: it takes no scheme, port, path, user or white space"),
        );
        return match bare.filter(|_| !visibility.is_secret(node)) {
            Some(bare) => judgement.help(format!("write {}", show(&bare))).mend(mender.bare_host(
                node,
                &bare,
                place.around,
            )),
            None => judgement.help(HOST_ALONE),
        };
    }
    let mut message = format!("{subject} is neither a DNS name nor an IP address");
    if visibility.shows(node) {
        message = format!("{message}: {}", show(value));
    }
    let judgement = Judgement::new(Code::InvalidFormat, message);
    if value.is_ascii() {
        judgement
    } else {
        judgement.help("write an internationalised name in its ASCII form, which begins with `xn--`")
    }
}
