//! Reads the options that a caller gives. What is wrong is named, but no value that may be a secret.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeOwned, IntoDeserializer};

use super::functions::Failure;
use super::options::{
    CheckOptions, FixOptions, InputFile, ParseOptions, RedactOptions, RequestOptions, ScriptFilesOptions,
    ScriptOptions,
};
use crate::text::shown::{enumerate, show};
use crate::text::suggest;

/// A value that a caller gives.
pub enum Given {
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Flag(bool),
    /// The members of an object.
    Members(BTreeMap<String, Given>),
    /// Any other value, by what it is: `an array`.
    Other(&'static str),
}

impl Given {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Flag(_) => "a boolean",
            Self::Members(_) => "an object",
            Self::Other(name) => name,
        }
    }
}

/// The options of a call. Those that are read are known; at the end, the others are errors.
pub struct GivenOptions {
    given: BTreeMap<String, Given>,
    known: Vec<&'static str>,
}

/// Options that can be read.
pub trait ReadOptions: Sized {
    /// Reads the options.
    ///
    /// # Errors
    /// An option has a wrong value.
    fn read(options: &mut GivenOptions) -> Result<Self, Failure>;
}

impl GivenOptions {
    /// The options of a call.
    #[must_use]
    pub fn new(given: BTreeMap<String, Given>) -> Self {
        Self { given, known: Vec::new() }
    }

    /// Adds an option that the caller has read itself.
    #[must_use]
    pub fn and(mut self, name: &'static str) -> Self {
        self.take(name);
        self
    }

    /// Reads options that are all of the given ones.
    ///
    /// # Errors
    /// An option is unknown, or has a wrong value.
    pub fn read<T: ReadOptions>(mut self) -> Result<T, Failure> {
        let options = T::read(&mut self)?;
        match self.given.keys().next() {
            None => Ok(options),
            Some(unknown) => Err(self.unknown(unknown)),
        }
    }

    fn unknown(&self, name: &str) -> Failure {
        let expected = enumerate(&self.known, "or");
        let help = match suggest::closest(name, self.known.iter().copied()) {
            Some(closest) => format!("did you mean `{closest}`? (expected {expected})"),
            None => format!("expected {expected}"),
        };
        Failure::new(format!("unknown option {}; {help}", show(name)))
    }

    fn take(&mut self, name: &'static str) -> Option<Given> {
        self.known.push(name);
        self.given.remove(name)
    }

    fn text(&mut self, name: &'static str) -> Result<Option<String>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Given::Text(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "a string", other.type_name())),
        }
    }

    fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Failure> {
        match self.take(name) {
            None => Ok(None),
            Some(Given::Flag(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong(name, "`true` or `false`", other.type_name())),
        }
    }

    /// An integer from 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::float_cmp,
        reason = "a number that the conversion changes is rejected"
    )]
    fn count(&mut self, name: &'static str) -> Result<Option<usize>, Failure> {
        let Some(given) = self.take(name) else { return Ok(None) };
        let found = match given {
            Given::Number(number) => {
                let count = number as usize;
                if count > 0 && count as f64 == number {
                    return Ok(Some(count));
                }
                "another number"
            }
            other => other.type_name(),
        };
        Err(wrong(name, "an integer of at least 1", found))
    }

    /// A value of an enumeration.
    fn word<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Failure> {
        let Some(given) = self.take(name) else { return Ok(None) };
        let text = if let Given::Text(text) = &given { text.as_str() } else { "" };
        let word = word(text).map(Some);
        word.map_err(|Words(words)| {
            let expected = enumerate(words, "or");
            match &given {
                // It may be the password itself.
                Given::Text(_) if name == "password" => Failure::new(format!(
                    "invalid option `{name}`: expected {expected}, the form of the password"
                )),
                Given::Text(text) if is_like_word(text) => {
                    let closest = suggest::closest(text, words.iter().copied());
                    let help = closest.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
                    wrong(name, &expected, &format!("{}{help}", show(text)))
                }
                other => wrong(name, &expected, other.type_name()),
            }
        })
    }

    fn variables(&mut self, name: &'static str) -> Result<BTreeMap<String, String>, Failure> {
        let members = match self.take(name) {
            None => return Ok(BTreeMap::new()),
            Some(Given::Members(members)) => members,
            Some(other) => return Err(wrong(name, "an object of strings", other.type_name())),
        };
        let variable = |(variable, value): (String, Given)| match value {
            Given::Text(text) => Ok((variable, text)),
            other => {
                let found = format!("{} as {}", other.type_name(), show(&variable));
                Err(wrong(name, "an object of strings", &found))
            }
        };
        members.into_iter().map(variable).collect()
    }
}

fn wrong(name: &str, expected: &str, found: &str) -> Failure {
    Failure::new(format!("invalid option `{name}`: expected {expected}, found {found}"))
}

/// Whether a text is like a word of an enumeration. Any other is not repeated: if the arguments are mixed up, it may be a secret.
fn is_like_word(text: &str) -> bool {
    text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// A word of an enumeration, or else the words that it has.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, Words> {
    T::deserialize(IntoDeserializer::<Words>::into_deserializer(text))
}

/// The words of an enumeration: the error of any other.
#[derive(Debug)]
pub(super) struct Words(pub(super) &'static [&'static str]);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown word")
    }
}

impl std::error::Error for Words {}

impl de::Error for Words {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}

impl ReadOptions for ParseOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        Ok(Self {
            syntax: options.word("syntax")?,
            path: options.text("path")?,
            max_diagnostics: options.count("maxDiagnostics")?,
            max_documents: options.count("maxDocuments")?,
            max_values: options.count("maxValues")?,
        })
    }
}

impl ReadOptions for CheckOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        Ok(Self { operation: options.word("operation")?, auto_bootstrap: options.flag("autoBootstrap")? })
    }
}

impl<One: ReadOptions, Other: ReadOptions> ReadOptions for (One, Other) {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        Ok((One::read(options)?, Other::read(options)?))
    }
}

impl ReadOptions for FixOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        let check = CheckOptions::read(options)?;
        Ok(Self { check, r#unsafe: options.flag("unsafe")?.unwrap_or_default() })
    }
}

impl ReadOptions for ScriptOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        Ok(Self {
            password: options.word("password")?.unwrap_or_default(),
            existing_database: options.flag("existingDatabase")?.unwrap_or_default(),
            existing_user: options.flag("existingUser")?.unwrap_or_default(),
            set_password: options.flag("setPassword")?.unwrap_or_default(),
            env: options.variables("env")?,
        })
    }
}

impl ReadOptions for ScriptFilesOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        let script = ScriptOptions::read(options)?;
        Ok(Self { script, flavor: options.word("flavor")?.unwrap_or_default() })
    }
}

impl ReadOptions for RequestOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        Ok(Self {
            url: options.text("url")?,
            id: options.text("id")?,
            format: options.word("format")?.unwrap_or_default(),
        })
    }
}

impl ReadOptions for RedactOptions {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        Ok(Self { id: options.text("id")? })
    }
}

impl ReadOptions for InputFile {
    fn read(options: &mut GivenOptions) -> Result<Self, Failure> {
        let mut required = |name| {
            let missing = || Failure::new(format!("missing `{name}` of a file"));
            options.text(name)?.ok_or_else(missing)
        };
        Ok(Self { path: required("path")?, text: required("text")? })
    }
}
