//! What each code means, why it is so, and how to mend it; and the same for the API's documented errors.

use super::Code;

/// A code, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// One line.
    pub title: &'static str,
    /// What was found.
    pub what: &'static str,
    /// Why it is reported, and how well the reason is founded.
    pub why: &'static str,
    /// What to do.
    pub mend: &'static str,
    /// YAML that has the mistake.
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}

/// A documented error message of the API, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpHelp {
    /// The HTTP status.
    pub status_code: u16,
    /// The message as documented, with `…` where a name or number stands.
    pub message: &'static str,
    /// What it means.
    pub what: &'static str,
    /// What to do.
    pub mend: &'static str,
}

/// Explains a code.
#[must_use]
#[allow(clippy::too_many_lines)]
pub const fn explain(code: Code) -> &'static Explanation {
    match code {
        Code::Syntax => &Explanation {
            title: "the text is neither JSON nor YAML",
            what: "The text could not be read.",
            why: "A document that cannot be read cannot be checked, and the API would refuse it too.",
            mend: "Look at the place and just before it: a missing quote, comma or brace, a tab in YAML's \
                   indentation, or a value that begins with a character that means something to YAML.",
            wrong: "config:\n\thost: organization.aws.amazon.com",
            right: "config:\n  host: organization.aws.amazon.com",
        },
        Code::DuplicateKey => &Explanation {
            title: "a key stands twice in one object",
            what: "The same key occurs more than once in one object.",
            why: "Parsers differ in which of the two they take, so nobody can tell what the payload means.",
            mend: "Remove one of them.",
            wrong: "host: a.example.com\nhost: b.example.com",
            right: "host: a.example.com",
        },
        Code::TooDeep => &Explanation {
            title: "the nesting is too deep",
            what: "Arrays and objects are nested beyond the limit, which is 128 by default.",
            why: "No payload is nested more than a few levels; such a text is broken or hostile.",
            mend: "Check that the file is the one that you meant.",
            wrong: "config: [[[[[[[[…]]]]]]]]",
            right: "config:\n  host: organization.aws.amazon.com",
        },
        Code::TooLarge => &Explanation {
            title: "the text is too large",
            what: "The text is larger than the limit, which is 16 MiB by default, or has more than 10,000 documents or \
                   200,000 values.",
            why: "No payload is larger than a few kilobytes; reading on would only cost memory.",
            mend: "Check that the file is the one that you meant, and divide it into several.",
            wrong: "# a file of 20 MiB",
            right: "# a payload of 20 lines",
        },
        Code::AliasLimit => &Explanation {
            title: "the aliases stand for too much",
            what: "The document's aliases and merge keys expand to more values than allowed, 100,000 by default.",
            why: "A few lines of YAML can stand for billions of values.",
            mend: "Write the values out, or use fewer aliases.",
            wrong: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n# and so on",
            right: "config: &config\n  host: organization.aws.amazon.com",
        },
        Code::MissingProperty => &Explanation {
            title: "a required key is missing",
            what: "The object lacks a key that it must have.",
            why: "The API needs it. `type`, `autoBootstrap` and `config` are documented as required; the keys in \
                  `config` are inferred to be, since every example of the documentation has them.",
            mend: "Add the key. If it stands elsewhere in the document, move it.",
            wrong: "config:\n  database: immuta\n  initialDatabase: dev",
            right: "config:\n  host: organization.aws.amazon.com\n  database: immuta\n  initialDatabase: dev",
        },
        Code::UnknownProperty => &Explanation {
            title: "a key that nobody knows",
            what: "The object has a key that the payload for Redshift does not have.",
            why: "It is misspelt, in the wrong place, or belongs to another platform. Its value is never shown, \
                  since it may be a misspelt password.",
            mend: "Correct the spelling, move the key, or leave it out.",
            wrong: "config:\n  hots: organization.aws.amazon.com",
            right: "config:\n  host: organization.aws.amazon.com",
        },
        Code::WrongType => &Explanation {
            title: "a value of the wrong type",
            what: "The value is a string where a number is due, a number where a string is due, and so on.",
            why: "The API would refuse it. YAML makes it easy: `yes` is a string in YAML 1.2, and a password of \
                  digits without quotes is a number.",
            mend: "Write `true` or `false` for truth values, numbers without quotes, and strings that look like \
                   something else in quotes.",
            wrong: "impersonation:\n  enabled: yes\nport: \"5439\"",
            right: "impersonation:\n  enabled: true\nport: 5439",
        },
        Code::InvalidValue => &Explanation {
            title: "a value that is not allowed here",
            what: "The value is none of those that may stand here.",
            why: "The API compares them to the letter, upper and lower case included.",
            mend: "Write one of the values that the message names.",
            wrong: "type: redshift",
            right: "type: Redshift",
        },
        Code::OutOfRange => &Explanation {
            title: "a number outside its range",
            what: "The number is too small or too large.",
            why: "TCP ports go from 1 to 65535. Redshift listens on 5439 unless told otherwise.",
            mend: "Write a number in the range.",
            wrong: "port: 54390",
            right: "port: 5439",
        },
        Code::InvalidLength => &Explanation {
            title: "a value that is empty or too long",
            what: "The string or list is shorter or longer than it may be, most often empty.",
            why: "A required value that is empty is as good as missing.",
            mend: "Write the value.",
            wrong: "host: \"\"",
            right: "host: organization.aws.amazon.com",
        },
        Code::InvalidFormat => &Explanation {
            title: "a string of the wrong form",
            what: "The string does not have the form that its place asks for; a host that is neither a DNS name \
                   nor an IP address.",
            why: "No connection could be made with it.",
            mend: "Write a DNS name (letters, digits, `-`, `_` and dots) or an IP address.",
            wrong: "host: organization..com",
            right: "host: organization.aws.amazon.com",
        },
        Code::AuthenticationMismatch => &Explanation {
            title: "credentials that do not go with `authenticationType`",
            what: "`userPassword` takes `username` and `password`; `okta` takes an object `okta`. The document has \
                   the wrong ones, both, or neither.",
            why: "The documentation shows each type with its own credentials only. What the API does with others \
                  is not documented.",
            mend: "Keep the credentials that go with `authenticationType`, or change `authenticationType`.",
            wrong: "authenticationType: okta\nusername: admin@example.com\npassword: ${OKTA_PASSWORD}",
            right: "authenticationType: okta\nokta:\n  username: admin@example.com\n  password: ${OKTA_PASSWORD}\n  \
                    appId: Okta\n  idpHost: organization.okta.com\n  role: admin",
        },
        Code::HostNotBare => &Explanation {
            title: "more than a host",
            what: "`host` or `okta.idpHost` has a scheme, port, path, user or white space in it.",
            why: "Every example of the documentation shows a bare host, and Immuta compares hosts to keep to one \
                  integration a host.",
            mend: "Write the DNS name or IP address alone. The port has a key of its own, `port`.",
            wrong: "host: https://organization.aws.amazon.com:5439/dev",
            right: "host: organization.aws.amazon.com\nport: 5439",
        },
        Code::RedactedValue => &Explanation {
            title: "a redacted value",
            what: "A value is `<REDACTED>` or `REDACTED`.",
            why: "This is what the API shows instead of a secret. Sent back, it would become the user name or \
                  password. Inferred: the documentation does not say what the API does with it.",
            mend: "Write the value itself; for a password, `${NAME}` takes it from the environment.",
            wrong: "username: <REDACTED>",
            right: "username: admin@example.com",
        },
        Code::ImpersonationRoleMissing => &Explanation {
            title: "impersonation without a group",
            what: "`impersonation.enabled` is `true`, but there is no `role`.",
            why: "`role` names the Redshift group whose members may impersonate. Every example with \
                  impersonation has it, so it is inferred to be required.",
            mend: "Add `role`, or turn impersonation off.",
            wrong: "impersonation:\n  enabled: true",
            right: "impersonation:\n  enabled: true\n  role: immuta_impersonation",
        },
        Code::IdentifierTooLong => &Explanation {
            title: "a name that is too long",
            what: "The name has more than 127 bytes. Letters outside ASCII take two to four bytes each.",
            why: "Redshift's names have at most 127 bytes; it cuts some longer ones silently.",
            mend: "Shorten the name.",
            wrong: "database: immuta_metadata_of_the_whole_organisation_… # 150 bytes",
            right: "database: immuta",
        },
        Code::IdentifierInvalid => &Explanation {
            title: "a name that Redshift refuses",
            what: "The name holds a control character, is `PUBLIC` or `rdsdb` as a user, or is a group that begins with `__`; or a \
                   connection string stands in its place.",
            why: "Redshift takes no such names: `PUBLIC` is everybody, `rdsdb` is the superuser that every cluster has for \
                  itself, and groups that begin with `__` are its own. It is a warning where that is inferred: for `rdsdb` in \
                  another letter case, which quotes alone keep apart, and for groups that begin with `sys:` or `ds:`, as \
                  Redshift's own roles do. A connection string would become a name as it stands, with the password in it.",
            mend: "Choose another name; of a connection string, write the name alone.",
            wrong: "impersonation:\n  enabled: true\n  role: __impersonation",
            right: "impersonation:\n  enabled: true\n  role: immuta_impersonation",
        },
        Code::ReservedDatabase => &Explanation {
            title: "a database of Redshift's own",
            what: "`database` is `dev`, `padb_harvest`, `template0`, `template1` or `sys:internal`, or `initialDatabase` is \
                   one of these but `dev`.",
            why: "Every cluster has them, so they can be neither created nor dropped. That all but `dev` are not meant to be \
                  worked in is inferred, so for `initialDatabase` it is a warning.",
            mend: "Name a new database, for example `immuta`. To use an existing one, name it in \
                   `initialDatabase` too.",
            wrong: "database: template1\ninitialDatabase: dev",
            right: "database: immuta\ninitialDatabase: dev",
        },
        Code::BootstrapMode => &Explanation {
            title: "a script for an automatic integration",
            what: "A script endpoint is given `autoBootstrap: true`.",
            why: "The scripts are for setting Redshift up by hand; with `autoBootstrap: true` Immuta does it itself.",
            mend: "Write `autoBootstrap: false`, in the payload that creates the integration too; or use no script.",
            wrong: "# script-create\nautoBootstrap: true",
            right: "# script-create\nautoBootstrap: false",
        },
        Code::NotEditable => &Explanation {
            title: "a change of what identifies the integration",
            what: "The update or edit changes `autoBootstrap`, `host`, `database` or `initialDatabase`.",
            why: "The API answers HTTP 400, \"Unable to edit integration due to changes of non-editable \
                  attribute(s).\" It documents no list of them for Redshift; these are inferred.",
            mend: "Write the old value. To change it, delete the integration and create it anew.",
            wrong: "# created with host a.example.com\nhost: b.example.com",
            right: "# created with host a.example.com\nhost: a.example.com",
        },
        Code::CredentialsRequired => &Explanation {
            title: "credentials are needed to delete this integration",
            what: "The `DELETE` has no body, and the integration was set up automatically.",
            why: "Immuta does not keep the credentials that set Redshift up, and needs them to clean up. The API \
                  answers HTTP 400.",
            mend: "Send the credentials that configured the integration, flat, without `config`.",
            wrong: "# delete, automatic: an empty body",
            right: "authenticationType: userPassword\nusername: admin@example.com\npassword: ${REDSHIFT_PASSWORD}",
        },
        Code::CredentialsNotAllowed => &Explanation {
            title: "no credentials to delete this integration",
            what: "The `DELETE` has a body, and the integration was set up by hand.",
            why: "Cleaning up is then done by the removal script, not by Immuta. The API answers HTTP 400.",
            mend: "Send no body. Run the script of `script-delete` first.",
            wrong: "# delete, manual\nauthenticationType: userPassword\nusername: admin@example.com",
            right: "# delete, manual: an empty body",
        },
        Code::IntegrationConflict => &Explanation {
            title: "two integrations for one host",
            what: "Two payloads of one run configure the same host. Hosts are compared as DNS does: without regard \
                   to case or a trailing dot.",
            why: "Immuta allows one Redshift integration a host and answers HTTP 409 to the second.",
            mend: "Keep one of them, or name another host.",
            wrong: "# a.yaml\nhost: organization.aws.amazon.com\n---\n# b.yaml\nhost: Organization.AWS.amazon.com.",
            right: "# a.yaml\nhost: organization.aws.amazon.com\n---\n# b.yaml\nhost: other.aws.amazon.com",
        },
        Code::UnsupportedType => &Explanation {
            title: "another platform",
            what: "`type` names a platform other than Redshift.",
            why: "Immuta knows it, but its payload is another one. Bootshift covers Redshift.",
            mend: "Leave the document out of the run, or correct `type`.",
            wrong: "type: Snowflake",
            right: "type: Redshift",
        },
        Code::UnresolvedSecret => &Explanation {
            title: "an environment variable that gives no password",
            what: "A password is `${NAME}`, and the environment variable NAME is not set; or it is set but empty or \
                   blank, is not valid UTF-8, or holds a placeholder that was not replaced. Or the runner may not \
                   read it: it reads variables with `PASSWORD` in their name, except `PGPASSWORD`, and those that \
                   `--allow-env` names.",
            why: "Scripts and requests need the password itself. A secret that a CI system does not know arrives as \
                  an empty variable: an account made with it would not let in who has the password. The runner logs \
                  in to the host that the payload names, which must not get a secret of another kind.",
            mend: "Set the variable to the password, or correct its name.",
            wrong: "password: ${REDSHIFT_PASWORD} # set is REDSHIFT_PASSWORD",
            right: "password: ${REDSHIFT_PASSWORD}",
        },
        Code::SameDatabase => &Explanation {
            title: "an existing database",
            what: "`database` and `initialDatabase` are the same; Redshift folds both to lower case.",
            why: "Immuta's objects then go into an existing database, among what is there already. It is not \
                  created, and never dropped.",
            mend: "Nothing, if this is what you want. Otherwise give `database` a name of its own.",
            wrong: "database: analytics\ninitialDatabase: analytics",
            right: "database: immuta\ninitialDatabase: analytics",
        },
        Code::Placeholder => &Explanation {
            title: "an unresolved placeholder",
            what: "A value or key is a placeholder, such as `${NAME}`, `$NAME`, `{{ name }}`, `<name>`, `%NAME%`, \
                   `[name]`, or holds one, as in `immuta-$ENV` or `immuta_[ENV]`; a word such as `CHANGE_ME` or `your-database`, a reference to a store of secrets such as \
                   `op://…`, or a value that SOPS has encrypted.",
            why: "Bootshift fills in `${NAME}` alone, and in `password` alone. Anything else would be taken as it is: \
                  scripts would create a user or a database of that very name, or hash the placeholder. It is a \
                  warning for `check`, since the document may be filled in later, and an error where the values are \
                  used. No fix ever rewrites a placeholder.",
            mend: "Fill the document in, render or decrypt it first, and check the result; or write the value. For a \
                   password, write `${NAME}` and set the environment variable NAME.",
            wrong: "database: ${IMMUTA_DB}\npassword: $REDSHIFT_PASSWORD",
            right: "database: immuta\npassword: ${REDSHIFT_PASSWORD}",
        },
        Code::SuspiciousCharacter => &Explanation {
            title: "a character that cannot be seen, or is not what it seems",
            what: "A value has white space at its beginning or end, a character that cannot be seen, such as a no-break \
                   or zero-width space, a typographic dash, or quotes around it that belong to it, and the message \
                   names the character; or it is blank.",
            why: "Such characters come with text that is pasted from a page or a document. They belong to the name, so \
                  that no other spelling finds the database, user or group again. It is an error where the value \
                  cannot be used with it, as in a host, and where nothing else is left.",
            mend: "Remove the character, or write what it seems to be. Letters of other scripts are no mistake.",
            wrong: "username: \"immuta_service \"",
            right: "username: immuta_service",
        },
        Code::FoldedIdentifier => &Explanation {
            title: "upper case that Redshift folds",
            what: "`database` or `impersonation.role` has upper-case letters.",
            why: "Redshift folds the names of databases and groups to lower case, quoted or not, unless \
                  `enable_case_sensitive_identifier` is on, which Immuta does not support. User names keep their \
                  case. Of `initialDatabase` nothing is said: it is there, and gets no name.",
            mend: "Write the name in lower case, so that it is what you will see in Redshift.",
            wrong: "database: Immuta",
            right: "database: immuta",
        },
        Code::WeakPassword => &Explanation {
            title: "a password that Redshift would refuse",
            what: "The password breaks one of Redshift's rules; the message says which.",
            why: "A password in clear text has 8 to 64 characters, with an upper-case letter, a lower-case letter and \
                  a digit, in printable ASCII without `'`, `\"`, `\\`, `/`, `@` and space. A warning, since an \
                  account that exists may have another; an error with `--password plain`, whose script Redshift would \
                  stop. Scripts and `apply` judge the value of a variable by the same \
                  rules: of a hash Redshift cannot tell, and a line break at the end becomes a part of the password.",
            mend: "Choose a password that keeps the rules.",
            wrong: "password: abc1234",
            right: "password: ${REDSHIFT_PASSWORD}",
        },
        Code::HashedPassword => &Explanation {
            title: "a hash in the password's place",
            what: "The password is a form in which Redshift stores one: `md5` and 32 hexadecimal digits; or the SHA-256 \
                   form, with digest and salt or with the password that is to be stored by it.",
            why: "Redshift takes such a text for what it is to store of another password (documented for CREATE \
                  USER), and Immuta logs in by the text itself (inferred). A warning, since a script hashes it once \
                  more, so that the text is the password; with `--password plain` it would be the hash of another, \
                  and there it is an error.",
            mend: "Write the password itself, or `${NAME}`: scripts hash it.",
            wrong: "password: md5153c434b4b77c89e6b94f12c5393af5b",
            right: "password: ${REDSHIFT_PASSWORD}",
        },
        Code::PlaintextSecret => &Explanation {
            title: "a secret in plain text",
            what: "A password stands in the document itself.",
            why: "What is in a file gets into version control, backups and logs. Outside a file it is only a note.",
            mend: "Write `${NAME}` and set the environment variable NAME where scripts and requests are made. Change \
                   a password that was committed.",
            wrong: "password: Correct4Horse",
            right: "password: ${REDSHIFT_PASSWORD}",
        },
        Code::OktaDeprecated => &Explanation {
            title: "Okta is deprecated",
            what: "`authenticationType` is `okta`.",
            why: "Immuta's documentation calls Okta for Redshift deprecated since 2024.3, and later lists it no more.",
            mend: "Use `userPassword` where you can.",
            wrong: "authenticationType: okta",
            right: "authenticationType: userPassword",
        },
        Code::OktaAutomatic => &Explanation {
            title: "Okta with automatic set-up",
            what: "`authenticationType` is `okta` and `autoBootstrap` is `true`.",
            why: "The documentation contradicts itself: the page of the API shows just this, another page allows Okta \
                  with manual set-up only.",
            mend: "If Immuta refuses it, set Redshift up by hand with `autoBootstrap: false` and the scripts.",
            wrong: "autoBootstrap: true\nconfig:\n  authenticationType: okta",
            right: "autoBootstrap: false\nconfig:\n  authenticationType: okta",
        },
        Code::UnusedRole => &Explanation {
            title: "a group without impersonation",
            what: "`impersonation` has a `role`, but `enabled` is `false`.",
            why: "The role then means nothing. Perhaps `enabled` should be `true`.",
            mend: "Leave `role` out, or write `enabled: true`.",
            wrong: "impersonation:\n  enabled: false\n  role: immuta_impersonation",
            right: "impersonation:\n  enabled: false",
        },
        Code::AmbiguousScalar => &Explanation {
            title: "a value that YAML 1.1 reads as something else",
            what: "A value without quotes is one thing to YAML 1.2, which Bootshift reads, and another to YAML 1.1: `yes`, \
                   `off`, `1:30`, `12_345_678`, `2024-01-01` or `0b11` where a string belongs, `02357` or `0o17` where a \
                   number does.",
            why: "Many tools still read YAML 1.1, among them PyYAML and what is built on it: to them, `yes` is `true`, `1:30` \
                  is 90, and `02357` is octal. What goes through one of them reaches the API as something else. The types \
                  of YAML 1.1 are in its type repository, https://yaml.org/type/.",
            mend: "Put a string in quotes; write a number in decimal digits, without a zero before them.",
            wrong: "database: yes\nport: 05439",
            right: "database: \"yes\"\nport: 5439",
        },
        Code::TooManyDiagnostics => &Explanation {
            title: "more is wrong than is listed",
            what: "The text has more diagnostics than are listed, which are 1,000 by default: the worst, and of these \
                   the first. The rest count all the same.",
            why: "Nobody reads so many, and to list them would only cost memory.",
            mend: "Mend what is listed, and check again.",
            wrong: "# a payload with 2,000 unknown keys",
            right: "# a payload without them",
        },
    }
}

