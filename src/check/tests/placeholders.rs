//! Tests for placeholders.

use super::*;
use crate::check::rules::placeholder::in_host;
use crate::placeholder::{Placeholder, in_name, in_password};

#[test]
fn placeholders_in_names() {
    for text in [
        "${IMMUTA_DB}",
        "${IMMUTA_DB:-immuta}",
        "${env:DB}",
        "${{ vars.DB }}",
        "$$${DB}",
        "$${DB}",
        "${DB",
        "immuta_${ENV}",
        "$X",
        "$immuta_db",
        "$ENV_immuta",
        "$ENV-immuta",
        "$(DB)",
        "immuta-$(env)",
        "$[variables.db]",
        "$[[ inputs.db ]]",
        "{{ db }}",
        "immuta-{{ env }}",
        "{% if prod %}immuta{% else %}test{% endif %}",
        "immuta{# prod #}",
        "immuta {# prod",
        "<%= @db %>",
        "<database>",
        "<your database>",
        "<数据库>",
        "<<db>>",
        "immuta_<env>",
        "%DB%",
        "immuta_%ENV%",
        "%{db}",
        "%(db)s",
        "%env(DB)%",
        "#{Db}",
        "#{Db}#",
        "@DB@",
        "@{db}",
        "__DB__",
        "{db}",
        "[[db]]",
        "[DB]",
        "[your database]",
        "!DB!",
        "(DB)",
        "((db))",
        "*DB*",
        "|DB|",
        "~your db~",
        "XXX-XXX",
        "xxxx xxxx",
        "your_name",
        "replace_with_database",
        "ENV[DB]",
        "CHANGEME",
        "change_me",
        "Change-Me",
        "<CHANGE_ME>",
        "REPLACE_ME",
        "TODO",
        "fixme",
        "TBD",
        "XXX",
        "xxxxxxxx",
        "...",
        "***",
        "YOUR_DATABASE",
        "your-database-here",
        "yourDatabaseName",
        "your_redshift_user",
        "your-cluster-endpoint",
        "INSERT_ROLE_HERE",
        "database goes here",
        "user-name-here",
        "env:DB",
        " ${DB} ",
        "'${DB}'",
        "“$DB”",
        "op://vault/item/name",
        "OP://vault/item/name",
        "vault:secret/data/redshift#database",
        "vault://secret/redshift",
        "ref+awssecrets://redshift/name",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift",
        "projects/p/secrets/redshift/versions/latest",
        "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/y)",
        "ENC[AES256_GCM,data:abc=,iv:d=,tag:e=,type:str]",
        "ENC(abc=)",
        "{cipher}abc",
    ] {
        assert!(in_name(text).is_some(), "{text}");
    }
}

#[test]
fn template_signs_in_names_are_placeholders() {
    for text in [
        "Immuta-$ENV",
        "svc-$env",
        "$DB$",
        "$DB_$ENV",
        "$$DB$$",
        "immuta$PROD",
        "immuta_$env",
        "a $b",
        "Immuta_@ENV@",
        "svc_@ENV@-x",
        "@@DB@@",
        "Immuta_#ENV#",
        "Immuta_#{ENV}",
        "Immuta_{ENV}",
        "Immuta_${ENV",
        "Immuta_\\{0}",
        "{$DB}",
        "%{ if X }Y%{ endif }",
        "Immuta_[ENV]",
        "Immuta___ENV__",
        "__ENV___immuta",
        "svc-__ENV__-x",
        "((vault/DB))",
        "immuta-((env))",
        "(@= data.values.db @)",
        "<#= x #>",
        "immuta_<env",
        "&lt;DB&gt;",
        "immuta_%env%",
        "EDIT_ME",
        "SETME",
        "set this",
        "CHANGE_ME_DB",
        "immuta-changeme",
        "change_me_not",
    ] {
        assert!(in_name(text).is_some(), "{text}");
    }
}

