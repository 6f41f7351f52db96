//! The snapshot of the cluster that a plan is made from, what in it proves which objects the setup created, and the
//! errors that follow from it.

use super::ApplyOptions;
use super::account_login::Password;
use super::also_dropped::DroppedObject;
use super::facts::{Cluster, LiveState, Marker};
use super::identity::CatalogIds;
use super::plan_error::{ForeignObject, Object, PlanError};
use super::run_lock::{Action, RunLock};
use super::trust::{MARKER, RUN_LOCK, Record, Trust, TrustError};
use crate::payload::UnresolvedSecret;
use crate::script::Stage;

/// The state of the cluster before a plan is made.
pub(super) struct Snapshot {
    pub(super) cluster: Cluster,
    pub(super) live: LiveState,
    /// Whether the run lock is trusted.
    pub(super) lock: Trust,
    pub(super) run_lock: Option<RunLock>,
    /// What the run lock [proves](RunLock::proven) about the existing objects.
    pub(super) proven: Option<Marker>,
    /// The first object in a database that the run of the run lock may have created.
    pub(super) content: Option<DroppedObject>,
    /// Whether the login user can read the run locks.
    pub(super) can_read_run_locks: bool,
    pub(super) options: ApplyOptions,
    /// The marker of a new setup: see [`new_marker`](super::plan::new_marker).
    pub(super) new_marker: Marker,
    /// The statements of the setup.
    pub(super) setup: Vec<Stage>,
    /// Why the password in them cannot be resolved.
    pub(super) unresolved: Option<UnresolvedSecret>,
    /// The result of testing the password of the account.
    pub(super) password: Password,
}

impl Snapshot {
    /// What proves which objects the setup created: the marker, or else the run lock.
    pub(super) fn proof(&self) -> Option<&Marker> {
        self.live.marker.as_ref().or(self.proven.as_ref())
    }

    /// The marker that the setup has, or will have.
    pub(super) fn marker(&self) -> &Marker {
        self.proof().unwrap_or(&self.new_marker)
    }

    /// The catalog IDs of the existing objects that the setup has created, or will have created.
    pub(super) fn ids(&self, marker: &Marker) -> CatalogIds {
        let found = self.cluster.ids;
        CatalogIds {
            database: if marker.database_created { found.database } else { 0 },
            user: if marker.user_created { found.user } else { 0 },
            group: if marker.group_created { found.group } else { 0 },
        }
    }

    /// The record that the proof is from, and its owner.
    pub(super) fn proof_record(&self) -> Option<(Record, &str)> {
        let (record, trust) =
            if self.live.marker.is_some() { (MARKER, &self.live.trust) } else { (RUN_LOCK, &self.lock) };
        self.proof()?;
        if let Trust::Trusted { owner } = trust { Some((record, owner)) } else { None }
    }

    /// The records that are not trusted.
    pub(super) fn trust_errors(&self) -> impl Iterator<Item = &TrustError> {
        [&self.live.trust, &self.lock].into_iter().filter_map(|trust| match trust {
            Trust::Untrusted(trust_error) => Some(trust_error),
            Trust::Absent | Trust::Trusted { .. } => None,
        })
    }

    /// Whether the marker has the names of the payload: a change to it is complete, except for the password.
    pub(super) fn matches_payload(&self) -> bool {
        self.live.marker.as_ref().is_some_and(|marker| marker.names == self.new_marker.names)
    }

    /// Whether `apply` sets the password again, because the current one is another.
    pub(super) fn needs_password_reset(&self) -> bool {
        matches!(self.password, Password::Invalid | Password::Locked) && self.marker().user_created
    }

    /// The errors that prevent any action on the setup.
    pub(super) fn general_errors(&self) -> Vec<PlanError> {
        let trust_errors = self.trust_errors().cloned().map(PlanError::Untrusted);
        let version = self.live.version.filter(|_| self.live.is_of_later_version());
        trust_errors.chain(self.contradictions()).chain(version.map(PlanError::OfLaterVersion)).collect()
    }

    /// Objects that Bootshift created according to the proof, but that existed before according to the options.
    pub(super) fn contradictions(&self) -> Vec<PlanError> {
        let (Some(proof), Some((record, owner))) = (self.proof(), self.proof_record()) else {
            return Vec::new();
        };
        let names = &proof.names;
        let of_initial = "it is also the `initialDatabase`, which Bootshift never creates";
        let database_claim = if self.options.existing_database {
            "`--existing-database` states that it existed before"
        } else {
            of_initial
        };
        [
            (proof.database_created && !self.new_marker.database_created, "database", &names.database, database_claim),
            (
                proof.user_created && self.options.existing_user,
                "user",
                &names.user,
                "`--existing-user` states that it existed before",
            ),
        ]
        .into_iter()
        .filter(|(contradicts, ..)| *contradicts)
        .map(|(_, kind, name, claim)| {
            PlanError::Mismatch(format!(
                "{record}, owned by `{owner}`, states that Bootshift created the {kind} `{name}`, but {claim}. If \
                 Bootshift created it, remove the option; otherwise correct {record}"
            ))
        })
        .collect()
    }

