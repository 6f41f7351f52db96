//! What a user or a group that is to be dropped still owns, or was granted.
//!
//! Redshift refuses to drop it then, and says "owns some object" or "has a privilege on some object": not which one,
//! and not before the statement, when the database is gone. It looks at the current database alone, and leaves what
//! the user owns in another without an owner (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_USER.html>).
//!
//! The lists of privileges are read as Redshift's own administration scripts do
//! (<https://github.com/awslabs/amazon-redshift-utils>, `src/AdminViews`). What is granted to a role, and privileges
//! with a scope, are not in them.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use super::error::StatementError;
use super::facts::{Names, Reader, nonsense, quoted};
use super::plan::Known;
use super::privilege_list::{Entry, Grantee, called, delimited, entries, sql_of};
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::run_lock::Work;
use super::session::{Row, Session};
use super::shared::OtherSetUp;
use super::trust::UNTOLD;

const TEST: TestName = Phase::RemovalValidation.test("Nothing Else Belongs To What Is Dropped");

/// The schemas that go with a set-up.
pub(super) const SCHEMAS: [&str; 3] = ["immuta_system", "immuta_functions", "immuta_procedures"];

/// The most objects that are asked for at once: after those, the next run names the next.
const LIMIT: usize = 500;

/// SQLSTATE `undefined_table`.
const UNDEFINED_TABLE: &str = "42P01";

/// The user and the group that a run drops, and what it drops before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaving {
    user: Option<String>,
    group: Option<String>,
    work: Work,
    database: String,
    drops_database: bool,
    has_database: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    dependents: Vec<Dependent>,
    /// Why some of it could not be asked.
    unasked: Vec<String>,
    /// How many answers there are beyond those that were asked for.
    more: usize,
    /// What is to be said of other set-ups.
    pub(super) warnings: Vec<ValidationTest>,
}

impl Found {
    /// Whether nothing keeps the user or the group from being dropped.
    pub(super) const fn is_free(&self) -> bool {
        self.dependents.is_empty()
    }

    /// Puts the statements into an order in which they work.
    pub(super) fn sort(&mut self) {
        self.dependents.sort_by_key(|held| held.order);
    }

    /// What is in the way, and what could not be asked.
    pub(super) fn tests(&self) -> impl Iterator<Item = ValidationTest> {
        let held = self.dependents.iter().map(|held| ValidationTest::failed(TEST, held.to_string()));
        let unasked = self.unasked.iter().map(|why| {
            ValidationTest::new(TEST, TestStatus::Warning, Some(format!("some of it is not known: {why}")))
        });
        let more = (self.more > 0).then(|| {
            let message = format!(
                "not all is named: of what the catalog lists, {} more are left, and the next run names the next {LIMIT}",
                self.more
            );
            ValidationTest::new(TEST, TestStatus::Warning, Some(message))
        });
        held.chain(unasked).chain(more).chain(self.warnings.iter().cloned())
    }
}

/// An object that keeps a user or a group from being dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependent {
    /// What it is to whom.
    fact: String,
    /// The database to be in, where it matters.
    database: Option<String>,
    /// What frees it.
    remedy: Remedy,
    order: Order,
    /// The object that it is about, or the schema that this is in: what the set-up of a database may hold.
    holding: Holding,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Remedy {
    /// A statement, and who has to run it, where not anybody may.
    Statement(String, Option<String>),
    /// What to do about another set-up.
    Words(String),
}

/// When a statement is to run: what others were granted on goes first, for as long as it is there its grantor keeps the
/// privilege; and a schema or a database last, for who has to run a statement in it may need that one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    is_not_another_set_up: bool,
    /// How many hands a privilege has gone through.
    hands: Reverse<usize>,
    container: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Holding {
    Database(String),
    Schema(String),
    /// The default privilege that every set-up makes.
    Defaults,
    Other,
}

