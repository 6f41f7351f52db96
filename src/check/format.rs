//! The formats of the schemas: a host, and the names that Redshift takes.
//!
//! Every format takes the empty string; `minLength` refuses it.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::wording::joined;
use crate::search::split_once;
use crate::sql::{Identifier, IdentifierError};

/// What a URL's parameters begin with, or are parted by.
const PARAMETERS: [char; 5] = ['?', '#', ';', '&', '='];

/// What is wrong with a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HostFault {
    /// Something stands beside the host; the host, where it can be told without showing credentials.
    NotBare(Option<String>),
    /// It is neither a DNS name nor an IP address.
    Malformed,
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameFault {
    /// It is longer than 127 bytes; the length in bytes.
    TooLong(usize),
    /// It holds NUL or another control character.
    ControlCharacter,
    /// `PUBLIC` as a user: the word for everybody.
    Public,
    /// A group that begins with `__`, which Redshift keeps to itself.
    ReservedGroup,
}

/// Whether `text` is a DNS name or an IP address, and nothing else.
pub(super) fn is_bare_host(text: &str) -> bool {
    text.is_empty() || host_fault(text).is_none()
}

/// Whether Redshift takes `text` as a name.
pub(super) fn is_identifier(text: &str) -> bool {
    identifier_fault(text).is_none()
}

/// Whether Redshift takes `text` as the name of a user.
pub(super) fn is_user(text: &str) -> bool {
    user_fault(text).is_none()
}

/// Whether Redshift takes `text` as the name of a group.
pub(super) fn is_group(text: &str) -> bool {
    group_fault(text).is_none()
}

/// Why `text` is no name; the empty string is none of our business here.
pub(super) fn identifier_fault(text: &str) -> Option<NameFault> {
    match Identifier::fault(text)? {
        IdentifierError::Empty => None,
        IdentifierError::TooLong(bytes) => Some(NameFault::TooLong(bytes)),
        IdentifierError::ControlCharacter => Some(NameFault::ControlCharacter),
    }
}

/// Why `text` is no user's name: <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>.
pub(super) fn user_fault(text: &str) -> Option<NameFault> {
    identifier_fault(text).or_else(|| text.eq_ignore_ascii_case("PUBLIC").then_some(NameFault::Public))
}

/// Why `text` is no group's name: <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_GROUP.html>.
pub(super) fn group_fault(text: &str) -> Option<NameFault> {
    identifier_fault(text).or_else(|| text.starts_with("__").then_some(NameFault::ReservedGroup))
}

/// Why `text`, which is not empty, is no bare host.
pub(super) fn host_fault(text: &str) -> Option<HostFault> {
    if is_ip(text) || is_dns_name(text) {
        None
    } else if text.contains(beside_a_host) {
        Some(HostFault::NotBare(bare_host(text)))
    } else {
        Some(HostFault::Malformed)
    }
}

/// Whether `text` may hold credentials beside a host: the user part of a URL, or its parameters. Behind a colon,
/// only a port is surely none: a comment may have cut off the rest of a URL.
pub(super) fn may_hold_credentials(text: &str) -> bool {
    let rest = match split_once(text, "://") {
        Some((scheme, rest)) if !scheme.contains(':') || is_scheme(scheme) => rest,
        _ => text,
    };
    let behind_host = match rest.split_once(']') {
        Some((host, port)) if host.starts_with('[') => port,
        _ if is_ip(rest) => "",
        _ => rest.find(':').map_or("", |at| &rest[at..]),
    };
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
    text.contains(PARAMETERS)
        || text.contains('@')
        || !(behind_host.is_empty() || behind_host.strip_prefix(':').is_some_and(is_port))
}

/// The host as DNS compares it: without the trailing dot, ASCII letters in lower case, an IPv6 address without its short cuts.
pub(super) fn canonical_host(host: &str) -> String {
    if let Ok(address) = host.parse::<Ipv6Addr>() {
        return joined(address.segments().map(|segment| format!("{segment:x}")), ":");
    }
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Whether a URL that names a host may begin with it.
fn is_scheme(text: &str) -> bool {
    const SCHEMES: [&str; 9] = [
        "http",
        "https",
        "jdbc:postgresql",
        "jdbc:redshift",
        "jdbc:redshift:iam",
        "postgres",
        "postgresql",
        "redshift",
        "tcp",
    ];
    SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(text))
}

fn beside_a_host(c: char) -> bool {
    c.is_whitespace() || c.is_control() || PARAMETERS.contains(&c) || "@/\\:[]".contains(c)
}

fn is_ip(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok()
}

/// RFC 1123 with `_`, which private zones use; a last label of digits alone would be an IPv4 address.
fn is_dns_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.len() <= 253
        && name.split('.').all(label)
        && !name.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
}

/// The host in `text`; `None` where what looks like one could be a piece of a password.
fn bare_host(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = match text.rsplit_once('@') {
        // A password may hold any character, so only what follows the last `@` is surely no part of it.
        Some((before, _)) if before.contains(PARAMETERS) => return None,
        Some((_, after)) if after.contains(PARAMETERS) => return None,
        Some((_, after)) => after,
        // The same holds for what only looks like a URL: `user:pass://word`, the rest being a comment.
        None => match split_once(text, "//") {
            Some((before, after)) if before.is_empty() || before.strip_suffix(':').is_some_and(is_scheme) => {
                after
            }
            Some(_) => return None,
            None => text,
        },
    };
    let authority = rest.split(['/', '\\', '?', '#', ';']).next()?;
    let host = match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?.0,
        None if is_ip(authority) => authority,
        None => authority.split(':').next()?,
    };
    let certain = is_ip(host) || (is_dns_name(host) && (!text.contains('@') || host.contains('.')));
    certain.then(|| host.to_owned())
}
