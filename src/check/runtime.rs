//! What the generated validators report with.
//!
//! The code that the attribute `validator` of the `jsonschema` crate writes makes errors that carry texts for
//! people, the place in the schema, and copies of values and of pieces of the schema, which it parses at run
//! time. Only the kind of an error and its place in the document matter here, and the rest would be an eighth of
//! the module that browsers load. The generated code names what it uses by `::jsonschema`, and the root of the
//! crate gives that name to this module's items: the checks themselves are the crate's, the errors are ours.
//!
//! A keyword whose error has no function in [`error`] does not compile.

use std::marker::PhantomData;

use super::schema::Violation;

pub(crate) use jsonschema_crate::{JsonType, JsonTypeSet};

/// What the generated functions collect: a box, since they move it in hundreds of places.
pub(crate) struct ValidationError<'i> {
    pub(super) violation: Box<Violation>,
    instance: PhantomData<&'i ()>,
}

/// What a validator gives.
pub(crate) type ErrorIterator<'i> = Vec<ValidationError<'i>>;

/// The modules that the generated code names.
pub(crate) mod __private {
    pub(crate) use jsonschema_crate::__private::{
        cmp, content, custom, fancy_regex, format, regex, unfinished_matches, unique_items,
    };

    pub(crate) use super::{error, numeric, types};

    pub(crate) mod serde_json {
        use std::convert::Infallible;

        pub(crate) use ::serde_json::Number;

        pub(crate) use super::super::value::{Map, Value};

        /// Called for what errors quote of the schema: its text will do, and most of it is never read.
        #[expect(clippy::unnecessary_wraps, reason = "the generated code expects a result")]
        pub(crate) fn from_str(text: &str) -> Result<Value, Infallible> {
            Ok(Value::String(text.into()))
        }
    }
}

/// The document as the generated code asks for it.
pub(crate) mod value {
    use std::marker::PhantomData;

    use serde_json::Number;

    use crate::document::{Node, NodeKind, Text};

    /// A JSON value, which shares its strings with the document. `.inf` and `.nan` are `null`.
    #[derive(Clone)]
    pub(crate) enum Value {
        Null,
        Bool(bool),
        Number(Number),
        String(Text),
        Array(Vec<Value>),
        Object(Map<String, Value>),
    }

    /// The members of an object, in the order of the text. They are searched: what a schema asks for is few, and
    /// a hash table would cost the module more than all of the checks. The generated code takes the keys for `K`.
    #[derive(Clone)]
    pub(crate) struct Map<K, V> {
        members: Vec<(Text, V)>,
        keys: PhantomData<K>,
    }

    impl From<&Node> for Value {
        fn from(node: &Node) -> Self {
            match &node.kind {
                NodeKind::Null | NodeKind::NonFinite => Self::Null,
                NodeKind::Bool(value) => Self::Bool(*value),
                NodeKind::Number(value) => Self::Number(value.clone()),
                NodeKind::String { value, .. } => Self::String(value.clone()),
                NodeKind::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
                NodeKind::Object(members) => {
                    let members =
                        members.iter().map(|member| (member.key.clone(), Self::from(&member.value)));
                    Self::Object(Map { members: members.collect(), keys: PhantomData })
                }
            }
        }
    }

    impl Value {
        pub(crate) fn as_bool(&self) -> Option<bool> {
            if let Self::Bool(value) = self { Some(*value) } else { None }
        }

        pub(crate) fn as_str(&self) -> Option<&str> {
            if let Self::String(value) = self { Some(value) } else { None }
        }

        pub(crate) fn is_boolean(&self) -> bool {
            matches!(self, Self::Bool(_))
        }

        pub(crate) fn is_string(&self) -> bool {
            matches!(self, Self::String(_))
        }

        pub(crate) fn is_array(&self) -> bool {
            matches!(self, Self::Array(_))
        }

        pub(crate) fn is_object(&self) -> bool {
            matches!(self, Self::Object(_))
        }
    }

    impl Map<String, Value> {
        pub(crate) fn get(&self, key: &str) -> Option<&Value> {
            self.members.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value)
        }

        pub(crate) fn contains_key(&self, key: &str) -> bool {
            self.get(key).is_some()
        }

        pub(crate) fn iter(&self) -> impl Iterator<Item = (Key<'_>, &Value)> {
            self.members.iter().map(|(name, value)| (Key(name), value))
        }
    }

    /// A key as the generated code asks for it.
    pub(crate) struct Key<'k>(&'k Text);

    impl Key<'_> {
        pub(crate) fn as_str(&self) -> &str {
            self.0.as_str()
        }

        /// Called for the unexpected keys, which no error of ours repeats.
        #[expect(clippy::unused_self, reason = "the generated code calls it")]
        pub(crate) fn clone(&self) -> String {
            String::new()
        }
    }
}

/// What is an integer.
pub(crate) mod types {
    use serde_json::Number;

    /// A fraction of zero counts, as in every draft since the sixth.
    pub(crate) fn is_integer(number: &Number) -> bool {
        !number.is_f64() || number.as_f64().is_some_and(|value| value.fract() == 0.0)
    }
}

/// Comparisons with what a schema allows.
pub(crate) mod numeric {
    use std::cmp::Ordering;

    use serde_json::Number;

    pub(crate) fn ge(number: &Number, limit: u64) -> bool {
        compare(number, limit).is_some_and(Ordering::is_ge)
    }

    pub(crate) fn le(number: &Number, limit: u64) -> bool {
        compare(number, limit).is_some_and(Ordering::is_le)
    }

    fn compare(number: &Number, limit: u64) -> Option<Ordering> {
        #[expect(clippy::cast_precision_loss, reason = "the limits of the schemas are small")]
        match number.as_i128() {
            Some(integer) => Some(integer.cmp(&limit.into())),
            None => number.as_f64()?.partial_cmp(&(limit as f64)),
        }
    }
}

