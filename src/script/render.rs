//! A script as text and as JSON.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::statement::StatementId;
use super::{Flavor, Place, Script, ScriptKind, Stage, Statement};

/// A file of a rendered script.
#[derive(Clone)]
#[non_exhaustive]
pub struct ScriptFile {
    /// The file name: `1-initial-create.sql`, `create.psql`, `delete.data-api.json` …
    pub name: String,
    /// The content.
    pub text: String,
    /// Whether the text contains a password or its hash.
    pub secret: bool,
}

/// Columns of a comment line, without the `-- `.
const COMMENT_WIDTH: usize = 97;

/// Settings of a script for psql, because a `psqlrc` or an option may have changed them: savepoints, which Redshift does
/// not have; psql's own transactions; statements that end with the line, or that must be confirmed on standard input,
/// which may be this script; queries by cursors. `ECHO` would show passwords and their hashes
/// (<https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-VARIABLES>).
const PSQL_VARIABLES: &str = "\
\\set ON_ERROR_STOP on
\\set ON_ERROR_ROLLBACK off
\\set AUTOCOMMIT on
\\set SINGLELINE off
\\set SINGLESTEP off
\\set ECHO none
\\set FETCH_COUNT 0
";

/// The start of the first line of every script.
const PROGRAM: &str = "Bootshift ";

/// Whether a text is an edit script, of any version, for any client that takes SQL: by its first line.
#[cfg(feature = "cli")]
pub(crate) fn is_edit(text: &str) -> bool {
    let line = text.trim_start_matches('\u{FEFF}').lines().next().unwrap_or_default();
    let title = line.strip_prefix("-- ").and_then(|line| line.strip_prefix(PROGRAM));
    let kind = title.and_then(|title| title.split_once(": ")).map(|(_, kind)| kind);
    kind.and_then(|kind| kind.split([',', '.']).next()) == Some(ScriptKind::Edit.name())
}

impl ScriptKind {
    /// The name of the one file of a script; for [`Flavor::Plain`], of the file for a stage that is named
    /// after the kind.
    pub(crate) fn file_name(self, flavor: Flavor) -> String {
        let name = self.name();
        match flavor {
            Flavor::Plain => format!("1-{name}.sql"),
            Flavor::Psql => format!("{name}.psql"),
            Flavor::DataApi => format!("{name}.data-api.json"),
        }
    }

    /// The name of the file for the JSON of [`Script::to_json`].
    #[cfg(feature = "cli")]
    pub(crate) fn json_name(self) -> String {
        format!("{}.json", self.name())
    }

    /// The names of files that a script may be in, whatever its form.
    #[cfg(feature = "cli")]
    pub(crate) fn file_names(self) -> [String; 4] {
        let [plain, psql, data_api] =
            [Flavor::Plain, Flavor::Psql, Flavor::DataApi].map(|flavor| self.file_name(flavor));
        [plain, psql, data_api, self.json_name()]
    }
}

impl Script {
    /// The script as text: one file per stage for [`Flavor::Plain`], otherwise one file. If there is nothing to do there is no
    /// file, because drivers refuse a text without a statement, except for [`Flavor::DataApi`], whose list is empty.
    #[must_use]
    pub fn render(&self, flavor: Flavor) -> Vec<ScriptFile> {
        let file = |name: String, text: String, stages: &[Stage]| ScriptFile {
            name,
            text,
            secret: stages.iter().flat_map(|stage| &stage.statements).any(Statement::is_secret),
        };
        let name = self.kind.file_name(flavor);
        match flavor {
            Flavor::Plain => (1..)
                .zip(&self.stages)
                .map(|(number, stage)| {
                    let text = self.header(number, stage) + &by_statement(stage) + &body(stage);
                    file(format!("{number}-{}.sql", stage.name), text, std::slice::from_ref(stage))
                })
                .collect(),
            Flavor::Psql if self.stages.is_empty() => Vec::new(),
            Flavor::Psql => vec![file(name, self.psql(), &self.stages)],
            Flavor::DataApi => {
                let mut text = serde_json::to_string_pretty(&self.data_api()).unwrap_or_default();
                text.push('\n');
                vec![file(name, text, &self.stages)]
            }
        }
    }

    /// The script as the JSON of `--format json`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    fn title(&self) -> String {
        format!("{PROGRAM}{}: {}", env!("CARGO_PKG_VERSION"), self.kind.name())
    }

    fn header(&self, number: usize, stage: &Stage) -> String {
        let mut text = String::new();
        comment(&mut text, &format!("{}, stage {number} of {}.", self.title(), self.stages.len()));
        comment(
            &mut text,
            match stage.place {
                Place::InitialDatabase => "Run it in the payload's initialDatabase.",
                Place::Database => "Run it in the payload's database.",
            },
        );
        if stage.condition.is_some() {
            comment(
                &mut text,
                "Skip this stage if that database does not exist. In initialDatabase, SELECT datname FROM \
                 pg_database lists the databases.",
            );
        }
        comment(
            &mut text,
            "Review it before you run it. This is Bootshift's own SQL: Immuta does not publish its scripts, and \
             their effect is known only from its documentation.",
        );
        text
    }

    fn psql(&self) -> String {
        let mut text = String::new();
        // The comment must be first: `psql -c` silently ignores a text that starts with a backslash.
        comment(&mut text, &format!("{}, for psql: psql -X -f FILE.", self.title()));
        text.push_str(PSQL_VARIABLES);
        for (number, stage) in (1..).zip(&self.stages) {
            text.push('\n');
            text.push_str(&self.header(number, stage));
            if let Some(condition) = &stage.condition {
                connect(&mut text, self.initial_database());
                let _ = writeln!(text, "SELECT EXISTS ({condition}) AS bootshift_condition \\gset");
                text.push_str("\\if :bootshift_condition\n");
            }
            connect(&mut text, stage.database.as_str());
            text.push_str(&body(stage));
            if stage.condition.is_some() {
                text.push_str("\\endif\n");
            }
        }
        text
    }

    /// The database in which conditions are evaluated.
    fn initial_database(&self) -> &str {
        self.stages
            .iter()
            .find(|stage| stage.place == Place::InitialDatabase)
            .or_else(|| self.stages.first())
            .map_or("", |stage| stage.database.as_str())
    }

    /// Requests for the Redshift Data API, to be completed with the cluster or workgroup and the credentials.
    /// A batch is one transaction, so `BEGIN` and `COMMIT` are left out
    /// (<https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html>).
    fn data_api(&self) -> DataApi<'_> {
        let condition = |sql| Parameters { database: self.initial_database(), sql };
        let stages = self.stages.iter().map(|stage| DataApiStage {
            requests: requests(stage),
            condition: stage.condition.as_deref().map(condition),
        });
        DataApi { version: 1, kind: self.kind, stages: stages.collect() }
    }
}

