//! A page of Markdown: its fenced blocks, and the comments before them.

use std::fmt;

/// Languages of blocks that a shell runs: with the output, and without.
const CONSOLE: &str = "console";
const SHELL: &str = "sh";

/// Languages of blocks that are only shown. A block in another language is an error: it may contain a command that is not
/// run.
const SHOWN: [&str; 17] = [
    "diff", "html", "ini", "js", "json", "lua", "markdown", "python", "regex", "rust", "sql", "text", "toml",
    "ts", "vim", "xml", "yaml",
];

/// The comment before a block, as `<!-- KEY: VALUE -->` or `<!-- KEY -->`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Directive {
    /// `file: NAME`: the block is a file from here on.
    File(String),
    /// `exit: N`: the exit code of the last command of the block; defaults to 0.
    Exit(i32),
    /// `not run: REASON`
    NotRun,
    /// `emulator`: the block starts an emulator of Redshift on port 5439; the tests start their own.
    Emulator,
    /// `typed: WORD WORD`: what the reader types at the block's `read` commands, one after the other.
    Typed(Vec<String>),
    /// `data api`: on the rest of the page, Python's boto3 uses a stub of the Data API over an emulator.
    DataApi,
}

/// What to do with a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Shown, or not run for a reason.
    Show,
    /// Written to the file of this name.
    Write(String),
    /// Run by a shell.
    Run(Vec<Command>),
    /// Starts the emulator of the tests.
    StartEmulator,
    /// Starts the stub of the tests.
    StartDataApi,
}

/// A command, and what the page shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The text for the shell.
    pub(crate) text: String,
    /// The lines shown below it; `None` where no output is shown. A line `…` stands for any lines.
    pub(crate) output: Option<Vec<String>>,
    /// The expected exit code.
    pub(crate) exit: i32,
    /// The input, if it reads from the terminal.
    pub(crate) typed: Option<String>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The line of the opening fence, from 1.
    pub(crate) line: usize,
    /// The indentation of each line.
    indent: String,
    pub(crate) language: String,
    /// The lines without the indentation of the fence.
    pub(crate) body: Vec<String>,
    pub(crate) action: Action,
}

/// An error in the page itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.what)
    }
}

/// The blocks of a page.
pub(crate) fn blocks(text: &str) -> Result<Vec<Block>, Mistake> {
    let mut blocks = Vec::new();
    let mut directives = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((line, text)) = lines.next() {
        let trimmed = text.trim_start();
        if let Some(comment) = comment(trimmed) {
            directives.push((line, comment));
            continue;
        }
        let fence: String = trimmed.chars().take_while(|c| *c == '`').collect();
        if fence.len() < 3 {
            if !trimmed.is_empty() {
                directives.clear();
            }
            continue;
        }
        let indent = text[..text.len() - trimmed.len()].to_owned();
        let language = trimmed[fence.len()..].split([',', ' ']).next().unwrap_or_default().to_owned();
        let mut body = Vec::new();
        loop {
            let Some((_, text)) = lines.next() else {
                return Err(Mistake { line, what: "the block has no end".to_owned() });
            };
            if text.trim() == fence {
                break;
            }
            body.push(text.strip_prefix(&indent).unwrap_or(text.trim_start()).to_owned());
        }
        let directives = std::mem::take(&mut directives);
        let action = action(line, &language, &body, directives)?;
        blocks.push(Block { line, indent, language, body, action });
    }
    Ok(blocks)
}

/// The text of a comment that is a line of its own.
fn comment(line: &str) -> Option<&str> {
    Some(line.strip_prefix("<!--")?.trim_end().strip_suffix("-->")?.trim())
}

fn directive(line: usize, text: &str) -> Result<Directive, Mistake> {
    let (key, value) = text.split_once(':').map_or((text, ""), |(key, value)| (key.trim(), value.trim()));
    let mistake = |what: &str| Err(Mistake { line, what: format!("`{text}`: {what}") });
    match (key, value) {
        ("file", name) if !name.is_empty() => Ok(Directive::File(name.to_owned())),
        ("exit", number) => number.parse().map(Directive::Exit).or_else(|_| mistake("no number")),
        ("typed", words) if !words.is_empty() => {
            Ok(Directive::Typed(words.split(' ').map(str::to_owned).collect()))
        }
        ("not run", reason) if !reason.is_empty() => Ok(Directive::NotRun),
        ("emulator", "") => Ok(Directive::Emulator),
        ("data api", "") => Ok(Directive::DataApi),
        _ => mistake(
            "before a block stand `file: NAME`, `exit: N`, `typed: WORD`, `not run: REASON`, `emulator` or `data api`",
        ),
    }
}

