//! Asks for confirmation.

use std::io::{self, BufRead};

use super::super::Failure;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::interrupt::Interrupt;

/// The answer of the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// Ctrl-C instead of an answer.
    Interrupted,
}

/// Asks on the terminal.
///
/// # Errors
/// The answer cannot be read.
pub(super) async fn ask<S: System>(
    question: &str,
    interrupt: &Interrupt,
    terminal: &mut Terminal<'_, S>,
) -> Result<Answer, Failure> {
    terminal.eprint(&format!("{question} [y/N] "));
    let answer = answer(interrupt, || line(&mut io::stdin().lock()))
        .await
        .map_err(|error| Failure::Message(format!("cannot read the answer: {error}")))?;
    if answer == Answer::Interrupted {
        // The terminal shows `^C` without a line break.
        terminal.eprint("\n");
    }
    Ok(answer)
}

/// Reads the answer.
async fn answer(
    interrupt: &Interrupt,
    read: impl FnOnce() -> io::Result<Vec<u8>> + Send + 'static,
) -> io::Result<Answer> {
    Ok(match interrupt.unless(read).await.transpose()? {
        None => Answer::Interrupted,
        Some(line) if is_yes(&line) => Answer::Yes,
        Some(_) => Answer::No,
    })
}

/// The next line.
pub(super) fn line(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    Ok(line)
}

/// Whether a line is `y` or `yes`, case-insensitively.
fn is_yes(line: &[u8]) -> bool {
    let word = line.trim_ascii();
    word.eq_ignore_ascii_case(b"y") || word.eq_ignore_ascii_case(b"yes")
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Write as _, pipe};
    use std::time::Duration;

    use tokio::sync::watch;
    use tokio::time::timeout;

    use super::*;

    /// Long enough for slow machines.
    const TEST_TIMEOUT: Duration = Duration::from_secs(60);

    async fn answer_to(text: &[u8]) -> Answer {
        let (_interrupt, receiver) = watch::channel(false);
        let (reader, mut writer) = pipe().expect("a pipe");
        writer.write_all(text).expect("it is written");
        drop(writer);
        let interrupt = Interrupt::of(receiver);
        let answer = answer(&interrupt, move || line(&mut BufReader::new(reader)));
        timeout(TEST_TIMEOUT, answer).await.expect("an answer in time").expect("an answer")
    }

    #[tokio::test]
    async fn only_y_and_yes_confirm() {
        for yes in ["y\n", "Y\n", "yes\n", "YES\n", "Yes\r\n", " y \n", "\tyes", "y\nn\n"] {
            assert_eq!(answer_to(yes.as_bytes()).await, Answer::Yes, "{yes:?}");
        }
        for no in [
            "",
            "\n",
            "\r\n",
            "n\n",
            "no\n",
            "N\n",
            "ye\n",
            "yep\n",
            "yeah\n",
            "yess\n",
            "y!\n",
            "yy\n",
            "y y\n",
            "yes please\n",
            "yes, no\n",
            "ny\n",
            "1\n",
            "true\n",
            "ok\n",
            "j\n",
            "\ny\n",
            "n\ny\n",
            "\"y\"\n",
            "\u{feff}y\n",
            "\u{a0}y\n",
            "\u{ff59}\n",
            "y\u{0}\n",
            "\u{1b}[Ay\n",
        ] {
            assert_eq!(answer_to(no.as_bytes()).await, Answer::No, "{no:?}");
        }
        assert_eq!(answer_to(b"\xff\xfe\n").await, Answer::No, "invalid UTF-8 is a no, not an error");
    }

    /// The terminal returns nothing before Enter, and Ctrl-C must not wait for it.
    #[tokio::test]
    async fn interrupt_does_not_wait_for_the_answer() {
        let (interrupt, receiver) = watch::channel(false);
        let (reader, mut writer) = pipe().expect("a pipe");
        // An incomplete answer: `y` without Enter.
        writer.write_all(b"y").expect("it is written");
        let receiver = Interrupt::of(receiver);
        let answer = answer(&receiver, move || line(&mut BufReader::new(reader)));
        let interrupting = async {
            tokio::task::yield_now().await;
            interrupt.send(true).expect("a receiver");
        };
        let (answer, ()) =
            timeout(TEST_TIMEOUT, async { tokio::join!(answer, interrupting) }).await.expect("an end");
        assert_eq!(answer.expect("no error"), Answer::Interrupted);
        // This ends the reading thread.
        drop(writer);
    }

    #[tokio::test]
    async fn unreadable_answer_is_an_error() {
        let (_interrupt, receiver) = watch::channel(false);
        let answer = answer(&Interrupt::of(receiver), || Err(io::ErrorKind::PermissionDenied.into())).await;
        assert_eq!(answer.expect_err("an error").kind(), io::ErrorKind::PermissionDenied);
    }
}
