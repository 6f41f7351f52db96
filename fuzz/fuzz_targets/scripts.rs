//! See the property.
#![no_main]

#[allow(dead_code)] // the tests use the rest
#[path = "../../tests/support/lexer.rs"]
mod lexer;
#[path = "../properties/scripts.rs"]
mod scripts;

libfuzzer_sys::fuzz_target!(|data: &[u8]| scripts::hold(data));
