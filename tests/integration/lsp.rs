//! The language server as editors use it: the command, over its standard streams.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;

use serde_json::{Value, json};

use crate::support::words::original;

const URI: &str = "file:///project/payload.yaml";

const GOOD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: cluster.example.com
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: immuta_system
  password: ${REDSHIFT_PASSWORD}
";

/// A test client.
struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    last: i32,
    /// The diagnostics that arrived while waiting for another message.
    published: Vec<Value>,
}

impl Editor {
    /// Starts a server without initializing it.
    fn started() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_bootshift"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take();
        let output = BufReader::new(server.stdout.take().expect("its output"));
        Self { server, input, output, last: 0, published: Vec::new() }
    }

    /// An initialized server, for a client with common capabilities.
    fn new() -> Self {
        Self::with(&json!({
            "textDocument": {
                "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown"] } },
                "hover": { "contentFormat": ["markdown", "plaintext"] },
            },
            "workspace": { "workspaceEdit": { "documentChanges": true } },
        }))
    }

    fn with(capabilities: &Value) -> Self {
        let mut editor = Self::started();
        let result = editor.request(
            "initialize",
            &json!({ "processId": null, "rootUri": null, "capabilities": capabilities }),
        );
        assert_eq!(result["serverInfo"]["name"], "bootshift");
        editor.notify("initialized", &json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        self.send_raw(&message.to_string());
    }

    fn send_raw(&mut self, text: &str) {
        let input = self.input.as_mut().expect("the server listens");
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server listens");
        input.flush().expect("the server listens");
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next message.
    fn next(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).expect("a header"), 0, "the server has gone away");
            match line.trim_end() {
                "" => break,
                line => {
                    if let Some(value) = line.strip_prefix("Content-Length: ") {
                        length = value.parse().expect("a length");
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("a message");
        serde_json::from_str(&original(String::from_utf8(body).expect("UTF-8"))).expect("JSON")
    }

    /// Sends a request, and waits for the response.
    fn ask(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.next();
            if message["method"] == "textDocument/publishDiagnostics" {
                self.published.push(message["params"].clone());
                continue;
            }
            assert_eq!((&message["id"], message.get("method")), (&json!(id), None), "{message}");
            return match message.get("error") {
                Some(error) => Err(error.clone()),
                None => Ok(message["result"].clone()),
            };
        }
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The next diagnostics.
    fn diagnostics(&mut self) -> Value {
        if !self.published.is_empty() {
            return self.published.remove(0);
        }
        let message = self.next();
        assert_eq!(message["method"], "textDocument/publishDiagnostics", "{message}");
        message["params"].clone()
    }

    /// Whether nothing has been published: requests are handled in order.
    fn is_silent(&mut self) -> bool {
        self.request("textDocument/hover", &at(URI, 0, 0));
        self.published.is_empty()
    }

    /// Checks that the diagnostics of a text with one error are published for `uri`, to verify that the client is served.
    fn is_served(&mut self, uri: &str) {
        self.open(uri, "yaml", &GOOD.replace("host", "hots"));
        assert!(!self.is_silent(), "{uri}");
        let published = self.diagnostics();
        assert_eq!(published["uri"], uri);
        assert_eq!(shown(&published), ["unknown-property 3:2-3:6"], "{uri}");
    }

    fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    fn change(&mut self, version: i32, changes: &Value) {
        self.change_of(URI, &json!({ "version": version }), changes);
    }

    /// Changes a document to `version`.
    fn change_of(&mut self, uri: &str, version: &Value, changes: &Value) {
        let mut document = version.clone();
        document["uri"] = json!(uri);
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": changes }),
        );
    }

    fn completions(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let (text, line, character) = cursor(text);
        let language = if uri.ends_with("json") { "json" } else { "yaml" };
        self.open(uri, language, &text);
        let items = self.request("textDocument/completion", &at(uri, line, character));
        items.as_array().expect("items").clone()
    }

    /// The code actions of a kind for a whole document.
    fn actions(&mut self, uri: &str, only: Option<&str>) -> Vec<Value> {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        self.request("textDocument/codeAction", &params).as_array().expect("actions").clone()
    }

    /// Shuts the server down. Returns its exit status and standard error.
    fn leave(mut self) -> (ExitStatus, String) {
        assert_eq!(self.request("shutdown", &Value::Null), Value::Null);
        self.notify("exit", &Value::Null);
        self.wait()
    }

    fn wait(mut self) -> (ExitStatus, String) {
        let status = self.server.wait().expect("the server ends");
        let mut error = String::new();
        self.server.stderr.take().expect("its errors").read_to_string(&mut error).expect("UTF-8");
        (status, error)
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if thread::panicking() {
            // The server may hang.
            let _ = self.server.kill();
        }
        // It exits by itself, so that its coverage is recorded.
        drop(self.input.take());
        let _ = io::copy(&mut self.output, &mut io::sink());
        let _ = self.server.wait();
    }
}

fn at(uri: &str, line: usize, character: usize) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

/// The text without its `|`, and the position of the `|` as line and UTF-16 units.
fn cursor(text: &str) -> (String, usize, usize) {
    let offset = text.find('|').expect("a cursor");
    let before = &text[..offset];
    let line = before.rsplit('\n').next().unwrap_or_default();
    (text.replacen('|', "", 1), before.matches('\n').count(), line.encode_utf16().count())
}

/// The code and the position of each diagnostic.
fn shown(published: &Value) -> Vec<String> {
    let diagnostics = published["diagnostics"].as_array().expect("diagnostics");
    diagnostics
        .iter()
        .map(|one| {
            assert_eq!(one["source"], "bootshift");
            let (start, end) = (&one["range"]["start"], &one["range"]["end"]);
            format!(
                "{} {}:{}-{}:{}",
                one["code"].as_str().expect("a code"),
                start["line"],
                start["character"],
                end["line"],
                end["character"]
            )
        })
        .collect()
}

/// Applies edits with UTF-16 positions to a text.
fn edited(text: &str, edits: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let offset = |place: &Value| {
        let line = usize::try_from(place["line"].as_u64().expect("a line")).expect("small");
        let character = usize::try_from(place["character"].as_u64().expect("a character")).expect("small");
        let start = if line == 0 {
            0
        } else {
            units.iter().enumerate().filter(|(_, unit)| **unit == 10).nth(line - 1).expect("the line").0 + 1
        };
        start + character
    };
    let mut edits: Vec<(usize, usize, String)> = edits
        .as_array()
        .expect("edits")
        .iter()
        .map(|edit| {
            let text = edit["newText"].as_str().expect("a text").to_owned();
            (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), text)
        })
        .collect();
    edits.sort();
    let mut out = units.clone();
    for (start, end, text) in edits.into_iter().rev() {
        out.splice(start..end, text.encode_utf16());
    }
    String::from_utf16(&out).expect("UTF-16")
}

fn title(action: &Value) -> &str {
    action["title"].as_str().expect("a title")
}

