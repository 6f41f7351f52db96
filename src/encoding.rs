//! What the bytes of a file say about its encoding.

/// The byte order mark of UTF-8, which Windows' editors write.
#[cfg(feature = "native")]
const UTF_8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// The byte order marks of UTF-16.
const UTF_16_MARKS: [[u8; 2]; 2] = [[0xFF, 0xFE], [0xFE, 0xFF]];

/// Whether a text is UTF-16: by its byte order mark, or by its first character, if that is of ASCII. PowerShell 5 writes
/// such files unless it is told otherwise.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    let Some([first, second]) = bytes.first_chunk() else { return false };
    UTF_16_MARKS.contains(&[*first, *second]) || (*first == 0) != (*second == 0)
}

/// The bytes of a text behind its byte order mark.
#[cfg(feature = "native")]
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes)
}

/// The bytes of a text without any byte order mark: files that were put together from others have several.
#[cfg(feature = "native")]
pub(crate) fn without_marks(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, next)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(UTF_8_MARK) {
            rest = behind;
        } else {
            kept.push(*byte);
            rest = next;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_known_by_its_mark_or_by_a_first_letter() {
        let (little, big) = (u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes as fn(u16) -> [u8; 2]);
        for bytes_of in [little, big] {
            for text in ["\u{FEFF}", "\u{FEFF}Secret", "Secret", "-----BEGIN", "\n"] {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(bytes_of).collect();
                assert!(is_utf16(&bytes), "{text:?}");
            }
        }
        // The last ones are certificates in DER, which are no text.
        let others: [&[u8]; 7] =
            [b"", b"S", b"Secret", b"\xEF\xBB\xBFSecret", b"\0\0\xFE\xFF", b"\x30\x82\x03\x00", b"\x30\x0A"];
        for bytes in others {
            assert!(!is_utf16(bytes), "{bytes:?}");
        }
    }

    #[cfg(feature = "native")]
    #[test]
    fn byte_order_marks_are_left_out_and_nothing_else() {
        let mark = "\u{FEFF}";
        for (text, first, all) in [
            (String::new(), "", ""),
            (mark.to_owned(), "", ""),
            (format!("{mark}a"), "a", "a"),
            (format!("{mark}a\n{mark}b\n"), "a\n\u{FEFF}b\n", "a\nb\n"),
            ("é\u{FEFA}".to_owned(), "é\u{FEFA}", "é\u{FEFA}"),
        ] {
            assert_eq!(without_mark(text.as_bytes()), first.as_bytes());
            assert_eq!(without_marks(text.as_bytes()), all.as_bytes());
        }
        assert_eq!(without_marks(b"\xEF\xBB"), b"\xEF\xBB");
    }
}
