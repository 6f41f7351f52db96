//! Determines whether a script does exactly what its payload asks for.
//!
//! The script is created twice: with tame names, which need no quoting, and with hostile ones. The lexer of the tests must
//! read the same tokens from both, except that wherever one has a tame name, the other has exactly the hostile name. So no
//! name changes what the script does, whatever it contains.

use std::collections::HashMap;

use bootshift::script::{Flavor, PasswordForm, Script, Stage, Statement};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::payloads::{Names, Plan};
use crate::psql::connect_database;
use redshift_lexer::{Kind, Token, comments, lex, lex_nested, lex_psql, split_statements, statements};

/// Whether a literal is a statement, or its start.
fn is_statement(literal: &str) -> bool {
    ["ALTER ", "DROP ", "REVOKE "].iter().any(|verb| literal.starts_with(verb))
}

/// The difference in the script, as text.
pub type Verdict = Result<(), String>;

/// The number of tokens of each kind that were names, which shows that something was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In double quotes, or plain.
    pub identifiers: usize,
    /// In single quotes.
    pub literals: usize,
    /// In clauses for passwords.
    pub passwords: usize,
}

/// The whole comparison: of the data of both scripts, and of each text with its data.
pub fn compare(plan: &Plan, tame: (&Script, &Names), hostile: (&Script, &Names)) -> Result<Tally, String> {
    let mut reader = Reader::new(plan, tame.1, hostile.1);
    reader.scripts(tame.0, hostile.0)?;
    for script in [tame.0, hostile.0] {
        plain(script)?;
        psql(script)?;
        data_api(script)?;
        json(script)?;
    }
    headings(tame.0, hostile.0)?;
    Ok(reader.tally)
}

/// The same for the queries with which the runner determines which effects of the scripts are present: one for each statement that
/// has a probe.
pub fn compare_probes(
    plan: &Plan,
    tame: (&[Option<String>], &Names),
    hostile: (&[Option<String>], &Names),
) -> Verdict {
    let mut reader = Reader::new(plan, tame.1, hostile.1);
    same("probes", &tame.0.len(), &hostile.0.len())?;
    for (tame, hostile) in tame.0.iter().zip(hostile.0) {
        reader.queries("probe", tame.as_ref(), hostile.as_ref())?;
    }
    Ok(())
}

/// Compares the hostile script with the tame one.
struct Reader<'n> {
    form: PasswordForm,
    tame: &'n Names,
    hostile: &'n Names,
    identifiers: HashMap<String, String>,
    literals: HashMap<String, String>,
    tally: Tally,
}

impl<'n> Reader<'n> {
    fn new(plan: &Plan, tame: &'n Names, hostile: &'n Names) -> Self {
        let mut identifiers = HashMap::new();
        let mut literals = HashMap::new();
        for (tame, hostile) in [(&tame.user, &hostile.user), (&tame.old_user, &hostile.old_user)] {
            identifiers.insert(tame.clone(), hostile.clone());
            // Redshift preserves the case of user names.
            literals.insert(tame.clone(), hostile.clone());
            literals.insert(entry("", tame), entry("", hostile));
        }
        for (tame, hostile) in [
            (&tame.database, &hostile.database),
            (&tame.initial_database, &hostile.initial_database),
            (&tame.group, &hostile.group),
            (&tame.old_group, &hostile.old_group),
        ] {
            identifiers.insert(tame.clone(), hostile.clone());
            // In the catalog, these names are folded.
            literals.insert(tame.to_ascii_lowercase(), hostile.to_ascii_lowercase());
            // A piece of dynamic SQL.
            literals.insert(format!("\"{tame}\""), format!("\"{}\"", hostile.replace('"', "\"\"")));
            literals.insert(
                entry("group ", &tame.to_ascii_lowercase()),
                entry("group ", &hostile.to_ascii_lowercase()),
            );
        }
        let form = plan.options.password;
        Self { form, tame, hostile, identifiers, literals, tally: Tally::default() }
    }

    fn scripts(&mut self, tame: &Script, hostile: &Script) -> Verdict {
        // One more warning is about a password that violates Redshift's rules, as most hostile ones do.
        let (common, more) = hostile.warnings.split_at(tame.warnings.len().min(hostile.warnings.len()));
        same("warnings", &tame.warnings.as_slice(), &common)?;
        same("more warnings than one", &true, &(more.len() <= 1))?;
        same("stages", &tame.stages.len(), &hostile.stages.len())?;
        for (tame, hostile) in tame.stages.iter().zip(&hostile.stages) {
            self.stages(tame, hostile).map_err(|error| format!("stage {}: {error}", tame.name))?;
        }
        Ok(())
    }

