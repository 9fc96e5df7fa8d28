//! Source that does not parse.
//!
//! One search per file finds the cheapest edits after which the strict parser accepts it; each fixer of this family
//! proposes the repairs of its class.

mod brackets;
mod colon;
mod conflict;
mod indent;
mod keywords;
mod lex;
mod pasted;
mod propose;
mod python2;
mod search;
mod site;
mod strings;
mod tabs;
mod words;

#[cfg(test)]
mod tests;

use repair_core::FixGenerator;

/// Makes a unit struct a generator of the repairs of a class.
macro_rules! repairs {
    ($name:ident, $class:ident) => {
        impl ::repair_core::FixGenerator for $name {
            fn meta(&self) -> &'static ::repair_core::GeneratorMeta {
                Self::META
            }

            fn generate(
                &self,
                ctx: &::repair_core::FixContext<'_>,
                fixes: &mut ::repair_core::Fixes<'_>,
            ) -> Result<(), ::repair_core::Skip> {
                $crate::syntax::propose::repairs_of(super::site::Class::$class, ctx, fixes)
            }
        }
    };
}

use repairs;

/// The fixers of this family.
pub(crate) fn generators() -> Vec<Box<dyn FixGenerator>> {
    vec![
        Box::new(brackets::UnclosedBracket),
        Box::new(brackets::UnmatchedBracket),
        Box::new(colon::MissingColon),
        Box::new(conflict::MergeConflict),
        Box::new(indent::EmptyBody),
        Box::new(indent::Indentation),
        Box::new(keywords::MisspelledKeyword),
        Box::new(pasted::PastedText),
        Box::new(python2::PrintStatement),
        Box::new(python2::Python2),
        Box::new(strings::UnclosedString),
        Box::new(tabs::MixedTabs),
        Box::new(words::MissingToken),
        Box::new(words::StrayToken),
        Box::new(words::WrongToken),
    ]
}