fn action(
    line: usize,
    language: &str,
    body: &[String],
    comments: Vec<(usize, &str)>,
) -> Result<Action, Mistake> {
    let mistake = |what: String| Err(Mistake { line, what });
    let (mut exit, mut typed) = (0, Vec::new());
    let is_command = [CONSOLE, SHELL].contains(&language);
    for (line, comment) in comments {
        match directive(line, comment)? {
            Directive::File(name) if !is_command => return Ok(Action::Write(name)),
            Directive::File(_) => return mistake("a file is no command".to_owned()),
            Directive::Exit(number) => exit = number,
            Directive::Typed(words) => typed = words,
            Directive::NotRun => return Ok(Action::Show),
            Directive::Emulator => return Ok(Action::StartEmulator),
            Directive::DataApi => return Ok(Action::StartDataApi),
        }
    }
    match language {
        CONSOLE => match commands(body, exit) {
            Some(commands) => with_typed(commands, typed).or_else(mistake),
            None => mistake("`console` begins with `$ `".to_owned()),
        },
        SHELL => with_typed(script(body, exit), typed).or_else(mistake),
        _ if SHOWN.contains(&language) => Ok(Action::Show),
        _ => mistake(format!(
            "a block of `{language}`: commands are `console` or `sh`; else one of {}",
            SHOWN.join(", ")
        )),
    }
}

/// Assigns the words to the commands that read them.
fn with_typed(mut commands: Vec<Command>, words: Vec<String>) -> Result<Action, String> {
    let readers = commands.iter_mut().filter(|command| command.text.starts_with("read "));
    let readers: Vec<_> = readers.collect();
    if readers.len() != words.len() {
        return Err("`typed` has a word for each `read`".to_owned());
    }
    for (command, word) in readers.into_iter().zip(words) {
        command.typed = Some(word);
    }
    Ok(Action::Run(commands))
}

/// The commands of a `console` block: after `$ `, continued after `> `, with their output in between.
fn commands(body: &[String], exit: i32) -> Option<Vec<Command>> {
    let mut commands: Vec<Command> = Vec::new();
    let mut is_open = false;
    for line in body {
        if let Some(text) = line.strip_prefix("$ ") {
            commands.push(Command { text: text.to_owned(), output: Some(Vec::new()), exit: 0, typed: None });
            is_open = true;
            continue;
        }
        let command = commands.last_mut()?;
        match line.strip_prefix("> ").or((line == ">").then_some("")) {
            Some(more) if is_open => {
                command.text.push('\n');
                command.text.push_str(more);
            }
            _ => {
                is_open = false;
                command.output.get_or_insert_default().push(line.clone());
            }
        }
    }
    commands.last_mut()?.exit = exit;
    Some(commands)
}

/// The commands of a `sh` block: one per line, continued if a line ends with `\`.
fn script(body: &[String], exit: i32) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    let mut goes_on = false;
    for line in body {
        match commands.last_mut() {
            Some(command) if goes_on => {
                command.text.push('\n');
                command.text.push_str(line);
            }
            _ if line.trim().is_empty() || line.starts_with('#') => continue,
            _ => commands.push(Command { text: line.clone(), output: None, exit: 0, typed: None }),
        }
        goes_on = line.ends_with('\\');
    }
    if let Some(last) = commands.last_mut() {
        last.exit = exit;
    }
    commands
}

/// The page with other outputs: one for each command that has an output, in order.
pub(crate) fn with_outputs(text: &str, outputs: &[Vec<String>]) -> Result<String, Mistake> {
    let mut outputs = outputs.iter();
    let mut written = String::new();
    let mut lines = text.lines();
    let mut at = 0;
    for block in blocks(text)? {
        let Action::Run(commands) = &block.action else { continue };
        if block.language != CONSOLE {
            continue;
        }
        for line in lines.by_ref().take(block.line - at) {
            written.push_str(line);
            written.push('\n');
        }
        for command in commands {
            let text = command.text.split('\n').enumerate();
            let text = text.map(|(number, line)| match (number, line) {
                (0, line) => format!("$ {line}"),
                (_, "") => ">".to_owned(),
                (_, line) => format!("> {line}"),
            });
            let output = outputs.next().into_iter().flatten().cloned();
            for line in text.chain(output) {
                written.push_str(format!("{}{line}", block.indent).trim_end());
                written.push('\n');
            }
        }
        let _ = lines.by_ref().take(block.body.len()).count();
        at = block.line + block.body.len();
    }
    for line in lines {
        written.push_str(line);
        written.push('\n');
    }
    Ok(written)
}

/// Whether the output matches what is shown.
pub(crate) fn matches(shown: &[String], output: &[String]) -> bool {
    match shown {
        [] => output.is_empty(),
        [any] if any == "…" => true,
        [any, rest @ ..] if any == "…" => (0..=output.len()).any(|skip| matches(rest, &output[skip..])),
        [line, rest @ ..] => output.first() == Some(line) && matches(rest, &output[1..]),
    }
}

