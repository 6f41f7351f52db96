//! The format of hosts. That of names depends on the platform: [`crate::platform::redshift`].
//!
//! The empty string is valid here; `minLength` rejects it.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::characters::{Class, may_surround};
use crate::placeholder::{as_a_whole, core, in_line, in_name};

/// The characters before and between the parameters of a URL.
const PARAMETERS: [char; 5] = ['?', '#', ';', '&', '='];

/// The maximum length of a text that is searched for a host, in bytes; a name has at most 253.
const LONG_HOST: usize = 1024;

/// What is wrong with a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostNameError {
    /// There is other text next to the host; the host, if it can be shown without credentials.
    NotBare(Option<String>),
    /// It is a list of hosts.
    Several,
    /// It is something else, for example a path.
    Other(&'static str),
    /// It is neither a DNS name nor an IP address.
    Malformed,
}

/// Whether `text` is a DNS name or an IP address, and nothing else.
pub(crate) fn is_bare_host(text: &str) -> bool {
    text.is_empty() || host_error(text).is_none()
}

/// Whether a message can show a text that should be a host: it contains only characters of hosts, ports and placeholders,
/// but no separator after which a password could follow.
pub(crate) fn is_plausible_host(text: &str) -> bool {
    if as_a_whole(core(text)).is_some() {
        return true;
    }
    if may_hold_credentials(text) {
        return false;
    }
    let text = text.trim_matches(may_surround);
    let placeholders = in_line(text);
    let is_filled_in = !placeholders.is_empty() || in_name(text).is_some();
    let is_of_host = |c: char| {
        c.is_alphanumeric()
            || "-._:/[]".contains(c)
            || is_filled_in && "$%{}<>()".contains(c)
            // A host without them is also shown.
            || matches!(
                Class::of(c),
                Some(Class::Invisible | Class::Joiner | Class::Selector | Class::Dash | Class::Broken)
            )
    };
    let mut at = 0;
    let end = text.len()..text.len();
    placeholders.into_iter().map(|(span, ..)| span).chain([end]).all(|span| {
        let between = text.get(at..span.start).unwrap_or_default();
        at = span.end;
        between.chars().all(is_of_host)
    })
}

/// Why `text`, which is not empty, is not a bare host.
pub(crate) fn host_error(text: &str) -> Option<HostNameError> {
    if is_ip(text) || is_dns_name(text) {
        None
    } else if text.len() > LONG_HOST {
        Some(HostNameError::Malformed)
    } else if is_list(text) {
        Some(HostNameError::Several)
    } else if let Some(other) = cluster_identifier(text).or_else(|| no_host(text)) {
        Some(HostNameError::Other(other))
    } else if text.contains(beside_a_host) {
        Some(HostNameError::NotBare(bare_host(text).map(|(host, ..)| host.to_owned())))
    } else {
        Some(HostNameError::Malformed)
    }
}

/// Whether `text` may contain credentials next to a host: the user part of a URL, or its parameters. After a colon, only a
/// port is certainly not a password: a comment may have cut off the rest of a URL.
pub(crate) fn may_hold_credentials(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(':') || is_scheme(scheme) => rest,
        _ => text,
    };
    let after_host = match rest.split_once(']') {
        Some((host, port)) if host.starts_with('[') => port,
        _ if is_ip(rest) => "",
        _ => rest.find(':').map_or("", |at| &rest[at..]),
    };
    let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
    text.contains(PARAMETERS)
        || text.contains('@')
        || !(after_host.is_empty() || after_host.strip_prefix(':').is_some_and(is_port))
}

/// The host as DNS compares it: without the trailing dot, ASCII letters in lower case, an IPv6 address in full form.
pub(crate) fn canonical_host(host: &str) -> String {
    if let Ok(address) = host.parse::<Ipv6Addr>() {
        return address.segments().map(|segment| format!("{segment:x}")).join(":");
    }
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Whether it is the scheme of a URL with a host.
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

/// Schemes that could also be the name of a user, followed by a colon and a password.
const USERS: [&str; 3] = ["postgres", "postgresql", "redshift"];

/// Hosts of console pages, not of clusters.
const CONSOLES: [&str; 2] = ["console.aws.amazon.com", "console.amazonaws.cn"];

/// A port next to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortBeside {
    Port(u16),
    /// An invalid port.
    Unclear,
}

/// The port next to the host in `text`. The port of a web page is not that of the database.
pub(crate) fn port_beside(text: &str) -> Option<PortBeside> {
    let (_, after, path) = bare_host(text)?;
    let written = match after.strip_prefix(':') {
        Some(port) => port,
        // `a.example.com;5439`
        None => path.strip_prefix(';')?,
    };
    if !written.starts_with(|c: char| c.is_ascii_digit() || c == ':') {
        return None;
    }
    match written.parse().ok().filter(|port| *port > 0 && !after.is_empty()) {
        Some(port) => (!is_of_web(text, port)).then_some(PortBeside::Port(port)),
        None => Some(PortBeside::Unclear),
    }
}

/// Whether `port` is the default of the scheme of a web page.
pub(crate) fn is_of_web(text: &str, port: u16) -> bool {
    let scheme = text.trim_start().split(':').next().unwrap_or_default();
    [("http", 80), ("https", 443)].iter().any(|(of, its)| of.eq_ignore_ascii_case(scheme) && *its == port)
}

