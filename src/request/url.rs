//! The base URL of a tenant: scheme, host, port, and base path of the API.
//!
//! It has its own small parser: a full URL parser contains tables for international host names, which would be larger than
//! the rest of this module, and are not needed if the host is written as in DNS.

use std::fmt;
use std::net::Ipv6Addr;

/// An absolute `http` or `https` URL of ASCII letters, with no user, query, fragment or trailing slash. No
/// character of it has a meaning to a shell, except the brackets of an IPv6 address.
#[derive(Clone, Debug)]
pub(super) struct BaseUrl {
    text: String,
    authority_start: usize,
    path_start: usize,
}

/// Why a URL is invalid. No message repeats the URL, which may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// It does not start with `https://` or `http://`.
    Scheme,
    /// It contains a user name or password.
    UserInfo,
    /// It has a query or fragment.
    QueryOrFragment,
    /// The host is missing or has invalid characters.
    Host,
    /// The port is not a number from 1 to 65535.
    Port,
    /// The path has characters other than letters, digits, `-._~`, `/` and percent-encoded ones, or the segment
    /// `.` or `..`.
    Path,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the URL must start with `https://` or `http://`",
            Self::UserInfo => "the URL contains a user name or password; remove it together with the `@`",
            Self::QueryOrFragment => {
                "the URL has a query or fragment; remove the `?` or `#` and everything after it"
            }
            Self::Host => "invalid host in the URL (write an international name in its `xn--` form)",
            Self::Port => "invalid port in the URL; expected a number from 1 to 65535",
            Self::Path => {
                "invalid path in the URL: a character must be percent-encoded, or a segment is `.` or `..`"
            }
        })
    }
}

impl std::error::Error for UrlError {}

impl BaseUrl {
    pub(super) fn parse(url: &str) -> Result<Self, UrlError> {
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
            .ok_or(UrlError::Scheme)?;
        let rest = &url[scheme.len()..];
        if rest.contains('@') {
            return Err(UrlError::UserInfo);
        }
        if rest.contains(['?', '#']) {
            return Err(UrlError::QueryOrFragment);
        }
        let rest = rest.trim_end_matches('/');
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        check_authority(authority)?;
        if !is_path(path) {
            return Err(UrlError::Path);
        }
        Ok(Self {
            text: format!("{scheme}{rest}"),
            authority_start: scheme.len(),
            path_start: scheme.len() + authority.len(),
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and port.
    pub(super) fn authority(&self) -> &str {
        &self.text[self.authority_start..self.path_start]
    }

    /// Whether requests are sent unencrypted, and not within this machine.
    pub(super) fn is_clear_text(&self) -> bool {
        let host = self.authority();
        let is_loopback = |name: &str| {
            host.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && host.get(name.len()..).is_some_and(|port| port.is_empty() || port.starts_with(':'))
        };
        self.authority_start == "http://".len()
            && !["localhost", "127.0.0.1", "[::1]"].into_iter().any(is_loopback)
    }

    /// The path, empty or with a leading slash.
    pub(super) fn path(&self) -> &str {
        &self.text[self.path_start..]
    }
}

/// RFC 3986, section 2.3.
pub(super) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn check_authority(authority: &str) -> Result<(), UrlError> {
    let (host_is_valid, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']').ok_or(UrlError::Host)?;
        (address.parse::<Ipv6Addr>().is_ok(), port)
    } else {
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        (is_host(host), port)
    };
    if !host_is_valid {
        return Err(UrlError::Host);
    }
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok(()),
        None => Err(UrlError::Host),
        Some(digits) => {
            let is_port = digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|number| number != 0);
            is_port.then_some(()).ok_or(UrlError::Port)
        }
    }
}

fn is_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

fn is_path(path: &str) -> bool {
    path.split('/').all(|segment| !matches!(segment, "." | "..") && is_segment(segment.as_bytes()))
}

fn is_segment(mut bytes: &[u8]) -> bool {
    while let [first, rest @ ..] = bytes {
        bytes = match (first, rest) {
            (b'%', [high, low, rest @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            (byte, rest) if is_unreserved(*byte) => rest,
            _ => return false,
        };
    }
    true
}
