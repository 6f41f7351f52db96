//! What there is to do: the payload held against what stands. No input or output.

use std::fmt::{self, Write as _};

use super::account_login::Password;
use super::facts::{Cluster, Marker, Names, Standing, WRITE_MARKER};
use super::identity::Numbers;
use super::lost::LostObject;
use super::run_lock::{Claim, Work};
use super::shared::OtherSetUp;
use super::trust::{Doubt, MARKER, RUN_LOCK, Record, Trust};
use super::{ApplyOptions, Environment};
use crate::payload::{Impersonation, Payload, UnresolvedSecret};
use crate::script::{
    Place, ScriptError, ScriptKind, ScriptOptions, Stage, Statement, password_stage, script,
};
use crate::text::printable;

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
    const fn new(object: Object, work: Work) -> Self {
        Self { object, work, set_up: None, held: None }
    }

    /// What to do about it, which is never to drop it: it may hold what somebody needs.
    const fn help(&self) -> &'static str {
        match (self.work, &self.object) {
            (Work::Apply, Object::Database(_)) => {
                "If the set-up is to go into it, add --existing-database; if not, choose another name"
            }
            (Work::Apply, Object::User(_)) => {
                "If it is to be the system account, add --existing-user; if not, choose another name"
            }
            (Work::Apply, Object::Schema(_)) => "Choose another database, or rename the schema",
            (Work::Apply, Object::Group(_)) | (Work::Edit, _) => "Choose another name",
            (Work::Remove, Object::Database(_)) => {
                "Use the payload of the set-up that is to go; if it has this database, which was there before, add \
                 --existing-database"
            }
            (Work::Remove, Object::User(_)) => {
                "Use the payload of the set-up that is to go; if it has this user, who was there before, add \
                 --existing-user"
            }
            (Work::Remove, Object::Group(_) | Object::Schema(_)) => {
                "Use the payload of the set-up that is to go; what Bootshift did not make, it does not drop"
            }
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, set_up, held, .. } = self;
        write!(f, "{object} is there already")?;
        if let Some(held) = held {
            return write!(
                f,
                ", and holds {held}, so that it is not known whether the run that did not finish made it: it is left \
                 alone. If it did, run `{}` there, and this command again. {}",
                held.drop(),
                self.help()
            );
        }
        match set_up {
            Some(database) => {
                let role = if matches!(object, Object::Group(_)) { "impersonation group" } else { "account" };
                write!(
                    f,
                    ": it is the {role} of the set-up in the database `{database}`, and is left alone. "
                )?;
            }
            None => f.write_str(", and no marker says that Bootshift made it: it is left alone. ")?,
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
    /// An object was altered in a way that cannot be mended without losing what it holds.
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
            Self::Missing(Object::User(name)) => {
                write!(f, "the user `{name}`, who is to exist, is not there")
            }
            Self::Missing(what) => write!(f, "{what}, which is to exist, is not there"),
            Self::Other(what) => f.write_str(what),
            Self::Doubted(doubt) => doubt.fmt(f),
            Self::Altered(what) => write!(
                f,
                "{what} was altered, and mending it would lose what it holds: put it back by hand, or remove the \
                 set-up and apply it anew"
            ),
            Self::NotSetUp => {
                f.write_str("there is no set-up of the old payload to change: apply the old payload first")
            }
            Self::Busy(who) => f.write_str(who),
        }
    }
}

/// What a set-up would be called and made of if nothing stood yet.
pub(super) fn wanted(payload: &Payload, options: ApplyOptions, login: &str) -> Marker {
    let names = Names::of(payload);
    Marker {
        database_created: !(options.existing_database || payload.same_database()),
        // Who logs in is there, and stays.
        user_created: !(options.existing_user || names.user == login),
        group_created: !names.group.is_empty(),
        names,
    }
}

/// The statements of a whole set-up; and why the password in them is none, if its variable gives none. Then they serve
/// to look by, and the one that sets the password is not to run.
pub(super) fn set_up(
    payload: &Payload,
    made: &Marker,
    env: Environment<'_>,
) -> Result<(Vec<Stage>, Option<UnresolvedSecret>), ScriptError> {
    let stages = |env| Ok(script(ScriptKind::All, payload, None, &script_options(made), env)?.stages);
    match stages(env) {
        Err(ScriptError::UnresolvedSecret(error)) => {
            Ok((stages(&|_| Some("unresolved".to_owned()))?, Some(error)))
        }
        result => Ok((result?, None)),
    }
}

