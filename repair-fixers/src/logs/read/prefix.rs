//! What stands before a line's text: job, step, timestamp.

use super::clock::after_clock;

/// The parts of a line of a job log.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prefixed<'a> {
    /// Job and step, in the form of `gh run view --log`.
    pub(super) place: Option<(&'a [u8], &'a [u8])>,
    /// Whether there was a timestamp.
    pub(super) stamped: bool,
    /// Whether it is a line of a container build.
    pub(super) built: bool,
    /// The rest.
    pub(super) text: &'a [u8],
}

/// Splits a line.
pub(super) fn split(line: &[u8]) -> Prefixed<'_> {
    let line = without_mark(line);
    let (place, stamped, text) = match after_timestamp(line) {
        Some(text) => (None, true, without_mark(text)),
        None => match place(line) {
            Some((job, step, text)) => (Some((job, step)), true, without_mark(text)),
            None => (None, false, after_clock(after_short_stamp(line))),
        },
    };
    match after_build_step(text) {
        Some(text) => Prefixed { place, stamped, built: true, text },
        None => Prefixed { place, stamped, built: false, text },
    }
}

/// The byte order mark, and what becomes of it where a terminal took UTF-8 for code page 437, 850 or 1252.
const MARKS: [&str; 4] = ["\u{feff}", "\u{2229}\u{2557}\u{2510}", "\u{b4}\u{2557}\u{2510}", "\u{ef}\u{bb}\u{bf}"];

fn without_mark(line: &[u8]) -> &[u8] {
    if line.first().is_none_or(u8::is_ascii) {
        return line;
    }
    MARKS.iter().find_map(|mark| line.strip_prefix(mark.as_bytes())).unwrap_or(line)
}

/// The lowest and the highest timestamp, byte by byte.
const STAMPS: (&[u8; 28], &[u8; 28]) = (b"0000-00-00T00:00:00.0000000Z", b"9999-99-99T99:99:99.9999999Z");

/// What follows `2024-07-16T20:33:23.0572170Z `.
fn after_timestamp(line: &[u8]) -> Option<&[u8]> {
    let (stamp, rest) = line.split_first_chunk::<28>()?;
    if stamp[27] != b'Z' || !is_stamp(stamp) {
        return None;
    }
    match rest {
        [] => Some(rest),
        [b' ', text @ ..] => Some(text),
        [b'\r', ..] => Some(rest),
        _ => None,
    }
}

/// Whether every byte fits. All are looked at, without a branch, so that the compiler takes many at once.
fn is_stamp(stamp: &[u8; 28]) -> bool {
    let (lowest, highest) = STAMPS;
    (0..28).fold(true, |fits, at| fits & (stamp[at] >= lowest[at]) & (stamp[at] <= highest[at]))
}

/// Job, step and text of `job TAB step TAB timestamp text`.
fn place(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let first = memchr::memchr(b'\t', line)?;
    let (job, rest) = (&line[..first], &line[first + 1..]);
    let second = memchr::memchr(b'\t', rest)?;
    let (step, rest) = (&rest[..second], &rest[second + 1..]);
    after_timestamp(without_mark(rest)).map(|text| (job, step, text))
}

/// What follows `2024-05-22T12:43:46.962646Z 00O `, as GitLab prints it: the stream, and whether the line goes on.
fn after_short_stamp(line: &[u8]) -> &[u8] {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.000000Z 00O ";
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_hexdigit(),
        b'O' => matches!(byte, b'O' | b'E'),
        shape => byte == shape,
    };
    let stamped = line.first().is_some_and(u8::is_ascii_digit) && line.len() + 1 >= SHAPE.len();
    let goes_on = matches!(line.get(SHAPE.len() - 1), None | Some(b' ' | b'+'));
    if stamped && goes_on && line.iter().zip(&SHAPE[..SHAPE.len() - 1]).all(fits) {
        line.get(SHAPE.len()..).unwrap_or_default()
    } else {
        line
    }
}

/// What follows `#10 18.23 `, the mark of a container build's step.
fn after_build_step(line: &[u8]) -> Option<&[u8]> {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = line.strip_prefix(b"#")?;
    let number = digits(rest);
    let rest = rest[number..].strip_prefix(b" ")?;
    let seconds = digits(rest);
    let rest = rest[seconds..].strip_prefix(b".")?;
    let fraction = digits(rest);
    let rest = &rest[fraction..];
    (number > 0 && seconds > 0 && fraction > 0).then_some(())?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, place: Option<(&str, &str)>, stamped: bool, text: &str) {
        let place = place.map(|(job, step)| (job.as_bytes(), step.as_bytes()));
        let parts = split(line.as_bytes());
        assert_eq!((parts.place, parts.stamped, parts.text), (place, stamped, text.as_bytes()));
    }

    #[test]
    fn a_raw_line_has_a_timestamp() {
        check("2024-07-16T20:33:23.0572170Z text", None, true, "text");
        check("\u{feff}2024-07-16T20:33:23.0572170Z   two", None, true, "  two");
        check("2024-07-16T20:33:23.0572170Z", None, true, "");
    }

    #[test]
    fn a_program_may_print_timestamps_of_its_own() {
        check("2024-07-16T20:33:23.057Z text", None, false, "2024-07-16T20:33:23.057Z text");
        check("2024-07-16T20:33:23.0572170Ztext", None, false, "2024-07-16T20:33:23.0572170Ztext");
    }

    #[test]
    fn the_command_line_client_names_job_and_step() {
        let place = Some(("test (3.9)", "Run tests"));
        check("test (3.9)\tRun tests\t2024-07-16T20:33:23.0572170Z a\tb", place, true, "a\tb");
        check("test (3.9)\tRun tests\t\u{feff}2024-07-16T20:33:23.0572170Z", place, true, "");
        check("a\tb\tc", None, false, "a\tb\tc");
    }

    #[test]
    fn a_byte_order_mark_that_a_terminal_garbled_goes() {
        for mark in ["∩╗┐", "´╗┐", "ï»¿"] {
            check(&format!("{mark}2024-07-16T20:33:23.0572170Z text"), None, true, "text");
            let place = Some(("test", "Run"));
            check(&format!("test\tRun\t{mark}2024-07-16T20:33:23.0572170Z text"), place, true, "text");
        }
    }

    #[test]
    fn the_mark_of_a_container_build_goes() {
        check("#10 18.23 ERROR: x", None, false, "ERROR: x");
        check("#10 18.31 ", None, false, "");
        check("#10 [2/3] RUN pip", None, false, "#10 [2/3] RUN pip");
        check("# 1.5 x", None, false, "# 1.5 x");
    }
}
