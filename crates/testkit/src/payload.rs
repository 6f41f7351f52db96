//! The payload on which tests base theirs. It is read from a document, so that an optional property that is added needs no
//! change in any test.

use std::sync::LazyLock;

use bootshift::check::{Body, Options, check};
use bootshift::document::{Documents, Limits};
use bootshift::operation::Operation;
use bootshift::payload::Payload;

/// Without optional properties.
const TEXT: &str = r#"{
    "type": "Redshift",
    "autoBootstrap": false,
    "config": {
        "host": "cluster.example.com",
        "database": "immuta",
        "initialDatabase": "dev",
        "authenticationType": "userPassword",
        "username": "immuta_system_account",
        "password": "${REDSHIFT_PASSWORD}"
    }
}"#;

/// A payload without optional properties: `Payload { port: Some(5439), ..minimal() }`.
pub fn minimal() -> Payload {
    static PAYLOAD: LazyLock<Payload> = LazyLock::new(|| {
        let documents = Documents::parse(TEXT, None, &Limits::default());
        let options = Options { operation: Some(Operation::ScriptCreate), ..Options::default() };
        match check(&documents, &options).pop().and_then(|checked| checked.body) {
            Some(Body::Payload(payload)) => payload,
            other => panic!("a payload, not {other:?}"),
        }
    });
    PAYLOAD.clone()
}
