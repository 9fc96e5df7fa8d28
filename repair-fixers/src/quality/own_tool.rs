//! What the project's own tools can repair.

use crate::manual::fixer;
use crate::tools::{FIX, ToolSpec, UNSAFE_FIX};
use repair_core::{
    Analysis, Applicability, Confidence, Fact, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Query, RepoPath,
    Skip, Snapshot,
};

fixer! {
    /// Lets the project's own tool repair what it complained about.
    ///
    /// # What it repairs
    ///
    /// Findings of a formatter, import sorter, spelling checker or linter that can repair them itself: autoflake, autopep8,
    /// black, blacken-docs, codespell, docformatter, isort, pycln, pyupgrade, ruff (`check` and `format`), yapf.
    ///
    /// The very command that failed runs again without `--check` and with the tool's own option to repair, in the project's
    /// configuration and at the version of the environment in which the checks run, in a sandbox.
    /// Of the files that it changes, only those that failed are taken over.
    ///
    /// # Why it is safe
    ///
    /// Formatters and import sorters keep what the code means; ruff tells its safe fixes from its unsafe ones, which are
    /// offered as unsafe here too.
    /// codespell changes words, also in strings, and is therefore unsafe.
    ///
    /// # Before
    ///
    /// ```python
    /// import os
    /// x = {  'a':1 }
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// x = {"a": 1}
    /// ```
    pub(crate) struct OwnTool {
        id: "quality/own-tool",
        summary: "run the formatter or linter that complained so that it repairs",
        handles: [Quality, Documentation],
        applicability: Safe,
    }
}

impl FixGenerator for OwnTool {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn queries(&self, analysis: &Analysis, snapshot: &Snapshot) -> Vec<Query> {
        let (Some(spec), Some(path)) = (ToolSpec::for_failure(&analysis.failure), file(analysis, snapshot)) else {
            return Vec::new();
        };
        let profiles = [FIX, UNSAFE_FIX].into_iter().filter(|profile| spec.options(profile).is_some());
        profiles.map(|profile| query(spec, profile, path)).collect()
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let spec = ToolSpec::for_failure(&ctx.analysis.failure).or_skip("the tool does not repair what it reports")?;
        let path = file(ctx.analysis, ctx.snapshot).or_skip("the failure names no file")?;
        let (contents, by) = rewrite(ctx, &query(spec, FIX, path))?;
        if let Some(contents) = contents {
            let title = format!("{} `{path}`", spec.order);
            let fix = fixes.add(spec.applicability, title, |changes| {
                changes.rewrite(path, contents);
            })?;
            fix.confidence(Confidence::High).because(format!("{by} does so itself"));
        }
        if spec.unsafe_fix.is_some()
            && let Ok((Some(more), by)) = rewrite(ctx, &query(spec, UNSAFE_FIX, path))
            && Some(more) != contents
        {
            let title = format!("{} `{path}`, the unsafe ones too", spec.order);
            let fix = fixes.add(Applicability::Unsafe, title, |changes| {
                changes.rewrite(path, more);
            })?;
            fix.because(format!("{by} offers it and calls it unsafe"));
            return Ok(());
        }
        contents.map(|_| ()).or_skip("the tool leaves the file as it is")
    }
}

fn file<'a>(analysis: &'a Analysis, snapshot: &Snapshot) -> Option<&'a RepoPath> {
    let path = &analysis.suspects.first()?.path;
    snapshot.contains(path).then_some(path)
}

fn query(spec: &ToolSpec, profile: &str, path: &RepoPath) -> Query {
    Query::Rewrite { tool: spec.id.to_owned(), profile: profile.to_owned(), path: path.clone() }
}

fn rewrite<'a>(ctx: &FixContext<'a>, query: &Query) -> Result<(Option<&'a [u8]>, &'a str), Skip> {
    match ctx.fact(query)? {
        Fact::Rewrite { contents, by } => Ok((contents.as_deref(), by)),
        _ => Err(Skip::new("the tool's answer is of another kind")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;
    use repair_core::testing::{check_skipped, check_with_facts, propose};
    use repair_core::{FactError, Facts, Failure, Fix};

    fn answer(profile: &str, contents: Option<&str>) -> (Query, Result<Fact, FactError>) {
        let path = RepoPath::new("a.py").unwrap();
        let query = Query::Rewrite { tool: "ruff".into(), profile: profile.into(), path };
        let contents = contents.map(|text| text.as_bytes().to_vec());
        (query, Ok(Fact::Rewrite { contents, by: "ruff 0.14.0".into() }))
    }

    fn ruff() -> Failure {
        let mut failure = Failure::new(Category::Quality, "ruff");
        failure.code = Some("F401".into());
        failure
    }

    const BEFORE: &str = "#- a.py\nimport os$0\nx = 1\n";

    #[test]
    fn the_tools_answer_becomes_a_safe_fix() {
        let facts: Facts = [answer(FIX, Some("x = 1\n")), answer(UNSAFE_FIX, Some("x = 1\n"))].into_iter().collect();
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1 @@\n-import os\n x = 1\n";
        let fix = check_with_facts(&OwnTool, BEFORE, ruff(), &facts, expected);
        assert_eq!((fix.applicability(), fix.title()), (Applicability::Safe, "Apply ruff's fixes to `a.py`"));
        assert_eq!(fix.reason(), Some("ruff 0.14.0 does so itself"));
    }

    #[test]
    fn what_only_the_unsafe_fixes_change_is_unsafe() {
        let facts: Facts = [answer(FIX, None), answer(UNSAFE_FIX, Some("x = 1\n"))].into_iter().collect();
        let fixture = repair_core::testing::Fixture::new(BEFORE);
        let fixes = propose(&OwnTool, &fixture.snapshot, &fixture.place(ruff()), &facts).unwrap();
        assert_eq!(fixes.iter().map(Fix::applicability).collect::<Vec<_>>(), [Applicability::Unsafe]);
    }

    #[test]
    fn a_tool_that_only_complains_and_one_that_is_missing_are_skipped() {
        let mut mypy = ruff();
        mypy.tool = "mypy".into();
        check_skipped(&OwnTool, BEFORE, mypy, "does not repair");
        check_skipped(&OwnTool, BEFORE, ruff(), "nobody answers");
    }
}
