//! Cuts a step's output into what each tool printed.

use super::tools::{Ran, basename, tool_named};
use repair_core::{Output, Step, StepOutcome};
use std::ops::Range;

/// A part of a step's output, printed by what one command ran.
#[derive(Debug)]
pub(super) struct Section<'a> {
    output: &'a Output,
    range: Range<usize>,
    /// The tools behind it.
    pub(super) ran: Ran,
    /// The hook of pre-commit that printed it.
    pub(super) hook: Option<&'a str>,
    /// Whether it is known that the command failed.
    pub(super) failed: bool,
    /// Whether it is known that the command passed.
    pub(super) passed: bool,
    /// How many spaces the runner of hooks put before each line.
    indent: usize,
}

impl<'a> Section<'a> {
    /// The lines with their index in the step's output.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let (output, indent) = (self.output, self.indent);
        self.range.clone().map(move |index| (index, dedented(output.line(index), indent)))
    }

    /// All lines, each with a line feed behind it.
    pub(super) fn text(&self) -> &'a str {
        self.output.text_of(self.range.clone())
    }

    /// The line at `index` of the output, empty outside of the section.
    pub(super) fn line(&self, index: usize) -> &'a str {
        if self.range.contains(&index) { dedented(self.output.line(index), self.indent) } else { "" }
    }

    /// The line's number in the log.
    pub(super) fn number(&self, index: usize) -> u64 {
        self.output.number(index)
    }

    /// Whether any line satisfies `wanted`.
    pub(super) fn any(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.lines().any(|(_, line)| wanted(line))
    }
}

/// A line without the spaces before it.
fn dedented(line: &str, indent: usize) -> &str {
    let spaces = line.bytes().take(indent).take_while(|byte| *byte == b' ').count();
    &line[spaces..]
}

/// How far the output of a hook is set in: prek sets all of it in by two spaces.
fn indent(section: &Section<'_>) -> usize {
    let hook = section.hook.is_some_and(|hook| !hook.is_empty());
    let mut body = section.lines().skip(1).filter(|(_, line)| !line.is_empty() && !line.starts_with("- "));
    if hook && body.all(|(_, line)| line.starts_with("  ")) { 2 } else { 0 }
}

/// The sections of a step.
pub(super) fn sections(step: &Step) -> Vec<Section<'_>> {
    let command = step.command.as_deref().map_or_else(Ran::unknown, Ran::of_script);
    let mut outside = command.clone();
    let mut sections = vec![Section {
        output: &step.output,
        range: 0..0,
        ran: command,
        hook: None,
        failed: matches!(step.outcome, StepOutcome::Failed(_)),
        passed: step.outcome == StepOutcome::Passed,
        indent: 0,
    }];
    for (index, line) in step.output.iter().enumerate() {
        let in_hook = sections.last().is_some_and(|last| last.hook.is_some());
        let begun = begins(step, index, line, in_hook).or_else(|| {
            let ran = tests(line, &outside)?;
            Some(Section {
                output: &step.output,
                range: index..index + 1,
                ran,
                hook: None,
                failed: false,
                passed: step.outcome == StepOutcome::Passed,
                indent: 0,
            })
        });
        if let Some(last) = sections.last_mut() {
            last.range.end = index + usize::from(begun.is_none());
        }
        if let Some(begun) = begun.as_ref().filter(|begun| begun.ran.open || !begun.ran.names("pytest")) {
            outside = begun.ran.clone();
        }
        sections.extend(begun);
    }
    sections.iter_mut().for_each(|section| section.indent = indent(section));
    sections
}

/// The section that begins with the line, if one does.
fn begins<'a>(step: &'a Step, index: usize, line: &'a str, in_hook: bool) -> Option<Section<'a>> {
    let section = |ran, hook, failed, passed| {
        Some(Section { output: &step.output, range: index..index + 1, ran, hook, failed, passed, indent: 0 })
    };
    let step_passed = step.outcome == StepOutcome::Passed;
    match hook_header(line) {
        Some(Hook::Failed) => {
            let hook = step.output.line(index + 1).strip_prefix("- hook id: ").map_or("", str::trim);
            return section(Ran::hook(hook), Some(hook), true, step_passed);
        }
        Some(Hook::Passed) => return section(Ran::unknown(), Some(""), false, true),
        None => {}
    }
    let after_hooks =
        in_hook && (line.starts_with("All changes made by hooks:") || line.starts_with("pre-commit hook(s) made"));
    if after_hooks {
        return section(Ran::default(), None, false, true);
    }
    let command = announced(line, in_hook)?;
    section(Ran::of_script(command), None, false, step_passed)
}