fn script_options(made: &Marker) -> ScriptOptions {
    ScriptOptions {
        existing_database: !made.database_created,
        existing_user: !made.user_created,
        ..ScriptOptions::default()
    }
}

/// What is known before a plan is made.
pub(super) struct Known {
    pub(super) cluster: Cluster,
    pub(super) standing: Standing,
    /// What the run lock is worth.
    pub(super) lock: Trust,
    pub(super) claim: Option<Claim>,
    /// What of the claim can be [believed](Claim::proven) of what is there.
    pub(super) claimed: Option<Marker>,
    /// What is in a database of which it is not known whether the run that has the claim made it.
    pub(super) held: Option<LostObject>,
    /// Whether who logs in may read the claims.
    pub(super) reads_claims: bool,
    pub(super) options: ApplyOptions,
    /// As [`wanted`] says.
    pub(super) wanted: Marker,
    /// The statements of the set-up.
    pub(super) set_up: Vec<Stage>,
    /// Why they have no password.
    pub(super) unresolved: Option<UnresolvedSecret>,
    /// What is known of the account's password, once it was tried.
    pub(super) password: Password,
}

impl Known {
    /// What proves which objects are ours: the marker, or else the claim.
    pub(super) fn proof(&self) -> Option<&Marker> {
        self.standing.marker.as_ref().or(self.claimed.as_ref())
    }

    /// What a set-up is, or will be, made of.
    pub(super) fn made(&self) -> &Marker {
        self.proof().unwrap_or(&self.wanted)
    }

    /// The numbers of what is there and was made, or will have been.
    pub(super) fn numbers(&self, made: &Marker) -> Numbers {
        let found = self.cluster.numbers;
        Numbers {
            database: if made.database_created { found.database } else { 0 },
            user: if made.user_created { found.user } else { 0 },
            group: if made.group_created { found.group } else { 0 },
        }
    }

    /// Where the proof stands, and to whom that belongs.
    fn witness(&self) -> Option<(Record, &str)> {
        let (record, trust) = if self.standing.marker.is_some() {
            (MARKER, &self.standing.trust)
        } else {
            (RUN_LOCK, &self.lock)
        };
        self.proof()?;
        if let Trust::Believed { owner } = trust { Some((record, owner)) } else { None }
    }

