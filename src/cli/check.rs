//! `check`.

use std::fmt;

use clap::error::ErrorKind;

use super::args::{CheckArgs, ReportFormat};
use super::exit::Exit;
use super::root::Root;
use super::single::{Single, payload};
use super::source::{self, Content, Source};
use super::system::System;
use super::terminal::Terminal;
use super::{Failure, usage};
use crate::check::{self, Checked, Conflicts, Options, Severity};
use crate::document::{Limits, OffsetEncoding};
use crate::operation::Operation;
use crate::payload::Payload;
use crate::report::human::{HumanReport, plural, summary_line};
use crate::report::{Input, Report, SARIF_CATEGORY, Summary};
use crate::text::printable;

/// How many files are kept in memory at once.
const CHUNK: usize = 64;

pub(super) fn run<S: System>(args: &CheckArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let system = terminal.system();
    let operation = operation(args)?;
    let old_source = args.old.as_deref().map(|path| Source::named(path, None));
    let (sources, errors) = source::collect(system, &args.paths, args.stdin_filename.as_deref());
    if old_source.as_ref().is_some_and(Source::is_stdin) && sources.iter().any(Source::is_stdin) {
        return Err(usage(ErrorKind::ArgumentConflict, "standard input can be read only once"));
    }
    if args.sarif_category.is_some() && args.format != ReportFormat::Sarif {
        return Err(usage(ErrorKind::ArgumentConflict, "`--sarif-category` requires `--format sarif`"));
    }
    if args.fix && sources.iter().any(Source::is_stdin) {
        let message = "`--fix` cannot be used with standard input; pass a file name instead of `-`";
        return Err(usage(ErrorKind::ArgumentConflict, message));
    }

    let mut run = Run::new(args, terminal);
    for error in errors {
        let message = source::unreadable(system, &error.path, &error.message);
        run.fail(&message);
    }
    let old = match &old_source {
        None => None,
        Some(source) => run.old(source)?,
    };
    let options =
        Options { operation, old: old.as_ref(), auto_bootstrap: args.auto_bootstrap, ..Options::default() };
    run.check(&sources, &options);
    Ok(run.finish())
}

/// The operation that the arguments name or imply.
fn operation(args: &CheckArgs) -> Result<Option<Operation>, Failure> {
    if args.paths.is_empty() {
        let message = "no files to check; pass files or directories, or `-` to read standard input";
        return Err(usage(ErrorKind::MissingRequiredArgument, message));
    }
    match (args.operation, &args.old) {
        (None, Some(_)) => Ok(Some(Operation::Update)),
        (Some(operation), Some(_)) if !operation.takes_old() => Err(usage(
            ErrorKind::ArgumentConflict,
            "`--old` requires `--operation update`, `script-edit`, `delete` or `script-delete`",
        )),
        (operation, _) => Ok(operation),
    }
}

/// A file that was read and checked.
struct File<'a> {
    source: &'a Source,
    content: Content,
    checked: Vec<Checked>,
    /// How many problems were fixed in it, or why it could not be written.
    fixed: Result<usize, String>,
    /// Whether it was not changed because it is a link that was found in a directory.
    is_left_link: bool,
}

fn read_and_check<'a, S: System>(
    system: &S,
    source: &'a Source,
    options: &Options<'_>,
    limits: &Limits,
    fix: bool,
) -> Result<File<'a>, String> {
    let mut content = source.read(system, limits).map_err(|error| source.unreadable(system, &error))?;
    let is_ours = |document: &Checked, content: &Content| {
        source.is_named || options.operation.is_some() || is_of_api(document, content)
    };
    let mut checked = source.check_those(&content, options, &|document| is_ours(document, &content));
    let mut fixed = Ok(0);
    // Its target may lie outside of the directory.
    let is_left_link = fix && checked.iter().any(Checked::has_safe_fix) && source.is_found_link(system);
    if fix {
        if !is_left_link {
            (fixed, checked) = match source.fix(system, &mut content, checked, options, &is_ours) {
                Ok((count, checked)) => (Ok(count), checked),
                Err((checked, error)) => (Err(source.unwritable(&error)), checked),
            };
        }
        checked.retain(|document| is_ours(document, &content));
        check::list(&mut checked, limits.diagnostics);
    }
    Ok(File { source, content, checked, fixed, is_left_link })
}

fn read_and_check_all<'a, S: System>(
    system: &S,
    sources: &'a [Source],
    options: &Options<'_>,
    limits: &Limits,
    fix: bool,
) -> Vec<Result<File<'a>, String>> {
    // References, so that the results may borrow from the sources and not from the list of work.
    let sources: Vec<&'a Source> = sources.iter().collect();
    system.map(&sources, |system, source| read_and_check(system, source, options, limits, fix))
}

/// Whether a document that was found in a directory belongs to the integrations API. Its keys are not enough to decide:
/// every `package.json` has a `type`, and a list may contain anything.
fn is_of_api(document: &Checked, content: &Content) -> bool {
    (document.operation.is_some() || document.is_unreadable()) && content.may_be_ours()
}

