//! `init`: writes the workflow for GitHub Actions and the configuration.

mod names;

use crate::cli::InitArgs;
use crate::exit;
use anyhow::{Context, Result, bail, ensure};
use repair_core::{ChangeSet, Folder, RepoPath, Snapshot};
use std::path::Path;

const WORKFLOW: &str = include_str!("../../../templates/ci-repair.yml");
const CONFIGURATION: &str = include_str!("../../../templates/ci-repair.toml");

/// Where the workflow may be; the first is where it is written if there is none.
const WORKFLOW_PATHS: [&str; 2] = [".github/workflows/ci-repair.yml", ".github/workflows/ci-repair.yaml"];
const CONFIGURATION_PATH: &str = "ci-repair.toml";

/// What stands for the list of workflows while there is none to name.
const PLACEHOLDER: &str = "the name of your workflow";

/// Writes both files, or prints the workflow.
pub(crate) fn run(args: &InitArgs, quiet: bool) -> Result<u8> {
    let (folder, snapshot) = open(&args.repo)?;
    let action = action(args.action.as_deref(), option_env!("CI_REPAIR_COMMIT"))?;
    let found = names::of(&snapshot);
    let workflow = workflow(&found.names, &action);
    if !quiet {
        remarks(&found).iter().for_each(|remark| anstream::eprintln!("ci-repair: {remark}"));
    }
    if args.print {
        anstream::print!("{workflow}");
        return Ok(exit::OK);
    }
    let written = write(&folder, &snapshot, &workflow, args.force)?;
    written.iter().for_each(|path| anstream::println!("{path}"));
    if !quiet {
        anstream::eprint!("{}", next_steps(&written));
    }
    Ok(exit::OK)
}

/// The top of a checkout, where alone GitHub looks for workflows.
fn open(path: &Path) -> Result<(Folder, Snapshot)> {
    let folder = Folder::open(path)?;
    let shown = folder.root().display();
    ensure!(folder.root().join(".git").exists(), "`{shown}` is not the top of a git repository");
    let snapshot = folder.snapshot()?;
    Ok((folder, snapshot))
}

/// What stands behind `uses:`.
fn action(asked: Option<&str>, built_of: Option<&str>) -> Result<String> {
    if let Some(asked) = asked {
        ensure!(is_pinned(asked), "`{asked}` is not of the form OWNER/NAME@COMMIT with a commit of 40 digits");
        return Ok(asked.to_owned());
    }
    let Some(commit) = built_of else {
        bail!("this build does not know its commit; name the action with `--action OWNER/NAME@COMMIT`");
    };
    let name = env!("CARGO_PKG_REPOSITORY").trim_start_matches("https://github.com/");
    Ok(format!("{name}@{commit} # as of {}", env!("CARGO_PKG_VERSION")))
}

fn is_pinned(action: &str) -> bool {
    let Some((name, commit)) = action.split_once('@') else { return false };
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    name.contains('/')
        && name.split('/').all(is_part)
        && commit.len() == 40
        && commit.chars().all(|c| c.is_ascii_hexdigit())
}

fn workflow(names: &[String], action: &str) -> String {
    let placeholder = [PLACEHOLDER.to_owned()];
    let names = if names.is_empty() { &placeholder[..] } else { names };
    // A string of JSON is one of YAML.
    let list: Vec<String> = names.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
    // The names come last, since they may contain anything.
    WORKFLOW.replace("<action>", action).replace("<workflow>", &list.join("\n      - "))
}

fn remarks(found: &names::Found) -> Vec<String> {
    let unread = found.unread.iter().map(|path| format!("`{path}` cannot be read, so it is not watched"));
    let none = found
        .names
        .is_empty()
        .then(|| format!("there is no workflow yet that could fail; put its name in the place of \"{PLACEHOLDER}\""));
    unread.chain(none).collect()
}

/// Writes what is to be written, all of it or nothing, and says what.
fn write(folder: &Folder, snapshot: &Snapshot, workflow: &str, force: bool) -> Result<Vec<RepoPath>> {
    let files = files(snapshot, workflow)?;
    let there: Vec<String> =
        files.iter().filter(|(path, _)| snapshot.contains(path)).map(|(path, _)| format!("`{path}`")).collect();
    ensure!(
        force || there.is_empty(),
        "{} would be overwritten, so nothing was written; `--force` replaces it, `--print` prints the workflow",
        there.join(" and ")
    );
    let stale: Vec<_> = files.into_iter().filter(|(path, text)| snapshot.text(path).ok() != Some(text)).collect();
    if !stale.is_empty() {
        folder.write(snapshot, &changes(snapshot, &stale)?).context("nothing was written")?;
    }
    Ok(stale.into_iter().map(|(path, _)| path).collect())
}

fn changes(snapshot: &Snapshot, files: &[(RepoPath, &str)]) -> Result<ChangeSet> {
    let mut changes = ChangeSet::build_on(snapshot);
    for (path, text) in files {
        let mut parents = std::iter::successors(path.parent(), RepoPath::parent);
        if let Some(parent) = parents.find(|parent| snapshot.contains(parent)) {
            bail!("`{parent}` is no folder, so nothing was written");
        }
        if snapshot.contains(path) {
            changes.rewrite(path, text.as_bytes());
        } else {
            changes.create(path, *text);
        }
    }
    Ok(changes.build()?)
}

/// The files, each with its contents.
fn files<'a>(snapshot: &Snapshot, workflow: &'a str) -> Result<Vec<(RepoPath, &'a str)>> {
    let [first, second] = WORKFLOW_PATHS.map(RepoPath::new);
    let (first, second) = (first?, second?);
    let place = if snapshot.contains(&second) { second } else { first };
    let mut files = vec![(place, workflow)];
    if !is_configured_elsewhere(snapshot) {
        files.push((RepoPath::new(CONFIGURATION_PATH)?, CONFIGURATION));
    }
    Ok(files)
}

/// Whether `pyproject.toml` configures us, which a file of our own would hide.
fn is_configured_elsewhere(snapshot: &Snapshot) -> bool {
    let text = RepoPath::new("pyproject.toml").ok().and_then(|path| snapshot.text(&path).ok()).unwrap_or_default();
    let Ok(document) = toml_edit::Document::parse(text) else { return false };
    document.get("tool").and_then(|tool| tool.get("ci-repair")).is_some()
}

fn next_steps(written: &[RepoPath]) -> String {
    let mut text = String::from("Next:\n");
    if !written.iter().any(|path| path.as_str() == CONFIGURATION_PATH) {
        text += "  - The configuration stays where it is, in `pyproject.toml`.\n";
    }
    text + "  - Read the workflow, say in it how the project's dependencies are installed, and commit it to the default
    branch: GitHub takes it from nowhere else.
  - Switch on Settings → Actions → General → \"Allow GitHub Actions to create and approve pull requests\". Without it
    a repair becomes an issue. (An organization has the same switch, which comes first.)
  - A commit made with a job's own token starts no checks. To start them, sign in as a GitHub App: the workflow's last
    comment says how.
  - To stop it: the repository variable CI_REPAIR=off, the label `ci-repair:off`, or closing the pull request.
"
}

#[cfg(test)]
mod tests;
