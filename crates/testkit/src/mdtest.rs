//! Parses the Markdown next to the rules, `src/check/rules/CODE.md`: documents and their expectations.
//!
//! A second-level heading starts a case. Its fenced block in `yaml` or `json` is the document. A block after a paragraph with a
//! file name (`` `old.yaml`: ``) is an additional file, one in `console` contains the commands of the book, and one in
//! `expect` the expectation.

use std::ops::Range;

/// A document with its expectation.
pub struct Case {
    /// The heading.
    pub name: String,
    /// The fenced blocks below it.
    pub blocks: Vec<Block>,
}

/// A fenced block.
pub struct Block {
    /// The language of the block.
    pub language: String,
    /// The file name from the paragraph before the block.
    pub file: Option<String>,
    /// The text between the fences.
    pub text: String,
    /// The lines of the text in the Markdown, from 0.
    pub lines: Range<usize>,
}

impl Block {
    /// Whether it is YAML or JSON.
    pub fn is_document(&self) -> bool {
        ["yaml", "json"].contains(&self.language.as_str())
    }
}

impl Case {
    /// The document; `None` for a case that is only for the book.
    pub fn document(&self) -> Option<&Block> {
        self.blocks.iter().find(|block| block.is_document() && block.file.is_none())
    }

    /// An additional file.
    pub fn beside(&self) -> Option<(&str, &str)> {
        self.blocks.iter().find_map(|block| Some((block.file.as_deref()?, block.text.as_str())))
    }

    /// The first block in this language.
    pub fn block(&self, language: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.language == language)
    }
}

/// The cases of a file.
pub fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = markdown.lines().enumerate();
    let mut file = None;
    while let Some((at, line)) = lines.next() {
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case { name: name.to_owned(), blocks: Vec::new() });
        } else if let Some(language) = line.strip_prefix("```") {
            let mut text = String::new();
            for (_, line) in lines.by_ref().take_while(|(_, line)| *line != "```") {
                text.push_str(line);
                text.push('\n');
            }
            let lines = at + 1..at + 1 + text.lines().count();
            let case = cases.last_mut().expect("a heading before the block");
            case.blocks.push(Block { language: language.to_owned(), file: file.take(), text, lines });
        } else if let Some(name) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            file = Some(name.to_owned());
        }
    }
    cases
}
