//! Reads the Markdown beside the rules, `src/check/rules/CODE.md`: documents, and what is expected of each.
//!
//! A second-level heading begins a case. Of its fenced blocks, one in `yaml` or `json` is the document; one that is named in the
//! paragraph before it (`` `old.yaml`: ``) is a file beside it, one in `console` has the commands of the book, and one
//! in `expect` what is expected.

#![allow(dead_code)] // every reader uses a part of it

use std::ops::Range;

/// A document with what is expected of it.
pub(crate) struct Case {
    /// The heading.
    pub(crate) name: String,
    pub(crate) blocks: Vec<Block>,
}

/// A fenced block.
pub(crate) struct Block {
    /// What it is written in.
    pub(crate) language: String,
    /// The file that it is, where the paragraph before it names one.
    pub(crate) file: Option<String>,
    pub(crate) text: String,
    /// The lines of its text in the file, from 0.
    pub(crate) lines: Range<usize>,
}

impl Block {
    /// Whether it is YAML or JSON.
    pub(crate) fn is_document(&self) -> bool {
        ["yaml", "json"].contains(&self.language.as_str())
    }
}

impl Case {
    /// The document; none in a case for the book alone.
    pub(crate) fn document(&self) -> Option<&Block> {
        self.blocks.iter().find(|block| block.is_document() && block.file.is_none())
    }

    /// A file beside the document.
    pub(crate) fn beside(&self) -> Option<(&str, &str)> {
        self.blocks.iter().find_map(|block| Some((block.file.as_deref()?, block.text.as_str())))
    }

    /// The block in this language.
    pub(crate) fn block(&self, language: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.language == language)
    }
}

/// The cases of a file.
pub(crate) fn cases(markdown: &str) -> Vec<Case> {
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
            let case = cases.last_mut().expect("a block stands below the heading of its case");
            case.blocks.push(Block { language: language.to_owned(), file: file.take(), text, lines });
        } else if let Some(name) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            file = Some(name.to_owned());
        }
    }
    cases
}