impl fmt::Display for Dependent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fact, database, remedy, .. } = self;
        write!(f, "{fact}")?;
        if let Some(database) = database {
            write!(f, " in the database `{database}`")?;
        }
        f.write_str(", and could not be dropped: ")?;
        let Remedy::Statement(statement, grantor) = remedy else {
            let Remedy::Words(words) = remedy else { return Ok(()) };
            return f.write_str(words);
        };
        write!(f, "run `{statement}`")?;
        if database.is_some() {
            f.write_str(" there")?;
        }
        match grantor {
            Some(grantor) => write!(f, ", as `{grantor}`, who granted it"),
            None => Ok(()),
        }
    }
}

impl Leaving {
    /// Nothing if the work drops neither user nor group.
    pub(super) fn of(work: Work, known: &Known) -> Option<Self> {
        let made = known.proof()?;
        let Names { database, user, group } = &made.names;
        let has_group = made.group_created && !group.is_empty();
        let (drops_user, drops_group) = match work {
            Work::Apply => (false, false),
            Work::Edit => (false, has_group && known.wanted.names.group.is_empty()),
            Work::Remove => {
                (made.user_created && known.cluster.has_user, has_group && known.cluster.has_group)
            }
        };
        (drops_user || drops_group).then(|| Self {
            user: drops_user.then(|| user.clone()),
            group: drops_group.then(|| group.clone()),
            work,
            database: database.clone(),
            drops_database: work == Work::Remove && made.database_created,
            has_database: known.cluster.has_database,
        })
    }

    /// The group that is dropped.
    pub(super) fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The payload's database, if it is there and stays.
    pub(super) fn kept_database(&self) -> Option<&str> {
        (self.has_database && !self.drops_database).then_some(&self.database)
    }

    /// The databases in which there may be another set-up: those on which something is granted, and the first.
    pub(super) fn other_databases(&self, first: &str, found: &Found) -> BTreeSet<String> {
        let named = found.dependents.iter().filter_map(|held| match &held.holding {
            Holding::Database(database) => Some(database.clone()),
            _ => None,
        });
        named.chain([first.to_owned()]).filter(|database| *database != self.database).collect()
    }

    /// Takes together what another set-up holds by the same account or group.
    pub(super) fn note_shared(&self, other: &OtherSetUp, found: &mut Found) {
        let OtherSetUp { database, user, group } = other;
        if *database == self.database {
            return;
        }
        let is_theirs = |held: &Dependent| match &held.holding {
            Holding::Database(name) => name == database,
            Holding::Schema(schema) => {
                held.database.as_ref() == Some(database) && SCHEMAS.contains(&schema.as_str())
            }
            Holding::Defaults => held.database.as_ref() == Some(database),
            Holding::Other => false,
        };
        let shared = [
            (self.user.as_ref(), user, "the user", "account", "user_created"),
            (self.group.as_ref(), group, "the group", "impersonation group", "group_created"),
        ];
        let shared = shared.into_iter().filter(|(leaving, theirs, ..)| *leaving == Some(theirs));
        let notes: Vec<Dependent> = shared
            .map(|(_, name, kind, role, column)| Dependent {
                fact: format!("{kind} `{name}` is the {role} of another set-up, in the database `{database}`"),
                database: None,
                remedy: Remedy::Words(format!(
                    "remove that set-up first, with its own payload; or else keep {kind}: run `UPDATE \
                     immuta_system.bootstrap SET {column} = FALSE` in the database `{}`, and then this command again",
                    self.database
                )),
                order: Order::default(),
                holding: Holding::Other,
            })
            .collect();
        if notes.is_empty() {
            return;
        }
        found.dependents.retain(|held| !is_theirs(held));
        found.dependents.extend(notes);
    }

