//! The request of any text that is a right document: rendered in every form, with no secret in it.
#![no_main]

use bootshift::check::{Options, check};
use bootshift::operation::Operation;
use bootshift::request::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, Option<&str>, Option<&str>, &str)| {
    let (choice, url, id, text) = input;
    let operation = Operation::ALL[usize::from(choice) % Operation::ALL.len()];
    for document in check(text, &Options { operation: Some(operation), ..Options::default() }) {
        let Some(body) = &document.body else { continue };
        let Ok(request) = Request::new(operation, body, url, id) else { continue };
        let curl = request.to_curl();
        assert!(curl.contains("\ncurl -X "), "{curl}");
        let _ = request.to_http();
        let _ = request.to_json();
        let _ = request.url();
    }
});
