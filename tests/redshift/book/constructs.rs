//! The page of constructs, from `book/constructs.json`.

use std::fmt::Write as _;

use crate::support::rows::{Place, Row, Verdict};

const HEAD: &str = "\
<!-- Written by tests/redshift/book from book/constructs.json; see CONTRIBUTING.md. -->

# What Redshift has been seen to accept

Bootshift has not been tested on a real cluster. These tables list every construct that it sends to Redshift, and the public
sources in which a cluster, or Amazon's documentation, accepts it.

| evidence | meaning |
| --- | --- |
| attested | a source shows or documents exactly this, in this kind of place |
| in part | sources show or document the parts, but not all of it, or not in this kind of place; the note says what is missing |
| not attested | no source was found |

A source is a page of Amazon's documentation, or a file or an issue of a public repository: of Amazon's own scripts, of tools that are
tested on clusters, or of users who report the response of a cluster. `tests/redshift/constructs` reads every script and everything that the
commands of the runner send to the emulator. It fails if a construct has no row, or if a row has no use.
";

/// The sections of the page.
const PLACES: [Place; 5] =
    [Place::Statements, Place::Procedures, Place::View, Place::Runner, Place::Protocol];

/// The page.
pub(crate) fn page(rows: &[Row]) -> String {
    let mut page = format!("{HEAD}\n| | attested | in part | not attested |\n| --- | ---: | ---: | ---: |\n");
    for place in PLACES {
        let count = |verdict| rows.iter().filter(|row| row.place == place && row.verdict == verdict).count();
        let [attested, in_part, not] = [Verdict::Attested, Verdict::InPart, Verdict::NotAttested].map(count);
        let _ = writeln!(page, "| {} | {attested} | {in_part} | {not} |", title(place));
    }
    for place in PLACES {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n| construct | evidence | sources | note |\n| --- | --- | --- | --- |\n",
            title(place),
            explanation(place)
        );
        for row in rows.iter().filter(|row| row.place == place) {
            let sources: Vec<String> = row.sources.iter().map(|source| link(source)).collect();
            let cells = [&row.construct, seen(row.verdict), &sources.join(", "), &row.note]
                .map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(page, "| {} |", cells.join(" | "));
        }
    }
    page
}

const fn title(place: Place) -> &'static str {
    match place {
        Place::Statements => "Statements of the scripts",
        Place::Procedures => "Procedures",
        Place::View => "View and function",
        Place::Runner => "Queries of the runner",
        Place::Protocol => "Protocol, errors and formats",
    }
}

const fn explanation(place: Place) -> &'static str {
    match place {
        Place::Statements => "All kinds of scripts, with all options, and the upgrade of earlier setups.",
        Place::Procedures => "The procedures of a setup, and the short-lived ones of `delete` and `cleanup`.",
        Place::View => "`user_profile` and `list_contains`, which ordinary users query and call.",
        Place::Runner => "What `apply`, `status` and `remove` send in addition to the scripts.",
        Place::Protocol => {
            "How the runner communicates with Redshift, which errors it distinguishes, and what the scripts for psql and for the Data API use."
        }
    }
}

const fn seen(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Attested => "attested",
        Verdict::InPart => "in part",
        Verdict::NotAttested => "not attested",
    }
}

/// `dg/PAGE`, `mgmt/PAGE` and `data/PAGE` are pages of Amazon's documentation, `OWNER/REPOSITORY#NUMBER` is an issue or a pull
/// request, and `OWNER/REPOSITORY:PATH` a file.
fn link(source: &str) -> String {
    let aws = [
        ("dg/", "https://docs.aws.amazon.com/redshift/latest/dg/"),
        ("mgmt/", "https://docs.aws.amazon.com/redshift/latest/mgmt/"),
        ("data/", "https://docs.aws.amazon.com/redshift-data/latest/APIReference/"),
    ];
    for (start, address) in aws {
        if let Some(page) = source.strip_prefix(start) {
            return format!("[{page}]({address}{page}.html)");
        }
    }
    if let Some((repository, number)) = source.split_once('#') {
        return format!("[{source}](https://github.com/{repository}/issues/{number})");
    }
    match source.split_once(':') {
        Some((repository, path)) => format!("[{repository}](https://github.com/{repository}) `{path}`"),
        None => format!("[{source}](https://github.com/{source})"),
    }
}
