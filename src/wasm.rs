//! The JavaScript binding: it takes strings and options, and returns JSON text.
//!
//! Results are returned as JSON text, because `JSON.parse` is faster than building an object property by property; files,
//! which are few and mostly text, by serde-wasm-bindgen. Options are read one by one: a message of serde-wasm-bindgen could
//! repeat a secret. A failure is thrown as the JSON text of a [`Failure`], which the package turns into its error.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::js::{self, CheckOptions, Failure, Given, GivenOptions, ParseOptions, ReadOptions};

type Result<T> = std::result::Result<T, JsValue>;

/// Turns a panic into a thrown error, with its location but without its message, which may contain a part of a payload.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|place| format!(" at {}:{}", place.file(), place.line()))
            .unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        wasm_bindgen::throw_str(&format!(
            "internal error in Bootshift {version}{place}; this is a bug, please report it (do not include your payload)"
        ));
    }));
}

/// A parsed text.
#[wasm_bindgen]
pub struct Document(Rc<js::Document>);

#[wasm_bindgen]
impl Document {
    /// [`js::Document::parse`]. The text is UTF-8: the caller's `TextEncoder` is ten times as fast as the glue code,
    /// which handles each character.
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn parse(text: Vec<u8>, given: &JsValue) -> Result<Self> {
        let text = String::from_utf8(text).map_err(|_| thrown(&Failure::new("the text is not UTF-8")))?;
        Ok(Self(Rc::new(js::Document::parse(text, &read(options(given))?))))
    }

    /// Another handle of the same document to pass on: the glue code takes an optional document only by value.
    #[must_use]
    pub fn share(&self) -> Self {
        Self(Rc::clone(&self.0))
    }

    /// [`js::check`]. The options may include those of the parsed text, which are ignored.
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn check(&self, old: Option<Self>, given: &JsValue, with_parsing: bool) -> Result<String> {
        let given = options(given);
        let options = if with_parsing {
            read::<(CheckOptions, ParseOptions)>(given.and("old"))?.0
        } else {
            read(given.and("old"))?
        };
        json(js::check(&self.0, inner(old).as_deref(), &options))
    }

    /// [`js::script`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn script(&self, kind: &str, old: Option<Self>, given: &JsValue) -> Result<String> {
        let options = read(options(given).and("from"))?;
        json(js::script(kind, &self.0, inner(old).as_deref(), &options))
    }

    /// [`js::script_files`], as an array of objects.
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    #[wasm_bindgen(js_name = scriptFiles)]
    pub fn script_files(&self, kind: &str, old: Option<Self>, given: &JsValue) -> Result<JsValue> {
        let options = read(options(given).and("from"))?;
        let files = js::script_files(kind, &self.0, inner(old).as_deref(), &options)
            .map_err(|failure| thrown(&failure))?;
        Ok(serde_wasm_bindgen::to_value(&files)?)
    }

    /// [`js::request`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn request(&self, operation: &str, given: &JsValue) -> Result<String> {
        write_request(operation, Some(&self.0), given)
    }

    /// [`js::redact`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn redact(&self, given: &JsValue) -> Result<String> {
        js::redact(&self.0, &read(options(given))?).map_err(|failure| thrown(&failure))
    }

    /// [`js::get`], as JSON text.
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn get(&self, pointer: &str) -> Result<Option<String>> {
        let value = js::get(&self.0, pointer).map_err(|failure| thrown(&failure))?;
        Ok(value.map(|value| value.to_string()))
    }

    /// [`js::set`] of a value as JSON text.
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn set(&self, pointer: &str, value: &str) -> Result<String> {
        let value = serde_json::from_str(value).map_err(|_| {
            thrown(&Failure::new("the value is nested too deeply, or contains half of a surrogate pair"))
        })?;
        json(js::set(&self.0, pointer, &value))
    }

    /// [`js::remove`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn remove(&self, pointer: &str) -> Result<String> {
        json(js::remove(&self.0, pointer))
    }

    /// [`js::fix`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn fix(&self, old: Option<Self>, given: &JsValue) -> Result<String> {
        json(js::fix(&self.0, inner(old).as_deref(), &read(options(given).and("old"))?))
    }

    /// [`js::convert`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn convert(&self, syntax: &str) -> Result<String> {
        js::convert(&self.0, syntax).map_err(|failure| thrown(&failure))
    }
}

fn inner(document: Option<Document>) -> Option<Rc<js::Document>> {
    document.map(|document| document.0)
}

/// [`js::check_files`]
///
/// # Errors
/// The JSON text of a [`Failure`].
#[wasm_bindgen(js_name = checkFiles)]
pub fn check_files(files: &Array, old: Option<Document>, given: &JsValue) -> Result<String> {
    let files = files.iter().map(|file| read(options(&file))).collect::<Result<_>>()?;
    let (checking, parsing) = read(options(given).and("old"))?;
    json(js::check_files(files, inner(old).as_deref(), &parsing, &checking))
}

/// [`js::request`] without a document.
///
/// # Errors
/// The JSON text of a [`Failure`].
#[wasm_bindgen]
pub fn request(operation: &str, given: &JsValue) -> Result<String> {
    write_request(operation, None, given)
}

fn write_request(operation: &str, document: Option<&js::Document>, given: &JsValue) -> Result<String> {
    js::request(operation, document, &read(options(given))?).map_err(|failure| thrown(&failure))
}

/// The version of the package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The options of a call. `undefined` and `null` count as missing, as options and as their values.
fn options(value: &JsValue) -> GivenOptions {
    GivenOptions::new(members(value, true))
}

/// The members of an object. Objects inside it have members too, except for those that are nested more deeply.
fn members(object: &JsValue, is_outer: bool) -> BTreeMap<String, Given> {
    if !object.is_object() {
        return BTreeMap::new();
    }
    // Not by `instanceof`: it may have no prototype.
    let object: &Object = object.unchecked_ref();
    let member = |entry: JsValue| {
        let name = entry.as_string()?;
        let value = Reflect::get(object, &entry).ok()?;
        Some((name, given(&value, is_outer)?))
    };
    Object::keys(object).iter().filter_map(member).collect()
}

fn given(value: &JsValue, is_outer: bool) -> Option<Given> {
    if value.is_undefined() || value.is_null() {
        return None;
    }
    Some(if let Some(text) = value.as_string() {
        Given::Text(text)
    } else if let Some(number) = value.as_f64() {
        Given::Number(number)
    } else if let Some(flag) = value.as_bool() {
        Given::Flag(flag)
    } else if value.is_function() {
        Given::Other("a function")
    } else if Array::is_array(value) {
        Given::Other("an array")
    } else if !value.is_object() {
        Given::Other("another value")
    } else if is_outer {
        Given::Members(members(value, false))
    } else {
        Given::Other("an object")
    })
}

fn read<T: ReadOptions>(options: GivenOptions) -> Result<T> {
    options.read().map_err(|failure| thrown(&failure))
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
