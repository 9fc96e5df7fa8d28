//! Python itself: a script that ends with a traceback, source that does not compile.

use super::command;
use super::consequence;
use super::exception::{self, Exception};
use super::fault;
use super::roots::Roots;
use super::traceback;
use repair_core::{Category, Failure, LogParser, Output, Parsed, Step, StepOutcome};

/// How many lines may follow the traceback that ended a script.
const NEAR: usize = 30;

/// Reads what Python prints when it ends with an error.
///
/// Tracebacks are also logged and forgiven, so this counts only where no tool has more to say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Python;

impl LogParser for Python {
    fn id(&self) -> &'static str {
        "python"
    }

    fn needles(&self) -> &[&str] {
        &[
            "can't open file ",
            "Fatal Python error: ",
            "Windows fatal exception: ",
            "Timeout (",
            "File \"",
            "Traceback (most recent call last):",
            "SyntaxError",
            "IndentationError",
            "TabError",
            "No module named ",
        ]
    }

    fn parse(&self, step: &Step) -> Parsed {
        let output = &step.output;
        let mut parsed = Parsed::default();
        let mut roots = Roots::of(step);
        let frames: Vec<traceback::Frame> = output.iter().filter_map(traceback::frame).collect();
        roots.add_common(frames.iter().map(|frame| frame.path.as_str()));
        let tracebacks = traceback::all(output);
        let covered = |index: usize| {
            let before = tracebacks.partition_point(|found| found.first <= index);
            before.checked_sub(1).and_then(|at| tracebacks.get(at)).is_some_and(|found| index <= found.last)
        };
        parsed.failures = syntax_errors(output, &roots, covered);
        let last = tracebacks.into_iter().rfind(|found| found.exception.is_some());
        let last = last.filter(|last| step.outcome != StepOutcome::Passed && is_near_end(output, last.last));
        let unknown = step.outcome == StepOutcome::Unknown;
        if unknown && last.as_ref().is_some_and(|last| is_forgiven(output, last)) {
            return parsed;
        }
        if let Some(traceback) = last {
            parsed.failures.extend(of_traceback(step, &traceback, &roots));
        } else if parsed.failures.is_empty() {
            parsed.failures.extend(of_fault(step, &roots));
        }
        if parsed.failures.is_empty() && step.outcome != StepOutcome::Passed {
            parsed.failures.extend(headless(step, &roots));
        }
        if parsed.failures.is_empty() {
            let missing = |index| missing_module(output, index).or_else(|| missing_script(step, index));
            parsed.failures.extend((0..output.len()).find_map(missing));
        }
        parsed
    }
}

/// Whether little follows that is more than a consequence.
fn is_near_end(output: &Output, index: usize) -> bool {
    let after = (index + 1..output.len()).map(|index| output.line(index));
    after.filter(|line| !line.trim().is_empty() && !consequence::is_one(line)).take(NEAR + 1).count() <= NEAR
}

/// Whether a traceback was logged, and the program that logged it went on.
fn is_forgiven(output: &Output, traceback: &traceback::Traceback) -> bool {
    let level = |index: usize, levels: &[&str]| {
        let line = output.line(index);
        let stamped = line.trim_start_matches('[').starts_with(|c: char| c.is_ascii_digit());
        let mut words = line.split([' ', ':', '[', ']', ',']).take(10);
        stamped && words.any(|word| levels.contains(&word))
    };
    let logged = traceback.first.checked_sub(1).is_some_and(|before| level(before, &["ERROR", "WARNING"]));
    logged && (traceback.last + 1..output.len()).any(|after| level(after, &["INFO", "DEBUG"]))
}

/// The end of a traceback whose beginning was cut off: a frame, at most two lines of code, the exception.
fn headless(step: &Step, roots: &Roots) -> Option<Failure> {
    let output = &step.output;
    let last = (0..output.len()).rev().find(|index| {
        let line = output.line(*index);
        !line.starts_with(' ') && Exception::recognize(line).is_some() && !consequence::is_one(line)
    })?;
    let exception = Exception::recognize(output.line(last))?;
    let near = (last.saturating_sub(3)..last).rev().find(|index| traceback::frame(output.line(*index)).is_some())?;
    let begins =
        |index: &usize| traceback::frame(output.line(*index)).is_some() || output.line(*index).starts_with("    ");
    let first = (0..=near).rev().take_while(begins).last().unwrap_or(near);
    let frames = (first..last).filter_map(|index| traceback::frame(output.line(index)));
    let place = frames.filter_map(|frame| Some((roots.relative(&frame.path)?, frame.line))).next_back();
    if !is_near_end(output, last) {
        return None;
    }
    let category = exception::category(exception.code(), &exception.message);
    let mut failure = Failure::new(category, "python");
    exception::write(&mut failure, &exception);
    let (path, line) = place.unzip();
    exception::place(&mut failure, path, line);
    failure.log_lines = Some((output.number(first), output.number(last)));
    Some(failure)
}

