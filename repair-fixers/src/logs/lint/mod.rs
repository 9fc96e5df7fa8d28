//! Reads what linters, formatters, type checkers, installers and builders print.
//!
//! ```text
//! Step ─ section ─▶ what each command printed ─ needles ─▶ the tools that may have spoken ─ readers ─▶ Parsed
//! ```
//!
//! One pass over the output finds which tools' marks occur at all; only their readers look closer. A reader speaks
//! only where its tool may have run: it is named by the command, a runner's echo or a hook, or nothing is known.

mod bandit;
mod black;
mod build;
mod coded;
mod coverage;
mod custom;
mod docs;
mod formatters;
mod found;
mod gcc;
mod isort;
mod json;
mod mypy;
mod pip;
mod precommit;
mod pyflakes;
mod pylint;
mod pyright;
mod resolvers;
mod ruff;
mod section;
#[cfg(test)]
mod tests;
mod tools;
mod types;
mod usage;
mod uv;

use super::needles::Needles;
use found::Found;
use repair_core::{LogParser, Parsed, Step};
pub(super) use section::last_announced;
use section::{Section, sections};

/// The readers of this module.
pub(super) fn parsers() -> Vec<Box<dyn LogParser>> {
    vec![Box::new(Linters::new())]
}

/// A reader of one tool's output, or of a shape that several share.
struct Reader {
    /// Texts of which one occurs in everything that the reader understands.
    needles: &'static [&'static str],
    /// Reads a section.
    read: fn(&Section<'_>, &mut Found),
}

/// The readers. Those that look whether another has found something come after it.
const READERS: &[Reader] = &[
    coded::READER,
    pyflakes::READER,
    pylint::READER,
    json::READER,
    ruff::READER,
    black::READER,
    isort::READER,
    formatters::READER,
    mypy::READER,
    pyright::READER,
    types::READER,
    bandit::READER,
    coverage::READER,
    gcc::READER,
    pip::READER,
    resolvers::READER,
    build::READER,
    uv::READER,
    docs::READER,
    usage::READER,
    precommit::READER,
];

/// All readers behind one search.
struct Linters {
    needles: Needles,
}

impl Linters {
    fn new() -> Self {
        let lists: Vec<&[&str]> = READERS.iter().map(|reader| reader.needles).collect();
        Self { needles: Needles::new(&lists) }
    }
}

impl LogParser for Linters {
    fn id(&self) -> &'static str {
        "linters"
    }

    fn parse(&self, step: &Step) -> Parsed {
        let mut found = Found::default();
        for section in sections(step) {
            found.begin();
            let concerned = self.needles.seen(section.text());
            for (reader, _) in READERS.iter().zip(concerned).filter(|(_, concerned)| *concerned) {
                (reader.read)(&section, &mut found);
            }
            found.end(&section);
        }
        found.finish()
    }
}
