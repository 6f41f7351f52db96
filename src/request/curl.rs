//! The request as a shell command.
//!
//! Threats, and how the command avoids them:
//!
//! * **Process lists.** Arguments are readable by every user of the machine (`ps`), so neither key nor body
//!   is one: curl reads both from its standard input, as a configuration file (`--config -`), or only the
//!   header if there is no body (`-H @-`, curl 7.55). `printf` is a built-in of sh, bash, dash, ash, ksh
//!   and zsh, not a process.
//! * **Names with quotes, `$`, backquotes.** JSON can spell any character as `\uXXXX`, and the body does so
//!   for every character with a meaning to a shell or a terminal, or that could mislead a reader. So no quoting is
//!   needed, not even of `!` in an interactive bash.
//! * **Passwords with quotes and backslashes.** The shell function `quoted` escapes a variable's value for
//!   JSON. curl reads the body from a quoted string of its configuration, whose escapes (`\\`, `\"`, `\n`)
//!   JSON shares, so the same function serves for both.
//! * **Pasting.** The command is a subshell: `${NAME:?}` stops it without closing the terminal, and it
//!   does not leave a variable or function in the session. It has no comments, which an interactive zsh would run.

use std::fmt::Write as _;

use super::{API_KEY_VARIABLE, Request, RequestBody};

/// The variable for the id of the integration. curl would take a literal `{id}` for a glob and send `id`.
const ID_VARIABLE: &str = "IMMUTA_INTEGRATION_ID";

/// Prints its argument as the inside of a JSON string. Bytes from 0x80 are kept, in any encoding: hence `LC_ALL`, which
/// applies only to the subshell of the command substitution that calls it.
const QUOTED: &str = r#"quoted() {
    LC_ALL=C rest=$1 out=
    while [ -n "$rest" ]; do
        plain=${rest%%[\"\\[:cntrl:]]*}
        rest=${rest#"$plain"}
        tail=${rest#?}
        char=${rest%"$tail"}
        rest=$tail
        out=$out$plain
        case $char in
            '"' | '\') out=$out\\$char ;;
            '
') out=$out\\n ;;
            [[:cntrl:]]) out=$out$(printf '\\u%04x' "'$char") ;;
        esac
    done
    printf '%s' "$out"
}
"#;

pub(super) fn render(request: &Request) -> String {
    let mut text = "(\n".to_owned();
    require(&mut text, API_KEY_VARIABLE, "set it to your Immuta API key");
    if request.is_missing_id() {
        require(&mut text, ID_VARIABLE, "set it to the id of the integration");
    }
    if let Some(body) = &request.body {
        let variable = body.authentication().password_variable();
        if variable != API_KEY_VARIABLE {
            require(&mut text, variable, "set it to the password of the system account");
        }
        text.push_str(QUOTED);
        push_body(&mut text, body);
    }
    push_curl(&mut text, request);
    text.push_str(")\n");
    text
}

/// Stops the subshell if the variable is unset or empty.
fn require(text: &mut String, variable: &str, message: &str) {
    text.push_str(": \"${");
    text.push_str(variable);
    text.push_str(":?");
    text.push_str(message);
    text.push_str("}\"\n");
}

/// `body='…'`, with the password inserted.
fn push_body(text: &mut String, body: &RequestBody) {
    let (before, after) = body.split_at_password();
    text.push_str("body='");
    push_inert(text, &before);
    text.push_str("\"'\"$(quoted \"$");
    text.push_str(body.authentication().password_variable());
    text.push_str("\")\"'\"");
    push_inert(text, &after);
    text.push_str("'\n");
}

fn push_curl(text: &mut String, request: &Request) {
    text.push_str("curl -X '");
    text.push_str(request.method);
    text.push_str("' \\\n");
    // Without --globoff, brackets and braces in the URL are curl's own patterns.
    if request.is_missing_id() {
        text.push_str("    --globoff \"");
        text.push_str(&request.url_with(&format!("${ID_VARIABLE}")));
        text.push_str("\" \\\n");
    } else {
        let url = request.url();
        text.push_str(if url.contains('[') { "    --globoff '" } else { "    '" });
        text.push_str(&url);
        text.push_str("' \\\n");
    }
    text.push_str("    -H 'accept: application/json' \\\n    -H 'Content-Type: application/json' \\\n");
    text.push_str(if request.body.is_some() {
        "    --config - <<EOF\n\
         header = \"Authorization: $(quoted \"$IMMUTA_API_KEY\")\"\n\
         data = \"$(quoted \"$body\")\"\n\
         EOF\n"
    } else {
        "    -H @- <<EOF\n\
         Authorization: $IMMUTA_API_KEY\n\
         EOF\n"
    });
}

/// Appends JSON text, with every character escaped that has a meaning to a shell or is invisible. JSON has none of these
/// characters outside strings.
fn push_inert(text: &mut String, json: &str) {
    for character in json.chars() {
        if needs_escape(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
}

/// Quotes and expansions of shells; control characters except the line breaks of the layout; and invisible and
/// direction-changing characters, which can make text look like other text.
fn needs_escape(character: char) -> bool {
    matches!(character, '\'' | '$' | '`' | '!')
        || (character.is_control() && character != '\n')
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}
