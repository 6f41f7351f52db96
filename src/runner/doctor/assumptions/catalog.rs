//! The assumptions of the probes: what they read in the catalog about privileges, views and procedures.

use askama::Template;

use super::super::assumption::{
    Affects, Assumption, NAME, Needs, Step, expect, expect_explained, procedure, run,
};
use crate::runner::probe::digest;
use crate::runner::view_definition::ViewDefinition;
use crate::script::{ScriptError, rendered};
use crate::sql::LiteralError;

pub(super) fn assumptions() -> Result<[Assumption; 5], ScriptError> {
    let [view, view_of_impersonation] = [view_steps(false)?, view_steps(true)?];
    let [source, digest] = source_steps()?;
    Ok([
        Assumption {
            id: "privilege-by-joined-name",
            title: "has_table_privilege accepts table names that the same query reads from the catalog",
            meaning: "`status` and `apply` cannot determine who has privileges on the tables",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE TABLE {name}.t (i INTEGER)"),
                expect(
                    "SELECT COUNT(*) FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n, pg_catalog.pg_user u\n\
                     WHERE n.oid = c.relnamespace AND n.nspname = '{name}' AND c.relname = 't' AND u.usename = CURRENT_USER\n\
                     AND has_table_privilege(u.usename, QUOTE_IDENT(n.nspname) || '.' || QUOTE_IDENT(c.relname), 'SELECT')",
                    "1",
                ),
            ],
        },
        Assumption {
            id: "view-text",
            title: "pg_get_viewdef prints the view in a known form",
            meaning: "`status` reports the view as modified although it is not, and `apply` ends with \
                      recurringValidationError",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: view,
        },
        Assumption {
            id: "view-text-impersonation",
            title: "pg_get_viewdef prints the view in a known form, with impersonation",
            meaning: "with impersonation, `status` reports the view as modified although it is not, and `apply` ends with \
                      recurringValidationError",
            needs: Needs::Schemas,
            affects: Affects::Impersonation,
            steps: view_of_impersonation,
        },
        Assumption {
            id: "procedure-source",
            title: "prosrc is the source of a procedure as it was sent, and prosecdef shows SECURITY DEFINER",
            meaning: "`status` reports procedures as modified although they are not",
            needs: Needs::Schemas,
            affects: Affects::Impersonation,
            steps: source,
        },
        Assumption {
            id: "digest-on-leader",
            title: "MD5(LOWER(TRANSLATE(prosrc, …))) can be computed in a query of the catalog",
            meaning: "`status` cannot determine whether functions and procedures were modified",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: digest,
        },
    ])
}

/// The view of a setup, in the throwaway schema.
#[derive(Template)]
#[template(path = "objects/user_profile.sql")]
struct UserProfile {
    replaces: bool,
    has_group: bool,
}

/// Creates the view of a setup and what it reads, and reads its definition.
fn view_steps(has_group: bool) -> Result<Vec<Step>, ScriptError> {
    let in_schema = |sql: &str| sql.replace("immuta_system", NAME);
    let mut steps = vec![run("CREATE SCHEMA {name}")];
    for table in [
        include_str!("../../../../templates/objects/profile.sql"),
        include_str!("../../../../templates/objects/impersonation_grant.sql"),
        include_str!("../../../../templates/objects/impersonation_session.sql"),
    ] {
        steps.push(run(in_schema(table.trim_end())));
    }
    let view = rendered(&UserProfile { replaces: false, has_group })?;
    steps.push(run(in_schema(&view)));
    steps.push(Step::ExpectView { sql: in_schema(ViewDefinition::QUERY), view: ViewDefinition::of(&view) });
    Ok(steps)
}

/// Creates a procedure, and reads its source in the catalog, and the digest of it.
fn source_steps() -> Result<[Vec<Step>; 2], LiteralError> {
    const BODY: &str = "DECLARE\n\tword VARCHAR(64);\nBEGIN\n    -- A comment, 'quoted' and \"delimited\".\n    word := 'A';\nEND;";
    const SOURCE: &str = "SELECT p.prosrc FROM pg_catalog.pg_proc p, pg_catalog.pg_namespace n\n\
                          WHERE n.oid = p.pronamespace AND n.nspname = '{name}' AND p.proname = 'p'";
    let counted = |condition: &str| {
        let query = SOURCE.replace("SELECT p.prosrc", "SELECT COUNT(*)");
        expect_explained(format!("{query} AND p.prosecdef AND {condition}"), "1", SOURCE)
    };
    let created = || [run("CREATE SCHEMA {name}"), procedure(BODY, "\nSECURITY DEFINER")];
    let stored = BODY.replace('\'', "''");
    let condition = format!("BTRIM(p.prosrc, chr(10)) = '{stored}'");
    let source = created().into_iter().chain([counted(&condition)]).collect();
    let condition = format!(
        "MD5(LOWER(TRANSLATE(p.prosrc, chr(9) || chr(10) || chr(13) || ' ', ''))) = {}",
        digest(BODY)?
    );
    Ok([source, created().into_iter().chain([counted(&condition)]).collect()])
}