/// The edits of an action, which must apply to the open version.
fn edits(action: &Value) -> &Value {
    let change = &action["edit"]["documentChanges"][0];
    assert!(change["textDocument"]["version"].is_i64(), "{action}");
    &change["edits"]
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["label"].as_str().expect("a label")).collect()
}

fn item<'i>(items: &'i [Value], label: &str) -> &'i Value {
    items
        .iter()
        .find(|item| item["label"] == label)
        .unwrap_or_else(|| panic!("{label} in {:?}", labels(items)))
}

#[test]
fn initialize_returns_capabilities_and_exit_is_orderly() {
    let mut editor = Editor::started();
    // Requests before `initialize` are rejected.
    let error = editor.ask("textDocument/hover", &at(URI, 0, 0)).expect_err("an error");
    assert_eq!(error["code"], -32002);
    let result = editor.request("initialize", &json!({ "capabilities": {} }));
    let capabilities = &result["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert_eq!(capabilities["textDocumentSync"], json!({ "openClose": true, "change": 2 }));
    assert_eq!(capabilities["hoverProvider"], true);
    assert_eq!(
        capabilities["codeActionProvider"]["codeActionKinds"],
        json!(["quickfix", "source.fixAll.bootshift"])
    );
    assert_eq!(result["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
    editor.notify("initialized", &json!({}));
    let (status, error) = editor.leave();
    assert_eq!((status.code(), error.as_str()), (Some(0), ""));
}

#[test]
fn exit_code_is_1_without_shutdown_request() {
    let mut editor = Editor::new();
    editor.notify("exit", &Value::Null);
    assert_eq!(editor.wait().0.code(), Some(1));
    let mut editor = Editor::new();
    editor.input = None;
    assert_eq!(editor.wait().0.code(), Some(1));
    // The start of the next message is unknown.
    let mut editor = Editor::new();
    editor
        .input
        .as_mut()
        .expect("a stream")
        .write_all(b"Content-Length: much\r\n\r\n")
        .expect("the server listens");
    let (status, error) = editor.wait();
    assert_eq!((status.code(), error.as_str()), (Some(1), ""));
}

#[test]
fn unknown_method_returns_method_not_found() {
    let mut editor = Editor::new();
    for (method, code) in
        [("textDocument/rename", -32601), ("bootshift/none", -32601), ("initialize", -32600)]
    {
        assert_eq!(editor.ask(method, &json!({})).expect_err("an error")["code"], code, "{method}");
    }
    let error = editor.ask("textDocument/hover", &json!({ "position": "Tr0ub4dor" })).expect_err("an error");
    assert_eq!(error["code"], -32602);
    assert!(!error.to_string().contains("Tr0ub"), "{error}");
    editor.notify("$/cancelRequest", &json!({ "id": 1 }));
    editor.notify("textDocument/didOpen", &json!({ "textDocument": 1 }));
    editor.notify(
        "textDocument/didChange",
        &json!({ "textDocument": { "uri": URI, "version": 2 }, "contentChanges": [] }),
    );
    for text in ["{", "{}", "[]", "null", "{\"secret\": \"Tr0ub4dor\"}", "\u{FFFD}"] {
        editor.send_raw(text);
        let answer = editor.next();
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(-32700)), "{text}");
        assert!(!answer.to_string().contains("Tr0ub"), "{answer}");
    }
    // Requests for documents that are not open have no result.
    assert_eq!(editor.request("textDocument/hover", &at(URI, 0, 0)), Value::Null);
    assert_eq!(editor.request("textDocument/completion", &at(URI, 0, 0)), json!([]));
    assert_eq!(editor.actions(URI, None), Vec::<Value>::new());
    editor.request("shutdown", &Value::Null);
    assert_eq!(editor.ask("textDocument/hover", &at(URI, 0, 0)).expect_err("an error")["code"], -32600);
    editor.notify("exit", &Value::Null);
    let (status, error) = editor.wait();
    assert_eq!((status.code(), error.as_str()), (Some(0), ""));
}

#[test]
fn diagnostics_follow_changes() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", GOOD);
    let published = editor.diagnostics();
    assert_eq!((&published["version"], &published["uri"]), (&json!(1), &json!(URI)));
    assert_eq!(shown(&published), Vec::<String>::new());
    // Changes apply one after the other; astral characters are two units.
    editor.change(
        2,
        &json!([
            { "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }, "text": "# \u{1d11e}\u{1d11e} \u{e9}\r\n" },
            { "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 6 } }, "text": "x" },
            { "range": { "start": { "line": 4, "character": 2 }, "end": { "line": 4, "character": 6 } }, "text": "\"\u{1d11e}\": 1\n  hots" },
        ]),
    );
    let published = editor.diagnostics();
    assert_eq!(published["version"], 2);
    assert_eq!(shown(&published), ["unknown-property 4:2-4:6", "unknown-property 5:2-5:6"]);
    let hots = &published["diagnostics"][1];
    assert_eq!(hots["severity"], 1);
    let docs = hots["codeDescription"]["href"].as_str().expect("an address");
    assert!(docs.ends_with("/src/check/rules/unknown_property.md"), "{docs}");
    assert_eq!(hots["message"], "unknown property `hots` in `config`\nhelp: did you mean `host`?");
    editor.change(3, &json!([{ "text": GOOD.replace("${REDSHIFT_PASSWORD}", "{} # \u{1d11e}") }]));
    assert_eq!(shown(&editor.diagnostics()), ["wrong-type 8:12-8:14"]);
    editor.notify("textDocument/didClose", &json!({ "textDocument": { "uri": URI } }));
    assert_eq!(shown(&editor.diagnostics()), Vec::<String>::new());
    assert_eq!(editor.leave().0.code(), Some(0));
}

/// Clients can choose any name for a document: several send a plain path.
#[test]
fn any_document_name_is_accepted() {
    let mut editor = Editor::new();
    for uri in [
        "file:///w/a b.bootshift.yaml",
        "file:///w/a%20b.yaml",
        "file:///\u{fc}.yaml",
        "file:///u\u{308}.yaml",
        "file:///a[1].yaml",
        "file:///w/a%5B1%5D.yaml",
        "file:///w/100%.yaml",
        "file:///w/%zz%FF.yaml",
        "file:///w/#1?.yaml",
        "file:///w/a|b<c>^`{d}`\"'\\.yaml",
        "file:///w/\u{1f600}\u{0}\t\n.yaml",
        "file:///c%3A/w/a.yaml",
        "file:///C:\\w\\a.yaml",
        "file://C:/w/a.yaml",
        "file://server/share/a b.yaml",
        "file:a.yaml",
        "C:\\w\\a.yaml",
        "\\\\server\\share\\a.yaml",
        "/w/a b.yaml",
        "untitled:Untitled-1",
        "untitled:a b",
        "vscode-notebook-cell:/w/a b.ipynb#W0sZmlsZQ==",
        "vscode-vfs://github+7b/o/r/a b.yaml?x y#z",
        "git:/w/a b.yaml?{\"path\":\"/w/a b.yaml\",\"ref\":\"~\"}",
        "a b",
        ":",
        "",
    ] {
        editor.is_served(uri);
        assert_ne!(editor.request("textDocument/hover", &at(uri, 0, 0)), Value::Null, "{uri}");
        assert_ne!(editor.request("textDocument/completion", &at(uri, 1, 0)), json!([]), "{uri}");
        let change = &editor.actions(uri, Some("quickfix"))[0]["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"], json!({ "uri": uri, "version": 1 }));
        editor.change_of(uri, &json!({ "version": 2 }), &json!([{ "text": GOOD }]));
        let published = editor.diagnostics();
        assert_eq!((&published["uri"], &published["version"]), (&json!(uri), &json!(2)));
        assert_eq!(shown(&published), Vec::<String>::new());
        editor.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
        assert_eq!(editor.diagnostics(), json!({ "uri": uri, "diagnostics": [] }));
    }
    // Also as a key.
    let mut editor = Editor::with(&json!({}));
    editor.is_served("file:///w/a b.yaml");
    let action = &editor.actions("file:///w/a b.yaml", None)[0];
    assert_eq!(action["edit"]["changes"]["file:///w/a b.yaml"][0]["newText"], "host");
}

/// Equivalent but differently spelled names are different documents.
#[test]
fn document_names_are_compared_verbatim() {
    let mut editor = Editor::new();
    editor.is_served("file:///w/a%20b.yaml");
    let other = "file:///w/a b.yaml";
    assert_eq!(editor.request("textDocument/hover", &at(other, 0, 0)), Value::Null);
    editor.notify("textDocument/didClose", &json!({ "textDocument": { "uri": other } }));
    assert_ne!(editor.request("textDocument/hover", &at("file:///w/a%20b.yaml", 0, 0)), Value::Null);
    assert!(editor.is_silent());
}

/// JSON is detected by the file name, in any form of the URI.
#[test]
fn json_extension_means_json() {
    let mut editor = Editor::new();
    let text = "{\"type\": \"Redshift\", \"autoBootstrap\": false,}";
    for (uri, is_json) in [
        ("file:///w/a b.json", true),
        ("file:///w/a.JSON", true),
        ("file:///w/a%2Ejson", true),
        ("C:\\w\\a.json", true),
        ("vscode-vfs://github/o/r/a.json?x#y", true),
        ("file:///w/a.yaml", false),
        ("git:/w/a.yaml?{\"path\":\"/w/b.json\"}", false),
        ("file:///w.json/a", false),
    ] {
        editor.open(uri, "", text);
        assert!(!editor.is_silent(), "{uri}");
        let found = shown(&editor.diagnostics());
        assert_eq!(found.contains(&"syntax 0:43-0:44".to_owned()), is_json, "{uri}: {found:?}");
    }
}

/// Files whose names match the hooks are payloads here too, relative to the open folder.
#[test]
fn payload_file_names_are_recognized() {
    let mut editor = Editor::started();
    let folders =
        json!([{ "uri": "file:///w/immuta-integrations", "name": 1 }, null, { "uri": "file:///w/a b/" }]);
    let params = json!({ "rootUri": "file:///root", "workspaceFolders": folders, "capabilities": {} });
    editor.request("initialize", &params);
    for (uri, is_named) in [
        ("file:///w/a b/immuta.yaml", true),
        ("file:///elsewhere/immuta.json", true),
        ("file:///w/a b/warehouse.bootshift.yml", true),
        ("file:///w/\u{fc}[1].immuta.yaml", true),
        ("file:///w/prod_immuta%2Dintegration.yaml", true),
        ("file:///w/a%20b/immuta/integrations/deep/a.yaml", true),
        ("file:///elsewhere/immuta/integrations/a.yaml", true),
        ("C:\\w\\immuta-integrations\\a.yaml", true),
        ("untitled:/w/immuta.yaml", true),
        ("vscode-vfs://github/o/r/immuta.yaml?a#b", true),
        // The name of the repository does not count.
        ("file:///w/immuta-integrations/compose.yaml", false),
        ("file:///w/immuta%2dintegrations/.github/ci.yaml", false),
        ("file:///w/immuta-integrations/immuta.yaml", true),
        ("file:///w/immuta-integrations/immuta-integrations/a.yaml", true),
        ("file:///w/a b/immuta/policies/a.yaml", false),
        ("file:///w/notimmuta.yaml", false),
        ("file:///w/immuta.yaml/a.txt", false),
    ] {
        editor.open(uri, "yaml", "{\"hots\": 1}");
        assert_eq!(!editor.is_silent(), is_named, "{uri}");
        if is_named {
            assert!(shown(&editor.diagnostics()).contains(&"unknown-property 0:1-0:7".to_owned()), "{uri}");
        }
    }
    // Such a file may also contain a response of the API.
    editor.open("file:///w/immuta-integrations.json", "json", "[]");
    assert_eq!(shown(&editor.diagnostics()), Vec::<String>::new());
    editor.open(
        "file:///w/immuta.yaml",
        "yaml",
        "authenticationType: userPassword\nusername: u\npassword: ${P}\n",
    );
    assert_eq!(shown(&editor.diagnostics()), Vec::<String>::new());
    // The text takes precedence.
    let other = "# yaml-language-server: $schema=https://example.com/other.json\nhots: 1\n";
    editor.open("file:///elsewhere/immuta.yaml", "yaml", other);
    assert!(editor.is_silent());
}

/// If `initialize` fails, a whole project has no language server.
#[test]
fn malformed_client_capabilities_are_ignored() {
    for params in [
        Value::Null,
        json!({}),
        json!([]),
        json!("x"),
        json!({ "rootUri": "file:///w/a b[1]/\u{fc}", "trace": "compact" }),
        json!({ "rootUri": "", "rootPath": 1, "workspaceFolders": {}, "trace": null, "locale": 1 }),
        json!({ "rootUri": 1, "rootPath": null, "workspaceFolders": [1, {}, { "uri": "a b" }], "processId": "1" }),
        json!({ "capabilities": null, "clientInfo": "x", "initializationOptions": [], "workDoneToken": 1.5 }),
        json!({ "capabilities": [] }),
        json!({ "capabilities": { "textDocument": [], "general": 1, "workspace": "x", "window": [1] } }),
        json!({ "capabilities": { "general": { "positionEncodings": null } } }),
        json!({ "capabilities": { "general": { "positionEncodings": ["utf-7", 1, null] } } }),
        json!({ "capabilities": { "textDocument": {
            "completion": { "completionItem": { "snippetSupport": "yes", "documentationFormat": "markdown",
                "tagSupport": true, "insertTextModeSupport": { "valueSet": [99, "x"] } } },
            "hover": { "contentFormat": ["org", 1] },
            "codeAction": { "codeActionLiteralSupport": 1, "resolveSupport": [] },
            "publishDiagnostics": { "tagSupport": { "valueSet": ["x"] } },
        } } }),
        json!({ "capabilities": { "workspace": {
            "workspaceEdit": { "documentChanges": 1, "failureHandling": "x", "resourceOperations": ["x"] },
            "symbol": { "symbolKind": { "valueSet": [1e9, -1] } },
        } } }),
    ] {
        let mut editor = Editor::started();
        let result = editor.request("initialize", &params);
        assert_eq!(result["capabilities"]["positionEncoding"], "utf-16", "{params}");
        editor.is_served(URI);
        assert_eq!(editor.request("textDocument/hover", &at(URI, 0, 0))["contents"]["kind"], "plaintext");
        assert_eq!(editor.actions(URI, None)[0]["edit"]["changes"][URI][0]["newText"], "host", "{params}");
        assert_eq!(editor.leave().0.code(), Some(0));
    }
    // Nested more deeply than the parser allows.
    let mut editor = Editor::started();
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    editor.send_raw(&format!(
        r#"{{"id":"a","method":"initialize","params":{{"initializationOptions":{deep}}}}}"#
    ));
    assert_eq!(editor.next()["result"]["serverInfo"]["name"], "bootshift");
    editor.send_raw(&format!(r#"{{"id":2,"method":"textDocument/hover","params":{deep}}}"#));
    assert_eq!(editor.next()["error"]["code"], -32602);
    editor.is_served(URI);
    // Known values in a list are used.
    let mut editor = Editor::started();
    let result = editor.request(
        "initialize",
        &json!({ "capabilities": {
            "general": { "positionEncodings": ["utf-7", 1, "utf-8"] },
            "textDocument": { "hover": { "contentFormat": ["org", null, "markdown"] } },
        } }),
    );
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-8");
    editor.is_served(URI);
    assert_eq!(editor.request("textDocument/hover", &at(URI, 0, 0))["contents"]["kind"], "markdown");
}

/// After "save as" some clients continue with the new name without opening it.
#[test]
fn full_change_of_unknown_document_opens_it() {
    let mut editor = Editor::new();
    let place = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let insertion = json!({ "range": place, "text": "# \n" });
    // A ranged change is ignored: the rest of the text is unknown.
    let uri = "file:///w/immuta.json";
    let part = json!({ "range": place, "text": "{ \"type\": \"Redshift\" }" });
    editor.change_of(uri, &json!({ "version": 2 }), &json!([part]));
    assert_eq!(editor.request("textDocument/hover", &at(uri, 0, 4)), Value::Null);
    let text = GOOD.replace("host", "hots");
    for (uri, changes) in [
        ("file:///w/new name.yaml", json!([{ "text": text }])),
        ("file:///w/new.yaml", json!([{ "range": null, "text": text }])),
        ("file:///w/newer.yaml", json!([insertion, { "text": text }])),
    ] {
        editor.change_of(uri, &json!({ "version": 7 }), &changes);
        assert_ne!(editor.request("textDocument/hover", &at(uri, 3, 3)), Value::Null, "{uri} is known");
        let published = editor.diagnostics();
        assert_eq!((&published["uri"], &published["version"]), (&json!(uri), &json!(7)));
        assert_eq!(shown(&published), ["unknown-property 3:2-3:6"]);
        editor.change_of(uri, &json!({ "version": 8 }), &json!([insertion]));
        assert_eq!(shown(&editor.diagnostics()), ["unknown-property 4:2-4:6"]);
        editor.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
        assert_eq!(shown(&editor.diagnostics()), Vec::<String>::new());
    }
    // Its language follows from the name.
    editor.change_of("file:///w/immuta.json", &json!({}), &json!([{ "text": "{\"hots\": 1,}" }]));
    assert_eq!(shown(&editor.diagnostics()), ["syntax 0:10-0:11"]);
}

/// Missing or unusual members of messages do not cause errors.
#[test]
fn malformed_messages_are_tolerated() {
    let mut editor = Editor::new();
    // Versions, which are returned unchanged.
    for (version, echoed) in [
        (json!({}), None),
        (json!({ "version": null }), None),
        (json!({ "version": "3" }), None),
        (json!({ "version": 3.0 }), Some(json!(3.0))),
        (json!({ "version": -1 }), Some(json!(-1))),
        (json!({ "version": 4_294_967_296_u64 }), Some(json!(4_294_967_296_u64))),
    ] {
        let mut document = json!({ "uri": URI, "text": GOOD.replace("host", "hots"), "extra": {} });
        document.as_object_mut().expect("an object").extend(version.as_object().expect("an object").clone());
        editor.notify("textDocument/didOpen", &json!({ "textDocument": document, "extra": 1 }));
        assert!(!editor.is_silent(), "{version}");
        let published = editor.diagnostics();
        assert_eq!(published.get("version"), echoed.as_ref(), "{version}");
        assert_eq!(shown(&published), ["unknown-property 3:2-3:6"]);
        let change = &editor.actions(URI, None)[0]["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"]["version"], echoed.clone().unwrap_or_default(), "{version}");
        editor.change_of(URI, &version, &json!([{ "text": GOOD }]));
        assert_eq!(editor.diagnostics().get("version"), echoed.as_ref(), "{version}");
    }
    // Positions, which are clamped.
    editor.is_served(URI);
    for (line, character, is_something) in [
        (json!(3.0), json!(2.0), true),
        (json!(3.0), json!(2.9), true),
        (json!(-1), json!(-1.5), true),
        (json!(3), json!(9_007_199_254_740_991_u64), false),
        (json!(4_294_967_296_u64), json!(0), false),
        (json!(1e300), json!(-1e300), false),
    ] {
        let place = json!({ "line": line, "character": character, "extra": 1 });
        let params = json!({ "textDocument": { "uri": URI, "version": 1 }, "position": place, "context": 1 });
        let hover = editor.request("textDocument/hover", &params);
        assert_eq!(hover != Value::Null, is_something, "{place}");
        editor.request("textDocument/completion", &params);
    }
    // Ranges that end before they start, or after the end of the text.
    let hots = json!({ "start": { "line": 3.0, "character": 6 }, "end": { "line": 3, "character": 2.0 } });
    editor.change(2, &json!([{ "range": hots, "rangeLength": null, "text": "host", "extra": [] }]));
    assert_eq!(shown(&editor.diagnostics()), Vec::<String>::new());
    let end = json!({ "line": 2_147_483_648_u64, "character": -1 });
    editor.change(3, &json!([{ "range": { "start": end, "end": end }, "text": "hots: 1\n" }]));
    assert_eq!(shown(&editor.diagnostics()), ["unknown-property 9:0-9:4"]);
    editor.change_of(URI, &json!({ "version": 4 }), &Value::Null);
    assert_eq!(editor.diagnostics()["version"], 4);
    // Requests for code actions include diagnostics of other servers.
    editor.is_served(URI);
    let range = json!({ "start": { "line": 3, "character": 0 }, "end": { "line": 1e10, "character": 0 } });
    for context in [
        Value::Null,
        json!({}),
        json!(1),
        json!([]),
        json!({ "diagnostics": null, "only": null, "triggerKind": 9 }),
        json!({ "diagnostics": [1, { "severity": "high", "code": [], "range": null }], "only": [] }),
        json!({ "only": "quickfix" }),
        json!({ "only": [1, null] }),
        json!({ "only": [{}, "quickfix"] }),
    ] {
        let params = json!({ "textDocument": { "uri": URI }, "range": range, "context": context });
        let actions = editor.request("textDocument/codeAction", &params);
        assert_eq!(actions[0]["diagnostics"][0]["code"], "unknown-property", "{context}");
    }
    let params = json!({ "textDocument": { "uri": URI }, "range": range });
    assert_eq!(editor.request("textDocument/codeAction", &params)[0]["kind"], "quickfix");
    assert_eq!(editor.leave().0.code(), Some(0));
}

/// An invalid request is rejected, and the next one is handled.
#[test]
fn invalid_params_are_rejected_per_request() {
    let mut editor = Editor::new();
    editor.is_served(URI);
    let document = json!({ "uri": URI });
    let place = json!({ "line": 0, "character": 0 });
    for params in [
        Value::Null,
        json!([]),
        json!("Tr0ub4dor"),
        json!({}),
        json!({ "textDocument": null, "position": place, "range": { "start": place, "end": place } }),
        json!({ "textDocument": {}, "position": place, "range": { "start": place, "end": place } }),
        json!({ "textDocument": { "uri": 1 }, "position": place, "range": { "start": place, "end": place } }),
        json!({ "textDocument": document }),
        json!({ "textDocument": document, "position": null, "range": null }),
        json!({ "textDocument": document, "position": "Tr0ub4dor", "range": "Tr0ub4dor" }),
        json!({ "textDocument": document, "position": { "line": 0 }, "range": { "start": place } }),
        json!({ "textDocument": document, "position": { "line": null, "character": 0 },
            "range": { "start": { "line": "0", "character": 0 }, "end": place } }),
    ] {
        for method in ["textDocument/hover", "textDocument/completion", "textDocument/codeAction"] {
            let error = editor.ask(method, &params).expect_err("an error");
            assert_eq!(error["code"], -32602, "{method} {params}");
            assert!(!error.to_string().contains("Tr0ub"), "{error}");
        }
    }
    for params in
        [Value::Null, json!([]), json!({}), json!({ "textDocument": 1 }), json!({ "textDocument": {} })]
    {
        for method in ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"] {
            editor.notify(method, &params);
        }
    }
    editor.notify("textDocument/didOpen", &json!({ "textDocument": { "uri": URI, "text": null } }));
    assert_ne!(editor.request("textDocument/hover", &at(URI, 3, 3)), Value::Null, "it is open");
    assert!(editor.is_silent());
    editor.is_served(URI);
    assert_eq!(editor.leave().0.code(), Some(0));
}

/// No diagnostics are published for an outdated text, until the whole text is sent again.
#[test]
fn invalid_change_makes_text_unknown() {
    let mut editor = Editor::new();
    let place = json!({ "line": 0, "character": 0 });
    for changes in [
        json!({ "text": "a" }),
        json!("a"),
        json!([1]),
        json!([{}]),
        json!([{ "text": null }]),
        json!([{ "range": { "start": place }, "text": "a" }]),
        json!([{ "range": "all", "text": "a" }]),
    ] {
        editor.is_served(URI);
        editor.change(2, &changes);
        assert!(!editor.is_silent(), "{changes}");
        assert_eq!(editor.diagnostics(), json!({ "uri": URI, "diagnostics": [] }), "{changes}");
        editor.change(3, &json!([{ "range": { "start": place, "end": place }, "text": "a" }]));
        assert_eq!(editor.request("textDocument/hover", &at(URI, 0, 0)), Value::Null, "{changes}");
        assert!(editor.is_silent());
        editor.change(4, &json!([{ "text": GOOD.replace("host", "hots") }]));
        assert_eq!(shown(&editor.diagnostics()), ["unknown-property 3:2-3:6"]);
    }
}

/// Most notifications are irrelevant to the server.
#[test]
fn unused_members_of_messages_are_ignored() {
    let mut editor = Editor::new();
    editor.is_served(URI);
    let document = json!({ "uri": URI });
    for (method, params) in [
        ("$/setTrace", json!({ "value": "compact" })),
        ("$/cancelRequest", json!({ "id": 99 })),
        ("$/progress", Value::Null),
        ("initialized", Value::Null),
        ("workspace/didChangeConfiguration", json!({ "settings": null })),
        ("workspace/didChangeWorkspaceFolders", json!({ "event": {} })),
        ("workspace/didChangeWatchedFiles", json!({ "changes": [] })),
        ("workspace/didRenameFiles", json!({})),
        ("textDocument/willSave", json!({ "textDocument": document, "reason": 1 })),
        ("textDocument/didSave", json!({ "textDocument": document })),
        ("textDocument/didSave", json!({ "textDocument": { "uri": "file:///w/other.yaml" }, "text": GOOD })),
        ("textDocument/didClose", json!({ "textDocument": { "uri": "file:///w/other.yaml" } })),
        ("notebookDocument/didOpen", json!({ "notebookDocument": 1 })),
        ("own/notification", json!([1, 2])),
        ("", json!({})),
    ] {
        editor.notify(method, &params);
        // With `null` as the identifier of a notification.
        editor.send(&json!({ "id": null, "method": method, "params": params }));
    }
    editor.send(&json!({ "jsonrpc": "2.0", "id": 1, "result": null }));
    editor.send(&json!({ "jsonrpc": "2.0", "id": "x", "error": { "code": 1.5 } }));
    for method in
        ["textDocument/willSaveWaitUntil", "textDocument/diagnostic", "workspace/executeCommand", "$/own", ""]
    {
        assert_eq!(editor.ask(method, &Value::Null).expect_err("an error")["code"], -32601, "{method}");
    }
    assert!(editor.is_silent());
    editor.is_served(URI);
    assert_eq!(editor.leave().0.code(), Some(0));
}

/// Each response repeats the client's identifier.
#[test]
fn response_has_id_of_request() {
    let mut editor = Editor::new();
    for id in [json!("a b"), json!(""), json!(-1), json!(1.0), json!(2.5), json!(9_007_199_254_740_991_u64)] {
        let mut request = json!({ "id": id, "method": "textDocument/hover", "params": at(URI, 0, 0) });
        editor.send(&request);
        assert_eq!(editor.next(), json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        request["params"] = Value::Null;
        editor.send(&request);
        let refused = editor.next();
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&id, &json!(-32602)));
        editor.send(&json!({ "id": id, "method": ["textDocument/hover"] }));
        let refused = editor.next();
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&id, &json!(-32600)));
    }
}

