//! What has to hold for everything that a client may send. Fuzzers call it.

use super::options::Options;
use super::password::Stored;
use super::protocol;
use super::rules::{self, Session};
use redshift_lexer::Kind;

/// Checks the properties: a byte that chooses one, then what a client sends.
///
/// # Panics
/// A property does not hold.
pub fn hold(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    match choice {
        b'p' => packets(rest),
        b's' | b'S' => sql(&String::from_utf8_lossy(rest), choice == b'S'),
        b'w' => stored_password(&String::from_utf8_lossy(rest)),
        _ => {}
    }
}

/// A startup message, and messages until one is broken.
fn packets(mut stream: &[u8]) {
    let all = stream.len();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O");
    runtime.block_on(async {
        let Ok((_, body)) = protocol::read_startup(&mut stream).await else { return };
        let parameters = protocol::startup_parameters(&body);
        assert!(parameters.iter().all(|(name, _)| !name.is_empty()));
        if rules::startup(&parameters).is_ok() {
            assert_eq!(protocol::startup_parameters(&protocol::startup(&parameters)[8..]), parameters);
        }
        while let Ok(message) = protocol::read_message(&mut stream).await {
            assert!(message.body.len() < all);
            let _ = (message.as_error(), message.parameter_status());
            let encoded = message.encode();
            let again = protocol::read_message(&mut &*encoded).await.expect("a message");
            assert_eq!((again.tag, again.body), (message.tag, message.body));
        }
    });
}

/// SQL is rejected, or translated to as many statements.
fn sql(text: &str, case_sensitive: bool) {
    let mut session = Session::new(Options::default(), case_sensitive);
    if let Ok(translated) = rules::translate(text, &mut session) {
        assert_eq!(statements(&translated), statements(text), "{text:?} became {translated:?}");
    }
}

fn statements(text: &str) -> usize {
    let tokens = redshift_lexer::lex(text).expect("what is translated can be read").into_iter();
    let tokens: Vec<_> = tokens.filter(|token| token.kind != Kind::Comment).collect();
    tokens.split(|token| token.kind == Kind::Semicolon).filter(|tokens| !tokens.is_empty()).count()
}

fn stored_password(text: &str) {
    let stored = Stored::read(Some(text));
    assert_eq!(Stored::read(stored.write().as_deref()), stored, "{text:?}");
}