    /// How one finds out what is where this does not look.
    pub(super) fn elsewhere_test(&self) -> ValidationTest {
        let names: Vec<String> = self.user.iter().chain(&self.group).map(|name| quoted(name)).collect();
        let names = names.join(" or ");
        let message = if self.user.is_none() {
            format!(
                "other databases were not looked at, nor does Redshift look there. To find what {names} was granted in \
                 one, look by `identity_name` in `svv_relation_privileges`, `svv_schema_privileges` and \
                 `svv_function_privileges`, and by `grantee_name` in `svv_default_privileges`"
            )
        } else {
            format!(
                "other databases were not looked at, nor does Redshift look there: what a user owns in them is left without \
             an owner. To find what {names} has in one, look by `identity_name` in `svv_relation_privileges`, \
             `svv_schema_privileges` and `svv_function_privileges`, by `grantee_name` and `owner_name` in \
             `svv_default_privileges`, and by `tableowner` in `pg_tables`; for roles, in `svv_user_grants`"
            )
        };
        ValidationTest::new(TEST, TestStatus::Warning, Some(message))
    }

    /// What there is in the database of the session. What belongs to the whole cluster is asked in the first.
    pub(super) async fn look(
        &self,
        session: &Session,
        database: &str,
        login: &str,
        is_first: bool,
        found: &mut Found,
    ) -> Result<(), StatementError> {
        let place = Place { leaving: self, database, login };
        for query in [self.objects_query(is_first), self.routines_query()] {
            for row in self.ask(session, &query, found).await? {
                found.dependents.extend(place.of_object(&Object::read(&mut Reader::new(&row))?));
            }
        }
        let columns = match limited(session, &self.columns_query(), found).await {
            // Not every cluster has the view.
            Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => Vec::new(),
            result => result?,
        };
        for row in &columns {
            found.dependents.extend(place.of_column(&mut Reader::new(row))?);
        }
        Ok(())
    }

    /// What one kind of cluster does not tell, or not to everybody, is no reason to keep a set-up.
    async fn ask(
        &self,
        session: &Session,
        query: &str,
        found: &mut Found,
    ) -> Result<Vec<Row>, StatementError> {
        match limited(session, query, found).await {
            Err(error) if error.sqlstate().is_some_and(|state| UNTOLD.contains(&state)) => {
                found.unasked.push(error.to_string());
                Ok(Vec::new())
            }
            result => result,
        }
    }

    fn is_leaving(&self, grantee: &Grantee) -> bool {
        match grantee {
            Grantee::Public => false,
            Grantee::User(name) => self.user.as_ref() == Some(name),
            Grantee::Group(name) => self.group.as_ref() == Some(name),
        }
    }

    /// The condition that an object is the user's, or that a list of privileges may name one of them. The list itself
    /// is read here, for the server does not compare the names in it.
    fn condition(&self, owner: &str, list: &str) -> String {
        let text = format!(
            "COALESCE(pg_catalog.chr(31) || REPLACE(pg_catalog.array_to_string({list}, pg_catalog.chr(31)), '\"', '') || pg_catalog.chr(31), '')"
        );
        let names = |before: &str, name: &str, after: &str| {
            let name = quoted(&name.replace('"', ""));
            format!("STRPOS({text}, {before} || {name} || {after}) > 0")
        };
        let mut conditions = Vec::new();
        if let Some(user) = &self.user {
            conditions.push(format!("{owner} = {}", quoted(user)));
            conditions.push(names("pg_catalog.chr(31)", user, "'='"));
            conditions.push(names("'/'", user, "pg_catalog.chr(31)"));
        }
        if let Some(group) = &self.group {
            conditions.push(names("pg_catalog.chr(31)", &format!("group {group}"), "'='"));
        }
        format!("({})", conditions.join("\n    OR "))
    }

