//! Turns a payload into the HTTP request that sends it.
//!
//! The renderings ([`Request::to_curl`], [`Request::to_http`], [`Request::to_json`]) never contain a secret:
//! the API key is `$IMMUTA_API_KEY`, and the password a `${NAME}` reference even if the payload contains a literal
//! ([`Authentication::password_variable`](crate::payload::Authentication::password_variable)). Only
//! [`Request::resolved_body`] fills the password in, for a caller that sends the body.

mod curl;
mod url;

use std::fmt;
use std::fmt::Write as _;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::operation::{BodyKind, Operation};
use crate::payload::Body;
use crate::payload::{Authentication, ConfigJson, Credentials, Payload, PayloadJson, UnresolvedSecret};

use url::BaseUrl;
pub use url::UrlError;

/// The variable with the API key. Its value is sent unchanged, without a scheme before it.
pub const API_KEY_VARIABLE: &str = "IMMUTA_API_KEY";

/// The default URL. `.example` is reserved (RFC 2606) and never resolves, so that a command run by mistake sends neither
/// key nor password to another server.
pub const PLACEHOLDER_URL: &str = "https://your-organization.immuta.example";

/// A request to the integrations API.
#[derive(Clone, Debug)]
pub struct Request {
    operation: Operation,
    method: &'static str,
    path: &'static str,
    url: BaseUrl,
    /// Percent-encoded.
    id: Option<String>,
    body: Option<RequestBody>,
}

/// The body of a request.
#[derive(Clone, Debug)]
enum RequestBody {
    Payload(Payload),
    Credentials(Credentials),
}

/// The error of a request that cannot be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// [`Operation::Error`] describes a response and cannot be sent.
    NotARequest,
    /// The operation requires another kind of body.
    WrongBody {
        /// The operation.
        operation: Operation,
    },
    /// The URL is not usable.
    Url(UrlError),
    /// The id is empty, `.` or `..`, longer than 128 bytes, or contains a control character.
    Id,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARequest => f.write_str("`error` describes a response and cannot be sent"),
            Self::WrongBody { operation } => {
                let wanted = match operation.body_kind() {
                    BodyKind::Credentials => "credentials or an empty body",
                    _ => "a full payload",
                };
                write!(f, "`{operation}` requires {wanted}")
            }
            Self::Url(error) => error.fmt(f),
            Self::Id => f.write_str(
                "invalid id: it is empty, `.` or `..`, longer than 128 bytes, or contains a control character",
            ),
        }
    }
}

impl std::error::Error for RequestError {}

impl Request {
    /// The request of `operation` with a checked `body`, which `get`, `list`, `status` and `script-delete` do not send. `url` is the tenant's
    /// URL, with or without a trailing slash and a base path; it defaults to [`PLACEHOLDER_URL`]. `id` is the integration's
    /// identifier; it defaults to `{id}`, and is ignored by operations without one.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn new(
        operation: Operation,
        body: &Body,
        url: Option<&str>,
        id: Option<&str>,
    ) -> Result<Self, RequestError> {
        let (Some(method), Some(path)) = (operation.method(), operation.path()) else {
            return Err(RequestError::NotARequest);
        };
        Ok(Self {
            operation,
            method,
            path,
            url: BaseUrl::parse(url.unwrap_or(PLACEHOLDER_URL)).map_err(RequestError::Url)?,
            id: id.map(encode_id).transpose()?,
            body: request_body(operation, body)?,
        })
    }

    /// The operation.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The HTTP method.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The URL, with `{id}` if the id is unspecified.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_with("{id}")
    }

    /// Whether the API key and the password would be sent unencrypted: the URL is `http`, and not of this machine.
    #[must_use]
    pub fn is_clear_text(&self) -> bool {
        self.url.is_clear_text()
    }

    /// The headers in the order and spelling of the vendor's page; the key is `$IMMUTA_API_KEY`.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, String); 3] {
        [
            ("accept", "application/json".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("Authorization", format!("${API_KEY_VARIABLE}")),
        ]
    }

    /// The body, with the password as `${NAME}`; `None` if the request has none.
    #[must_use]
    pub fn body(&self) -> Option<Value> {
        self.body.as_ref().map(|body| match body {
            RequestBody::Payload(payload) => payload.to_json(),
            RequestBody::Credentials(credentials) => credentials.to_json(),
        })
    }

    /// The body as JSON text to send, with the password filled in; `env` resolves `${NAME}` references. `None` if the
    /// request has no body.
    ///
    /// # Errors
    /// The variable is not set.
    pub fn resolved_body(
        &self,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<SecretString>, UnresolvedSecret> {
        let Some(body) = &self.body else { return Ok(None) };
        let password = body.authentication().password().resolve(env)?;
        let quoted = Zeroizing::new(serde_json::to_string(password.expose_secret()).unwrap_or_default());
        let (before, after) = body.split_at_password();
        let mut text = Zeroizing::new(String::with_capacity(before.len() + quoted.len() + after.len()));
        for part in [&before, quoted.as_str(), &after] {
            text.push_str(part);
        }
        Ok(Some(SecretString::from(text.as_str())))
    }

    /// The request as a curl command for a POSIX shell. It reads its variables, and stops with a message if one is unset or
    /// empty.
    #[must_use]
    pub fn to_curl(&self) -> String {
        curl::render(self)
    }

    /// The request as the text of an HTTP/1.1 message, lines ended by LF as in `.http` files.
    /// `Content-Length` is omitted, because the text contains placeholders.
    #[must_use]
    pub fn to_http(&self) -> String {
        let path = self.path_with("{id}");
        let mut text =
            format!("{} {}{path} HTTP/1.1\nHost: {}\n", self.method, self.url.path(), self.url.authority());
        for (name, value) in self.headers() {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(&value);
            text.push('\n');
        }
        text.push('\n');
        if let Some(body) = &self.body {
            text.push_str(&pretty(&body.json_with(&body.placeholder())));
            text.push('\n');
        }
        text
    }

    /// The request as the JSON of `--format json`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    fn url_with(&self, missing_id: &str) -> String {
        format!("{}{}", self.url.as_str(), self.path_with(missing_id))
    }

    fn path_with(&self, missing_id: &str) -> String {
        match self.path.split_once("{id}") {
            Some((before, after)) => format!("{before}{}{after}", self.id.as_deref().unwrap_or(missing_id)),
            None => self.path.to_owned(),
        }
    }

    fn is_missing_id(&self) -> bool {
        self.id.is_none() && self.path.contains("{id}")
    }
}

