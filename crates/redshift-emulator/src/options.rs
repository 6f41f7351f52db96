//! How to start an emulator.

use std::error::Error;
use std::fmt;

/// How an emulator behaves. The default is a provisioned cluster on a free port.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The port on the loopback interface; 0 is any free port.
    pub port: u16,
}

/// Why an emulator does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError(pub(super) String);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for StartError {}
