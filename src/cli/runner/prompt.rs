//! The prompt for a password.

use std::io;

use secrecy::SecretString;

use super::interrupt::Interrupt;

/// Asks on the terminal for a line that it does not show; `None` if the user interrupts.
///
/// The thread that reads leaves the modes of the terminal alone, for an interrupt leaves it behind.
#[cfg(unix)]
pub(super) async fn hidden_line(prompt: &str, interrupt: &Interrupt) -> io::Result<Option<SecretString>> {
    use std::fs::File;
    use std::io::{BufReader, Write as _};

    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let mut reader = BufReader::new(terminal.try_clone()?);
    // Before the prompt, so that nothing that answers it is shown.
    let echo_off = echo_off::EchoOff::of(terminal.try_clone()?)?;
    terminal.write_all(prompt.as_bytes())?;
    let line = interrupt.unless(move || super::consent::line(&mut reader)).await.transpose();
    drop(echo_off);
    // Enter has not been shown either.
    terminal.write_all(b"\n")?;
    let Some(mut line) = line? else { return Ok(None) };
    match line.pop() {
        None => return Err(io::ErrorKind::UnexpectedEof.into()),
        Some(b'\n') => {}
        Some(last) => line.push(last),
    }
    let line = String::from_utf8(line).map_err(|_| io::Error::other("not valid UTF-8"))?;
    Ok(Some(SecretString::from(line)))
}

/// The same for consoles.
#[cfg(windows)]
pub(super) async fn hidden_line(prompt: &str, interrupt: &Interrupt) -> io::Result<Option<SecretString>> {
    let prompt = prompt.to_owned();
    match interrupt.unless(|| rpassword::prompt_password(prompt)).await {
        Some(Ok(line)) => Ok(Some(SecretString::from(line))),
        // Ctrl-C is a key to it, for which it has sent the signal.
        Some(Err(error)) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        Some(Err(_)) | None => Ok(None),
    }
}

#[cfg(unix)]
mod echo_off {
    use std::fs::File;
    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// A terminal that does not show what is typed, until this is dropped. Ctrl-C stays a signal.
    pub(super) struct EchoOff {
        terminal: File,
        before: Termios,
    }

    impl EchoOff {
        pub(super) fn of(terminal: File) -> io::Result<Self> {
            let before = tcgetattr(&terminal)?;
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            tcsetattr(&terminal, OptionalActions::Now, &silent)?;
            Ok(Self { terminal, before })
        }
    }

    impl Drop for EchoOff {
        fn drop(&mut self) {
            // If the terminal is gone, so is what it would show.
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        }
    }
}
