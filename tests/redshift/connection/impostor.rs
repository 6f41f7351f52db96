//! A server that sends scripted responses, and records what it receives.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What happens after the responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The connection is closed.
    Close,
    /// It keeps reading without responses.
    Listen,
}

/// Responds to each packet with the next response.
pub(super) struct Impostor {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Impostor {
    pub(super) fn start(answers: Vec<Vec<u8>>, then: Then) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&heard);
        // The thread ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, heard) = (answers.clone(), Arc::clone(&all));
                // A client may disconnect at any time.
                std::thread::spawn(move || serve(stream, &answers, then, &heard));
            }
        });
        Self { port, heard }
    }

    pub(super) fn place(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    /// Everything that was received so far.
    pub(super) fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

fn serve(
    mut stream: TcpStream,
    answers: &[Vec<u8>],
    then: Then,
    heard: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    let listen = |stream: &mut TcpStream| -> std::io::Result<bool> {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer)?;
        heard.lock().unwrap_or_else(PoisonError::into_inner).extend(&buffer[..count]);
        Ok(count > 0)
    };
    for answer in answers {
        if !listen(&mut stream)? {
            return Ok(());
        }
        stream.write_all(answer)?;
    }
    while then == Then::Listen && listen(&mut stream)? {}
    Ok(())
}

/// A port that is not in use, at least for a moment.
pub(super) fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A protocol message.
pub(super) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("a short message");
    [&[tag], length.to_be_bytes().as_slice(), body].concat()
}

/// An authentication request.
pub(super) fn request(code: u32, more: &[u8]) -> Vec<u8> {
    message(b'R', &[&code.to_be_bytes(), more].concat())
}

/// A valid request of code 13.
pub(super) fn digest_request() -> Vec<u8> {
    request(13, &[0, 0, 0, 0, 0, 0, 0, 2, 7, 7, 0, 0, 0, 1, 9])
}

/// The messages that complete a login.
pub(super) fn welcome() -> Vec<u8> {
    [request(0, &[]), message(b'K', &[0; 8]), message(b'Z', b"I")].concat()
}

/// The description of rows with this number of columns.
pub(super) fn description(columns: u16) -> Vec<u8> {
    let column =
        [&b"a\0"[..], &[0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0]].concat();
    message(b'T', &[&columns.to_be_bytes()[..], &column.repeat(usize::from(columns))].concat())
}

/// A row.
pub(super) fn row(values: &[&[u8]]) -> Vec<u8> {
    let mut body = u16::try_from(values.len()).expect("few columns").to_be_bytes().to_vec();
    for value in values {
        body.extend(u32::try_from(value.len()).expect("a short value").to_be_bytes());
        body.extend(*value);
    }
    message(b'D', &body)
}