/// Where a value stands in the document.
pub(crate) mod paths {
    use std::cell::RefCell;

    use crate::document::Text;
    use crate::text::pointer::join;

    /// A linked list of the steps to the value.
    pub(crate) struct LazyLocation<'a> {
        around: Option<&'a LazyLocation<'a>>,
        step: Step<'a>,
    }

    /// A key or an index.
    pub(crate) enum Step<'a> {
        Key(&'a str),
        Index(usize),
    }

    impl<'a> From<&'a str> for Step<'a> {
        fn from(key: &'a str) -> Self {
            Self::Key(key)
        }
    }

    impl From<usize> for Step<'_> {
        fn from(index: usize) -> Self {
            Self::Index(index)
        }
    }

    impl<'a> LazyLocation<'a> {
        pub(crate) fn new() -> Self {
            Self { around: None, step: Step::Key("") }
        }

        pub(crate) fn push(&'a self, step: impl Into<Step<'a>>) -> Self {
            Self { around: Some(self), step: step.into() }
        }

        /// The JSON pointer.
        fn pointer(&self) -> String {
            let Some(around) = self.around else { return String::new() };
            let around = around.pointer();
            match self.step {
                Step::Key(key) => join(&around, key),
                Step::Index(index) => format!("{around}/{index}"),
            }
        }
    }

    /// Where an error is: the pointer is made where it is needed, not by every caller.
    #[derive(Clone, Copy)]
    pub(crate) struct At<'a>(&'a LazyLocation<'a>);

    impl<'a> From<&'a LazyLocation<'a>> for At<'a> {
        fn from(location: &'a LazyLocation<'a>) -> Self {
            Self(location)
        }
    }

    thread_local! {
        /// The pointer of the last error: the errors of one value come one after the other.
        static LAST: RefCell<Text> = RefCell::new("".into());
    }

    impl At<'_> {
        pub(super) fn pointer(self) -> Text {
            let pointer = self.0.pointer();
            LAST.with_borrow_mut(|last| {
                if *last != pointer.as_str() {
                    *last = pointer.into();
                }
                last.clone()
            })
        }
    }
}

/// One function a keyword; the generated code calls them with the place in the schema first.
pub(crate) mod error {
    use std::marker::PhantomData;
    use std::sync::Arc;

    use super::paths::At;
    use super::value::Value;
    use super::{ErrorIterator, JsonType, JsonTypeSet, ValidationError};
    use crate::check::schema::{Kind, Violation};

    fn error<'i>(at: At<'_>, kind: Kind) -> ValidationError<'i> {
        let violation = Violation { pointer: at.pointer(), kind };
        ValidationError { violation: Box::new(violation), instance: PhantomData }
    }

    pub(crate) fn iterator_from(errors: Vec<ValidationError<'_>>) -> ErrorIterator<'_> {
        errors
    }

    pub(crate) fn required<'i>(_: &str, at: At<'_>, _: &Value, key: &'static str) -> ValidationError<'i> {
        error(at, Kind::Missing(key))
    }

    pub(crate) fn additional_properties<'i>(
        _: &str,
        at: At<'_>,
        _: &Value,
        _: Vec<String>,
    ) -> ValidationError<'i> {
        error(at, Kind::Unknown)
    }

    pub(crate) fn false_schema<'i>(_: &str, at: At<'_>, _: &Value) -> ValidationError<'i> {
        error(at, Kind::Forbidden)
    }

    pub(crate) fn single_type<'i>(_: &str, at: At<'_>, _: &Value, expected: JsonType) -> ValidationError<'i> {
        error(at, Kind::Type(vec![expected.as_str()]))
    }

    pub(crate) fn multiple_types<'i>(
        _: &str,
        at: At<'_>,
        _: &Value,
        expected: JsonTypeSet,
    ) -> ValidationError<'i> {
        error(at, Kind::Type(expected.iter().map(JsonType::as_str).collect()))
    }

    pub(crate) fn enumeration<'i>(
        _: &str,
        at: At<'_>,
        _: &Value,
        options: &Arc<Value>,
    ) -> ValidationError<'i> {
        // The array of the schema is kept as text.
        let Value::String(words) = &**options else { return error(at, Kind::Choice("[]".into())) };
        error(at, Kind::Choice(words.clone()))
    }

    pub(crate) fn minimum<'i>(_: &str, at: At<'_>, _: &Value, limit: Value) -> ValidationError<'i> {
        error(at, Kind::BelowMinimum(integer(limit)))
    }

    pub(crate) fn maximum<'i>(_: &str, at: At<'_>, _: &Value, limit: Value) -> ValidationError<'i> {
        error(at, Kind::AboveMaximum(integer(limit)))
    }

    pub(crate) fn min_length<'i>(_: &str, at: At<'_>, _: &Value, limit: u64) -> ValidationError<'i> {
        error(at, Kind::TooShort(limit))
    }

    pub(crate) fn max_length<'i>(_: &str, at: At<'_>, _: &Value, limit: u64) -> ValidationError<'i> {
        error(at, Kind::TooLong(limit))
    }

    pub(crate) fn format<'i>(_: &str, at: At<'_>, _: &Value, format: &str) -> ValidationError<'i> {
        error(at, Kind::Format(format.to_owned()))
    }

    pub(crate) fn not<'i>(_: &str, at: At<'_>, _: &Value, _: Value) -> ValidationError<'i> {
        error(at, Kind::Redacted)
    }

    fn integer(limit: Value) -> u64 {
        if let Value::Number(limit) = limit { limit.as_u64().unwrap_or_default() } else { 0 }
    }
}
