//! The operations of the integrations API, under the names that the command line, the npm package and the page share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of document that an [`Operation`] expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyKind {
    /// A full payload: `type`, `autoBootstrap`, `config`.
    Payload,
    /// The flat credentials of a `DELETE`.
    Credentials,
    /// One integration: the response of `GET /integrations/{id}`.
    Integration,
    /// Integrations: the response of `GET /integrations`.
    IntegrationList,
    /// `id`, `status`, `validationResults`: the response to create, update, delete and status.
    Status,
    /// `statusCode`, `error`, `message`.
    Error,
}

impl BodyKind {
    /// Whether it is the body of a request, not of a response.
    #[must_use]
    pub const fn is_request(self) -> bool {
        matches!(self, Self::Payload | Self::Credentials)
    }
}

/// An operation of the integrations API, or the form of one of its responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// `POST /integrations`
    Create,
    /// `POST /integrations/scripts/initial-create`
    ScriptInitialCreate,
    /// `POST /integrations/scripts/create`
    ScriptCreate,
    /// `PUT /integrations/{id}`
    Update,
    /// `POST /integrations/{id}/scripts/edit`
    ScriptEdit,
    /// `DELETE /integrations/{id}`
    Delete,
    /// `POST /integrations/{id}/scripts/delete`
    ScriptDelete,
    /// `POST /integrations/scripts/cleanup`
    ScriptCleanup,
    /// `GET /integrations/{id}`; the document is its response.
    Get,
    /// `GET /integrations`; the document is its response.
    List,
    /// `GET /integrations/{id}/status`; the document is its response.
    Status,
    /// The envelope of an HTTP error.
    Error,
}

impl Operation {
    /// All operations, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Create,
        Self::ScriptInitialCreate,
        Self::ScriptCreate,
        Self::Update,
        Self::ScriptEdit,
        Self::Delete,
        Self::ScriptDelete,
        Self::ScriptCleanup,
        Self::Get,
        Self::List,
        Self::Status,
        Self::Error,
    ];

    /// The name on the command line, in npm and on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::ScriptInitialCreate => "script-initial-create",
            Self::ScriptCreate => "script-create",
            Self::Update => "update",
            Self::ScriptEdit => "script-edit",
            Self::Delete => "delete",
            Self::ScriptDelete => "script-delete",
            Self::ScriptCleanup => "script-cleanup",
            Self::Get => "get",
            Self::List => "list",
            Self::Status => "status",
            Self::Error => "error",
        }
    }

    /// The HTTP method; `None` for [`Operation::Error`], which is not a request.
    #[must_use]
    pub const fn method(self) -> Option<&'static str> {
        match self {
            Self::Create
            | Self::ScriptInitialCreate
            | Self::ScriptCreate
            | Self::ScriptEdit
            | Self::ScriptDelete
            | Self::ScriptCleanup => Some("POST"),
            Self::Update => Some("PUT"),
            Self::Delete => Some("DELETE"),
            Self::Get | Self::List | Self::Status => Some("GET"),
            Self::Error => None,
        }
    }

    /// The path below the Immuta URL, with `{id}` for the integration's identifier.
    #[must_use]
    pub const fn path(self) -> Option<&'static str> {
        match self {
            Self::Create | Self::List => Some("/integrations"),
            Self::ScriptInitialCreate => Some("/integrations/scripts/initial-create"),
            Self::ScriptCreate => Some("/integrations/scripts/create"),
            Self::Update | Self::Delete | Self::Get => Some("/integrations/{id}"),
            Self::ScriptEdit => Some("/integrations/{id}/scripts/edit"),
            Self::ScriptDelete => Some("/integrations/{id}/scripts/delete"),
            Self::ScriptCleanup => Some("/integrations/scripts/cleanup"),
            Self::Status => Some("/integrations/{id}/status"),
            Self::Error => None,
        }
    }

    /// The kind of document for this operation.
    #[must_use]
    pub const fn body_kind(self) -> BodyKind {
        match self {
            Self::Create
            | Self::ScriptInitialCreate
            | Self::ScriptCreate
            | Self::Update
            | Self::ScriptEdit
            | Self::ScriptDelete
            | Self::ScriptCleanup => BodyKind::Payload,
            Self::Delete => BodyKind::Credentials,
            Self::Get => BodyKind::Integration,
            Self::List => BodyKind::IntegrationList,
            Self::Status => BodyKind::Status,
            Self::Error => BodyKind::Error,
        }
    }

    /// Whether this is one of the script endpoints, which accept only `autoBootstrap: false`.
    #[must_use]
    pub const fn is_script(self) -> bool {
        matches!(
            self,
            Self::ScriptInitialCreate
                | Self::ScriptCreate
                | Self::ScriptEdit
                | Self::ScriptDelete
                | Self::ScriptCleanup
        )
    }

    /// Whether the operation changes an existing integration, so that it takes the old payload.
    #[must_use]
    pub const fn is_change(self) -> bool {
        matches!(self, Self::Update | Self::ScriptEdit)
    }

    /// Whether the check takes the current payload.
    #[must_use]
    pub const fn takes_old(self) -> bool {
        self.is_change() || matches!(self, Self::Delete | Self::ScriptDelete)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error for an unknown operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOperation {
    /// The unknown name.
    pub name: String,
    /// The closest operation.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown operation `{}`", self.name)?;
        if let Some(suggestion) = self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownOperation {}

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|operation| operation.name() == name).ok_or_else(|| UnknownOperation {
            name: name.to_owned(),
            suggestion: crate::text::suggest::closest(name, Self::ALL.into_iter().map(Self::name)),
        })
    }
}
