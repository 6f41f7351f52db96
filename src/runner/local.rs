//! What this machine refuses, before anything reaches the server.

use std::io;

/// Why this machine opens no connection: that says nothing about the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LocalError {
    /// The process has as many files open as it may.
    ProcessFiles,
    /// The whole system has.
    SystemFiles,
    /// There is no free local port, or no address of that kind.
    Address,
    /// There is no memory for it.
    Memory,
    /// No route leads to the host.
    Route,
    /// A rule of this machine forbids it.
    Forbidden,
}

impl LocalError {
    /// `None` if the other side may have to do with it.
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

    /// Of those that the standard library has no kind for.
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

    /// Of those that the standard library has no kind for:
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

    /// What to do about it.
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
    fn what_this_machine_refuses_is_told_from_what_the_server_does() {
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
