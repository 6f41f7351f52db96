//! Messages of PostgreSQL's protocol 3.0: a tag, a length that includes itself, a body
//! (<https://www.postgresql.org/docs/8.0/protocol-message-formats.html>).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The maximum length of a message that the emulator reads.
const MAX_MESSAGE_BYTES: usize = 64 << 20;

pub(super) const PROTOCOL: u32 = 196_608;
pub(super) const CANCEL_REQUEST: u32 = 80_877_102;
pub(super) const SSL_REQUEST: u32 = 80_877_103;
pub(super) const GSS_REQUEST: u32 = 80_877_104;

/// A message with its tag.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) tag: u8,
    pub(super) body: Vec<u8>,
}

impl Message {
    pub(super) const fn new(tag: u8, body: Vec<u8>) -> Self {
        Self { tag, body }
    }

    /// The bytes on the wire.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![self.tag];
        bytes.extend(length(self.body.len()));
        bytes.extend(&self.body);
        bytes
    }

    /// `Query`
    pub(super) fn query(sql: &str) -> Self {
        Self::new(b'Q', zero_terminated(sql))
    }

    /// `ParameterStatus`
    pub(super) fn parameter(name: &str, value: &str) -> Self {
        let mut body = zero_terminated(name);
        body.extend(zero_terminated(value));
        Self::new(b'S', body)
    }

    /// `ErrorResponse`
    pub(super) fn error(severity: &str, error: &ServerError) -> Self {
        let mut body = Vec::new();
        for (field, value) in
            [(b'S', severity), (b'C', &error.sqlstate), (b'M', &error.message), (b'D', &error.detail)]
        {
            if !value.is_empty() {
                body.push(field);
                body.extend(zero_terminated(value));
            }
        }
        body.push(0);
        Self::new(b'E', body)
    }

    /// `Authentication…`
    pub(super) fn authentication(code: u32, rest: &[u8]) -> Self {
        let mut body = code.to_be_bytes().to_vec();
        body.extend(rest);
        Self::new(b'R', body)
    }

    /// `ReadyForQuery`
    pub(super) fn ready(status: u8) -> Self {
        Self::new(b'Z', vec![status])
    }

    /// The two strings of `ParameterStatus`.
    pub(super) fn parameter_status(&self) -> (String, String) {
        let mut strings = self.body.split(|byte| *byte == 0).map(|s| String::from_utf8_lossy(s).into_owned());
        (strings.next().unwrap_or_default(), strings.next().unwrap_or_default())
    }

    /// The fields of `ErrorResponse`.
    pub(super) fn as_error(&self) -> ServerError {
        let mut error = ServerError::default();
        for field in self.body.split(|byte| *byte == 0).filter(|field| !field.is_empty()) {
            let value = String::from_utf8_lossy(&field[1..]).into_owned();
            match field[0] {
                b'C' => error.sqlstate = value,
                b'M' => error.message = value,
                b'D' => error.detail = value,
                _ => {}
            }
        }
        error
    }
}

/// The content of `ErrorResponse`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerError {
    /// The SQLSTATE.
    pub sqlstate: String,
    /// The primary message.
    pub message: String,
    /// The detail, if any.
    pub detail: String,
}

impl ServerError {
    pub(crate) fn new(sqlstate: &str, message: impl Into<String>) -> Self {
        Self { sqlstate: sqlstate.to_owned(), message: message.into(), detail: String::new() }
    }
}

pub(super) fn zero_terminated(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    bytes
}

fn length(body: usize) -> [u8; 4] {
    u32::try_from(body + 4).expect("a message below 4 GiB").to_be_bytes()
}

/// `StartupMessage`
pub(super) fn startup(parameters: &[(String, String)]) -> Vec<u8> {
    let mut body = PROTOCOL.to_be_bytes().to_vec();
    for (name, value) in parameters {
        body.extend(zero_terminated(name));
        body.extend(zero_terminated(value));
    }
    body.push(0);
    let mut bytes = length(body.len()).to_vec();
    bytes.extend(body);
    bytes
}

/// The first packet of a connection, which has no tag: its code and the rest.
pub(super) async fn read_startup(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(u32, Vec<u8>)> {
    let body = read_body(stream).await?;
    let (code, rest) = body.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
    Ok((u32::from_be_bytes(*code), rest.to_vec()))
}

/// The parameters of a `StartupMessage`.
pub(super) fn startup_parameters(body: &[u8]) -> Vec<(String, String)> {
    let strings: Vec<String> =
        body.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    strings
        .chunks(2)
        .take_while(|pair| !pair[0].is_empty())
        .map(|pair| (pair[0].clone(), pair.get(1).cloned().unwrap_or_default()))
        .collect()
}

pub(super) async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Message> {
    let tag = stream.read_u8().await?;
    Ok(Message::new(tag, read_body(stream).await?))
}

async fn read_body(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let length = stream.read_u32().await? as usize;
    let length = length
        .checked_sub(4)
        .filter(|length| *length <= MAX_MESSAGE_BYTES)
        .ok_or(io::ErrorKind::InvalidData)?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(body)
}