/// A script as requests of the Data API.
#[derive(Serialize)]
struct DataApi<'s> {
    version: u32,
    kind: ScriptKind,
    stages: Vec<DataApiStage<'s>>,
}

#[derive(Serialize)]
struct DataApiStage<'s> {
    requests: Vec<DataApiRequest<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Parameters<'s>>,
}

#[derive(Serialize)]
#[serde(tag = "action", content = "parameters")]
enum DataApiRequest<'s> {
    #[serde(rename = "ExecuteStatement")]
    Statement(Parameters<'s>),
    #[serde(rename = "BatchExecuteStatement")]
    Batch(BatchParameters<'s>),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Parameters<'s> {
    database: &'s str,
    sql: &'s str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchParameters<'s> {
    database: &'s str,
    sqls: Vec<&'s str>,
}

fn requests(stage: &Stage) -> Vec<DataApiRequest<'_>> {
    let database = stage.database.as_str();
    let mut requests = Vec::new();
    let mut sqls = Vec::new();
    for statement in &stage.statements {
        let sql = statement.sql.as_str();
        match statement.id {
            StatementId::Begin => {}
            StatementId::Commit => {
                let sqls = std::mem::take(&mut sqls);
                requests.push(DataApiRequest::Batch(BatchParameters { database, sqls }));
            }
            _ if statement.is_transactional() => sqls.push(sql),
            _ => requests.push(DataApiRequest::Statement(Parameters { database, sql })),
        }
    }
    requests
}

/// The form is that of [`Script::to_json`].
impl Serialize for Script {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, stages, warnings } = self;
        ScriptJson { version: 1, kind: *kind, stages, warnings }.serialize(serializer)
    }
}

#[derive(Serialize)]
struct ScriptJson<'s> {
    version: u32,
    kind: ScriptKind,
    stages: &'s [Stage],
    warnings: &'s [String],
}

/// How a client other than psql must run a file, as comment lines.
fn by_statement(stage: &Stage) -> String {
    let mut words =
        "Connect with the name of the database in lower case. Run the file statement by statement and stop at the \
         first error, as psql -X -v ON_ERROR_STOP=1 -f FILE does."
            .to_owned();
    if stage.statements.len() > 1 && stage.statements.iter().any(|statement| !statement.is_transactional()) {
        words.push_str(
            " A file that is sent as one string runs as one transaction, in which Redshift rejects CREATE DATABASE \
             and DROP DATABASE (25001).",
        );
    }
    let mut text = String::new();
    comment(&mut text, &words);
    text
}

/// The statements with the headings of their groups.
fn body(stage: &Stage) -> String {
    let mut text = String::new();
    for statement in &stage.statements {
        if let Some(heading) = &statement.comment {
            text.push('\n');
            comment(&mut text, heading);
        }
        text.push_str(&statement.sql);
        text.push_str(";\n");
    }
    text
}

/// Writes `words` as comment lines.
fn comment(text: &mut String, words: &str) {
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && line.len() + 1 + word.len() > COMMENT_WIDTH {
            comment_line(text, &line);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    comment_line(text, &line);
}

fn comment_line(text: &mut String, line: &str) {
    text.push_str("-- ");
    text.push_str(line);
    text.push('\n');
}

/// Connects to a database. The script is UTF-8, and a new connection takes the terminal's encoding, or that of
/// `PGCLIENTENCODING`. Clients set UTF-8 on Redshift, which calls it `UNICODE` by default
/// (<https://github.com/psycopg/psycopg/issues/122>).
fn connect(text: &mut String, database: &str) {
    let _ = writeln!(text, "\\connect {}", connect_argument(database));
    text.push_str("\\encoding UTF8\n");
}

/// The argument of psql's `\connect`. psql reads a name with `=` or that starts like a URI as a connection
/// string, so such names are wrapped into one, whose values escape `'` and `\` with a backslash
/// (<https://www.postgresql.org/docs/current/app-psql.html>, `\connect`).
fn connect_argument(database: &str) -> String {
    let simple = database.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || "_$-. @".contains(c));
    let argument = if simple {
        database.to_owned()
    } else {
        format!("dbname='{}'", database.replace('\\', "\\\\").replace('\'', "\\'"))
    };
    let reuse = if simple { "" } else { "-reuse-previous=on " };
    format!("{reuse}\"{}\"", argument.replace('"', "\"\""))
}
