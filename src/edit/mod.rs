//! Reads and edits single values of a text, which keeps its comments, its order and its style.
//!
//! Every edit is tried: the edited text is parsed, and must have the new value and otherwise the same ones. If it does not,
//! for example because an alias repeats the value, the edit is an error. So no edit corrupts a text.

mod block;
mod flow;
mod line;
mod write;

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use self::line::Lines;
use self::write::{Flow, Layout};
use crate::diagnostic::{Code, Edit, edited};
use crate::document::{Document, Documents, LineIndex, Member, Node, NodeKind, OffsetEncoding, Span, Syntax};
use crate::schema::order;
use crate::text::pointer::segments;

/// The reason why a text cannot be edited, and what to do. It contains no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditError(String);

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EditError {}

fn error<T>(message: impl Into<String>) -> Result<T, EditError> {
    Err(EditError(message.into()))
}

/// The value at a JSON pointer (RFC 6901) in the first document, with aliases and merge keys resolved; `None` if there is
/// none, or if the text cannot be parsed.
///
/// # Errors
/// The pointer is invalid.
pub fn get<'d>(documents: &'d Documents<'_>, pointer: &str) -> Result<Option<&'d Node>, EditError> {
    let keys = keys(pointer)?;
    let Some(root) = documents.first_root() else { return Ok(None) };
    Ok(node_at(root, &keys))
}

/// The edits that set the value at a JSON pointer in the first document. Missing parents are created. A new key is inserted
/// where the schema has it, or after the other keys if the schema does not have it. The edits are in the order of the text,
/// and do not overlap; there are none if the value is the same.
///
/// # Errors
/// The pointer is invalid, the text cannot be parsed, a parent is not an object, or other values would change too.
pub fn set(documents: &Documents<'_>, pointer: &str, value: &Value) -> Result<Vec<Edit>, EditError> {
    let keys = keys(pointer)?;
    let editor = Editor::new(documents)?;
    let mut after = editor.root.to_json();
    editor.place(&mut after, &keys, value)?;
    if after == editor.root.to_json() && !node_at(editor.root, &keys).is_some_and(has_non_finite) {
        return Ok(Vec::new());
    }
    if let Some(edits) = editor.members_one_by_one(pointer, &keys, value) {
        return Ok(edits);
    }
    editor.tried(editor.edits(&keys, &after, Change::Set)?, &after)
}

/// The edits that remove a member of an object in the first document with its lines; none if it does not exist. The object
/// remains, even if it is empty; a YAML text without its last key is empty too.
///
/// # Errors
/// The pointer is invalid, or leads to the whole document or an item of an array; the text cannot be parsed; or other values
/// would change too.
pub fn remove(documents: &Documents<'_>, pointer: &str) -> Result<Vec<Edit>, EditError> {
    let keys = keys(pointer)?;
    let editor = Editor::new(documents)?;
    let Some((key, parents)) = keys.split_last() else {
        return error("the whole document cannot be removed; set it to an empty object instead");
    };
    let mut after = editor.root.to_json();
    let parent = parents.iter().try_fold(&mut after, |value, key| child_of_json(value, key));
    match parent {
        Some(Value::Object(members)) => {
            if members.shift_remove(key.as_ref()).is_none() {
                return Ok(Vec::new());
            }
        }
        Some(Value::Array(items)) if index(key).is_some_and(|index| index < items.len()) => {
            return error("an item of an array cannot be removed; set the array without the item instead");
        }
        _ => return Ok(Vec::new()),
    }
    if editor.is_block(editor.root) && !write::is_nested(&after) {
        // Without a value, the text is as before its first key was set.
        let member = editor.root.members().first();
        let edits = member.map(|member| editor.remove_member(editor.root, member)).unwrap_or_default();
        if let Ok(edits) = editor.tried(edits, &Value::Null) {
            return Ok(edits);
        }
    }
    editor.tried(editor.edits(&keys, &after, Change::Remove)?, &after)
}

