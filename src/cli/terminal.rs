//! The only module that writes to standard output and standard error.

use std::fmt::{self, Display};
use std::io::{self, ErrorKind};

use anstyle::{AnsiColor, Style};

use super::args::Color;
use super::exit::Exit;
use super::log_commands::Destination;
use super::system::{Stream, System};

/// The size of the output buffer, in bytes.
const BUFFER: usize = 1 << 16;

/// Standard output and standard error of a run.
pub(super) struct Terminal<'a, S> {
    system: &'a S,
    /// The output that has not been written yet.
    out: Vec<u8>,
    /// The reader has closed the pipe: further output is dropped, and the exit code stays the same.
    is_closed: bool,
    failure: Option<io::Error>,
    out_colored: bool,
    err_colored: bool,
    destination: Destination,
}

/// Text for people on its way to standard output, line by line.
pub(super) struct Text<'t, 'a, S: System> {
    terminal: &'t mut Terminal<'a, S>,
    /// What has come of the line.
    line: String,
}

impl<S: System> fmt::Write for Text<'_, '_, S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('\n') {
            self.line.push_str(part);
            if part.ends_with('\n') {
                self.terminal.print_text(&self.line);
                self.line.clear();
            }
        }
        Ok(())
    }
}

impl<S: System> Drop for Text<'_, '_, S> {
    fn drop(&mut self) {
        self.terminal.print_text(&self.line);
    }
}

/// Writes to standard output; write errors are reported at the end.
impl<S: System> fmt::Write for Terminal<'_, S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.print(text);
        Ok(())
    }
}

/// The same.
impl<S: System> io::Write for Terminal<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.print_bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a, S: System> Terminal<'a, S> {
    /// Detects whether to use color.
    pub(super) fn new(system: &'a S, choice: Color) -> Self {
        let out_colored = system.is_colored(Stream::Out, choice);
        let err_colored = system.is_colored(Stream::Err, choice);
        let destination = Destination::of(system);
        Self {
            system,
            out: Vec::new(),
            is_closed: false,
            failure: None,
            out_colored,
            err_colored,
            destination,
        }
    }

    /// The environment.
    pub(super) const fn system(&self) -> &'a S {
        self.system
    }

    /// Whether to use color on standard output.
    pub(super) const fn out_colored(&self) -> bool {
        self.out_colored
    }

    /// Whether to use color on standard error.
    pub(super) const fn err_colored(&self) -> bool {
        self.err_colored
    }

    /// Writes data to standard output, as it is.
    pub(super) fn print(&mut self, text: &str) {
        self.print_bytes(text.as_bytes());
    }

    fn print_bytes(&mut self, bytes: &[u8]) {
        if !self.is_closed {
            self.out.extend_from_slice(bytes);
            if self.out.len() >= BUFFER {
                self.flush();
            }
        }
    }

    /// Writes data to standard output, with a line break at the end if `text` has none.
    pub(super) fn print_line(&mut self, text: &str) {
        self.print(text);
        if !text.ends_with('\n') {
            self.print("\n");
        }
    }

    /// A writer for text, without commands to the log of a CI system.
    pub(super) fn text(&mut self) -> Text<'_, 'a, S> {
        Text { terminal: self, line: String::new() }
    }

    /// Writes lines of text to standard output, without commands to the log of a CI system.
    pub(super) fn print_text(&mut self, text: &str) {
        self.print(&self.destination.text(text));
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

    /// Writes lines of text to standard error, without commands to the log of a CI system.
    pub(super) fn eprint(&mut self, text: &str) {
        // Keeps the order of both streams if they are the same terminal.
        self.flush();
        // If standard error is closed, the error cannot be reported.
        let _ = self.system.print(Stream::Err, self.destination.text(text).as_bytes());
    }

    fn say(&mut self, color: AnsiColor, level: &str, message: &dyn Display) {
        let style = if self.err_colored { color.on_default().bold() } else { Style::new() };
        self.eprint(&format!("{style}{level}{style:#}: {message}\n"));
    }

    /// Writes the buffered output.
    pub(super) fn flush(&mut self) {
        if self.out.is_empty() {
            return;
        }
        if let Err(error) = self.system.print(Stream::Out, &self.out) {
            if error.kind() != ErrorKind::BrokenPipe {
                self.failure = Some(error);
            }
            self.is_closed = true;
        }
        self.out.clear();
    }

    /// Writes the rest of the output. Returns `exit`, unless writing fails.
    pub(super) fn finish(mut self, exit: Exit) -> Exit {
        self.flush();
        match self.failure.take() {
            None => exit,
            Some(failure) => {
                self.error(format_args!("cannot write to standard output: {failure}"));
                exit.max(Exit::Usage)
            }
        }
    }

    /// Writes the message of clap: help to standard output, errors to standard error. Then the run ends.
    pub(super) fn finish_with(self, error: &clap::Error) -> Exit {
        let (stream, is_colored, exit) = if error.use_stderr() {
            (Stream::Err, self.err_colored, Exit::Usage)
        } else {
            (Stream::Out, self.out_colored, Exit::Fine)
        };
        let system = self.system;
        let text = error.render();
        let text = if is_colored { text.ansi().to_string() } else { text.to_string() };
        let destination = self.destination;
        self.finish(exit);
        // A closed pipe is not an error.
        let _ = system.print(stream, destination.text(&text).as_bytes());
        exit
    }
}
