//! Dollar quotes, for the bodies of functions and procedures.

use std::fmt;

use askama::filters::Safe;

/// A body that `Display` writes between two `$tag$`, with a tag that does not occur in the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DollarQuoted {
    tag: String,
    body: String,
}

impl DollarQuoted {
    /// Finds a tag for a body.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        let body = body.into();
        // No two tags can start at the same position of the body, so one of that many is free.
        let tag = (0..=body.len())
            .map(|n| if n == 0 { "$bootshift$".to_owned() } else { format!("$bootshift{n}$") })
            .find(|tag| !body.contains(tag.as_str()))
            .unwrap_or_default();
        Self { tag, body }
    }

    /// The body as the server stores it, except for line breaks around it.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The quoted body for a template.
    #[must_use]
    pub(crate) const fn sql(&self) -> Safe<&Self> {
        Safe(self)
    }
}

impl fmt::Display for DollarQuoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{tag}\n{body}\n{tag}", tag = self.tag, body = self.body.trim_matches('\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_does_not_occur_in_body() {
        assert_eq!(DollarQuoted::new("a").to_string(), "$bootshift$\na\n$bootshift$");
        assert_eq!(
            DollarQuoted::new("a $bootshift$ $bootshift1$ b").to_string(),
            "$bootshift2$\na $bootshift$ $bootshift1$ b\n$bootshift2$"
        );
    }

    /// The runner compares it with the catalog.
    #[test]
    fn body_is_unchanged() {
        assert_eq!(DollarQuoted::new("\na $bootshift$\n").body(), "\na $bootshift$\n");
    }

    #[test]
    fn body_ending_in_part_of_a_tag_is_separated_from_the_closing_tag() {
        assert_eq!(DollarQuoted::new("a $bootshift").to_string(), "$bootshift$\na $bootshift\n$bootshift$");
    }
}
