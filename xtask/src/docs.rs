//! `cargo xtask docs`: the book and the documentation of the crate, as files that need no network.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::command::{Error, cargo, described, succeeds, target_folder};
use crate::tools::Mdbook;

/// Builds both; the last line is the folder of the book.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    let crate_is_fine = succeeds(&mut documentation(root))?;
    let (folder, problems) = book(root)?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    println!("{}", folder.display());
    Ok(if crate_is_fine && problems.is_empty() { Outcome::Green } else { Outcome::Red })
}

/// The documentation of the crate, with warnings as errors.
pub(crate) fn documentation(root: &Path) -> Command {
    let mut command = cargo(root, &["doc", "--workspace", "--no-deps", "--features", "bootshift/native"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Builds the book; gives its folder, and what is wrong with it: what mdBook warns of, links that lead nowhere, and
/// files from elsewhere.
pub(crate) fn book(root: &Path) -> Result<(PathBuf, Vec<String>), Error> {
    let folder = target_folder()?.join("book");
    let mut build = Mdbook::install()?.command();
    build.arg("build").arg(root.join("book")).arg("--dest-dir").arg(&folder).stdin(Stdio::null());
    eprintln!("\n==> {}", described(&build));
    let output = build.output().map_err(|error| format!("cannot run mdbook: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("the book could not be built\n{said}"));
    }
    let warned = said.lines().map(str::trim_start);
    let mut problems: Vec<String> =
        warned.filter(|line| !line.is_empty() && !line.starts_with("INFO")).map(str::to_owned).collect();
    problems.extend(dead_links(&folder).map_err(|error| format!("{}: {error}", folder.display()))?);
    Ok((folder, problems))
}

/// What one page offers and asks for.
struct Page {
    anchors: BTreeSet<String>,
    links: Vec<String>,
    sources: Vec<String>,
}

impl Page {
    fn of(html: &str) -> Self {
        let all = |name| -> Vec<String> { attributes(html, name).into_iter().map(unescaped).collect() };
        let mut anchors: BTreeSet<String> = all("id").into_iter().collect();
        anchors.insert(String::new());
        Self { anchors, links: all("href"), sources: all("src") }
    }
}

/// The values of an attribute, as they are written.
fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let start = format!(" {name}=\"");
    let values = html.split(start.as_str()).skip(1).filter_map(|rest| rest.split_once('"'));
    values.map(|(value, _)| value).collect()
}

fn unescaped(value: &str) -> String {
    value.replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'").replace("%20", " ")
}

/// Links of the built pages that lead to no page or to no anchor of one, and what a page would load from elsewhere.
fn dead_links(folder: &Path) -> io::Result<Vec<String>> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // The list of chapters is a page for browsers without scripts; what is printed repeats the chapters.
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_html = path.extension().is_some_and(|end| end == "html");
        if is_html && !["toc.html", "print.html", "404.html"].contains(&name.as_str()) {
            pages.insert(name, Page::of(&fs::read_to_string(&path)?));
        }
    }
    let mut problems = Vec::new();
    for (name, page) in &pages {
        for source in page.sources.iter().filter(|source| source.contains("://")) {
            problems.push(format!("{name}: `{source}` is loaded from elsewhere"));
        }
        for link in page.links.iter().filter(|link| !link.contains(':')) {
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if target.is_empty() { name } else { target };
            let is_alive = match pages.get(target) {
                Some(page) => page.anchors.contains(anchor),
                None => anchor.is_empty() && folder.join(target).is_file(),
            };
            if !is_alive {
                problems.push(format!("{name}: the link `{link}` is broken"));
            }
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_links_are_reported() {
        let folder = std::env::temp_dir().join(format!("bootshift-docs-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let page =
            "<h1 id=\"top\"></h1><a href=\"b.html#top\"></a><a href=\"#top\"></a><a href=\"https://x\"></a>";
        let wrong = "<h1 id=\"top\"></h1><a href=\"a.html#gone\"></a><a href=\"c.html\"></a><a href=\"#no\"></a>\
                     <script src=\"https://x/y.js\"></script>";
        fs::write(folder.join("a.html"), page).expect("a page");
        fs::write(folder.join("b.html"), wrong).expect("a page");
        let problems = dead_links(&folder).expect("pages");
        fs::remove_dir_all(&folder).expect("a folder");
        assert_eq!(
            problems,
            [
                "b.html: `https://x/y.js` is loaded from elsewhere",
                "b.html: the link `a.html#gone` is broken",
                "b.html: the link `c.html` is broken",
                "b.html: the link `#no` is broken",
            ]
        );
    }
}