/// Quoted names may contain such signs, if there is no word between them.
#[test]
fn names_that_are_not_placeholders() {
    for text in [
        "",
        "immuta",
        "$",
        "$1",
        "$$",
        "a$(b",
        "100%",
        "50%_of%it",
        "a % b % c",
        "%%",
        "@@",
        "__x__",
        "__immuta",
        "_X_",
        "admin@example.com",
        "a@b@c",
        "#1",
        "[1]",
        "[a.b]",
        "[fe80::1]",
        "!1!",
        "!important",
        "example",
        "test",
        "todo_app",
        "xx",
        "xxl",
        "x-y",
        "(a) b",
        "[a]b",
        "(a",
        "a*",
        "*a",
        "#1#",
        "changes",
        "your",
        "your_app",
        "yours_db",
        "yourselfdb",
        "yourbase",
        "here",
        "there",
        "users_there",
        "nowhere",
        "..",
        "--",
        "a...",
        "placeholders",
        "todos",
        "my_database",
        "ENC",
        "env",
        "vault",
        "op:x",
        "arn:aws:redshift:eu-west-1:1:cluster:x",
        "a b",
        "{{",
        "}}",
        "{{}}",
        "${}",
        "<>",
        "<<",
        "< >",
        "{}}",
        "svc$",
        "immuta$prod",
        "a$B",
        "svc$1",
        "PROD__SALES__RAW",
        "a__x__",
        "__immuta_DB",
        "data[0]",
        "a & b; c",
        "R&D",
        "a@B@c",
        "change",
        "me",
        "set_menu",
        "offset_me_up",
        "reset it",
        "DB_NAME",
        "Immuta_TODO",
        "DB_PLACEHOLDER",
        "REDACTED",
        "<REDACTED>",
    ] {
        assert_eq!(in_name(text), None, "{text}");
    }
}

#[test]
fn placeholders_in_hosts() {
    for text in [
        "$HOST",
        "cluster-$ENV.example.com",
        "https://$HOST:5439",
        "https://${HOST}:5439/",
        "${CLUSTER}.example.com",
        "<host>",
        "__HOST__",
        "https://u:${PASSWORD}@cluster.example.com",
        "{{ host }}?ssl=true",
        "@HOST@",
        "#{host}#",
        "https://((host))/",
        "https://{HOST}",
        "{host}.example.com",
        "%host%.example.com",
        "https://c1.example.com:%PORT%",
        "https://__HOST__:5439",
        "https://todo",
        "your-host:5439",
        "\u{FF04}{HOST}",
    ] {
        assert!(in_host(text).is_some(), "{text}");
    }
    for text in [
        "cluster.example.com",
        "::1%eth0",
        "https://u:Pa$word@cluster.example.com",
        "https://u:a%bcd%20@cluster.example.com",
        "cluster.example.com;PWD=a${b",
        "cluster.example.com?password=$x",
        "https://cluster.example.com",
        "cluster$1.example.com",
        "https://u:{Pa55word}@cluster.example.com",
        "bob%3AHunter2abc%40c.example.com",
        "[::1]:5439",
        "<REDACTED>",
    ] {
        assert_eq!(in_host(text), None, "{text}");
    }
}

#[test]
fn placeholders_in_passwords() {
    for text in [
        "$VAR",
        "$redshift_password",
        "$RedshiftPassword",
        "$env:PASSWORD",
        "${VAR:-d}",
        "${env:VAR}",
        "${env:Var1}",
        "${{ secrets.PASSWORD }}",
        "${A}${B}",
        "${VAR",
        "$(Password1)",
        "{{ x }}",
        "{{ lookup('env', 'X1a') }}",
        "{% raw %}x{% endraw %}",
        "<password>",
        "<your password 1A>",
        "%PASSWORD%",
        "@PASSWORD@",
        "__PASSWORD__",
        "#{password}",
        "op://vault/item/password",
        "awssm://redshift",
        "my-secrets://redshift",
        "vault:secret/data/redshift#password",
        "arn:aws:ssm:eu-west-1:1:parameter/x",
    ] {
        assert!(in_password(text).is_some(), "{text}");
    }
    for text in [
        " ${VAR}",
        "${VAR}\n",
        "'${VAR}'",
        "\"${VAR}\"",
        "`${VAR}`",
        "\\${VAR}",
        "$${VAR}",
        "“${VAR}”",
        "${VAR}\u{A0}",
        "\u{FF04}{VAR}",
        "$\u{FF5B}VAR\u{FF5D}",
        "\u{FF04}\u{FF5B}VAR\u{FF5D}",
        "\u{FE69}\u{FE5B}VAR\u{FE5C}",
        "$\u{FE37}VAR\u{FE38}",
    ] {
        assert_eq!(in_password(text), Some(Placeholder::Reference), "{text:?}");
    }
    for (text, by) in [
        ("ENC[AES256_GCM,data:abc=,iv:d=,tag:e=,type:str]", "SOPS"),
        ("ENC[PKCS7,abc]", "hiera-eyaml"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "Ansible Vault"),
        ("-----BEGIN PGP MESSAGE-----\nhQ\n-----END PGP MESSAGE-----\n", "PGP"),
    ] {
        assert_eq!(in_password(text), Some(Placeholder::Encrypted(by)), "{text}");
    }
}

