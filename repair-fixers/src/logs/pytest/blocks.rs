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
    /// By the name in their heading.
    named: HashMap<&'a str, VecDeque<usize>>,
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
            found.named.entry(name).or_default().push_back(index);
            found.files.entry(file(name)).or_default().push(index);
            for line in block.lines.clone().take(BEGINNING).map(|index| output.line(index)) {
                let id = line.split_once(CRASHED).and_then(|(_, rest)| rest.rsplit_once('\''));
                id.into_iter().for_each(|(id, _)| found.crashed.entry(id).or_default().push_back(index));
            }
        }
        found
    }

    /// The first part not yet used that has `title` or the module `id` in its heading, or a worker that was lost in
    /// test `id`.
    pub(super) fn take(&mut self, title: &str, id: &str) -> Option<&'a Block> {
        let used = &self.used;
        let named = self.named.get_mut(title).and_then(|queue| first(queue, used));
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

    /// The parts that were not used.
    pub(super) fn unused(&self) -> Vec<&'a Block> {
        self.blocks.iter().zip(&self.used).filter(|(_, used)| !**used).map(|(block, _)| block).collect()
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

/// Ids of tests that failed, by the heading that their part would have.
#[derive(Debug, Default)]
pub(super) struct Ids<'a> {
    /// Those that a failure has.
    taken: HashSet<String>,
    by_title: HashMap<String, VecDeque<&'a str>>,
}

impl<'a> Ids<'a> {
    /// `failed` are the ids with their headings, `taken` those that have a failure.
    pub(super) fn new(failed: impl Iterator<Item = (String, &'a str)>, taken: impl Iterator<Item = String>) -> Self {
        let mut ids = Self { taken: taken.collect(), ..Self::default() };
        failed.for_each(|(title, id)| ids.by_title.entry(title).or_default().push_back(id));
        ids
    }

    /// The first id with this heading that no failure has.
    pub(super) fn fresh(&mut self, title: &str) -> Option<&'a str> {
        let queue = self.by_title.get_mut(title)?;
        while queue.front().is_some_and(|id| self.taken.contains(*id)) {
            queue.pop_front();
        }
        queue.front().copied()
    }

    /// Whether no failure had the id until now.
    pub(super) fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
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
        let mut take = |title, id| blocks.take(title, id).map(|block| block.title.as_str());
        assert_eq!(take("other", ""), None);
        assert_eq!(take("test_a", ""), Some("test_a"));
        assert_eq!(take("test_a", "a.py::t['q']"), Some("b.py"));
        assert_eq!(take("test_a", ""), Some("ERROR at setup of test_a"));
        assert_eq!(take("b.py", "a.py::t['q']"), None);
        assert_eq!(blocks.unused().len(), 0);
    }

    #[test]
    fn modules_may_be_named_from_two_folders() {
        let all = ["ERROR collecting api/tests/test_a.py", "ERROR collecting tests/test_a.py"];
        let all = all.map(|title| Block { title: title.to_owned(), lines: 0..0 });
        let output = Output::default();
        let mut blocks = Blocks::new(&all, &output);
        let mut take = |id| blocks.take(id, id).map(|block| block.title.as_str());
        assert_eq!(take("est_a.py"), None);
        assert_eq!(take("tests/test_a.py"), Some("ERROR collecting api/tests/test_a.py"));
        assert_eq!(take("api/tests/test_a.py"), Some("ERROR collecting tests/test_a.py"));
    }

    #[test]
    fn an_id_is_fresh_until_a_failure_has_it() {
        let failed = ["a.py::t", "b.py::t"].into_iter().map(|id| ("t".to_owned(), id));
        let mut ids = Ids::new(failed, ["a.py::t".to_owned()].into_iter());
        assert_eq!((ids.fresh("t"), ids.fresh("x")), (Some("b.py::t"), None));
        assert!(ids.take("b.py::t") && !ids.take("b.py::t"));
        assert_eq!(ids.fresh("t"), None);
    }
}
