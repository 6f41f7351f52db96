//! Properties of edits, for payloads in every style and for arbitrary texts.

use std::fmt::Write as _;

use bootshift::check::Edit;
use bootshift::document::{Documents, Node};
use bootshift::edit;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use testkit::texts;

use super::{config, within_timeout};

/// The places that are changed: values, objects, and keys that are missing or that no schema has.
const POINTERS: [&str; 14] = [
    "/type",
    "/autoBootstrap",
    "/config",
    "/config/host",
    "/config/port",
    "/config/initialDatabase",
    "/config/impersonation",
    "/config/impersonation/enabled",
    "/config/impersonation/role",
    "/config/username",
    "/config/password",
    "/config/okta/role",
    "/config/other key",
    "/other/a~1b",
];

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => select(vec![
            "plain", "", "a: b", "a #b", "- x", "yes", "null", "5439", "${NAME}", "it's", "\"q\"", "a\nb\n", "ü 🦀", "{a}",
            "a, b", " x ", "|", "~", "\t", "\\", "2001-12-14",
        ])
        .prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<u16>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => select(vec![json!({}), json!([]), json!({ "a": 1, "b c": ["x", { "y": null }] }), json!([[1], "z"])]),
    ]
}

/// How a payload is written.
#[derive(Clone, Debug)]
struct Writing {
    choices: Vec<Index>,
    next: usize,
    comments: usize,
    line_break: &'static str,
    unit: usize,
}

impl Writing {
    /// One of so many possibilities.
    fn choose(&mut self, count: usize) -> usize {
        self.next += 1;
        self.choices[self.next % self.choices.len()].index(count)
    }

    fn chance(&mut self) -> bool {
        self.choose(4) == 0
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# c{}.", self.comments)
    }

    /// The end of a line, with a comment or without.
    fn end(&mut self, out: &mut String) {
        if self.chance() {
            out.push(' ');
            out.push_str(&self.comment());
        }
        out.push_str(self.line_break);
    }

    fn scalar(&mut self, value: &Value) -> String {
        match (value, self.choose(3)) {
            (Value::String(text), 0) => format!("'{}'", text.replace('\'', "''")),
            (Value::String(text), 1) if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') => {
                text.clone()
            }
            _ => value.to_string(),
        }
    }

    fn block(&mut self, out: &mut String, members: &Map<String, Value>, indentation: usize) {
        let margin = " ".repeat(indentation);
        for (key, value) in members {
            if self.chance() {
                let _ = write!(out, "{margin}{}{}", self.comment(), self.line_break);
            }
            if self.chance() {
                out.push_str(self.line_break);
            }
            let _ = write!(out, "{margin}{key}:");
            match value {
                Value::Object(inner) if self.choose(3) > 0 => {
                    self.end(out);
                    self.block(out, inner, indentation + self.unit);
                    if self.chance() {
                        let margin = " ".repeat(indentation + self.unit);
                        let _ = write!(out, "{margin}{}{}", self.comment(), self.line_break);
                    }
                }
                Value::Object(inner) => {
                    out.push(' ');
                    self.flow(out, inner, indentation + self.unit);
                    self.end(out);
                }
                Value::String(text) if self.chance() => {
                    out.push_str(" |-");
                    self.end(out);
                    let _ = write!(out, "{margin}   {text}{}", self.line_break);
                }
                scalar => {
                    out.push(' ');
                    out.push_str(&self.scalar(scalar));
                    self.end(out);
                }
            }
        }
    }

    /// In brackets, on one line or several.
    fn flow(&mut self, out: &mut String, members: &Map<String, Value>, indentation: usize) {
        let is_spread = self.choose(2) == 0;
        let margin = " ".repeat(indentation);
        out.push('{');
        for (index, (key, value)) in members.iter().enumerate() {
            if is_spread {
                self.end(out);
                out.push_str(&margin);
            }
            let _ = write!(out, "{key}: ");
            match value {
                Value::Object(inner) => self.flow(out, inner, indentation + self.unit),
                scalar => out.push_str(&self.scalar(scalar)),
            }
            let is_last = index + 1 == members.len();
            if !is_last || self.chance() {
                out.push_str(if is_last { " ," } else { ", " });
            }
        }
        if is_spread {
            self.end(out);
            out.push_str(&margin);
        }
        out.push('}');
    }
}

