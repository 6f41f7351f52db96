//! See the property.
#![no_main]

#[allow(dead_code)] // the tests use the rest
#[path = "../../tests/support/lexer.rs"]
mod lexer;
#[path = "../../tests/support/payload.rs"]
mod payload;
#[path = "../properties/scripts.rs"]
mod scripts;

libfuzzer_sys::fuzz_target!(|data: &[u8]| scripts::hold(data));
