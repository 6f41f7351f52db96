//! Objects that a user owns, or that a user or group has privileges on.

use super::super::error::StatementError;
use super::super::facts::Reader;
use super::super::privilege_list::delimited;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Database,
    Schema,
    Table,
    View,
    Function,
    Procedure,
    Language,
    /// Default privileges on objects that are created later: tables, functions or procedures.
    Defaults(&'static str),
}

impl Kind {
    /// Parses the name that the query returns.
    fn named(name: &str) -> Self {
        match name {
            "database" => Self::Database,
            "schema" => Self::Schema,
            "view" => Self::View,
            "function" => Self::Function,
            "procedure" => Self::Procedure,
            "language" => Self::Language,
            "tables" => Self::Defaults("TABLES"),
            "functions" => Self::Defaults("FUNCTIONS"),
            "procedures" => Self::Defaults("PROCEDURES"),
            _ => Self::Table,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Table => "table",
            Self::View => "view",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Language => "language",
            Self::Defaults(_) => "default privileges",
        }
    }

    /// The keyword in `GRANT` and `ALTER`, which use `TABLE` for views.
    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::Database => "DATABASE",
            Self::Schema => "SCHEMA",
            Self::Table | Self::View | Self::Defaults(_) => "TABLE",
            Self::Function => "FUNCTION",
            Self::Procedure => "PROCEDURE",
            Self::Language => "LANGUAGE",
        }
    }
}

/// The catalog entry of an object.
pub(super) struct Object {
    pub(super) kind: Kind,
    /// Empty for objects outside of schemas.
    pub(super) schema: String,
    pub(super) name: String,
    /// The argument types of a function or procedure.
    pub(super) arguments: String,
    /// Empty if there is none, or it was dropped.
    pub(super) owner: String,
    pub(super) privileges: String,
}

impl Object {
    pub(super) fn read(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            kind: Kind::named(row.text()?.trim_end()),
            schema: row.text()?,
            name: row.text()?,
            arguments: row.text()?,
            owner: row.text()?,
            privileges: row.text()?,
        })
    }

    /// The name for messages.
    pub(super) fn display_name(&self) -> String {
        let Self { kind, schema, name, arguments, .. } = self;
        let dot = if schema.is_empty() { "" } else { "." };
        match kind {
            Kind::Function | Kind::Procedure => {
                format!("the {} `{schema}{dot}{name}({arguments})`", kind.name())
            }
            _ => format!("the {} `{schema}{dot}{name}`", kind.name()),
        }
    }

    /// The name in SQL.
    pub(super) fn sql(&self) -> String {
        let Self { kind, schema, name, arguments, .. } = self;
        let schema = if schema.is_empty() { String::new() } else { format!("{}.", delimited(schema)) };
        let arguments = match kind {
            Kind::Function | Kind::Procedure => format!("({arguments})"),
            _ => String::new(),
        };
        format!("{schema}{}{arguments}", delimited(name))
    }
}
