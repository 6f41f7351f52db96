//! The echo of the terminal, which is off while a password is typed.

/// The terminal as it was before.
///
/// A thread that waits for a password turns the echo on again when it has read one. If an interrupt leaves it behind,
/// that falls to this.
#[cfg(unix)]
pub(super) struct Echo(Option<(std::fs::File, rustix::termios::Termios)>);

#[cfg(unix)]
impl Echo {
    /// Takes note of how the terminal is, if there is one.
    pub(super) fn note() -> Self {
        let note = || {
            let terminal = std::fs::File::open("/dev/tty").ok()?;
            let state = rustix::termios::tcgetattr(&terminal).ok()?;
            Some((terminal, state))
        };
        Self(note())
    }

    /// Makes it so again.
    pub(super) fn restore(&self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Self(Some((terminal, state))) = self {
            // If the terminal is gone, so is what it would show.
            let _ = tcsetattr(terminal, OptionalActions::Now, state);
        }
    }
}

/// Consoles whose mode is the process's alone need nothing.
#[cfg(not(unix))]
pub(super) struct Echo;

#[cfg(not(unix))]
impl Echo {
    pub(super) const fn note() -> Self {
        Self
    }

    pub(super) const fn restore(&self) {}
}
