//! The request of any text that is a right document: rendered in every form. A byte that chooses the operation, then
//! address, identifier and text, each ended by NUL.

use bootshift::check::{Options, check};
use bootshift::operation::Operation;
use bootshift::request::Request;

pub(crate) fn hold(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    let Ok(rest) = str::from_utf8(rest) else { return };
    let mut fields = rest.splitn(3, '\0');
    let [Some(url), Some(id), Some(text)] = [fields.next(), fields.next(), fields.next()] else { return };
    let optional = |field: &'_ str| (!field.is_empty()).then(|| field.to_owned());
    let (url, id) = (optional(url), optional(id));
    let operation = Operation::ALL[usize::from(choice.wrapping_sub(b'A')) % Operation::ALL.len()];
    for document in check(&text.into(), &Options { operation: Some(operation), ..Options::default() }) {
        let Some(body) = &document.body else { continue };
        let Ok(request) = Request::new(operation, body, url.as_deref(), id.as_deref()) else { continue };
        let curl = request.to_curl();
        assert!(curl.contains("\ncurl -X "), "{curl}");
        let _ = request.to_http();
        let _ = request.to_json();
        let shown = request.url();
        assert!(!shown.chars().any(|c| c.is_control() || c == ' '), "an address of one word: {shown:?}");
    }
}
