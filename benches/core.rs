//! The core alone: text to tree, tree to report, payload to SQL. One payload of 15 lines, as YAML and as JSON.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use bootshift::check::{Body, Options, check};
use bootshift::document::{Limits, Syntax, parse};
use bootshift::operation::Operation;
use bootshift::payload::Payload;
use bootshift::script::{Flavor, ScriptKind, ScriptOptions, script};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const YAML: &str = r#"# The warehouse of the analysts
type: Redshift
autoBootstrap: false
config:
  host: analytics.c1abcdefghij.eu-central-1.redshift.amazonaws.com
  port: 5439
  database: immuta
  initialDatabase: sales
  impersonation:
    enabled: true
    role: immuta_impersonation
  authenticationType: userPassword
  # The system account
  username: immuta_service
  password: "${REDSHIFT_PASSWORD}"
"#;

const JSON: &str = r#"{
  "type": "Redshift",
  "autoBootstrap": false,
  "config": {
    "host": "analytics.c1abcdefghij.eu-central-1.redshift.amazonaws.com",
    "port": 5439,
    "database": "immuta",
    "initialDatabase": "sales",
    "impersonation": { "enabled": true, "role": "immuta_impersonation" },
    "authenticationType": "userPassword",
    "username": "immuta_service",
    "password": "${REDSHIFT_PASSWORD}"
  }
}
"#;

const FORMS: [(&str, &str, Syntax); 2] = [("yaml", YAML, Syntax::Yaml), ("json", JSON, Syntax::Json)];

fn parsing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (name, text, syntax) in FORMS {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| parse(black_box(text), Some(syntax), &Limits::default()));
        });
    }
}

/// Parsing included: that is what a keystroke in an editor costs.
fn checking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    for (name, text, syntax) in FORMS {
        let options = options(syntax);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| check(black_box(text), &options)));

        let wrong = text.replace("initialDatabase", "initialDatabse").replace("5439", "65439");
        assert!(!check(&wrong, &options)[0].is_valid());
        group.bench_function(format!("{name}, two errors"), |bencher| {
            bencher.iter(|| check(black_box(&wrong), &options));
        });
    }
}

fn scripting(criterion: &mut Criterion) {
    let payload = payload();
    let env = |_: &str| Some("Example-Passw0rd".to_owned());
    let mut group = criterion.benchmark_group("script");
    for kind in [ScriptKind::InitialCreate, ScriptKind::Create, ScriptKind::All, ScriptKind::Delete] {
        group.bench_function(kind.name(), |bencher| {
            bencher.iter(|| {
                let made = script(kind, black_box(&payload), None, &ScriptOptions::default(), &env);
                made.expect("the payload is valid").render(Flavor::Plain)
            });
        });
    }
}

fn options(syntax: Syntax) -> Options<'static> {
    Options { operation: Some(Operation::ScriptCreate), syntax: Some(syntax), ..Options::default() }
}

fn payload() -> Payload {
    let checked = check(YAML, &options(Syntax::Yaml)).into_iter().next();
    match checked.and_then(|document| document.body) {
        Some(Body::Payload(payload)) => payload,
        other => panic!("the payload is valid, not {other:?}"),
    }
}

criterion_group!(benches, parsing, checking, scripting);
criterion_main!(benches);