/// A password may contain any sign. A valid Redshift password is not a placeholder, nor is one that only contains one.
#[test]
fn passwords_that_are_not_placeholders() {
    for text in [
        "${VAR}",
        "Correct4Horse",
        "$Ecret123",
        "Pa$$w0rd",
        "%Secret12%",
        "<Secret12>",
        "{Secret12}",
        "a${B}c1D",
        "${Hn4vTz9}kWq7",
        "x{{y}}z",
        "a<b>c",
        "$",
        "$ecret!",
        "{",
        "100%",
        "https://example.com/x",
        "ENC[",
        "<REDACTED>",
    ] {
        assert_eq!(in_password(text), None, "{text}");
    }
}

/// Values in the documents of these tests: the text, the value, and its pointer.
const PLACES: [(&str, &str, &str); 11] = [
    (USER_PASSWORD, "Redshift", "/type"),
    (USER_PASSWORD, "organization.aws.amazon.com", "/config/host"),
    (USER_PASSWORD, "immuta", "/config/database"),
    (USER_PASSWORD, "analytics", "/config/initialDatabase"),
    (USER_PASSWORD, "userPassword", "/config/authenticationType"),
    (USER_PASSWORD, "admin@example.com", "/config/username"),
    (OKTA, "immuta_impersonation", "/config/impersonation/role"),
    (OKTA, "Okta\n", "/config/okta/appId"),
    (OKTA, "organization.okta.com", "/config/okta/idpHost"),
    (OKTA, "admin\n", "/config/okta/role"),
    (OKTA, "admin@example.com", "/config/okta/username"),
];

fn found_but_okta(text: &str, options: &Options<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = first(text, options).diagnostics;
    diagnostics.retain(|found| found.code != Code::OktaDeprecated);
    diagnostics
}

#[test]
fn placeholder_is_the_only_diagnostic_for_its_value() {
    let none = "";
    let places = PLACES.into_iter().chain([
        (USER_PASSWORD, "autoBootstrap: false", "/autoBootstrap"),
        (USER_PASSWORD, "enabled: false", "/config/impersonation/enabled"),
        (USER_PASSWORD, "config:\n", "/config/port"),
    ]);
    for (base, from, pointer) in places {
        for value in ["${NAME}", "$NAME", "\"{{ Name }}\"", "<Name>", "\"%NAME%\"", "op://Vault/Name"] {
            let line = if from.ends_with('\n') { "\n" } else { none };
            let to = match from.split_once(':') {
                Some(("config", _)) => format!("config:\n  port: {value}\n"),
                Some((key, _)) => format!("{key}: {value}"),
                None => format!("{value}{line}"),
            };
            let text = with(base, from, &to);
            let diagnostics = found_but_okta(&text, &options(Operation::ScriptCreate));
            let [found] = &diagnostics[..] else { panic!("{text}\n{diagnostics:#?}") };
            assert_eq!((found.code, found.severity), (Code::Placeholder, Severity::Warning), "{text}");
            assert_eq!(found.pointer, pointer, "{text}");
            assert_eq!(&text[found.span.start..found.span.end], value);
            assert_eq!(found.fix, None, "{text}");
        }
    }
}

