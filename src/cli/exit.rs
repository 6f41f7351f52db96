//! How a run ends.

use std::process::ExitCode;

/// The exit codes. Of several the greater wins, but for [`Exit::Interrupted`], which ends the run at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Fine; there may be warnings and notes.
    #[default]
    Fine,
    /// Something in the payload is wrong, or `--deny-warnings` and there is a warning.
    Payload,
    /// Usage, or a file that can't be read or written.
    Usage,
    /// Applying failed, perhaps part-way, or the user declined it (feature `native`).
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
    0  fine; there may be warnings and notes
    1  something in the payload is wrong, or --deny-warnings and there is a warning
    2  usage, or a file that can't be read or written
    3  applying failed, perhaps part-way, or was declined
  130  interrupted";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lists_every_code() {
        let all = [Exit::Fine, Exit::Payload, Exit::Usage, Exit::PartWay, Exit::Interrupted];
        let listed: Vec<&str> =
            TABLE.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(listed, all.map(|exit| exit.code().to_string()));
        assert!(all.is_sorted());
    }
}
