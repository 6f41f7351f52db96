//! The parts of a request's body that its author writes by hand: the values that a schema describes, and the keys
//! that it does not know.

use crate::document::{Member, Node, NodeKind};
use crate::schema::{Property, Shape};

/// A part of a body.
pub(super) enum Part<'d> {
    /// A value that is no object where an object is described.
    Value(&'d Node, &'static Property),
    /// A member of a described object whose key is unknown.
    Unknown(&'d Member),
}

/// Calls `visit` with each part below `node` and the keys that lead to it, in the order of the tree.
pub(super) fn visit<'d>(
    node: &'d Node,
    property: &'static Property,
    path: &mut Vec<&'d str>,
    visitor: &mut dyn FnMut(&[&'d str], Part<'d>),
) {
    let (Shape::Object(_), NodeKind::Object(members)) = (&property.shape, &node.kind) else {
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
