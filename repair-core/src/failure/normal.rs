//! What of a text stays the same from run to run.

/// `message` without what differs between two runs: numbers, durations, addresses, digests, moments, temporary names, the
/// folders of paths, the order of sets, white space.
pub(super) fn message(message: &str) -> String {
    let mut out = Normal::default();
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            first if is_word(first) => out.word(rest),
            '/' | '\\' => out.separator(rest),
            '{' | '}' => out.brace(first, rest),
            first => {
                out.mark(first);
                &rest[first.len_utf8()..]
            }
        };
    }
    out.text.truncate(out.text.trim_end().len());
    out.text
}

/// A test's id without what differs between two runs: addresses, identifiers and temporary folders in its parameters.
///
/// Other numbers stay: `test_a[1]` and `test_a[2]` are two tests.
pub(super) fn test_id(id: &str) -> String {
    let Some((name, parameters)) = id.find('[').map(|bracket| id.split_at(bracket)) else { return id.to_owned() };
    let mut out = name.to_owned();
    let mut rest = parameters;
    while let Some(first) = rest.chars().next() {
        let length = if is_word(first) { word_length(rest) } else { first.len_utf8() };
        let (word, after) = rest.split_at(length);
        let absolute = first == '/' && out.ends_with(['[', '-', ' ', '\'']);
        if let Some(length) = uuid_length(rest) {
            out.push('#');
            rest = &rest[length..];
        } else if absolute {
            rest = short_path(rest);
        } else {
            out.push_str(if is_address(word) || is_temporary(word) { "#" } else { word });
            rest = after;
        }
    }
    out
}

/// The last two parts of the absolute path that `text` begins with, and what follows it.
fn short_path(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ']' | '\'' | '"')).unwrap_or(text.len());
    let mut slashes = text[..end].rmatch_indices('/').map(|(at, _)| at);
    slashes.next();
    slashes.next().map_or(&text[1..], |slash| &text[slash + 1..])
}

/// A text that is being made.
#[derive(Debug, Default)]
struct Normal {
    text: String,
    /// Until where nothing may be taken back any more.
    firm: usize,
    /// Where a brace stands that is open and has no other inside.
    brace: Option<usize>,
}

impl Normal {
    fn word<'a>(&mut self, rest: &'a str) -> &'a str {
        let moment = uuid_length(rest);
        let length = moment.unwrap_or_else(|| word_length(rest));
        let word = &rest[..length];
        self.text.push_str(if moment.is_some() || varies(word) { "#" } else { word });
        self.merge();
        &rest[length..]
    }

    /// Folders go, and with them where the checkout, the interpreter and the temporary files lie; the host of an address
    /// in the internet stays.
    fn separator<'a>(&mut self, rest: &'a str) -> &'a str {
        if let Some(after) = rest.strip_prefix("//").filter(|_| self.text.ends_with(':') && !self.ends_with_drive()) {
            let host = after.find(|c: char| !(is_word(c) || matches!(c, '.' | '-'))).unwrap_or(after.len());
            self.text.push_str("//");
            self.text.push_str(&after[..host]);
            let port = |rest: &'a str| {
                let digits = rest.strip_prefix(':')?.trim_start_matches(|c: char| c.is_ascii_digit());
                (digits.len() + 1 < rest.len()).then_some(digits)
            };
            let rest = port(&after[host..]).unwrap_or(&after[host..]);
            let path = rest.strip_prefix('/').inspect(|_| self.text.push('/'));
            self.firm = self.text.len();
            return path.unwrap_or(rest);
        }
        let folder = |c: char| is_word(c) || matches!(c, '.' | '-' | '~' | '#');
        let end = self.text.trim_end_matches(folder).len();
        self.text.truncate(end.max(self.firm));
        if self.ends_with_drive() && self.text.len() - 2 >= self.firm {
            self.text.truncate(self.text.len() - 2);
        }
        &rest[1..]
    }

    /// `C:` and no more letters before it.
    fn ends_with_drive(&self) -> bool {
        let mut last = self.text.chars().rev();
        last.next() == Some(':')
            && last.next().is_some_and(|c| c.is_ascii_alphabetic())
            && last.next().is_none_or(|c| !is_word(c))
    }

    /// The members of a set come in any order.
    fn brace<'a>(&mut self, mark: char, rest: &'a str) -> &'a str {
        if mark == '{' {
            self.brace = Some(self.text.len() + 1);
        } else if let Some(start) = self.brace.take().filter(|start| *start <= self.text.len()) {
            let mut members: Vec<&str> = self.text[start..].split(", ").collect();
            members.sort_unstable();
            let members = members.join(", ");
            self.text.truncate(start);
            self.text.push_str(&members);
        }
        self.text.push(mark);
        &rest[1..]
    }

    fn mark(&mut self, mark: char) {
        match mark {
            mark if mark.is_whitespace() => {
                if !self.text.is_empty() && !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            }
            // `1.5` and `3.11.7` become one mark, so that a version's length does not matter.
            '.' if self.text.ends_with('#') => {}
            mark => self.text.push(mark),
        }
        self.merge();
    }

    fn merge(&mut self) {
        if self.text.ends_with("##") {
            self.text.pop();
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !is_word(c)).unwrap_or(text.len())
}

