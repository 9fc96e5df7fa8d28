//! The lines of a log that a failure was read from.

use repair_core::{Failure, Log, Output, Step};

/// How many lines are shown of one failure.
const LINES: usize = 16;

/// The last lines that say that `failure` happened, the most telling part of what a tool prints; whether there are more
/// before them.
pub(crate) fn excerpt<'a>(log: &'a Log, failure: &Failure) -> Option<(Vec<&'a str>, bool)> {
    let (first, last) = failure.log_lines?;
    let output = &step_of(log, failure)?.output;
    let (start, end) = (position(output, first), position(output, last + 1));
    let lines: Vec<&str> = (start..end).map(|index| output.line(index)).collect();
    let from = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(lines.len());
    let to = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(from, |to| to + 1);
    let lines = &lines[from..to];
    let cut = lines.len().saturating_sub(LINES);
    (!lines.is_empty()).then(|| (lines[cut..].to_vec(), cut > 0))
}

/// The step that a failure was read from. Of several logs each counts its own lines, so the text decides.
pub(crate) fn step_of<'a>(log: &'a Log, failure: &Failure) -> Option<&'a Step> {
    let (first, last) = failure.log_lines?;
    let has = |step: &&Step| {
        let at = position(&step.output, first);
        at < step.output.len() && step.output.number(at) <= last
    };
    let words = [&failure.message, &failure.test_id, &failure.code];
    let says = |step: &&Step| {
        let range = position(&step.output, first)..position(&step.output, last + 1);
        let word = words.into_iter().flatten().next().and_then(|word| word.lines().next()).unwrap_or_default();
        range.into_iter().any(|index| step.output.line(index).contains(word))
    };
    log.steps.iter().filter(has).find(says).or_else(|| log.steps.iter().find(has))
}

/// The index of the first line whose number in the log is `number` or higher.
pub(crate) fn position(output: &Output, number: u64) -> usize {
    let (mut low, mut high) = (0, output.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if output.number(middle) < number {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;
    use repair_fixers::logs::read;

    fn failure(lines: (u64, u64), message: &str) -> Failure {
        let mut failure = Failure::new(Category::Test, "pytest");
        failure.log_lines = Some(lines);
        failure.message = Some(message.to_owned());
        failure
    }

    #[test]
    fn the_last_lines_are_shown_without_blank_ones_around() {
        let text: String = (1..=30).map(|number| format!("line {number}\n")).collect();
        let log = read(format!("\n{text}\n").as_bytes()).unwrap();
        let (lines, cut) = excerpt(&log, &failure((1, 32), "line 30")).unwrap();
        assert_eq!((lines.len(), lines[0], lines[15], cut), (16, "line 15", "line 30", true));
        let (lines, cut) = excerpt(&log, &failure((3, 4), "line")).unwrap();
        assert_eq!((lines, cut), (vec!["line 2", "line 3"], false));
        assert_eq!(excerpt(&log, &failure((90, 99), "x")), None);
    }

    #[test]
    fn of_two_logs_the_one_that_says_so_is_shown() {
        let mut log = read("one\nbad thing\n".as_bytes()).unwrap();
        log.steps.extend(read("two\nother thing\n".as_bytes()).unwrap().steps);
        assert_eq!(excerpt(&log, &failure((2, 2), "other thing")).unwrap().0, ["other thing"]);
    }
}
