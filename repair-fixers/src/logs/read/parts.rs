//! Which files of an archive or a folder are logs, and of which jobs.

/// A file that is to be read: which job's log it is, or which step's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The file's name, for what is to be said of it.
    pub file: Option<String>,
    /// The job, as far as the file's name tells it. The log itself may know better.
    pub job: Option<String>,
    /// The step, if the file is the log of one step.
    pub step: Option<String>,
}

impl Part {
    /// A log of its own that is called `job`.
    pub fn job(job: &str) -> Self {
        Self { file: None, job: Some(job.to_owned()), step: None }
    }
}

/// The logs among the files `names`, with their indices, in the order in which they are to be read.
///
/// A run of GitHub Actions has a file for each job (`0_tests (3.11).txt`) and one for each of its steps (`tests
/// (3.11)/4_Run pytest.txt`): the same text twice, of which the job's is taken, or the steps' if that is missing. Of
/// other files those are taken whose names are a log's (`.log`, `.txt`, `.out`, `.gz`, `.zip`, or without an ending).
///
/// ```
/// let names = ["a/1_Set up job.txt", "a/2_Run pytest.txt", "0_a.txt", "a/system.txt"];
/// let parts = repair_fixers::logs::parts(&names);
/// assert_eq!(parts.len(), 1);
/// assert_eq!((parts[0].0, parts[0].1.job.as_deref()), (2, Some("a")));
/// ```
pub fn parts<S: AsRef<str>>(names: &[S]) -> Vec<(usize, Part)> {
    let mut files: Vec<File<'_>> =
        names.iter().enumerate().filter_map(|(index, name)| File::of(index, name.as_ref())).collect();
    files.sort_by(|one, other| one.order().cmp(&other.order()));
    let chosen = files.iter().filter_map(|file| Some((file.index, file.part(&files)?)));
    chosen.collect()
}

/// A file whose name is a log's.
struct File<'a> {
    index: usize,
    path: &'a str,
    /// The folder, and of it the last name.
    folder: &'a str,
    folder_name: &'a str,
    /// The name without its ending, and without its number.
    stem: &'a str,
    number: Option<u32>,
}

impl<'a> File<'a> {
    fn of(index: usize, path: &'a str) -> Option<Self> {
        let (folder, name) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
        let mut above = folder.split(['/', '\\']);
        if name.is_empty() || name.starts_with('.') || above.any(|name| name == "__MACOSX" || name.starts_with(".git"))
        {
            return None;
        }
        let stem = stem(name)?;
        let (number, stem) = match stem.split_once('_') {
            Some((number, rest)) if name.ends_with(".txt") && !rest.is_empty() => match number.parse() {
                Ok(number) => (Some(number), rest),
                Err(_) => (None, stem),
            },
            _ => (None, stem),
        };
        let folder_name = folder.rsplit(['/', '\\']).next().unwrap_or_default();
        Some(Self { index, path, folder, folder_name, stem, number })
    }

    /// By folder, then by number, then by name.
    fn order(&self) -> (&str, u32, &str) {
        (self.folder, self.number.unwrap_or(u32::MAX), self.stem)
    }

