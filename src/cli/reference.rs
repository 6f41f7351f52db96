//! `schema`, `explain`, `completions` and `man`, which need no payload.

use std::fmt::Write as _;
use std::io;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use serde_json::{Value, json};

use super::Failure;
use super::args::{Cli, CompletionsArgs, ExplainArgs, ExplainFormat, ManArgs, SchemaArgs};
use super::exit::Exit;
use super::system::{Mode, NewFile, System};
use super::terminal::Terminal;
use crate::check::{Code, Explanation, explain as explanation};
use crate::files::reason;
use crate::operation::Operation;
use crate::schemas;

/// The columns of running text.
const WIDTH: usize = 80;

pub(super) fn schema<S: System>(args: &SchemaArgs, terminal: &mut Terminal<'_, S>) -> Exit {
    if let Some(name) = &args.name {
        terminal.print_line(schemas::text(name).unwrap_or_default());
    } else {
        let operations = Operation::ALL.map(|operation| (operation.name(), describe(operation)));
        let others = [schemas::PAYLOAD_TYPES].into_iter().chain(schemas::OWN);
        let others = others.map(|(name, what, _)| (name, what.to_owned()));
        let mut list = String::new();
        for (name, what) in operations.into_iter().chain(others) {
            let _ = writeln!(list, "{name:<21} {what}");
        }
        terminal.print(&list);
    }
    Exit::Fine
}

/// What the document of an operation is.
fn describe(operation: Operation) -> String {
    match (operation.method(), operation.path()) {
        (Some(method), Some(path)) if operation == Operation::ScriptDelete => {
            format!("payload of the integration ({method} {path} has no body)")
        }
        (Some("GET"), Some(path)) => format!("response to GET {path}"),
        (Some(method), Some(path)) => format!("request body of {method} {path}"),
        _ => "error response".to_owned(),
    }
}

pub(super) fn explain<S: System>(args: &ExplainArgs, terminal: &mut Terminal<'_, S>) -> Exit {
    let code = args.code.as_deref().and_then(|name| name.parse::<Code>().ok());
    if args.format == ExplainFormat::Json {
        let value = code.map_or_else(|| Code::ALL.iter().copied().map(to_json).collect(), to_json);
        terminal.print(&format!("{value:#}\n"));
    } else if let Some(code) = code {
        terminal.print(&explain_code(code));
    } else {
        let mut table = String::new();
        for code in Code::ALL {
            let severity = code.severity().as_str();
            let _ = writeln!(table, "{:<27} {severity:<8} {}", code.as_str(), explanation(*code).title);
        }
        terminal.print(&table);
    }
    Exit::Fine
}

fn to_json(code: Code) -> Value {
    let Explanation { title, what, why, fix, wrong, right, .. } = explanation(code);
    json!({
        "code": code.as_str(),
        "severity": code.severity().as_str(),
        "title": title,
        "what": what,
        "why": why,
        "fix": fix,
        "wrong": wrong,
        "right": right,
    })
}

fn explain_code(code: Code) -> String {
    let help = explanation(code);
    let mut text = format!("{}[{code}]: {}\n", code.severity().as_str(), help.title);
    for paragraph in [help.what, help.why, help.fix] {
        let _ = write!(text, "\n{}", wrap(paragraph));
    }
    for (title, example) in [("Wrong", help.wrong), ("Right", help.right)] {
        let _ = writeln!(text, "\n{title}:\n");
        for line in example.lines() {
            let _ = writeln!(text, "    {}", line.replace('\t', "→   "));
        }
    }
    text
}

/// Breaks running text into lines.
fn wrap(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += length;
    }
    lines.push('\n');
    lines
}

pub(super) fn completions<S: System>(args: &CompletionsArgs, terminal: &mut Terminal<'_, S>) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bootshift", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    Exit::Fine
}

pub(super) fn man<S: System>(args: &ManArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    match &args.out {
        None => terminal.print(&page(&command).map_err(|error| Failure::Message(error.to_string()))?),
        Some(directory) => {
            let failed =
                |error: io::Error| Failure::Message(format!("cannot write the pages: {}", reason(&error)));
            let pages = pages(&command).map_err(failed)?;
            let files: Vec<NewFile<'_>> = pages
                .iter()
                .map(|(name, text)| NewFile { path: directory.join(name), text, mode: Mode::Default })
                .collect();
            let system = terminal.system();
            system.create_dir_all(directory).map_err(failed)?;
            system.replace(&files).map_err(|(_, error)| failed(error))?;
        }
    }
    Ok(Exit::Fine)
}

/// The pages of a command and those below it: the name of the file, and the text.
fn pages(command: &Command) -> io::Result<Vec<(String, String)>> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut all = vec![(format!("{name}.1"), page(command)?)];
    for subcommand in command.get_subcommands() {
        all.append(&mut pages(subcommand)?);
    }
    Ok(all)
}

fn page(command: &Command) -> io::Result<String> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wrap_at_words() {
        let text = wrap(&"abcdefghi ".repeat(9));
        assert_eq!(text.lines().map(str::len).collect::<Vec<_>>(), [79, 9]);
        assert_eq!(wrap(&"x".repeat(100)).trim_end().len(), 100);
    }
}
