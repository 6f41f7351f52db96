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
use crate::report::human::Human;

/// A text that should contain one document.
pub(super) struct Single {
    source: Source,
    content: Content,
}

impl Single {
    /// Reads it.
    ///
    /// # Errors
    /// What to say about a file that cannot be read.
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

    /// The text, read.
    pub(super) const fn documents(&self) -> &Documents<'static> {
        &self.content.documents
    }

    /// Checks the document, whose values are going to be used: a placeholder is an error.
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

    /// Checks the document, and shows what there is to say on standard error.
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

    /// Says that a variable gives no password, at the place that names it.
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

    /// Says that Redshift would refuse the password as the script would have it, at its place.
    pub(super) fn weak<S: System>(&self, password: &WeakPassword, terminal: &mut Terminal<'_, S>) -> Failure {
        self.refuse(&check::weak_password(self.documents(), password), terminal)
    }

    /// Shows what there is to say of a document that has an error.
    pub(super) fn refuse<S: System>(&self, checked: &Checked, terminal: &mut Terminal<'_, S>) -> Failure {
        self.show(checked, terminal);
        Failure::Silent(Exit::Payload)
    }

    /// Whether `autoBootstrap` is true.
    pub(super) fn is_automatic(&self) -> bool {
        check::is_automatic(self.documents())
    }

    /// Shows what there is to say of the document on standard error.
    pub(super) fn show<S: System>(&self, checked: &Checked, terminal: &mut Terminal<'_, S>) {
        let mut out = String::new();
        let input = Input {
            path: self.name(),
            text: self.documents().text(),
            checked: std::slice::from_ref(checked),
        };
        Human::new(terminal.err_coloured()).write(&input, &mut out);
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
