//! The loop: what the client sends, and what it gets.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Exit, Notification as _,
    PublishDiagnostics,
};
use lsp_types::request::{CodeActionRequest, Completion, HoverRequest, Initialize, Request as _, Shutdown};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability, CompletionOptions,
    CompletionParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    HoverParams, HoverProviderCapability, InitializeParams, InitializeResult, MarkupKind,
    PublishDiagnosticsParams, ServerCapabilities, ServerInfo, TextDocumentPositionParams,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::action::{self, FIX_ALL};
use super::document::Document;
use super::frame::{self, Frame};
use super::place::{Encoding, Places};
use super::{completion, hover};

/// How long a text has to rest before it is checked again: less than one notices, longer than between two keys.
const REST: Duration = Duration::from_millis(120);

/// How long a text that never rests waits at most.
const PATIENCE: Duration = Duration::from_millis(600);

/// The most messages that wait to be read.
const BACKLOG: usize = 64;

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client said good-bye: it asked to shut down, then to exit.
    Orderly,
    /// The client exited or went away without that, which the protocol answers with exit code 1.
    Abrupt,
}

/// Serves one client, until it exits or the input ends.
///
/// # Errors
/// The output cannot be written. An input that fails is one that ends.
pub fn serve(input: impl BufRead + Send + 'static, output: impl Write) -> io::Result<End> {
    let (sender, frames) = mpsc::sync_channel(BACKLOG);
    let mut input = input;
    // Not joined: nothing ends a read that waits.
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
        open: HashMap::new(),
        due: HashMap::new(),
    }
    .run(&frames)
}

/// Where in its life the server is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Working,
    ShutDown,
}

/// What was agreed with the client.
#[derive(Clone, Copy, Default)]
struct Settings {
    encoding: Encoding,
    is_hover_markdown: bool,
    takes_related: bool,
    completion: completion::Abilities,
    action: action::Abilities,
}

/// When a text is to be checked.
struct Due {
    at: Instant,
    /// Not later than this.
    latest: Instant,
}

struct Server<W> {
    client: Client<W>,
    phase: Phase,
    settings: Settings,
    open: HashMap<Uri, Document>,
    due: HashMap<Uri, Due>,
}

/// Where the messages go to.
struct Client<W> {
    output: W,
}

impl<W: Write> Client<W> {
    fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        message.into().write(&mut self.output)
    }

    fn refuse(&mut self, id: RequestId, code: ErrorCode, message: &str) -> io::Result<()> {
        self.send(Response::new_err(id, code as i32, message.to_owned()))
    }

    /// Answers what was no message, and so has no identifier.
    fn refuse_malformed(&mut self) -> io::Result<()> {
        let error =
            json!({ "code": ErrorCode::ParseError as i32, "message": "this is no message of the protocol" });
        let text = json!({ "jsonrpc": "2.0", "id": Value::Null, "error": error }).to_string();
        write!(self.output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.output.flush()
    }
}