/// The first document in another syntax. A text that has this syntax, or no content, is returned as it is. JSON has no
/// comments, so those of YAML are lost.
///
/// # Errors
/// The text cannot be parsed, has duplicate keys, or a number that JSON does not have.
pub fn convert(documents: &Documents<'_>, syntax: Syntax) -> Result<String, EditError> {
    let editor = Editor::new(documents)?;
    if editor.document.syntax == syntax || editor.is_empty() {
        return Ok(documents.text().to_owned());
    }
    if editor.has_duplicates() {
        return error("the text has a duplicate key; remove one of the two first");
    }
    if has_non_finite(editor.root) {
        return error(
            "the text has a number that JSON does not have, such as `.inf` or `.nan`; replace it first",
        );
    }
    let layout = Layout { line_break: editor.layout.line_break, unit: "  ".to_owned() };
    let value = editor.root.to_json();
    let mut text = match syntax {
        Syntax::Json => Flow { quoted: true, tight: false, lines: Some((&layout, "")) }.value(&value),
        Syntax::Yaml => write::block(&value, &layout, 0),
    };
    text.push_str(layout.line_break);
    Ok(text)
}

/// Applies edits that are in the order of the text and do not overlap.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    edited(text, edits)
}

/// The keys of a pointer.
fn keys(pointer: &str) -> Result<Vec<Cow<'_, str>>, EditError> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return error("invalid JSON pointer: expected an empty string, or one that starts with `/`");
    }
    if pointer.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
        return error("invalid JSON pointer: write `~` as `~0`, and `/` in a key as `~1`");
    }
    Ok(segments(pointer).collect())
}

/// The index of an item: digits without a leading zero.
fn index(key: &str) -> Option<usize> {
    let is_index = key == "0" || !key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit());
    key.parse().ok().filter(|_| is_index)
}

fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.kind {
        NodeKind::Array(items) => items.get(index(key)?),
        _ => node.get(key),
    }
}

fn child_of_json<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(members) => members.get_mut(key),
        Value::Array(items) => items.get_mut(index(key)?),
        _ => None,
    }
}

