//! Detects the encoding of a file from its bytes.

/// The byte order mark of UTF-8, which editors on Windows write.
#[cfg(feature = "native")]
const UTF_8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// The byte order marks of UTF-16.
#[cfg(feature = "cli")]
const UTF_16_MARKS: [[u8; 2]; 2] = [[0xFF, 0xFE], [0xFE, 0xFF]];

/// Whether a text is UTF-16: by its byte order mark, or by its first character, if that is ASCII. PowerShell 5 writes such
/// files by default.
#[cfg(feature = "cli")]
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    let Some([first, second]) = bytes.first_chunk() else { return false };
    UTF_16_MARKS.contains(&[*first, *second]) || (*first == 0) != (*second == 0)
}

/// The message for UTF-16.
pub(crate) const UTF_16: &str = "the text is UTF-16, not UTF-8";

/// Whether a text that is valid UTF-8 is UTF-16 without a byte order mark: ASCII with zeros in between.
pub(crate) fn is_utf16_of_ascii(text: &str) -> bool {
    matches!(text.as_bytes(), [0, 1..=0x7F, 0, 1..=0x7F, ..] | [1..=0x7F, 0, 1..=0x7F, 0, ..])
}

/// The message and the help for a file that is not text, detected from its first bytes.
#[cfg(feature = "cli")]
pub(crate) fn binary(bytes: &[u8]) -> Option<(String, &'static str)> {
    const COMPRESSED: [(&[u8], &str); 5] = [
        (b"\x1F\x8B", "gzip"),
        (b"BZh91AY", "bzip2"),
        (b"\xFD7zXZ\0", "xz"),
        (b"\x28\xB5\x2F\xFD", "zstd"),
        (b"\x04\x22\x4D\x18", "lz4"),
    ];
    if let Some((_, by)) = COMPRESSED.into_iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some((format!("the file is compressed with {by}"), "decompress it first"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.get(257..262) == Some(b"ustar") {
        return Some(("the file is an archive".to_owned(), "unpack it first"));
    }
    if is_pgp(bytes) {
        return Some(("the file is encrypted with PGP".to_owned(), "decrypt it first"));
    }
    // Text in single-byte encodings has as few control characters as UTF-8.
    let is_of_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B | b' '..);
    let is_binary = !is_utf16(bytes) && !bytes.iter().all(is_of_text) && std::str::from_utf8(bytes).is_err();
    is_binary.then(|| ("the file is binary, not text".to_owned(), "pass a YAML or JSON file"))
}

/// Whether a PGP message starts here: with a session key that is encrypted for a key (packet 1) or by a
/// passphrase (packet 3), <https://www.rfc-editor.org/rfc/rfc9580#section-4.2>.
#[cfg(feature = "cli")]
const fn is_pgp(bytes: &[u8]) -> bool {
    matches!(bytes, [0x84 | 0xC1, _, 3 | 6, ..] | [0x85, _, _, 3 | 6, ..] | [0x8C | 0xC3, _, 4..=6, ..])
}

/// The bytes of a text after its byte order mark.
#[cfg(feature = "native")]
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes)
}

/// The bytes of a text without any byte order mark: concatenated files have several.
#[cfg(feature = "native")]
pub(crate) fn without_marks(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, next)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(UTF_8_MARK) {
            rest = after;
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

    #[cfg(feature = "cli")]
    #[test]
    fn utf16_is_detected_by_mark_or_first_ascii_character() {
        let (little, big) = (u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes as fn(u16) -> [u8; 2]);
        for bytes_of in [little, big] {
            for text in ["\u{FEFF}", "\u{FEFF}Secret", "Secret", "-----BEGIN", "\n"] {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(bytes_of).collect();
                assert!(is_utf16(&bytes), "{text:?}");
            }
        }
        // The last ones are certificates in DER.
        let others: [&[u8]; 7] =
            [b"", b"S", b"Secret", b"\xEF\xBB\xBFSecret", b"\0\0\xFE\xFF", b"\x30\x82\x03\x00", b"\x30\x0A"];
        for bytes in others {
            assert!(!is_utf16(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn utf16_without_mark_is_detected_by_zeros() {
        for bytes_of in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
            let bytes: Vec<u8> = "type: Redshift".encode_utf16().flat_map(bytes_of).collect();
            assert!(is_utf16_of_ascii(&String::from_utf8(bytes).expect("ASCII and zeros")));
        }
        for text in ["", "a", "a\0", "a\0b", "\0abc", "\0\0ab", "type"] {
            assert!(!is_utf16_of_ascii(text), "{text:?}");
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn binary_formats_are_detected() {
        let tar = [&[b'a'; 257][..], b"ustar"].concat();
        let others: [(&[u8], &str); 9] = [
            (b"\x1F\x8B\x08\0", "the file is compressed with gzip"),
            (b"BZh91AY&SY\xFF", "the file is compressed with bzip2"),
            (b"\x28\xB5\x2F\xFD$", "the file is compressed with zstd"),
            (b"PK\x03\x04\x14", "the file is an archive"),
            (&tar, "the file is an archive"),
            (b"\x85\x01\x0C\x03\xAB", "the file is encrypted with PGP"),
            (b"\x84\x5E\x03\xAB", "the file is encrypted with PGP"),
            (b"\x8C\x0D\x04\x09\x03", "the file is encrypted with PGP"),
            (b"\x89PNG\r\n\x1A\n\0", "the file is binary, not text"),
        ];
        for (bytes, message) in others {
            assert_eq!(binary(bytes).map(|(message, _)| message).as_deref(), Some(message), "{bytes:?}");
        }
        let texts: [&[u8]; 6] =
            [b"", b"type: a\r\n\tb\x0C", b"BZh: 1", b"caf\xE9", b"\x85 \xC3\xC1", b"\xFF\xFEa\0\xE9\0"];
        for bytes in texts {
            assert_eq!(binary(bytes), None, "{bytes:?}");
        }
    }

    #[cfg(feature = "native")]
    #[test]
    fn only_byte_order_marks_are_removed() {
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
