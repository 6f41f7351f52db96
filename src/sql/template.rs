//! Keeps bare strings out of SQL templates.

/// The escaper of `.sql` templates, which escapes nothing: it does not implement askama's `Escaper`, so a
/// value that is not wrapped in `Safe` makes the template fail to compile.
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
