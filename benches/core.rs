//! The core alone: text to tree, tree to report, payload to SQL. One payload of 15 lines, as YAML and as JSON.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use bootshift::check::{Body, Options, Origin, check};
use bootshift::document::{Documents, Limits, Syntax};
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
            bencher.iter(|| documents(black_box(text), syntax));
        });
    }
}

/// Parsing included: that is what a keystroke in an editor costs.
fn checking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    for (name, text, syntax) in FORMS {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| check(&documents(black_box(text), syntax), &OPTIONS));
        });

        let wrong = text.replace("initialDatabase", "initialDatabse").replace("5439", "65439");
        assert!(!check(&documents(&wrong, syntax), &OPTIONS)[0].is_valid());
        group.bench_function(format!("{name}, two errors"), |bencher| {
            bencher.iter(|| check(&documents(black_box(&wrong), syntax), &OPTIONS));
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

const OPTIONS: Options<'static> = Options {
    operation: Some(Operation::ScriptCreate),
    origin: Origin::File,
    old: None,
    auto_bootstrap: None,
};

fn documents(text: &str, syntax: Syntax) -> Documents<'_> {
    Documents::parse(text, Some(syntax), &Limits::default())
}

fn payload() -> Payload {
    let checked = check(&documents(YAML, Syntax::Yaml), &OPTIONS).into_iter().next();
    match checked.and_then(|document| document.body) {
        Some(Body::Payload(payload)) => payload,
        other => panic!("the payload is valid, not {other:?}"),
    }
}

criterion_group!(benches, parsing, checking, scripting);
criterion_main!(benches);