/// While an emoji is being deleted, a text may not be valid Unicode.
#[test]
fn text_with_lone_surrogate_is_checked() {
    let mut editor = Editor::new();
    let text = format!("# \\ud83d{GOOD}")
        .replace("type", "\\u0023\\ntype")
        .replace("host", "hots")
        .replace('\n', "\\n");
    let document = format!("{{\"uri\":\"{URI}\",\"version\":1,\"text\":\"{text}\"}}");
    editor.send_raw(&format!(
        "{{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{{\"textDocument\":{document}}}}}"
    ));
    assert!(!editor.is_silent());
    assert_eq!(shown(&editor.diagnostics()), ["unknown-property 4:2-4:6"]);
    // A lone surrogate counts as one UTF-16 unit.
    let half = json!({ "start": { "line": 0, "character": 2 }, "end": { "line": 0, "character": 3 } });
    editor.change(2, &json!([{ "range": half, "text": "\u{1f600}" }]));
    assert_eq!(shown(&editor.diagnostics()), ["unknown-property 4:2-4:6"]);
}

/// The first of two duplicate keys, and the first payload for a host, are related locations.
#[test]
fn related_locations_require_client_support() {
    let twice = GOOD
        .replace("  port", "")
        .replace("  username:", "  # \u{1d11e}\n  host: b.example.com\n  username:");
    let stream = format!("---\n---\n{GOOD}---\n{GOOD}---\n");
    let related = |editor: &mut Editor, text: &str| {
        editor.open(URI, "yaml", text);
        let published = editor.diagnostics();
        let [one] = &published["diagnostics"].as_array().expect("diagnostics")[..] else {
            panic!("{published}")
        };
        one["relatedInformation"].clone()
    };
    let mut editor = Editor::with(&json!({
        "textDocument": { "publishDiagnostics": { "relatedInformation": true } },
    }));
    let place = |line: usize, start: usize, end: usize, message: &str| {
        let range = json!({
            "start": { "line": line, "character": start },
            "end": { "line": line, "character": end },
        });
        json!([{ "location": { "uri": URI, "range": range }, "message": message }])
    };
    assert_eq!(related(&mut editor, &twice), place(3, 2, 6, "first defined here"));
    assert_eq!(related(&mut editor, &stream), place(5, 8, 27, "configured here"));
    assert_eq!(related(&mut editor, &GOOD.replace("host", "hots")), Value::Null);
    let mut editor = Editor::new();
    assert_eq!(related(&mut editor, &twice), Value::Null);
}

