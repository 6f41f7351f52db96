//! The main loop: handles the messages of a client.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Exit, Notification as _,
    PublishDiagnostics,
};
use lsp_types::request::{CodeActionRequest, Completion, HoverRequest, Initialize, Request as _, Shutdown};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    HoverProviderCapability, InitializeResult, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::action::{self, FIX_ALL, QUICK_FIX};
use super::document::{Document, PublishedDiagnostic};
use super::frame::{self, Frame};
use super::params::{self, At, DidChange, DidClose, DidOpen, Opened, Version, Versioned};
use super::positions::{Encoding, PositionMap};
use super::uri::{self, Uri};
use super::{completion, hover, names};

/// The delay between the last change of a text and its check: not noticeable, but longer than between two keystrokes.
const DEBOUNCE: Duration = Duration::from_millis(120);

/// The maximum delay of the check of a text that keeps changing.
const MAX_DEBOUNCE: Duration = Duration::from_millis(600);

/// The maximum number of messages in the queue.
const QUEUE_CAPACITY: usize = 64;

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerExit {
    /// The client sent `shutdown`, then `exit`.
    AfterShutdown,
    /// The client exited or disconnected without `shutdown`: exit code 1 in the protocol.
    WithoutShutdown,
}

/// Serves one client, until it exits or the input ends.
///
/// # Errors
/// The output cannot be written. A failing input counts as its end.
pub fn serve(input: impl BufRead + Send + 'static, output: impl Write) -> io::Result<ServerExit> {
    let (sender, frames) = mpsc::sync_channel(QUEUE_CAPACITY);
    let mut input = input;
    // Not joined: a blocking read cannot be cancelled.
    thread::spawn(move || {
        while let Ok(Some(frame)) = frame::read(&mut input) {
            if sender.send(frame).is_err() {
                break;
            }
        }
    });
    Server {
        client: Client { output },
        phase: Phase::New,
        settings: Settings::default(),
        folders: Vec::new(),
        open: HashMap::new(),
        due: HashMap::new(),
    }
    .run(&frames)
}

/// The lifecycle phase of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Working,
    ShutDown,
}

/// The settings negotiated with the client.
#[derive(Clone, Copy, Default)]
struct Settings {
    encoding: Encoding,
    is_hover_markdown: bool,
    takes_related: bool,
    completion: completion::Abilities,
    action: action::Abilities,
}

/// When a text is checked.
struct Due {
    at: Instant,
    /// Not later than this.
    latest: Instant,
}

struct Server<W> {
    client: Client<W>,
    phase: Phase,
    settings: Settings,
    /// The paths of the client's workspace folders.
    folders: Vec<String>,
    open: HashMap<Uri, Document>,
    due: HashMap<Uri, Due>,
}

/// The error codes of JSON-RPC and the protocol.
#[derive(Clone, Copy)]
enum ErrorCode {
    Parse = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    NotInitialized = -32002,
}

/// Diagnostics, for `textDocument/publishDiagnostics`.
#[derive(Serialize)]
struct Published<'d> {
    uri: &'d Uri,
    #[serde(skip_serializing_if = "Version::is_unknown")]
    version: Version,
    diagnostics: Vec<PublishedDiagnostic>,
}

/// The connection to the client.
struct Client<W> {
    output: W,
}

impl<W: Write> Client<W> {
    fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        write!(self.output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.output.flush()
    }

    fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn respond(&mut self, id: &Value, result: impl Serialize) -> io::Result<()> {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }))
    }

    fn respond_error(&mut self, id: &Value, code: ErrorCode, message: &str) -> io::Result<()> {
        let error = json!({ "code": code as i32, "message": message });
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": error }))
    }
}

