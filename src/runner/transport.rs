//! The stream to the server: TCP, and TLS over it as `sslmode` asks.
//!
//! The modes are those of libpq (<https://www.postgresql.org/docs/current/libpq-ssl.html>); the default is the strictest.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::error::ConnectError;
use super::network::{Stream, connect};

/// The TLS mode: libpq's `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS only if the server requires it.
    Allow,
    /// TLS if the server supports it.
    Prefer,
    /// TLS with any certificate; with a CA file, like `verify-ca`.
    Require,
    /// TLS with a certificate of a trusted CA, for any host.
    VerifyCa,
    /// TLS with a certificate of a trusted CA, for this host.
    #[default]
    VerifyFull,
}

impl SslMode {
    /// All modes, the weakest first.
    pub const ALL: [Self; 6] =
        [Self::Disable, Self::Allow, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    /// The name in libpq.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    /// The attempts to make, in order.
    pub(super) const fn attempts(self) -> &'static [Attempt] {
        match self {
            Self::Disable => &[Attempt::Plain],
            Self::Allow => &[Attempt::Plain, Attempt::Tls],
            Self::Prefer => &[Attempt::TlsIfOffered, Attempt::Plain],
            Self::Require | Self::VerifyCa | Self::VerifyFull => &[Attempt::Tls],
        }
    }
}

/// One way to open the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    Plain,
    Tls,
    TlsIfOffered,
}

/// An open stream.
pub(super) enum Transport {
    Plain(Stream),
    Tls(Box<TlsStream<Stream>>),
}

/// The TLS request: its length, and a number in place of the protocol version
/// (<https://www.postgresql.org/docs/current/protocol-message-formats.html>).
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

impl Transport {
    /// Opens the stream; `is_reached` becomes true when the host has accepted the connection.
    pub(super) async fn open(
        host: &str,
        port: u16,
        attempt: Attempt,
        tls: &Arc<ClientConfig>,
        is_reached: &AtomicBool,
    ) -> Result<Self, ConnectError> {
        let mut stream = connect(host, port).await?;
        is_reached.store(true, Ordering::Relaxed);
        if attempt == Attempt::Plain {
            return Ok(Self::Plain(stream));
        }
        stream.write_all(&SSL_REQUEST).await.map_err(ConnectError::ConnectionLost)?;
        // Reads exactly one byte: bytes that an attacker injects after it are read as TLS, and fail (CVE-2021-23222).
        match stream.read_u8().await.map_err(ConnectError::ConnectionLost)? {
            b'S' => {}
            b'N' if attempt == Attempt::TlsIfOffered => return Ok(Self::Plain(stream)),
            // Servers that do not support the request respond with an error.
            b'N' | b'E' => return Err(ConnectError::TlsRefused),
            _ => return Err(ConnectError::NotRedshift("its response to the TLS request is invalid")),
        }
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| ConnectError::Certificate("the host is not a valid certificate name".to_owned()))?;
        let stream =
            TlsConnector::from(Arc::clone(tls)).connect(name, stream).await.map_err(handshake_failed)?;
        Ok(Self::Tls(Box::new(stream)))
    }

    /// Whether the stream is encrypted.
    pub(super) const fn is_encrypted(&self) -> bool {
        matches!(self, Self::Tls(_))
    }
}

fn handshake_failed(error: io::Error) -> ConnectError {
    use rustls::CertificateError as E;
    let Some(rustls::Error::InvalidCertificate(reason)) =
        error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>())
    else {
        return ConnectError::Handshake(error);
    };
    ConnectError::Certificate(match reason {
        E::Expired | E::ExpiredContext { .. } => {
            "it has expired: renew it on the server, or check the clock of this machine".to_owned()
        }
        E::NotValidYet | E::NotValidYetContext { .. } => {
            "it is not valid yet: check the clocks of the server and of this machine".to_owned()
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            "it was issued for another host; if the host is an alias, pass `--sslmode verify-ca`".to_owned()
        }
        E::UnknownIssuer => {
            "unknown issuer; pass the CA certificate of the issuer with `--ca-file`".to_owned()
        }
        E::BadSignature => {
            "invalid signature: it was not issued by the trusted CA of that name; check `--ca-file`, and that this is \
             the right server"
                .to_owned()
        }
        E::Revoked => "it has been revoked; renew it on the server".to_owned(),
        E::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "it is a CA certificate, as self-signed ones often are; install a server certificate on the server".to_owned()
        }
        reason => reason.to_string(),
    })
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_encrypted() { "Transport(TLS)" } else { "Transport(TCP)" })
    }
}

impl AsyncRead for Transport {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
