//! Payloads to measure on.

use std::fs;
use std::path::Path;

use crate::command::Error;

/// A valid payload of 15 lines; no two numbers give the same, nor the same host.
pub(super) fn valid(number: usize) -> String {
    format!(
        "# Integration {number}
type: Redshift
autoBootstrap: false
config:
  host: cluster-{number}.c1abcdefghij.eu-central-1.redshift.amazonaws.com
  port: 5439
  database: immuta_{number}
  initialDatabase: analytics
  impersonation:
    enabled: true
    role: immuta_impersonation_{number}
  authenticationType: userPassword
  # The system account
  username: immuta_{number}
  password: \"${{REDSHIFT_PASSWORD}}\"
"
    )
}

/// The same, wrong in a way that every validator sees: a string for a boolean, and no `host`.
pub(super) fn invalid() -> String {
    valid(0).replace("autoBootstrap: false", "autoBootstrap: \"false\"").replace("  host:", "  hots:")
}

/// Writes the first `count` payloads into `folder`, and gives the names of the files.
pub(super) fn write(folder: &Path, count: usize) -> Result<Vec<String>, Error> {
    let write_one = |number| {
        let name = format!("payload-{number:06}.yaml");
        let path = folder.join(&name);
        fs::write(&path, valid(number)).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(name)
    };
    (0..count).map(write_one).collect()
}

/// A stream of different payloads that fills `size` bytes as far as whole ones go, and how many there are.
pub(super) fn stream(size: usize) -> (String, usize) {
    let mut text = String::with_capacity(size);
    for number in 0.. {
        let document = format!("---\n{}", valid(number));
        if text.len() + document.len() > size {
            return (text, number);
        }
        text.push_str(&document);
    }
    unreachable!("a size is finite")
}

/// How many bytes the first `count` payloads are.
pub(super) fn bytes(count: usize) -> usize {
    (0..count).map(|number| valid(number).len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_has_fifteen_lines() {
        assert_eq!(valid(0).lines().count(), 15);
    }

    #[test]
    fn no_two_payloads_are_equal() {
        let hosts: std::collections::HashSet<_> =
            (0..1_000).filter_map(|n| valid(n).lines().nth(4).map(str::to_owned)).collect();
        assert_eq!(hosts.len(), 1_000);
        assert!(hosts.iter().all(|line| line.starts_with("  host: ")));
    }

    #[test]
    fn stream_has_the_requested_length() {
        let (text, documents) = stream(10_000);
        assert!(text.len() <= 10_000 && text.len() + 2 * valid(0).len() > 10_000);
        assert_eq!(text.matches("---\n").count(), documents);
    }

    #[test]
    fn invalid_payload_has_two_errors() {
        let (right, wrong) = (valid(0), invalid());
        let differing = right.lines().zip(wrong.lines()).filter(|(a, b)| a != b).count();
        assert_eq!(differing, 2);
    }
}
