//! How often a text is parsed.

use super::*;
use crate::document::count::parses;

const PAYLOAD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: cluster.example.com
  database: immuta
  initialDatabase: sales
  authenticationType: userPassword
  username: immuta_service
  password: Correct1horse
";

/// All functions on a document, with the old one.
fn ask_everything(document: &Document, old: &Document) {
    let report = check(document, Some(old), &CheckOptions::default()).expect("a report");
    assert_eq!(report.summary.errors, 0);
    for kind in ["initial-create", "create", "delete", "cleanup", "all"] {
        script(kind, document, None, &ScriptOptions::default()).expect("a script");
        script_files(kind, document, None, &ScriptFilesOptions::default()).expect("files");
    }
    script("edit", document, Some(old), &ScriptOptions::default()).expect("a script");
    request("create", Some(document), &RequestOptions::default()).expect("a request");
    redact(document, &RedactOptions::default()).expect("an answer");
}

#[test]
fn document_is_parsed_once() {
    let (documents, count) = parses(|| {
        let document = Document::from(PAYLOAD);
        let old = Document::from(&*PAYLOAD.replace("immuta_service", "immuta_old"));
        (document, old)
    });
    assert_eq!(count, 2);
    let ((), count) = parses(|| ask_everything(&documents.0, &documents.1));
    assert_eq!(count, 0);
}

#[test]
fn each_file_is_parsed_once() {
    let file = |path: &str| InputFile { path: path.to_owned(), text: PAYLOAD.to_owned() };
    let files = vec![file("a.yaml"), file("b.yaml")];
    let (report, count) =
        parses(|| check_files(files, None, &ParseOptions::default(), &CheckOptions::default()));
    assert_eq!(report.expect("a report").files.len(), 2);
    assert_eq!(count, 2);
}
