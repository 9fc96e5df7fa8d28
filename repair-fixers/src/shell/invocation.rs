//! Which tool a command runs, behind whatever starts it.

use super::{Command, Script, Word};

/// A tool that a command runs, with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invocation<'a> {
    /// The tool's name, without folder.
    pub tool: &'a str,
    /// The word that names it.
    pub name: &'a Word,
    /// What follows.
    pub arguments: &'a [Word],
    /// The command.
    pub command: &'a Command,
}

/// Programs that start the program named by the words behind them, and their options that take a value.
const STARTERS: &[(&str, &[&str])] = &[
    ("coverage", &["--source", "--rcfile", "-m", "--omit", "--include"]),
    ("env", &["-u"]),
    ("hatch", &["-e"]),
    ("nice", &["-n"]),
    ("pdm", &["-p"]),
    ("pipenv", &[]),
    ("pipx", &["--spec", "--python"]),
    ("poetry", &["-C", "-P"]),
    ("python", &["-W", "-X"]),
    ("python3", &["-W", "-X"]),
    ("rye", &[]),
    ("sudo", &["-u"]),
    ("time", &[]),
    ("timeout", &["-k", "-s"]),
    ("uv", &["--python", "-p", "--with", "--group", "--extra", "--package", "--directory", "--from"]),
    ("uvx", &["--python", "-p", "--with", "--from"]),
    ("xargs", &["-n", "-P", "-I", "-L", "-d", "-a", "-s"]),
    ("xvfb-run", &["-s", "-n"]),
];

impl Script {
    /// Every tool that a command of the script runs.
    pub fn invocations(&self) -> impl Iterator<Item = Invocation<'_>> {
        self.commands().iter().filter_map(Invocation::of)
    }
}

impl<'a> Invocation<'a> {
    /// The tool that `command` runs: `black` for `black`, `python -m black`, `uv run black` and `xargs black`.
    pub fn of(command: &'a Command) -> Option<Self> {
        let mut words = command.words.as_slice();
        loop {
            let (name, arguments) = words.split_first()?;
            let tool = base_name(&name.text);
            match started(tool, arguments) {
                Some(inner) if !inner.is_empty() => words = inner,
                _ => return Some(Self { tool, name, arguments, command }),
            }
        }
    }

    /// The arguments as texts.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.arguments.iter().map(|word| word.text.as_str())
    }
}

fn base_name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    // `python3.11` is a `python3`.
    name.split_once('.').map_or(name, |(stem, version)| match version.bytes().all(|byte| byte.is_ascii_digit()) {
        true => stem,
        false => name,
    })
}

/// The words of the program that `starter` starts, if it is one that starts programs and is asked to.
fn started<'a>(starter: &str, arguments: &'a [Word]) -> Option<&'a [Word]> {
    let (_, valued) = STARTERS.iter().find(|(name, _)| *name == starter)?;
    let mut rest = arguments;
    let needs_module = matches!(starter, "python" | "python3" | "coverage");
    while let Some((first, more)) = rest.split_first() {
        let text = first.text.as_str();
        match text {
            "-m" if needs_module => return Some(more),
            "run" | "exec" | "tool" | "x" if is_runner(starter) => rest = more,
            "run" if starter == "coverage" => rest = more,
            _ if text.starts_with('-') => rest = more.get(usize::from(valued.contains(&text))..)?,
            _ if needs_module => return None,
            _ if starter == "env" && text.contains('=') => rest = more,
            _ if starter == "timeout" && text.starts_with(|c: char| c.is_ascii_digit()) => rest = more,
            _ if is_runner(starter) && first == arguments.first()? => return None,
            // `hatch run lint:style` and the like name scripts of the project, which are not programs.
            _ => return Some(rest),
        }
    }
    None
}

/// Whether the program starts others only behind a word such as `run`.
fn is_runner(starter: &str) -> bool {
    matches!(starter, "hatch" | "pdm" | "pipenv" | "pipx" | "poetry" | "rye" | "uv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, tool: &str, arguments: &[&str]) {
        let script = Script::parse(text);
        let found = script.invocations().last().expect("a command");
        assert_eq!((found.tool, found.texts().collect::<Vec<_>>()), (tool, arguments.to_vec()), "{text}");
    }

    #[test]
    fn the_tool_is_found_behind_whatever_starts_it() {
        for text in [
            "black --check .",
            "python -m black --check .",
            "python3.11 -W error -m black --check .",
            "uv run black --check .",
            "uv run --group lint black --check .",
            "uvx black --check .",
            "poetry run black --check .",
            "pipx run black --check .",
            "./venv/bin/black --check .",
            "env A=b black --check .",
            "timeout 60 black --check .",
            "git ls-files | xargs -0 -n 5 black --check .",
        ] {
            check(text, "black", &["--check", "."]);
        }
        check("coverage run -m pytest -q", "pytest", &["-q"]);
        check("coverage report --fail-under=90", "coverage", &["report", "--fail-under=90"]);
        check("python script.py --x", "python", &["script.py", "--x"]);
        check("uv pip install x", "uv", &["pip", "install", "x"]);
        check("make quality", "make", &["quality"]);
    }
}
