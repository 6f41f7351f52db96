//! Queries: leader-node rules, existing relations and functions.

use super::super::options;
use super::cursor::{Cursor, is_any, is_operator, is_word};
use super::{Checked, Place, ServerError, Translation, not_supported, parameters};
use redshift_lexer::{Kind, Token};

/// Functions of the leader node
/// (<https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html>).
const LEADER_FUNCTIONS: &[&str] = &[
    "age",
    "array_lower",
    "array_upper",
    "current_schema",
    "current_schemas",
    "factorial",
    "getbit",
    "has_column_privilege",
    "has_database_privilege",
    "has_function_privilege",
    "has_language_privilege",
    "has_schema_privilege",
    "has_table_privilege",
    "isfinite",
    "log",
    "now",
    "set_bit",
    "substr",
    "to_ascii",
];

/// Functions that need the catalog, and cannot be used with tables of users (inferred).
const CATALOG_FUNCTIONS: &[&str] =
    &["array_to_string", "format_type", "pg_get_expr", "pg_get_userbyid", "pg_get_viewdef"];

/// Leader-node functions without parentheses.
const LEADER_WORDS: &[&str] =
    &["current_schema", "current_time", "current_timestamp", "localtime", "localtimestamp"];

/// Functions of PostgreSQL that Redshift does not have, and that clients are likely to use.
const ABSENT_FUNCTIONS: &[&str] = &[
    "aclexplode",
    "array_agg",
    "array_length",
    "bool_and",
    "clock_timestamp",
    "concat_ws",
    "format",
    "gen_random_uuid",
    "json_agg",
    "json_build_object",
    "jsonb_agg",
    "jsonb_build_object",
    "pg_blocking_pids",
    "pg_get_functiondef",
    "pg_get_function_arguments",
    "pg_get_function_identity_arguments",
    "pg_has_role",
    "pg_notify",
    "pg_sleep",
    "regexp_matches",
    "regexp_split_to_table",
    "string_agg",
    "string_to_array",
    "to_regclass",
    "to_regnamespace",
    "to_regproc",
    "to_regprocedure",
    "to_regrole",
    "txid_current",
    "unnest",
];

/// The catalogs of PostgreSQL 8.0 and those of Redshift that the emulator has.
const CATALOGS: &[&str] = &[
    "pg_aggregate",
    "pg_am",
    "pg_amop",
    "pg_amproc",
    "pg_attrdef",
    "pg_attribute",
    "pg_cast",
    "pg_class",
    "pg_class_info",
    "pg_constraint",
    "pg_conversion",
    "pg_database",
    "pg_database_info",
    "pg_default_acl",
    "pg_depend",
    "pg_description",
    "pg_group",
    "pg_index",
    "pg_indexes",
    "pg_inherits",
    "pg_language",
    "pg_locks",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_proc",
    "pg_proc_info",
    "pg_rewrite",
    "pg_settings",
    "pg_shadow",
    "pg_statistic",
    "pg_stats",
    "pg_tables",
    "pg_tablespace",
    "pg_trigger",
    "pg_type",
    "pg_user",
    "pg_user_info",
    "pg_views",
];

/// Catalogs that can be joined to tables of users (<https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html>).
const JOINABLE: &[&str] = &[
    "pg_attribute",
    "pg_cast",
    "pg_class",
    "pg_constraint",
    "pg_database",
    "pg_depend",
    "pg_description",
    "pg_group",
    "pg_language",
    "pg_locks",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_proc",
    "pg_settings",
    "pg_statistic",
    "pg_tables",
    "pg_type",
    "pg_user",
    "pg_views",
];

/// Their columns with types that are not supported with tables of users, such as `aclitem[]`, `int4[]` and `abstime`.
const UNSUPPORTED_COLUMNS: &[&str] = &[
    "attacl",
    "conbin",
    "confkey",
    "conkey",
    "datacl",
    "datconfig",
    "grolist",
    "lanacl",
    "nspacl",
    "proacl",
    "proallargtypes",
    "proargmodes",
    "proargnames",
    "proargtypes",
    "probin",
    "relacl",
    "typdefaultbin",
    "useconfig",
    "valuntil",
];

