//! Exit codes.

use std::process::ExitCode;

/// The exit codes. If several apply, the greatest is returned; [`Exit::Interrupted`] ends the run at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success; there may be warnings and notes.
    #[default]
    Fine,
    /// The payload has an error, or a warning with `--deny-warnings`.
    Payload,
    /// Invalid usage, or a file that cannot be read or written.
    Usage,
    /// Applying failed, possibly after some statements, or was declined (feature `native`).
    PartWay,
    /// Interrupted (128 + SIGINT): the default action of the signal.
    Interrupted,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Payload => 1,
            Self::Usage => 2,
            Self::PartWay => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The table for `--help`.
pub(super) const TABLE: &str = "\
Exit codes:
    0  success; there may be warnings and notes
    1  the payload has an error, or a warning with `--deny-warnings`
    2  invalid usage, or a file that cannot be read or written
    3  applying failed, possibly after some statements, or was declined
  130  interrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_lists_every_exit_code() {
        let all = [Exit::Fine, Exit::Payload, Exit::Usage, Exit::PartWay, Exit::Interrupted];
        let listed: Vec<&str> =
            TABLE.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(listed, all.map(|exit| exit.code().to_string()));
        assert!(all.is_sorted());
    }
}