#[test]
fn changes_are_debounced() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", GOOD);
    editor.diagnostics();
    let end = json!({ "line": 0, "character": 14 });
    for version in 2..200 {
        editor.change(version, &json!([{ "range": { "start": end, "end": end }, "text": "x" }]));
    }
    let mut checks = 1;
    while editor.diagnostics()["version"] != 199 {
        checks += 1;
    }
    assert!(checks < 100, "{checks} checks of 198 changes");
}

#[test]
fn columns_use_negotiated_encoding() {
    let text = "type: Redshift\nautoBootstrap: false\n\"\u{1d11e}\u{e9}\": {hots: 1}\n";
    for (encodings, agreed, place) in [
        (json!(["utf-16"]), "utf-16", "unknown-property 2:0-2:5"),
        (json!(["utf-16", "utf-8"]), "utf-8", "unknown-property 2:0-2:8"),
        (json!(["utf-32"]), "utf-32", "unknown-property 2:0-2:4"),
    ] {
        let mut editor = Editor::started();
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        let result = editor.request("initialize", &json!({ "capabilities": capabilities }));
        assert_eq!(result["capabilities"]["positionEncoding"], agreed);
        editor.open(URI, "yaml", text);
        let shown = shown(&editor.diagnostics());
        assert!(shown.contains(&place.to_owned()), "{agreed}: {shown:?}");
    }
}