/// System views that exist on Serverless, beside those of `SYS_`
/// (`serverless-monitoring.md` of <https://github.com/awsdocs/amazon-redshift-management-guide>).
const ON_SERVERLESS: &[&str] = &[
    "svv_all_columns",
    "svv_all_schemas",
    "svv_all_tables",
    "svv_alter_table_recommendations",
    "svv_column_privileges",
    "svv_columns",
    "svv_database_privileges",
    "svv_datashare_consumers",
    "svv_datashare_objects",
    "svv_datashare_privileges",
    "svv_datashares",
    "svv_default_privileges",
    "svv_external_columns",
    "svv_external_databases",
    "svv_external_partitions",
    "svv_external_schemas",
    "svv_external_tables",
    "svv_function_privileges",
    "svv_identity_providers",
    "svv_interleaved_columns",
    "svv_language_privileges",
    "svv_ml_model_info",
    "svv_ml_model_privileges",
    "svv_mv_dependency",
    "svv_mv_info",
    "svv_redshift_columns",
    "svv_redshift_databases",
    "svv_redshift_functions",
    "svv_redshift_schemas",
    "svv_redshift_tables",
    "svv_relation_privileges",
    "svv_rls_attached_policy",
    "svv_rls_policy",
    "svv_rls_relation",
    "svv_role_grants",
    "svv_roles",
    "svv_schema_privileges",
    "svv_system_privileges",
    "svv_table_info",
    "svv_tables",
    "svv_transactions",
    "svv_user_grants",
    "svv_user_info",
];

/// Catalogs whose rows depend on the user with metadata security, and the views that replace them.
const SECURED: &[(&str, &str)] = &[
    ("pg_attribute", "emulator_attribute"),
    ("pg_class", "emulator_class"),
    ("pg_database", "emulator_database"),
    ("pg_namespace", "emulator_namespace"),
    ("pg_tables", "emulator_tables"),
    ("pg_views", "emulator_views"),
];

/// Catalogs whose columns differ, and the views that replace them.
const VIEWED: &[(&str, &str)] = &[("pg_default_acl", "emulator_default_acl"), ("pg_proc", "emulator_proc")];

/// Keywords that can follow a relation and are not an alias.
const NO_ALIAS: &[&str] = &[
    "CROSS",
    "EXCEPT",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "LOOP",
    "MINUS",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "RIGHT",
    "SET",
    "UNION",
    "USING",
    "VALUES",
    "WHERE",
];

/// The objects that a query uses.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // independent of each other
struct Touched {
    /// Tables and views of users.
    user: bool,
    /// `STL_`, `STV_`, `SVCS_`, `SVL_`, `SVV_`, `SYS_`
    system: bool,
    /// Catalogs, or columns of them, that cannot be joined to tables of users.
    catalog: bool,
    /// Functions that need the catalog.
    catalog_functions: bool,
    /// A function of the leader node.
    leader: bool,
}

/// Checks the query in a statement, if there is one.
pub(super) fn query(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    let Some(first) = tokens.first() else { return Ok(()) };
    if is_any(first, &["GRANT", "REVOKE", "COMMENT", "SET", "SHOW", "RESET"])
        || (is_any(first, &["ALTER", "DROP"]) && translation.place == Place::Message)
    {
        return Ok(());
    }
    let mut touched = Touched::default();
    functions(tokens, &mut touched, translation)?;
    for relation in relations(tokens) {
        touch(tokens, relation, &mut touched, translation)?;
    }
    let needs_leader = touched.catalog || touched.catalog_functions;
    if (touched.leader && (touched.user || touched.system)) || (needs_leader && touched.user) {
        return Err(ServerError::new(
            "0A000",
            "Specified types or functions (one per INFO message) not supported on Amazon Redshift tables.",
        ));
    }
    Ok(())
}