fn node_at<'n>(root: &'n Node, keys: &[Cow<'_, str>]) -> Option<&'n Node> {
    keys.iter().try_fold(root, |node, key| child(node, key))
}

fn has_non_finite(node: &Node) -> bool {
    match &node.kind {
        NodeKind::NonFinite => true,
        NodeKind::Array(items) => items.iter().any(has_non_finite),
        NodeKind::Object(members) => members.iter().any(|member| has_non_finite(&member.value)),
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Set,
    Remove,
}

/// Objects with more members are replaced as a whole: each changed member costs a parse.
const MEMBERS_ONE_BY_ONE: usize = 64;

/// The first document of a text.
struct Editor<'d> {
    documents: &'d Documents<'d>,
    document: &'d Document,
    root: &'d Node,
    text: &'d str,
    lines: Lines<'d>,
    layout: Layout,
}

impl<'d> Editor<'d> {
    fn new(documents: &'d Documents<'_>) -> Result<Self, EditError> {
        let first = documents.iter().next();
        let Some((document, root)) = first.and_then(|first| Some((first, first.root.as_ref()?))) else {
            return error("the text cannot be parsed; fix its syntax errors first");
        };
        let text = documents.text();
        let lines = Lines::new(text);
        let unit = line::unit(lines, root, document.syntax);
        let layout = Layout { line_break: lines.line_break(), unit };
        Ok(Self { documents, document, root, text, lines, layout })
    }

    fn is_json(&self) -> bool {
        self.document.syntax == Syntax::Json
    }

    /// Whether the text has no value, or only an empty one.
    fn is_empty(&self) -> bool {
        matches!(self.root.kind, NodeKind::Null) && self.root.span.start == self.root.span.end
    }

    fn has_duplicates(&self) -> bool {
        self.document.problems.iter().any(|problem| problem.code == Code::DuplicateKey)
    }

    /// Sets the value of a path in the expected value of the document.
    fn place(&self, root: &mut Value, keys: &[Cow<'_, str>], value: &Value) -> Result<(), EditError> {
        let mut target = root;
        for (depth, key) in keys.iter().enumerate() {
            if target.is_null() {
                *target = Value::Object(serde_json::Map::new());
            }
            target = match target {
                Value::Object(members) => members.entry(key.as_ref()).or_insert(Value::Null),
                Value::Array(items) => match index(key).and_then(|index| items.get_mut(index)) {
                    Some(item) => item,
                    None => return error("an array has no such item; set the whole array to add one"),
                },
                _ => return error(self.not_an_object(&keys[..depth])),
            };
        }
        *target = value.clone();
        Ok(())
    }

    fn not_an_object(&self, parents: &[Cow<'_, str>]) -> String {
        let parent = node_at(self.root, parents).unwrap_or(self.root);
        format!(
            "the value on line {} is not an object, so that it cannot have a key; set it to an object, or remove it first",
            self.line(parent.span)
        )
    }

    /// The line of a place, from 1.
    fn line(&self, span: Span) -> usize {
        LineIndex::new(self.text).position(span.start, OffsetEncoding::Utf8).line
    }

    /// Changes an object to another by setting and removing its members, so that the comments between them are kept. `None`
    /// if that is not possible.
    fn members_one_by_one(&self, pointer: &str, keys: &[Cow<'_, str>], value: &Value) -> Option<Vec<Edit>> {
        let node = node_at(self.root, keys)?;
        let (old, Value::Object(new)) = (node.members(), value) else { return None };
        if old.is_empty() || new.is_empty() || old.len().max(new.len()) > MEMBERS_ONE_BY_ONE {
            return None;
        }
        let at = |key: &str| crate::text::pointer::join(pointer, key);
        let mut documents = self.documents.parse_again(self.text, self.documents.limits());
        let mut change = |pointer: &str, value: Option<&Value>| -> Option<()> {
            let edits = match value {
                Some(value) => set(&documents, pointer, value).ok()?,
                None => remove(&documents, pointer).ok()?,
            };
            let text = edited(documents.text(), &edits);
            documents = self.documents.parse_again(text, self.documents.limits());
            Some(())
        };
        for (key, value) in new {
            change(&at(key), Some(value))?;
        }
        for member in old.iter().filter(|member| !new.contains_key(member.key.as_str())) {
            change(&at(&member.key), None)?;
        }
        Some(vec![Edit::between(self.text, documents.text())])
    }

    /// The edits that change a path, after which the document is `after`.
    fn edits(&self, keys: &[Cow<'_, str>], after: &Value, change: Change) -> Result<Vec<Edit>, EditError> {
        let Some((last, parents)) = keys.split_last().filter(|_| self.is_kept(self.root, after)) else {
            return Ok(self.replace_root(after));
        };
        let (mut node, mut value) = (self.root, after);
        for (depth, key) in parents.iter().enumerate() {
            let new = child_of(value, key).unwrap_or(&Value::Null);
            let inner = match self.element(node, key) {
                Element::Missing => return Ok(self.insert(node, key, new, &order_of(&keys[..depth], key))),
                Element::Member(member) if !self.is_kept(&member.value, new) => {
                    return Ok(self.replace_member(node, member, new));
                }
                Element::Item(item) if !self.is_kept(item, new) => {
                    return Ok(self.replace_item(node, item, new));
                }
                Element::Member(Member { value: inner, .. }) | Element::Item(inner) => inner,
            };
            (node, value) = (inner, new);
        }
        let new = child_of(value, last).unwrap_or(&Value::Null);
        Ok(match (self.element(node, last), change) {
            (Element::Missing, Change::Set) => self.insert(node, last, new, &order_of(parents, last)),
            (Element::Missing, Change::Remove) => return error(self.merged(node, last)),
            (Element::Member(member), Change::Set) => self.replace_member(node, member, new),
            (Element::Member(member), Change::Remove) => self.remove_member(node, member),
            (Element::Item(item), _) => self.replace_item(node, item, new),
        })
    }

    /// The element of an array or object that is written there; not one that a merge key inserts.
    fn element<'n>(&self, node: &'n Node, key: &str) -> Element<'n> {
        if let NodeKind::Array(items) = &node.kind {
            let item = index(key).and_then(|index| items.get(index));
            return item.map_or(Element::Missing, Element::Item);
        }
        node.member(key).filter(|member| self.is_own(member)).map_or(Element::Missing, Element::Member)
    }

    /// Whether a member is written in its object; a merge key inserts others.
    fn is_own(&self, member: &Member) -> bool {
        self.slice(member.key_span) != "<<"
    }

    /// The members that are written in an object, in the order of the text.
    fn own<'n>(&self, node: &'n Node) -> Vec<&'n Member> {
        let mut own: Vec<&Member> = node.members().iter().filter(|member| self.is_own(member)).collect();
        own.sort_by_key(|member| member.key_span);
        own
    }

    /// Whether only a part of a value changes: it is not empty, does not become empty in block style, and is written here.
    fn is_kept(&self, node: &Node, new: &Value) -> bool {
        let is_empty = match &node.kind {
            NodeKind::Array(items) => items.is_empty(),
            NodeKind::Object(members) => members.is_empty(),
            _ => true,
        };
        !is_empty && !is_alias(node) && (write::is_nested(new) || self.is_flow(node))
    }

    /// Whether a value is in brackets.
    fn is_flow(&self, node: &Node) -> bool {
        self.slice(node.span).starts_with(['{', '['])
    }

    /// Whether a value is an array or an object in block style.
    fn is_block(&self, node: &Node) -> bool {
        matches!(node.kind, NodeKind::Array(_) | NodeKind::Object(_))
            && !is_alias(node)
            && !self.is_flow(node)
    }

    fn slice(&self, span: Span) -> &'d str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The edits, if they change the document to `expected` and no other document.
    fn tried(&self, edits: Vec<Edit>, expected: &Value) -> Result<Vec<Edit>, EditError> {
        let text = edited(self.text, &edits);
        let after = self.documents.parse_again(text, self.documents.limits());
        let json = |document: &Document| document.root.as_ref().map(Node::to_json);
        let is_same = |(before, after): (&Document, &Document)| json(before) == json(after);
        let is_expected = after.iter().next().is_some_and(|first| {
            json(first).as_ref() == Some(expected)
                && (first.syntax == Syntax::Json || !self.is_json())
                && first.problems.len() <= self.document.problems.len()
        });
        let is_only = after.iter().len() == self.documents.iter().len()
            && self.documents.iter().zip(&after).skip(1).all(is_same);
        if is_expected && is_only { Ok(edits) } else { error(self.reason(&edits)) }
    }

    /// Why edits would change something else.
    fn reason(&self, edits: &[Edit]) -> String {
        if self.has_duplicates() {
            return "the text has a duplicate key; remove one of the two first".to_owned();
        }
        let is_edited =
            |span: Span| edits.iter().any(|edit| edit.span.start <= span.end && span.start <= edit.span.end);
        match alias_of(self.root, &is_edited) {
            Some(alias) => format!(
                "the alias on line {} repeats this value, so that it would change too; replace the alias by a value first",
                self.line(alias)
            ),
            None => {
                "the text is written in a way that cannot be edited here; change the text itself".to_owned()
            }
        }
    }

    fn merged(&self, node: &Node, key: &str) -> String {
        let span = node.member(key).map_or(node.span, |member| member.key_span);
        format!("the merge key `<<` on line {} inserts the value; remove it there", self.line(span))
    }
}

/// An element of an array or an object.
enum Element<'n> {
    Missing,
    Member(&'n Member),
    Item(&'n Node),
}

/// Whether a value is repeated from elsewhere.
fn is_alias(node: &Node) -> bool {
    node.span != node.origin
}

fn child_of<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.get(index(key)?),
        _ => value.get(key),
    }
}

/// The keys of the object at a path in the order of the schema.
fn order_of(path: &[Cow<'_, str>], key: &str) -> Vec<&'static str> {
    let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    order(&path, key)
}

/// The place of a value that repeats one for which `is_meant` is true.
fn alias_of(node: &Node, is_meant: &dyn Fn(Span) -> bool) -> Option<Span> {
    if is_alias(node) && is_meant(node.origin) {
        return Some(node.span);
    }
    match &node.kind {
        NodeKind::Array(items) => items.iter().find_map(|item| alias_of(item, is_meant)),
        NodeKind::Object(members) => members.iter().find_map(|member| alias_of(&member.value, is_meant)),
        _ => None,
    }
}
