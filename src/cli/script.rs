//! `script`.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use tempfile::NamedTempFile;

use super::args::{FlavorArg, ScriptArgs, ScriptFormat};
use super::exit::Exit;
use super::single::{self, Single};
use super::source::{reason, shown};
use super::terminal::Terminal;
use super::{Failure, internal, usage};
use crate::check::Options;
use crate::operation::Operation;
use crate::script::{Script, ScriptError, ScriptFile, ScriptKind, ScriptOptions, script};

pub(super) fn run(args: &ScriptArgs, terminal: &mut Terminal) -> Result<Exit, Failure> {
    check_usage(args)?;
    let old = args.from.as_deref().map(Single::open).transpose()?;
    let new = Single::open(&args.payload)?;

    let old_payload = match &old {
        None => None,
        Some(old) => {
            let options = Options { operation: Some(Operation::Create), ..Options::default() };
            // What is merely doubtful about the old payload has been done already.
            let checked = old.check(&options)?;
            let checked = if checked.is_valid() { checked } else { old.accept(&options, terminal)? };
            single::payload(checked)
        }
    };
    let is_automatic = new.is_automatic();
    let operation = operation(args.kind, is_automatic);
    let options = Options { operation: Some(operation), old: old_payload.as_ref(), ..Options::default() };
    let checked = new.accept(&options, terminal)?;
    let payload = single::payload(checked).ok_or_else(internal)?;
    if is_automatic {
        terminal.note_line(
            "`autoBootstrap` is true: these are the statements that an automatic set-up runs. Immuta's own script \
             endpoints accept `autoBootstrap: false` only.",
        );
    }

    let options = ScriptOptions {
        password: args.password.into(),
        existing_database: args.existing_database,
        existing_user: args.existing_user,
    };
    let env = |name: &str| std::env::var(name).ok();
    let written = script(args.kind, &payload, old_payload.as_ref(), &options, &env);
    let script = written.map_err(|error| match error {
        // An old password that cannot be resolved counts as changed, so it is the new payload's.
        ScriptError::UnresolvedSecret(secret) => new.unresolved(&secret, terminal),
        other => Failure::Message(other.to_string()),
    })?;
    for warning in &script.warnings {
        terminal.warning(warning);
    }
    let files = files(&script, args);
    match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        None => {
            for file in &files {
                terminal.print_line(&file.text);
            }
        }
        Some(target) => {
            for path in write(target, &files)? {
                terminal.eprint(&format!("wrote {}\n", shown(&path).unwrap_or_default()));
            }
        }
    }
    Ok(Exit::Fine)
}

fn check_usage(args: &ScriptArgs) -> Result<(), Failure> {
    let message = match (args.kind, &args.from) {
        (ScriptKind::Edit, None) => "an edit starts from the payload in force: name its file with --from OLD",
        (ScriptKind::Edit, Some(_)) => return stdin_once(args),
        (_, Some(_)) => "--from goes with `script edit` only",
        (_, None) if args.format == ScriptFormat::Json && args.flavor != FlavorArg::Plain => {
            "--flavor is about the text; --format json has none"
        }
        (_, None) => return Ok(()),
    };
    Err(usage(ErrorKind::ArgumentConflict, message))
}

fn stdin_once(args: &ScriptArgs) -> Result<(), Failure> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if args.from.as_deref().is_some_and(is_stdin) && is_stdin(&args.payload) {
        return Err(usage(ErrorKind::ArgumentConflict, "standard input can be read once only"));
    }
    Ok(())
}

/// What the payload is checked as.
const fn operation(kind: ScriptKind, is_automatic: bool) -> Operation {
    match (kind, is_automatic) {
        (ScriptKind::Edit, true) => Operation::Update,
        (_, true) => Operation::Create,
        (ScriptKind::InitialCreate | ScriptKind::All, false) => Operation::ScriptInitialCreate,
        (ScriptKind::Create, false) => Operation::ScriptCreate,
        (ScriptKind::Edit, false) => Operation::ScriptEdit,
        (ScriptKind::Delete, false) => Operation::ScriptDelete,
        (ScriptKind::Cleanup, false) => Operation::ScriptCleanup,
    }
}

fn files(script: &Script, args: &ScriptArgs) -> Vec<ScriptFile> {
    match args.format {
        ScriptFormat::Text => script.render(args.flavor.into()),
        ScriptFormat::Json => vec![ScriptFile {
            name: format!("{}.json", script.kind.name()),
            text: format!("{:#}\n", script.to_json()),
            secret: script
                .stages
                .iter()
                .flat_map(|stage| &stage.statements)
                .any(|statement| statement.secret),
        }],
    }
}

/// Writes every file whole or none of them, and returns their paths.
fn write(target: &Path, files: &[ScriptFile]) -> Result<Vec<PathBuf>, Failure> {
    let ends_with_slash = target.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    if target.is_dir() || ends_with_slash || files.len() > 1 {
        if target.is_file() {
            let name = shown(target).unwrap_or_default();
            return Err(Failure::Message(if files.len() > 1 {
                format!(
                    "this script has {} files, and {name} is one; name a directory, or write one file with \
                     --flavor psql",
                    files.len()
                )
            } else {
                format!("{name} ends like a directory, but is a file")
            }));
        }
        fs::create_dir_all(target).map_err(|error| unwritable(target, &error))?;
        let paths: Vec<PathBuf> = files.iter().map(|file| target.join(&file.name)).collect();
        let mut ready = Vec::new();
        for (file, path) in files.iter().zip(&paths) {
            ready.push(prepare(path, file).map_err(|error| unwritable(path, &error))?);
        }
        for (temporary, path) in ready.into_iter().zip(&paths) {
            temporary.persist(path).map_err(|error| unwritable(path, &error.error))?;
        }
        return Ok(paths);
    }
    let Some(file) = files.first() else { return Ok(Vec::new()) };
    write_one(target, file).map_err(|error| unwritable(target, &error))?;
    Ok(vec![target.to_owned()])
}

fn write_one(target: &Path, file: &ScriptFile) -> io::Result<()> {
    match fs::metadata(target) {
        // A device or a pipe is written to, never replaced.
        Ok(metadata) if !metadata.is_file() => {
            fs::OpenOptions::new().write(true).open(target)?.write_all(file.text.as_bytes())
        }
        // Behind a link it is the file that is replaced.
        Ok(_) => {
            let target = target.canonicalize()?;
            prepare(&target, file)?.persist(&target).map(drop).map_err(|error| error.error)
        }
        Err(_) => prepare(target, file)?.persist(target).map(drop).map_err(|error| error.error),
    }
}

/// A finished file beside its place, to be renamed. It goes away if it is not.
fn prepare(target: &Path, file: &ScriptFile) -> io::Result<NamedTempFile> {
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bootshift-");
    // Without permissions of its own a temporary file is for its owner alone.
    #[cfg(unix)]
    if !file.secret {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(directory)?;
    temporary.write_all(file.text.as_bytes())?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        _ => reason(error),
    };
    Failure::Message(format!("cannot write {}: {reason}", shown(path).unwrap_or_default()))
}