    /// What says something about this set-up, or might, and is not believed.
    pub(super) fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        [&self.standing.trust, &self.lock].into_iter().filter_map(|trust| match trust {
            Trust::Doubted(doubt) => Some(doubt),
            Trust::Absent | Trust::Believed { .. } => None,
        })
    }

    /// Whether the marker has the names of the payload: a change to it has been made, but for the password.
    pub(super) fn is_in_force(&self) -> bool {
        self.standing.marker.as_ref().is_some_and(|marker| marker.names == self.wanted.names)
    }

    /// Whether `apply` sets the password, because another one is in force.
    pub(super) fn password_is_due(&self) -> bool {
        self.password == Password::NotInForce && self.made().user_created
    }

    /// What stands in the way of any work on the set-up.
    fn general_obstacles(&self) -> Vec<Obstacle> {
        let doubts = self.doubts().cloned().map(Obstacle::Doubted);
        doubts.chain(self.contradictions()).collect()
    }

    /// What a proof says that Bootshift made, and is said to have been there.
    pub(super) fn contradictions(&self) -> Vec<Obstacle> {
        let (Some(proof), Some((record, owner))) = (self.proof(), self.witness()) else { return Vec::new() };
        let names = &proof.names;
        let of_initial = "`initialDatabase` is the same, which is not Bootshift's";
        let database_says = if self.options.existing_database {
            "--existing-database says that it exists"
        } else {
            of_initial
        };
        [
            (proof.database_created && !self.wanted.database_created, "database", &names.database, database_says),
            (
                proof.user_created && self.options.existing_user,
                "user",
                &names.user,
                "--existing-user says that it exists",
            ),
        ]
        .into_iter()
        .filter(|(contradicts, ..)| *contradicts)
        .map(|(_, kind, name, says)| {
            Obstacle::Other(format!(
                "{record}, which belongs to `{owner}`, says that Bootshift made the {kind} `{name}`, and {says}: find \
                 out which is true. Where Bootshift made it, leave the option out; where not, correct {record}"
            ))
        })
        .collect()
    }

    /// How a proof differs from what the payload says. Without any work it is looked at alone.
    pub(super) fn difference(&self, work: Option<Work>) -> Option<Obstacle> {
        let proof = self.proof()?;
        let (found, wanted) = (&proof.names, &self.wanted.names);
        let (whose, help) = match &self.claim {
            // A change is of two payloads, and what it changes stands.
            Some(claim) if claim.work != Work::Edit || self.standing.marker.is_none() => (
                format!("an unfinished run ({}) of another payload", claim.work.name()),
                format!("with the payload of that run, {}", claim.work.ways_out()),
            ),
            _ => {
                let help = match work {
                    Some(Work::Apply) => "use the payload of that set-up, or change it with --old",
                    Some(Work::Edit) => "--old takes the payload of that set-up",
                    Some(Work::Remove) | None => "use the payload of that set-up",
                };
                ("immuta_system.bootstrap says that the set-up in this database".to_owned(), help.to_owned())
            }
        };
        let differs = [
            ("database", &found.database, &wanted.database),
            ("user", &found.user, &wanted.user),
            ("impersonation group", &found.group, &wanted.group),
        ];
        let named = |name: &str| if name.is_empty() { "none".to_owned() } else { format!("`{name}`") };
        differs.into_iter().find(|(_, found, wanted)| found != wanted).map(|(what, found, wanted)| {
            Obstacle::Other(format!(
                "{whose} has the {what} {}, and the payload says {}: {help}",
                named(found),
                named(wanted)
            ))
        })
    }

    /// What has one of our names and is not ours.
    fn foreign(&self, owned: Option<&Marker>, work: Work) -> Vec<Obstacle> {
        let objects = self.foreign_objects(owned, work).into_iter().map(Obstacle::Foreign);
        objects.chain(self.foreign_schemas(work)).collect()
    }

    fn foreign_objects(&self, owned: Option<&Marker>, work: Work) -> Vec<Foreign> {
        let Marker { names, database_created, user_created, group_created } = &self.wanted;
        let cluster = &self.cluster;
        let owns = |flag: fn(&Marker) -> bool| owned.is_some_and(flag);
        let objects = [
            (
                *database_created && cluster.has_database && !owns(|made| made.database_created),
                Object::Database(names.database.clone()),
            ),
            (
                *user_created && cluster.has_user && !owns(|made| made.user_created),
                Object::User(names.user.clone()),
            ),
            (
                *group_created && cluster.has_group && !owns(|made| made.group_created),
                Object::Group(names.group.clone()),
            ),
        ];
        let foreign = |object| {
            let held = self.held.clone().filter(|_| matches!(object, Object::Database(_)));
            Foreign { held, ..Foreign::new(object, work) }
        };
        objects.into_iter().filter_map(|(is_foreign, object)| is_foreign.then(|| foreign(object))).collect()
    }

    /// What a run claims to have made, and has the name now of what it did not make.
    fn taken(&self, work: Work) -> Vec<Foreign> {
        let Some(claim) = self.claim.as_ref().filter(|_| self.standing.marker.is_none()) else {
            return Vec::new();
        };
        let Marker { database_created, user_created, group_created, .. } = claim.made;
        let is_claimed = |foreign: &Foreign| match foreign.object {
            Object::Database(_) => database_created,
            Object::User(_) => user_created,
            Object::Group(_) => group_created,
            Object::Schema(_) => false,
        };
        self.foreign_objects(self.claimed.as_ref(), work).into_iter().filter(is_claimed).collect()
    }

    /// A group that has the name of one that is gone: there is no option to say that it was there.
    pub(super) fn left_alone(&self) -> impl Iterator<Item = Foreign> {
        self.taken(Work::Remove).into_iter().filter(|foreign| matches!(foreign.object, Object::Group(_)))
    }

    /// The schemas of our names, which are somebody else's where there is no marker: they come and go with it, in one
    /// transaction.
    fn foreign_schemas(&self, work: Work) -> impl Iterator<Item = Obstacle> {
        let schemas = self.standing.schemas.iter().cloned().map(Object::Schema);
        schemas.map(move |schema| Obstacle::Foreign(Foreign::new(schema, work)))
    }

    /// What the payload takes for granted, and is not there.
    fn missing(&self) -> Vec<Obstacle> {
        let Marker { names, database_created, user_created, .. } = self.made();
        let mut obstacles = Vec::new();
        if !database_created && !self.cluster.has_database {
            obstacles.push(Obstacle::Missing(Object::Database(names.database.clone())));
        }
        if !user_created && !self.cluster.has_user {
            obstacles.push(Obstacle::Missing(Object::User(names.user.clone())));
        }
        obstacles
    }
}