#[test]
fn reserved_prefix_before_a_placeholder_is_not_checked() {
    for role in ["sys:${ROLE}", "DS:$ROLE", "\"sys:{{ role }}\""] {
        let text = with(OKTA, "role: immuta_impersonation", &format!("role: {role}"));
        let diagnostics = found_but_okta(&text, &options(Operation::Create));
        let [found] = &diagnostics[..] else { panic!("{text}\n{diagnostics:#?}") };
        assert_eq!((found.code, found.pointer.as_str()), (Code::Placeholder, "/config/impersonation/role"));
    }
}

#[test]
fn placeholder_in_a_password_is_not_shown() {
    for (base, from) in [
        (USER_PASSWORD, "${REDSHIFT_PASSWORD}"),
        (OKTA, "${OKTA_PASSWORD}"),
        (CREDENTIALS, "${REDSHIFT_PASSWORD}"),
    ] {
        for value in [
            "$HIDDEN_NAME",
            "${HIDDEN_NAME:-x}",
            "${env:HIDDEN_NAME}",
            "\"{{ HIDDEN_NAME }}\"",
            "|\n        ${HIDDEN_NAME}",
            "\" ${HIDDEN_NAME}\"",
            "<HIDDEN_NAME>",
            "op://vault/HIDDEN_NAME/x",
            "ENC[AES256_GCM,data:HIDDEN_NAME,type:str]",
        ] {
            let text = with(base, from, value);
            let operation = if base == CREDENTIALS { Operation::Delete } else { Operation::Create };
            let diagnostics = found_but_okta(&text, &options(operation));
            let [found] = &diagnostics[..] else { panic!("{text}\n{diagnostics:#?}") };
            assert_eq!((found.code, found.severity), (Code::Placeholder, Severity::Warning), "{text}");
            assert!(found.pointer.ends_with("/password") && found.fix.is_none(), "{found:#?}");
            let checked = first(&text, &options(operation));
            let visible: String = checked.visible.iter().map(|span| &text[span.start..span.end]).collect();
            assert!(!format!("{diagnostics:?}{visible}").contains("HIDDEN"), "{diagnostics:#?}");
        }
    }
}

#[test]
fn document_with_a_placeholder_has_no_body_and_can_be_refused() {
    let text = with(USER_PASSWORD, "database: immuta", "database: ${DB}");
    let mut checked = first(&text, &Options::default());
    assert!(checked.is_valid() && checked.body.is_none());
    checked.refuse_placeholders();
    assert!(!checked.is_valid());
    assert_eq!(checked.diagnostics[0].severity, Severity::Error);
    let mut valid = first(&with(USER_PASSWORD, "database: immuta", "database: Immuta"), &Options::default());
    valid.refuse_placeholders();
    assert!(valid.is_valid() && valid.body.is_some());
}

#[test]
fn placeholder_host_is_not_compared() {
    let text = with(USER_PASSWORD, "organization.aws.amazon.com", "__HOST__");
    assert_eq!(first(&text, &Options::default()).host, None);
}

/// The placeholder may become the missing key.
#[test]
fn placeholders_in_keys() {
    for key in ["${KEY}", "$KEY", "<host>", "\"%KEY%\"", "\"{{ key }}\"", "__KEY__"] {
        let text = with(USER_PASSWORD, "  host:", &format!("  {key}:"));
        let diagnostic = only(&text, &Options::default());
        assert_eq!((diagnostic.code, diagnostic.severity), (Code::Placeholder, Severity::Warning), "{key}");
        assert_eq!(&text[diagnostic.span.start..diagnostic.span.end], key);
        assert_eq!(diagnostic.fix, None, "{key}");
    }
    for key in ["$schema", "$key", "<", "a<b>"] {
        let text = with(USER_PASSWORD, "config:", &format!("config:\n  {key}: 1"));
        assert_eq!(only(&text, &Options::default()).code, Code::UnknownProperty, "{key}");
    }
    // A key that may contain a secret is not shown.
    let text = with(USER_PASSWORD, "config:", "config:\n  \"password:${Hidden}\": 1");
    let diagnostic = only(&text, &Options::default());
    assert_eq!((diagnostic.code, diagnostic.pointer.as_str()), (Code::Placeholder, "/config"));
    assert!(!diagnostic.message.contains("Hidden"));
}