    /// How the proof differs from the payload. The help depends on the action; `None` is for `status`.
    pub(super) fn difference(&self, action: Option<Action>) -> Option<PlanError> {
        let proof = self.proof()?;
        let (found, expected) = (&proof.names, &self.new_marker.names);
        let (whose, help) = match &self.run_lock {
            // A change has two payloads, and the marker of the old one exists.
            Some(run_lock) if run_lock.action != Action::Edit || self.live.marker.is_none() => (
                format!("an unfinished run ({}) of another payload", run_lock.action.name()),
                format!("with the payload of that run, {}", run_lock.action.next_step()),
            ),
            _ => {
                let help = match action {
                    Some(Action::Apply) => "use the payload of that setup, or change the setup with `--old`",
                    Some(Action::Edit) => "pass the payload of that setup as `--old`",
                    Some(Action::Remove) | None => "use the payload of that setup",
                };
                ("the setup in this database (see `immuta_system.bootstrap`)".to_owned(), help.to_owned())
            }
        };
        let differs = [
            ("database", &found.database, &expected.database),
            ("user", &found.user, &expected.user),
            ("impersonation group", &found.group, &expected.group),
        ];
        let named = |what: &str, name: &str| {
            if name.is_empty() { format!("no {what}") } else { format!("the {what} `{name}`") }
        };
        differs.into_iter().find(|(_, found, expected)| found != expected).map(|(what, found, expected)| {
            PlanError::Mismatch(format!(
                "{whose} has {}, but the payload has {}: {help}",
                named(what, found),
                named(what, expected)
            ))
        })
    }

    /// Existing objects that have a name of the setup and are not part of it.
    pub(super) fn foreign(&self, owned: Option<&Marker>, action: Action) -> Vec<PlanError> {
        let objects = self.foreign_objects(owned, action).into_iter().map(PlanError::AlreadyExists);
        objects.chain(self.foreign_schemas(action)).collect()
    }

    fn foreign_objects(&self, owned: Option<&Marker>, action: Action) -> Vec<ForeignObject> {
        let Marker { names, database_created, user_created, group_created } = &self.new_marker;
        let cluster = &self.cluster;
        let owns = |flag: fn(&Marker) -> bool| owned.is_some_and(flag);
        let objects = [
            (
                *database_created && cluster.has_database && !owns(|marker| marker.database_created),
                Object::Database(names.database.clone()),
            ),
            (
                *user_created && cluster.has_user && !owns(|marker| marker.user_created),
                Object::User(names.user.clone()),
            ),
            (
                *group_created && cluster.has_group && !owns(|marker| marker.group_created),
                Object::Group(names.group.clone()),
            ),
        ];
        let foreign = |object| {
            let content = self.content.clone().filter(|_| matches!(object, Object::Database(_)));
            ForeignObject::new(object, action).with_content(content)
        };
        objects.into_iter().filter_map(|(is_foreign, object)| is_foreign.then(|| foreign(object))).collect()
    }

    /// Objects that have the name of one that the run lock records as created, but are different ones.
    pub(super) fn name_conflicts(&self, action: Action) -> Vec<ForeignObject> {
        let Some(run_lock) = self.run_lock.as_ref().filter(|_| self.live.marker.is_none()) else {
            return Vec::new();
        };
        let Marker { database_created, user_created, group_created, .. } = run_lock.marker;
        let is_in_run_lock = |foreign: &ForeignObject| match foreign.object {
            Object::Database(_) => database_created,
            Object::User(_) => user_created,
            Object::Group(_) => group_created,
            Object::Schema(_) => false,
        };
        self.foreign_objects(self.proven.as_ref(), action).into_iter().filter(is_in_run_lock).collect()
    }

    /// A group that has the name of a dropped one: a removal keeps it with a warning, because there is no option for
    /// existing groups.
    pub(super) fn kept_groups(&self) -> impl Iterator<Item = ForeignObject> {
        self.name_conflicts(Action::Remove)
            .into_iter()
            .filter(|foreign| matches!(foreign.object, Object::Group(_)))
    }

    /// Existing schemas with the names of the setup. Without a marker they are not part of it: schemas and marker are
    /// created and dropped in one transaction.
    pub(super) fn foreign_schemas(&self, action: Action) -> impl Iterator<Item = PlanError> {
        let schemas = self.live.schemas.iter().cloned().map(Object::Schema);
        schemas.map(move |schema| PlanError::AlreadyExists(ForeignObject::new(schema, action)))
    }

    /// Objects that the setup requires to exist, but do not.
    pub(super) fn missing(&self) -> Vec<PlanError> {
        let Marker { names, database_created, user_created, .. } = self.marker();
        let mut errors = Vec::new();
        if !database_created && !self.cluster.has_database {
            errors.push(PlanError::NotFound(Object::Database(names.database.clone())));
        }
        if !user_created && !self.cluster.has_user {
            errors.push(PlanError::NotFound(Object::User(names.user.clone())));
        }
        errors
    }
}
