//! What Redshift refuses, and what PostgreSQL spells differently.

use super::frame::ServerError;

/// What the rules need to know of a session.
pub(super) struct Session {
    /// Whether delimited identifiers keep their case.
    pub(super) case_sensitive: bool,
    /// The status of `ReadyForQuery`.
    pub(super) status: u8,
}

impl Session {
    pub(super) const fn new(case_sensitive: bool) -> Self {
        Self { case_sensitive, status: b'I' }
    }
}

/// What comes of the parameters of a startup packet.
pub(super) struct Startup {
    /// For PostgreSQL.
    pub(super) passed_on: Vec<(String, String)>,
    /// The value of `client_encoding` as it is reported.
    pub(super) encoding: String,
}

pub(super) fn startup(_parameters: &[(String, String)]) -> Result<Startup, ServerError> {
    Ok(Startup { passed_on: Vec::new(), encoding: "UTF8".to_owned() })
}

pub(super) fn translate(sql: &str, _session: &mut Session) -> Result<String, ServerError> {
    Ok(sql.to_owned())
}

pub(super) fn as_redshift(_sql: &str, error: ServerError) -> ServerError {
    error
}
