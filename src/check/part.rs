//! The parts of a request body that users write: values that the schema describes, and unknown keys.

use crate::document::{Member, Node, NodeKind};
use crate::schema::{Property, ValueType};

/// A part of a body.
pub(super) enum Part<'d> {
    /// A value that the schema describes, other than an object.
    Value(&'d Node, &'static Property),
    /// A member with an unknown key, in an object that the schema describes.
    Unknown(&'d Member),
}

/// Calls `visitor` with each part of `node` and the path of keys to it, in the order of the tree.
pub(super) fn visit<'d>(
    node: &'d Node,
    property: &'static Property,
    path: &mut Vec<&'d str>,
    visitor: &mut dyn FnMut(&[&'d str], Part<'d>),
) {
    let (ValueType::Object(_), NodeKind::Object(members)) = (&property.value_type, &node.kind) else {
        visitor(path, Part::Value(node, property));
        return;
    };
    for member in members {
        path.push(member.key.as_str());
        match property.get(&member.key) {
            Some(inner) => visit(&member.value, inner, path, visitor),
            None => visitor(path, Part::Unknown(member)),
        }
        path.pop();
    }
}
