//! The objects of a database that a user or a group has something to do with.

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
    /// Default privileges on what is made later: on tables, functions or procedures.
    Defaults(&'static str),
}

impl Kind {
    /// As the query calls it.
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

    /// The word of `GRANT` and `ALTER`, which have none for views.
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

/// What the catalog says of an object.
pub(super) struct Object {
    pub(super) kind: Kind,
    /// Empty for what is in none.
    pub(super) schema: String,
    pub(super) name: String,
    /// Of a routine.
    pub(super) arguments: String,
    /// Empty where there is none, or it is no user.
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

    /// What people call it.
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

    /// Its name in SQL.
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
