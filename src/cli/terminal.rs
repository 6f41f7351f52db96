//! The only module that writes to standard output and standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, StderrLock, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::exit::Exit;

/// Standard output and standard error of a run.
pub(super) struct Terminal {
    out: BufWriter<StdoutLock<'static>>,
    /// Nobody reads on: the rest is dropped, and the run ends with the code that it would have had.
    is_closed: bool,
    failure: Option<io::Error>,
    out_coloured: bool,
    err_coloured: bool,
}

impl Terminal {
    /// Asks whether colours are wanted: `choice`, then `NO_COLOR` and its like, then whether it is a terminal.
    pub(super) fn new(choice: ColorChoice) -> Self {
        choice.write_global();
        let out_coloured = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let err_coloured = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        Self { out, is_closed: false, failure: None, out_coloured, err_coloured }
    }

    /// Whether standard output takes colours.
    pub(super) const fn out_coloured(&self) -> bool {
        self.out_coloured
    }

    /// Whether standard error takes colours.
    pub(super) const fn err_coloured(&self) -> bool {
        self.err_coloured
    }

    /// Writes to standard output.
    pub(super) fn print(&mut self, text: &str) {
        if !self.is_closed {
            let result = self.out.write_all(text.as_bytes());
            self.note(result);
        }
    }

    /// Writes to standard output, with a line break at the end if `text` has none.
    pub(super) fn print_line(&mut self, text: &str) {
        self.print(text);
        if !text.ends_with('\n') {
            self.print("\n");
        }
    }

    /// Writes `error: …` to standard error.
    pub(super) fn error(&mut self, message: impl Display) {
        self.say(AnsiColor::BrightRed, "error", &message);
    }

    /// Writes `warning: …` to standard error.
    pub(super) fn warning(&mut self, message: impl Display) {
        self.say(AnsiColor::BrightYellow, "warning", &message);
    }

    /// Writes `note: …` to standard error.
    pub(super) fn note_line(&mut self, message: impl Display) {
        self.say(AnsiColor::BrightGreen, "note", &message);
    }

    /// Writes to standard error.
    pub(super) fn eprint(&mut self, text: &str) {
        // What was printed before stands before it, where both are the same terminal.
        let flushed = self.out.flush();
        self.note(flushed);
        let mut err: StderrLock<'_> = io::stderr().lock();
        // If standard error is gone, there is nobody left to tell.
        let _ = err.write_all(text.as_bytes());
    }

    fn say(&mut self, colour: AnsiColor, level: &str, message: &dyn Display) {
        let style = if self.err_coloured { colour.on_default().bold() } else { Style::new() };
        self.eprint(&format!("{style}{level}{style:#}: {message}\n"));
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            if error.kind() != ErrorKind::BrokenPipe && self.failure.is_none() {
                self.failure = Some(error);
            }
            self.is_closed = true;
        }
    }

    /// Writes out what is left; `exit`, unless standard output failed.
    pub(super) fn finish(mut self, exit: Exit) -> Exit {
        if !self.is_closed {
            let flushed = self.out.flush();
            self.note(flushed);
        }
        match self.failure.take() {
            None => {
                if self.is_closed {
                    // Dropping the buffer would try again.
                    let _ = self.out.into_parts();
                }
                exit
            }
            Some(failure) => {
                self.error(format_args!("cannot write to standard output: {failure}"));
                let _ = self.out.into_parts();
                exit.max(Exit::Usage)
            }
        }
    }
}

/// Writes to standard error when all else has failed.
pub(super) fn last_words(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
