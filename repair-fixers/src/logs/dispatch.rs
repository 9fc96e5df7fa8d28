//! Asks of all parsers those that have something to look at.

use super::needles::Needles;
use super::python;
use repair_core::{LogParser, Parsed, Step};
use std::sync::LazyLock;

/// The parsers that are asked first.
pub(super) static TOOLS: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(super::parsers()));
/// Those that are asked where no tool has anything to say.
pub(super) static FALLBACKS: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(vec![Box::new(python::Python)]));

/// Parsers behind one search for their needles.
pub(super) struct Dispatch {
    parsers: Vec<Box<dyn LogParser>>,
    needles: Needles,
}

impl Dispatch {
    fn new(parsers: Vec<Box<dyn LogParser>>) -> Self {
        let lists: Vec<&[&str]> = parsers.iter().map(|parser| parser.needles()).collect();
        let needles = Needles::new(&lists);
        Self { parsers, needles }
    }

    /// What the parsers say that have something to look at, in their order.
    pub(super) fn ask(&self, step: &Step) -> impl Iterator<Item = Parsed> {
        let seen = self.needles.seen(step.output.text());
        self.parsers.iter().zip(seen).filter_map(move |(parser, seen)| {
            // Where the code is tested, so are the needles.
            debug_assert!(seen || parser.parse(step) == Parsed::default(), "{} lacks a needle", parser.id());
            seen.then(|| parser.parse(step))
        })
    }
}

/// What one parser says, by way of its needles.
#[cfg(test)]
pub(super) fn ask(parser: impl LogParser + 'static, step: &Step) -> Parsed {
    Dispatch::new(vec![Box::new(parser)]).ask(step).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Failure;

    /// Says something of every output with "bad".
    struct Bad(&'static [&'static str]);

    impl LogParser for Bad {
        fn id(&self) -> &'static str {
            "bad"
        }

        fn parse(&self, step: &Step) -> Parsed {
            let mut parsed = Parsed::default();
            let bad = step.output.text().contains("bad");
            parsed.failures.extend(bad.then(|| Failure::new(repair_core::Category::Test, "bad")));
            parsed
        }

        fn needles(&self) -> &[&str] {
            self.0
        }
    }

    fn said(needles: &'static [&'static str], text: &str) -> usize {
        let mut step = Step::default();
        step.output = text.lines().collect();
        Dispatch::new(vec![Box::new(Bad(needles))]).ask(&step).map(|parsed| parsed.failures.len()).sum()
    }

    #[test]
    fn a_parser_is_asked_where_a_needle_occurs_or_always_without_needles() {
        assert_eq!(said(&["bad"], "this is\nbad"), 1);
        assert_eq!(said(&[], "this is\nbad"), 1);
        assert_eq!(said(&["bad"], "this is\ngood"), 0);
    }

    #[test]
    #[should_panic(expected = "bad lacks a needle")]
    fn a_parser_that_speaks_without_its_needles_is_found_out() {
        said(&["worse"], "this is bad");
    }
}
