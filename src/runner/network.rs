//! The TCP stream to the server.
//!
//! Under a fuzzer (`--cfg fuzzing`, which cargo-fuzz sets), it is an in-memory stream: sockets and the clock would take
//! most of the time, and runs would not be deterministic.

#[cfg(fuzzing)]
pub use memory::listen;
#[cfg(fuzzing)]
pub(super) use memory::{Stream, connect};
#[cfg(not(fuzzing))]
pub(super) use tcp::{Stream, connect};

#[cfg(not(fuzzing))]
mod tcp {
    use std::io;
    use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

    pub(in super::super) use tokio::net::TcpStream as Stream;
    use tokio::net::lookup_host;

    use super::super::error::ConnectError;

    pub(in super::super) async fn connect(host: &str, port: u16) -> Result<Stream, ConnectError> {
        let addresses: Vec<SocketAddr> = lookup_host((host, port))
            .await
            .map_err(|error| ConnectError::resolution(error, can_open()))?
            .collect();
        let stream = Stream::connect(addresses.as_slice()).await.map_err(ConnectError::network)?;
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    /// Whether this machine can open another socket.
    fn can_open() -> io::Result<()> {
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map(drop)
    }
}

#[cfg(fuzzing)]
mod memory {
    use std::cell::RefCell;
    use std::io;

    pub(in super::super) use tokio::io::DuplexStream as Stream;
    use tokio::io::duplex;
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::super::error::ConnectError;

    /// The size of the buffer of each direction, in bytes.
    const BUFFER: usize = 1 << 16;

    thread_local! {
        static LISTENER: RefCell<Option<UnboundedSender<Stream>>> = const { RefCell::new(None) };
    }

    /// Receives every connection that this thread opens from now on, to any address.
    #[must_use]
    pub fn listen() -> UnboundedReceiver<Stream> {
        let (sender, receiver) = unbounded_channel();
        LISTENER.set(Some(sender));
        receiver
    }

    pub(in super::super) async fn connect(_: &str, _: u16) -> Result<Stream, ConnectError> {
        let (ours, theirs) = duplex(BUFFER);
        let is_heard =
            LISTENER.with_borrow(|listener| listener.as_ref().is_some_and(|l| l.send(theirs).is_ok()));
        let refused = || ConnectError::Unreachable(io::ErrorKind::ConnectionRefused.into());
        is_heard.then_some(ours).ok_or_else(refused)
    }
}