    fn objects_query(&self, is_first: bool) -> String {
        let mut queries = vec![
            format!(
                "SELECT 'schema' AS kind, CAST('' AS VARCHAR(127)) AS schema_name, CAST(n.nspname AS VARCHAR(127)) AS name,\n\
                 CAST('' AS VARCHAR(4096)) AS detail, CAST(o.usename AS VARCHAR(127)) AS owner,\n\
                 pg_catalog.array_to_string(n.nspacl, pg_catalog.chr(31)) AS list\n\
                 FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_user o ON o.usesysid = n.nspowner\n\
                 WHERE {}",
                self.condition("o.usename", "n.nspacl")
            ),
            format!(
                "SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, CAST(n.nspname AS VARCHAR(127)),\n\
                 CAST(c.relname AS VARCHAR(127)), '', CAST(o.usename AS VARCHAR(127)), pg_catalog.array_to_string(c.relacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
                 LEFT JOIN pg_catalog.pg_user o ON o.usesysid = c.relowner\n\
                 WHERE c.relkind IN ('r', 'v') AND {}",
                self.condition("o.usename", "c.relacl")
            ),
        ];
        if is_first {
            queries.push(format!(
                "SELECT 'database', '', CAST(d.datname AS VARCHAR(127)), '', CAST(o.usename AS VARCHAR(127)),\n\
                 pg_catalog.array_to_string(d.datacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_user o ON o.usesysid = d.datdba\n\
                 WHERE {}",
                self.condition("o.usename", "d.datacl")
            ));
        }
        united(&queries)
    }

    fn routines_query(&self) -> String {
        united(&[
            format!(
                "SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,\n\
                 CAST(n.nspname AS VARCHAR(127)) AS schema_name, CAST(p.proname AS VARCHAR(127)) AS name,\n\
                 CAST(pg_catalog.oidvectortypes(p.proargtypes) AS VARCHAR(4096)) AS detail, CAST(o.usename AS VARCHAR(127)) AS owner,\n\
                 pg_catalog.array_to_string(p.proacl, pg_catalog.chr(31)) AS list\n\
                 FROM pg_catalog.pg_proc_info p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n\
                 LEFT JOIN pg_catalog.pg_user o ON o.usesysid = p.proowner\n\
                 WHERE {}",
                self.condition("o.usename", "p.proacl")
            ),
            format!(
                "SELECT 'language', '', CAST(l.lanname AS VARCHAR(127)), '', '', pg_catalog.array_to_string(l.lanacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_language l\n\
                 WHERE {}",
                self.condition("''", "l.lanacl")
            ),
            format!(
                "SELECT CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'p' THEN 'procedures' ELSE 'functions' END,\n\
                 CAST(n.nspname AS VARCHAR(127)), '', '', CAST(o.usename AS VARCHAR(127)),\n\
                 pg_catalog.array_to_string(d.defaclacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace\n\
                 LEFT JOIN pg_catalog.pg_user o ON o.usesysid = d.defacluser\n\
                 WHERE {}",
                self.condition("o.usename", "d.defaclacl")
            ),
        ])
    }

    /// Columns have lists of their own, for which the catalog of PostgreSQL 8.0 has no place
    /// (<https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMN_PRIVILEGES.html>).
    fn columns_query(&self) -> String {
        let condition = |kind: &str, name: &Option<String>| {
            let name = quoted(name.as_ref()?);
            Some(format!("identity_type = '{kind}' AND identity_name = {name}"))
        };
        let conditions: Vec<String> =
            [condition("user", &self.user), condition("group", &self.group)].into_iter().flatten().collect();
        format!(
            "SELECT namespace_name, relation_name, column_name, privilege_type, identity_type, identity_name\n\
             FROM pg_catalog.svv_column_privileges\n\
             WHERE {}",
            conditions.join(" OR ")
        )
    }
}

fn united(queries: &[String]) -> String {
    format!("SELECT * FROM (\n{}\n) held", queries.join("\nUNION ALL\n"))
}