/// The JSON of `--format json`.
#[derive(Serialize)]
struct RequestJson<'r> {
    version: u32,
    operation: Operation,
    method: &'static str,
    url: String,
    #[serde(serialize_with = "in_order")]
    headers: [(&'static str, String); 3],
    body: Option<BodyJson<'r>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum BodyJson<'r> {
    Payload(PayloadJson<'r>),
    Credentials(ConfigJson<'r>),
}

fn in_order<S: Serializer>(headers: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(headers.iter().map(|(name, value)| (name, value)))
}

/// The form is that of [`Request::to_json`].
impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let password = self.body.as_ref().map(RequestBody::placeholder).unwrap_or_default();
        let json = RequestJson {
            version: 1,
            operation: self.operation,
            method: self.method,
            url: self.url(),
            headers: self.headers(),
            body: self.body.as_ref().map(|body| body.json_with(&password)),
        };
        json.serialize(serializer)
    }
}

impl RequestBody {
    fn json_with<'r>(&'r self, password: &'r str) -> BodyJson<'r> {
        match self {
            Self::Payload(payload) => BodyJson::Payload(payload.json_with(password)),
            Self::Credentials(credentials) => {
                BodyJson::Credentials(credentials.authentication.json_with(password))
            }
        }
    }

    /// The placeholder for the password in outputs.
    fn placeholder(&self) -> String {
        self.authentication().placeholder()
    }

    const fn authentication(&self) -> &Authentication {
        match self {
            Self::Payload(payload) => &payload.authentication,
            Self::Credentials(credentials) => &credentials.authentication,
        }
    }

    /// The JSON text, indented, before and after the password's quoted string.
    fn split_at_password(&self) -> (String, String) {
        const KEY: &str = "\"password\": ";
        let text = pretty(&self.json_with(""));
        // Quotes inside a string are escaped, so this is the key and not a value.
        let place = format!("{KEY}\"\"");
        let (before, after) = text.split_once(&place).unwrap_or((&text, ""));
        (format!("{before}{KEY}"), after.to_owned())
    }
}

fn request_body(operation: Operation, body: &Body) -> Result<Option<RequestBody>, RequestError> {
    match (operation.body_kind(), body) {
        // Only the ID is sent: the payload is what the removal script is made from.
        (BodyKind::Payload, Body::Payload(_) | Body::Empty) if operation == Operation::ScriptDelete => {
            Ok(None)
        }
        (BodyKind::Payload, Body::Payload(payload)) => Ok(Some(RequestBody::Payload(payload.clone()))),
        (BodyKind::Credentials, Body::Credentials(credentials)) => {
            Ok(Some(RequestBody::Credentials(credentials.clone())))
        }
        (BodyKind::Credentials, Body::Empty) => Ok(None),
        (BodyKind::Payload | BodyKind::Credentials, _) => Err(RequestError::WrongBody { operation }),
        _ => Ok(None),
    }
}

/// The id as one segment of a path.
fn encode_id(id: &str) -> Result<String, RequestError> {
    if matches!(id, "" | "." | "..") || id.len() > 128 || id.chars().any(char::is_control) {
        return Err(RequestError::Id);
    }
    Ok(id.bytes().fold(String::with_capacity(id.len()), |mut encoded, byte| {
        if url::is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    }))
}

/// JSON indented by two spaces.
fn pretty(json: &impl Serialize) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

// Most of the tests run the command in a shell.
#[cfg(all(test, unix))]
mod tests;
