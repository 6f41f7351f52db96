//! `script`.

use std::io;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;

use super::args::{FlavorArg, ScriptArgs, ScriptFormat};
use super::exit::Exit;
use super::single::{self, Single};
use super::source::shown;
use super::system::{FileKind, Mode, NewFile, PREFIX, System};
use super::terminal::Terminal;
use super::{Failure, internal, usage};
use crate::check::{Body, Code, Options};
use crate::files::reason;
use crate::operation::Operation;
use crate::script::{Script, ScriptError, ScriptFile, ScriptKind, ScriptOptions, Statement, is_edit, script};

pub(super) fn run<S: System>(args: &ScriptArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    check_usage(args)?;
    let system = terminal.system();
    let old = args.from.as_deref().map(|path| Single::open(system, path)).transpose()?;
    let new = Single::open(system, &args.payload)?;

    let old_payload = match &old {
        None => None,
        Some(old) => {
            let options = Options { operation: Some(Operation::Create), ..Options::default() };
            // The old payload has been applied already, so its warnings are not reported.
            let checked = old.check(&options)?;
            let checked = if checked.is_valid() { checked } else { old.accept(&options, terminal)? };
            single::payload(checked)
        }
    };
    let is_automatic = new.is_automatic();
    let operation = args.kind.operation(is_automatic);
    let options = Options { operation: Some(operation), old: old_payload.as_ref(), ..Options::default() };
    let mut checked = new.check(&options)?;
    if !checked.is_valid() {
        return Err(new.refuse(&checked, terminal));
    }
    let Some(Body::Payload(payload)) = checked.body.take() else { return Err(internal()) };

    let options = ScriptOptions {
        password: args.password.into(),
        existing_database: args.existing_database,
        existing_user: args.existing_user,
        set_password: args.set_password,
    };
    let env = |name: &str| system.env(name);
    let written = script(args.kind, &payload, old_payload.as_ref(), &options, &env);
    let error = match written {
        Err(ScriptError::HashedPassword(_)) => Some(Code::HashedPassword),
        Err(ScriptError::WeakPassword(_)) => Some(Code::WeakPassword),
        _ => None,
    };
    // It is reported below, as an error.
    checked.diagnostics.retain(|found| Some(found.code) != error);
    new.show(&checked, terminal);
    if is_automatic {
        terminal.note_line(
            "`autoBootstrap` is `true`, which Immuta's own script endpoints do not accept; the script contains the \
             statements of an automatic setup",
        );
    }
    let script = written.map_err(|error| match error {
        // An old password that cannot be resolved counts as changed, so it is the new payload's.
        ScriptError::UnresolvedSecret(secret) => new.unresolved(&secret, terminal),
        ScriptError::HashedPassword(password) => new.hashed(&password, terminal),
        ScriptError::WeakPassword(password) => new.weak(&password, terminal),
        other => Failure::Message(other.to_string()),
    })?;
    for warning in &script.warnings {
        terminal.warning(warning);
    }
    let output = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    if let Some(target) = output {
        keep_inputs(system, args, target)?;
    }
    if script.stages.is_empty() {
        terminal.note_line("nothing to do: both payloads describe the same state in Redshift");
    }
    let files = files(&script, args);
    if let (true, Some(target)) = (files.is_empty(), output) {
        let name = args.kind.file_name(args.flavor.into());
        remove_outdated(target, &name, terminal)?;
        name_outdated(target, &[name], terminal);
        return Ok(Exit::Fine);
    }
    match output {
        None => {
            for file in &files {
                terminal.print_line(&file.text);
            }
        }
        Some(target) => {
            for path in write(system, target, &files)? {
                terminal.eprint(&format!("wrote {}\n", shown(system, &path)));
            }
            if script.stages.is_empty() {
                let names: Vec<String> = files.into_iter().map(|file| file.name).collect();
                name_outdated(target, &names, terminal);
            }
        }
    }
    Ok(Exit::Fine)
}

fn check_usage(args: &ScriptArgs) -> Result<(), Failure> {
    let message = match (args.kind, &args.from) {
        (kind, _) if args.set_password && kind != ScriptKind::Edit => {
            "`--set-password` requires `script edit`; other scripts set the password when they create the account"
        }
        _ if args.format == ScriptFormat::Json && args.flavor != FlavorArg::Plain => {
            "`--flavor` cannot be used with `--format json`"
        }
        (ScriptKind::Edit, None) => "`script edit` requires the current payload; pass it with `--from OLD`",
        (ScriptKind::Edit, Some(_)) => return stdin_once(args),
        (_, Some(_)) => "`--from` requires `script edit`",
        (_, None) => return Ok(()),
    };
    Err(usage(ErrorKind::ArgumentConflict, message))
}

/// Refuses an output path that would overwrite a payload.
fn keep_inputs<S: System>(system: &S, args: &ScriptArgs, target: &Path) -> Result<(), Failure> {
    let Ok(place) = system.canonicalize(target) else { return Ok(()) };
    let inputs = [Some(&args.payload), args.from.as_ref()];
    if inputs.into_iter().flatten().any(|input| system.canonicalize(input).is_ok_and(|input| input == place))
    {
        let name = shown(system, target);
        return Err(usage(
            ErrorKind::ArgumentConflict,
            &format!("`-o` would overwrite the payload {name}; choose another file"),
        ));
    }
    Ok(())
}

