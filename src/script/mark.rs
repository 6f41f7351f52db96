//! How a template says where a statement begins and what it is: with lines that start with `-- @`.
//!
//! Values cannot make such a line: none of them begins with `--`, and [`Literal::sql`](crate::sql::Literal::sql)
//! writes line breaks as another character, which [`statements`] reads back.

use super::Statement;
use crate::sql::LINE_BREAK;

/// What starts a mark. Its kind follows, then a text for who reads the script.
const MARK: &str = "\n-- @";

/// Reads the statements out of a rendered template.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut heading = None;
    let text = format!("\n{text}");
    for marked in text.split(MARK).skip(1) {
        let (mark, body) = marked.split_once('\n').unwrap_or((marked, ""));
        let (kind, label) = mark.split_once(' ').unwrap_or((mark, ""));
        let body = body.trim().replace(LINE_BREAK, "\n");
        match kind {
            "heading" => heading = Some(label.to_owned()),
            "probe" => {
                if let Some(last) = statements.last_mut() {
                    last.probe = Some(body);
                }
            }
            _ => statements.push(Statement {
                comment: heading.take(),
                summary: label.to_owned(),
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
    #[template(source = "-- @statement One\nSELECT {{ value.sql() }}\n-- @probe\nSELECT 1", ext = "sql")]
    struct One {
        value: Literal,
    }

    #[test]
    fn no_value_makes_a_mark() {
        let value = Literal::new("a\n-- @secret Two\n\n-- @probe\nb").unwrap();
        let sql = format!("SELECT {value}");
        let statements = statements(&One { value }.render().unwrap());
        let [statement] = statements.as_slice() else { panic!("{} statements", statements.len()) };
        assert_eq!(statement.sql, sql);
        assert_eq!(statement.probe.as_deref(), Some("SELECT 1"));
        assert!(!statement.secret);
    }
}
