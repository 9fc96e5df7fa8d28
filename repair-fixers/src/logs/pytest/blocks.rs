//! Finds the part below `FAILURES` that belongs to a test, however many there are.

use super::failures::{block_title, is_module};
use super::session::Block;
use repair_core::Output;
use std::collections::{HashMap, HashSet, VecDeque};

/// What the message of a lost worker says before the test's id.
const CRASHED: &str = "crashed while running '";
/// How many lines of a part may have that message.
const BEGINNING: usize = 6;

/// How many parts about files of one name are looked at for a module.
const ENOUGH: usize = 200;

/// Parts of a session, in their order, by name.
#[derive(Debug, Default)]
pub(super) struct Blocks<'a> {
    blocks: &'a [Block],
    used: Vec<bool>,
    /// How many parts of the same kind come before each.
    ranks: Vec<usize>,
    /// How many parts tell of failures, and of errors.
    kinds: [usize; 2],
    /// By the name in their heading, and whether they tell of an error.
    named: [HashMap<&'a str, VecDeque<usize>>; 2],
    /// By the last part of the path in their heading.
    files: HashMap<&'a str, Vec<usize>>,
    /// By the id of the test that a worker ran when it was lost.
    crashed: HashMap<&'a str, VecDeque<usize>>,
}

impl<'a> Blocks<'a> {
    /// All parts, none of them used.
    pub(super) fn new(blocks: &'a [Block], output: &'a Output) -> Self {
        let mut found = Self { blocks, used: vec![false; blocks.len()], ..Self::default() };
        for (index, block) in blocks.iter().enumerate() {
            let name = block_title(&block.title);
            found.named[usize::from(block.is_error())].entry(name).or_default().push_back(index);
            let kind = &mut found.kinds[usize::from(block.is_error())];
            found.ranks.push(*kind);
            *kind += 1;
            found.files.entry(file(name)).or_default().push(index);
            for line in block.lines.clone().take(BEGINNING).map(|index| output.line(index)) {
                let id = line.split_once(CRASHED).and_then(|(_, rest)| rest.rsplit_once('\''));
                id.into_iter().for_each(|(id, _)| found.crashed.entry(id).or_default().push_back(index));
            }
        }
        found
    }

    /// The first part not yet used that has `title` or the module `id` in its heading, or a worker that was lost in
    /// test `id`. Its heading says whether it is an error.
    pub(super) fn take(&mut self, title: &str, id: &str, error: bool) -> Option<&'a Block> {
        let used = &self.used;
        let named = self.named[usize::from(error)].get_mut(title).and_then(|queue| first(queue, used));
        let crashed = self.crashed.get_mut(id).and_then(|queue| first(queue, used));
        let module = if is_module(id) { self.of_module(id) } else { None };
        let index = [named, crashed, module].into_iter().flatten().min()?;
        self.used[index] = true;
        self.blocks.get(index)
    }

    fn of_module(&self, id: &str) -> Option<usize> {
        let open = self.files.get(file(id))?.iter().copied().filter(|index| !self.used[*index]);
        open.take(ENOUGH).find(|index| is_same_module(block_title(&self.blocks[*index].title), id))
    }

    /// The parts that were not used, with their positions.
    pub(super) fn unused(&self) -> Vec<(usize, &'a Block)> {
        self.blocks.iter().enumerate().filter(|(position, _)| !self.used[*position]).collect()
    }

    /// How many parts of the same kind come before the one at `position`, and how many there are.
    pub(super) fn rank(&self, position: usize) -> Option<(usize, usize)> {
        let error = self.blocks.get(position)?.is_error();
        Some((*self.ranks.get(position)?, self.kinds[usize::from(error)]))
    }
}

/// The first index that is not used; the others are dropped, so that nobody looks at them again.
fn first(queue: &mut VecDeque<usize>, used: &[bool]) -> Option<usize> {
    while queue.front().is_some_and(|index| used[*index]) {
        queue.pop_front();
    }
    queue.front().copied()
}

/// Whether two paths may be the same module: headings count from the root, the summary from the working folder.
fn is_same_module(one: &str, other: &str) -> bool {
    let ends =
        |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    ends(one, other) || ends(other, one)
}

