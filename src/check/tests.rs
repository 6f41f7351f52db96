//! Each code with its exact place, and what comes close but is fine.

use super::*;
use crate::document::{LineIndex, OffsetEncoding};

const USER_PASSWORD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: organization.aws.amazon.com
  database: immuta
  initialDatabase: dev
  impersonation:
    enabled: false
  authenticationType: userPassword
  username: admin@example.com
  password: ${REDSHIFT_PASSWORD}
";

/// The diagnostics of the first document as `line:column code pointer`.
fn found(text: &str, options: &Options<'_>) -> Vec<String> {
    let lines = LineIndex::new(text);
    check(text, options)[0]
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let start = lines.position(diagnostic.span.start, OffsetEncoding::Utf8);
            format!("{}:{} {} {}", start.line, start.column, diagnostic.code, diagnostic.pointer)
        })
        .collect()
}

fn options(operation: Operation) -> Options<'static> {
    Options { operation: Some(operation), ..Options::default() }
}

#[test]
fn probe() {
    let cases: &[(&str, &str)] = &[
        ("", ""),
        ("host:", "hots:"),
        ("  host: organization.aws.amazon.com\n", ""),
        ("config:", "conifg:"),
        ("enabled: false", "enabled: yes"),
        ("enabled: false", "enabled: true"),
        ("password: $", "pasword: $"),
        ("password: ${REDSHIFT_PASSWORD}", "password: 12345678"),
        ("userPassword", "okta"),
        ("userPassword", "accessKey"),
        ("userPassword", "userpasword"),
        ("  password: ${REDSHIFT_PASSWORD}\n", ""),
        ("  username: admin@example.com\n  password: ${REDSHIFT_PASSWORD}\n", ""),
        ("organization.aws", "https://u:p@organization.aws"),
        ("config:\n", "config:\n  okta: {username: a}\n"),
        ("config:\n", "config:\n  role: x\n"),
        ("config:\n", ""),
        ("database: immuta", "database: template1"),
        ("database: immuta", "database: Dev"),
        ("${REDSHIFT_PASSWORD}", "abc1234"),
        ("admin@example.com", "<REDACTED>"),
        ("config:\n", "config:\n  port: \"5439\"\n"),
        ("config:\n", "config:\n  port: 0\n"),
        ("type: Redshift", "type: Snowflake"),
        ("type: Redshift", "type: redshift"),
        ("type: Redshift\n", ""),
    ];
    for (from, to) in cases {
        let text = USER_PASSWORD
            .replace(from, to)
            .replace("config:\n", if *from == "config:\n" && to.is_empty() { "" } else { "config:\n" });
        println!("--- {from:?} -> {to:?}");
        let lines = LineIndex::new(&text);
        for d in &check(&text, &Options::default())[0].diagnostics {
            let start = lines.position(d.span.start, OffsetEncoding::Utf8);
            println!(
                "{}:{} {} {} {:?} {} | {:?}",
                start.line, start.column, d.code, d.pointer, d.severity, d.message, d.help
            );
        }
    }
}
