//! The binding for JavaScript: strings and options in, JSON text out.
//!
//! Results cross as JSON text, which `JSON.parse` reads several times faster than an object is built from here
//! property by property, and without the names of the properties where speed counts: see [`rows`]. Only explanations,
//! which are a list of texts alone, cross by serde-wasm-bindgen; the names of their properties would bring a hash table
//! with them. Options are read one by one: reading them by serde-wasm-bindgen as well weighs 5 KB more after brotli,
//! half of it for messages that could repeat a secret. A failure is thrown as the JSON text of [`rows::failure`], from
//! which the package makes its error.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use serde::de::value::Error;
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::report::Report;
use crate::wire::{
    self, CheckOptions, Failure, InputFile, RedactOptions, RequestOptions, ScriptFilesOptions, ScriptOptions,
    rows,
};

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

/// [`wire::check`], the report as [`rows::report`]. The text comes in UTF-8: a `TextEncoder` of the caller's writes
/// it ten times as fast as the glue would, which looks at each character.
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen]
pub fn check(text: &[u8], options: JsValue) -> Result<String> {
    let text = std::str::from_utf8(text).map_err(|_| wrong_type())?;
    report(wire::check(text, &Given::new(options).check_options()?))
}

/// [`wire::check_files`], the report as [`rows::report`].
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen(js_name = checkFiles)]
pub fn check_files(files: &Array, options: JsValue) -> Result<String> {
    let files: Vec<InputFile> =
        files.iter().map(|file| Given::new(file).input_file()).collect::<Result<_>>()?;
    report(wire::check_files(&files, &Given::new(options).check_options()?))
}

/// [`wire::script`]
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen]
pub fn script(kind: &str, text: &str, options: JsValue) -> Result<String> {
    json(wire::script(kind, text, &Given::new(options).script_options()?))
}

/// [`wire::script_files`]
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen(js_name = scriptFiles)]
pub fn script_files(kind: &str, text: &str, options: JsValue) -> Result<String> {
    let given = Given::new(options);
    let flavor = given.word("flavor")?.unwrap_or_default();
    json(wire::script_files(kind, text, &ScriptFilesOptions { script: given.script_options()?, flavor }))
}

/// [`wire::request`]
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen passes no optional reference")]
pub fn request(operation: &str, text: Option<String>, options: JsValue) -> Result<String> {
    wire::request(operation, text.as_deref(), &Given::new(options).request_options()?)
        .map_err(|failure| thrown(&failure))
}

/// [`wire::redact`]
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen]
pub fn redact(text: &str, options: JsValue) -> Result<String> {
    wire::redact(text, &RedactOptions { id: Given::new(options).text("id")? })
        .map_err(|failure| thrown(&failure))
}

/// [`wire::schema`]
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen]
pub fn schema(name: &str) -> Result<String> {
    wire::schema(name).map(str::to_owned).map_err(|failure| thrown(&failure))
}

/// [`wire::explain`], as [`rows::explanation`].
///
/// # Errors
/// The JSON text of [`rows::failure`].
#[wasm_bindgen]
pub fn explain(code: &str) -> Result<JsValue> {
    let explanation = wire::explain(code).map_err(|failure| thrown(&failure))?;
    Ok(serde_wasm_bindgen::to_value(&rows::explanation(&explanation))?)
}

/// The names of the operations, codes, scripts and schemas, each list separated by spaces.
#[wasm_bindgen]
#[must_use]
pub fn names() -> String {
    wire::names()
}

/// The version of the package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// An object of the caller's, if there is one. What is `undefined` or `null` is not given.
struct Given(Option<JsValue>);

impl Given {
    fn new(value: JsValue) -> Self {
        Self(Some(value).filter(|value| !value.is_undefined() && !value.is_null()))
    }

    fn get(&self, name: &str) -> Result<Option<JsValue>> {
        let Some(object) = &self.0 else { return Ok(None) };
        let value = Reflect::get(object, &JsValue::from_str(name)).map_err(|_| wrong_type())?;
        Ok(Self::new(value).0)
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        self.get(name)?.map(|value| value.as_string().ok_or_else(wrong_type)).transpose()
    }

    fn flag(&self, name: &str) -> Result<Option<bool>> {
        self.get(name)?.map(|value| value.as_bool().ok_or_else(wrong_type)).transpose()
    }

    /// A whole number from 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::float_cmp,
        reason = "a number that is changed by this is refused"
    )]
    fn count(&self, name: &str) -> Result<Option<usize>> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        let number = value.as_f64().unwrap_or_default();
        let count = number as usize;
        if count > 0 && count as f64 == number { Ok(Some(count)) } else { Err(wrong_type()) }
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
            max_diagnostics: self.count("maxDiagnostics")?,
            max_documents: self.count("maxDocuments")?,
            max_values: self.count("maxValues")?,
        })
    }

    fn script_options(&self) -> Result<ScriptOptions> {
        Ok(ScriptOptions {
            from: self.text("from")?,
            password: self.word("password")?.unwrap_or_default(),
            existing_database: self.flag("existingDatabase")?.unwrap_or_default(),
            existing_user: self.flag("existingUser")?.unwrap_or_default(),
            set_password: self.flag("setPassword")?.unwrap_or_default(),
            env: self.variables()?,
        })
    }

    fn variables(&self) -> Result<BTreeMap<String, String>> {
        let mut variables = BTreeMap::new();
        let Some(env) = self.get("env")? else { return Ok(variables) };
        let names = Object::keys(env.unchecked_ref::<Object>());
        let env = Self(Some(env));
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

fn report(result: std::result::Result<Report, Failure>) -> Result<String> {
    result.map(|report| rows::report(&report)).map_err(|failure| thrown(&failure))
}

fn json<T: Serialize>(result: std::result::Result<T, Failure>) -> Result<String> {
    match result {
        Ok(value) => Ok(serde_json::to_string(&value).unwrap_or_default()),
        Err(failure) => Err(thrown(&failure)),
    }
}

fn thrown(failure: &Failure) -> JsValue {
    JsValue::from_str(&rows::failure(failure))
}