struct Run<'a, 's, S> {
    args: &'a CheckArgs,
    terminal: &'a mut Terminal<'s, S>,
    /// What paths in reports for GitHub are relative to.
    root: Option<Root<'s, S>>,
    human: HumanReport,
    /// The report for the other formats.
    report: Report,
    summary: Summary,
    conflicts: Conflicts,
    skipped: usize,
    fixed: Fixed,
    exit: Exit,
}

/// What `--fix` did.
#[derive(Clone, Copy, Default)]
struct Fixed {
    problems: usize,
    files: usize,
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { problems, files } = self;
        if *problems == 0 {
            return f.write_str("no problems fixed");
        }
        write!(f, "fixed {} in {}", plural(*problems, "problem"), plural(*files, "file"))
    }
}

impl<'a, 's, S: System> Run<'a, 's, S> {
    fn new(args: &'a CheckArgs, terminal: &'a mut Terminal<'s, S>) -> Self {
        let least = if args.quiet { Severity::Error } else { Severity::Note };
        let root = match args.format {
            ReportFormat::Human | ReportFormat::Json => None,
            ReportFormat::Sarif | ReportFormat::Github => Some(Root::of(terminal.system())),
        };
        Self {
            args,
            root,
            human: HumanReport::new(terminal.out_colored()).at_least(least),
            terminal,
            report: Report::new(OffsetEncoding::Utf8),
            summary: Summary::default(),
            conflicts: Conflicts::new(&args.limits()),
            skipped: 0,
            fixed: Fixed::default(),
            exit: Exit::Fine,
        }
    }

    fn fail(&mut self, message: &str) {
        self.terminal.error(message);
        self.exit = self.exit.max(Exit::Usage);
    }

    /// The old payload. Its errors are reported like those of other files.
    fn old(&mut self, source: &Source) -> Result<Option<Payload>, Failure> {
        let single = match Single::read(self.terminal.system(), source.clone()) {
            Ok(single) => single,
            Err(message) => {
                self.fail(&message);
                return Ok(None);
            }
        };
        let checked = single.check(&Options { operation: Some(Operation::Create), ..Options::default() })?;
        if checked.is_valid() {
            return Ok(payload(checked));
        }
        self.report_file(&self.path(single.name()), single.documents().text(), &[checked]);
        Ok(None)
    }

    fn check(&mut self, sources: &[Source], options: &Options<'_>) {
        for chunk in sources.chunks(CHUNK) {
            let system = self.terminal.system();
            for file in read_and_check_all(system, chunk, options, &self.args.limits(), self.args.fix) {
                match file {
                    Ok(file) => self.file(file),
                    Err(message) => self.fail(&message),
                }
            }
        }
    }

    fn file(&mut self, mut file: File<'_>) {
        match &file.fixed {
            Ok(0) => {}
            Ok(problems) => {
                self.fixed.problems += problems;
                self.fixed.files += 1;
            }
            Err(message) => self.fail(message),
        }
        if file.checked.is_empty() {
            self.skipped += 1;
            return;
        }
        let path = self.path(&file.source.name);
        self.conflicts.add(&path, &mut file.checked);
        self.report_file(&path, file.content.documents.text(), &file.checked);
        if file.is_left_link {
            self.terminal.note_line(format_args!(
                "`--fix` did not change {}, a link; pass it by name to change its target",
                printable(&path)
            ));
        }
    }

    /// The path of a file in the report.
    fn path(&self, name: &str) -> String {
        self.root.as_ref().map_or_else(|| name.to_owned(), |root| root.relative(name))
    }

    fn report_file(&mut self, path: &str, text: &str, checked: &[Checked]) {
        self.summary.count(checked);
        let input = Input { path, text, checked };
        if self.args.format == ReportFormat::Human {
            self.human.write(&input, &mut self.terminal.text());
        } else {
            self.report.add(&input);
        }
    }

    fn finish(self) -> Exit {
        let Self { args, terminal, report, summary, skipped, fixed, exit, .. } = self;
        match args.format {
            ReportFormat::Human if args.quiet => {}
            ReportFormat::Human => {
                if summary.documents > 0 || skipped > 0 {
                    let fixed = if args.fix { format!("{fixed}\n") } else { String::new() };
                    terminal.print_line(&format!("{fixed}{}", summary_line(&summary, skipped)));
                }
            }
            // The terminal reports write errors at the end.
            ReportFormat::Json => {
                let _ = report.write_json(terminal);
                terminal.print("\n");
            }
            ReportFormat::Sarif => {
                let category = args.sarif_category.as_deref().unwrap_or(SARIF_CATEGORY);
                let _ = report.write_sarif(category, terminal);
                terminal.print("\n");
                if let Some(left_out) = report.left_out_of_sarif() {
                    terminal.warning(left_out);
                }
            }
            ReportFormat::Github => {
                let _ = report.write_github(terminal);
            }
        }
        if args.fix && !args.quiet && args.format != ReportFormat::Human {
            terminal.note_line(fixed);
        }
        let fails = summary.errors > 0 || (args.deny_warnings && summary.warnings > 0);
        exit.max(if fails { Exit::Payload } else { Exit::Fine })
    }
}
