//! The one document that `script`, `request` and `redact` work on.

use std::path::Path;

use clap::error::ErrorKind;

use super::exit::Exit;
use super::source::{Content, Source};
use super::system::System;
use super::terminal::Terminal;
use super::{Failure, usage};
use crate::check::{self, Body, Checked, Options};
use crate::document::{Documents, Limits};
use crate::payload::{HashedPassword, Payload, UnresolvedSecret, WeakPassword};
use crate::report::Input;
use crate::report::human::HumanReport;

/// A text that should contain one document.
pub(super) struct Single {
    source: Source,
    content: Content,
}

impl Single {
    /// Reads it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn read<S: System>(system: &S, source: Source) -> Result<Self, String> {
        let content =
            source.read(system, &Limits::default()).map_err(|error| source.unreadable(system, &error))?;
        Ok(Self { source, content })
    }

    /// Opens a file, or standard input for `-`.
    pub(super) fn open<S: System>(system: &S, path: &Path) -> Result<Self, Failure> {
        Self::read(system, Source::named(path, None)).map_err(Failure::Message)
    }

    /// The name to show.
    pub(super) fn name(&self) -> &str {
        &self.source.name
    }

    /// The parsed text.
    pub(super) const fn documents(&self) -> &Documents<'static> {
        &self.content.documents
    }

    /// Checks the document, whose values will be used: a placeholder is an error.
    pub(super) fn check(&self, options: &Options<'_>) -> Result<Checked, Failure> {
        let mut checked = self.source.check(&self.content, options);
        checked.iter_mut().for_each(Checked::refuse_placeholders);
        match checked.len() {
            1 => Ok(checked.remove(0)),
            count => {
                let name = crate::text::printable(self.name());
                let message = format!("expected one document in {name}, found {count}");
                Err(usage(ErrorKind::TooManyValues, &message))
            }
        }
    }

    /// Checks the document, and writes its diagnostics to standard error.
    ///
    /// # Errors
    /// The document has an error.
    pub(super) fn accept<S: System>(
        &self,
        options: &Options<'_>,
        terminal: &mut Terminal<'_, S>,
    ) -> Result<Checked, Failure> {
        let checked = self.check(options)?;
        if !checked.is_valid() {
            return Err(self.refuse(&checked, terminal));
        }
        self.show(&checked, terminal);
        Ok(checked)
    }

    /// Reports, at its reference, that a variable does not contain a password.
    pub(super) fn unresolved<S: System>(
        &self,
        secret: &UnresolvedSecret,
        terminal: &mut Terminal<'_, S>,
    ) -> Failure {
        self.refuse(&check::unresolved_secret(self.documents(), secret), terminal)
    }

    /// Reports, at the password, that it cannot be written to the script as it is.
    pub(super) fn hashed<S: System>(
        &self,
        password: &HashedPassword,
        terminal: &mut Terminal<'_, S>,
    ) -> Failure {
        self.refuse(&check::hashed_password(self.documents(), password), terminal)
    }

    /// Reports, at the password, that Redshift would reject it in the script.
    pub(super) fn weak<S: System>(&self, password: &WeakPassword, terminal: &mut Terminal<'_, S>) -> Failure {
        self.refuse(&check::weak_password(self.documents(), password), terminal)
    }

    /// Writes the diagnostics of a document that has an error.
    pub(super) fn refuse<S: System>(&self, checked: &Checked, terminal: &mut Terminal<'_, S>) -> Failure {
        self.show(checked, terminal);
        Failure::Silent(Exit::Payload)
    }

    /// Whether `autoBootstrap` is true.
    pub(super) fn is_automatic(&self) -> bool {
        check::is_automatic(self.documents())
    }

    /// Writes the diagnostics of the document to standard error.
    pub(super) fn show<S: System>(&self, checked: &Checked, terminal: &mut Terminal<'_, S>) {
        let mut out = String::new();
        let input = Input {
            path: self.name(),
            text: self.documents().text(),
            checked: std::slice::from_ref(checked),
        };
        HumanReport::new(terminal.err_colored()).write(&input, &mut out);
        terminal.eprint(&out);
    }
}

/// The payload in a document that has been accepted.
pub(super) fn payload(checked: Checked) -> Option<Payload> {
    match checked.body {
        Some(Body::Payload(payload)) => Some(payload),
        _ => None,
    }
}
