//! Links everything that the core does, so that `cargo xtask test` can see what that brings along. Never run.
#![forbid(unsafe_code)]

use std::hint::black_box;

use bootshift::check::{Body, Options, check};
use bootshift::script::{Flavor, ScriptKind, ScriptOptions, script};

fn main() {
    // Neither text nor options are known to the optimiser, so nothing that depends on them is left out.
    for document in check(black_box(""), black_box(&Options::default())) {
        if let Some(Body::Payload(payload)) = &document.body {
            for kind in ScriptKind::ALL {
                let made = script(kind, payload, None, black_box(&ScriptOptions::default()), &|_| None);
                let _ = black_box(made.map(|script| (script.to_json(), script.render(Flavor::Psql))));
            }
        }
        let _ = black_box(document);
    }
}
