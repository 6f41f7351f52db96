//! The words for people, on which nothing depends: every code, exit status and decision has a type of its own.
//!
//! The configuration `bootshift_reworded` proves it: with it, what a statement and a test are called, and what a diagnostic,
//! its fix and a test say, are other words in every place, and the tests of the runner, of the language server and of the page
//! pass (`cargo xtask reworded`).

/// What people read in place of `text`: the same.
#[cfg(not(bootshift_reworded))]
pub(crate) const fn words(text: &'static str) -> &'static str {
    text
}

/// The same of a text that is made while the program runs.
#[cfg(not(bootshift_reworded))]
pub(crate) const fn text(text: String) -> String {
    text
}

/// The same of a text that is made while the program runs.
#[cfg(bootshift_reworded)]
pub(crate) fn text(text: String) -> String {
    reworded(&text)
}

/// What people read in place of `text`: something else.
#[cfg(bootshift_reworded)]
pub(crate) fn words(text: &'static str) -> &'static str {
    Box::leak(reworded(text).into_boxed_str())
}

/// The text as one word that says nothing: its letters turned by half of the alphabet, backwards, in brackets. So two
/// texts never become the same, none begins as its words did, and the tests find the text in it again.
#[cfg(bootshift_reworded)]
fn reworded(text: &str) -> String {
    let turned = |c: char| match c {
        'a'..='m' | 'A'..='M' => char::from(c as u8 + 13),
        'n'..='z' | 'N'..='Z' => char::from(c as u8 - 13),
        ' ' => '_',
        '_' => ' ',
        '⟦' => '⟧',
        '⟧' => '⟦',
        c => c,
    };
    format!("⟦{}⟧", text.chars().rev().map(turned).collect::<String>())
}