/// What is left to do of a set-up.
pub(super) fn apply(known: &Known) -> Result<Vec<Stage>, Vec<Obstacle>> {
    let mut obstacles = known.general_obstacles();
    obstacles.extend(known.difference(Some(Work::Apply)));
    obstacles.extend(known.missing());
    if known.standing.marker.is_none() {
        obstacles.extend(known.foreign(known.claimed.as_ref(), Work::Apply));
    } else {
        let is_altered = |statement: &&Statement| {
            let table = statement.summary.strip_prefix("Create the table ");
            table.is_some_and(|table| known.standing.relations.iter().any(|relation| relation == table))
        };
        obstacles.extend(
            missing_statements(known)
                .filter(is_altered)
                .map(|statement| Obstacle::Altered(object(statement))),
        );
        if known.standing.marker.is_some() && !marker_stands(known) {
            obstacles.push(Obstacle::Altered("the marker table `immuta_system.bootstrap`".to_owned()));
        }
    }
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let mends = known.standing.marker.is_some();
    let left = known.set_up.iter().map(|stage| left(stage, &known.standing, mends));
    Ok(left.filter(|stage| !stage.statements.is_empty()).collect())
}

/// What a statement that makes something makes: `the table profile`.
fn object(statement: &Statement) -> String {
    statement.summary.strip_prefix("Create ").unwrap_or(&statement.summary).to_owned()
}

fn marker_stands(known: &Known) -> bool {
    !missing_statements(known).any(|statement| statement.summary == "Create the marker table")
}

/// The statements whose effect is not there.
pub(super) fn missing_statements(known: &Known) -> impl Iterator<Item = &Statement> {
    missing(&known.set_up, &known.standing)
}

/// The same of the statements of any set-up.
pub(super) fn missing<'s>(
    set_up: &'s [Stage],
    standing: &'s Standing,
) -> impl Iterator<Item = &'s Statement> {
    set_up.iter().flat_map(|stage| &stage.statements).filter(|statement| {
        (statement.probe.is_some() || statement.summary == WRITE_MARKER) && !standing.has(statement)
    })
}

/// What is left of a stage, with its transactions around.
fn left(stage: &Stage, standing: &Standing, mends: bool) -> Stage {
    let is_missing = |statement: &Statement| boundary(statement).is_none() && !standing.has(statement);
    let mut statements = Vec::new();
    for transaction in transactions(&stage.statements) {
        if !transaction.iter().any(is_missing) {
            continue;
        }
        // A REVOKE takes along what a later GRANT gives on the same object.
        let revoked: Vec<&str> =
            transaction.iter().filter(|statement| is_missing(statement)).filter_map(closed_object).collect();
        let is_revoked = |statement: &Statement| {
            let object = statement.sql.strip_prefix("GRANT ").and_then(|grant| grant.split_once(" ON "));
            object.is_some_and(|(_, object)| revoked.iter().any(|revoked| object.starts_with(revoked)))
        };
        let runs = |statement: &&Statement| {
            boundary(statement).is_some() || is_missing(statement) || is_revoked(statement)
        };
        let runs = transaction.iter().filter(runs);
        statements.extend(runs.map(|statement| if mends { replacing(statement) } else { statement.clone() }));
    }
    Stage { statements, ..stage.clone() }
}

/// The transactions among the statements, and each of the others by itself.
pub(super) fn transactions(statements: &[Statement]) -> impl Iterator<Item = &[Statement]> {
    let mut is_open = false;
    statements.chunk_by(move |before, _| {
        match boundary(before) {
            Some(Boundary::Begin) => is_open = true,
            Some(Boundary::Commit) => is_open = false,
            None => {}
        }
        is_open
    })
}

