//! What a client may send to the emulator of Redshift: packets, parameters, SQL, stored passwords. A byte that chooses,
//! then what is sent.

#![allow(dead_code, unused_imports)] // the emulator uses the rest

#[path = "../../tests/support/emulator/frame.rs"]
mod frame;
#[path = "../../tests/support/emulator/password.rs"]
mod password;
#[path = "../../tests/support/emulator/quote.rs"]
mod quote;
#[path = "../../tests/support/emulator/rules/mod.rs"]
mod rules;

use password::Stored;
use rules::Session;

use super::lexer;

pub(crate) fn hold(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    match choice {
        b'p' => packets(rest),
        b's' | b'S' => sql(&String::from_utf8_lossy(rest), choice == b'S'),
        b'w' => stored_password(&String::from_utf8_lossy(rest)),
        _ => {}
    }
}

/// A start-up packet, and messages until one is broken.
fn packets(mut stream: &[u8]) {
    let all = stream.len();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O");
    runtime.block_on(async {
        let Ok((_, body)) = frame::read_startup(&mut stream).await else { return };
        let parameters = frame::startup_parameters(&body);
        assert!(parameters.iter().all(|(name, _)| !name.is_empty()));
        if rules::startup(&parameters).is_ok() {
            assert_eq!(frame::startup_parameters(&frame::startup(&parameters)[8..]), parameters);
        }
        while let Ok(message) = frame::read_message(&mut stream).await {
            assert!(message.body.len() < all);
            let _ = (message.as_error(), message.parameter_status());
            let encoded = message.encode();
            let again = frame::read_message(&mut &*encoded).await.expect("a message");
            assert_eq!((again.tag, again.body), (message.tag, message.body));
        }
    });
}

/// A message of SQL is refused, or turned into as many statements.
fn sql(text: &str, case_sensitive: bool) {
    let mut session = Session::new(case_sensitive);
    if let Ok(translated) = rules::translate(text, &mut session) {
        assert_eq!(statements(&translated), statements(text), "{text:?} became {translated:?}");
    }
}

fn statements(text: &str) -> usize {
    let tokens = lexer::lex(text).expect("what is translated can be read").into_iter();
    let tokens: Vec<_> = tokens.filter(|token| token.kind != lexer::Kind::Comment).collect();
    tokens.split(|token| token.kind == lexer::Kind::Semicolon).filter(|tokens| !tokens.is_empty()).count()
}

fn stored_password(text: &str) {
    let stored = Stored::read(Some(text));
    assert_eq!(Stored::read(stored.write().as_deref()), stored, "{text:?}");
}