#[test]
fn placeholders_instead_of_objects() {
    let config = USER_PASSWORD.find("config:").expect("there");
    let text = format!("{}config: ${{CONFIG}}\n", &USER_PASSWORD[..config]);
    assert_eq!(found(&text, &Options::default()), ["3:9 placeholder /config"]);
    let text =
        with(USER_PASSWORD, "impersonation:\n    enabled: false", "impersonation: \"{{ impersonation }}\"");
    assert_eq!(found(&text, &Options::default()), ["7:18 placeholder /config/impersonation"]);
    assert_eq!(found("${PAYLOAD}", &options(Operation::Create)), ["1:1 placeholder "]);
    // In YAML, ` #` starts a comment.
    let text = with(USER_PASSWORD, "database: immuta", "database: #{Database}");
    assert_eq!(found(&text, &Options::default()), ["5:12 placeholder /config/database"]);
    let text = with(USER_PASSWORD, "database: immuta", "database: # {the database}");
    assert_eq!(found(&text, &Options::default()), ["5:12 wrong-type /config/database"]);
}

#[test]
fn responses_contain_no_placeholders() {
    let response = vendor()["response-get-user-password"].to_string();
    let response = with(&response, "organization.aws.amazon.com", "${HOST}.example.com");
    assert_eq!(found(&response, &Options::default()), [""; 0]);
}

const ENCRYPTED: &str = "ENC[AES256_GCM,data:abc=,iv:d=,tag:e=,type:str]";
const METADATA: &str = "sops:\n  age: []\n  mac: ENC[AES256_GCM,data:f=,type:str]\n  version: 3.9.0\n";

#[test]
fn values_encrypted_by_sops_share_one_diagnostic() {
    let password = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", ENCRYPTED);
    for text in [password.clone(), format!("{password}{METADATA}")] {
        let diagnostic = only(&text, &Options::default());
        assert_eq!((diagnostic.code, diagnostic.pointer.as_str()), (Code::Placeholder, "/config/password"));
        assert_eq!(diagnostic.message, "`password` is encrypted with SOPS");
        assert_eq!(diagnostic.help.as_deref(), Some("decrypt it first, with `sops --decrypt FILE`"));
    }
    let mut all = format!("{}{METADATA}", with(&password, "Redshift", ENCRYPTED));
    for value in ["organization.aws.amazon.com", "immuta", "analytics", "userPassword", "admin@example.com"] {
        all = with(&all, value, ENCRYPTED);
    }
    all = all.replace(": false", &format!(": {ENCRYPTED}"));
    let diagnostic = only(&all, &Options::default());
    assert_eq!(diagnostic.message, "`type` and 8 other values are encrypted with SOPS");
    // Without encrypted values, the metadata is an unknown property.
    let decrypted = format!("{USER_PASSWORD}{METADATA}");
    assert_eq!(found(&decrypted, &Options::default()), ["12:1 unknown-property /sops"]);
    let own = with(&password, "type: Redshift", "type: Redshift\nsops: x");
    assert_eq!(
        found(&own, &Options::default()),
        ["2:1 unknown-property /sops", "12:13 placeholder /config/password"]
    );
}

#[test]
fn long_values_take_linear_time() {
    for piece in
        ["<", "%", "${", "$", "{{", "\u{A0}", "\u{200B}x", "“", "@", "=", "a= ", "${a}", "__A", "me_", "a:"]
    {
        let long = piece.repeat(100_000);
        for (base, from) in [
            (USER_PASSWORD, "organization.aws.amazon.com"),
            (USER_PASSWORD, "immuta"),
            (USER_PASSWORD, "${REDSHIFT_PASSWORD}"),
        ] {
            let text = with(base, from, &format!("'{long}'"));
            assert!(!first(&text, &Options::default()).diagnostics.is_empty());
        }
        let text = with(USER_PASSWORD, "config:", &format!("'{long}': 1\nconfig:"));
        assert!(!first(&text, &Options::default()).is_valid() || piece.starts_with(['$', '{']));
    }
}

