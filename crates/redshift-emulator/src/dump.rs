//! Dumps the catalog as text, to compare two states.

use super::backend::{Backend, Row};
use super::protocol::ServerError;
use super::quote::{identifier, literal};

/// An access control list in canonical order, with the defaults if nothing was ever granted. Column 1 is the list,
/// column 2 the letter of the object type, column 3 the owner.
fn acl(list: &str, kind: char, owner: &str) -> String {
    format!(
        "(SELECT coalesce(string_agg(i.identity_type || ' ' || i.identity_name || ' ' || x.privilege_type || \
         CASE WHEN x.is_grantable THEN '*' ELSE '' END || ' from ' || g.identity_name, ', ' \
         ORDER BY i.identity_type, i.identity_name, x.privilege_type, g.identity_name), 'nothing') \
         FROM aclexplode(coalesce({list}, acldefault('{kind}', {owner}))) x \
         JOIN emulator_identity i ON i.identity_id = x.grantee JOIN emulator_identity g ON g.identity_id = x.grantor)"
    )
}

const OURS: &str = "n.nspname NOT LIKE 'pg~_%' ESCAPE '~' AND n.nspname <> 'information_schema'";

/// One line per object, in an order that does not depend on their creation.
pub(super) async fn dump(backend: &mut Backend, rows_of: &str) -> Result<String, ServerError> {
    let name = "(SELECT identity_name FROM emulator_identity WHERE identity_id =";
    let queries = [
        "SELECT 'user', rolname, rolsuper, rolcreatedb, rolconnlimit, rolvaliduntil, rolpassword, \
         (SELECT setconfig FROM pg_db_role_setting WHERE setrole = a.oid AND setdatabase = 0) \
         FROM pg_authid a WHERE rolcanlogin ORDER BY rolname"
            .to_owned(),
        "SELECT 'group', groname, ARRAY(SELECT rolname FROM pg_authid WHERE oid = ANY (grolist) ORDER BY rolname) \
         FROM pg_group ORDER BY groname"
            .to_owned(),
        format!(
            "SELECT 'database', datname, {name} datdba), datconnlimit, {} FROM pg_database ORDER BY datname",
            acl("datacl", 'd', "datdba")
        ),
        format!(
            "SELECT 'schema', nspname, {name} nspowner), {} FROM pg_namespace n WHERE {OURS} ORDER BY nspname",
            acl("nspacl", 'n', "nspowner")
        ),
        format!(
            "SELECT 'relation', nspname, relname, relkind, {name} relowner), {}, \
             CASE relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND relkind <> 'S' ORDER BY nspname, relname",
            acl("relacl", 'r', "relowner")
        ),
        format!(
            "SELECT 'column', nspname, relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull, \
             attidentity, pg_get_expr(adbin, adrelid), attacl FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum \
             WHERE {OURS} AND relkind <> 'S' AND attnum > 0 AND NOT attisdropped ORDER BY nspname, relname, attnum"
        ),
        format!(
            "SELECT 'function', nspname, proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), \
             prokind, lanname, provolatile, prosecdef, proconfig, {name} proowner), {}, emulator_original(prosrc) \
             FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_language l ON l.oid = prolang \
             WHERE {OURS} ORDER BY nspname, proname, pg_get_function_arguments(p.oid)",
            acl("proacl", 'f', "proowner")
        ),
        format!(
            "SELECT 'default privileges', {name} defaclrole), nspname, defaclobjtype, {} FROM pg_default_acl \
             LEFT JOIN pg_namespace n ON n.oid = defaclnamespace ORDER BY 2, 3, 4",
            acl("defaclacl", 'r', "defaclrole")
        ),
    ];
    let mut text = String::new();
    backend.query("SET search_path TO pg_catalog").await?;
    for query in queries {
        lines(&mut text, backend.query(&query).await?);
    }
    let tables = backend
        .query(&format!(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace \
             WHERE nspname = {} AND relkind = 'r' ORDER BY relname",
            literal(rows_of)
        ))
        .await?;
    for table in tables.iter().filter_map(|row| row[0].as_deref()) {
        let query = format!(
            "SELECT 'row', {}, CAST(t AS text) FROM {}.{} t ORDER BY 3",
            literal(table),
            identifier(rows_of),
            identifier(table)
        );
        lines(&mut text, backend.query(&query).await?);
    }
    Ok(text)
}

fn lines(text: &mut String, rows: Vec<Row>) {
    for row in rows {
        let fields: Vec<String> = row
            .into_iter()
            .map(|field| field.map_or("-".to_owned(), |f| f.escape_debug().to_string()))
            .collect();
        text.push_str(&fields.join(" | "));
        text.push('\n');
    }
}
