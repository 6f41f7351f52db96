//! Tests for values that YAML 1.1 reads differently, and for reserved names.

use super::*;

fn with(property: &str, value: &str) -> String {
    let lines = USER_PASSWORD.lines().map(|line| match line.trim_start().strip_prefix(property) {
        Some(rest) if rest.starts_with(": ") => line.replace(&rest[2..], value),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn with_port(port: &str) -> String {
    USER_PASSWORD.replace("  database:", &format!("  port: {port}\n  database:"))
}

#[test]
fn string_that_yaml_1_1_reads_differently_is_a_note() {
    for (property, value, reading) in [
        ("database", "yes", "`true`"),
        ("database", "off", "`false`"),
        ("initialDatabase", "n", "`false`"),
        ("username", "1:30", "the number 90"),
        ("username", "12_345_678", "the number 12345678"),
        ("database", "0b11", "the number 3"),
        ("database", "1_000.5", "a number"),
        ("database", "2024-01-01", "a date"),
        ("database", "2024-01-01 10:00:00", "a date and time"),
        ("host", "2024-01-01", "a date"),
        ("username", "=", "a default value"),
        ("username", "<<", "a merge key"),
    ] {
        let text = with(property, value);
        let note = only(&text, &Options::default());
        assert_eq!((note.code, note.severity), (Code::AmbiguousScalar, Severity::Note));
        assert_eq!(&text[note.span.start..note.span.end], value);
        assert_eq!(note.pointer, format!("/config/{property}"));
        let message = format!("ambiguous value in `{property}`: YAML 1.1 reads `{value}` as {reading}");
        assert_eq!(note.message, message);
    }
}

#[test]
fn unambiguous_string_is_valid() {
    for value in [
        "immuta",
        "\"yes\"",
        "'1:30'",
        "!!str yes",
        "! yes",
        "&a !!str yes",
        "!!str &a yes",
        "yes_",
        "01:30",
        "1:60",
        "2024-1-1",
        "0b12",
        "1_0a",
        "|-\n    yes",
    ] {
        assert_eq!(found(&with("username", value), &Options::default()), [""; 0], "{value}");
    }
    // JSON is unambiguous, and responses are not written by users.
    let json = r#"{"type": "Redshift", "autoBootstrap": false, "config": {"host": "a.example.com", "port": 5.439e3,
        "database": "yes", "initialDatabase": "on", "authenticationType": "userPassword", "username": "1:30",
        "password": "${P}"}}"#;
    assert_eq!(found(json, &Options::default()), [""; 0]);
    let response = "id: yes\nstatus: enabled\nvalidationResults: {status: passed}\n";
    assert_eq!(found(response, &options(Operation::Status)), [""; 0]);
    // A value with an error has no second diagnostic.
    assert_eq!(found(&with("database", "True"), &Options::default()), ["5:13 wrong-type /config/database"]);
    // The value of an alias is reported at its anchor.
    let text = with("username", "*name").replace("database: immuta\n", "database: &name yes\n");
    assert_eq!(found(&text, &Options::default()), ["5:19 ambiguous-scalar /config/database"]);
}

#[test]
fn message_about_an_ambiguous_secret_shows_neither_value_nor_type() {
    for secret in ["12_345_678", "1:30:00", "yes", "2024-01-01"] {
        let checked = first(&with("password", secret), &Options::default());
        let notes = checked.diagnostics.iter().filter(|found| found.code == Code::AmbiguousScalar);
        let [note] = notes.collect::<Vec<_>>()[..] else { panic!("{:?}", checked.diagnostics) };
        assert_eq!(note.message, "ambiguous value in `password`: YAML 1.1 does not read it as a string");
        let shown = format!("{:?}", checked.diagnostics);
        assert!(!shown.contains(&format!("\"{secret}")) && !shown.contains(&format!("`{secret}")), "{shown}");
    }
}

#[test]
fn number_that_yaml_1_1_reads_differently_is_a_note() {
    for (value, message) in [
        ("02357", "YAML 1.1 reads `02357` as 1263, YAML 1.2 as 2357"),
        ("05439", "YAML 1.1 reads `05439` as a string, YAML 1.2 as 5439"),
        ("0o12477", "YAML 1.1 reads `0o12477` as a string, YAML 1.2 as 5439"),
        ("5.439e3", "YAML 1.1 reads `5.439e3` as a string, YAML 1.2 as 5439"),
    ] {
        let note = only(&with_port(value), &Options::default());
        assert_eq!((note.code, note.pointer.as_str()), (Code::AmbiguousScalar, "/config/port"));
        assert_eq!(note.message, format!("ambiguous value in `port`: {message}"));
    }
    for value in ["5439", "+5439", "0x153F", "5439.0", "5.439e+3"] {
        assert_eq!(found(&with_port(value), &Options::default()), [""; 0], "{value}");
    }
    assert_eq!(found(&with_port("0777777"), &Options::default()), ["5:9 out-of-range /config/port"]);
}

#[test]
fn internal_superuser_is_invalid() {
    let error = only(&with("username", "rdsdb"), &Options::default());
    assert_eq!((error.code, error.severity), (Code::IdentifierInvalid, Severity::Error));
    assert_eq!(error.pointer, "/config/username");
    let warning = only(&with("username", "RdsDb"), &Options::default());
    assert_eq!((warning.code, warning.severity), (Code::IdentifierInvalid, Severity::Warning));
    let credentials = CREDENTIALS.replace("admin@example.com", "rdsdb");
    assert_eq!(found(&credentials, &options(Operation::Delete)), ["2:11 identifier-invalid /username"]);
    for user in ["rdsdb1", "my_rdsdb", "awsuser", "admin"] {
        assert_eq!(found(&with("username", user), &Options::default()), [""; 0], "{user}");
    }
    let okta = OKTA.replace("admin@example.com", "rdsdb");
    assert!(
        found(&okta, &Options::default())
            .contains(&"12:15 identifier-invalid /config/okta/username".to_owned())
    );
}

#[test]
fn group_with_a_reserved_role_prefix_is_a_warning() {
    for (role, is_reserved) in [
        ("sys:monitor", true),
        ("SYS:x", true),
        ("ds:share", true),
        ("sys_x", false),
        ("system", false),
        ("asys:x", false),
    ] {
        let text = USER_PASSWORD.replace("enabled: false", &format!("enabled: true\n    role: {role}"));
        let mut found = first(&text, &Options::default()).diagnostics;
        found.retain(|found| found.code != Code::FoldedIdentifier);
        assert_eq!(!found.is_empty(), is_reserved, "{role}: {found:?}");
        assert!(
            found.iter().all(|one| (one.code, one.severity) == (Code::IdentifierInvalid, Severity::Warning))
        );
    }
}

#[test]
fn reserved_initial_database_is_a_warning() {
    for database in ["template0", "Template1", "padb_harvest", "sys:internal"] {
        let found = only(&with("initialDatabase", database), &Options::default());
        assert_eq!((found.code, found.severity), (Code::ReservedDatabase, Severity::Warning), "{database}");
        assert_eq!(found.pointer, "/config/initialDatabase");
    }
    for database in ["dev", "template2", "sys"] {
        assert_eq!(found(&with("initialDatabase", database), &Options::default()), [""; 0], "{database}");
    }
}

/// With a tag it is a number, also in YAML 1.1.
#[test]
fn quoted_scalar_with_an_integer_tag_is_a_number() {
    for port in ["!!int \"5439\"", "!!int '5439'"] {
        let text = super::with(USER_PASSWORD, "config:", &format!("config:\n  port: {port}"));
        assert_eq!(found(&text, &Options::default()), [""; 0], "{port}");
    }
    let text = super::with(USER_PASSWORD, "config:", "config:\n  port: !!int '02357'");
    let message = "ambiguous value in `port`: YAML 1.1 reads `02357` as 1263, YAML 1.2 as 2357";
    assert_eq!(only(&text, &Options::default()).message, message);
}
