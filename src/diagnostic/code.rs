//! Diagnostic codes and severities.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::text::suggest;

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For information.
    Note,
    /// Probably not intended, or only inferred to be invalid.
    Warning,
    /// The API or Redshift would reject it.
    Error,
}

impl Severity {
    /// The name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// The code of a diagnostic. Codes are stable: they keep their meaning, and minor versions only add new ones.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The kebab-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The default severity, which may depend on the context.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The text is not JSON or YAML.
    Syntax = "syntax", Error;
    /// A duplicate key in an object.
    DuplicateKey = "duplicate-key", Error;
    /// Nesting beyond [`crate::document::Limits::depth`].
    TooDeep = "too-deep", Error;
    /// Text beyond [`crate::document::Limits::bytes`].
    TooLarge = "too-large", Error;
    /// Aliases that expand beyond [`crate::document::Limits::alias_nodes`].
    AliasLimit = "alias-limit", Error;
    /// A required key is missing.
    MissingProperty = "missing-property", Error;
    /// A key that the schema does not describe.
    UnknownProperty = "unknown-property", Error;
    /// A value of the wrong type.
    WrongType = "wrong-type", Error;
    /// A value that is not one of those allowed.
    InvalidValue = "invalid-value", Error;
    /// A number outside its range.
    OutOfRange = "out-of-range", Error;
    /// A string or list that is empty or too long.
    InvalidLength = "invalid-length", Error;
    /// A string with an invalid format.
    InvalidFormat = "invalid-format", Error;
    /// Credentials that do not match `authenticationType`.
    AuthenticationMismatch = "authentication-mismatch", Error;
    /// A scheme, port, path, user or whitespace in a host.
    HostNotBare = "host-not-bare", Error;
    /// `<REDACTED>`, copied from a response.
    RedactedValue = "redacted-value", Error;
    /// Impersonation without a role.
    ImpersonationRoleMissing = "impersonation-role-missing", Error;
    /// An identifier longer than 127 bytes.
    IdentifierTooLong = "identifier-too-long", Error;
    /// A name that Redshift rejects.
    IdentifierInvalid = "identifier-invalid", Error;
    /// A reserved Redshift database as the new database.
    ReservedDatabase = "reserved-database", Error;
    /// A script operation with `autoBootstrap: true`.
    BootstrapMode = "bootstrap-mode", Error;
    /// A change of a property that cannot be changed.
    NotEditable = "not-editable", Error;
    /// A `DELETE` without credentials for an integration that was set up automatically.
    CredentialsRequired = "credentials-required", Error;
    /// A `DELETE` with credentials for an integration that was set up manually.
    CredentialsNotAllowed = "credentials-not-allowed", Error;
    /// Several payloads of a run for the same host.
    IntegrationConflict = "integration-conflict", Error;
    /// Another platform's payload.
    UnsupportedType = "unsupported-type", Error;
    /// A `${NAME}` whose variable does not contain a usable password.
    UnresolvedSecret = "unresolved-secret", Error;
    /// `database` equals `initialDatabase`.
    SameDatabase = "same-database", Warning;
    /// An unresolved placeholder: an error where the values are used.
    Placeholder = "placeholder", Warning;
    /// An invisible or typographic character: an error if the value cannot be used with it.
    SuspiciousCharacter = "suspicious-character", Warning;
    /// An upper-case name that Redshift stores in lower case.
    FoldedIdentifier = "folded-identifier", Warning;
    /// A password that violates the rules of Redshift.
    WeakPassword = "weak-password", Warning;
    /// A hash instead of a password.
    HashedPassword = "hashed-password", Warning;
    /// A secret in plain text.
    PlaintextSecret = "plaintext-secret", Warning;
    /// Okta is deprecated.
    OktaDeprecated = "okta-deprecated", Warning;
    /// Okta with automatic setup.
    OktaAutomatic = "okta-automatic", Warning;
    /// A role although impersonation is disabled.
    UnusedRole = "unused-role", Note;
    /// A value that YAML 1.1 reads as another type or number.
    AmbiguousScalar = "ambiguous-scalar", Note;
    /// A documented error of the API.
    HttpError = "http-error", Note;
    /// More than [`crate::document::Limits::diagnostics`]: as severe as the worst one that is not listed.
    TooManyDiagnostics = "too-many-diagnostics", Error;
}

impl Code {
    /// The URL of the documentation for this version.
    #[must_use]
    pub fn docs(self) -> String {
        const PAGES: &str =
            concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/src/check/rules");
        format!("{PAGES}/{}.md", self.as_str().replace('-', "_"))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error for an unknown code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// The unknown name.
    pub name: String,
    /// A code with a similar name.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown code `{}`", self.name)?;
        if let Some(suggestion) = self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name).ok_or_else(|| UnknownCode {
            name: name.to_owned(),
            suggestion: suggest::closest(name, Self::ALL.iter().map(|code| code.as_str())),
        })
    }
}
