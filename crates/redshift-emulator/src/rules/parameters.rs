//! Parameters of startup packets, `SET`, `SHOW` and `RESET`.

use super::super::quote::literal;
use super::cursor::{Cursor, is_operator, is_word};
use super::{Checked, ServerError, Session, Translation, not_supported, syntax_error};
use redshift_lexer::{Kind, Token};

/// Parameters that Redshift shares with PostgreSQL
/// (<https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html>).
const SHARED: &[&str] = &[
    "application_name",
    "client_encoding",
    "client_min_messages",
    "datestyle",
    "extra_float_digits",
    "is_superuser",
    "lc_collate",
    "search_path",
    "server_encoding",
    "session_authorization",
    "statement_timeout",
    "timezone",
    "transaction_isolation",
    "transaction_read_only",
];

/// Parameters of Redshift only. PostgreSQL stores them with a prefix.
const OWN: &[&str] = &[
    "analyze_threshold_percent",
    "cast_super_null_on_error",
    "datashare_break_glass_session_var",
    "default_geometry_encoding",
    "describe_field_name_in_uppercase",
    "downcase_delimited_identifier",
    "enable_case_sensitive_identifier",
    "enable_case_sensitive_super_attribute",
    "enable_numeric_rounding",
    "enable_result_cache_for_session",
    "enable_vacuum_boost",
    "error_on_nondeterministic_update",
    "json_serialization_enable",
    "json_serialization_parse_nested_strings",
    "max_concurrency_scaling_clusters",
    "max_cursor_result_set_size",
    "mv_enable_aqmv_for_session",
    "navigate_super_null_on_error",
    "parse_super_null_on_error",
    "pg_federation_repeatable_read",
    "query_group",
    "spectrum_enable_pseudo_columns",
    "spectrum_query_maxerror",
    "stored_proc_log_min_messages",
    "use_fips_ssl",
    "wlm_query_slot_count",
];

/// Their defaults, as lines of `postgresql.conf`.
pub(in super::super) const SETTINGS: &str = "
redshift.analyze_threshold_percent = '10'
redshift.cast_super_null_on_error = 'on'
redshift.datashare_break_glass_session_var = ''
redshift.default_geometry_encoding = '1'
redshift.describe_field_name_in_uppercase = 'off'
redshift.downcase_delimited_identifier = 'on'
redshift.enable_case_sensitive_identifier = 'off'
redshift.enable_case_sensitive_super_attribute = 'off'
redshift.enable_numeric_rounding = 'on'
redshift.enable_result_cache_for_session = 'on'
redshift.enable_vacuum_boost = 'off'
redshift.error_on_nondeterministic_update = 'off'
redshift.json_serialization_enable = 'off'
redshift.json_serialization_parse_nested_strings = 'off'
redshift.max_concurrency_scaling_clusters = '1'
redshift.max_cursor_result_set_size = '0'
redshift.mv_enable_aqmv_for_session = 'on'
redshift.navigate_super_null_on_error = 'on'
redshift.parse_super_null_on_error = 'off'
redshift.pg_federation_repeatable_read = 'on'
redshift.query_group = 'unset'
redshift.spectrum_enable_pseudo_columns = 'on'
redshift.spectrum_query_maxerror = '-1'
redshift.stored_proc_log_min_messages = 'LOG'
redshift.use_fips_ssl = 'off'
redshift.wlm_query_slot_count = '1'
";

/// Prefixes of the settings of the emulator in PostgreSQL.
const PREFIXES: [&str; 2] = ["emulator", "redshift"];

const CASE_SENSITIVE: &str = "enable_case_sensitive_identifier";

/// Parameters that drivers send in a startup packet, without effect here.
const OF_DRIVERS: &[&str] = &[
    "client_protocol_version",
    "database",
    "driver_discovery_version",
    "driver_version",
    "group_federation",
    "identity_namespace",
    "idp_type",
    "os_version",
    "plugin_name",
    "provider_name",
    "ssl_renegotiation_limit",
    "token_type",
    "user",
];

/// The translated parameters of a startup packet.
pub(in super::super) struct Startup {
    /// For PostgreSQL.
    pub(in super::super) passed_on: Vec<(String, String)>,
    /// The reported value of `client_encoding`.
    pub(in super::super) encoding: String,
}

fn unrecognized(name: &str) -> ServerError {
    ServerError::new("42704", format!("unrecognized configuration parameter \"{name}\""))
}

/// The setting of PostgreSQL for sessions with case-sensitive identifiers.
pub(in super::super) fn case_sensitive() -> (String, String) {
    (format!("redshift.{CASE_SENSITIVE}"), "on".to_owned())
}

