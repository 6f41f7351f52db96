//! The authentication handshake, which the driver does not support completely.
//!
//! For users whose password is stored as sha256, the server requests a digest with code 13, which is specific to
//! Redshift: see `ConnectionFactoryImpl.java` in <https://github.com/aws/amazon-redshift-jdbc-driver>. So the startup
//! message is sent here and the response is read here; the driver then gets a stream that skips its own startup message
//! and replays the response.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use postgres_protocol::message::frontend;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};

use super::error::ConnectError;

/// The maximum length of a server message before the login, in bytes.
const MAX_MESSAGE_BYTES: usize = 1 << 16;

/// The parameters of a login.
pub(super) struct Login<'a> {
    pub(super) user: &'a str,
    pub(super) password: Option<&'a SecretString>,
    pub(super) database: &'a str,
    pub(super) application_name: &'a str,
    /// Whether the password may be sent in clear text.
    pub(super) clear_text: ClearText,
}

/// Whether the password is sent in clear text if the server requests it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClearText {
    /// The user has not allowed it, with TLS or without.
    NotAllowed,
    /// The user has allowed it, but only over TLS, and the connection is not encrypted.
    NotEncrypted,
    /// It is sent.
    Allowed,
}

/// The codes of the server's `Authentication…` requests.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
mod code {
    pub(super) const OK: u32 = 0;
    pub(super) const CLEAR_TEXT: u32 = 3;
    pub(super) const MD5: u32 = 5;
    pub(super) const DIGEST: u32 = 13;
    pub(super) const IDENTITY_PROVIDER: u32 = 14;
}

/// Starts the login: the server requests a password, or refuses.
pub(super) async fn start<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    login: &Login<'_>,
) -> Result<Started<S>, ConnectError> {
    let mut startup = bytes::BytesMut::new();
    let parameters = [
        ("client_encoding", "UTF8"),
        ("user", login.user),
        ("database", login.database),
        ("application_name", login.application_name),
    ];
    frontend::startup_message(parameters, &mut startup)
        .map_err(|_| ConnectError::NotRedshift("a name contains NUL"))?;
    stream.write_all(&startup).await.map_err(ConnectError::ConnectionLost)?;
    let response = read_message(&mut stream).await?;
    Ok(Started { stream, response })
}

/// A login for which no password has been sent.
pub(super) struct Started<S> {
    stream: S,
    /// The first message of the server.
    response: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Started<S> {
    /// Responds to the request for a digest, and checks the other requests; returns a stream on which the driver can
    /// continue.
    pub(super) async fn answer(self, login: &Login<'_>) -> Result<HandshakeStream<S>, ConnectError> {
        let Self { mut stream, response } = self;
        let Some(request) = Authentication::read(&response)? else {
            return Ok(HandshakeStream::new(stream, response, true));
        };
        let password = login.password.ok_or(ConnectError::PasswordMissing);
        match request.code {
            code::OK => {}
            code::CLEAR_TEXT => match login.clear_text {
                ClearText::NotAllowed => return Err(ConnectError::ClearTextNotAllowed),
                ClearText::NotEncrypted => return Err(ConnectError::ClearTextNotEncrypted),
                ClearText::Allowed => {
                    password?;
                }
            },
            code::MD5 => {
                password?;
            }
            code::DIGEST => {
                let digest = digest_message(request.body, password?, now())?;
                stream.write_all(&digest).await.map_err(ConnectError::ConnectionLost)?;
                let response = read_message(&mut stream).await?;
                // The driver would respond to a second request, even if it is for the password in clear text.
                if Authentication::read(&response)?.is_some_and(|request| request.code != code::OK) {
                    return Err(ConnectError::NotRedshift("it requests a password twice"));
                }
                return Ok(HandshakeStream::new(stream, response, false));
            }
            code::IDENTITY_PROVIDER => return Err(ConnectError::IdentityProvider),
            _ => {
                return Err(ConnectError::NotRedshift(
                    "it requests an authentication method that Redshift does not have",
                ));
            }
        }
        Ok(HandshakeStream::new(stream, response, false))
    }
}

/// Milliseconds since the epoch.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis())
}

/// Reads a message with its type and length: an authentication request or an error.
async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, ConnectError> {
    let mut message = vec![0; 5];
    stream.read_exact(&mut message).await.map_err(ConnectError::ConnectionLost)?;
    let length = u32::from_be_bytes([message[1], message[2], message[3], message[4]]) as usize;
    if !(4..=MAX_MESSAGE_BYTES).contains(&length) || !matches!(message[0], b'R' | b'E') {
        return Err(ConnectError::NotRedshift("its first message is not part of the PostgreSQL protocol"));
    }
    message.resize(length + 1, 0);
    stream.read_exact(&mut message[5..]).await.map_err(ConnectError::ConnectionLost)?;
    Ok(message)
}

struct Authentication<'m> {
    code: u32,
    body: &'m [u8],
}

