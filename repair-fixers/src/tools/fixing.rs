//! From a command that complains to one that repairs.

use super::ToolSpec;
use crate::shell::{Command, Invocation, Script, Word, quoted};
use repair_core::{RepoPath, Span};

impl ToolSpec {
    /// The script's calls of this tool, each with its pipeline, turned from complaining to repairing.
    ///
    /// Files are selected and configured as the script does it: only the options that make the tool complain go.
    pub(crate) fn fixing(&self, script: &Script, options: &[&str]) -> Vec<String> {
        let calls = script.invocations().filter(|call| self.is_called_by(call));
        calls
            .map(|call| format!("{}{}", folder_changes(script, call.command), self.rewritten(script, &call, options)))
            .collect()
    }

    /// The command that repairs `paths`, for scripts that do not call the tool themselves.
    pub(crate) fn fixing_paths(&self, paths: &[&RepoPath], options: &[&str]) -> String {
        let (program, subcommand) = self.program;
        let paths = paths.iter().map(|path| quoted(path.as_str()));
        let words = std::iter::once(program).chain(subcommand).chain(options.iter().copied()).map(str::to_owned);
        words.chain(paths).collect::<Vec<_>>().join(" ")
    }

    fn is_called_by(&self, call: &Invocation<'_>) -> bool {
        let (program, subcommand) = self.program;
        let first = call.texts().find(|text| !text.starts_with('-'));
        // Before it had subcommands, ruff took the paths at once.
        let legacy =
            program == "ruff" && !matches!(first, Some("check" | "format" | "rule" | "config" | "clean" | "version"));
        call.tool == program
            && match subcommand {
                None => true,
                Some("check") if legacy => true,
                subcommand => first == subcommand,
            }
    }

    fn rewritten(&self, script: &Script, call: &Invocation<'_>, options: &[&str]) -> String {
        let behind =
            call.arguments.first().filter(|word| Some(word.text.as_str()) == self.program.1).unwrap_or(call.name);
        let mut edits: Vec<(Span, String)> =
            self.complaints(call.arguments).map(|span| (span, String::new())).collect();
        edits.push((Span::at(behind.span.end()), options.iter().map(|option| format!(" {option}")).collect()));
        edits.sort();
        let pipeline = call.command.pipeline;
        let (mut text, mut done) = (String::new(), pipeline.start());
        for (span, replacement) in edits {
            text.push_str(&script.text()[done..span.start()]);
            text.push_str(&replacement);
            done = span.end();
        }
        text.push_str(&script.text()[done..pipeline.end()]);
        text
    }

    fn complaints<'a>(&'a self, arguments: &'a [Word]) -> impl Iterator<Item = Span> + 'a {
        arguments.iter().enumerate().filter_map(move |(index, word)| {
            let name = word.text.split_once('=').map_or(word.text.as_str(), |(name, _)| name);
            let before = index.checked_sub(1).map(|before| arguments[before].text.as_str());
            let is_value = before.is_some_and(|before| self.complain_valued.contains(&before));
            // What makes it repair comes anew, and some tools take no option twice.
            let known = [self.complain, self.complain_valued, self.fix, self.unsafe_fix.unwrap_or_default()];
            let goes = known.iter().any(|options| options.contains(&name)) || is_value;
            goes.then_some(word.span)
        })
    }
}

/// The `cd` commands that stand before `command`, since a pipeline alone would run in another folder.
fn folder_changes(script: &Script, command: &Command) -> String {
    let is_cd = |other: &&Command| other.words.first().is_some_and(|word| word.text == "cd");
    let before = script.commands().iter().take_while(|other| other.pipeline.start() < command.pipeline.start());
    before.filter(is_cd).map(|cd| format!("{} && ", &script.text()[cd.pipeline.range()])).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{FIX, UNSAFE_FIX};
    use super::*;

    #[track_caller]
    fn check(id: &str, profile: &str, script: &str, expected: &[&str]) {
        let spec = ToolSpec::named(id).unwrap();
        assert_eq!(spec.fixing(&Script::parse(script), spec.options(profile).unwrap()), expected);
    }

    #[test]
    fn a_check_becomes_a_repair_of_the_same_files() {
        check("black", FIX, "black --check --target-version=py39 . && mypy", &["black  --target-version=py39 ."]);
        check("isort", FIX, "python -m isort -c src tests", &["python -m isort  src tests"]);
        check("codespell", FIX, "codespell -L a,b", &["codespell --write-changes -L a,b"]);
        let pipeline = "git ls-files '*.py' | grep -v x | xargs black";
        check("black", FIX, &format!("{pipeline} --check"), &[&format!("{pipeline} ")]);
        check("black", FIX, "cd lib && black --check .", &["cd lib && black  ."]);
        check("black", FIX, "mypy .", &[]);
        check("ruff", FIX, "ruff check --fix --exit-non-zero-on-fix a.py", &["ruff check --fix --exit-zero   a.py"]);
    }

    #[test]
    fn ruff_is_three_tools_in_one() {
        check("ruff", FIX, "ruff check --output-format github src", &["ruff check --fix --exit-zero   src"]);
        check("ruff", FIX, "ruff src --format=github", &["ruff --fix --exit-zero src "]);
        check("ruff", UNSAFE_FIX, "ruff check .", &["ruff check --fix --unsafe-fixes --exit-zero ."]);
        check("ruff", FIX, "ruff format --check .", &[]);
        check("ruff-format", FIX, "ruff check . ; ruff format --check .", &["ruff format  ."]);
    }

    #[test]
    fn without_a_call_the_paths_are_named() {
        let path = RepoPath::new("a b.py").unwrap();
        assert_eq!(ToolSpec::named("ruff-format").unwrap().fixing_paths(&[&path], &[]), "ruff format 'a b.py'");
    }
}
