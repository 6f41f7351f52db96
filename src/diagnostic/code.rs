//! The stable codes, and how bad each is.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::text::suggest;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably not what was meant, or only inferred to be wrong.
    Warning,
    /// The API or Redshift would refuse it.
    Error,
}

impl Severity {
    /// The word in reports.
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
        /// The stable code of a diagnostic: once published it keeps its meaning. Minor versions add codes.
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

            /// The severity, where the circumstances do not change it.
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
    /// A key stands twice in one object.
    DuplicateKey = "duplicate-key", Error;
    /// Nesting beyond [`crate::document::Limits::depth`].
    TooDeep = "too-deep", Error;
    /// Text beyond [`crate::document::Limits::bytes`].
    TooLarge = "too-large", Error;
    /// Aliases that expand beyond [`crate::document::Limits::alias_nodes`].
    AliasLimit = "alias-limit", Error;
    /// A required key is missing.
    MissingProperty = "missing-property", Error;
    /// A key that the schema does not know.
    UnknownProperty = "unknown-property", Error;
    /// A value of the wrong type.
    WrongType = "wrong-type", Error;
    /// A value that is none of those allowed.
    InvalidValue = "invalid-value", Error;
    /// A number outside its range.
    OutOfRange = "out-of-range", Error;
    /// A string or array too short or too long.
    InvalidLength = "invalid-length", Error;
    /// A string that is not of the form that its place asks for.
    InvalidFormat = "invalid-format", Error;
    /// Credentials that do not go with `authenticationType`.
    AuthenticationMismatch = "authentication-mismatch", Error;
    /// A scheme, port, path, user or white space in a host.
    HostNotBare = "host-not-bare", Error;
    /// `<REDACTED>`: a copied GET response.
    RedactedValue = "redacted-value", Error;
    /// Impersonation without a group.
    ImpersonationRoleMissing = "impersonation-role-missing", Error;
    /// An identifier over 127 bytes.
    IdentifierTooLong = "identifier-too-long", Error;
    /// A name that Redshift refuses.
    IdentifierInvalid = "identifier-invalid", Error;
    /// A database of Redshift's own as the new database.
    ReservedDatabase = "reserved-database", Error;
    /// A script operation with `autoBootstrap: true`.
    BootstrapMode = "bootstrap-mode", Error;
    /// A change of what identifies the integration.
    NotEditable = "not-editable", Error;
    /// A `DELETE` without the credentials that an automatic integration needs.
    CredentialsRequired = "credentials-required", Error;
    /// A `DELETE` with credentials for a manual integration.
    CredentialsNotAllowed = "credentials-not-allowed", Error;
    /// Two payloads of one run for one host.
    IntegrationConflict = "integration-conflict", Error;
    /// Another platform's payload.
    UnsupportedType = "unsupported-type", Error;
    /// A `${NAME}` whose variable gives no password.
    UnresolvedSecret = "unresolved-secret", Error;
    /// `database` equals `initialDatabase`.
    SameDatabase = "same-database", Warning;
    /// A value that something else was to fill in: an error where the values are used.
    Placeholder = "placeholder", Warning;
    /// An invisible or typographic character: an error where the value cannot be used with it.
    SuspiciousCharacter = "suspicious-character", Warning;
    /// Upper case that Redshift folds.
    FoldedIdentifier = "folded-identifier", Warning;
    /// A password against Redshift's rules.
    WeakPassword = "weak-password", Warning;
    /// A hash in the password's place.
    HashedPassword = "hashed-password", Warning;
    /// A secret in plain text.
    PlaintextSecret = "plaintext-secret", Warning;
    /// Okta is deprecated.
    OktaDeprecated = "okta-deprecated", Warning;
    /// Okta with automatic set-up.
    OktaAutomatic = "okta-automatic", Warning;
    /// A group without impersonation.
    UnusedRole = "unused-role", Note;
    /// A value that YAML 1.1 reads as another type or number.
    AmbiguousScalar = "ambiguous-scalar", Note;
    /// A documented error of the API.
    HttpError = "http-error", Note;
    /// More than [`crate::document::Limits::diagnostics`]: as severe as the worst that is left out.
    TooManyDiagnostics = "too-many-diagnostics", Error;
}

impl Code {
    /// The address of the page that explains it, as this version has it.
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

/// The name is no code's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// The name that was given.
    pub name: String,
    /// The code that was probably meant.
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
