//! Errors that prevent a plan.

use std::fmt;

use super::also_dropped::DroppedObject;
use super::run_lock::Action;
use super::shared::OtherSetup;
use super::trust::TrustError;
use crate::script::SETUP_VERSION;

/// An object of the cluster, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Database(String),
    User(String),
    Group(String),
    Schema(String),
}

impl Object {
    /// Whether it belongs to the whole cluster, so that several setups may use it.
    pub(super) const fn is_cluster_wide(&self) -> bool {
        matches!(self, Self::User(_) | Self::Group(_))
    }

    /// Whether it is the account or the group of that setup.
    pub(super) fn is_used_by(&self, setup: &OtherSetup) -> bool {
        match self {
            Self::User(name) => *name == setup.user,
            Self::Group(name) => *name == setup.group,
            Self::Database(_) | Self::Schema(_) => false,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(name) => write!(f, "the database `{name}`"),
            Self::User(name) => write!(f, "the user `{name}`"),
            Self::Group(name) => write!(f, "the group `{name}`"),
            Self::Schema(name) => write!(f, "the schema `{name}`"),
        }
    }
}

/// An existing object that has a name of the setup, but is not proven to be part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ForeignObject {
    pub(super) object: Object,
    action: Action,
    /// The database of the setup that it belongs to, if one was found.
    pub(super) setup: Option<String>,
    /// The first object in a database that an unfinished run may have created.
    content: Option<DroppedObject>,
}

impl ForeignObject {
    pub(super) const fn new(object: Object, action: Action) -> Self {
        Self { object, action, setup: None, content: None }
    }

    /// Adds the first object in a database.
    pub(super) fn with_content(self, content: Option<DroppedObject>) -> Self {
        Self { content, ..self }
    }

    /// What the user can do. Never to drop the object: it may contain data that is needed.
    const fn help(&self) -> &'static str {
        match (self.action, &self.object) {
            (Action::Apply, Object::Database(_)) => {
                "To set it up there, pass `--existing-database`; otherwise choose another name"
            }
            (Action::Apply, Object::User(_)) => {
                "To use it as the system account, pass `--existing-user`; otherwise choose another name"
            }
            (Action::Apply, Object::Schema(_)) => "Choose another database, or rename the schema",
            (Action::Apply, Object::Group(_)) | (Action::Edit, _) => "Choose another name",
            (Action::Remove, Object::Database(_)) => {
                "Use the payload of the setup to remove; if that setup uses this existing database, pass \
                 `--existing-database`"
            }
            (Action::Remove, Object::User(_)) => {
                "Use the payload of the setup to remove; if that setup uses this existing user, pass \
                 `--existing-user`"
            }
            (Action::Remove, Object::Group(_) | Object::Schema(_)) => {
                "Use the payload of the setup to remove; Bootshift never drops objects that it did not create"
            }
        }
    }
}

impl fmt::Display for ForeignObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, setup, content, .. } = self;
        write!(f, "{object} already exists")?;
        if let Some(content) = content {
            return write!(
                f,
                " and contains {content}, so it is unknown whether the unfinished run created it. It is not changed. If \
                 the run created it, run `{}` there, and then run this command again. {}",
                content.drop(),
                self.help()
            );
        }
        match setup {
            Some(database) => {
                let role = if matches!(object, Object::Group(_)) { "impersonation group" } else { "account" };
                write!(
                    f,
                    ": it is the {role} of the setup in the database `{database}`, and is not changed. "
                )?;
            }
            None => {
                f.write_str(" and was not created by Bootshift (no marker found). It is not changed. ")?;
            }
        }
        f.write_str(self.help())
    }
}

/// Why a run changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PlanError {
    /// The object exists, and nothing proves that it is part of this setup.
    AlreadyExists(ForeignObject),
    /// An object that the payload expects does not exist.
    NotFound(Object),
    /// The marker, or an unfinished run, has another user, group or mode than the payload; what differs.
    Mismatch(String),
    /// The marker or the run lock may have been written by another user.
    Untrusted(TrustError),
    /// An object was modified in a way that cannot be repaired without losing data.
    Drifted(String),
    /// There is no setup to change.
    NotBootstrapped,
    /// An earlier version of Bootshift created the setup, which must be upgraded before a change.
    Outdated,
    /// A later version of Bootshift created the setup.
    OfLaterVersion(u32),
    /// Another run has the run lock.
    Locked(String),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyExists(what) => what.fmt(f),
            Self::NotFound(what) => write!(f, "{what} does not exist"),
            Self::Mismatch(what) => f.write_str(what),
            Self::Untrusted(trust_error) => trust_error.fmt(f),
            Self::Drifted(what) => write!(
                f,
                "{what} was modified outside Bootshift, and repairing it would lose data: restore it manually, or \
                 remove the setup and apply it again"
            ),
            Self::NotBootstrapped => {
                f.write_str("nothing is set up for the old payload: apply the old payload first")
            }
            Self::Outdated => f.write_str(
                "this setup was created by an earlier version of Bootshift: run `bootshift apply` with the old payload \
                 first, to upgrade it",
            ),
            Self::OfLaterVersion(version) => write!(
                f,
                "this setup was created by a later version of Bootshift (setup version {version}, while this version \
                 supports up to {SETUP_VERSION}): update Bootshift"
            ),
            Self::Locked(who) => f.write_str(who),
        }
    }
}
