//! See the property.
#![no_main]

#[path = "../properties/documents.rs"]
mod documents;

libfuzzer_sys::fuzz_target!(|data: &[u8]| documents::hold(data));
