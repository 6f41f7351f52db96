//! Reads a payload per line with the generated types. Writes it as they write it, or `null` if they reject it.

use std::io;

// The line of the book.
typify::import_types!(schema = "payload.types.schema.json");

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let written = serde_json::from_str::<RedshiftPayload>(&line?)
            .map_or(serde_json::Value::Null, |payload| serde_json::json!(payload));
        println!("{written}");
    }
    Ok(())
}
