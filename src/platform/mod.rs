//! The platforms that Immuta integrates. Bootshift supports Redshift, and recognizes the payloads of the others.

pub(crate) mod redshift;

/// A platform, by the `type` of its integrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    Redshift,
    Snowflake,
    Databricks,
    AzureSynapse,
    BigQuery,
    S3,
    Trino,
}

impl Platform {
    /// All of them, in the order of the documentation.
    pub(crate) const ALL: [Self; 7] = [
        Self::Redshift,
        Self::Snowflake,
        Self::Databricks,
        Self::AzureSynapse,
        Self::BigQuery,
        Self::S3,
        Self::Trino,
    ];

    /// The `type`, as the documentation spells it.
    pub(crate) const fn type_name(self) -> &'static str {
        match self {
            Self::Redshift => "Redshift",
            Self::Snowflake => "Snowflake",
            Self::Databricks => "Databricks",
            Self::AzureSynapse => "Azure Synapse Analytics",
            Self::BigQuery => "Google BigQuery",
            Self::S3 => "Native S3",
            Self::Trino => "Trino",
        }
    }

    /// Its common name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::S3 => "Amazon S3",
            other => other.type_name(),
        }
    }

    /// The platform of a `type`, ignoring case.
    pub(crate) fn of_type(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.type_name().eq_ignore_ascii_case(name))
    }

    /// Keys of its configuration that do not exist in Redshift's, but may be copied there.
    const fn foreign_keys(self) -> &'static [&'static str] {
        match self {
            Self::Redshift | Self::Trino => &[],
            Self::Snowflake => &["workspaces", "audit", "lineage", "warehouse"],
            Self::Databricks => &["workspaceUrl", "httpPath", "token", "catalog", "audit"],
            Self::AzureSynapse => &["schema"],
            Self::BigQuery => &["datasetSuffix"],
            Self::S3 => &["awsRegion", "awsAccountId"],
        }
    }

    /// The platforms whose configuration has a key that Redshift's does not have.
    pub(crate) fn with_foreign_key(key: &str) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |platform| platform.foreign_keys().contains(&key))
    }
}
