//! SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{FileReport, Finding, Fix, RelatedPlace, Report, TextEdit};
use crate::check::{Code, Severity, explain};
use crate::document::Position;

/// Everything except RFC 3986's unreserved characters and the slash. A colon is encoded too: in the first segment of a
/// relative reference it would end a scheme.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The maximum number of results of a run: GitHub refuses a report with more than 25,000,
/// <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>.
const MAX_RESULTS: usize = 24_999;

/// The log of one run. Results are created during serialization: all at once they would take many times the memory.
#[derive(Serialize)]
pub(super) struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Value,
    automation_details: Value,
    column_kind: &'static str,
    results: Results<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invocations: Option<Value>,
}

struct Results<'r>(&'r Report);

impl<'r> Log<'r> {
    pub(super) fn of(report: &'r Report, category: &str) -> Self {
        let invocation = |message| {
            json!([{
                "executionSuccessful": true,
                "toolExecutionNotifications": [{ "level": "warning", "message": { "text": message } }],
            }])
        };
        let run = Run {
            tool: json!({ "driver": driver() }),
            // The category ends at the last slash; after it could be the name of the run, which is empty here.
            automation_details: json!({ "id": format!("{}/", category.trim_end_matches('/')) }),
            column_kind: "unicodeCodePoints",
            results: Results(report),
            invocations: left_out(report).map(invocation),
        };
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut room = Room::of(self.0);
        let findings =
            self.0.files.iter().flat_map(|file| file.diagnostics.iter().map(move |one| (file, one)));
        let results = findings.filter(|(_, finding)| room.takes(finding.severity));
        serializer.collect_seq(results.map(|(file, finding)| result(file, finding)))
    }
}

/// The message about omitted results, if there are any.
pub(super) fn left_out(report: &Report) -> Option<String> {
    let all: usize = report.files.iter().map(|file| file.diagnostics.len()).sum();
    let left_out = all.checked_sub(MAX_RESULTS).filter(|count| *count > 0)?;
    Some(format!(
        "{left_out} of {all} results are omitted from the SARIF report, the least severe first: code scanning accepts \
         at most 25,000 at once; check fewer files per run"
    ))
}

/// The number of results that can still be written, by severity, so that errors take precedence over notes.
struct Room([(Severity, usize); 3]);

impl Room {
    fn of(report: &Report) -> Self {
        let findings = || report.files.iter().flat_map(|file| &file.diagnostics);
        let mut left = MAX_RESULTS;
        Self([Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
            let count = findings().filter(|finding| finding.severity == severity).count().min(left);
            left -= count;
            (severity, count)
        }))
    }

    fn takes(&mut self, severity: Severity) -> bool {
        let room = self.0.iter_mut().find(|(one, room)| *one == severity && *room > 0);
        room.map(|(_, room)| *room -= 1).is_some()
    }
}

fn driver() -> Value {
    json!({
        "name": "Bootshift",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
    })
}

fn rule(code: Code) -> Value {
    let help = explain(code);
    let (wrong, right) = (help.wrong, help.right);
    json!({
        "id": code.as_str(),
        "name": pascal_case(code.as_str()),
        "shortDescription": { "text": help.title },
        "fullDescription": { "text": format!("{} {}", help.what, help.why) },
        "help": {
            "text": format!("{}\n\nWrong:\n\n{wrong}\n\nRight:\n\n{right}\n", help.fix),
            "markdown": format!(
                "{}\n\nWrong:\n\n```yaml\n{wrong}\n```\n\nRight:\n\n```yaml\n{right}\n```\n",
                help.fix
            ),
        },
        "helpUri": code.docs(),
        "defaultConfiguration": { "level": code.severity().as_str() },
        "properties": { "problem.severity": problem_severity(code.severity()) },
    })
}

/// The severity in GitHub's code scanning.
const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    }
}

fn result(file: &FileReport, finding: &Finding) -> Value {
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    // A message links to a place by its number (section 3.11.6), and GitHub shows the places that it links to:
    // <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.
    for (id, related) in finding.related.iter().enumerate() {
        let _ = write!(message, "\n[{}]({id})", related.message);
    }
    let Finding { start, end, .. } = finding;
    let mut result = json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": finding.severity.as_str(),
        "message": { "text": message },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&file.path) },
                "region": region(*start, *end),
            },
        }],
        "properties": {
            "document": file.document,
            "operation": file.operation.map(crate::operation::Operation::name),
            "pointer": finding.pointer,
        },
    });
    if let Some(property) = &finding.property {
        result["properties"]["property"] = property.as_str().into();
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate();
        result["relatedLocations"] =
            related.map(|(id, related)| related_location(file, id, related)).collect();
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([fix_object(file, fix)]);
    }
    result
}

/// Section 3.27.22 of the standard.
fn related_location(file: &FileReport, id: usize, related: &RelatedPlace) -> Value {
    let RelatedPlace { message, path, start, end } = related;
    json!({
        "id": id,
        "physicalLocation": {
            "artifactLocation": { "uri": uri(path.as_ref().unwrap_or(&file.path)) },
            "region": region(*start, *end),
        },
        "message": { "text": message },
    })
}

fn region(start: Position, end: Position) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317881>
fn fix_object(file: &FileReport, fix: &Fix) -> Value {
    let replacement = |TextEdit { start, end, text }: &TextEdit| {
        json!({
            "deletedRegion": region(*start, *end),
            "insertedContent": { "text": text },
        })
    };
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&file.path) },
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

/// A path as a URI reference: relative where the path is.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let is_drive = path.as_bytes().get(1) == Some(&b':') && cfg!(windows);
    let encoded = utf8_percent_encode(path.trim_start_matches("./"), ENCODED).to_string();
    if is_drive {
        format!("file:///{}", encoded.replacen("%3A", ":", 1))
    } else if encoded.starts_with('/') {
        format!("file://{encoded}")
    } else {
        encoded
    }
}

/// `unknown-property` as `UnknownProperty`, the form that SARIF asks of a rule's name.
fn pascal_case(kebab: &str) -> String {
    kebab
        .split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_written_as_a_uri_reference() {
        assert_eq!(uri("./payloads/a b.yaml"), "payloads/a%20b.yaml");
        assert_eq!(uri("c:d/100%/ü#?.json"), "c%3Ad/100%25/%C3%BC%23%3F.json");
        assert_eq!(uri("/etc/a.yaml"), "file:///etc/a.yaml");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }

    #[test]
    fn rule_has_a_name() {
        assert_eq!(pascal_case("too-deep"), "TooDeep");
    }
}
