//! The `ci-repair` command: wiring only. What it does is in `repair-core`, `repair-fixers` and `repair-github`.

mod cli;
mod commands;
mod config;
mod exit;
mod explaining;
mod github;
mod input;
mod output;
mod progress;
mod schemas;

use clap::Parser;
use cli::{Cli, Command};
use commands::interruption::Interrupted;
use std::process::ExitCode;

/// The words of an error, which may quote what strangers wrote: they hold no secret and command no runner.
fn harmless(text: &str) -> String {
    let text = github::redactor().redact(text).into_owned();
    text.lines().map(output::clean).collect::<Vec<_>>().join("\n")
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Detect(args) => commands::detect::run(args, cli.quiet),
        Command::Vet(args) => commands::vet::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Init(args) => commands::init::run(args, cli.quiet),
        Command::Redact(args) => commands::redact::run(args),
        Command::Fix(args) => commands::fix::run(args, cli.quiet, cli.verbose).await,
        Command::Run(args) => commands::run::run(args, cli.quiet, cli.verbose).await,
        Command::Publish(args) => commands::publish::run(args).await,
        Command::Exec(args) => commands::exec::run(args, cli.quiet, cli.verbose).await,
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            anstream::eprintln!("ci-repair: {}", harmless(&format!("{error:#}")));
            ExitCode::from(if error.is::<Interrupted>() { exit::INTERRUPTED } else { exit::USAGE })
        }
    }
}
