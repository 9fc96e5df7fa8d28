//! `publish`: a bundle → one pull request, or one report.
//!
//! This half may write to GitHub. It executes nothing of the repository.

use super::interruption::unless_interrupted;
use crate::cli::PublishArgs;
use crate::config::Config;
use crate::exit;
use crate::github::actions::Actions;
use crate::github::{Connection, Half, redactor};
use crate::output::clean;
use anyhow::{Context, Result, bail};
use repair_core::bundle::Bundle;
use repair_core::forge::{Publisher, Reason, RepositoryName, SWITCH, is_off};
use repair_core::publish::{Left, PublishError, Published, Publishing, Templates};
use repair_core::{RepoPath, Snapshot};
use repair_fixers::guards;
use repair_github::{Ended, Trigger};
use std::time::SystemTime;

/// Where people put templates of their own, on the default branch.
const TEMPLATES: &str = ".github/ci-repair";

/// Publishes a bundle; the exit code.
pub(crate) async fn run(args: &PublishArgs) -> Result<u8> {
    let (bundle, patch) = Bundle::read(&args.bundle, args.digest.as_deref()).context("nothing was published")?;
    let Some(repository) = &args.on.repository else {
        bail!("name the repository by `--repository OWNER/NAME`; what the bundle says of it is not believed");
    };
    let expected = match args.on.run_id {
        Some(id) => Some(id),
        None => args.on.event.as_deref().map(|event| expected(event, &args.on.event_name)).transpose()?,
    };
    let published = publish(&args.on.api_url, repository, (&bundle, &patch), expected).await?;
    tell(&published, &Actions::from_environment())?;
    Ok(exit::OK)
}

/// The run that the event tells of.
fn expected(event: &std::path::Path, name: &str) -> Result<u64> {
    let Trigger { what, .. } = Trigger::parse(name, &super::run::event(event)?)?;
    match what {
        Ended::Run { id, .. } => Ok(id),
        _ => bail!("the event tells of a check, of which nothing is published, and not of a run"),
    }
}

/// Publishes a bundle of a run of `repository`, of the run `expected` if that is known from elsewhere.
pub(crate) async fn publish(
    api_url: &str,
    repository: &RepositoryName,
    (bundle, patch): (&Bundle, &str),
    expected: Option<u64>,
) -> Result<Published> {
    if std::env::var(SWITCH).is_ok_and(|value| is_off(&value)) {
        return Ok(Published::Left(Left::Access(Reason::SwitchedOff)));
    }
    let connection = Connection::open(api_url, repository, Half::Writing).await?;
    let github = &connection.github;
    if !github.starts_checks() {
        anstream::eprintln!(
            "ci-repair: warning: checks do not start on what a workflow's own token commits; sign in as a GitHub App to \
             have them (`ci-repair init` says how)"
        );
    }
    let work = async {
        let files = connection.default_files(repository).await?;
        let policy = Config::read(&files).context("on the default branch")?.publish.policy();
        let templates = templates(&files);
        let redactor = redactor();
        let guards = guards::all();
        let now = SystemTime::now();
        let (policy, templates, redactor, guards) = (&policy, &templates, &redactor, guards.as_slice());
        let publishing = Publishing { forge: github, guards, policy, templates, redactor, now };
        publishing.publish(bundle, patch, repository, expected).await.map_err(|error| match error {
            PublishError::Forge(error) => connection.told(error),
            other => other.into(),
        })
    };
    unless_interrupted(work).await?
}

fn templates(files: &Snapshot) -> Templates {
    let own = |name: &str| {
        let path = RepoPath::new(format!("{TEMPLATES}/{name}")).ok()?;
        files.text(&path).ok().map(ToOwned::to_owned)
    };
    let Templates { pull_request, report } = Templates::default();
    Templates {
        pull_request: own("pull_request.md").unwrap_or(pull_request),
        report: own("report.md").unwrap_or(report),
    }
}

/// Tells people and the workflow.
pub(crate) fn tell(published: &Published, actions: &Actions) -> Result<()> {
    let (outcome, number, url, sentence) = match published {
        Published::Opened { number, url, .. } => ("opened", Some(*number), url.as_str(), "opened a pull request"),
        Published::Updated { number, url } => ("updated", Some(*number), url.as_str(), "updated the pull request"),
        Published::Unchanged { number, url } => {
            ("unchanged", Some(*number), url.as_str(), "the pull request says all of this already")
        }
        Published::Suggested { number, url } => ("suggested", Some(*number), url.as_str(), "suggested in a review"),
        Published::Reported { number, url, new: true } => ("reported", Some(*number), url.as_str(), "reported"),
        Published::Reported { number, url, .. } => {
            ("reported", Some(*number), url.as_str(), "the report is up to date")
        }
        Published::Left(_) => ("left", None, "", ""),
        _ => ("unknown", None, "", "something was done that this program does not know"),
    };
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    let (pull_request, issue) = match published {
        Published::Reported { .. } => ("", number.as_str()),
        _ => (number.as_str(), ""),
    };
    actions.set(&[("outcome", outcome), ("pull-request", pull_request), ("issue", issue), ("url", url)])?;
    match published {
        Published::Left(left) => anstream::eprintln!("ci-repair: nothing was published: {}", clean(&left.to_string())),
        _ => {
            anstream::eprintln!("ci-repair: {sentence}");
            anstream::println!("{}", clean(url));
        }
    }
    let line = match published {
        Published::Left(left) => {
            format!("Nothing was published: {}.\n", repair_core::markdown::code(&left.to_string()))
        }
        _ => format!("ci-repair: {sentence}: {}\n", clean(url)),
    };
    actions.summarize(&line)
}