/// Other documents get no diagnostics, even if they would be invalid payloads.
#[test]
fn other_documents_are_ignored() {
    let mut editor = Editor::new();
    let elsewhere =
        format!("# yaml-language-server: $schema=https://example.com/other.json\n{GOOD}hots: 1\n");
    for (language, text) in [
        ("yaml", "services:\n  web: {image: nginx}\n"),
        ("yaml", "config:\n  Host: a\n  port: \"1\"\ntype: postgres\n"),
        ("yaml", "a: [\n"),
        ("json", "{\"compilerOptions\": {\"strict\": true,},}"),
        ("json", "{\"$schema\": \"https://example.com/other.json\", \"autoBootstrap\": 1}"),
        ("yaml", ""),
        ("yaml", "type: Snowflake\nautoBootstrap: true\nconfig: {host: a.example.com}\n"),
        ("yaml", &elsewhere),
    ] {
        editor.open(URI, language, text);
        assert!(editor.is_silent(), "{text}: {:?}", editor.published);
        assert_eq!(editor.request("textDocument/completion", &at(URI, 0, 0)), json!([]), "{text}");
        assert_eq!(editor.request("textDocument/hover", &at(URI, 0, 1)), Value::Null, "{text}");
        assert_eq!(editor.actions(URI, None), Vec::<Value>::new(), "{text}");
    }
    // A modeline marks an empty text as a payload.
    editor.open(URI, "yaml", "# yaml-language-server: $schema=schema/payload.schema.json\n");
    assert_eq!(shown(&editor.diagnostics()), ["wrong-type 0:0-0:0"]);
    // So does a file name.
    editor.open("file:///project/prod.bootshift.yaml", "yaml", "hots: 1\n");
    assert!(shown(&editor.diagnostics()).contains(&"unknown-property 0:0-0:4".to_owned()));
    // Only the payloads of a stream are checked.
    editor.open(
        URI,
        "yaml",
        &format!("kind: Pod\nconfig: {{Host: 1}}\n---\n{}", GOOD.replace("host", "Host")),
    );
    assert_eq!(shown(&editor.diagnostics()), ["unknown-property 6:2-6:6"]);
    // A text that is no longer a payload loses its diagnostics.
    editor.change(2, &json!([{ "text": "kind: Pod\n" }]));
    assert_eq!(shown(&editor.diagnostics()), Vec::<String>::new());
}