    /// What this file is among `all`; nothing if another has its text, too.
    fn part(&self, all: &[File<'_>]) -> Option<Part> {
        let is_system = self.stem == "system" && self.number.is_none() && !self.folder.is_empty();
        let of_step = (self.number.is_some() || is_system) && self.in_steps(all);
        let siblings = || all.iter().filter(|file| file.folder == self.folder && file.number.is_some());
        if of_step && (all.iter().any(|file| file.is_job_of(self)) || is_system && siblings().next().is_some()) {
            return None;
        }
        let (job, step) = match (of_step, self.number) {
            (true, _) => (self.folder_name, Some(self.stem)),
            (false, Some(_)) => (self.stem, None),
            (false, None) => (stem(self.path).unwrap_or(self.path), None),
        };
        Some(Part { file: Some(shown(self.path)), job: Some(shown(job)), step: step.map(shown) })
    }

    /// Whether the files beside this one are the steps of one job.
    fn in_steps(&self, all: &[File<'_>]) -> bool {
        let marks = |file: &File<'_>| file.number.is_none() && file.stem == "system" || file.stem == "Set up job";
        let marked = all.iter().any(|file| file.folder == self.folder && marks(file));
        !self.folder.is_empty() && (marked || all.iter().any(|file| file.is_job_of(self)))
    }

    /// Whether this is the log of the job of which `step` is one step.
    fn is_job_of(&self, step: &File<'_>) -> bool {
        let above = step.folder.rsplit_once(['/', '\\']).map_or("", |(above, _)| above);
        self.number.is_some() && self.folder == above && self.index != step.index && same(self.stem, step.folder_name)
    }
}

/// The name without its ending, if it is a log's.
fn stem(name: &str) -> Option<&str> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let Some((_, ending)) = last.rsplit_once('.') else { return Some(name) };
    let stem = &name[..name.len() - ending.len() - 1];
    match ending.to_ascii_lowercase().as_str() {
        "log" | "txt" | "out" | "zip" => Some(stem),
        "gz" => Some(self::stem(stem).unwrap_or(stem)),
        ending if ending.bytes().all(|byte| byte.is_ascii_digit()) && stem.ends_with(".log") => Some(name),
        _ => None,
    }
}

/// Whether two names are the same but for the characters that may not stand in a file's name, and for its length.
fn same(one: &str, other: &str) -> bool {
    let mark = |name: &str| -> String { name.chars().filter(|c| c.is_alphanumeric()).take(60).collect() };
    mark(one) == mark(other)
}

/// A name of a file as a name to be shown.
fn shown(name: &str) -> String {
    name.chars().take(200).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], expected: &[(&str, &str, Option<&str>)]) {
        let parts = parts(names);
        let found: Vec<_> = parts
            .iter()
            .map(|(index, part)| (names[*index], part.job.as_deref().unwrap_or_default(), part.step.as_deref()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn of_a_run_the_jobs_are_read_in_their_order() {
        check(
            &[
                "10_c.txt",
                "2_build _ b.txt",
                "0_a.txt",
                "a/1_Set up job.txt",
                "a/2_Run x.txt",
                "build  b/3_Run y.txt",
                "a/system.txt",
            ],
            &[("0_a.txt", "a", None), ("2_build _ b.txt", "build _ b", None), ("10_c.txt", "c", None)],
        );
    }

    #[test]
    fn steps_are_read_where_the_job_has_no_log_of_its_own() {
        check(
            &[
                "b/10_Post x.txt",
                "b/1_Set up job.txt",
                "b/2_Run pytest.txt",
                "b/system.txt",
                "0_a.txt",
                "a/1_Set up job.txt",
            ],
            &[
                ("0_a.txt", "a", None),
                ("b/1_Set up job.txt", "b", Some("Set up job")),
                ("b/2_Run pytest.txt", "b", Some("Run pytest")),
                ("b/10_Post x.txt", "b", Some("Post x")),
            ],
        );
        check(&["c/system.txt"], &[("c/system.txt", "c", Some("system"))]);
    }

    #[test]
    fn a_folder_around_the_run_does_no_harm() {
        check(
            &["logs_1/0_a.txt", "logs_1/a/1_Set up job.txt", "logs_2/0_a.txt"],
            &[("logs_1/0_a.txt", "a", None), ("logs_2/0_a.txt", "a", None)],
        );
    }

    #[test]
    fn other_logs_are_jobs_of_their_name() {
        check(
            &[
                "x/py3.9.log",
                "b.txt",
                "a.log.gz",
                "app.py",
                ".hidden.log",
                "__MACOSX/b.txt",
                "dir/",
                "old.log.1",
                "plain",
            ],
            &[
                ("a.log.gz", "a", None),
                ("b.txt", "b", None),
                ("old.log.1", "old.log.1", None),
                ("plain", "plain", None),
                ("x/py3.9.log", "x/py3.9", None),
            ],
        );
    }

    #[test]
    fn names_cannot_play_tricks() {
        let parts = parts(&["../../etc/\u{1b}]0;x\u{7}.log", "0_", "_.txt", "..", "/"]);
        let job = parts.iter().find(|(index, _)| *index == 0).and_then(|(_, part)| part.job.as_deref());
        assert_eq!(job, Some("../../etc/\u{fffd}]0;x\u{fffd}"));
    }
}
