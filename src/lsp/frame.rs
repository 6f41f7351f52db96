//! Messages on a stream: `Content-Length`, an empty line, JSON.
//!
//! The reader of `lsp-server` gives up at the first message that is no JSON, puts its text into the error, and
//! reserves whatever length it is told. This one goes on behind it, and keeps its mouth shut.

use std::io::{self, BufRead, Read};

use lsp_server::Message;

/// The longest message, in bytes: a text of the largest size that is checked, with every character escaped.
const LONGEST: usize = 128 << 20;

/// The longest line of a header, in bytes.
const LONGEST_LINE: u64 = 4096;

/// What came in.
pub(super) enum Frame {
    /// A message.
    Message(Box<Message>),
    /// Something that is no message; the stream goes on behind it.
    Malformed,
}

/// Reads the next message; `None` at the end of the stream.
///
/// # Errors
/// The stream fails, or nobody can tell where the next message begins.
pub(super) fn read(stream: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let Some(length) = length(stream)? else { return Ok(None) };
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = Vec::new();
    stream.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => Frame::Message(Box::new(message)),
        Err(_) => Frame::Malformed,
    }))
}

/// Reads the header, up to the empty line; `None` at the end of the stream.
fn length(stream: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        stream.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        let Some(line) = line.strip_suffix(b"\n") else {
            return if line.is_empty() { Ok(None) } else { Err(io::ErrorKind::InvalidData.into()) };
        };
        let line =
            std::str::from_utf8(line).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?.trim_end();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("Content-Length")
        {
            length = Some(value.trim().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[u8]) -> (Vec<bool>, bool) {
        let mut stream = bytes;
        let mut frames = Vec::new();
        loop {
            match read(&mut stream) {
                Ok(Some(frame)) => frames.push(matches!(frame, Frame::Message(_))),
                Ok(None) => return (frames, true),
                Err(_) => return (frames, false),
            }
        }
    }

    #[test]
    fn goes_on_behind_what_is_no_message() {
        let exit = "Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
        let other = "content-length:3\r\nContent-Type: x\r\n\r\n{1}";
        assert_eq!(frames(format!("{exit}{other}{exit}").as_bytes()), (vec![true, false, true], true));
        assert_eq!(frames(b""), (vec![], true));
        assert_eq!(frames(b"Content-Length: 9\r\n\r\n{}"), (vec![], true), "it ends too early");
        for hopeless in
            ["\r\n", "Content-Length: x\r\n\r\n", "Content-Length: 99999999999\r\n\r\n", "X: \u{FF}", "X"]
        {
            assert_eq!(frames(hopeless.as_bytes()), (vec![], false), "{hopeless:?}");
        }
    }
}