/// What `text` is, if it is something without a host.
fn no_host(text: &str) -> Option<&'static str> {
    const WITHOUT_HOST: [&str; 4] = ["data", "mailto", "tel", "urn"];
    let text = text.trim();
    let scheme = text.split(':').next().filter(|scheme| scheme.len() < text.len()).unwrap_or_default();
    let is_scheme = |of: &&str| of.eq_ignore_ascii_case(scheme);
    let is_drive = scheme.len() == 1 && text[1..].starts_with([':']) && text[2..].starts_with(['/', '\\']);
    let is_from_root = text.starts_with(['/', '\\']) && !text.starts_with("//");
    let is_path = ["./", "../", "~/", ".\\", "..\\", "~\\"].iter().any(|start| text.starts_with(start));
    if is_drive || is_from_root || is_path || is_scheme(&"file") {
        return Some("a path");
    }
    WITHOUT_HOST.iter().any(is_scheme).then_some("a URL without a host")
}

/// Whether `text` is a list of hosts.
fn is_list(text: &str) -> bool {
    let is_host =
        |part: &str| is_ip(part) || part.contains('.') && part.split(':').next().is_some_and(is_dns_name);
    let is_between = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let mut parts = text.split(is_between).filter(|part| !part.is_empty());
    parts.next().is_some_and(is_host) && parts.next().is_some_and(is_host) && parts.all(is_host)
}

/// The host in `text`, the text after it up to a path, and the path; `None` if it could be part of a password or of
/// something else.
fn bare_host(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim();
    let (scheme, rest) = match text.rsplit_once('@') {
        // A password can contain any character, so only the text after the last `@` is certainly not part of it.
        Some((before, _)) if before.contains(PARAMETERS) => return None,
        Some((_, after)) if after.contains(PARAMETERS) => return None,
        Some((_, after)) => ("", after),
        // The same applies to text that only looks like a URL: `user:pass://word`, where the rest is a comment.
        None => match text.split_once("//") {
            Some((before, after)) if before.is_empty() || before.strip_suffix(':').is_some_and(is_scheme) => {
                ("", after)
            }
            Some(_) => return None,
            None => without_scheme(text),
        },
    };
    let authority = rest.split(['/', '\\', '?', '#', ';']).next()?;
    let path = rest.get(authority.len()..)?;
    let (host, after) = split_authority(authority)?;
    let is_name = is_dns_name(host) && !CONSOLES.iter().any(|console| host.ends_with(console));
    let is_host_for_sure = is_ip(host)
        || is_name
            && if USERS.iter().any(|user| user.eq_ignore_ascii_case(scheme)) {
                is_endpoint(host)
            } else if host.contains('.') {
                true
            } else {
                // A single word is a host if a port follows it, or a path without a better candidate. With a colon and a
                // path it is a scheme: `unix:/tmp`.
                let is_port = |port: &str| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
                let is_scheme = after == ":" && !path.is_empty();
                let is_host =
                    after.strip_prefix(':').is_none_or(is_port) && !is_scheme && !path.contains('.');
                is_host && scheme.is_empty() && !text.contains('@')
            };
    is_host_for_sure.then_some((host, after, path))
}

/// The host of the authority of a URL, and the text after it.
fn split_authority(authority: &str) -> Option<(&str, &str)> {
    let is_v6 = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    let (host, after) = match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?,
        None if is_ip(authority) => (authority, ""),
        None => match authority.split_once('%') {
            Some((address, zone)) if is_v6(address) => {
                (address, &zone[zone.find(':').unwrap_or(zone.len())..])
            }
            _ => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        },
    };
    // The zone of an address is only valid on one machine.
    let without_zone = host.split_once('%').map(|(address, _)| address).filter(|address| is_v6(address));
    Some((without_zone.unwrap_or(host), after))
}

/// A scheme without the two slashes after it, and the rest: `tcp:10.0.0.5:5439`, `https:/a.example.com`. With only a port
/// after it, it is a host: `redshift:5439`.
fn without_scheme(text: &str) -> (&str, &str) {
    let mut colons = text.match_indices(':').map(|(at, _)| at);
    let scheme = colons.rfind(|at| is_scheme(&text[..*at]));
    match scheme.map(|at| (&text[..at], text[at + 1..].trim_start_matches(['/', '\\']))) {
        Some((scheme, rest)) if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) => {
            (scheme, rest)
        }
        _ => ("", text),
    }
}

/// Whether a name is an AWS endpoint of a cluster or workgroup.
fn is_endpoint(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    [".redshift.amazonaws.com", ".redshift-serverless.amazonaws.com"].iter().any(|suffix| {
        host.ends_with(suffix) || host.strip_suffix(".cn").is_some_and(|host| host.ends_with(suffix))
    })
}

/// Identifiers of a cluster that are not its host: an ARN,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>, or the identifier with the region, as in
/// `jdbc:redshift:iam://examplecluster:us-west-2/dev`,
/// <https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-configure-jdbc-odbc.html>.
fn cluster_identifier(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.contains('@') {
        return None;
    }
    // `arn:aws:…`, `arn:aws-cn:…`
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("arn:aws")) {
        return Some("an ARN");
    }
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        Some(_) => return None,
        None => text,
    };
    let (identifier, region) = rest.split(['/', '?', ';']).next()?.split_once(':')?;
    let is_identifier = is_dns_name(identifier) && !identifier.contains('.');
    (is_identifier && is_region(region)).then_some("a cluster identifier with a region")
}

/// Whether it has the form of `us-west-2` or `us-gov-east-1`.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_word = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.matches('-').count() >= 2 && parts.next_back().is_some_and(is_number) && parts.all(is_word)
}