/// What a statement closes to everybody, as it names it: `DATABASE "immuta"`.
fn closed_object(statement: &Statement) -> Option<&str> {
    let (_, object) = statement.sql.strip_prefix("REVOKE ")?.split_once(" ON ")?;
    object.strip_suffix(" FROM PUBLIC")
}

/// Where a transaction begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Begin,
    Commit,
}

pub(super) fn boundary(statement: &Statement) -> Option<Boundary> {
    match statement.sql.as_str() {
        "BEGIN" => Some(Boundary::Begin),
        "COMMIT" => Some(Boundary::Commit),
        _ => None,
    }
}

/// The statement that mends what was altered: views and functions are replaced, and keep their grants.
fn replacing(statement: &Statement) -> Statement {
    let mut statement = statement.clone();
    for kind in ["VIEW", "FUNCTION"] {
        if let Some(rest) = statement.sql.strip_prefix(&format!("CREATE {kind} ")) {
            statement.sql = format!("CREATE OR REPLACE {kind} {rest}");
        }
    }
    statement
}

/// What there is to do for a change.
pub(super) fn edit(
    known: &Known,
    old: &Payload,
    new: &Payload,
    env: Environment<'_>,
) -> Result<Result<Vec<Stage>, ScriptError>, Vec<Obstacle>> {
    let mut obstacles = known.general_obstacles();
    let (old_names, new_names) = (Names::of(old), &known.wanted.names);
    let Some(marker) = &known.standing.marker else {
        obstacles.push(match &known.claim {
            Some(claim) => Obstacle::Other(format!(
                "a run ({}) did not finish, so that there is no set-up to change: with the payload of that run, {}",
                claim.work.name(),
                claim.work.ways_out()
            )),
            None => Obstacle::NotSetUp,
        });
        return Err(obstacles);
    };
    let is_new = marker.names == *new_names;
    if !is_new && marker.names != old_names {
        obstacles.extend(known.difference(Some(Work::Edit)));
    }
    if !is_new {
        if new_names.user != old_names.user && marker.user_created && known.cluster.has_user {
            obstacles.push(Obstacle::Foreign(Foreign::new(Object::User(new_names.user.clone()), Work::Edit)));
        }
        if new_names.user != old_names.user && !marker.user_created && !known.cluster.has_user {
            obstacles.push(Obstacle::Missing(Object::User(new_names.user.clone())));
        }
        if new_names.group != old_names.group && known.cluster.has_group {
            obstacles
                .push(Obstacle::Foreign(Foreign::new(Object::Group(new_names.group.clone()), Work::Edit)));
        }
    }
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let mut stages = match script(ScriptKind::Edit, new, Some(old), &script_options(marker), env) {
        Ok(script) => script.stages,
        Err(error) => return Ok(Err(error)),
    };
    if is_new {
        // The one thing that the marker does not tell is the password.
        retain(&mut stages, is_password);
    }
    Ok(Ok(stages))
}

/// Leaves the statements that are wanted, and the transactions that have one.
fn retain(stages: &mut Vec<Stage>, is_wanted: impl Fn(&Statement) -> bool) {
    for stage in &mut *stages {
        stage.statements.retain(|statement| boundary(statement).is_some() || is_wanted(statement));
    }
    stages.retain(|stage| stage.statements.iter().any(|statement| boundary(statement).is_none()));
}

/// Whether a statement says how the system account logs in.
fn is_password(statement: &Statement) -> bool {
    statement.summary == "Set the system account's password"
}

/// Whether there is such a statement among those of the stages.
pub(super) fn sets_password(stages: &[Stage]) -> bool {
    stages.iter().flat_map(|stage| &stage.statements).any(is_password)
}

/// Fits the plan to what is known of the password: sets one that is not in force, if the account is the set-up's own,
/// and leaves one alone that is.
pub(super) fn settle_password(
    stages: &mut Vec<Stage>,
    known: &Known,
    payload: &Payload,
    env: Environment<'_>,
) -> Result<(), ScriptError> {
    match known.password {
        Password::InForce => retain(stages, |statement| !is_password(statement)),
        Password::NotInForce if known.password_is_due() && !sets_password(stages) => {
            stages.insert(0, password_stage(payload, env)?);
        }
        _ => {}
    }
    Ok(())
}