fn functions(tokens: &[Token<'_>], touched: &mut Touched, translation: &mut Translation) -> Checked<()> {
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        let name = token.raw.to_ascii_lowercase();
        let is_member =
            at > 1 && is_operator(&tokens[at - 1], ".") && !is_word(&tokens[at - 2], "pg_catalog");
        let is_call = tokens.get(at + 1).is_some_and(|next| is_operator(next, "("));
        if is_member {
            continue;
        }
        if LEADER_WORDS.contains(&name.as_str()) || (is_call && LEADER_FUNCTIONS.contains(&name.as_str())) {
            touched.leader = true;
        }
        if is_call
            && let "has_schema_privilege" | "has_table_privilege" = name.as_str()
            && let Ok([.., privilege]) = (Cursor { tokens, at: at + 1 }).parenthesized()
            && ["ALTER", "DROP"].iter().any(|own| privilege.value.eq_ignore_ascii_case(own))
        {
            let schema = if at > 0 && is_operator(&tokens[at - 1], ".") { "" } else { "pg_catalog." };
            translation.replace_one(token, format!("{schema}emulator_{name}"));
        }
        if is_call && CATALOG_FUNCTIONS.contains(&name.as_str()) {
            touched.catalog_functions = true;
        }
        if is_call && (ABSENT_FUNCTIONS.contains(&name.as_str()) || name.contains("advisory_")) {
            return Err(ServerError::new("42883", format!("function {name} does not exist")));
        }
        if is_call && ["current_setting", "set_config"].contains(&name.as_str()) {
            parameters::setting(&name, &tokens[at + 2..], translation)?;
        }
        if name == "sysdate" && !is_call {
            translation.replace_one(token, "pg_catalog.emulator_sysdate()");
        }
    }
    Ok(())
}

#[allow(clippy::if_same_then_else)] // each branch is a rule of its own
/// The positions of the names of relations: the first and the last token of each.
fn relations(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let ctes: Vec<String> = tokens
        .windows(3)
        .filter(|window| is_word(&window[1], "AS") && is_operator(&window[2], "("))
        .map(|window| window[0].value.to_ascii_lowercase())
        .collect();
    // For every open parenthesis: whether a query starts there, and whether its list of relations is open.
    let mut levels = vec![(false, false)];
    let mut expected = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let level = levels.last_mut().expect("the level outside of all parentheses");
        if is_operator(token, "(") {
            // A join in parentheses continues the list.
            levels.push((expected, expected));
        } else if is_operator(token, ")") {
            if levels.len() > 1 {
                levels.pop();
            }
            expected = false;
        } else if is_operator(token, ",") {
            expected = level.1;
        } else if is_any(token, &["SELECT", "DELETE"]) {
            *level = (true, false);
            expected = false;
        } else if is_word(token, "FROM") {
            *level = (level.0, level.0);
            expected = level.0;
        } else if is_word(token, "JOIN") {
            expected = true;
        } else if is_word(token, "INTO") && at > 0 && is_word(&tokens[at - 1], "INSERT") {
            expected = true;
        } else if is_word(token, "UPDATE") && (at == 0 || !is_any(&tokens[at - 1], &["FOR", "ON"])) {
            expected = true;
        } else if is_any(
            token,
            &["WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "SET"],
        ) {
            level.1 = false;
            expected = false;
        } else if expected && matches!(token.kind, Kind::Word | Kind::Identifier) {
            if is_any(token, &["ONLY", "LATERAL"]) {
                at += 1;
                continue;
            }
            let mut last = at;
            while tokens.get(last + 1).is_some_and(|token| is_operator(token, "."))
                && tokens
                    .get(last + 2)
                    .is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Identifier))
            {
                last += 2;
            }
            let is_call = tokens.get(last + 1).is_some_and(|token| is_operator(token, "(")) && level.1;
            let is_cte = last == at && ctes.contains(&token.value.to_ascii_lowercase());
            if !is_call && !is_cte {
                found.push((at, last));
            }
            at = last;
            expected = false;
        }
        at += 1;
    }
    found
}

