//! Commands in shell text: which tool they run, and with what arguments.

mod invocation;
mod script;

pub use invocation::Invocation;
pub use script::{Command, Script, Word};

/// `text` as one word of a POSIX shell.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