impl<W: Write> Server<W> {
    fn run(mut self, frames: &Receiver<Frame>) -> io::Result<ServerExit> {
        loop {
            let next = self.due.values().map(|due| due.at).min();
            let frame = match next {
                None => frames.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => frames.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match frame {
                Ok(Frame::Request { id, method, params }) => self.request(&id, &method, params)?,
                Ok(Frame::Notification { method, .. }) if method == Exit::METHOD => {
                    return Ok(if self.phase == Phase::ShutDown {
                        ServerExit::AfterShutdown
                    } else {
                        ServerExit::WithoutShutdown
                    });
                }
                Ok(Frame::Notification { method, params }) => self.notification(&method, params)?,
                Ok(Frame::Invalid { id }) => {
                    self.client.respond_error(&id, ErrorCode::InvalidRequest, INVALID_REQUEST)?;
                }
                Ok(Frame::Malformed) => {
                    self.client.respond_error(&Value::Null, ErrorCode::Parse, PARSE_ERROR)?;
                }
                Ok(Frame::Response) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(ServerExit::WithoutShutdown),
            }
            self.check_due()?;
        }
    }

    fn request(&mut self, id: &Value, method: &str, params: Value) -> io::Result<()> {
        match (self.phase, method) {
            (Phase::New, Initialize::METHOD) => {
                self.phase = Phase::Working;
                let result = self.initialize(&params::Initialize::new(params));
                self.client.respond(id, result)
            }
            (Phase::New, _) => self.client.respond_error(
                id,
                ErrorCode::NotInitialized,
                "server not initialized: the first request must be `initialize`",
            ),
            (Phase::Working, Shutdown::METHOD) => {
                self.phase = Phase::ShutDown;
                self.due.clear();
                self.client.respond(id, Value::Null)
            }
            (Phase::Working, HoverRequest::METHOD) => self.respond(id, params, Self::hover),
            (Phase::Working, Completion::METHOD) => self.respond(id, params, Self::completion),
            (Phase::Working, CodeActionRequest::METHOD) => self.respond(id, params, Self::code_action),
            (Phase::Working, Initialize::METHOD) => {
                self.client.respond_error(id, ErrorCode::InvalidRequest, "server already initialized")
            }
            (Phase::Working, _) => {
                self.client.respond_error(id, ErrorCode::MethodNotFound, "method not found")
            }
            (Phase::ShutDown, _) => {
                self.client.respond_error(id, ErrorCode::InvalidRequest, "server is shut down")
            }
        }
    }

    fn respond<P: DeserializeOwned>(
        &mut self,
        id: &Value,
        params: Value,
        handler: fn(&Self, &P) -> Value,
    ) -> io::Result<()> {
        match parsed::<P>(params) {
            Some(params) => {
                let result = handler(self, &params);
                self.client.respond(id, result)
            }
            None => self.client.respond_error(id, ErrorCode::InvalidParams, INVALID_PARAMS),
        }
    }

    fn initialize(&mut self, client: &params::Initialize) -> InitializeResult {
        let takes_markdown = |pointer| client.strings(pointer).contains(&"markdown");
        self.settings = Settings {
            encoding: Encoding::agreed(&client.strings("/general/positionEncodings")),
            is_hover_markdown: takes_markdown("/textDocument/hover/contentFormat"),
            takes_related: client.is_enabled("/textDocument/publishDiagnostics/relatedInformation"),
            completion: completion::Abilities {
                snippets: client.is_enabled("/textDocument/completion/completionItem/snippetSupport"),
                markdown: takes_markdown("/textDocument/completion/completionItem/documentationFormat"),
            },
            action: action::Abilities {
                versioned_edits: client.is_enabled("/workspace/workspaceEdit/documentChanges"),
            },
        };
        self.folders = client.folders();
        InitializeResult {
            capabilities: capabilities(self.settings.encoding),
            server_info: Some(ServerInfo {
                name: "bootshift".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        }
    }

    fn notification(&mut self, method: &str, params: Value) -> io::Result<()> {
        match (self.phase, method) {
            (Phase::Working, DidOpenTextDocument::METHOD) => match parsed(params) {
                Some(opened) => self.opened(opened),
                None => Ok(()),
            },
            (Phase::Working, DidChangeTextDocument::METHOD) => match parsed(params) {
                Some(changed) => self.changed(changed),
                None => Ok(()),
            },
            (Phase::Working, DidCloseTextDocument::METHOD) => match parsed::<DidClose>(params) {
                Some(closed) => self.forget(&closed.text_document.uri),
                None => Ok(()),
            },
            // Among others `initialized`, and those that start with `$/`.
            _ => Ok(()),
        }
    }

    fn opened(&mut self, params: DidOpen) -> io::Result<()> {
        let Opened { uri, language_id, version, text } = params.text_document;
        let mut document = self.document(uri.clone(), &language_id);
        document.is_marked = self.open.get(&uri).is_some_and(|old| old.is_marked);
        document.version = version;
        document.set_text(text);
        self.open.insert(uri.clone(), document);
        self.check(&uri)
    }

    fn changed(&mut self, params: DidChange) -> io::Result<()> {
        let DidChange { text_document: Versioned { uri, version }, content_changes } = params;
        let Some(changes) = content_changes else { return self.forget(&uri) };
        // Some clients send this after "save as".
        if !self.open.contains_key(&uri) && changes.iter().any(|change| change.range.is_none()) {
            self.open.insert(uri.clone(), self.document(uri.clone(), ""));
        }
        let Some(document) = self.open.get_mut(&uri) else { return Ok(()) };
        for change in changes {
            document.change(change, self.settings.encoding);
        }
        document.version = version;
        let now = Instant::now();
        let due = self.due.entry(uri).or_insert(Due { at: now, latest: now + MAX_DEBOUNCE });
        due.at = (now + DEBOUNCE).min(due.latest);
        Ok(())
    }

    /// A document without a text yet.
    fn document(&self, uri: Uri, language: &str) -> Document {
        let path = uri.path();
        let is_named = names::is_payload(uri::below(&path, &self.folders));
        Document::new(uri, &path, language, is_named)
    }

    /// Removes a document that is closed, or whose text is no longer known.
    fn forget(&mut self, uri: &Uri) -> io::Result<()> {
        self.due.remove(uri);
        match self.open.remove(uri) {
            Some(document) if document.is_marked => self.publish(uri, Version::default(), Vec::new()),
            _ => Ok(()),
        }
    }

    fn check_due(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let due: Vec<Uri> =
            self.due.iter().filter(|(_, due)| due.at <= now).map(|(uri, _)| uri.clone()).collect();
        due.iter().try_for_each(|uri| self.check(uri))
    }

    /// Checks a document, and publishes its diagnostics unless there are none and never were.
    fn check(&mut self, uri: &Uri) -> io::Result<()> {
        self.due.remove(uri);
        let Some(document) = self.open.get_mut(uri) else { return Ok(()) };
        let diagnostics = document.diagnostics(self.settings.encoding, self.settings.takes_related);
        let was_marked = document.is_marked;
        document.is_marked = !document.analysis().checked.is_empty();
        if document.is_marked || was_marked {
            let version = document.version.clone();
            return self.publish(uri, version, diagnostics);
        }
        Ok(())
    }

    fn publish(
        &mut self,
        uri: &Uri,
        version: Version,
        diagnostics: Vec<PublishedDiagnostic>,
    ) -> io::Result<()> {
        self.client.notify(PublishDiagnostics::METHOD, Published { uri, version, diagnostics })
    }

    /// The document and the byte offset of a request.
    fn place(&self, params: &At) -> Option<(&Document, usize)> {
        let document = self.open.get(&params.text_document.uri)?;
        let position = (&params.position).into();
        let offset = PositionMap::new(&document.text, self.settings.encoding).offset(position);
        Some((document, offset))
    }

    fn hover(&self, params: &At) -> Value {
        let hover = self.place(params).and_then(|(document, offset)| {
            hover::hover(document, offset, self.settings.encoding, self.settings.is_hover_markdown)
        });
        json!(hover)
    }

    fn completion(&self, params: &At) -> Value {
        let items = self.place(params).map(|(document, offset)| {
            completion::completions(document, offset, self.settings.encoding, self.settings.completion)
        });
        json!(items.unwrap_or_default())
    }

    fn code_action(&self, params: &params::CodeAction) -> Value {
        let document = self.open.get(&params.text_document.uri);
        let actions = document
            .map(|document| action::actions(document, params, self.settings.encoding, self.settings.action));
        json!(actions.unwrap_or_default())
    }
}

/// The error message for JSON that is not a message of the protocol.
const INVALID_REQUEST: &str = "invalid request";

/// The error message for a body that is not JSON.
const PARSE_ERROR: &str = "parse error";

/// The error message for parameters of the wrong type. It repeats none of their values.
const INVALID_PARAMS: &str = "invalid parameters for this method";

/// The parameters, if they have the type of the method.
fn parsed<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        ..TextDocumentSyncOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec!["\"".to_owned(), " ".to_owned()]),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::new(QUICK_FIX), CodeActionKind::new(FIX_ALL)]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}