/// What a line of pytest begins: its session, in which nothing is a linter's; or with its summary, what was before.
fn tests(line: &str, outside: &Ran) -> Option<Ran> {
    let ruled = outside.open && line.starts_with("==") && line.ends_with("==");
    if ruled && line.contains(" test session starts ") {
        return Some(Ran::tool("pytest"));
    }
    let summary = ruled
        && line.contains(" in ")
        && [" passed", " failed", " error", " no tests ran"].iter().any(|word| line.contains(word));
    summary.then(|| outside.clone())
}

enum Hook {
    Passed,
    Failed,
}

/// Reads `Check Yaml......(no files to check)Skipped`.
fn hook_header(line: &str) -> Option<Hook> {
    if !line.trim_end().ends_with('d') {
        return None;
    }
    let (verdict, name) = [(Hook::Failed, "Failed"), (Hook::Passed, "Passed"), (Hook::Passed, "Skipped")]
        .into_iter()
        .find_map(|(hook, word)| Some((hook, line.trim_end().strip_suffix(word)?)))?;
    let name = name.rfind('(').filter(|_| name.ends_with(')')).map_or(name, |open| &name[..open]);
    (name.ends_with("...") && !name.starts_with(['.', ' '])).then_some(verdict)
}

/// The command that a line says is run now.
fn announced(line: &str, in_hook: bool) -> Option<&str> {
    if line.len() > 4000 || line.is_empty() {
        return None;
    }
    prefixed(line).or_else(|| Some(line).filter(|line| !in_hook && is_command(line)))
}

/// A command behind the mark of a runner: tox, nox, hatch, a shell's trace.
fn prefixed(line: &str) -> Option<&str> {
    for mark in ["nox > ", "+ ", "$ ", "> ", "[command]", "##[command]"] {
        if let Some(command) = line.strip_prefix(mark) {
            let word = basename(command.split_whitespace().next()?);
            return (tool_named(word).is_some() || matches!(word, "python" | "python3")).then_some(command);
        }
    }
    marked(line)
}

/// A command behind a mark that nothing else has: of hatch, poe, task, tox, and container builds.
fn marked(line: &str) -> Option<&str> {
    match line.as_bytes().first()? {
        b'c' if line.starts_with("cmd [") => return line.split_once("] | ").map(|(_, command)| command),
        b'P' if line.starts_with("Poe => ") => return line.strip_prefix("Poe => "),
        b't' if line.starts_with("task: [") => return line.split_once("] ").map(|(_, command)| command),
        b'S' if line.starts_with("Step ") => return line.split_once(" : RUN ").map(|(_, command)| command),
        b'#' => return line.split_once("] RUN ").filter(|(step, _)| step.contains(" [")).map(|(_, command)| command),
        _ => {}
    }
    let is_open =
        |open: &usize| ["commands", "commands_pre", "commands_post"].iter().any(|kind| line[..*open].ends_with(kind));
    let open = memchr::memchr_iter(b'[', line.as_bytes()).find(is_open)?;
    let rest = &line[open + 1..];
    let (number, command) = rest.split_once(']')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| command.trim_start_matches([' ', '|', '>']))
}

/// The last command that a wrapper said it runs, whatever it is.
pub(in crate::logs) fn last_announced(output: &Output) -> Option<&str> {
    let of_nox = |line: &'_ str| -> bool {
        let command = line.strip_prefix("nox > ");
        command.is_some_and(|command| command.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '.' | '/')))
    };
    output.iter().rev().filter(|line| line.len() < 4000).find_map(|line| {
        let script = ["+ ./", "> ./", "$ ./"].iter().any(|mark| line.starts_with(mark));
        if script {
            line.get(2..)
        } else if of_nox(line) {
            line.strip_prefix("nox > ")
        } else {
            prefixed(line)
        }
    })
}

