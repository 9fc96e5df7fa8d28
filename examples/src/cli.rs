//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use repair_core::Applicability;
use repair_core::forge::RepositoryName;
use std::path::PathBuf;

/// Repairs red CI runs of Python repositories: reads the log, finds the cause, proves the smallest fix.
#[derive(Debug, Parser)]
#[command(name = "ci-repair", version, about, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// Say nothing on standard error but errors.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: what was skipped and why, what the checks printed.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0  repaired, or nothing to do
  1  failures remain (vet: the change is refused; detect --baseline: something is new)
  2  wrong usage, or something is missing on this machine
  3  a fix was found, but policy withheld it (vet: a person should look)
  4  the failure cannot be reproduced here
  5  the check could not be made
  130  interrupted";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what failed in a log.
    Detect(DetectArgs),
    /// Repair a checkout: log + repository → proven diff.
    Fix(FixArgs),
    /// Repair a failed run of a workflow on GitHub: reads its logs, proves a repair, writes a bundle for `publish`.
    Run(RunArgs),
    /// Make a pull request or an issue of a bundle: the half that may write, and executes nothing of the repository.
    Publish(PublishArgs),
    /// Run a command; if it fails, repair and run it again until it passes or nothing is left to try.
    Exec(ExecArgs),
    /// Say whether a change cheats: the guards alone, for a change from anyone.
    Vet(VetArgs),
    /// Show the manual of a fixer, guard rule or failure category; without ID, list them all.
    Explain(ExplainArgs),
    /// Write the workflow for GitHub Actions and the configuration, explained line by line.
    Init(InitArgs),
    /// Print a text as it would leave this machine: every secret replaced by a typed placeholder.
    Redact(RedactArgs),
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    /// For people.
    Human,
    /// For programs; `ci-repair explain --schema` prints the form.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands, which become annotations.
    Github,
    /// Markdown, for a job summary.
    Markdown,
}

/// Arguments of `detect`.
#[derive(Debug, Args)]
pub(crate) struct DetectArgs {
    /// The logs to read: files, zip archives of a run, folders; `-` is standard input.
    #[arg(required_unless_present = "junit", value_name = "LOG")]
    pub(crate) logs: Vec<PathBuf>,
    /// JUnit XML of the tests, better than a log: a file, a folder of files, or a pattern; may be given several times.
    /// The log supplies what else failed.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Vec<PathBuf>,
    /// The log (or JUnit XML) of an earlier run of the same job, to say what is new, changed, the same or gone. The exit
    /// code is then 0 if nothing is new or changed, whatever still fails.
    #[arg(long, value_name = "LOG")]
    pub(crate) baseline: Option<PathBuf>,
    /// How to print what failed.
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: FindingsFormat,
}

/// How a repair is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RepairFormat {
    /// For people: what failed, the fixes, the proof, the diff.
    Human,
    /// For programs; `ci-repair explain --schema fix` prints the form.
    Json,
    /// The diff alone, for `git apply`.
    Diff,
    /// Markdown, for a job summary.
    Markdown,
}

/// A level of risk on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Fixes that change nothing beyond the repair.
    Safe,
    /// Fixes that may change behaviour, proven by the full run.
    Unsafe,
    /// Guesses, too: a person should look at these.
    Speculative,
}

impl From<Level> for Applicability {
    fn from(level: Level) -> Self {
        match level {
            Level::Safe => Self::Safe,
            Level::Unsafe => Self::Unsafe,
            Level::Speculative => Self::Speculative,
        }
    }
}

/// What `fix` and `exec` share.
#[derive(Debug, Args)]
pub(crate) struct RepairArgs {
    /// The checkout to repair.
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(crate) repo: PathBuf,
    /// How the repair is made.
    #[command(flatten)]
    pub(crate) how: HowArgs,
    /// Write the changes to the checkout, if they repair everything.
    #[arg(long)]
    pub(crate) write: bool,
    /// Write proven changes even if other failures remain.
    #[arg(long, requires = "write")]
    pub(crate) partial: bool,
    /// How to print what came of it.
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: RepairFormat,
}

/// How a repair is made.
#[derive(Debug, Args)]
pub(crate) struct HowArgs {
    /// The Python interpreter, or the virtual environment, in which the checks run.
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    /// The least level of fixes to try [default: unsafe, which the full run proves; safe with --no-validate].
    #[arg(long, value_enum)]
    pub(crate) allow: Option<Level>,
    /// Install nothing: without it, tools that the environment lacks are installed beside it, from the package index,
    /// at the version that CI used.
    #[arg(long)]
    pub(crate) offline: bool,
    /// How long one check may take, in seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) check_timeout: Option<u64>,
    /// How long all of it may take, in seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,
}

