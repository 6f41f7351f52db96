//! The binding for JavaScript: strings and options in, JSON text out.
//!
//! Results cross as JSON text, which `JSON.parse` reads several times faster than an object is built from here
//! property by property; options, which are few and rare, come in through serde-wasm-bindgen. A failure is
//! thrown as the JSON text of a [`Failure`], from which the package makes its error.

#![allow(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    reason = "JavaScript is the only caller, and hands values over"
)]

use js_sys::{Object, Reflect};
use serde::Serialize;
use serde::de::value::Error;
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::wire::{
    self, CheckOptions, Failure, InputFile, RedactOptions, RequestOptions, ScriptFilesOptions, ScriptOptions,
};

type Result<T> = std::result::Result<T, JsValue>;

/// A third of the size of the standard library's allocator.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

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
    json(wire::check(text, &Given(options).check_options()?))
}

/// [`wire::check_files`]
#[wasm_bindgen(js_name = checkFiles)]
pub fn check_files(files: JsValue, options: JsValue) -> Result<String> {
    let files = js_sys::try_iter(&files)?.ok_or_else(wrong_type)?;
    let files: Vec<InputFile> = files.map(|file| Given(file?).input_file()).collect::<Result<_>>()?;
    json(wire::check_files(&files, &Given(options).check_options()?))
}

/// [`wire::script`]
#[wasm_bindgen]
pub fn script(kind: &str, text: &str, options: JsValue) -> Result<String> {
    json(wire::script(kind, text, &Given(options).script_options()?))
}

/// [`wire::script_files`]
#[wasm_bindgen(js_name = scriptFiles)]
pub fn script_files(kind: &str, text: &str, options: JsValue) -> Result<String> {
    let given = Given(options);
    let flavor = given.word("flavor")?.unwrap_or_default();
    json(wire::script_files(kind, text, &ScriptFilesOptions { script: given.script_options()?, flavor }))
}

/// [`wire::request`]
#[wasm_bindgen]
pub fn request(operation: &str, text: Option<String>, options: JsValue) -> Result<String> {
    wire::request(operation, text.as_deref(), &Given(options).request_options()?)
        .map_err(|failure| thrown(&failure))
}

/// [`wire::redact`]
#[wasm_bindgen]
pub fn redact(text: &str, options: JsValue) -> Result<String> {
    wire::redact(text, &RedactOptions { id: Given(options).text("id")? }).map_err(|failure| thrown(&failure))
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

/// An object of the caller's. A property that is `undefined` or `null` is not given.
///
/// serde-wasm-bindgen would read it too, but weighs a tenth of the module, half of it for messages that could
/// repeat a secret.
struct Given(JsValue);

impl Given {
    fn get(&self, name: &str) -> Result<Option<JsValue>> {
        if self.0.is_undefined() || self.0.is_null() {
            return Ok(None);
        }
        let value = Reflect::get(&self.0, &JsValue::from_str(name)).map_err(|_| wrong_type())?;
        Ok(Some(value).filter(|value| !value.is_undefined() && !value.is_null()))
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        self.get(name)?.map(|value| value.as_string().ok_or_else(wrong_type)).transpose()
    }

    fn flag(&self, name: &str) -> Result<Option<bool>> {
        self.get(name)?.map(|value| value.as_bool().ok_or_else(wrong_type)).transpose()
    }

    /// One of the words of an enumeration.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let word = |text: String| T::deserialize(IntoDeserializer::<Error>::into_deserializer(text.as_str()));
        self.text(name)?.map(|text| word(text).map_err(|_| wrong_type())).transpose()
    }

    fn check_options(&self) -> Result<CheckOptions> {
        Ok(CheckOptions {
            operation: self.word("operation")?,
            old: self.text("old")?,
            auto_bootstrap: self.flag("autoBootstrap")?,
            path: self.text("path")?,
        })
    }

    fn script_options(&self) -> Result<ScriptOptions> {
        Ok(ScriptOptions {
            from: self.text("from")?,
            password: self.word("password")?.unwrap_or_default(),
            existing_database: self.flag("existingDatabase")?.unwrap_or_default(),
            existing_user: self.flag("existingUser")?.unwrap_or_default(),
            env: self.variables()?,
        })
    }

    fn variables(&self) -> Result<BTreeMap<String, String>> {
        let mut variables = BTreeMap::new();
        let Some(env) = self.get("env")? else { return Ok(variables) };
        let names = Object::keys(env.unchecked_ref::<Object>());
        let env = Given(env);
        for name in names.iter().filter_map(|name| name.as_string()) {
            if let Some(value) = env.text(&name)? {
                variables.insert(name, value);
            }
        }
        Ok(variables)
    }

    fn request_options(&self) -> Result<RequestOptions> {
        Ok(RequestOptions {
            url: self.text("url")?,
            id: self.text("id")?,
            format: self.word("format")?.unwrap_or_default(),
        })
    }

    fn input_file(&self) -> Result<InputFile> {
        let required = |name| self.text(name)?.ok_or_else(wrong_type);
        Ok(InputFile { path: required("path")?, text: required("text")? })
    }
}

fn wrong_type() -> JsValue {
    thrown(&Failure::new("an option is of the wrong type"))
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