/// Rejects parameters that Redshift does not have.
pub(in super::super) fn startup(parameters: &[(String, String)]) -> Checked<Startup> {
    let mut startup = Startup { passed_on: Vec::new(), encoding: "UNICODE".to_owned() };
    for (name, value) in parameters {
        let lower = name.to_ascii_lowercase();
        if lower == "options" {
            for option in value.split_whitespace().filter(|word| *word != "-c") {
                let (name, value) = option.trim_start_matches("--").split_once('=').unwrap_or((option, ""));
                take(&name.to_ascii_lowercase(), value, &mut startup)?;
            }
        } else if !OF_DRIVERS.contains(&lower.as_str()) && !lower.starts_with("_pq_.") {
            take(&lower, value, &mut startup)?;
        }
    }
    Ok(startup)
}

fn take(name: &str, value: &str, startup: &mut Startup) -> Checked<()> {
    if name == "client_encoding" {
        if matches!(value.to_ascii_lowercase().trim_matches('\''), "utf8" | "utf-8") {
            "UTF8".clone_into(&mut startup.encoding);
        }
        return Ok(());
    }
    check_value(name, value)?;
    startup.passed_on.push((pg_name(name)?, value.to_owned()));
    Ok(())
}

fn check_value(name: &str, value: &str) -> Checked<()> {
    if name == "extra_float_digits" && value.parse::<i32>().is_ok_and(|digits| !(-15..=2).contains(&digits)) {
        let message =
            format!("{value} is outside the valid range for parameter \"extra_float_digits\" (-15 .. 2)");
        return Err(ServerError::new("22023", message));
    }
    Ok(())
}

/// The name of the parameter in PostgreSQL.
fn pg_name(name: &str) -> Checked<String> {
    if SHARED.contains(&name) {
        Ok(name.to_owned())
    } else if let Some((first, second)) = name.split_once('.') {
        let is_identifier = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if is_identifier(first) && is_identifier(second) && !PREFIXES.contains(&first) {
            Ok(name.to_owned())
        } else {
            Err(unrecognized(name))
        }
    } else if OWN.contains(&name) {
        Ok(format!("redshift.{name}"))
    } else {
        Err(unrecognized(name))
    }
}

/// The version of Redshift.
pub(in super::super) const PADB_VERSION: &str = "1.0.117891";

/// The value of a parameter that PostgreSQL does not have.
fn known_value(name: &str) -> Option<&'static str> {
    match name {
        "server_version" => Some("8.0.2"),
        "padb_version" => Some(PADB_VERSION),
        _ => None,
    }
}

/// Translates the name of a parameter.
fn rename(token: &Token<'_>, name: &str, translation: &mut Translation) -> Checked<()> {
    let known = pg_name(name)?;
    if known != name {
        translation.replace_one(token, known);
    }
    Ok(())
}

/// `SET …`
pub(super) fn set(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let is_local = cursor.eat("LOCAL");
    if is_local && translation.place == super::Place::Body {
        return Err(not_supported("SET LOCAL in a stored procedure"));
    }
    if cursor.eat("SESSION AUTHORIZATION") {
        if let Some(token) = cursor.peek().filter(|token| token.kind == Kind::Identifier) {
            translation.user(token);
        }
        return Ok(());
    }
    if !is_local {
        cursor.eat("SESSION");
    }
    if cursor.sees("ROLE") || cursor.sees("CONSTRAINTS") {
        return Err(cursor.error());
    }
    if cursor.sees("TIME ZONE") || cursor.sees("TRANSACTION") || cursor.sees("CHARACTERISTICS") {
        return Ok(());
    }
    assignment(&mut cursor, translation)
}

/// `parameter {TO | =} value`
pub(super) fn assignment(cursor: &mut Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let token = cursor.name()?;
    let name = token.value.to_ascii_lowercase();
    if cursor.eat_operator(".") {
        variable(token, cursor.name()?)?;
    } else {
        rename(token, &name, translation)?;
    }
    if !cursor.eat("TO") && !cursor.eat_operator("=") {
        return Err(cursor.error());
    }
    let negative = cursor.eat_operator("-");
    let value = cursor.peek().ok_or_else(|| syntax_error(None))?;
    let value = if negative { format!("-{}", value.value) } else { value.value.clone() };
    check_value(&name, &value)
}

