//! What the tests of Bootshift have in common: generators of payloads and texts, and what judges scripts and outputs. None of it
//! uses the code that it judges.
#![forbid(unsafe_code)]
#![allow(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "for tests"
)]

pub mod leaks;
pub mod mdtest;
pub mod mutants;
pub mod oracle;
pub mod payload;
pub mod payloads;
pub mod psql;
pub mod texts;
pub mod words;