    fn stages(&mut self, tame: &Stage, hostile: &Stage) -> Verdict {
        same("name", &tame.name, &hostile.name)?;
        same("place", &tame.place, &hostile.place)?;
        // The name to connect to is the one that the server has folded.
        let database = self.identifiers.get(tame.database.as_str()).map(|name| name.to_ascii_lowercase());
        same("database", &database.as_deref(), &Some(hostile.database.as_str()))?;
        self.queries("condition", tame.condition.as_ref(), hostile.condition.as_ref())?;
        same("statements", &tame.statements.len(), &hostile.statements.len())?;
        for (tame, hostile) in tame.statements.iter().zip(&hostile.statements) {
            same("comment", &tame.comment, &hostile.comment)?;
            same("summary", &tame.summary(), &hostile.summary())?;
            same("transactional", &tame.is_transactional(), &hostile.is_transactional())?;
            same("secret", &tame.is_secret(), &hostile.is_secret())?;
            let before = self.tally.passwords;
            let read = self.texts(&tame.sql, &hostile.sql);
            read.map_err(|error| format!("{}: {error}\n{}\n{}", tame.summary(), tame.sql, hostile.sql))?;
            same("secrets", &tame.is_secret(), &(self.tally.passwords > before))?;
        }
        Ok(())
    }

    fn queries(&mut self, what: &str, tame: Option<&String>, hostile: Option<&String>) -> Verdict {
        match (tame, hostile) {
            (None, None) => Ok(()),
            (Some(tame), Some(hostile)) => {
                self.texts(tame, hostile).map_err(|error| format!("{what}: {error}"))
            }
            _ => Err(format!("one has a {what}, the other has none")),
        }
    }

    /// One statement each, without its semicolon.
    fn texts(&mut self, tame: &str, hostile: &str) -> Verdict {
        for text in [tame, hostile] {
            if lex(text)?.iter().any(|token| token.kind == Kind::Semicolon) {
                return Err("more than one statement".to_owned());
            }
        }
        let (tame, hostile) = (lex_nested(tame)?, lex_nested(hostile)?);
        same("tokens", &tame.len(), &hostile.len())?;
        let mut previous: Option<&Token<'_>> = None;
        for (tame, hostile) in tame.iter().zip(&hostile) {
            let after_password = previous.is_some_and(|token| token.raw == "PASSWORD");
            self.tokens(tame, hostile, after_password)?;
            previous = Some(tame);
        }
        Ok(())
    }

    fn tokens(&mut self, tame: &Token<'_>, hostile: &Token<'_>, after_password: bool) -> Verdict {
        same("kind of token", &tame.kind, &hostile.kind)?;
        let names = match tame.kind {
            Kind::Literal if after_password => {
                self.tally.passwords += 1;
                self.password(&tame.value, self.tame)?;
                return self.password(&hostile.value, self.hostile);
            }
            Kind::Identifier => &self.identifiers,
            Kind::Literal => &self.literals,
            _ => return same("token", &tame.raw, &hostile.raw),
        };
        if tame.kind == Kind::Literal && is_statement(&tame.value) {
            // The text of a statement for EXECUTE.
            return self.texts(&tame.value, &hostile.value);
        }
        match names.get(&tame.value) {
            Some(name) => {
                match tame.kind {
                    Kind::Identifier => self.tally.identifiers += 1,
                    _ => self.tally.literals += 1,
                }
                same("name", name, &hostile.value)
            }
            None if tame.value.to_ascii_lowercase().contains("tame") => {
                Err(format!("a name where none is known: {}", tame.raw))
            }
            // The hash of a body with a name in it. The body itself is in a statement.
            None if is_digest(&tame.value) && is_digest(&hostile.value) => Ok(()),
            None => same("constant", &tame.raw, &hostile.raw),
        }
    }

