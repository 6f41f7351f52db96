//! Texts for users, on which no code depends: codes, exit codes and decisions have their own types.
//!
//! The configuration `bootshift_reworded` tests this: it changes summaries, messages, helps, fix titles and test names, and
//! the tests of the runner, the language server and the page still pass (`cargo xtask test reworded`).

/// The text that users see: unchanged.
#[cfg(not(bootshift_reworded))]
pub(crate) const fn words(text: &'static str) -> &'static str {
    text
}

/// The same for a text that is created at run time.
#[cfg(not(bootshift_reworded))]
pub(crate) const fn text(text: String) -> String {
    text
}

/// The same for a text that is created at run time.
#[cfg(bootshift_reworded)]
pub(crate) fn text(text: String) -> String {
    reworded(&text)
}

/// The text that users see: changed.
#[cfg(bootshift_reworded)]
pub(crate) fn words(text: &'static str) -> &'static str {
    Box::leak(reworded(text).into_boxed_str())
}

/// Changes a text reversibly: ROT13, reversed, in brackets. Different texts stay different, and tests can restore the
/// original.
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