/// The first rows of a query; notes how many more there are.
async fn limited(session: &Session, query: &str, found: &mut Found) -> Result<Vec<Row>, StatementError> {
    let rows = session.rows(&format!("{query}\nLIMIT {LIMIT}")).await?;
    if rows.len() == LIMIT {
        let counts = session.rows(&format!("SELECT COUNT(*) FROM (\n{query}\n) counted")).await?;
        let count = Reader::new(counts.first().ok_or_else(nonsense)?).count()?;
        found.more += usize::try_from(count).map_err(|_| nonsense())?.saturating_sub(LIMIT);
    }
    Ok(rows)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Database,
    Schema,
    Table,
    View,
    Function,
    Procedure,
    Language,
    /// Default privileges on what is made later: on tables, functions or procedures.
    Defaults(&'static str),
}

impl Kind {
    /// As the query calls it.
    fn named(name: &str) -> Self {
        match name {
            "database" => Self::Database,
            "schema" => Self::Schema,
            "view" => Self::View,
            "function" => Self::Function,
            "procedure" => Self::Procedure,
            "language" => Self::Language,
            "tables" => Self::Defaults("TABLES"),
            "functions" => Self::Defaults("FUNCTIONS"),
            "procedures" => Self::Defaults("PROCEDURES"),
            _ => Self::Table,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Table => "table",
            Self::View => "view",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Language => "language",
            Self::Defaults(_) => "default privileges",
        }
    }

    /// The word of `GRANT` and `ALTER`, which have none for views.
    const fn sql(self) -> &'static str {
        match self {
            Self::Database => "DATABASE",
            Self::Schema => "SCHEMA",
            Self::Table | Self::View | Self::Defaults(_) => "TABLE",
            Self::Function => "FUNCTION",
            Self::Procedure => "PROCEDURE",
            Self::Language => "LANGUAGE",
        }
    }
}

/// What the catalog says of an object.
struct Object {
    kind: Kind,
    /// Empty for what is in none.
    schema: String,
    name: String,
    /// Of a routine.
    arguments: String,
    /// Empty where there is none, or it is no user.
    owner: String,
    privileges: String,
}

impl Object {
    fn read(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            kind: Kind::named(row.text()?.trim_end()),
            schema: row.text()?,
            name: row.text()?,
            arguments: row.text()?,
            owner: row.text()?,
            privileges: row.text()?,
        })
    }

    /// What people call it.
    fn called(&self) -> String {
        let Self { kind, schema, name, arguments, .. } = self;
        let dot = if schema.is_empty() { "" } else { "." };
        match kind {
            Kind::Function | Kind::Procedure => {
                format!("the {} `{schema}{dot}{name}({arguments})`", kind.name())
            }
            _ => format!("the {} `{schema}{dot}{name}`", kind.name()),
        }
    }

    /// Its name in SQL.
    fn sql(&self) -> String {
        let Self { kind, schema, name, arguments, .. } = self;
        let schema = if schema.is_empty() { String::new() } else { format!("{}.", delimited(schema)) };
        let arguments = match kind {
            Kind::Function | Kind::Procedure => format!("({arguments})"),
            _ => String::new(),
        };
        format!("{schema}{}{arguments}", delimited(name))
    }
}

/// Where an object is looked at, and for whom.
struct Place<'p> {
    leaving: &'p Leaving,
    database: &'p str,
    /// Who logs in, and can be given what has to have another owner.
    login: &'p str,
}

