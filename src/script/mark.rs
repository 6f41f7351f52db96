//! How a template says where a statement begins and what it is: with lines that start with `-- @`.
//!
//! Values cannot make such a line: none of them begins with `--`, and [`Literal::sql`](crate::sql::Literal::sql)
//! writes line breaks as another character, which [`statements`] reads back.

use std::iter;

use super::Statement;
use crate::sql::LINE_BREAK;

/// What starts a mark. Its kind follows, then a text for who reads the script.
const MARK: &str = "\n-- @";

/// A mark with the text up to the next one.
pub(super) struct Marked<'t> {
    kind: &'t str,
    pub(super) label: String,
    pub(super) body: String,
}

/// The marks of a rendered template, in order.
pub(super) fn marked(text: &str) -> impl Iterator<Item = Marked<'_>> {
    // A text that starts with a mark has no line break before it.
    let mut rest = text.strip_prefix(&MARK[1..]).or_else(|| text.split_once(MARK).map(|(_, rest)| rest));
    let next = move || {
        let text = rest?;
        let (marked, behind) =
            text.split_once(MARK).map_or((text, None), |(marked, rest)| (marked, Some(rest)));
        rest = behind;
        Some(marked)
    };
    iter::from_fn(next).map(|marked| {
        let (mark, body) = marked.split_once('\n').unwrap_or((marked, ""));
        let (kind, label) = mark.split_once(' ').unwrap_or((mark, ""));
        Marked { kind, label: label.to_owned(), body: body.trim().replace(LINE_BREAK, "\n") }
    })
}

/// Reads the statements out of a rendered template.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut heading = None;
    for Marked { kind, label, body } in marked(text) {
        match kind {
            "heading" => heading = Some(label),
            _ => statements.push(Statement {
                comment: heading.take(),
                summary: label,
                sql: body,
                transactional: kind != "autonomous",
                secret: kind == "secret",
                probe: None,
            }),
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;
    use crate::sql::Literal;

    #[derive(Template)]
    #[template(source = "-- @statement One\nSELECT {{ value.sql() }}", ext = "sql")]
    struct One {
        value: Literal,
    }

    #[test]
    fn no_value_makes_a_mark() {
        let value = Literal::new("a\n-- @secret Two\n\nb").unwrap();
        let sql = format!("SELECT {value}");
        let statements = statements(&One { value }.render().unwrap());
        let [statement] = statements.as_slice() else { panic!("{} statements", statements.len()) };
        assert_eq!(statement.sql, sql);
        assert!(!statement.secret);
    }
}