    /// The password clause of the account, computed independently of the crate.
    fn password(&self, clause: &str, names: &Names) -> Verdict {
        match self.form {
            PasswordForm::Plain => same("password", &clause, &names.password.as_str()),
            PasswordForm::Md5 => {
                same("md5", &clause, &format!("md5{:x}", Md5Of([&names.password, &names.user])).as_str())
            }
            PasswordForm::Sha256 => {
                let Some(("sha256", digest, salt)) = parts(clause) else {
                    return Err("no `sha256|digest|salt`".to_owned());
                };
                let salt = unhex(salt)?;
                same("length of the salt", &salt.len(), &32)?;
                let mut hasher = Sha256::new();
                hasher.update(names.password.as_bytes());
                hasher.update(&salt);
                same("digest", &unhex(digest)?, &hasher.finalize().to_vec())
            }
        }
    }
}

/// The start of an entry of an access control list that grants EXECUTE, without quotes.
fn entry(kind: &str, name: &str) -> String {
    format!("{kind}{}=X", name.replace('"', ""))
}

/// Whether a text is an MD5 digest in hex.
fn is_digest(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The MD5 digest of two concatenated texts, in hex.
struct Md5Of<'a>([&'a String; 2]);

impl std::fmt::LowerHex for Md5Of<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digest = Md5::digest(self.0.map(String::as_str).concat().as_bytes());
        digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn parts(clause: &str) -> Option<(&str, &str, &str)> {
    let (form, rest) = clause.split_once('|')?;
    let (digest, salt) = rest.split_once('|')?;
    Some((form, digest, salt))
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    let is_hex = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !is_hex {
        return Err(format!("not 64 hex digits: {text}"));
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|error| error.to_string()))
        .collect()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Verdict {
    if expected == found { Ok(()) } else { Err(format!("{what}: {expected:?} is expected, not {found:?}")) }
}

/// Every plain file contains the statements of its stage, in the order of the data.
fn plain(script: &Script) -> Verdict {
    let files = script.render(Flavor::Plain);
    same("files", &files.len(), &script.stages.len())?;
    for (file, stage) in files.iter().zip(&script.stages) {
        let found = split_statements(&file.text).map_err(|error| format!("{}: {error}", file.name))?;
        same("statements of a file", &stage.statements.len(), &found.len())?;
        for (statement, found) in stage.statements.iter().zip(&found) {
            same("statement", &statement.sql.as_str(), &&file.text[found.span.clone()])?;
        }
        let secret = stage.statements.iter().any(Statement::is_secret);
        same("secret file", &secret, &file.secret)?;
    }
    Ok(())
}

/// Comments contain no names, so they are the same for all payloads.
fn headings(tame: &Script, hostile: &Script) -> Verdict {
    for (tame, hostile) in tame.render(Flavor::Plain).iter().zip(&hostile.render(Flavor::Plain)) {
        same("file name", &tame.name, &hostile.name)?;
        same("comments", &comments(&lex(&tame.text)?), &comments(&lex(&hostile.text)?))?;
    }
    for (tame, hostile) in tame.render(Flavor::Psql).iter().zip(&hostile.render(Flavor::Psql)) {
        same("comments", &comments(&lex_psql(&tame.text)?), &comments(&lex_psql(&hostile.text)?))?;
    }
    Ok(())
}

/// The settings at the start of a script for psql, which override those of the user.
const PSQL_HEAD: [&str; 7] = [
    "\\set ON_ERROR_STOP on",
    "\\set ON_ERROR_ROLLBACK off",
    "\\set AUTOCOMMIT on",
    "\\set SINGLELINE off",
    "\\set SINGLESTEP off",
    "\\set ECHO none",
    "\\set FETCH_COUNT 0",
];

/// The actions of psql, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Connect(String),
    /// Another command, as it is written.
    Command(String),
    /// Text sent to the server.
    Query(String),
}

fn psql(script: &Script) -> Verdict {
    let files = script.render(Flavor::Psql);
    let [file] = files.as_slice() else {
        same("psql files", &files.len(), &0)?;
        return same("stages", &script.stages.len(), &0);
    };
    let command = |text: &str| Step::Command(text.to_owned());
    let mut expected: Vec<Step> = PSQL_HEAD.map(command).into();
    for stage in &script.stages {
        if let Some(condition) = &stage.condition {
            expected.push(Step::Connect(initial_database(script)?));
            expected.push(command("\\encoding UTF8"));
            expected.push(Step::Query(format!("SELECT EXISTS ({condition}) AS bootshift_condition")));
            expected.push(command("\\gset"));
            expected.push(command("\\if :bootshift_condition"));
        }
        expected.push(Step::Connect(stage.database.as_str().to_owned()));
        expected.push(command("\\encoding UTF8"));
        expected.extend(stage.statements.iter().map(|statement| Step::Query(statement.sql.clone())));
        if stage.condition.is_some() {
            expected.push(command("\\endif"));
        }
    }
    same("steps of psql", &expected, &psql_steps(&file.text)?)
}