fn stdin_once(args: &ScriptArgs) -> Result<(), Failure> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if args.from.as_deref().is_some_and(is_stdin) && is_stdin(&args.payload) {
        return Err(usage(ErrorKind::ArgumentConflict, "standard input can be read only once"));
    }
    Ok(())
}

fn files(script: &Script, args: &ScriptArgs) -> Vec<ScriptFile> {
    match args.format {
        ScriptFormat::Text => script.render(args.flavor.into()),
        ScriptFormat::Json => vec![ScriptFile {
            name: script.kind.json_name(),
            text: format!("{:#}\n", script.to_json()),
            secret: script.stages.iter().flat_map(|stage| &stage.statements).any(Statement::is_secret),
        }],
    }
}

/// Writes all files, or none of them, and returns their paths.
fn write<S: System>(system: &S, target: &Path, files: &[ScriptFile]) -> Result<Vec<PathBuf>, Failure> {
    let name = || shown(system, target);
    if is_directory(system, target) || files.len() > 1 {
        if system.is_file(target) {
            return Err(Failure::Message(if files.len() > 1 {
                format!(
                    "this script has {} files, but {} is a file; pass a directory, or use `--flavor psql` to write \
                     a single file",
                    files.len(),
                    name()
                )
            } else {
                format!("{} ends with `/` but is a file", name())
            }));
        }
        system.create_dir_all(target).map_err(|error| unwritable(system, target, &error))?;
        let paths: Vec<PathBuf> = files.iter().map(|file| target.join(&file.name)).collect();
        let ready: Vec<NewFile<'_>> =
            files.iter().zip(&paths).map(|(file, path)| new_file(file, path.clone())).collect();
        system.replace(&ready).map_err(|(index, error)| {
            unwritable(system, paths.get(index).map_or(target, PathBuf::as_path), &error)
        })?;
        return Ok(paths);
    }
    let Some(file) = files.first() else { return Ok(Vec::new()) };
    write_one(system, target, file).map_err(|error| unwritable(system, target, &error))?;
    Ok(vec![target.to_owned()])
}

/// Whether a target is a directory, or ends like one.
fn is_directory<S: System>(system: &S, target: &Path) -> bool {
    system.is_dir(target) || target.as_os_str().to_string_lossy().ends_with(|last| system.is_separator(last))
}

/// If there is nothing to write, removes the edit script that would have been replaced: it belongs to another change, and
/// could be run by mistake. Other files are kept.
fn remove_outdated<S: System>(
    target: &Path,
    name: &str,
    terminal: &mut Terminal<'_, S>,
) -> Result<(), Failure> {
    let system = terminal.system();
    let path = if is_directory(system, target) { target.join(name) } else { target.to_owned() };
    if !system.is_file(&path) {
        terminal.note_line("no files were written");
        return Ok(());
    }
    let path_shown = shown(system, &path);
    match system.read(&path, PREFIX).map(|read| is_edit(&String::from_utf8_lossy(&read.bytes))) {
        Ok(true) => {}
        Ok(false) => {
            terminal.warning(format!(
                "{path_shown} already exists and is not a Bootshift edit script; it was not changed"
            ));
            return Ok(());
        }
        Err(error) => {
            terminal.warning(format!(
                "{path_shown} already exists and cannot be read ({}); it was not changed",
                reason(&error)
            ));
            return Ok(());
        }
    }
    if system.is_link(&path) {
        // Removing its target would leave a dangling link.
        return Err(Failure::Message(format!(
            "{path_shown} is a link to the script of another change; remove that script"
        )));
    }
    system.remove(&path).map_err(|error| {
        Failure::Message(format!(
            "cannot remove {path_shown}, the script of another change: {}",
            reason(&error)
        ))
    })?;
    terminal.eprint(&format!("removed {path_shown}, the script of another change\n"));
    Ok(())
}

/// If there is nothing to do, warns about edit scripts of other flavors in the directory: they belong to another change, and
/// could be run by mistake.
fn name_outdated<S: System>(target: &Path, names: &[String], terminal: &mut Terminal<'_, S>) {
    let system = terminal.system();
    if !is_directory(system, target) {
        return;
    }
    let others = ScriptKind::Edit.file_names().into_iter().filter(|name| !names.contains(name));
    let others: Vec<PathBuf> =
        others.map(|name| target.join(name)).filter(|path| system.is_file(path)).collect();
    for path in others {
        let path = shown(system, &path);
        terminal.warning(format!(
            "{path} also exists and may be the script of another change; it was not changed"
        ));
    }
}

fn write_one<S: System>(system: &S, target: &Path, file: &ScriptFile) -> io::Result<()> {
    let place = match system.kind(target) {
        Ok(FileKind::File) => system.canonicalize(target)?,
        // A device or a pipe is written to, never replaced.
        Ok(FileKind::Directory | FileKind::Other) => return system.write_into(target, &file.text),
        Err(_) => target.to_owned(),
    };
    // The target of a link is replaced.
    system.replace(&[new_file(file, place)]).map_err(|(_, error)| error)
}

fn new_file(file: &ScriptFile, path: PathBuf) -> NewFile<'_> {
    let mode = if file.secret { Mode::Secret } else { Mode::Default };
    NewFile { path, text: &file.text, mode }
}

fn unwritable<S: System>(system: &S, path: &Path, error: &io::Error) -> Failure {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such directory".to_owned(),
        _ => reason(error),
    };
    Failure::Message(format!("cannot write {}: {reason}", shown(system, path)))
}
