//! The prompt for a password.

use std::io;

use secrecy::SecretString;

use super::interrupt::Interrupt;

/// Reads a line from the terminal without echo; `None` if the user interrupts.
///
/// The reading thread does not change the modes of the terminal, because it keeps running after an interrupt.
#[cfg(unix)]
pub(super) async fn hidden_line(prompt: &str, interrupt: &Interrupt) -> io::Result<Option<SecretString>> {
    use std::fs::File;
    use std::io::{BufReader, Write as _};

    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let mut reader = BufReader::new(terminal.try_clone()?);
    // Before the prompt, so that no input is echoed.
    let echo_off = echo_off::EchoOff::of(terminal.try_clone()?)?;
    terminal.write_all(prompt.as_bytes())?;
    let line = interrupt.unless(move || super::consent::line(&mut reader)).await.transpose();
    drop(echo_off);
    // Enter was not echoed either.
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

/// Reads a line from the console without echo; `None` if the user interrupts.
#[cfg(windows)]
pub(super) async fn hidden_line(prompt: &str, interrupt: &Interrupt) -> io::Result<Option<SecretString>> {
    let prompt = prompt.to_owned();
    match interrupt.unless(|| rpassword::prompt_password(prompt)).await {
        Some(Ok(line)) => Ok(Some(SecretString::from(line))),
        // On Ctrl-C it has sent the signal itself.
        Some(Err(error)) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        Some(Err(_)) | None => Ok(None),
    }
}

#[cfg(unix)]
mod echo_off {
    use std::fs::File;
    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Disables the echo of a terminal until it is dropped. Ctrl-C still sends a signal.
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
            // An error means that the terminal is closed.
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        }
    }
}
