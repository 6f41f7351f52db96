//! What people read, where the command was compiled with `--cfg bootshift_reworded`: the words that stand for others are
//! put back (`src/words.rs` has the other way), so that the tests need no words of their own.

/// The text with the words of the other configuration, if this is the one that has others.
#[cfg(not(bootshift_reworded))]
pub const fn original(text: String) -> String {
    text
}

/// The text with the words of the other configuration, if this is the one that has others.
#[cfg(bootshift_reworded)]
pub fn original(text: String) -> String {
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(bootshift_reworded)]
fn line(line: &str) -> String {
    // What stands in JSON is escaped, and cannot be turned as it is.
    match serde_json::from_str::<serde_json::Value>(line) {
        Ok(value) => json(value).to_string() + &line[line.trim_end().len()..],
        Err(_) => turned_back(line.to_owned()),
    }
}

#[cfg(bootshift_reworded)]
fn json(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => turned_back(text).into(),
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, json(value))).collect(),
        other => other,
    }
}

/// What stands innermost first.
#[cfg(bootshift_reworded)]
fn turned_back(mut text: String) -> String {
    let turned = |c: char| match c {
        'a'..='m' | 'A'..='M' => char::from(c as u8 + 13),
        'n'..='z' | 'N'..='Z' => char::from(c as u8 - 13),
        ' ' => '_',
        '_' => ' ',
        c => c,
    };
    while let Some((before, rest)) = text.split_once('⟧') {
        let Some((before, word)) = before.rsplit_once('⟦') else { break };
        let word: String = word.chars().rev().map(turned).collect();
        text = format!("{before}{word}{rest}");
    }
    text
}