/// `SHOW …` and `RESET …`
pub(super) fn show(mut cursor: Cursor<'_, '_>, is_reset: bool, translation: &mut Translation) -> Checked<()> {
    if cursor.sees("ALL") || cursor.sees("TIME ZONE") || cursor.sees("SESSION AUTHORIZATION") {
        return Ok(());
    }
    if !is_reset && cursor.eat("TRANSACTION ISOLATION LEVEL") {
        cursor.end()?;
        translation.replace(cursor.tokens, "SELECT 'serializable'::text AS transaction_isolation");
        return Ok(());
    }
    if !is_reset && cursor.eat("USER LOCKOUT") {
        cursor.end()?;
        return lockout(cursor.tokens, translation);
    }
    for what in ["GRANTS", "SCHEMAS", "TABLES", "DATABASES", "COLUMNS", "TABLE", "VIEW", "PROCEDURE"] {
        if cursor.sees(what) {
            return Err(super::not_modelled(&format!("SHOW {what}")));
        }
    }
    let token = cursor.name()?;
    let name = token.value.to_ascii_lowercase();
    if cursor.eat_operator(".") {
        variable(token, cursor.name()?)?;
        return cursor.end();
    }
    cursor.end()?;
    let value = match known_value(&name) {
        Some(value) => Some(literal(value)),
        None if name == "max_failed_login_attempts" => {
            let limit = translation.options.lockout.ok_or_else(|| unrecognized(&name))?;
            Some(literal(&limit.to_string()))
        }
        None if name == "transaction_isolation" => Some(literal("serializable")),
        None if OWN.contains(&name.as_str()) => {
            Some(format!("pg_catalog.current_setting('{}')", pg_name(&name)?))
        }
        None => None,
    };
    match value {
        Some(value) if !is_reset => {
            translation.replace(cursor.tokens, format!("SELECT {value}::text AS {name}"));
        }
        _ => rename(token, &name, translation)?,
    }
    Ok(())
}

/// `SHOW USER LOCKOUT` (<https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_USER_LOCKOUT.html>).
fn lockout(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    if translation.options.lockout.is_none() {
        return Err(syntax_error(tokens.last()));
    }
    let query = format!(
        "SELECT a.rolname AS user_name, CASE WHEN f.lock_reason IS NULL THEN 'false' ELSE 'true' END AS is_locked, \
         f.lock_reason, f.locked_at, f.last_failed_at, coalesce(f.attempts, 0) AS failed_login_attempts, \
         (SELECT CAST(b.oid AS integer) FROM pg_catalog.pg_authid b WHERE b.rolname = f.locked_by) AS locked_by \
         FROM pg_catalog.pg_authid a LEFT JOIN (VALUES {}) \
         f(user_name, lock_reason, locked_at, last_failed_at, attempts, locked_by) ON f.user_name = a.rolname \
         WHERE a.rolcanlogin AND a.rolpassword IS NOT NULL AND a.rolname <> 'rdsdb' ORDER BY 1",
        translation.failed_logins
    );
    translation.replace(tokens, query);
    Ok(())
}

/// Checks the name of a session context variable.
fn variable(first: &Token<'_>, second: &Token<'_>) -> Checked<()> {
    if first.kind == Kind::Identifier || second.kind == Kind::Identifier {
        return Err(syntax_error(Some(if first.kind == Kind::Identifier { first } else { second })));
    }
    pg_name(&format!("{}.{}", first.value, second.value).to_ascii_lowercase()).map(drop)
}

/// Checks the arguments of `current_setting` and `set_config`, from the first on. The name must be a constant.
pub(super) fn setting(function: &str, arguments: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    let [token, after, rest @ ..] = arguments else { return Err(syntax_error(None)) };
    if token.kind != Kind::Literal || !(is_operator(after, ",") || is_operator(after, ")")) {
        return Err(ServerError::new(
            "0A000",
            format!("the first argument of {function} must be a string constant"),
        ));
    }
    let name = token.value.to_ascii_lowercase();
    if known_value(&name).is_some() {
        return Err(super::not_modelled(&format!("current_setting of {name}; use SHOW")));
    }
    let known = pg_name(&name)?;
    if known != name {
        translation.replace_one(token, literal(&known));
    }
    if function == "current_setting"
        && let Some(flag) = rest.first().filter(|_| is_operator(after, ","))
    {
        if !name.contains('.') {
            return Err(ServerError::new(
                "0A000",
                "current_setting accepts error_if_undefined only for session context variables",
            ));
        }
        // Redshift gives NULL for what is undefined if the second argument is FALSE, PostgreSQL if it is TRUE.
        match flag.value.to_ascii_uppercase().as_str() {
            "FALSE" => translation.replace_one(flag, "TRUE"),
            "TRUE" => translation.replace_one(flag, "FALSE"),
            _ => return Err(super::not_modelled("an expression for error_if_undefined")),
        }
    }
    Ok(())
}

/// Tracks `SET enable_case_sensitive_identifier` of a client. A rollback of the setting is not tracked.
pub(super) fn remember(statement: &[Token<'_>], session: &mut Session) {
    let [first, rest @ ..] = statement else { return };
    let rest = match rest {
        [scope, rest @ ..] if is_word(scope, "SESSION") || is_word(scope, "LOCAL") => rest,
        rest => rest,
    };
    if let [name, rest @ ..] = rest
        && name.value.eq_ignore_ascii_case(CASE_SENSITIVE)
    {
        if is_word(first, "RESET") {
            session.case_sensitive = false;
        } else if is_word(first, "SET")
            && let Some(value) = rest.last()
        {
            session.case_sensitive =
                ["true", "on", "1", "yes"].contains(&value.value.to_ascii_lowercase().as_str());
        }
    }
}
