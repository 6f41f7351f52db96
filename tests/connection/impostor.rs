//! A server of the tests' that says what it is told to, and keeps what it hears.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What comes after the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The connection ends.
    Close,
    /// It listens on, without a word.
    Listen,
}

/// It answers each packet by the next of its answers.
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
        // It ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, heard) = (answers.clone(), Arc::clone(&all));
                // Who goes away in the middle does not concern it.
                std::thread::spawn(move || serve(stream, &answers, then, &heard));
            }
        });
        Self { port, heard }
    }

    pub(super) fn place(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    /// All that clients said so far.
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

/// A closed port: nobody listens on it, for a moment at least.
pub(super) fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A message of the protocol.
pub(super) fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("a short message");
    [&[tag], length.to_be_bytes().as_slice(), body].concat()
}

/// A request to prove who one is.
pub(super) fn request(code: u32, more: &[u8]) -> Vec<u8> {
    message(b'R', &[&code.to_be_bytes(), more].concat())
}

/// The request of code 13, as it should be.
pub(super) fn digest_request() -> Vec<u8> {
    request(13, &[0, 0, 0, 0, 0, 0, 0, 2, 7, 7, 0, 0, 0, 1, 9])
}

/// What lets a client in.
pub(super) fn welcome() -> Vec<u8> {
    [request(0, &[]), message(b'K', &[0; 8]), message(b'Z', b"I")].concat()
}

/// The description of a row of so many columns.
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
