//! Pieces of pytest's output without a session around them: what somebody cut out of a log, and the blocks of
//! pytest-sugar, which draws its rules with other signs.

use super::{block, form};
use crate::logs::exception::{self, Exception};
use crate::logs::roots::Roots;
use repair_core::{Category, Failure, Output, Step, StepOutcome};
use std::ops::Range;

/// One failure for each block, and one for the lines with the mark `E` before the first heading.
pub(super) fn failures(step: &Step, roots: &Roots) -> Vec<Failure> {
    let output = &step.output;
    if step.outcome == StepOutcome::Passed || !(0..output.len()).any(|index| is_error(output.line(index))) {
        return Vec::new();
    }
    let heads: Vec<usize> = (0..output.len()).filter(|index| heading(output.line(*index)).is_some()).collect();
    let first = 0..heads.first().copied().unwrap_or(output.len());
    let ends = heads.iter().skip(1).copied().chain([output.len()]);
    let blocks = heads.iter().zip(ends).map(|(head, end)| *head..end);
    std::iter::once(first).chain(blocks).filter_map(|lines| of_block(output, lines, roots)).collect()
}

/// The title of a heading, with the rules of pytest or those of pytest-sugar.
fn heading(line: &str) -> Option<&str> {
    let sugar = || Some(line.strip_prefix("――")?.trim_matches(['―', ' '])).filter(|title| !title.is_empty());
    form::heading(line).or_else(sugar)
}

/// Whether a line with the mark `E` names an exception.
fn is_error(line: &str) -> bool {
    let text = line.trim_start().strip_prefix("E   ").map(str::trim_start);
    text.is_some_and(|text| {
        let qualified = |exception: &Exception| exception.class.contains('.') && !exception.message.is_empty();
        let named = Exception::read(text).filter(|exception| exception.code().starts_with(char::is_uppercase));
        named.is_some_and(|exception| qualified(&exception))
            || Exception::recognize(text).is_some()
            || text.starts_with("assert ")
    })
}

fn of_block(output: &Output, lines: Range<usize>, roots: &Roots) -> Option<Failure> {
    let marked = lines.clone().find(|index| is_error(output.line(*index)))?;
    // Whoever pastes a piece may indent it.
    let plain: Output = lines.clone().map(|index| unindented(output.line(index))).collect();
    let details = block::read(&plain, 0..plain.len(), roots);
    let message = details.message.unwrap_or_default();
    let assertion = message.starts_with("assert ").then(|| "AssertionError".to_owned());
    let class = details.code.or(assertion)?;
    let id = heading(output.line(lines.start)).map(super::failures::block_title);
    let places = [id.unwrap_or_default(), details.file.as_deref().unwrap_or_default()];
    let mut failure = Failure::new(exception::test_category(&class, &message, &places), "pytest");
    failure.test_id = id.map(str::to_owned);
    exception::write(&mut failure, &Exception { class, message });
    let (path, line) = details.place.unzip();
    exception::place(&mut failure, path, line);
    if failure.category == Category::Syntax {
        failure.phase = repair_core::Phase::Parse;
    }
    failure.log_lines = Some((output.number(marked), output.number(marked)));
    Some(failure)
}

fn unindented(line: &str) -> &str {
    let text = line.trim_start();
    if text.starts_with("E   ") { text } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(Option<String>, Option<String>, Option<String>)> {
        let mut step = Step::default();
        step.output = text.lines().collect();
        let found = failures(&step, &Roots::of(&step));
        found.into_iter().map(|found| (found.test_id, found.code, found.message)).collect()
    }

    fn row(id: Option<&str>, code: &str, message: &str) -> (Option<String>, Option<String>, Option<String>) {
        (id.map(str::to_owned), Some(code.to_owned()), Some(message.to_owned()))
    }

    #[test]
    fn a_few_lines_of_a_block_are_a_failure_without_a_name() {
        let text = ">       raise Refused(\"no\")\n  E       shop.errors.RefusedError: no\n";
        assert_eq!(of(text), [row(None, "RefusedError", "no")]);
        assert_eq!(of("E   shop.errors.Closed: at night"), [row(None, "Closed", "at night")]);
    }

    #[test]
    fn blocks_are_named_by_their_headings() {
        let text = "E   ValueError: one\n\na.py:3: ValueError\n____ ERROR at setup of TestA.test_b ____\n\n>   x\nE   KeyError: 'two'\n";
        assert_eq!(of(text), [row(None, "ValueError", "one"), row(Some("TestA.test_b"), "KeyError", "'two'")]);
        let sugar = "――――― ERROR at teardown of TestA.test_c ―――――\n\n>   x\nE   OSError: three\n";
        assert_eq!(of(sugar), [row(Some("TestA.test_c"), "OSError", "three")]);
    }

    #[test]
    fn other_text_is_none() {
        assert_eq!(of("E: Unable to locate package x\nE   something else\n"), []);
    }
}