/// The process died, and faulthandler says where.
fn of_fault(step: &Step, roots: &Roots) -> Option<Failure> {
    let fault = fault::find(&step.output, 0..step.output.len(), roots)?;
    if step.outcome == StepOutcome::Passed || !is_near_end(&step.output, fault.lines.end) {
        return None;
    }
    let mut failure = Failure::new(command::category(step).unwrap_or(Category::Test), "python");
    failure.code = fault.code;
    failure.message = Some(fault.message);
    let (path, line) = fault.place.unzip();
    exception::place(&mut failure, path, line);
    failure.log_lines = Some((step.output.number(fault.lines.start), step.output.number(fault.lines.end - 1)));
    Some(failure)
}

fn of_traceback(step: &Step, traceback: &traceback::Traceback, roots: &Roots) -> Option<Failure> {
    let exception = traceback.exception.as_ref()?;
    let category = match exception::category(exception.code(), &exception.message) {
        Category::Test => command::category(step).unwrap_or(Category::Test),
        category => category,
    };
    let mut failure = Failure::new(category, "python");
    exception::write(&mut failure, exception);
    let (path, line) = traceback.place(roots).unzip();
    exception::place(&mut failure, path, line);
    failure.log_lines = Some((step.output.number(traceback.first), step.output.number(traceback.last)));
    Some(failure)
}

/// Errors of the compiler without a traceback: a script's own, or those of `compileall`.
fn syntax_errors(output: &Output, roots: &Roots, covered: impl Fn(usize) -> bool) -> Vec<Failure> {
    let mut found = Vec::new();
    for index in 0..output.len() {
        let line = output.line(index);
        let line = line.strip_prefix("Sorry: ").unwrap_or(line);
        let exception = Exception::read(line).filter(|exception| {
            matches!(exception.class.as_str(), "SyntaxError" | "IndentationError" | "TabError")
                && !exception.message.is_empty()
        });
        let Some(exception) = exception.filter(|_| !covered(index)) else { continue };
        let start =
            (index.saturating_sub(5)..index).rev().find(|above| traceback::frame(output.line(*above)).is_some());
        let frame = start.and_then(|start| traceback::frame(output.line(start)));
        let Some((path, line, exception)) = named_place(frame, exception) else { continue };
        let mut failure = Failure::new(Category::Syntax, "python");
        exception::write(&mut failure, &exception);
        exception::place(&mut failure, roots.relative(&path), Some(line));
        failure.log_lines = Some((output.number(start.unwrap_or(index)), output.number(index)));
        found.push(failure);
    }
    found
}

/// The place of a syntax error: above it, or in brackets at the end of its message.
fn named_place(frame: Option<traceback::Frame>, mut exception: Exception) -> Option<(String, u32, Exception)> {
    let inner = exception.message.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
    let place = inner.and_then(|(message, place)| Some((message.to_owned(), place.rsplit_once(", line ")?)));
    if let Some((message, (path, line))) = place {
        let found = (path.to_owned(), line.parse().ok()?);
        exception.message = message;
        return Some((found.0, found.1, exception));
    }
    frame.map(|frame| (frame.path, frame.line, exception))
}

/// `/usr/bin/python: No module named x`, the answer to `python -m x`.
fn missing_module(output: &Output, index: usize) -> Option<Failure> {
    let line = output.line(index);
    let alone = line.strip_prefix("No module named ").map(|module| ("python", module));
    let (program, module) = alone.or_else(|| line.split_once(": No module named "))?;
    if !is_python(program) || module.trim_end().contains(' ') {
        return None;
    }
    let message = format!("No module named {module}");
    let mut failure = Failure::new(Category::Import, "python");
    exception::write(&mut failure, &Exception { class: "ModuleNotFoundError".to_owned(), message });
    failure.log_lines = Some((output.number(index), output.number(index)));
    Some(failure)
}

/// `python: can't open file 'tool.py': [Errno 2] No such file or directory`.
fn missing_script(step: &Step, index: usize) -> Option<Failure> {
    let line = step.output.line(index);
    let (program, rest) = line.split_once(": can't open file ")?;
    if !is_python(program) {
        return None;
    }
    let mut failure = Failure::new(command::category(step).unwrap_or(Category::Test), "python");
    failure.code = Some("2".to_owned());
    failure.subject = rest.split('\'').nth(1).map(str::to_owned);
    failure.message = Some(format!("can't open file {}", rest.trim_end()));
    failure.log_lines = Some((step.output.number(index), step.output.number(index)));
    Some(failure)
}

