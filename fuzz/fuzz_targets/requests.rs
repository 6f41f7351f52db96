//! See the property.
#![no_main]

#[path = "../properties/requests.rs"]
mod requests;

libfuzzer_sys::fuzz_target!(|data: &[u8]| requests::hold(data));