/// Explains an error of the API by its status and message, if it is a documented one.
#[must_use]
pub fn explain_http(status_code: u16, message: &str) -> Option<&'static HttpHelp> {
    HTTP_HELP.iter().find(|help| help.status_code == status_code && matches_template(help.message, message))
}

/// Whether `message` is `template` with something in place of each `…`; case, and a full stop at the end,
/// differ from page to page.
fn matches_template(template: &str, message: &str) -> bool {
    let template = template.trim_end_matches('.').to_lowercase();
    let message = message.trim().trim_end_matches('.').to_lowercase();
    let mut parts = template.split('…');
    let Some(mut rest) = parts.next().and_then(|start| message.strip_prefix(start)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        let found = if parts.peek().is_none() {
            rest.strip_suffix(part).map(|gap| (gap, ""))
        } else {
            rest.split_once(part)
        };
        match found {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

/// The documented messages, those of one form once.
static HTTP_HELP: [HttpHelp; 11] = [
    HttpHelp {
        status_code: 404,
        message: "No Integration found with ID ….",
        what: "There is no integration with this identifier.",
        mend: "List the integrations with `GET /integrations` and take the identifier from there.",
    },
    HttpHelp {
        status_code: 400,
        message: "Credentials are not required for disable unless the integration was configured automatically. If \
                  you need to update your integration credentials, use PUT to update the integration before \
                  disabling.",
        what: "The integration was set up by hand, and the `DELETE` has credentials.",
        mend: "Send the `DELETE` without a body.",
    },
    HttpHelp {
        status_code: 400,
        message: "Integrations that are automatically configured require privileged credentials to disable. Please \
                  provide them in your payload.",
        what: "The integration was set up automatically, and the `DELETE` has no credentials.",
        mend: "Send the credentials that configured it: `authenticationType`, `username` and `password`, without \
               `config`.",
    },
    HttpHelp {
        status_code: 400,
        message: "Credentials are not required to disable a Databricks… integration. If you need to update your \
                  integration credentials, use PUT to update the integration before disabling.",
        what: "The integration is one for Databricks, which takes no credentials to be deleted.",
        mend: "Send the `DELETE` without a body, and check that the identifier is that of the Redshift integration.",
    },
    HttpHelp {
        status_code: 400,
        message: "Use PUT /integrations/… endpoint to update connection information for … integration on host … (id \
                  = …) that previously failed to create.",
        what: "An earlier attempt to create the integration failed, and Immuta keeps it.",
        mend: "Repair it with `PUT` to the path in the message; do not create it again.",
    },
    HttpHelp {
        status_code: 409,
        message: "… integration already exists on host … (id = …)",
        what: "Immuta allows one Redshift integration a host, and this host has one.",
        mend: "Update or delete the integration whose identifier the message shows.",
    },
    HttpHelp {
        status_code: 409,
        message: "… integration already exists on … (id = …).",
        what: "An integration for this host exists already.",
        mend: "Update or delete the integration whose identifier the message shows.",
    },
    HttpHelp {
        status_code: 422,
        message: "Validation of prerequisite setup failed. Unable to create integration.",
        what: "A validation test failed: the platform is not set up as Immuta needs it.",
        mend: "Read `validationResults` for the test that failed. With manual set-up, run both scripts first.",
    },
    HttpHelp {
        status_code: 422,
        message: "Processing Error: Error trying to get the current metastore info.",
        what: "Databricks did not tell its metastore. Redshift has no such test.",
        mend: "Check that `type` is `Redshift`.",
    },
    HttpHelp {
        status_code: 400,
        message: "Unable to edit integration due to changes of non-editable attribute(s)…",
        what: "The update changes something that cannot be changed. For Redshift it is inferred to be `type`, \
               `autoBootstrap`, `host`, `database` and `initialDatabase`.",
        mend: "Write the old values; or delete the integration and create it anew.",
    },
    HttpHelp {
        status_code: 409,
        message: "Unable to edit integration with ID … in current state ….",
        what: "The integration is being changed or deleted at this moment.",
        mend: "Ask `GET /integrations/{id}/status` until the state is settled, then try again.",
    },
];