#[test]
fn fixes_do_not_change_placeholders() {
    let fixed = |text: &str| {
        let options = options(Operation::Create);
        fixed(text, &options)
    };
    for value in
        ["${IMMUTA_DB}", "$X", "\"{{ X }}\"", "<X>", "'%X%'", "ENC[AES256_GCM,data:ABC]", "OP://X/Y/Z"]
    {
        for (base, from, _) in PLACES {
            let line = if from.ends_with('\n') { "\n" } else { "" };
            let text = with(base, from, &format!("{value}{line}"));
            let fixed = fixed(&text);
            assert_eq!(fixed, (text, 0));
        }
    }
    // Nor values that become placeholders or another value without an invisible character.
    for value in ["$\u{200B}{IMMUTA_DB}", "nu\u{200B}ll"] {
        let text = with(USER_PASSWORD, "database: immuta", &format!("database: {value}"));
        let fixed = fixed(&text);
        assert_eq!(fixed, (text, 0));
    }
    // Other problems are fixed.
    let text = with(&with(USER_PASSWORD, "database: immuta", "database: ${DB}"), "  host", "  HOST");
    assert_eq!(fixed(&text).0, text.replace("HOST", "host"));
}

/// SOPS stores a file of an unknown format as one value.
#[test]
fn whole_file_encrypted_by_sops_is_one_error() {
    let text = r#"{"data": "ENC[AES256_GCM,data:abc=,iv:d=,tag:e=,type:str]", "sops": {"mac": "x", "version": "3.9.0"}}"#;
    for operation in [None, Some(Operation::Create), Some(Operation::ScriptCreate), Some(Operation::Delete)] {
        let diagnostics = first(text, &Options { operation, ..Options::default() }).diagnostics;
        let [found] = &diagnostics[..] else { panic!("{operation:?}: {diagnostics:#?}") };
        assert_eq!((found.code, found.severity), (Code::Syntax, Severity::Error));
        assert_eq!(
            (found.pointer.as_str(), found.message.as_str()),
            ("/data", "the document is encrypted with SOPS")
        );
    }
}

/// Input methods for East Asian scripts write full-width forms.
#[test]
fn help_names_the_full_width_forms_in_a_reference() {
    for (text, character) in [
        ("\u{FF04}{REDSHIFT_PASSWORD}", "U+FF04 fullwidth form"),
        ("$\u{FF5B}REDSHIFT_PASSWORD\u{FF5D}", "U+FF5B fullwidth form"),
        ("$\u{FE5B}REDSHIFT_PASSWORD\u{FE5C}", "U+FE5B small form"),
        ("$\u{FE37}REDSHIFT_PASSWORD\u{FE38}", "U+FE37 vertical form"),
    ] {
        let text = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", &format!("\"{text}\""));
        assert_eq!(found(&text, &Options::default()), ["11:13 placeholder /config/password"]);
        let help = first(&text, &Options::default()).diagnostics.remove(0).help.unwrap_or_default();
        assert!(help.ends_with(&format!("; {character} in `password`")), "{help}");
    }
    let text = with(USER_PASSWORD, "database: immuta", "database: \u{FF04}{DB}");
    assert_eq!(found(&text, &Options::default()), ["5:13 placeholder /config/database"]);
}

/// The formats are not supported, but the error names the cause.
#[test]
fn dotenv_and_ini_files_encrypted_by_sops_are_recognized() {
    for text in [
        "REDSHIFT_PASSWORD=ENC[AES256_GCM,data:a=,type:str]\nsops_mac=ENC[AES256_GCM,data:b=]\nsops_version=3.9.0\n",
        "[redshift]\npassword = ENC[AES256_GCM,data:a=]\r\n\r\n[sops]\r\nmac = ENC[AES256_GCM,data:b=]\r\n",
    ] {
        let diagnostic = only(text, &Options::default());
        assert_eq!(
            (diagnostic.code, diagnostic.message.as_str()),
            (Code::Syntax, "the text is encrypted with SOPS")
        );
        assert_eq!(diagnostic.help.as_deref(), Some("decrypt it first, with `sops --decrypt FILE`"));
    }
    let text = format!("# sops_mac=ENC[\n{USER_PASSWORD}");
    assert_eq!(found(&text, &Options::default()), [""; 0]);
}