impl Place<'_> {
    fn dependent(&self, object: &Object, fact: String, statement: String) -> Dependent {
        let Object { kind, schema, name, .. } = object;
        let database = (*kind != Kind::Database).then(|| self.database.to_owned());
        let (holding, container) = match kind {
            Kind::Database => (Holding::Database(name.clone()), 2),
            Kind::Schema => (Holding::Schema(name.clone()), 1),
            _ => (Holding::Schema(schema.clone()), 0),
        };
        let order = Order { is_not_another_set_up: true, hands: Reverse(0), container };
        Dependent { fact, database, remedy: Remedy::Statement(statement, None), order, holding }
    }

    fn of_object(&self, object: &Object) -> Vec<Dependent> {
        let Object { kind, owner, privileges, .. } = object;
        if self.goes_along(object) {
            return Vec::new();
        }
        let is_owner = self.leaving.user.as_ref() == Some(owner);
        if let Kind::Defaults(objects) = kind {
            return self.of_defaults(object, objects, is_owner);
        }
        if is_owner && object.schema.starts_with("pg_temp_") {
            let fact = format!("the user `{owner}` has an open session with {}", object.called());
            let statement = format!(
                "SELECT pg_terminate_backend(process) FROM stv_sessions WHERE user_name = {}",
                quoted(owner)
            );
            return vec![self.dependent(object, fact, statement)];
        }
        if is_owner {
            let statement =
                format!("ALTER {} {} OWNER TO {}", kind.sql(), object.sql(), delimited(self.login));
            return vec![self.dependent(
                object,
                format!("the user `{owner}` owns {}", object.called()),
                statement,
            )];
        }
        let chains = self.chains(owner, privileges);
        let of_entry = |(Entry { grantee, grantor, .. }, hands): (Entry<'_>, usize)| {
            let fact = if self.leaving.is_leaving(&grantee) {
                format!("{} has privileges on {}", called(&grantee), object.called())
            } else if self.leaving.user.as_ref() == Some(&grantor) {
                format!("the user `{grantor}` has granted privileges on {}", object.called())
            } else {
                let user = self.leaving.user.as_deref().unwrap_or_default();
                format!(
                    "the user `{user}` has granted privileges on {}, which `{grantor}` has granted on",
                    object.called()
                )
            };
            // The removal from a database that stays revokes this itself.
            if *kind == Kind::Database
                && object.name == self.leaving.database
                && self.leaving.work == Work::Remove
                && matches!(grantee, Grantee::User(_))
            {
                return None;
            }
            let statement =
                format!("REVOKE ALL PRIVILEGES ON {} {} FROM {}", kind.sql(), object.sql(), sql_of(&grantee));
            let is_owners = owner.is_empty() || *owner == grantor;
            let mut held = self.dependent(object, fact, statement.clone());
            held.order.hands = Reverse(hands);
            held.remedy = Remedy::Statement(statement, (!is_owners).then_some(grantor));
            Some(held)
        };
        chains.into_iter().filter_map(of_entry).collect()
    }

    /// The entries that have to go with the user or the group, each with how many hands it has gone through: what they
    /// hold, what the user has granted, and what was granted on from that.
    fn chains<'l>(&self, owner: &str, privileges: &'l str) -> Vec<(Entry<'l>, usize)> {
        let all: Vec<Entry<'l>> = entries(privileges).collect();
        let may_grant = |entry: &Entry<'_>, name: &str| {
            entry.privileges.contains('*') && entry.grantee == Grantee::User(name.to_owned())
        };
        let mut goes: Vec<bool> = all
            .iter()
            .map(|entry| {
                self.leaving.is_leaving(&entry.grantee) || self.leaving.user.as_ref() == Some(&entry.grantor)
            })
            .collect();
        // How far from the owner. No privilege goes through more hands than there are entries.
        let mut hands: Vec<usize> = vec![0; all.len()];
        for _ in 0..all.len() {
            for at in 0..all.len() {
                let grantor = &all[at].grantor;
                if grantor == owner {
                    continue;
                }
                let sources = || (0..all.len()).filter(|&from| from != at && may_grant(&all[from], grantor));
                hands[at] = sources().map(|from| hands[from] + 1).max().unwrap_or(1).min(all.len());
                // Who holds it from somebody else as well has not granted it on by this one alone.
                goes[at] |= sources().count() > 0 && sources().all(|from| goes[from]);
            }
        }
        let entries = all.into_iter().zip(goes.into_iter().zip(hands));
        entries.filter_map(|(entry, (goes, hands))| goes.then_some((entry, hands))).collect()
    }

    /// Whether the work drops the object, or undoes the default privileges, before it drops the user or the group.
    fn goes_along(&self, object: &Object) -> bool {
        let Leaving { work, database, drops_database, .. } = self.leaving;
        let is_ours = self.database == database;
        let Object { kind, schema, name, .. } = object;
        match (work, kind) {
            (Work::Remove, Kind::Database) => *drops_database && name == database,
            (Work::Remove, Kind::Schema) => is_ours && SCHEMAS.contains(&name.as_str()),
            (Work::Remove, _) => is_ours && SCHEMAS.contains(&schema.as_str()),
            (Work::Edit, Kind::Procedure | Kind::Function) => is_ours && schema == "immuta_procedures",
            (Work::Edit, Kind::Table) => {
                is_ours && schema == "immuta_system" && name.starts_with("impersonation_")
            }
            _ => false,
        }
    }

    fn of_defaults(&self, object: &Object, objects: &str, is_owner: bool) -> Vec<Dependent> {
        let Object { schema, owner, privileges, .. } = object;
        let (place, within) = if schema.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(" IN SCHEMA {}", delimited(schema)), format!(" in the schema `{schema}`"))
        };
        let head = format!("ALTER DEFAULT PRIVILEGES FOR USER {}{place}", delimited(owner));
        let on = format!("on {}{within}", objects.to_ascii_lowercase());
        // Everybody may run a new function unless that was revoked: an entry that says so is the default itself.
        let is_open = objects == "FUNCTIONS" && schema.is_empty();
        let is_default = |entry: &Entry<'_>| {
            entry.grantee == Grantee::User(owner.clone())
                || (is_open && entry.grantee == Grantee::Public && entry.privileges == "X")
        };
        let mut others = entries(privileges).filter(|entry| !is_default(entry)).peekable();
        if is_owner && others.peek().is_none() {
            // What is left of some that were revoked, and how to be rid of it:
            // https://github.com/awslabs/amazon-redshift-utils, src/AdminScripts/user_to_be_dropped_privs.sql
            let everybody = if is_open { ", PUBLIC" } else { "" };
            let statement =
                format!("{head} GRANT ALL PRIVILEGES ON {objects} TO {}{everybody}", delimited(owner));
            return vec![self.dependent(
                object,
                format!("the user `{owner}` has default privileges {on}"),
                statement,
            )];
        }
        let concerns = |entry: &Entry<'_>| {
            if is_owner { !self.is_undone(object, entry) } else { self.leaving.is_leaving(&entry.grantee) }
        };
        let of_entry = |entry: Entry<'_>| {
            let is_set_ups = is_owner && is_of_a_set_up(object, &entry);
            let Entry { grantee, .. } = entry;
            let fact = if is_owner {
                format!("the user `{owner}` has default privileges {on}")
            } else {
                format!("{} has default privileges {on} of `{owner}`", called(&grantee))
            };
            let statement = format!("{head} REVOKE ALL PRIVILEGES ON {objects} FROM {}", sql_of(&grantee));
            let dependent = self.dependent(object, fact, statement);
            if is_set_ups { Dependent { holding: Holding::Defaults, ..dependent } } else { dependent }
        };
        others.filter(concerns).map(of_entry).collect()
    }

    /// Whether it is the default privilege on tables that a set-up makes, and its removal undoes.
    fn is_undone(&self, object: &Object, entry: &Entry<'_>) -> bool {
        self.leaving.work == Work::Remove
            && self.database == self.leaving.database
            && is_of_a_set_up(object, entry)
    }

    fn of_column(&self, row: &mut Reader<'_>) -> Result<Option<Dependent>, StatementError> {
        let (schema, name, column) = (row.text()?, row.text()?, row.text()?);
        let (privilege, grantee_kind, grantee) = (row.text()?, row.text()?, row.text()?);
        let grantee =
            if grantee_kind.trim_end() == "group" { Grantee::Group(grantee) } else { Grantee::User(grantee) };
        let (arguments, owner, privileges) = (String::new(), String::new(), String::new());
        let table = Object { kind: Kind::Table, schema, name, arguments, owner, privileges };
        if self.goes_along(&table) {
            return Ok(None);
        }
        let fact =
            format!("{} has a privilege on the column `{column}` of {}", called(&grantee), table.called());
        let statement = format!(
            "REVOKE {} ({}) ON TABLE {} FROM {}",
            privilege.trim_end(),
            delimited(&column),
            table.sql(),
            sql_of(&grantee)
        );
        Ok(Some(self.dependent(&table, fact, statement)))
    }
}

/// Whether it is the default privilege on tables that a set-up gives to everybody.
fn is_of_a_set_up(object: &Object, entry: &Entry<'_>) -> bool {
    object.kind == Kind::Defaults("TABLES")
        && object.schema.is_empty()
        && entry.grantee == Grantee::Public
        && entry.privileges == "r"
}
