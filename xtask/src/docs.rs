//! `cargo xtask docs`: the book and the documentation of the crate, as files that need no network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::command::{Error, cargo, described, succeeds, target_folder};
use crate::python::PackagingTools;
use crate::tools::Mdbook;

/// Builds both; the last line is the folder of the book.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    let crate_is_fine = succeeds(&mut documentation(root))?;
    let (folder, book) = book(root)?;
    println!("{}", folder.display());
    Ok(if crate_is_fine { book } else { Outcome::Red })
}

/// The documentation of the crate, with warnings as errors.
pub(crate) fn documentation(root: &Path) -> Command {
    let mut command = cargo(root, "doc --workspace --no-deps --features bootshift/native");
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Builds the book; gives its folder, and whether it is fine: no warnings of mdBook, no broken links (lychee), and no
/// files from other servers. Prints what is wrong.
pub(crate) fn book(root: &Path) -> Result<(PathBuf, Outcome), Error> {
    let folder = target_folder()?.join("book");
    let mut build = Mdbook::install()?.command();
    build.arg("build").arg(root.join("book")).arg("--dest-dir").arg(&folder).stdin(Stdio::null());
    eprintln!("\n==> {}", described(&build));
    let output = build.output().map_err(|error| format!("cannot run mdbook: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("the book could not be built\n{printed}"));
    }
    let lines = printed.lines().map(str::trim_start);
    let mut problems: Vec<String> =
        lines.filter(|line| !line.is_empty() && !line.starts_with("INFO")).map(str::to_owned).collect();
    problems.extend(foreign_files(&folder).map_err(|error| format!("{}: {error}", folder.display()))?);
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    let links_are_fine = succeeds(&mut check_links(&folder)?)?;
    let outcome = Outcome::from(problems.is_empty() && links_are_fine);
    Ok((folder, outcome))
}

/// lychee on the pages of a folder. Links to other servers are not checked.
fn check_links(folder: &Path) -> Result<Command, Error> {
    let mut lychee = PackagingTools::install()?.command("lychee");
    lychee.args(["--offline", "--include-fragments", "--no-progress", "--quiet"]);
    // Its links begin at the root of the server.
    lychee.args(["--exclude-path", r"404\.html$"]).arg(folder);
    Ok(lychee)
}

/// What the pages of a folder would load from other servers.
fn foreign_files(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut problems = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(&path)?;
            let sources = text.split(" src=\"").skip(1).filter_map(|rest| rest.split('"').next());
            problems.extend(
                sources
                    .filter(|source| source.contains("://"))
                    .map(|source| format!("{} loads {source} from another server", path.display())),
            );
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_from_other_servers_are_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = "<img src=\"a.png\"><a href=\"https://x\"></a><script src=\"https://x/y.js\"></script>";
        fs::write(folder.path().join("a.html"), page).expect("a page");
        let problems = foreign_files(folder.path()).expect("pages");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].ends_with("a.html loads https://x/y.js from another server"), "{problems:?}");
    }
}