impl<'m> Authentication<'m> {
    /// `None` for an error message.
    fn read(message: &'m [u8]) -> Result<Option<Self>, ConnectError> {
        if message[0] != b'R' {
            return Ok(None);
        }
        let mut body = &message[5..];
        Ok(Some(Self { code: number(&mut body)?, body }))
    }
}

fn take<'b>(body: &mut &'b [u8], length: usize) -> Result<&'b [u8], ConnectError> {
    let (taken, rest) = body
        .split_at_checked(length)
        .ok_or(ConnectError::NotRedshift("its request for a password is truncated"))?;
    *body = rest;
    Ok(taken)
}

fn number(body: &mut &[u8]) -> Result<u32, ConnectError> {
    let taken = take(body, 4)?;
    Ok(u32::from_be_bytes([taken[0], taken[1], taken[2], taken[3]]))
}

fn counted<'b>(body: &mut &'b [u8]) -> Result<&'b [u8], ConnectError> {
    let length = number(body)?;
    take(body, usize::try_from(length).unwrap_or(usize::MAX))
}

/// The response to code 13: SHA-256 of (SHA-256 of password and salt), the server nonce, and the client nonce, which is
/// the time in decimal milliseconds.
fn digest_message(mut body: &[u8], password: &SecretString, now: u128) -> Result<Vec<u8>, ConnectError> {
    const SHA_256: u32 = 0;
    if number(&mut body)? != SHA_256 {
        return Err(ConnectError::NotRedshift("it requests a digest other than SHA-256"));
    }
    let salt = counted(&mut body)?;
    let server_nonce = counted(&mut body)?;
    let client_nonce = now.to_string();
    let salted = Sha256::new().chain_update(password.expose_secret()).chain_update(salt).finalize();
    let digest =
        Sha256::new().chain_update(salted).chain_update(server_nonce).chain_update(&client_nonce).finalize();
    let mut message = vec![b'd', 0, 0, 0, 0];
    for part in [digest.as_slice(), client_nonce.as_bytes()] {
        message.extend(length_of(part.len()));
        message.extend(part);
    }
    let length = length_of(message.len() - 1);
    message[1..5].copy_from_slice(&length);
    Ok(message)
}

fn length_of(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// A stream on which the login has started.
pub(super) struct HandshakeStream<S> {
    stream: S,
    /// The server message to replay to the driver.
    response: Vec<u8>,
    sent: usize,
    startup: Startup,
    is_refused_unasked: bool,
}

impl<S> HandshakeStream<S> {
    fn new(stream: S, response: Vec<u8>, is_refused_unasked: bool) -> Self {
        Self { stream, response, sent: 0, startup: Startup::default(), is_refused_unasked }
    }

    /// Whether the server refuses the login without requesting a password, for example because it requires TLS.
    pub(super) const fn is_refused_unasked(&self) -> bool {
        self.is_refused_unasked
    }
}

/// How much of the driver's startup message has been skipped.
#[derive(Default)]
struct Startup {
    length: Vec<u8>,
    /// The remaining bytes, once the length is known.
    left: Option<usize>,
}

impl Startup {
    /// How many of the bytes belong to the message.
    fn skip(&mut self, bytes: &[u8]) -> usize {
        let mut skipped = 0;
        while self.left.is_none() && skipped < bytes.len() {
            self.length.push(bytes[skipped]);
            skipped += 1;
            if let [a, b, c, d] = *self.length {
                self.left = Some((u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(4));
            }
        }
        if let Some(left) = &mut self.left {
            let more = (*left).min(bytes.len() - skipped);
            *left -= more;
            skipped += more;
        }
        skipped
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HandshakeStream<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let response = &this.response[this.sent..];
        if response.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, buf);
        }
        let length = response.len().min(buf.remaining());
        buf.put_slice(&response[..length]);
        this.sent += length;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HandshakeStream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let skipped = this.startup.skip(buf);
        if skipped > 0 || buf.is_empty() {
            return Poll::Ready(Ok(skipped));
        }
        Pin::new(&mut this.stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn startup_message_is_skipped_exactly() {
        let bytes = [0, 0, 0, 7, 1, 2, 3, b'p', 9];
        for cut in 0..bytes.len() {
            let mut startup = Startup::default();
            let first = startup.skip(&bytes[..cut]);
            let second = startup.skip(&bytes[first..]);
            assert_eq!(first + second, 7, "cut at {cut}");
        }
    }

    #[test]
    fn truncated_digest_request_is_an_error() {
        let password = SecretString::from("Correct1horse");
        let whole = [0, 0, 0, 0, 0, 0, 0, 2, 7, 7, 0, 0, 0, 1, 9];
        assert!(digest_message(&whole, &password, 1).is_ok());
        for length in 0..whole.len() {
            assert!(digest_message(&whole[..length], &password, 1).is_err(), "{length} bytes");
        }
    }
}
