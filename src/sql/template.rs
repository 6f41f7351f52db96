//! How SQL templates are kept free of bare strings.

use std::fmt;

/// The escaper of `.sql` templates, which escapes nothing: it does not implement askama's `Escaper`, so a
/// value that is not wrapped in `Safe` has no way into a template and the template does not compile.
/// Only [`Identifier::sql`](super::Identifier::sql), [`Literal::sql`](super::Literal::sql),
/// [`DollarQuoted::sql`](super::DollarQuoted::sql) and [`PasswordClause::sql`](super::PasswordClause::sql) wrap.
///
/// ```compile_fail
/// #[derive(askama::Template)]
/// #[template(source = "SELECT {{ bare }}", ext = "sql")]
/// struct Query<'a> {
///     bare: &'a str,
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MarkedOnly;

/// What stands for a line break in a value's place in a template: a character that no value holds.
pub(crate) const LINE_BREAK: char = '\0';

/// A literal in a template, with [`LINE_BREAK`] for its line breaks: what begins a line is the template's own.
#[derive(Clone, Copy)]
pub(crate) struct OneLine<'a>(pub(super) &'a dyn fmt::Display);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string().replace('\n', "\0"))
    }
}