/// The output as it is to be shown: all of it, or with the gap that is shown now, if that is one between lines that the output
/// still has before and after it.
pub(crate) fn with_gap(shown: &[String], output: &[String]) -> Vec<String> {
    let mut parts = shown.split(|line| line == "…");
    let (Some(before), Some(after), None) = (parts.next(), parts.next(), parts.next()) else {
        return output.to_vec();
    };
    if before.len() + after.len() >= output.len() {
        return output.to_vec();
    }
    let (head, tail) = (&output[..before.len()], &output[output.len() - after.len()..]);
    [head, &["…".to_owned()], tail].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    fn actions(text: &str) -> Vec<Action> {
        blocks(text).expect("a page").into_iter().map(|block| block.action).collect()
    }

    fn mistake(text: &str) -> Mistake {
        blocks(text).expect_err("a mistake")
    }

    #[test]
    fn gap_remains_in_a_new_output() {
        let output = lines("1\n2\n3\n4");
        for (shown, expected) in [
            ("a\n…", "1\n…"),
            ("…\nb", "…\n4"),
            ("a\n…\nb", "1\n…\n4"),
            ("…", "…"),
            // Nothing would be left out, or it is unknown what.
            ("a\nb\n…\nc\nd", "1\n2\n3\n4"),
            ("…\na\n…", "1\n2\n3\n4"),
            ("a\nb", "1\n2\n3\n4"),
        ] {
            assert_eq!(with_gap(&lines(shown), &output), lines(expected), "{shown}");
        }
    }

    #[test]
    fn console_block_has_commands_outputs_and_exit_code() {
        let command = |text: &str, output: &str, exit| Command {
            text: text.to_owned(),
            output: Some(lines(output)),
            exit,
            typed: None,
        };
        let text = "a\n\n<!-- exit: 1 -->\n```console\n$ one\n$ two \\\n>   more\nsays\n> this\n```\n";
        assert_eq!(
            actions(text),
            [Action::Run(vec![command("one", "", 0), command("two \\\n  more", "says\n> this", 1)])]
        );
    }

    #[test]
    fn sh_block_has_one_command_per_line() {
        let text = "- a\n  ```sh\n  # words\n  one \\\n    more\n\n  two # words\n  ```\n";
        let command = |text: &str| Command { text: text.to_owned(), output: None, exit: 0, typed: None };
        assert_eq!(actions(text), [Action::Run(vec![command("one \\\n  more"), command("two # words")])]);
    }

    #[test]
    fn comments_apply_only_to_the_next_block() {
        let text = "<!-- not run: it asks -->\n\n```sh\na\n```\n<!-- file: a.yaml -->\n```yaml\na: 1\n```\n\
                    <!-- emulator -->\n```sh\nb\n```\n<!-- file: b -->\nwords\n\n```yaml\n```\n";
        assert_eq!(
            actions(text),
            [Action::Show, Action::Write("a.yaml".to_owned()), Action::StartEmulator, Action::Show]
        );
    }

    #[test]
    fn unmarked_commands_are_errors() {
        for (text, line) in [
            ("```\nls\n```\n", 1),
            ("\n```bash\nls\n```\n", 2),
            ("```console\nls\n```\n", 1),
            ("<!-- not run -->\n```sh\nls\n```\n", 1),
            ("<!-- notrun: why -->\n```sh\nls\n```\n", 1),
            ("<!-- file: a -->\n```sh\nls\n```\n", 2),
            ("```sh\nls\n", 1),
            ("```sh\nread -rs A\n```\n", 1),
            ("<!-- typed: a b -->\n```sh\nread -rs A\n```\n", 2),
        ] {
            assert_eq!(mistake(text).line, line, "{text}");
        }
    }

    #[test]
    fn outputs_are_replaced_in_place() {
        let text = "a\n```console\n$ one\nold\n$ two\n```\n```sh\nthree\n```\nb\n  ```console\n  $ four\n  > \n  old\n  ```\nc\n";
        let outputs = [lines("new\n\nnew"), lines("more"), lines("last")];
        assert_eq!(
            with_outputs(text, &outputs).expect("a page"),
            "a\n```console\n$ one\nnew\n\nnew\n$ two\nmore\n```\n```sh\nthree\n```\nb\n  ```console\n  $ four\n  >\n  last\n  ```\nc\n"
        );
    }

    #[test]
    fn only_an_ellipsis_matches_any_lines() {
        let output = lines("a\nb\nc");
        for (shown, is_same) in [
            ("a\nb\nc", true),
            ("a\n…", true),
            ("…\nc", true),
            ("a\n…\nc", true),
            ("…\na\nb\nc\n…", true),
            ("a\nb", false),
            ("a\n…\nb", false),
            ("…\nd", false),
            ("", false),
        ] {
            assert_eq!(matches(&lines(shown), &output), is_same, "{shown}");
        }
    }
}
