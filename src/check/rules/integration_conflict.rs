//! `integration-conflict`: two integrations for one host.

use std::collections::BTreeMap;

use crate::check::explanation::{Explanation, source};
use crate::check::{Checked, Code, Diagnostic, Related, excess};
use crate::document::{Limits, Located, Text};
use crate::schema::format::canonical_host;
use crate::text::shown::{quoted, show};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "several integrations for one host",
    what: "Two payloads of one run configure the same host. As in DNS, letter case and a trailing dot do not matter.",
    why: "Immuta allows one Redshift integration per host and responds to the second with HTTP 409.",
    fix: "Keep one of them, or use another host.",
    wrong: "# a.yaml\nhost: organization.aws.amazon.com\n---\n# b.yaml\nhost: Organization.AWS.amazon.com.",
    right: "# a.yaml\nhost: organization.aws.amazon.com\n---\n# b.yaml\nhost: other.aws.amazon.com",
    sources: &[source::IMMUTA_API, source::IMMUTA_OVERVIEW],
};

/// Collects the hosts that the payloads of a run configure, file by file.
#[derive(Debug)]
pub struct Conflicts {
    /// The first use of each host: the file, the number of the document if the file contains several, and the location.
    first: Vec<(String, Option<usize>, Located)>,
    /// The index of each host in `first`.
    indices: BTreeMap<Text, usize>,
    /// The maximum number of diagnostics to list for a text.
    limit: usize,
}

impl Default for Conflicts {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Conflicts {
    /// Creates an empty collection for texts that were checked with `limits`.
    #[must_use]
    pub const fn new(limits: &Limits) -> Self {
        Self { first: Vec::new(), indices: BTreeMap::new(), limit: limits.diagnostics }
    }

    /// Adds `integration-conflict` to each document whose host an earlier document of the run configures. `path` is the
    /// file name to show. A document with a conflict loses its `body`.
    pub fn add(&mut self, path: &str, documents: &mut [Checked]) {
        let is_stream = documents.len() > 1;
        let mut has_added = false;
        for document in &mut *documents {
            let Some((host, located)) = &document.host else { continue };
            let index = *self.indices.entry(canonical_host(host).into()).or_insert(self.first.len());
            let Some((earlier, number, first)) = self.first.get(index) else {
                self.first.push((path.to_owned(), is_stream.then_some(document.index + 1), *located));
                continue;
            };
            let related = Related::new(*first, "configured here");
            let related = if earlier == path { related } else { related.in_file(earlier) };
            let location = match number {
                Some(number) if earlier == path => format!("document {number} of this file"),
                Some(number) => format!("document {number} of {}", quoted(earlier)),
                None => quoted(earlier),
            };
            let diagnostic = Diagnostic::new(
                Code::IntegrationConflict,
                "/config/host",
                located.span(),
                format!("host {} is already configured in {location}", show(host)),
            )
            .with_help(
                "Immuta allows one Redshift integration per host; update the existing one, or use another host",
            )
            .with_related(related);
            // Keep the diagnostics in the order of the text.
            let before = |other: &Diagnostic| {
                (other.span.start, other.code) <= (diagnostic.span.start, diagnostic.code)
            };
            let index = document.diagnostics.partition_point(before);
            document.diagnostics.insert(index, diagnostic);
            document.body = None;
            has_added = true;
        }
        if has_added {
            excess::list(documents, self.limit);
        }
    }
}

/// Adds `integration-conflict` to the files of a run, as [`Conflicts::add`] does.
pub fn conflicts(files: &mut [(String, Vec<Checked>)]) {
    let mut conflicts = Conflicts::default();
    for (path, documents) in files {
        conflicts.add(path, documents);
    }
}