fn payload(keys: &[bool]) -> Map<String, Value> {
    let all = json!({
        "type": "Redshift",
        "autoBootstrap": false,
        "config": {
            "host": "a.example.com",
            "port": 5439,
            "database": "immuta",
            "impersonation": { "enabled": true, "role": "it's" },
            "username": "b",
            "okta": { "username": "c", "appId": "d" },
        },
        "extra": "x",
    });
    let mut keys = keys.iter().copied().cycle();
    kept(all.as_object().expect("an object"), &mut keys)
}

/// Some of the members, but at least one.
fn kept(members: &Map<String, Value>, keys: &mut impl Iterator<Item = bool>) -> Map<String, Value> {
    let mut some = Map::new();
    for (index, (key, value)) in members.iter().enumerate() {
        if keys.next() == Some(true) || index + 1 == members.len() && some.is_empty() {
            let value = match value {
                Value::Object(inner) => Value::Object(kept(inner, keys)),
                other => other.clone(),
            };
            some.insert(key.clone(), value);
        }
    }
    some
}

/// The text of a payload, in JSON or YAML, and its comments.
fn payload_texts() -> impl Strategy<Value = (String, usize)> {
    let writing = (
        prop::collection::vec(any::<Index>(), 40),
        select(vec!["\n", "\r\n"]),
        select(vec![2_usize, 4]),
        prop::collection::vec(any::<bool>(), 13),
        select(vec!["block", "flow", "json", "pretty"]),
        select(vec!["", "---\n", "%YAML 1.2\n---\n", "# c0.\n", "\u{FEFF}"]),
        select(vec!["", "...\n", "---\ntype: second # second\n", "\n# last\n"]),
    );
    writing.prop_map(|(choices, line_break, unit, keys, style, before, after)| {
        let members = payload(&keys);
        let mut writing = Writing { choices, next: 0, comments: 0, line_break, unit };
        let mut text = String::new();
        match style {
            "json" => text = Value::Object(members).to_string(),
            "pretty" => {
                text = serde_json::to_string_pretty(&members).expect("JSON").replace('\n', line_break);
            }
            "flow" => {
                text.push_str(&before.replace('\n', line_break));
                writing.flow(&mut text, &members, 1);
                writing.end(&mut text);
                text.push_str(&after.replace('\n', line_break));
            }
            _ => {
                text.push_str(&before.replace('\n', line_break));
                writing.block(&mut text, &members, 0);
                text.push_str(&after.replace('\n', line_break));
            }
        }
        (text, writing.comments)
    })
}

/// The values of all documents.
fn roots(text: &str) -> Vec<Option<Value>> {
    Documents::from(text).iter().map(|document| document.root.as_ref().map(Node::to_json)).collect()
}

fn assert_ordered(edits: &[Edit]) {
    for pair in edits.windows(2) {
        assert!(
            pair[0].span.end <= pair[1].span.start && pair[0].span.start < pair[1].span.start,
            "{edits:?}"
        );
    }
}

/// The expected values after setting or removing one.
fn changed(mut roots: Vec<Option<Value>>, pointer: &str, value: Option<&Value>) -> Vec<Option<Value>> {
    let Some(Some(first)) = roots.first_mut() else { return roots };
    let keys: Vec<String> =
        pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let (last, parents) = keys.split_last().expect("a key");
    let mut target = &mut *first;
    for key in parents {
        if value.is_none() && target.get(key).is_none() {
            return roots;
        }
        if target.is_null() {
            *target = json!({});
        }
        target = target.as_object_mut().expect("an object").entry(key.as_str()).or_insert(Value::Null);
    }
    match value {
        Some(value) => {
            if target.is_null() {
                *target = json!({});
            }
            target.as_object_mut().expect("an object").insert(last.clone(), value.clone());
        }
        None => {
            if let Some(members) = target.as_object_mut() {
                members.shift_remove(last);
            }
        }
    }
    roots
}