/// The database in which conditions are evaluated.
fn initial_database(script: &Script) -> Result<String, String> {
    let stage = script.stages.iter().find(|stage| stage.place == bootshift::script::Place::InitialDatabase);
    stage
        .map(|stage| stage.database.as_str().to_owned())
        .ok_or_else(|| "a condition, and no stage in initialDatabase".to_owned())
}

fn psql_steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut open: Vec<Token<'_>> = Vec::new();
    for token in lex_psql(text)? {
        match token.kind {
            Kind::Comment => {}
            Kind::Command => {
                if let (Some(first), Some(last)) = (open.first(), open.last()) {
                    // \gset sends the query before it.
                    steps.push(Step::Query(text[first.span.start..last.span.end].to_owned()));
                    open.clear();
                }
                steps.push(if token.raw.starts_with("\\connect") {
                    Step::Connect(connect_database(token.raw)?)
                } else {
                    Step::Command(token.raw.to_owned())
                });
            }
            Kind::Semicolon => {
                open.push(token);
                let statement = statements(&open)?;
                steps.extend(statement.iter().map(|s| Step::Query(text[s.span.clone()].to_owned())));
                open.clear();
            }
            _ => open.push(token),
        }
    }
    if open.is_empty() { Ok(steps) } else { Err("a statement without its semicolon".to_owned()) }
}

/// The requests to the Data API: the statements between BEGIN and COMMIT are one batch, and all others are separate.
fn data_api(script: &Script) -> Verdict {
    let files = script.render(Flavor::DataApi);
    same("Data API files", &files.len(), &1)?;
    let found: Value = serde_json::from_str(&files[0].text).map_err(|error| error.to_string())?;
    let found = found["stages"].as_array().ok_or("no stages")?;
    same("stages of the Data API", &script.stages.len(), &found.len())?;
    for (stage, found) in script.stages.iter().zip(found) {
        let database = stage.database.as_str();
        let mut expected = Vec::new();
        let mut batch: Option<Vec<&str>> = None;
        for statement in &stage.statements {
            match (statement.sql.as_str(), &mut batch) {
                ("BEGIN", None) => batch = Some(Vec::new()),
                ("COMMIT", Some(statements)) => {
                    expected.push(json!({
                        "action": "BatchExecuteStatement",
                        "parameters": { "Database": database, "Sqls": statements },
                    }));
                    batch = None;
                }
                (sql, Some(statements)) if statement.is_transactional() => statements.push(sql),
                (sql, None) => expected.push(json!({
                    "action": "ExecuteStatement",
                    "parameters": { "Database": database, "Sql": sql },
                })),
                (sql, Some(_)) => return Err(format!("not to be run in a transaction: {sql}")),
            }
        }
        same("end of the batch", &None, &batch)?;
        same("requests", &Value::Array(expected), &found["requests"])?;
        let condition = match &stage.condition {
            Some(condition) => json!({ "Database": initial_database(script)?, "Sql": condition }),
            None => Value::Null,
        };
        same("condition", &condition, &found["condition"])?;
    }
    Ok(())
}

/// The script as data, through its text.
fn json(script: &Script) -> Verdict {
    let text = script.to_json().to_string();
    let found: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let stages: Vec<Value> = script
        .stages
        .iter()
        .map(|stage| {
            let statements: Vec<Value> = stage
                .statements
                .iter()
                .map(|statement| {
                    json!({
                        "summary": statement.summary(),
                        "sql": statement.sql,
                        "transactional": statement.is_transactional(),
                        "secret": statement.is_secret(),
                    })
                })
                .collect();
            let mut value = json!({ "database": stage.database.as_str(), "statements": statements });
            if let Some(condition) = &stage.condition {
                value["condition"] = json!(condition);
            }
            value
        })
        .collect();
    let (kind, warnings) = (script.kind.name(), &script.warnings);
    same("json", &json!({ "version": 1, "kind": kind, "stages": stages, "warnings": warnings }), &found)
}
