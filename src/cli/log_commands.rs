//! Escapes text that a CI system would run as a command.
//!
//! CI systems search logs for commands, line by line. Names, keys and paths in the output may come from a pull request.
//! Text for users therefore contains none of these commands:
//!
//! - `::command …::` at the start of a line, after optional white space: GitHub
//!   (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>);
//! - `##[command]` anywhere in a line: GitHub's older form, and Azure Pipelines, which also has `##vso[…]`
//!   (<https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands>);
//! - `##teamcity[…]` anywhere (<https://www.jetbrains.com/help/teamcity/service-messages.html>);
//! - `section_start:…` followed by a carriage return: GitLab
//!   (<https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections>). No carriage return is printed.

use std::borrow::Cow;

use super::system::System;

/// Variables that CI systems set: most of them, Azure Pipelines, `TeamCity`.
const VARIABLES: [&str; 3] = ["CI", "TF_BUILD", "TEAMCITY_VERSION"];

/// The destination of text for users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// To the log of a CI system.
    CiLog,
    /// Anywhere else.
    Plain,
}

impl Destination {
    /// Detected from the environment.
    pub(super) fn of(system: &impl System) -> Self {
        let is_set = |name: &&str| system.env(name).is_some_and(|value| !value.is_empty());
        if VARIABLES.iter().any(is_set) { Self::CiLog } else { Self::Plain }
    }

    /// The text, escaped for this destination.
    pub(super) fn text(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::CiLog => escape(text).into(),
            Self::Plain => text.into(),
        }
    }
}

/// Escapes one character of each command.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        let start = line.trim_start();
        if start.starts_with("::") {
            let (before, command) = line.split_at(line.len() - start.len());
            escaped.push_str(before);
            escaped.push_str("\\u{3a}");
            rest = command.strip_prefix(':').unwrap_or_default();
        }
        let mut previous = None;
        let mut characters = rest.chars().peekable();
        while let Some(character) = characters.next() {
            let begins = |next: &char| *next == '[' || next.is_ascii_alphabetic();
            match character {
                '\r' => escaped.push_str("\\r"),
                '#' if previous == Some('#') && characters.peek().is_some_and(begins) => {
                    escaped.push_str("\\u{23}");
                }
                _ => escaped.push(character),
            }
            previous = Some(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn every_log_command_is_escaped() {
        for (text, escaped) in [
            ("::notice::a\n", "\\u{3a}:notice::a\n"),
            ("a\n \t\u{a0}::notice::a", "a\n \t\u{a0}\\u{3a}:notice::a"),
            ("a ##[section]b", "a #\\u{23}[section]b"),
            ("###[section]", "##\\u{23}[section]"),
            ("##vso[task.debug]a", "#\\u{23}vso[task.debug]a"),
            ("##VSO[task.debug]a", "#\\u{23}VSO[task.debug]a"),
            ("##teamcity[message]", "#\\u{23}teamcity[message]"),
            ("section_start:1:a\r", "section_start:1:a\\r"),
            ("a\r::notice::a\r\n", "a\\r::notice::a\\r\n"),
        ] {
            assert_eq!(escape(text), escaped, "{text:?}");
        }
    }

    #[test]
    fn text_without_log_commands_is_unchanged() {
        for text in ["", "a\n", "# a\n## a\n##\n#", "std::fmt", "a ::b", ":a", "fe80::1\n"] {
            assert_eq!(escape(text), text);
        }
    }
}
