//! The typed payload. It can only be created from a checked document, so no later step checks again.

mod json;
mod redact;
mod secret;

pub(crate) use json::{ConfigJson, PayloadJson, port};
pub use redact::{EXAMPLE_ID, Redacted, redact, redacted};
pub use secret::{HashedPassword, Secret, Unresolved, UnresolvedSecret, WeakPassword};

use crate::sql::Identifier;

/// The default port of Redshift, which GET returns if the payload has none.
pub const DEFAULT_PORT: u16 = 5439;

/// The content of a document.
#[derive(Clone, Debug)]
pub enum Body {
    /// A full payload.
    Payload(Payload),
    /// The credentials of a `DELETE`.
    Credentials(Credentials),
    /// A `DELETE` without a body.
    Empty,
    /// A response: one integration, a list, a status or an error.
    Response,
}

/// A full payload: the body of create, update and the script operations.
#[derive(Clone, Debug)]
pub struct Payload {
    /// Whether Immuta (or `apply`) sets Redshift up; otherwise the scripts are run manually.
    pub auto_bootstrap: bool,
    /// The bare host.
    pub host: String,
    /// The port, if the payload has one.
    pub port: Option<u16>,
    /// The database that Immuta manages.
    pub database: Identifier,
    /// The existing database to connect to first.
    pub initial_database: Identifier,
    /// The system account.
    pub authentication: Authentication,
    /// Whether users can act as other users; `None` if unspecified.
    pub impersonation: Option<Impersonation>,
}

/// The system account and how it logs in.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// `authenticationType: userPassword`
    UserPassword {
        /// The account.
        username: Identifier,
        /// Its password.
        password: Secret,
    },
    /// `authenticationType: okta`
    Okta(Okta),
}

/// The `okta` object.
#[derive(Clone, Debug)]
pub struct Okta {
    /// The account.
    pub username: Identifier,
    /// Its password at the identity provider.
    pub password: Secret,
    /// Okta's identifier of the application.
    pub app_id: String,
    /// The bare Okta host.
    pub idp_host: String,
    /// The role.
    pub role: String,
}

/// The `impersonation` object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impersonation {
    /// `enabled: false`, with an optional `role`, which is unused.
    Disabled {
        /// The unused group.
        role: Option<String>,
    },
    /// `enabled: true`
    Enabled {
        /// The group whose members can impersonate.
        role: Identifier,
    },
}

/// The flat body of a `DELETE`.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account that configured the integration.
    pub authentication: Authentication,
}

impl Authentication {
    /// The account's name.
    #[must_use]
    pub const fn username(&self) -> &Identifier {
        match self {
            Self::UserPassword { username, .. } => username,
            Self::Okta(okta) => &okta.username,
        }
    }

    /// The account's password.
    #[must_use]
    pub const fn password(&self) -> &Secret {
        match self {
            Self::UserPassword { password, .. } => password,
            Self::Okta(okta) => &okta.password,
        }
    }

    /// The value of `authenticationType`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::UserPassword { .. } => "userPassword",
            Self::Okta(_) => "okta",
        }
    }
}

impl Payload {
    /// The group whose members can impersonate, if impersonation is on.
    #[must_use]
    pub const fn impersonation_group(&self) -> Option<&Identifier> {
        match &self.impersonation {
            Some(Impersonation::Enabled { role }) => Some(role),
            _ => None,
        }
    }

    /// Whether `database` and `initialDatabase` are the same to Redshift, which folds ASCII letters.
    #[must_use]
    pub fn same_database(&self) -> bool {
        self.database.folded() == self.initial_database.folded()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Authentication, Impersonation, Okta, Payload, Secret};
    use crate::sql::Identifier;

    pub(crate) fn identifier(name: &str) -> Identifier {
        Identifier::new(name).expect("an identifier")
    }

    /// The vendor's automatic example.
    pub(crate) fn user_password(password: &str) -> Payload {
        Payload {
            auto_bootstrap: true,
            host: "organization.aws.amazon.com".to_owned(),
            port: None,
            database: identifier("immuta"),
            initial_database: identifier("REDSHIFT_SAMPLE_DATA"),
            authentication: Authentication::UserPassword {
                username: identifier("admin@example.com"),
                password: Secret::new(password),
            },
            impersonation: None,
        }
    }

    /// The vendor's manual example with impersonation.
    pub(crate) fn manual_okta(password: &str) -> Payload {
        Payload {
            auto_bootstrap: false,
            authentication: Authentication::Okta(Okta {
                username: identifier("admin@example.com"),
                password: Secret::new(password),
                app_id: "Okta".to_owned(),
                idp_host: "organization.okta.com".to_owned(),
                role: "admin".to_owned(),
            }),
            impersonation: Some(Impersonation::Enabled { role: identifier("immuta_impersonation") }),
            ..user_password(password)
        }
    }
}