/// Whether a line is a command of a known tool, as make echoes it.
fn is_command(line: &str) -> bool {
    let mut words = line.split(' ');
    let mut program = basename(words.next().unwrap_or_default());
    if matches!(program, "python" | "python3") && words.next() == Some("-m") {
        program = words.next().unwrap_or_default();
    }
    let next = words.next().unwrap_or_default();
    let argument = next.starts_with(['-', '.', '$', '"', '\'', '*']) && next.len() > 1 && next != "..."
        || next == "."
        || next.contains(['/', '*', '='])
        || matches!(
            next,
            "check"
                | "format"
                | "run"
                | "report"
                | "install"
                | "build"
                | "lint"
                | "src"
                | "test"
                | "tests"
                | "docs"
                | "html"
        );
    argument && tool_named(program).is_some() && !line.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(command: Option<&str>, lines: &str) -> Step {
        let mut step = Step::default();
        step.command = command.map(str::to_owned);
        step.output = lines.lines().collect();
        step
    }

    /// The named tools of each section with the number of its lines.
    fn cut(command: Option<&str>, lines: &str) -> Vec<(Vec<&'static str>, usize)> {
        let step = step(command, lines);
        sections(&step).iter().map(|section| (section.ran.named.clone(), section.lines().count())).collect()
    }

    #[test]
    fn echoed_commands_begin_sections() {
        let lines = "black --check src\nAll done!\nruff check .\nx\ny";
        assert_eq!(cut(Some("make lint"), lines), [(vec![], 0), (vec!["black"], 2), (vec!["ruff"], 3)]);
    }

    #[test]
    fn runners_mark_their_commands() {
        for line in [
            "lint: commands[0]> flake8 src",
            "lint run-test: commands[0] | flake8 src",
            "nox > flake8 src",
            "nox > python -m flake8 src",
            "cmd [1] | flake8 src",
            "+ flake8 src",
            "lint: commands_pre[1]> flake8 src",
            "Poe => flake8 src",
            "task: [lint] flake8 src",
            "Step 3/4 : RUN flake8 src",
            "#10 [4/5] RUN flake8 src",
        ] {
            assert_eq!(cut(None, line), [(vec![], 0), (vec!["flake8"], 1)], "{line}");
        }
    }

    #[test]
    fn prose_begins_no_section() {
        for line in ["black is nice", "mypy: error", "ruff", "coverage: platform linux", "pytest ...", "> see below"] {
            assert_eq!(cut(None, line).len(), 1, "{line}");
        }
    }

    #[test]
    fn a_session_of_pytest_is_a_section() {
        let lines = "a\n=== test session starts ===\na.py:1:1: F401 x\n=== 1 failed in 0.1s ===\nb";
        assert_eq!(cut(Some("make"), lines), [(vec![], 1), (vec!["pytest"], 2), (vec![], 2)]);
        let step = step(None, lines);
        assert!(sections(&step).iter().map(|section| section.ran.open).eq([true, false, true]));
    }

    #[test]
    fn the_output_of_a_hook_may_be_set_in() {
        let prek = step(None, "flake8....Failed\n- hook id: flake8\n- exit code: 1\n\n  a.py:1:1: F401 x\n    more\n");
        let lines: Vec<_> = sections(&prek)[1].lines().map(|(_, line)| line).skip(4).collect();
        assert_eq!(lines, ["a.py:1:1: F401 x", "  more"]);
        let own = step(None, "mine....Failed\n- hook id: mine\n\n  a: 1\nb\n");
        assert!(sections(&own)[1].any(|line| line == "  a: 1"));
    }

    #[test]
    fn hooks_are_sections() {
        let lines =
            "black....Passed\nisort....Failed\n- hook id: isort\n\nFixing a.py\nmy hook...(no files to check)Skipped\n";
        let step = step(None, lines);
        let seen: Vec<_> =
            sections(&step).iter().map(|section| (section.hook, section.failed, section.passed)).collect();
        let expected =
            [(None, false, false), (Some(""), false, true), (Some("isort"), true, false), (Some(""), false, true)];
        assert_eq!(seen, expected);
    }
}
