//! What stands in the way of a plan.

use std::fmt;

use super::lost::LostObject;
use super::run_lock::Work;
use super::shared::OtherSetUp;
use super::trust::Doubt;

/// What can stand in the way, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Database(String),
    User(String),
    Group(String),
    Schema(String),
}

impl Object {
    /// Whether it belongs to the whole cluster, so that several set-ups may use it.
    pub(super) const fn is_of_cluster(&self) -> bool {
        matches!(self, Self::User(_) | Self::Group(_))
    }

    /// Whether it is the account or the group of that set-up.
    pub(super) fn is_used_by(&self, set_up: &OtherSetUp) -> bool {
        match self {
            Self::User(name) => *name == set_up.user,
            Self::Group(name) => *name == set_up.group,
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

/// What has one of our names, and is not proven to be ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) object: Object,
    work: Work,
    /// The database of the set-up that it is of, if one is found.
    pub(super) set_up: Option<String>,
    /// What a database holds, which a run that did not finish may have made.
    held: Option<LostObject>,
}

impl Foreign {
    pub(super) const fn new(object: Object, work: Work) -> Self {
        Self { object, work, set_up: None, held: None }
    }

    /// The same of a database, with what is in it.
    pub(super) fn with_held(self, held: Option<LostObject>) -> Self {
        Self { held, ..self }
    }

    /// What to do about it, which is never to drop it: it may hold what somebody needs.
    const fn help(&self) -> &'static str {
        match (self.work, &self.object) {
            (Work::Apply, Object::Database(_)) => {
                "To set it up there, pass `--existing-database`; otherwise choose another name"
            }
            (Work::Apply, Object::User(_)) => {
                "To use it as the system account, pass `--existing-user`; otherwise choose another name"
            }
            (Work::Apply, Object::Schema(_)) => "Choose another database, or rename the schema",
            (Work::Apply, Object::Group(_)) | (Work::Edit, _) => "Choose another name",
            (Work::Remove, Object::Database(_)) => {
                "Use the payload of the setup to remove; if that setup uses this existing database, pass \
                 `--existing-database`"
            }
            (Work::Remove, Object::User(_)) => {
                "Use the payload of the setup to remove; if that setup uses this existing user, pass \
                 `--existing-user`"
            }
            (Work::Remove, Object::Group(_) | Object::Schema(_)) => {
                "Use the payload of the setup to remove; Bootshift never drops objects that it did not create"
            }
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, set_up, held, .. } = self;
        write!(f, "{object} already exists")?;
        if let Some(held) = held {
            return write!(
                f,
                " and contains {held}, so it is unknown whether the unfinished run created it; it is not changed. If \
                 the run created it, run `{}` there, and then this command again. {}",
                held.drop(),
                self.help()
            );
        }
        match set_up {
            Some(database) => {
                let role = if matches!(object, Object::Group(_)) { "impersonation group" } else { "account" };
                write!(
                    f,
                    ": it is the {role} of the setup in the database `{database}`, and is not changed. "
                )?;
            }
            None => {
                f.write_str(" and was not created by Bootshift (no marker found); it is not changed. ")?
            }
        }
        f.write_str(self.help())
    }
}

/// Why nothing is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// This is there, and nothing proves that it is of this set-up.
    Foreign(Foreign),
    /// This is to exist, and does not.
    Missing(Object),
    /// The marker, or an unfinished run, is of a set-up with another user, group or mode: what differs.
    Other(String),
    /// The marker or the run lock may say what somebody else has written there.
    Doubted(Doubt),
    /// An object was altered in a way that cannot be fixed without losing what it holds.
    Altered(String),
    /// Nothing is set up that could be changed.
    NotSetUp,
    /// Another run is at work.
    Busy(String),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign(what) => what.fmt(f),
            Self::Missing(what) => write!(f, "{what} does not exist"),
            Self::Other(what) => f.write_str(what),
            Self::Doubted(doubt) => doubt.fmt(f),
            Self::Altered(what) => write!(
                f,
                "{what} was modified outside Bootshift, and repairing it would lose data: restore it manually, or \
                 remove the setup and apply it again"
            ),
            Self::NotSetUp => {
                f.write_str("nothing is set up for the old payload: apply the old payload first")
            }
            Self::Busy(who) => f.write_str(who),
        }
    }
}