/// Where something failed on GitHub.
#[derive(Debug, Args)]
pub(crate) struct OnArgs {
    /// The repository on GitHub.
    #[arg(long, env = "GITHUB_REPOSITORY", value_name = "OWNER/NAME")]
    pub(crate) repository: Option<RepositoryName>,
    /// The number of the run. Without it, the event says what failed.
    #[arg(long, value_name = "N")]
    pub(crate) run_id: Option<u64>,
    /// Where GitHub's interface is; of a server of your own `https://HOST/api/v3`.
    #[arg(long, env = "GITHUB_API_URL", value_name = "URL", default_value = "https://api.github.com")]
    pub(crate) api_url: String,
    /// The event that says what failed, as GitHub hands it to a workflow.
    #[arg(long, env = "GITHUB_EVENT_PATH", value_name = "FILE")]
    pub(crate) event: Option<PathBuf>,
    /// The name of that event: `workflow_run` or `check_run`.
    #[arg(long, env = "GITHUB_EVENT_NAME", value_name = "NAME", default_value = "workflow_run")]
    pub(crate) event_name: String,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// The folder of the bundle, as `run --output` writes it.
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// The SHA-256 of its `bundle.json`, as `run` tells it; another one is refused.
    #[arg(long, value_name = "SHA256")]
    pub(crate) digest: Option<String>,
    /// Where it failed. The bundle must say the same.
    #[command(flatten)]
    pub(crate) on: OnArgs,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = SIGN_IN)]
pub(crate) struct RunArgs {
    /// Where it failed.
    #[command(flatten)]
    pub(crate) on: OnArgs,
    /// The attempt of the run [default: the last].
    #[arg(long, value_name = "N", requires = "run_id")]
    pub(crate) attempt: Option<u32>,
    /// Only write a bundle, which `publish` reads, to this folder; `ci-repair-bundle` if none is named. Without it, the
    /// bundle is published at once, for which the sign-in must be allowed to write.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "ci-repair-bundle")]
    pub(crate) output: Option<PathBuf>,
    /// A checkout of the run's commit, with what the checks need, instead of the files that GitHub has.
    #[arg(long, value_name = "DIR")]
    pub(crate) repo: Option<PathBuf>,
    /// A command that must pass, instead of those that failed in the log; may be given several times.
    #[arg(long, value_name = "CMD")]
    pub(crate) check: Vec<String>,
    /// End with 0 also if failures remain, so that the workflow is not red for it (wrong usage still is 2).
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// How the repair is made.
    #[command(flatten)]
    pub(crate) how: HowArgs,
}

const SIGN_IN: &str = "Sign-in, by environment variables:
  GITHUB_TOKEN or GH_TOKEN           a workflow's token, or a personal access token
  CI_REPAIR_APP_ID                   a GitHub App, with its private key (PEM) in
  CI_REPAIR_APP_KEY                  this variable, or in
  CI_REPAIR_APP_KEY_FILE             this file
  CI_REPAIR_APP_INSTALLATION         its installation [default: that of the repository]

CI_REPAIR=off in the environment, or as a variable of the repository, switches all of it off.";

/// Arguments of `fix`.
#[derive(Debug, Args)]
pub(crate) struct FixArgs {
    /// What `fix` and `exec` share.
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
    /// The failed job's log; `-` is standard input. Without it, every Python file that does not parse and every check
    /// that the project configures are looked at.
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// JUnit XML of the tests, better than a log: a file, a folder of files, or a pattern; may be given several times.
    /// With `--log` the log supplies what else failed.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Vec<PathBuf>,
    /// Propose fixes without running anything. Nothing is proven then.
    #[arg(long, conflicts_with = "partial")]
    pub(crate) no_validate: bool,
    /// A command that must pass, instead of those that failed in the log; may be given several times.
    #[arg(long, value_name = "CMD")]
    pub(crate) check: Vec<String>,
}

/// Arguments of `exec`.
#[derive(Debug, Args)]
pub(crate) struct ExecArgs {
    /// What `fix` and `exec` share.
    #[command(flatten)]
    pub(crate) repair: RepairArgs,
    /// The command.
    #[arg(last = true, required = true, value_name = "CMD")]
    pub(crate) words: Vec<String>,
}

/// Arguments of `vet`.
#[derive(Debug, Args)]
pub(crate) struct VetArgs {
    /// The state before: a folder, or a git revision of the current repository.
    #[arg(long, value_name = "DIR|REV")]
    pub(crate) base: String,
    /// The state after: a folder or a git revision [default: the working tree].
    #[arg(long, value_name = "DIR|REV", conflicts_with = "patch")]
    pub(crate) head: Option<String>,
    /// A unified diff that makes the state after; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) patch: Option<PathBuf>,
    /// How to print the objections.
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: FindingsFormat,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The id of a fixer (`import/undefined-name`), a guard rule (`skip-added`) or a category (`syntax`).
    pub(crate) id: Option<String>,
    /// Print the JSON Schema of what a command prints with `--format json`.
    #[arg(long, value_enum, value_name = "COMMAND", conflicts_with = "id")]
    pub(crate) schema: Option<Schema>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The checkout to write to.
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(crate) repo: PathBuf,
    /// Replace the files that are there.
    #[arg(long, conflicts_with = "print")]
    pub(crate) force: bool,
    /// Print the workflow and write nothing.
    #[arg(long)]
    pub(crate) print: bool,
    /// The action that the workflow uses [default: the commit that this program was built of].
    #[arg(long, value_name = "OWNER/NAME@COMMIT")]
    pub(crate) action: Option<String>,
}

/// Arguments of `redact`.
#[derive(Debug, Args)]
pub(crate) struct RedactArgs {
    /// The texts, one after the other; `-` is standard input. Besides what looks like a secret, the values of this
    /// process's own secret environment variables are taken out.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// A JSON form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schema {
    /// What `detect` prints.
    Detect,
    /// What `vet` prints.
    Vet,
    /// What `fix` and `exec` print.
    Fix,
    /// What `run` writes into the folder of a bundle.
    Bundle,
}
