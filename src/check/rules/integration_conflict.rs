//! `integration-conflict`: two integrations for one host.

use std::collections::BTreeMap;

use crate::check::explanation::{Explanation, source};
use crate::check::{Checked, Code, Diagnostic, Related, excess};
use crate::document::{Limits, Located, Text};
use crate::schema::format::canonical_host;
use crate::text::shown::{quoted, show};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "two integrations for one host",
    what: "Two payloads of one run configure the same host. Hosts are compared as DNS does: without regard \
           to case or a trailing dot.",
    why: "Immuta allows one Redshift integration a host and answers HTTP 409 to the second.",
    fix: "Keep one of them, or name another host.",
    wrong: "# a.yaml\nhost: organization.aws.amazon.com\n---\n# b.yaml\nhost: Organization.AWS.amazon.com.",
    right: "# a.yaml\nhost: organization.aws.amazon.com\n---\n# b.yaml\nhost: other.aws.amazon.com",
    sources: &[source::IMMUTA_API, source::IMMUTA_OVERVIEW],
};

/// The hosts that the payloads of a run configure, for a run that takes its files one by one.
#[derive(Debug)]
pub struct Conflicts {
    /// Who had a host first: the file, the document if the file holds several, and where it stands.
    first: Vec<(String, Option<usize>, Located)>,
    /// The place of each host's among them.
    places: BTreeMap<Text, usize>,
    /// The most diagnostics that are listed of a text.
    limit: usize,
}

impl Default for Conflicts {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Conflicts {
    /// For texts that were checked within `limits`.
    #[must_use]
    pub const fn new(limits: &Limits) -> Self {
        Self { first: Vec::new(), places: BTreeMap::new(), limit: limits.diagnostics }
    }

    /// Adds `integration-conflict` to each document whose host an earlier one of the run configures. `path` is
    /// the name to show. A document that gets one loses its `body`.
    pub fn add(&mut self, path: &str, documents: &mut [Checked]) {
        let is_stream = documents.len() > 1;
        let mut has_added = false;
        for document in &mut *documents {
            let Some((host, located)) = &document.host else { continue };
            let place = *self.places.entry(canonical_host(host).into()).or_insert(self.first.len());
            let Some((earlier, number, first)) = self.first.get(place) else {
                self.first.push((path.to_owned(), is_stream.then_some(document.index + 1), *located));
                continue;
            };
            let related = Related::new(*first, "configured here");
            let related = if earlier == path { related } else { related.in_file(earlier) };
            let place = match number {
                Some(number) if earlier == path => format!("document {number} of this file"),
                Some(number) => format!("document {number} of {}", quoted(earlier)),
                None => quoted(earlier),
            };
            let diagnostic = Diagnostic::new(
                Code::IntegrationConflict,
                "/config/host",
                located.span(),
                format!("{} is configured by {place} already", show(host)),
            )
            .with_help("Immuta allows one Redshift integration a host: update that one, or name another host")
            .with_related(related);
            // Where it belongs in the order of the text.
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

/// Adds `integration-conflict` as [`Conflicts::add`] does, to the files of a run in their order.
pub fn conflicts(files: &mut [(String, Vec<Checked>)]) {
    let mut conflicts = Conflicts::default();
    for (path, documents) in files {
        conflicts.add(path, documents);
    }
}
