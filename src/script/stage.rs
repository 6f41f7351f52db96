//! The templates of the stages, and what they are given.

use askama::Template;

use super::mark::statements;
use super::{Place, ScriptError, Stage};
use crate::payload::Payload;
use crate::sql::{DollarQuoted, Identifier, Literal};

/// The impersonation group with the procedures that name it.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: Identifier,
    /// The name as the catalog stores it.
    pub(super) folded: Literal,
    pub(super) impersonate_user: DollarQuoted,
    pub(super) grant_impersonation: DollarQuoted,
    pub(super) revoke_impersonation: DollarQuoted,
}

/// What every stage is made from.
#[derive(Clone, Debug)]
pub(super) struct Subject<'a> {
    pub(super) payload: &'a Payload,
    pub(super) user: &'a Identifier,
    pub(super) database: &'a Identifier,
    pub(super) existing_database: bool,
    pub(super) creates_user: bool,
    pub(super) user_literal: Literal,
    /// The name as the catalog stores it.
    pub(super) database_literal: Literal,
    /// The group's name as the catalog stores it, or nothing.
    pub(super) group_literal: Literal,
    pub(super) group: Option<Group>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        payload: &'a Payload,
        existing_database: bool,
        existing_user: bool,
    ) -> Result<Self, ScriptError> {
        let user = payload.authentication.username();
        let group = payload.impersonation_group().map(Group::new).transpose()?;
        Ok(Self {
            payload,
            user,
            database: &payload.database,
            existing_database: existing_database || payload.same_database(),
            creates_user: !existing_user,
            user_literal: Literal::new(user.as_str())?,
            database_literal: Literal::new(&payload.database.folded())?,
            group_literal: Literal::new(
                &payload.impersonation_group().map(Identifier::folded).unwrap_or_default(),
            )?,
            group,
        })
    }

    /// A stage that runs in `database`.
    pub(super) fn in_database(
        &self,
        name: &'static str,
        template: &impl Template,
    ) -> Result<Stage, ScriptError> {
        stage(name, Place::Database, &self.payload.database, template)
    }

    /// A stage that runs in `initialDatabase`.
    pub(super) fn in_initial_database(
        &self,
        name: &'static str,
        template: &impl Template,
    ) -> Result<Stage, ScriptError> {
        stage(name, Place::InitialDatabase, &self.payload.initial_database, template)
    }
}

/// The texts of the procedures of impersonation.
#[cfg(feature = "native")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ImpersonationBodies<'a> {
    pub(super) impersonate_user: &'a str,
    pub(super) grant_impersonation: &'a str,
    pub(super) revoke_impersonation: &'a str,
}

impl Group {
    #[cfg(feature = "native")]
    pub(super) fn bodies(&self) -> ImpersonationBodies<'_> {
        ImpersonationBodies {
            impersonate_user: self.impersonate_user.body(),
            grant_impersonation: self.grant_impersonation.body(),
            revoke_impersonation: self.revoke_impersonation.body(),
        }
    }

    fn new(name: &Identifier) -> Result<Self, ScriptError> {
        let folded = Literal::new(&name.folded())?;
        let delimited_group = Literal::new(&name.to_string())?;
        Ok(Self {
            impersonate_user: body(&ImpersonateUser { group: &folded })?,
            grant_impersonation: body(&GrantImpersonation {
                group: &folded,
                delimited_group: &delimited_group,
            })?,
            revoke_impersonation: body(&RevokeImpersonation {
                group: &folded,
                delimited_group: &delimited_group,
            })?,
            name: name.clone(),
            folded,
        })
    }
}

/// The text of a template. What askama says of a failure is no part of the crate's interface.
pub(super) fn rendered(template: &impl Template) -> Result<String, ScriptError> {
    template.render().map_err(|_| ScriptError::Template)
}

/// Renders the body of a function or procedure.
pub(super) fn body(template: &impl Template) -> Result<DollarQuoted, ScriptError> {
    Ok(DollarQuoted::new(rendered(template)?))
}

fn stage(
    name: &'static str,
    place: Place,
    database: &Identifier,
    template: &impl Template,
) -> Result<Stage, ScriptError> {
    Ok(Stage {
        name,
        place,
        // A client connects to this name, which no server folds: what there is, is the folded one.
        database: database.to_folded(),
        condition: None,
        statements: statements(&rendered(template)?),
    })
}

#[derive(Template)]
#[template(path = "procedures/impersonate_user.sql")]
struct ImpersonateUser<'a> {
    group: &'a Literal,
}

#[derive(Template)]
#[template(path = "procedures/grant_impersonation.sql")]
struct GrantImpersonation<'a> {
    group: &'a Literal,
    delimited_group: &'a Literal,
}

#[derive(Template)]
#[template(path = "procedures/revoke_impersonation.sql")]
struct RevokeImpersonation<'a> {
    group: &'a Literal,
    delimited_group: &'a Literal,
}

#[derive(Template)]
#[template(path = "procedures/list_contains.sql")]
pub(super) struct ListContains;

#[derive(Template)]
#[template(path = "procedures/check_marker.sql")]
pub(super) struct CheckMarker<'a> {
    pub(super) database: &'a Literal,
    pub(super) database_created: bool,
    pub(super) user: &'a Literal,
    pub(super) user_created: bool,
    pub(super) group: &'a Literal,
}