#[test]
fn messages_contain_no_secret() {
    let secret = "Tr0ub4dor-and-3";
    let mut editor = Editor::new();
    let text = GOOD.replace("${REDSHIFT_PASSWORD}", secret).replace("username", "usrname");
    editor.open(URI, "yaml", &format!("{text}  passwrd: {secret}\n"));
    let mut said = vec![editor.diagnostics()];
    for line in 0..11 {
        for character in [2, 6, 12, 14, 20] {
            said.push(editor.request("textDocument/hover", &at(URI, line, character)));
            said.push(editor.request("textDocument/completion", &at(URI, line, character)));
        }
    }
    said.extend(editor.actions(URI, None));
    let said = Value::Array(said).to_string();
    assert!(
        said.contains("plaintext-secret") && said.contains("Replace with `${REDSHIFT_PASSWORD}`"),
        "{said}"
    );
    for piece in secret.as_bytes().windows(6) {
        let piece = std::str::from_utf8(piece).expect("ASCII");
        assert!(!said.contains(piece), "{piece} in {said}");
    }
    assert_eq!(editor.leave().1, "");
}

#[test]
fn hover_explains_keys_values_and_diagnostics() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", &GOOD.replace("type: Redshift", "type: redshift"));
    editor.diagnostics();
    let hover = editor.request("textDocument/hover", &at(URI, 3, 3));
    let text = hover["contents"]["value"].as_str().expect("a text");
    assert!(text.starts_with("**Host**\n\nThe bare host name of the Redshift cluster"), "{text}");
    // An example is not a default.
    assert!(text.ends_with("Type: string\n\nExamples: `organization.aws.amazon.com`"), "{text}");
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert_eq!(hover["range"]["start"], json!({ "line": 3, "character": 2 }));
    assert_eq!(hover["range"]["end"], json!({ "line": 3, "character": 6 }));
    let hover = editor.request("textDocument/hover", &at(URI, 6, 25));
    let text = hover["contents"]["value"].as_str().expect("a text");
    assert!(text.contains("Values: `userPassword`, `okta`"), "{text}");
    let hover = editor.request("textDocument/hover", &at(URI, 0, 8));
    let text = hover["contents"]["value"].as_str().expect("a text");
    assert!(text.starts_with("**invalid-value: invalid value**"), "{text}");
    assert!(text.contains("**Platform**"), "{text}");
    assert_eq!(editor.request("textDocument/hover", &at(URI, 9, 0)), Value::Null);
    // A client without Markdown support gets plain text.
    let mut editor = Editor::with(&json!({}));
    editor.open(URI, "json", "{\"type\": \"Redshift\", \"config\": {\"port\": 1}}");
    let hover = editor.request("textDocument/hover", &at(URI, 0, 34));
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let text = hover["contents"]["value"].as_str().expect("a text");
    assert!(
        text.starts_with("Port\n\n") && text.ends_with("Type: integer\n\nDefault: 5439\n\nExamples: 5439"),
        "{text}"
    );
}

