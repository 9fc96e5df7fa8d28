//! `redact`: a text as it would leave this machine.

use crate::cli::RedactArgs;
use crate::{exit, input};
use anyhow::{Context, Result};
use repair_core::redact::{Redactor, secrets_of_environment};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

/// Prints the texts without their secrets. All are opened first, so that nothing is printed if one is missing.
pub(crate) fn run(args: &RedactArgs) -> Result<u8> {
    let redactor = Redactor::new().with_known(secrets_of_environment(variables()));
    let mut inputs = Vec::new();
    for path in &args.files {
        inputs.push((path, input::open(path)?));
    }
    for (path, input) in inputs {
        if !copy(path, input, &redactor)? {
            break;
        }
    }
    Ok(exit::OK)
}

/// The environment; values that are not text hold nothing that could be told apart.
fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Whether somebody still reads what is printed.
fn copy(path: &Path, mut input: Box<dyn Read>, redactor: &Redactor) -> Result<bool> {
    let mut writer = redactor.stream(io::stdout().lock());
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => return written(writer.finish().map(drop)),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot read `{}`; give a file that you may read", path.display()));
            }
        };
        if !written(writer.write_all(&buffer[..read]))? {
            return Ok(false);
        }
    }
}

fn written(result: io::Result<()>) -> Result<bool> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        other => other.map(|()| true).context("cannot write to standard output"),
    }
}