proptest! {
    #![proptest_config(config(512))]

    /// Every value can be set in every style: nothing else changes, no comment is lost, lines end as before, and setting
    /// the old value restores the values.
    #[test]
    fn setting_a_value_changes_only_that_value(
        (text, comments) in payload_texts(),
        pointer in select(POINTERS.to_vec()),
        value in values(),
    ) {
        let before = roots(&text);
        prop_assert!(before.iter().all(Option::is_some), "{}", text);
        let documents = Documents::from(text.as_str());
        let old = edit::get(&documents, pointer).expect("a pointer").map(Node::to_json);
        let edits = edit::set(&documents, pointer, &value).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        assert_ordered(&edits);
        let edited = edit::apply(&text, &edits);
        prop_assert_eq!(roots(&edited), changed(before.clone(), pointer, Some(&value)), "{} became {}", text, edited);
        prop_assert_eq!(edits.is_empty(), old.as_ref() == Some(&value));
        if text.contains("\r\n") {
            prop_assert!(!edited.replace("\r\n", "").contains('\n'), "{:?}", edited);
        }
        if !old.as_ref().is_some_and(|old| old.is_object() || old.is_array()) {
            for number in 1..=comments {
                let comment = format!("# c{number}.");
                prop_assert_eq!(edited.matches(&comment).count(), 1, "{} became {}", text, edited);
            }
        }
        let documents = Documents::from(edited.as_str());
        let back = match &old {
            Some(old) => edit::set(&documents, pointer, old),
            None => edit::remove(&documents, pointer),
        };
        let back = back.map_err(|error| TestCaseError::fail(format!("{error}: {edited}")))?;
        let restored = edit::apply(&edited, &back);
        let expected = match &old {
            Some(_) => before,
            None => changed(changed(before, pointer, Some(&value)), pointer, None),
        };
        prop_assert_eq!(roots(&restored), expected, "{} became {}", edited, restored);
    }

    /// Removing a key removes nothing else.
    #[test]
    fn removing_a_key_removes_only_that_key(
        (text, _) in payload_texts(),
        pointer in select(POINTERS.to_vec()),
    ) {
        let before = roots(&text);
        let edits = edit::remove(&text.as_str().into(), pointer);
        let edits = edits.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        assert_ordered(&edits);
        let edited = edit::apply(&text, &edits);
        let mut expected = changed(before.clone(), pointer, None);
        if expected[0] == Some(json!({})) && before != expected && roots(&edited)[0] == Some(Value::Null) {
            expected[0] = Some(Value::Null);
        }
        prop_assert_eq!(&roots(&edited), &expected, "{} became {}", text, edited);
        prop_assert_eq!(edits.is_empty(), before == expected);
    }

    /// Any text: an edit does what it should, or is refused.
    #[test]
    fn edits_of_any_text_do_what_they_should_or_are_refused(
        text in texts::any_text(),
        pointer in select(POINTERS.to_vec()),
        value in values(),
    ) {
        within_timeout(text, move |text| {
            let before = roots(text);
            let documents = Documents::from(text);
            if let Ok(edits) = edit::set(&documents, pointer, &value) {
                assert_ordered(&edits);
                let edited = edit::apply(text, &edits);
                assert_eq!(roots(&edited), changed(before.clone(), pointer, Some(&value)), "{text:?} became {edited:?}");
            }
            if let Ok(edits) = edit::remove(&documents, pointer) {
                assert_ordered(&edits);
                let after = roots(&edit::apply(text, &edits));
                let expected = changed(before, pointer, None);
                assert!(after == expected || after == [Some(Value::Null)] && expected == [Some(json!({}))], "{text:?}");
            }
        })?;
    }
}
