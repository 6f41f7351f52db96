//! Explanations of diagnostic codes. Each rule has one.

/// The explanation of a diagnostic code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// A short summary.
    pub title: &'static str,
    /// What was found.
    pub what: &'static str,
    /// Why it is reported, and whether this is documented or inferred.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// YAML with the problem.
    pub wrong: &'static str,
    /// The same YAML without the problem.
    pub right: &'static str,
    /// The public pages that document the reason; empty for a decision of Bootshift.
    pub sources: &'static [&'static str],
}

/// Public pages that document the facts; the book lists them too.
pub(super) mod source {
    /// Immuta's guide to this API.
    pub(in crate::check) const IMMUTA_API: &str = "https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/redshift-api";
    pub(in crate::check) const IMMUTA_PAYLOAD: &str = "https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/reference-guides/payload";
    pub(in crate::check) const IMMUTA_STATUS_CODES: &str = "https://documentation.immuta.com/SaaS/developer-guides/api-intro/integrations-api/reference-guides/status-codes";
    pub(in crate::check) const IMMUTA_OVERVIEW: &str =
        "https://documentation.immuta.com/2024.2/data-and-integrations/redshift/reference-guides/redshift";
    pub(in crate::check) const IMMUTA_PRE_CONFIGURATION: &str = "https://documentation.immuta.com/2024.2/data-and-integrations/redshift/reference-guides/pre-configuration";
    pub(in crate::check) const IMMUTA_PRE_CONFIGURATION_2024_3: &str =
        "https://documentation.immuta.com/2024.3/integrations/redshift/reference-guides/pre-configuration";
    pub(in crate::check) const IMMUTA_IMPERSONATION: &str =
        "https://docs-immuta-2024-2.netlify.app/2024.2/configure-integration/people/user-impersonation";
    /// A third party's summary of Immuta's documentation, including the errors.
    pub(in crate::check) const IMMUTA_ERRORS: &str = "https://github.com/api-evangelist/immuta";
    pub(in crate::check) const REDSHIFT_NAMES: &str =
        "https://docs.aws.amazon.com/redshift/latest/dg/r_names.html";
    pub(in crate::check) const REDSHIFT_CREATE_USER: &str =
        "https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html";
    pub(in crate::check) const REDSHIFT_CREATE_GROUP: &str =
        "https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_GROUP.html";
    pub(in crate::check) const REDSHIFT_USERS: &str =
        "https://docs.aws.amazon.com/redshift/latest/dg/r_Users-creatingaltering-and-deleting-users.html";
    pub(in crate::check) const REDSHIFT_ROLES: &str =
        "https://docs.aws.amazon.com/redshift/latest/dg/r_roles-default.html";
    pub(in crate::check) const REDSHIFT_DROP_DATABASE: &str =
        "https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html";
    pub(in crate::check) const YAML: &str = "https://yaml.org/spec/1.2.2/";
    pub(in crate::check) const YAML_1_1_TYPES: &str = "https://yaml.org/type/";
    pub(in crate::check) const JSON: &str = "https://www.rfc-editor.org/rfc/rfc8259";
    /// The definition of objects, and the handling of duplicate names.
    pub(in crate::check) const JSON_OBJECTS: &str = "https://www.rfc-editor.org/rfc/rfc8259#section-4";
    pub(in crate::check) const SOPS: &str = "https://getsops.io/docs/";
    pub(in crate::check) const UNICODE: &str = "https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt";
}