fn touch(
    tokens: &[Token<'_>],
    (first, last): (usize, usize),
    touched: &mut Touched,
    translation: &mut Translation,
) -> Checked<()> {
    let name = tokens[last].value.to_ascii_lowercase();
    let schema = (last > first).then(|| tokens[last - 2].value.to_ascii_lowercase());
    let parts = (last - first) / 2 + 1;
    if parts > 2 {
        return Err(super::not_modelled("queries over databases"));
    }
    let is_system = schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    if is_system && translation.place == Place::Message {
        check_available(&name, translation.options.kind)?;
    }
    match schema.as_deref() {
        Some("information_schema") => touched.catalog = true,
        None | Some("pg_catalog") if name.starts_with("pg_") => {
            if !CATALOGS.contains(&name.as_str()) {
                return Err(ServerError::new("42P01", format!("relation \"{name}\" does not exist")));
            }
            let is_column = |token: &Token<'_>| {
                UNSUPPORTED_COLUMNS.iter().any(|column| token.value.eq_ignore_ascii_case(column))
            };
            let all_columns = |pair: &[Token<'_>]| {
                is_operator(&pair[1], "*")
                    && (is_any(&pair[0], &["SELECT", "ALL", "DISTINCT"]) || is_operator(&pair[0], ","))
            };
            touched.catalog |= !JOINABLE.contains(&name.as_str())
                || tokens.iter().any(is_column)
                || tokens.windows(2).any(all_columns);
            let secured = if translation.options.metadata_security { SECURED } else { &[] };
            if let Some((_, view)) = VIEWED.iter().chain(secured).find(|(viewed, _)| *viewed == name) {
                let next = tokens.get(last + 1);
                let has_alias = next.is_some_and(|token| {
                    matches!(token.kind, Kind::Word | Kind::Identifier) && !is_any(token, NO_ALIAS)
                });
                let alias = if has_alias { String::new() } else { format!(" {name}") };
                translation.replace(&tokens[first..=last], format!("pg_catalog.{view}{alias}"));
            }
        }
        None | Some("pg_catalog")
            if ["stl_", "stv_", "svcs_", "svl_", "svv_", "sys_"].iter().any(|p| name.starts_with(p)) =>
        {
            touched.system = true;
        }
        _ => touched.user = true,
    }
    Ok(())
}

/// Rejects system tables and views that this kind of cluster does not have.
fn check_available(name: &str, kind: options::Kind) -> Checked<()> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    let is_absent = match kind {
        options::Kind::Provisioned => false,
        options::Kind::MultiAz => starts(&["stl_", "stv_", "svcs_", "svl_", "svv_"]),
        options::Kind::Serverless => {
            starts(&["stl_", "stv_", "svcs_", "svl_"])
                || (starts(&["svv_"]) && !ON_SERVERLESS.contains(&name))
        }
    };
    if is_absent {
        return Err(ServerError::new("42501", format!("permission denied for relation {name}")));
    }
    Ok(())
}

/// Rejects syntax that PostgreSQL 8.0 does not have.
pub(super) fn manipulation(cursor: Cursor<'_, '_>) -> Checked<()> {
    for (at, token) in cursor.tokens.iter().enumerate() {
        if is_word(token, "RETURNING")
            || (is_word(token, "CONFLICT") && at > 0 && is_word(&cursor.tokens[at - 1], "ON"))
        {
            return Err(super::syntax_error(Some(token)));
        }
    }
    Ok(())
}

/// The body of an SQL function is one `SELECT` without clauses
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_FUNCTION.html>).
pub(super) fn function_body(tokens: &[Token<'_>]) -> Checked<()> {
    if !tokens.first().is_some_and(|token| is_word(token, "SELECT")) {
        return Err(not_supported("a SQL function without SELECT"));
    }
    // The FROM in `EXTRACT(… FROM …)` and similar functions is not a clause.
    let mut functions = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if is_operator(token, "(") {
            functions.push(at > 0 && is_any(&tokens[at - 1], &["EXTRACT", "SUBSTRING", "TRIM", "OVERLAY"]));
        } else if is_operator(token, ")") {
            functions.pop();
        } else if is_any(token, &["INTO", "WHERE", "GROUP", "ORDER", "LIMIT"])
            || (is_word(token, "FROM") && !functions.last().copied().unwrap_or_default())
            || token.kind == Kind::Semicolon
        {
            return Err(ServerError::new(
                "0A000",
                "The select expression can not have the FROM, INTO, WHERE, GROUP BY, ORDER BY and LIMIT clauses.",
            ));
        }
    }
    Ok(())
}
