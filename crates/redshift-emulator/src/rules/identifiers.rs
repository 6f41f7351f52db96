//! Names: folding, length, reserved words.

use super::{Checked, ServerError, Translation, syntax_error};
use redshift_lexer::{Kind, Token};

/// PostgreSQL truncates names to 63 bytes without an error; Redshift to 127.
const MAX_NAME_BYTES: usize = 63;

/// Redshift's reserved words (<https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html>), and `LANGUAGE`, which that
/// page does not list (inferred).
const RESERVED: &str = "AES128 AES256 ALL ALLOWOVERWRITE ANALYSE ANALYZE AND ANY ARRAY AS ASC AUTHORIZATION AZ64 \
BACKUP BETWEEN BINARY BLANKSASNULL BOTH BYTEDICT BZIP2 CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE CREDENTIALS \
CROSS CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURRENT_USER_ID DEFAULT DEFERRABLE DEFLATE DEFRAG \
DELTA DELTA32K DESC DISABLE DISTINCT DO ELSE EMPTYASNULL ENABLE ENCODE ENCRYPT ENCRYPTION END EXCEPT EXPLICIT FALSE \
FOR FOREIGN FREEZE FROM FULL GLOBALDICT256 GLOBALDICT64K GRANT GROUP GZIP HAVING IDENTITY IGNORE ILIKE IN INITIALLY \
INNER INTERSECT INTERVAL INTO IS ISNULL JOIN LANGUAGE LEADING LEFT LIKE LIMIT LOCALTIME LOCALTIMESTAMP LUN LUNS LZO LZOP \
MINUS MOSTLY16 MOSTLY32 MOSTLY8 NATURAL NEW NOT NOTNULL NULL NULLS OFF OFFLINE OFFSET OID OLD ON ONLY OPEN OR ORDER \
OUTER OVERLAPS PARALLEL PARTITION PERCENT PERMISSIONS PIVOT PLACING PRIMARY RAW READRATIO RECOVER REFERENCES \
REJECTLOG RESORT RESPECT RESTORE RIGHT SELECT SESSION_USER SIMILAR SNAPSHOT SOME SYSDATE SYSTEM TABLE TAG TDES \
TEXT255 TEXT32K THEN TIMESTAMP TO TOP TRAILING TRUE TRUNCATECOLUMNS UNION UNIQUE UNNEST UNPIVOT USER USING VERBOSE \
WALLET WHEN WHERE WITH WITHOUT";

/// Folds names, and rejects those that PostgreSQL would truncate.
pub(super) fn fold(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    for token in tokens {
        if token.kind == Kind::Identifier || token.kind == Kind::Word {
            check_length(&token.value, 0)?;
        }
        if token.kind != Kind::Identifier || translation.settled.contains(&token.span.start) {
            continue;
        }
        let folded = translation.fold(token);
        if folded != token.value {
            translation.replace_one(token, format!("\"{}\"", folded.replace('"', "\"\"")));
        }
    }
    Ok(())
}

/// Rejects names that are too long for PostgreSQL.
pub(super) fn check_length(name: &str, prefix: usize) -> Checked<()> {
    if name.len() + prefix > MAX_NAME_BYTES {
        let message = format!(
            "the emulator does not model names of more than {} bytes: \"{name}\"",
            MAX_NAME_BYTES - prefix
        );
        return Err(ServerError::new("42622", message));
    }
    Ok(())
}

/// Rejects a reserved word as an unquoted name.
pub(super) fn check_reserved(name: &[Token<'_>]) -> Checked<()> {
    let is_reserved = |token: &Token<'_>| {
        token.kind == Kind::Word && RESERVED.split(' ').any(|word| token.raw.eq_ignore_ascii_case(word))
    };
    match name.iter().find(|token| is_reserved(token)) {
        Some(token) => Err(syntax_error(Some(token))),
        None => Ok(()),
    }
}
