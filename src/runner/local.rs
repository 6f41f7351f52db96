//! Connection errors of this machine, before anything reaches the server.

use std::io;

/// Why this machine cannot open a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LocalError {
    /// The process has reached its limit of open files.
    ProcessFiles,
    /// The system has reached its limit of open files.
    SystemFiles,
    /// There is no free local port, or no address of that family.
    Address,
    /// Out of memory.
    Memory,
    /// No route to the host.
    Route,
    /// Permission denied.
    Forbidden,
}

impl LocalError {
    /// `None` if the server may be the cause.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        use io::ErrorKind as E;
        match error.kind() {
            E::AddrNotAvailable => Some(Self::Address),
            E::OutOfMemory => Some(Self::Memory),
            E::NetworkDown | E::NetworkUnreachable | E::HostUnreachable => Some(Self::Route),
            E::PermissionDenied => Some(Self::Forbidden),
            _ => Self::of_number(error),
        }
    }

    /// Error numbers that have no [`io::ErrorKind`].
    #[cfg(unix)]
    fn of_number(error: &io::Error) -> Option<Self> {
        use rustix::io::Errno;
        match Errno::from_io_error(error)? {
            Errno::MFILE => Some(Self::ProcessFiles),
            Errno::NFILE => Some(Self::SystemFiles),
            Errno::NOBUFS => Some(Self::Memory),
            _ => None,
        }
    }

    /// Error numbers that have no [`io::ErrorKind`]:
    /// <https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2>.
    #[cfg(not(unix))]
    fn of_number(error: &io::Error) -> Option<Self> {
        const WSAEMFILE: i32 = 10_024;
        const WSAENOBUFS: i32 = 10_055;
        match error.raw_os_error()? {
            WSAEMFILE => Some(Self::ProcessFiles),
            WSAENOBUFS => Some(Self::Memory),
            _ => None,
        }
    }

    /// What the user can do.
    pub(super) const fn advice(self) -> &'static str {
        match self {
            Self::ProcessFiles => {
                "the process has reached its limit of open files and connections; raise the limit (`ulimit -n`), or \
                 process fewer payloads at once (`--jobs`)"
            }
            Self::SystemFiles => {
                "the system has reached its limit of open files; close other programs, or raise the limit"
            }
            Self::Address => {
                "no local port is free, or this machine has no address of that family, such as IPv6; wait until old \
                 connections are closed, or process fewer payloads at once (`--jobs`)"
            }
            Self::Memory => {
                "the system is out of memory; close other programs, or process fewer payloads at once (`--jobs`)"
            }
            Self::Route => {
                "no route to the host; check the network and VPN of this machine, and whether the cluster is publicly \
                 accessible"
            }
            Self::Forbidden => "permission denied by this machine; check its firewall or sandbox",
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn local_errors_are_distinguished_from_server_errors() {
        for (number, local) in [
            (Errno::MFILE, Some(LocalError::ProcessFiles)),
            (Errno::NFILE, Some(LocalError::SystemFiles)),
            (Errno::ADDRNOTAVAIL, Some(LocalError::Address)),
            (Errno::NOBUFS, Some(LocalError::Memory)),
            (Errno::NOMEM, Some(LocalError::Memory)),
            (Errno::NETUNREACH, Some(LocalError::Route)),
            (Errno::NETDOWN, Some(LocalError::Route)),
            (Errno::HOSTUNREACH, Some(LocalError::Route)),
            (Errno::ACCESS, Some(LocalError::Forbidden)),
            (Errno::PERM, Some(LocalError::Forbidden)),
            (Errno::CONNREFUSED, None),
            (Errno::CONNRESET, None),
            (Errno::TIMEDOUT, None),
        ] {
            assert_eq!(LocalError::of(&number.into()), local, "{number}");
        }
    }
}
