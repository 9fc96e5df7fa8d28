//! The scoreboard: what the product makes of recorded cases.
//!
//! | command | cases | what it prints |
//! | --- | --- | --- |
//! | `scoreboard detect FOLDER` | logs with labelled failures | found, missing and noisy failures |
//! | `scoreboard vet FOLDER` | patches that cheat, and honest ones | cheats that pass, honest patches that are refused |
//! | `scoreboard fix FOLDER --repos DIR` | red checkouts with their checks | repaired, wrong, declined |
//!
//! Each `FOLDER` holds a `cases.jsonl`; the module of each command tells its form and that of `--json`.
//! A folder without cases is an error with exit code 2, never an empty score.

mod agree;
mod corpus;
mod detect;
mod fix;
mod table;
mod vet;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "scoreboard", about = "What the product makes of recorded cases")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read logs and compare what is found with their labels.
    Detect {
        /// The folder of the cases.
        corpus: PathBuf,
        /// Print a table by this field of the cases, such as `env` or `style`.
        #[arg(long, value_name = "FIELD")]
        by: Option<String>,
    },
    /// Let the guards judge patches.
    Vet {
        /// The folder of the cases.
        corpus: PathBuf,
    },
    /// Repair copies of red checkouts, and run their checks again.
    Fix(fix::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let score = match &cli.command {
        Command::Detect { corpus, by } => detect::score(corpus, by.as_deref()).map(|score| score.print(cli.json)),
        Command::Vet { corpus } => vet::score(corpus).map(|score| score.print(cli.json)),
        Command::Fix(args) => fix::score(args).map(|score| score.print(cli.json)),
    };
    match score {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("scoreboard: {error:#}");
            ExitCode::from(2)
        }
    }
}