/// What there is to do for a removal.
pub(super) fn remove(
    known: &Known,
    payload: &Payload,
    env: Environment<'_>,
) -> Result<Result<Vec<Stage>, ScriptError>, Vec<Obstacle>> {
    let mut obstacles = known.general_obstacles();
    obstacles.extend(known.difference(Some(Work::Remove)));
    let Some(made) = known.proof() else {
        obstacles.extend(known.foreign(None, Work::Remove));
        return if obstacles.is_empty() { Ok(Ok(Vec::new())) } else { Err(obstacles) };
    };
    // One that has the number goes with whatever is in it: what that is proves nothing, here or in the scripts.
    let is_known = known.standing.marker.is_none()
        && made.database_created
        && known.claim.as_ref().is_some_and(|claim| claim.numbers.database != 0);
    if known.standing.marker.is_none() {
        if !is_known {
            obstacles.extend(known.foreign_schemas(Work::Remove));
        }
        let taken = known.taken(Work::Remove).into_iter();
        obstacles.extend(
            taken.filter(|foreign| !matches!(foreign.object, Object::Group(_))).map(Obstacle::Foreign),
        );
    }
    if !obstacles.is_empty() {
        return Err(obstacles);
    }
    let is_whole = known.standing.marker.is_some()
        && known.cluster.has_user
        && (made.names.group.is_empty() || known.cluster.has_group)
        && known.standing.schemas.len() == SCHEMAS;
    let kind = if is_whole { ScriptKind::Delete } else { ScriptKind::Cleanup };
    let payload = if made.group_created || made.names.group.is_empty() {
        payload.clone()
    } else {
        Payload { impersonation: Some(Impersonation::Disabled { role: None }), ..payload.clone() }
    };
    let stages = match script(kind, &payload, None, &script_options(made), env) {
        Ok(script) => script.stages,
        Err(error) => return Ok(Err(error)),
    };
    let runs = |stage: &Stage| {
        (stage.condition.is_none() || known.cluster.has_database)
            && !(is_known && stage.place == Place::Database)
    };
    Ok(Ok(stages.into_iter().filter(runs).collect()))
}

/// The schemas of a set-up: `immuta_system`, `immuta_functions`, `immuta_procedures`.
const SCHEMAS: usize = 3;

/// The plan as text, for who has to say yes to it.
pub(super) fn text(work: Work, known: &Known, stages: &[Stage]) -> String {
    let mut text = String::new();
    for stage in stages {
        let place = match stage.place {
            Place::InitialDatabase => "initialDatabase",
            Place::Database => "database",
        };
        let _ = writeln!(text, "In `{}` ({place}):", printable(&stage.database.folded()));
        for statement in stage.statements.iter().filter(|statement| boundary(statement).is_none()) {
            let _ = writeln!(text, "  - {}", statement.summary);
        }
    }
    if work == Work::Remove && !stages.is_empty() {
        text.push_str(&word(known).unwrap_or_default());
    }
    if stages.is_empty() {
        text.push_str(match work {
            Work::Apply | Work::Edit if known.password.is_trouble() => {
                "Nothing that a run can do: all but the log-in of the system account is in force.\n"
            }
            Work::Apply => "Nothing to do: everything is set up.\n",
            Work::Edit => "Nothing to do: the change is in force.\n",
            Work::Remove => "Nothing to do: nothing is set up.\n",
        });
    }
    text
}

/// On whose word a removal drops what belongs to the whole cluster.
fn word(known: &Known) -> Option<String> {
    let (made, (record, owner)) = (known.proof()?, known.witness()?);
    let Marker { names, database_created, user_created, group_created } = made;
    let dropped: Vec<String> = [
        (*database_created, Object::Database(names.database.clone())),
        (*user_created, Object::User(names.user.clone())),
        (*group_created, Object::Group(names.group.clone())),
    ]
    .into_iter()
    .filter_map(|(is_made, object)| is_made.then(|| printable(&object.to_string())))
    .collect();
    (!dropped.is_empty()).then(|| {
        format!(
            "Bootshift made {}, says {record}, which belongs to `{}`.\n",
            listed(&dropped),
            printable(owner)
        )
    })
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => items.concat(),
    }
}