/// The last part of a path.
fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Ids of tests that failed, by the heading that their part would have. A test may have a failure and an error.
#[derive(Debug, Default)]
pub(super) struct Ids<'a> {
    /// Those that a failure has, and those that an error has.
    taken: [HashSet<String>; 2],
    by_title: [HashMap<String, VecDeque<&'a str>>; 2],
}

impl<'a> Ids<'a> {
    /// `failed` are the ids with their headings, `taken` those that are reported, and whether as an error.
    pub(super) fn new(
        failed: impl Iterator<Item = (String, &'a str)>,
        taken: impl Iterator<Item = (String, bool)>,
    ) -> Self {
        let mut ids = Self::default();
        taken.for_each(|(id, error)| _ = ids.taken[usize::from(error)].insert(id));
        for (title, id) in failed {
            let [failures, errors] = &mut ids.by_title;
            failures.entry(title.clone()).or_default().push_back(id);
            errors.entry(title).or_default().push_back(id);
        }
        ids
    }

    /// The first id with this heading that is not reported.
    pub(super) fn fresh(&mut self, title: &str, error: bool) -> Option<&'a str> {
        let kind = usize::from(error);
        let queue = self.by_title[kind].get_mut(title)?;
        while queue.front().is_some_and(|id| self.taken[kind].contains(*id)) {
            queue.pop_front();
        }
        queue.front().copied()
    }

    /// Whether the id was not reported until now.
    pub(super) fn take(&mut self, id: &str, error: bool) -> bool {
        self.taken[usize::from(error)].insert(id.to_owned())
    }

    /// Whether the id was reported neither as a failure nor as an error until now.
    pub(super) fn take_new(&mut self, id: &str) -> bool {
        self.taken.iter().all(|taken| !taken.contains(id)) && self.take(id, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_in_their_order_and_once() {
        let output = Output::from_iter(["x", "worker 'gw0' crashed while running 'a.py::t['q']'"]);
        let block = |title: &str, lines| Block { title: title.to_owned(), lines };
        let all = [block("test_a", 0..1), block("b.py", 1..2), block("ERROR at setup of test_a", 0..1)];
        let mut blocks = Blocks::new(&all, &output);
        assert_eq!((blocks.rank(1), blocks.rank(2)), (Some((1, 2)), Some((0, 1))));
        let mut take = |title, id, error| blocks.take(title, id, error).map(|block| block.title.as_str());
        assert_eq!(take("other", "", false), None);
        assert_eq!(take("test_a", "", false), Some("test_a"));
        assert_eq!(take("test_a", "a.py::t['q']", false), Some("b.py"));
        assert_eq!(take("test_a", "", false), None, "it is no error");
        assert_eq!(take("test_a", "", true), Some("ERROR at setup of test_a"));
        assert_eq!(take("b.py", "a.py::t['q']", false), None);
        assert_eq!(blocks.unused().len(), 0);
    }

    #[test]
    fn modules_may_be_named_from_two_folders() {
        let all = ["ERROR collecting api/tests/test_a.py", "ERROR collecting tests/test_a.py"];
        let all = all.map(|title| Block { title: title.to_owned(), lines: 0..0 });
        let output = Output::default();
        let mut blocks = Blocks::new(&all, &output);
        let mut take = |id| blocks.take(id, id, true).map(|block| block.title.as_str());
        assert_eq!(take("est_a.py"), None);
        assert_eq!(take("tests/test_a.py"), Some("ERROR collecting api/tests/test_a.py"));
        assert_eq!(take("api/tests/test_a.py"), Some("ERROR collecting tests/test_a.py"));
    }

    #[test]
    fn an_id_is_fresh_until_a_failure_has_it() {
        let failed = ["a.py::t", "b.py::t"].into_iter().map(|id| ("t".to_owned(), id));
        let mut ids = Ids::new(failed, [("a.py::t".to_owned(), false)].into_iter());
        assert_eq!((ids.fresh("t", false), ids.fresh("x", false)), (Some("b.py::t"), None));
        assert!(ids.take("b.py::t", false) && !ids.take("b.py::t", false));
        assert_eq!(ids.fresh("t", false), None);
        assert!(!ids.take_new("b.py::t") && ids.take_new("c.py::t"));
        assert_eq!(ids.fresh("t", true), Some("a.py::t"), "it may fail and have an error, too");
    }
}