impl<W: Write> Server<W> {
    fn run(mut self, frames: &Receiver<Frame>) -> io::Result<End> {
        loop {
            let next = self.due.values().map(|due| due.at).min();
            let frame = match next {
                None => frames.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => frames.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match frame {
                Ok(Frame::Malformed) => self.client.refuse_malformed()?,
                Ok(Frame::Message(message)) => match *message {
                    Message::Request(request) => self.request(request)?,
                    Message::Notification(notification) if notification.method == Exit::METHOD => {
                        return Ok(if self.phase == Phase::ShutDown { End::Orderly } else { End::Abrupt });
                    }
                    Message::Notification(notification) => self.notification(notification)?,
                    // The server asks nothing.
                    Message::Response(_) => {}
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(End::Abrupt),
            }
            self.check_what_is_due()?;
        }
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request;
        match (self.phase, method.as_str()) {
            (Phase::New, Initialize::METHOD) => match parsed::<InitializeParams>(params) {
                Some(params) => {
                    self.phase = Phase::Working;
                    let result = self.initialize(&params);
                    self.client.send(Response::new_ok(id, result))
                }
                None => self.client.refuse(id, ErrorCode::InvalidParams, BAD_PARAMETERS),
            },
            (Phase::New, _) => self.client.refuse(
                id,
                ErrorCode::ServerNotInitialized,
                "the first request has to be `initialize`",
            ),
            (Phase::Working, Shutdown::METHOD) => {
                self.phase = Phase::ShutDown;
                self.due.clear();
                self.client.send(Response::new_ok(id, Value::Null))
            }
            (Phase::Working, HoverRequest::METHOD) => self.answer(id, params, Self::hover),
            (Phase::Working, Completion::METHOD) => self.answer(id, params, Self::completion),
            (Phase::Working, CodeActionRequest::METHOD) => self.answer(id, params, Self::code_action),
            (Phase::Working, Initialize::METHOD) => {
                self.client.refuse(id, ErrorCode::InvalidRequest, "the server is initialized already")
            }
            (Phase::Working, _) => {
                self.client.refuse(id, ErrorCode::MethodNotFound, "the server has no such method")
            }
            (Phase::ShutDown, _) => {
                self.client.refuse(id, ErrorCode::InvalidRequest, "the server is shut down")
            }
        }
    }

    fn answer<P: DeserializeOwned>(
        &mut self,
        id: RequestId,
        params: Value,
        answer: fn(&Self, &P) -> Value,
    ) -> io::Result<()> {
        match parsed::<P>(params) {
            Some(params) => {
                let result = answer(self, &params);
                self.client.send(Response::new_ok(id, result))
            }
            None => self.client.refuse(id, ErrorCode::InvalidParams, BAD_PARAMETERS),
        }
    }

    fn initialize(&mut self, params: &InitializeParams) -> InitializeResult {
        let client = &params.capabilities;
        let text = client.text_document.as_ref();
        let encodings = client.general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let item = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        let takes_markdown = |formats: Option<&Vec<MarkupKind>>| {
            formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
        };
        self.settings = Settings {
            encoding: Encoding::agreed(encodings),
            is_hover_markdown: takes_markdown(
                text.and_then(|text| text.hover.as_ref()?.content_format.as_ref()),
            ),
            takes_related: text
                .and_then(|text| text.publish_diagnostics.as_ref()?.related_information)
                .unwrap_or_default(),
            completion: completion::Abilities {
                snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
                markdown: takes_markdown(item.and_then(|item| item.documentation_format.as_ref())),
            },
            action: action::Abilities {
                versioned_edits: client
                    .workspace
                    .as_ref()
                    .and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes)
                    .unwrap_or_default(),
            },
        };
        InitializeResult {
            capabilities: capabilities(self.settings.encoding),
            server_info: Some(ServerInfo {
                name: "bootshift".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        }
    }

    fn notification(&mut self, notification: Notification) -> io::Result<()> {
        if self.phase != Phase::Working {
            return Ok(());
        }
        let Notification { method, params } = notification;
        match method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Some(DidOpenTextDocumentParams { text_document }) = parsed(params) else { return Ok(()) };
                let uri = text_document.uri.clone();
                let is_marked = self.open.get(&uri).is_some_and(|old| old.is_marked);
                let mut document = Document::new(text_document);
                document.is_marked = is_marked;
                self.open.insert(uri.clone(), document);
                self.check(&uri)
            }
            DidChangeTextDocument::METHOD => {
                let Some(params) = parsed::<DidChangeTextDocumentParams>(params) else { return Ok(()) };
                let uri = params.text_document.uri;
                let Some(document) = self.open.get_mut(&uri) else { return Ok(()) };
                for change in params.content_changes {
                    document.change(change, self.settings.encoding);
                }
                document.version = params.text_document.version;
                let now = Instant::now();
                let due = self.due.entry(uri).or_insert(Due { at: now, latest: now + PATIENCE });
                due.at = (now + REST).min(due.latest);
                Ok(())
            }
            DidCloseTextDocument::METHOD => {
                let Some(DidCloseTextDocumentParams { text_document }) = parsed(params) else {
                    return Ok(());
                };
                self.due.remove(&text_document.uri);
                match self.open.remove(&text_document.uri) {
                    Some(document) if document.is_marked => self.publish(document.uri, None, Vec::new()),
                    _ => Ok(()),
                }
            }
            // Among others those that begin with `$/`, and `initialized`.
            _ => Ok(()),
        }
    }

    fn check_what_is_due(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let due: Vec<Uri> =
            self.due.iter().filter(|(_, due)| due.at <= now).map(|(uri, _)| uri.clone()).collect();
        due.iter().try_for_each(|uri| self.check(uri))
    }

    /// Checks a document, and tells the client unless there is nothing to say and never was.
    fn check(&mut self, uri: &Uri) -> io::Result<()> {
        self.due.remove(uri);
        let Some(document) = self.open.get_mut(uri) else { return Ok(()) };
        let diagnostics = document.diagnostics(self.settings.encoding, self.settings.takes_related);
        let was_marked = document.is_marked;
        document.is_marked = !document.analysis().checked.is_empty();
        if document.is_marked || was_marked {
            let version = document.version;
            return self.publish(uri.clone(), Some(version), diagnostics);
        }
        Ok(())
    }

    fn publish(
        &mut self,
        uri: Uri,
        version: Option<i32>,
        diagnostics: Vec<lsp_types::Diagnostic>,
    ) -> io::Result<()> {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        self.client.send(Notification::new(PublishDiagnostics::METHOD.to_owned(), params))
    }

    /// The document of a request, and the byte that it is about.
    fn place(&self, params: &TextDocumentPositionParams) -> Option<(&Document, usize)> {
        let document = self.open.get(&params.text_document.uri)?;
        let offset = Places::new(&document.text, self.settings.encoding).offset(params.position);
        Some((document, offset))
    }

    fn hover(&self, params: &HoverParams) -> Value {
        let place = self.place(&params.text_document_position_params);
        let hover = place.and_then(|(document, offset)| {
            hover::hover(document, offset, self.settings.encoding, self.settings.is_hover_markdown)
        });
        json!(hover)
    }

    fn completion(&self, params: &CompletionParams) -> Value {
        let place = self.place(&params.text_document_position);
        let items = place.map(|(document, offset)| {
            completion::completions(document, offset, self.settings.encoding, self.settings.completion)
        });
        json!(items.unwrap_or_default())
    }

    fn code_action(&self, params: &CodeActionParams) -> Value {
        let document = self.open.get(&params.text_document.uri);
        let actions = document
            .map(|document| action::actions(document, params, self.settings.encoding, self.settings.action));
        json!(actions.unwrap_or_default())
    }
}

/// What is said of parameters that are not what the method takes: nothing of their values.
const BAD_PARAMETERS: &str = "the parameters are not those of the method";

/// The parameters, if they are what the method takes.
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
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::new(FIX_ALL)]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}
