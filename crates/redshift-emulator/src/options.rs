//! How to start an emulator.

use std::error::Error;
use std::fmt;

/// The kind of cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A provisioned cluster in one availability zone.
    #[default]
    Provisioned,
    /// A Multi-AZ cluster: it has no `STL_`, `STV_`, `SVCS_`, `SVL_` and `SVV_`.
    MultiAz,
    /// A Serverless workgroup: it has no `STL_`, `STV_`, `SVCS_`, `SVL_` and some `SVV_`.
    Serverless,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::MultiAz => "multi-az",
            Self::Serverless => "serverless",
        }
    }
}

/// How an emulator behaves. The default is a provisioned cluster on a free port, without user lockout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The port on the loopback interface; 0 chooses a free port.
    pub port: u16,
    /// The kind of cluster.
    pub kind: Kind,
    /// The number of consecutive failed logins that lock a user, if any; Redshift's default is 5.
    pub lockout: Option<u32>,
    /// Whether users who are not superusers see only themselves and the objects that they may use in the catalog, as with
    /// `metadata_security`.
    pub metadata_security: bool,
    /// How many of the next commits and changes of objects fail because of a conflict with a concurrent transaction.
    pub conflicts: u32,
    /// Whether revoked default privileges leave an empty entry in the catalog, which prevents `DROP USER`.
    pub default_privileges_remain: bool,
}

impl Options {
    /// The settings that PostgreSQL's functions and triggers of the emulator read.
    pub(super) fn settings(&self) -> String {
        let on = |flag| if flag { "on" } else { "off" };
        format!(
            "emulator.kind = '{}'\nemulator.metadata_security = {}\nemulator.default_privileges_remain = {}\n",
            self.kind.name(),
            on(self.metadata_security),
            on(self.default_privileges_remain)
        )
    }
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