/// What an editor knows of a property follows from the schemas; this fails if a property needs more than its definition.
#[test]
fn every_property_is_explained_and_completed() {
    let schema = include_str!("../../schema/payload.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("a JSON schema");
    let mut editor = Editor::new();
    for (object, definition) in
        [("config", "config"), ("okta", "oktaAccount"), ("impersonation", "impersonation")]
    {
        let properties = schema["definitions"][definition]["properties"].as_object().expect("properties");
        let parents = if object == "config" { vec![object] } else { vec!["config", object] };
        let (mut text, mut indent) = ("type: Redshift\n".to_owned(), String::new());
        for parent in parents {
            text.extend([&indent, parent, ":\n"]);
            indent += "  ";
        }
        let methods = ["", "authenticationType: userPassword", "authenticationType: okta"];
        let offered: Vec<Value> = methods
            .iter()
            .filter(|method| object == "config" || method.is_empty())
            .flat_map(|method| editor.completions(URI, &format!("{text}{indent}{method}\n{indent}|\n")))
            .collect();
        for (name, property) in properties {
            assert!(labels(&offered).contains(&name.as_str()), "{object}: {name}");
            let line = text.lines().count();
            editor.open(URI, "yaml", &format!("{text}{indent}{name}: a\n"));
            let hover = editor.request("textDocument/hover", &at(URI, line, indent.len()));
            let reference = property["$ref"].as_str().expect("a reference").trim_start_matches('#');
            let title = schema.pointer(reference).and_then(|definition| definition["title"].as_str());
            let explained = format!("**{}**", title.expect("a title"));
            assert!(hover["contents"]["value"].to_string().contains(&explained), "{object}: {name}: {hover}");
        }
    }
}

#[test]
fn completion_in_incomplete_yaml() {
    let mut editor = Editor::new();
    let items = editor.completions(URI, "type: Redshift\n|");
    assert_eq!(labels(&items), ["autoBootstrap", "config"]);
    let edit = &item(&items, "autoBootstrap")["textEdit"];
    assert_eq!(edit["newText"], "autoBootstrap: ${1|false,true|}");
    let config = item(&items, "config");
    assert_eq!((&config["insertTextFormat"], &config["detail"]), (&json!(2), &json!("Configuration")));
    let text = config["textEdit"]["newText"].as_str().expect("a text");
    assert!(
        text.starts_with("config:\n  host: ${1:organization.aws.amazon.com}\n  database: ${2:immuta}\n"),
        "{text}"
    );
    assert!(text.contains("\n  impersonation:\n    enabled: ${4|false,true|}\n"), "{text}");
    assert!(text.ends_with("\n  password: ${7:\\${REDSHIFT_PASSWORD\\}}"), "{text}");
    // With a typed prefix, in a text that is not valid YAML yet.
    let items = editor
        .completions(URI, "type: Redshift\nautoBootstrap: false\nconfig:\n  host: a\n  da|\n  port: 1\n");
    assert!(!labels(&items).contains(&"host") && !labels(&items).contains(&"port"), "{:?}", labels(&items));
    let edit = &item(&items, "database")["textEdit"];
    assert_eq!(edit["range"]["start"], json!({ "line": 4, "character": 2 }));
    assert_eq!(edit["range"]["end"], json!({ "line": 4, "character": 4 }));
    assert_eq!(edit["newText"], "database: ${1:immuta}");
    // Only keys of the authentication type.
    let okta = "type: Redshift\nautoBootstrap: false\nconfig:\n  authenticationType: okta\n  |\n";
    let items = editor.completions(URI, okta);
    assert!(
        labels(&items).contains(&"okta") && !labels(&items).contains(&"username"),
        "{:?}",
        labels(&items)
    );
    // Values, in the middle of a line with characters of every width.
    let items = editor.completions(URI, "autoBootstrap: |  # \u{1d11e}\n");
    assert_eq!(labels(&items), ["true", "false"]);
    let items =
        editor.completions(URI, "type: Redshift\nconfig:\n  \u{1d11e}: {}\n  authenticationType: us|\n");
    assert_eq!(labels(&items), ["userPassword", "okta"]);
    assert_eq!(items[1]["textEdit"]["newText"], "okta");
    assert_eq!(items[1]["textEdit"]["range"]["start"], json!({ "line": 3, "character": 22 }));
    let items = editor.completions(URI, "type: Redshift\nconfig:\n  impersonation: {|}\n");
    assert_eq!(item(&items, "enabled")["textEdit"]["newText"], "enabled: ${1|false,true|}");
    // No second colon is added to a key.
    let items = editor.completions(URI, "type: Redshift\nau|: true\n");
    assert_eq!(item(&items, "autoBootstrap")["textEdit"]["newText"], "autoBootstrap");
}

#[test]
fn completion_in_incomplete_json() {
    let uri = "file:///project/payload.json";
    let mut editor = Editor::new();
    let items = editor.completions(uri, "{\n  \"type\": \"Redshift\",\n  \"|\n}\n");
    assert_eq!(labels(&items), ["autoBootstrap", "config"]);
    let auto = item(&items, "autoBootstrap");
    assert_eq!(auto["textEdit"]["newText"], "\"autoBootstrap\": ${1|false,true|}");
    assert_eq!(auto["filterText"], "\"autoBootstrap\"");
    assert_eq!(auto["textEdit"]["range"]["start"], json!({ "line": 2, "character": 2 }));
    let text = item(&items, "config")["textEdit"]["newText"].as_str().expect("a text");
    assert!(
        text.starts_with(
            "\"config\": {\n  \"host\": ${1:\"organization.aws.amazon.com\"},\n  \"database\": "
        ),
        "{text}"
    );
    assert!(text.ends_with("\"password\": ${7:\"\\${REDSHIFT_PASSWORD\\}\"}\n\\}"), "{text}");
    let items = editor.completions(uri, "{\"type\": \"Redshift\", \"config\": {\"port\": |}}");
    assert_eq!(items[0]["textEdit"]["newText"], "5439");
    let items =
        editor.completions(uri, "{\"type\": \"Redshift\", \"config\": {\"authenticationType\": \"us|\"}}");
    assert_eq!(items[0]["textEdit"]["newText"], "\"userPassword\"");
    let items = editor.completions(uri, "{\"autoBootstrap\": true, |\"type\": \"Redshift\"}");
    assert!(item(&items, "config")["textEdit"]["newText"].as_str().expect("a text").ends_with("\\},"));
    // The body of a DELETE has different keys.
    let items = editor.completions(uri, "{\"authenticationType\": \"userPassword\", \"username\": \"u\", |}");
    assert_eq!(labels(&items), ["password"]);
    // A client without snippet support gets text.
    let mut editor = Editor::with(&json!({}));
    let items = editor.completions(uri, "{\"type\": \"Redshift\", |}");
    assert_eq!(item(&items, "autoBootstrap")["textEdit"]["newText"], "\"autoBootstrap\": false");
    assert_eq!(item(&items, "autoBootstrap")["insertTextFormat"], 1);
}

const CLUMSY: &str = "\
# \u{1d11e}
type: redshift
autoBootstrap: no # \u{1d11e}
config:
  host: https://cluster.example.com
  port: \"5439\"
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  usrname: immuta_system
  password: 12345678
";

#[test]
fn code_actions_apply_fixes() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", CLUMSY);
    let mut text = CLUMSY.to_owned();
    let found = shown(&editor.diagnostics()).len();
    let quick = editor.actions(URI, Some("quickfix"));
    assert_eq!(quick.len(), found);
    for action in &quick {
        assert_eq!(action["kind"], "quickfix");
        let is_guess = title(action) == "Change to `username`";
        assert_eq!(action.get("isPreferred"), (!is_guess).then_some(&Value::Bool(true)), "{action}");
        assert_eq!(action["diagnostics"].as_array().expect("diagnostics").len(), 1);
    }
    // One at a time, as users do.
    let mut version = 1;
    while let Some(action) = editor.actions(URI, Some("quickfix")).first().cloned() {
        text = edited(&text, edits(&action));
        version += 1;
        assert!(version < 20, "it comes to an end: {text}");
        editor.change(version, &json!([{ "text": text }]));
    }
    let clean = CLUMSY
        .replace("redshift", "Redshift")
        .replace("no #", "false #")
        .replace("https://", "")
        .replace("\"5439\"", "5439")
        .replace("usrname", "username");
    // A quoted password is a plain-text password, which has a better fix.
    assert_eq!(text, clean.replace("12345678", "\"${REDSHIFT_PASSWORD}\""));
    let mut last = editor.diagnostics();
    while last["version"] != version {
        last = editor.diagnostics();
    }
    assert_eq!(shown(&last), Vec::<String>::new());
}

