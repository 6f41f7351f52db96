//! One file per code, with its explanation and, if it has one, its rule. Syntax errors are reported by [`crate::document`]
//! and schema violations by [`super::schema_errors`]; their codes are only explained here.

mod alias_limit;
mod ambiguous_scalar;
mod authentication_mismatch;
mod bootstrap_mode;
mod credentials_not_allowed;
mod credentials_required;
mod duplicate_key;
mod folded_identifier;
pub(super) mod hashed_password;
mod host_not_bare;
mod http_error;
mod identifier_invalid;
mod identifier_too_long;
mod impersonation_role_missing;
pub(super) mod integration_conflict;
mod invalid_format;
mod invalid_length;
mod invalid_value;
mod missing_property;
mod not_editable;
mod okta_automatic;
mod okta_deprecated;
mod out_of_range;
pub(super) mod placeholder;
mod plaintext_secret;
mod redacted_value;
mod reserved_database;
mod same_database;
pub(super) mod suspicious_character;
mod syntax;
mod too_deep;
mod too_large;
mod too_many_diagnostics;
mod unknown_property;
pub(super) mod unresolved_secret;
mod unsupported_type;
mod unused_role;
pub(super) mod weak_password;
mod wrong_type;

use self::placeholder::Placeholders;
use super::context::Context;
use super::explanation::Explanation;
use super::values::Values;
use super::{Code, Diagnostic};
use crate::operation::BodyKind;

/// A rule: checks a body and adds diagnostics.
type Check = fn(&Values<'_>, &mut Vec<Diagnostic>);

/// The rules for payloads.
const PAYLOAD_RULES: &[Check] = &[
    bootstrap_mode::check,
    not_editable::check,
    reserved_database::check,
    same_database::check,
    folded_identifier::check,
    weak_password::check,
    hashed_password::check,
    okta_deprecated::check,
    okta_automatic::check,
    unused_role::check,
];

/// The rules for all request bodies: payloads, and the credentials of a `DELETE`.
const REQUEST_RULES: &[Check] =
    &[identifier_invalid::check, plaintext_secret::check, ambiguous_scalar::check];

/// The rules for errors of the API.
const ERROR_RULES: &[Check] = &[http_error::check];

/// Explains a code.
#[must_use]
pub const fn explain(code: Code) -> &'static Explanation {
    match code {
        Code::Syntax => &syntax::EXPLANATION,
        Code::DuplicateKey => &duplicate_key::EXPLANATION,
        Code::TooDeep => &too_deep::EXPLANATION,
        Code::TooLarge => &too_large::EXPLANATION,
        Code::AliasLimit => &alias_limit::EXPLANATION,
        Code::MissingProperty => &missing_property::EXPLANATION,
        Code::UnknownProperty => &unknown_property::EXPLANATION,
        Code::WrongType => &wrong_type::EXPLANATION,
        Code::InvalidValue => &invalid_value::EXPLANATION,
        Code::OutOfRange => &out_of_range::EXPLANATION,
        Code::InvalidLength => &invalid_length::EXPLANATION,
        Code::InvalidFormat => &invalid_format::EXPLANATION,
        Code::AuthenticationMismatch => &authentication_mismatch::EXPLANATION,
        Code::HostNotBare => &host_not_bare::EXPLANATION,
        Code::RedactedValue => &redacted_value::EXPLANATION,
        Code::ImpersonationRoleMissing => &impersonation_role_missing::EXPLANATION,
        Code::IdentifierTooLong => &identifier_too_long::EXPLANATION,
        Code::IdentifierInvalid => &identifier_invalid::EXPLANATION,
        Code::ReservedDatabase => &reserved_database::EXPLANATION,
        Code::BootstrapMode => &bootstrap_mode::EXPLANATION,
        Code::NotEditable => &not_editable::EXPLANATION,
        Code::CredentialsRequired => &credentials_required::EXPLANATION,
        Code::CredentialsNotAllowed => &credentials_not_allowed::EXPLANATION,
        Code::IntegrationConflict => &integration_conflict::EXPLANATION,
        Code::UnsupportedType => &unsupported_type::EXPLANATION,
        Code::UnresolvedSecret => &unresolved_secret::EXPLANATION,
        Code::SameDatabase => &same_database::EXPLANATION,
        Code::Placeholder => &placeholder::EXPLANATION,
        Code::SuspiciousCharacter => &suspicious_character::EXPLANATION,
        Code::FoldedIdentifier => &folded_identifier::EXPLANATION,
        Code::WeakPassword => &weak_password::EXPLANATION,
        Code::HashedPassword => &hashed_password::EXPLANATION,
        Code::PlaintextSecret => &plaintext_secret::EXPLANATION,
        Code::OktaDeprecated => &okta_deprecated::EXPLANATION,
        Code::OktaAutomatic => &okta_automatic::EXPLANATION,
        Code::UnusedRole => &unused_role::EXPLANATION,
        Code::AmbiguousScalar => &ambiguous_scalar::EXPLANATION,
        Code::HttpError => &http_error::EXPLANATION,
        Code::TooManyDiagnostics => &too_many_diagnostics::EXPLANATION,
    }
}

/// A diagnostic that suppresses all others of the document.
pub(super) fn exclusive(context: &Context<'_>) -> Option<Diagnostic> {
    unsupported_type::check(context)
        .or_else(|| credentials_required::check(context))
        .or_else(|| credentials_not_allowed::check(context))
}

/// The diagnostics of the rules. `errors` are those that were found before; values with errors are skipped.
pub(super) fn diagnose(
    context: &Context<'_>,
    placeholders: &Placeholders,
    errors: &[Diagnostic],
) -> Vec<Diagnostic> {
    let rules: &[&[Check]] = match context.operation.body_kind() {
        BodyKind::Payload => &[PAYLOAD_RULES, REQUEST_RULES],
        BodyKind::Credentials => &[REQUEST_RULES],
        BodyKind::Error => &[ERROR_RULES],
        BodyKind::Integration | BodyKind::IntegrationList | BodyKind::Status => &[],
    };
    let values = Values { context, placeholders, errors };
    let mut diagnostics = Vec::new();
    for check in rules.iter().copied().flatten() {
        check(&values, &mut diagnostics);
    }
    diagnostics
}
