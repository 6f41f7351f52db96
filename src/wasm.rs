//! The binding for JavaScript: strings and options in, JSON text out.
//!
//! Results cross as JSON text, which `JSON.parse` reads several times faster than an object is built from here
//! property by property; options, which are few and rare, come in through serde-wasm-bindgen. A failure is
//! thrown as the JSON text of a [`Failure`], from which the package makes its error.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::wire::{self, Failure};

type Result<T> = std::result::Result<T, JsValue>;

/// Makes a panic a thrown error. Where it happened is said, what is not: it may hold a piece of a payload.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|place| format!(" at {}:{}", place.file(), place.line()))
            .unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        wasm_bindgen::throw_str(&format!(
            "Bootshift {version} has a defect and stopped{place}; please report this line, without your payload"
        ));
    }));
}

/// [`wire::check`]
#[wasm_bindgen]
pub fn check(text: &str, options: JsValue) -> Result<String> {
    json(wire::check(text, &read(options)?))
}

/// [`wire::check_files`]
#[wasm_bindgen(js_name = checkFiles)]
pub fn check_files(files: JsValue, options: JsValue) -> Result<String> {
    json(wire::check_files(&read::<Vec<wire::InputFile>>(files)?, &read(options)?))
}

/// [`wire::script`]
#[wasm_bindgen]
pub fn script(kind: &str, text: &str, options: JsValue) -> Result<String> {
    json(wire::script(kind, text, &read(options)?))
}

/// [`wire::script_files`]
#[wasm_bindgen(js_name = scriptFiles)]
pub fn script_files(kind: &str, text: &str, options: JsValue) -> Result<String> {
    json(wire::script_files(kind, text, &read(options)?))
}

/// [`wire::request`]
#[wasm_bindgen]
pub fn request(operation: &str, text: Option<String>, options: JsValue) -> Result<String> {
    wire::request(operation, text.as_deref(), &read(options)?).map_err(|failure| thrown(&failure))
}

/// [`wire::redact`]
#[wasm_bindgen]
pub fn redact(text: &str, options: JsValue) -> Result<String> {
    json(wire::redact(text, &read(options)?))
}

/// [`wire::schema`]
#[wasm_bindgen]
pub fn schema(name: &str) -> Result<String> {
    wire::schema(name).map(str::to_owned).map_err(|failure| thrown(&failure))
}

/// [`wire::explain`]
#[wasm_bindgen]
pub fn explain(code: &str) -> Result<String> {
    json(wire::explain(code))
}

/// The names of the operations, codes, scripts and schemas, each list separated by spaces.
#[wasm_bindgen]
pub fn names() -> String {
    wire::names()
}

/// The version of the package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn read<T: DeserializeOwned + Default>(value: JsValue) -> Result<T> {
    if value.is_undefined() || value.is_null() {
        return Ok(T::default());
    }
    // The text of serde's own error may repeat a value, which may be a secret in the wrong place.
    serde_wasm_bindgen::from_value(value).map_err(|_| thrown(&Failure::new("an option is of the wrong type")))
}

fn json<T: Serialize>(result: std::result::Result<T, Failure>) -> Result<String> {
    match result {
        Ok(value) => Ok(serde_json::to_string(&value).unwrap_or_default()),
        Err(failure) => Err(thrown(&failure)),
    }
}

fn thrown(failure: &Failure) -> JsValue {
    JsValue::from_str(&serde_json::to_string(failure).unwrap_or_default())
}