#[test]
fn fix_all_applies_every_safe_fix() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", CLUMSY);
    for only in ["source.fixAll", "source.fixAll.bootshift", "source"] {
        let actions = editor.actions(URI, Some(only));
        assert_eq!(actions.len(), 1, "{only}");
        assert_eq!(actions[0]["kind"], "source.fixAll.bootshift");
    }
    for only in ["source.organizeImports", "refactor", "source.fixAll.other", "quick"] {
        assert_eq!(editor.actions(URI, Some(only)), Vec::<Value>::new(), "{only}");
    }
    let action = &editor.actions(URI, Some("source.fixAll"))[0];
    let text = edited(CLUMSY, edits(action));
    let expected = CLUMSY
        .replace("redshift", "Redshift")
        .replace("no #", "false #")
        .replace("https://", "")
        .replace("\"5439\"", "5439")
        .replace("12345678", "\"12345678\"");
    assert_eq!(text, expected);
    editor.open(URI, "yaml", &text);
    assert_eq!(editor.actions(URI, Some("source.fixAll")), Vec::<Value>::new());
    // A client without versioned edits gets plain edits.
    let mut editor = Editor::with(&json!({}));
    editor.open(URI, "json", "{\"type\": \"Redshift\", \"autoBootstrap\": false,}");
    let action = &editor.actions(URI, None)[0];
    assert_eq!(title(action), "Remove the trailing comma");
    assert_eq!(action["edit"]["changes"][URI][0]["newText"], "");
}

/// Another tool replaces a placeholder, and would not find it if it were changed.
#[test]
fn code_actions_do_not_change_placeholders() {
    let mut editor = Editor::new();
    let text = "type: Redshift\nautoBootstrap: false\nconfig:\n  host: <HOST>\n  database: ${IMMUTA_DB}\n  \
                initialDatabase: $X\n  authenticationType: userPassword\n  username: \"{{ User }}\"\n  \
                password: $PASSWORD\n";
    editor.open(URI, "yaml", text);
    let diagnostics = editor.diagnostics();
    let found = diagnostics["diagnostics"].as_array().expect("diagnostics");
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|found| found["code"] == "placeholder" && found["severity"] == 2), "{found:?}");
    assert_eq!(editor.actions(URI, None), Vec::<Value>::new());
}

/// Only actions at the cursor are offered.
#[test]
fn code_actions_are_for_the_requested_range() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", CLUMSY);
    let place = json!({ "line": 5, "character": 9 });
    let params = json!({
        "textDocument": { "uri": URI },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": ["quickfix"] },
    });
    let actions = editor.request("textDocument/codeAction", &params);
    assert_eq!(
        actions.as_array().expect("actions").iter().map(title).collect::<Vec<_>>(),
        ["Remove the quotes"]
    );
}

#[test]
fn too_large_text_has_one_diagnostic() {
    let mut editor = Editor::new();
    editor.open(URI, "yaml", &format!("{GOOD}# {}\n", "x".repeat(16 << 20)));
    assert_eq!(shown(&editor.diagnostics()), ["too-large 0:0-0:0"]);
    editor.request("textDocument/completion", &at(URI, 1, 0));
    // Errors at the end of a long line are found as fast.
    let padding = "\u{1d11e}".repeat(1 << 20);
    let keys: Vec<String> = (0..3000).map(|key| format!("\"k{key}\": 1")).collect();
    let long = format!("{{\"autoBootstrap\": [], \"{padding}\": 1, {}}}", keys.join(", "));
    editor.open("file:///project/long.json", "json", &long);
    assert_eq!(shown(&editor.diagnostics()).len(), 1000);
    // Only the first of many errors are published.
    let keys: Vec<String> = (0..3000).map(|key| format!("k{key}: 1")).collect();
    editor.open(URI, "yaml", &format!("{}\n{GOOD}", keys.join("\n")));
    assert_eq!(shown(&editor.diagnostics()).len(), 1000);
    assert_eq!(editor.leave().0.code(), Some(0));
}