/// Whether a program, as it names itself, is Python.
fn is_python(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe");
    name.starts_with("python") && !program.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(command: &str, text: &str) -> Vec<Failure> {
        let mut step = Step::default();
        step.command = Some(command.to_owned());
        step.output = text.lines().collect();
        step.outcome = StepOutcome::Failed(Some(1));
        crate::logs::dispatch::ask(Python, &step).failures
    }

    const TRACEBACK: &str = "Traceback (most recent call last):\n  File \"/home/runner/work/a/a/tool.py\", line 3, in \
                             <module>\n    import yaml\nModuleNotFoundError: No module named 'yaml'\n";

    #[test]
    fn the_traceback_at_the_end_counts() {
        let logged = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    x\nValueError: logged\n";
        let found =
            parse("python tool.py", &format!("{logged}go on\n{TRACEBACK}##[error]Process completed with exit code 1."));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].category, found[0].subject.as_deref()), (Category::Import, Some("yaml")));
        assert_eq!(found[0].path.as_ref().unwrap().as_str(), "tool.py");
        assert_eq!(found[0].log_lines, Some((6, 9)));
    }

    #[test]
    fn a_program_that_logs_a_traceback_and_goes_on_has_forgiven_it() {
        let mut step = Step::default();
        let mut of = |text: String, outcome| {
            step.output = text.lines().collect();
            step.outcome = outcome;
            crate::logs::dispatch::ask(Python, &step).failures.len()
        };
        let logged = format!("2024-05-01 10:00:00,123 - shop - ERROR - no price\n{TRACEBACK}");
        let after = format!("{logged}2024-05-01 10:00:01,123 - shop - INFO - 3 prices\n");
        assert_eq!(of(after.clone(), StepOutcome::Unknown), 0);
        assert_eq!(of(after, StepOutcome::Failed(Some(1))), 1);
        assert_eq!(of(logged, StepOutcome::Unknown), 1);
        assert_eq!(of(format!("{TRACEBACK}2024-05-01 10:00:01 INFO bye"), StepOutcome::Unknown), 1);
    }

    #[test]
    fn the_end_of_a_traceback_is_enough() {
        let text = "  File \"/home/runner/work/a/a/shop/views.py\", line 36, in index\n    x[0].y()\nIndexError: list index out of range\n";
        let found = parse("x", text);
        assert_eq!(found[0].code.as_deref(), Some("IndexError"));
        assert_eq!((found[0].path.as_ref().unwrap().as_str(), found[0].line), ("shop/views.py", Some(36)));
        assert_eq!(parse("x", "IndexError: a word"), []);
    }

    #[test]
    fn a_traceback_that_much_follows_was_survived() {
        assert_eq!(parse("./run.sh", &format!("{TRACEBACK}{}", "working\n".repeat(100))), []);
    }

    #[test]
    fn what_a_script_was_for_is_what_failed() {
        let text =
            "Traceback (most recent call last):\n  File \"setup.py\", line 3, in <module>\n    x\nValueError: bad";
        assert_eq!(parse("python setup.py bdist_wheel", text)[0].category, Category::Build);
        assert_eq!(parse("python check.py", text)[0].category, Category::Test);
    }

    #[test]
    fn every_file_that_does_not_compile_is_a_failure() {
        let text = "*** Error compiling './a.py'...\n  File \"./a.py\", line 2\n    print 'x'\n          ^\nSyntaxError: Missing \
                    parentheses\n\nSorry: IndentationError: unexpected indent (b.py, line 7)\n";
        let found = parse("python -m compileall .", text);
        let places: Vec<_> =
            found.iter().map(|failure| (failure.path.as_ref().unwrap().as_str(), failure.line)).collect();
        assert_eq!(places, [("a.py", Some(2)), ("b.py", Some(7))]);
        assert_eq!(found[1].message.as_deref(), Some("unexpected indent"));
        assert!(found.iter().all(|failure| failure.phase == repair_core::Phase::Parse));
    }

    #[test]
    fn a_missing_module_that_was_to_run_is_named() {
        let found =
            parse("python -m pytest", "/opt/hostedtoolcache/Python/3.9.1/x64/bin/python: No module named pytest");
        assert_eq!(found[0].subject.as_deref(), Some("pytest"));
        assert_eq!(parse("x", "No module named 'yaml'")[0].subject.as_deref(), Some("yaml"));
        assert_eq!(parse("x", "No module named after you"), []);
        assert_eq!(found[0].category, Category::Import);
    }

    #[test]
    fn a_script_that_is_missing_is_named() {
        let found =
            parse("python x.py", "/usr/bin/python3: can't open file '/a/x.py': [Errno 2] No such file or directory");
        assert_eq!((found[0].code.as_deref(), found[0].subject.as_deref()), (Some("2"), Some("/a/x.py")));
        assert_eq!(parse("vi x", "vi: can't open file 'x'"), []);
    }

    #[test]
    fn a_process_that_died_says_where() {
        let text = "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n  File \
                    \"/usr/lib/python3.9/ctypes/__init__.py\", line 517 in string_at\n  File \"tool.py\", line 4 in f\n";
        let found = parse("python tool.py", text);
        assert_eq!((found[0].code.as_deref(), found[0].message.as_deref()), (Some("139"), Some("Segmentation fault")));
        assert_eq!((found[0].path.as_ref().unwrap().as_str(), found[0].line), ("tool.py", Some(4)));
        assert_eq!(found[0].log_lines, Some((1, 5)));
    }
}
