//! Words: the terms that the glossary of CONTRIBUTING.md rules out, and spelling.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::command::{Error, checkout_files, succeeds};
use crate::python::PackagingTools;

/// Where the glossary is.
const GLOSSARY: &str = "CONTRIBUTING.md";

/// The heading above it.
const HEADING: &str = "## Words";

/// The files that are read: code and prose.
const EXTENSIONS: [&str; 9] = ["css", "html", "js", "md", "mjs", "rs", "sql", "toml", "ts"];

/// The glossary itself, and what is about other names or other software.
const EXCEPT: [&str; 3] = ["CHANGELOG.md", GLOSSARY, "findings/"];

/// A term of the glossary.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    /// The term that is ruled out, in lower case.
    avoid: String,
    /// The term to use.
    write: String,
}

/// Reports every place with a term that is ruled out or a known misspelling.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    let glossary = fs::read_to_string(root.join(GLOSSARY)).map_err(|error| format!("{GLOSSARY}: {error}"))?;
    let terms = terms(&glossary)?;
    let files: Vec<String> = checkout_files(root)?.into_iter().filter(|name| is_read(name)).collect();
    let mut outcome = Outcome::Green;
    for name in &files {
        let Ok(text) = fs::read_to_string(root.join(name)) else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            for Term { avoid, write } in terms.iter().filter(|term| contains(line, &term.avoid)) {
                eprintln!("{name}:{number}: `{avoid}`: write {write} ({GLOSSARY})");
                outcome = Outcome::Red;
            }
        }
    }
    let mut codespell = PackagingTools::install()?.command("codespell");
    if !succeeds(codespell.args(&files).current_dir(root))? {
        outcome = Outcome::Red;
    }
    Ok(outcome)
}

fn is_read(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
        && !EXCEPT.iter().any(|except| name.starts_with(except))
}

/// The terms of the table below the heading: those in backticks in its last column. What it has without backticks is right
/// in other senses, and for a reader to judge.
fn terms(text: &str) -> Result<Vec<Term>, Error> {
    let (_, section) =
        text.split_once(HEADING).ok_or_else(|| format!("{GLOSSARY} has no heading `{HEADING}`"))?;
    let rows =
        section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let terms: Vec<Term> = rows
        .filter_map(|row| {
            let cells = row.strip_prefix('|')?.strip_suffix('|')?;
            Some((cells.split('|').next()?, cells.rsplit('|').next()?))
        })
        .flat_map(|(write, avoid)| {
            let terms = avoid.split('`').skip(1).step_by(2);
            terms.map(|term| Term { avoid: term.to_lowercase(), write: write.trim().to_owned() })
        })
        .collect();
    if terms.is_empty() { Err(format!("the glossary of {GLOSSARY} has no terms")) } else { Ok(terms) }
}

/// Whether a line has a term as words of its own; parts of an identifier are words.
fn contains(line: &str, term: &str) -> bool {
    let line = line.to_lowercase();
    let is_word = |c: char| c.is_alphanumeric();
    line.match_indices(term).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + term.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_the_code_in_the_last_column() {
        let text = "# A\n\n## Words\n\nSome.\n\n| term | meaning | not |\n| --- | --- | --- |\n| `f` | `x` | `Ab`, `c d` (of e) |\n| h | | g |\n\n| j | | `i` |\n";
        let term = |avoid: &str, write: &str| Term { avoid: avoid.to_owned(), write: write.to_owned() };
        assert_eq!(terms(text), Ok(vec![term("ab", "`f`"), term("c d", "`f`")]));
        assert!(terms("# A\n").is_err() && terms("## Words\n").is_err());
    }

    #[test]
    fn terms_match_whole_words_and_parts_of_identifiers() {
        for line in ["the cat is", "Cat", "a_cat_is", "`cat`"] {
            assert!(contains(line, "cat"), "{line}");
        }
        for line in ["concat", "category", "Cats"] {
            assert!(!contains(line, "cat"), "{line}");
        }
    }

    #[test]
    fn generated_files_and_findings_are_not_read() {
        assert!(is_read("src/lib.rs") && is_read("README.md"));
        assert!(!is_read("findings/a.md") && !is_read("Cargo.lock") && !is_read(GLOSSARY));
    }
}
