//! Prompts in the copy of a terminal.

/// What stands before each command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    /// Always the same text.
    Text(&'static str),
    /// `(venv) user@host:~/app$ `, by its `user@host`.
    User(String),
    /// `PS C:\app> `.
    PowerShell,
    /// `C:\app>`.
    Windows,
}

impl Prompt {
    /// The prompt that a line begins with.
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = without_environment(line);
        let text = ["$ ", "% ", "❯ "].into_iter().find(|text| line.starts_with(text)).map(Self::Text);
        let user = || {
            let name = line.trim_start_matches('[').split([':', ' ']).next()?;
            let (user, host) = name.split_once('@')?;
            let word =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
            (word(user) && word(host)).then(|| Self::User(name.to_owned()))
        };
        let found = text.or_else(user).or_else(|| {
            let shell = [Self::PowerShell, Self::Windows];
            shell.into_iter().find(|prompt| prompt.command(line).is_some())
        })?;
        found.command(line).is_some_and(|command| !command.is_empty()).then_some(found)
    }

    /// The command behind the prompt, which may be empty.
    pub(super) fn command<'t>(&self, line: &'t str) -> Option<&'t str> {
        let command = match self {
            Self::Text(text) => without_environment(line).strip_prefix(text)?,
            Self::User(name) => {
                let rest = without_environment(line).trim_start_matches('[').strip_prefix(name.as_str())?;
                let end = rest.find(['$', '#', '%'])?;
                rest[end + 1..].strip_prefix(' ').or_else(|| rest[end + 1..].is_empty().then_some(""))?
            }
            Self::PowerShell => without_environment(line).strip_prefix("PS ")?.split_once('>')?.1,
            Self::Windows => {
                let line = without_environment(line);
                let drive = line.as_bytes().first()?.is_ascii_uppercase() && line.get(1..3)? == ":\\";
                line.split_once('>').filter(|_| drive)?.1
            }
        };
        Some(command.trim())
    }
}

/// The line without `(venv) `.
fn without_environment(line: &str) -> &str {
    let inner = line.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    inner.filter(|(name, _)| name.len() < 60 && !name.contains(' ')).map_or(line, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_of_many_shells_are_known() {
        for line in [
            "$ pytest -q",
            "(venv) $ pytest -q",
            "me@host:~/app$ pytest -q",
            "(venv) me@my-host:/app# pytest -q",
            "[me@host app]$ pytest -q",
            "me@host app % pytest -q",
            "PS C:\\app> pytest -q",
            "(venv) PS C:\\app> pytest -q",
            "C:\\app>pytest -q",
            "❯ pytest -q",
        ] {
            let prompt = Prompt::of(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(prompt.command(line), Some("pytest -q"), "{line}");
            assert_eq!(prompt.command("E   assert 1 == 2"), None, "{line}");
        }
    }

    #[test]
    fn other_lines_are_none() {
        for line in
            ["", "pytest", "me@host.org: mail", "> x", "$", "C:\\app\\a.py:1: x", "100% done", "(a) b", "Price $ 5"]
        {
            assert_eq!(Prompt::of(line), None, "{line}");
        }
    }
}