/// The length of the UUID that `text` begins with.
fn uuid_length(text: &str) -> Option<usize> {
    let uuid = text.as_bytes().get(..36)?;
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let ends = text.as_bytes().get(36).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (uuid.iter().enumerate().all(fits) && ends).then_some(36)
}

/// Whether a word is a number (with a unit), a moment, an address, a digest, or a name that was made up for one run.
fn varies(word: &str) -> bool {
    is_quantity(word) || is_moment(word) || is_address(word) || is_digest(word) || is_temporary(word) || is_worker(word)
}

/// `12`, `12ms`, `1h2m3s`.
fn is_quantity(word: &str) -> bool {
    const UNITS: [&str; 17] =
        ["", "us", "ns", "ms", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "B", "k", "M", "G"];
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < word.len()
        && (UNITS.contains(&unit)
            || unit.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'h' | b'm' | b's')))
}

/// The part around the `T` of `2024-07-16T20:33:23Z`, and its end.
fn is_moment(word: &str) -> bool {
    let word = word.strip_suffix('Z').unwrap_or(word);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(word) || word.split_once('T').is_some_and(|(day, hour)| digits(day) && digits(hour))
}

fn is_address(word: &str) -> bool {
    word.strip_prefix("0x").is_some_and(is_hex)
}

fn is_digest(word: &str) -> bool {
    is_hex(word) && (word.len() >= 7 && word.contains(|c: char| c.is_ascii_digit()) || word.len() >= 16)
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `tmp` and eight characters, as Python's `tempfile` makes them. One without a digit or low line may be a word.
fn is_temporary(word: &str) -> bool {
    let Some(random) = word.strip_prefix("tmp").filter(|random| random.len() == 8) else { return false };
    random.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A worker of pytest-xdist.
fn is_worker(word: &str) -> bool {
    word.strip_prefix("gw").is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(message(one), message(other));
    }

    #[test]
    fn names_that_were_made_up_for_one_run_do_not_count() {
        same("in /tmp/tmpab12cd_x", "in /tmp/tmp9q_x2ks3");
        same("in /tmp/tmpabcdefgh/x.txt", r"in C:\Users\me\AppData\Local\Temp\tmpzzzzzzzz\x.txt");
        same("/tmp/pytest-of-root/pytest-1/x", "/tmp/pytest-of-runner/pytest-12/x");
        same("job 550e8400-e29b-41d4-a716-446655440000 lost", "job 00000000-0000-0000-0000-000000000000 lost");
        same("[gw0] lost", "[gw11] lost");
        same("port 8000, pid 12", "port 43211, pid 9");
    }

    #[test]
    fn moments_and_quantities_do_not_count() {
        same("at 2024-07-16T20:33:23.057Z", "at 2025-01-02T03:04:05Z");
        same("took 1h2m3s, 5GB", "took 4h0m9s, 77GB");
        same("of 1.5 GiB in 0:00:12", "of 22.75 GiB in 1:10:59");
        same("sha 0123abc", "sha deadbeef1");
    }

    #[test]
    fn the_order_of_a_set_does_not_count() {
        same("unknown {'a', 'b', 'c'}", "unknown {'c', 'a', 'b'}");
        same("{1: {'x', 'y'}}", "{2: {'y', 'x'}}");
        assert_ne!(message("unknown {'a', 'b'}"), message("unknown {'a', 'c'}"));
        assert_eq!(message("} { { }"), "} { { }");
    }

    #[test]
    fn folders_do_not_count_but_hosts_do() {
        same("/usr/lib/python3.11/site-packages/a.py", r"D:\venv\Lib\site-packages\a.py");
        same("https://pypi.org:443/a/x", "https://pypi.org/b/x");
        assert_ne!(message("https://pypi.org/simple/"), message("https://github.com/simple/"));
        assert_ne!(message("a/b.py"), message("a/c.py"));
    }

    #[test]
    fn words_stay() {
        for text in ["tmpdir", "tmpfile_name", "'x1'", "abcdef", "gwen", "facade", "Time", "9to5"] {
            assert_eq!(message(text), text);
        }
    }

    #[test]
    fn ids_of_tests_keep_their_numbers() {
        let same = |one: &str, other: &str| assert_eq!(test_id(one), test_id(other));
        same("a.py::t[<A object at 0x7f01>]", "a.py::t[<A object at 0x55ff>]");
        same("a.py::t[/home/a/b/data/x.json]", "a.py::t[/builds/c/data/x.json]");
        same("a.py::t[550e8400-e29b-41d4-a716-446655440000]", "a.py::t[00000000-0000-0000-0000-000000000000]");
        same("a.py::t[x-tmpab12cd_x]", "a.py::t[x-tmp00000000]");
        for id in ["a.py::t[1]", "a.py::t[a/b/c]", "a.py::t[é-2.5]", "tmp00000000.py::t", "a.py::t[", "m.T.test_1"] {
            assert_eq!(test_id(id), id);
        }
    }
}
