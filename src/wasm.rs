//! The JavaScript binding: it takes strings and options, and returns JSON text.
//!
//! Results are returned as JSON text, because `JSON.parse` is faster than building an object property by property; files,
//! which are few and mostly text, by serde-wasm-bindgen. Options are read one by one: a message of serde-wasm-bindgen could
//! repeat a secret. A failure is thrown as the JSON text of a [`Failure`], which the package turns into its error.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use serde::de::value::Error;
use serde::de::{DeserializeOwned, IntoDeserializer};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::js::{
    self, CheckOptions, Failure, InputFile, ParseOptions, RedactOptions, RequestOptions, ScriptFilesOptions,
    ScriptOptions,
};

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
    /// An option has the wrong type.
    pub fn parse(text: Vec<u8>, options: JsValue) -> Result<Self> {
        let text = String::from_utf8(text).map_err(|_| wrong_type())?;
        let options = JsOptions::new(options).parse_options()?;
        Ok(Self(Rc::new(js::Document::parse(text, &options))))
    }

    /// Another handle of the same document to pass on: the glue code takes an optional document only by value.
    #[must_use]
    pub fn share(&self) -> Self {
        Self(Rc::clone(&self.0))
    }

    /// [`js::check`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn check(&self, old: Option<Self>, options: JsValue) -> Result<String> {
        json(js::check(&self.0, inner(old).as_deref(), &JsOptions::new(options).check_options()?))
    }

    /// [`js::script`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn script(&self, kind: &str, old: Option<Self>, options: JsValue) -> Result<String> {
        json(js::script(kind, &self.0, inner(old).as_deref(), &JsOptions::new(options).script_options()?))
    }

    /// [`js::script_files`], as an array of objects.
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    #[wasm_bindgen(js_name = scriptFiles)]
    pub fn script_files(&self, kind: &str, old: Option<Self>, options: JsValue) -> Result<JsValue> {
        let given = JsOptions::new(options);
        let flavor = given.word("flavor")?.unwrap_or_default();
        let options = ScriptFilesOptions { script: given.script_options()?, flavor };
        let files = js::script_files(kind, &self.0, inner(old).as_deref(), &options)
            .map_err(|failure| thrown(&failure))?;
        Ok(serde_wasm_bindgen::to_value(&files)?)
    }

    /// [`js::request`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn request(&self, operation: &str, options: JsValue) -> Result<String> {
        write_request(operation, Some(&self.0), options)
    }

    /// [`js::redact`]
    ///
    /// # Errors
    /// The JSON text of a [`Failure`].
    pub fn redact(&self, options: JsValue) -> Result<String> {
        js::redact(&self.0, &RedactOptions { id: JsOptions::new(options).text("id")? })
            .map_err(|failure| thrown(&failure))
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
pub fn check_files(files: &Array, old: Option<Document>, options: JsValue) -> Result<String> {
    let files: Vec<InputFile> =
        files.iter().map(|file| JsOptions::new(file).input_file()).collect::<Result<_>>()?;
    let given = JsOptions::new(options);
    json(js::check_files(files, inner(old).as_deref(), &given.parse_options()?, &given.check_options()?))
}

/// [`js::request`] without a document.
///
/// # Errors
/// The JSON text of a [`Failure`].
#[wasm_bindgen]
pub fn request(operation: &str, options: JsValue) -> Result<String> {
    write_request(operation, None, options)
}

fn write_request(operation: &str, document: Option<&js::Document>, options: JsValue) -> Result<String> {
    js::request(operation, document, &JsOptions::new(options).request_options()?)
        .map_err(|failure| thrown(&failure))
}

/// The version of the package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The options object of the caller, if any. `undefined` and `null` count as missing.
struct JsOptions(Option<JsValue>);

impl JsOptions {
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

    /// An integer from 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::float_cmp,
        reason = "a number that the conversion changes is rejected"
    )]
    fn count(&self, name: &str) -> Result<Option<usize>> {
        let Some(value) = self.get(name)? else { return Ok(None) };
        let number = value.as_f64().unwrap_or_default();
        let count = number as usize;
        if count > 0 && count as f64 == number { Ok(Some(count)) } else { Err(wrong_type()) }
    }

    /// A value of an enumeration.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let word = |text: String| T::deserialize(IntoDeserializer::<Error>::into_deserializer(text.as_str()));
        self.text(name)?.map(|text| word(text).map_err(|_| wrong_type())).transpose()
    }

    fn parse_options(&self) -> Result<ParseOptions> {
        Ok(ParseOptions {
            syntax: self.word("syntax")?,
            path: self.text("path")?,
            max_diagnostics: self.count("maxDiagnostics")?,
            max_documents: self.count("maxDocuments")?,
            max_values: self.count("maxValues")?,
        })
    }

    fn check_options(&self) -> Result<CheckOptions> {
        Ok(CheckOptions { operation: self.word("operation")?, auto_bootstrap: self.flag("autoBootstrap")? })
    }

    fn script_options(&self) -> Result<ScriptOptions> {
        Ok(ScriptOptions {
            password: self.word("password")?.unwrap_or_default(),
            existing_database: self.flag("existingDatabase")?.unwrap_or_default(),
            existing_user: self.flag("existingUser")?.unwrap_or_default(),
            set_password: self.flag("setPassword")?.unwrap_or_default(),
            env: self.variables()?,
        })
    }

    fn variables(&self) -> Result<BTreeMap<String, String>> {
        let Some(env) = self.get("env")? else { return Ok(BTreeMap::new()) };
        let names = Object::keys(env.unchecked_ref::<Object>());
        let env = Self(Some(env));
        let mut variables = BTreeMap::new();
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
    thrown(&Failure::new("an option has the wrong type"))
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
