//! A fixer for a house rule: tabs at the start of the failing line become spaces.
//!
//! `cargo run --bin custom_fixer` shows what it proposes for a small repository in memory.

use repair_core::{
    Applicability, Category, Failure, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Repairer, RepoPath, Skip,
    Snapshot,
};

struct TabsToSpaces;

impl FixGenerator for TabsToSpaces {
    fn meta(&self) -> &'static GeneratorMeta {
        &GeneratorMeta {
            id: "house/tabs",
            summary: "indent with spaces only",
            manual: "Indents the failing line with four spaces for each tab.",
            handles: &[Category::Syntax],
            applicability: Applicability::Unsafe,
        }
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let (path, text, span) = ctx.suspect()?;
        let line = &text[span.range()];
        let width = line.find(|c| c != '\t' && c != ' ').or_skip("the line is blank")?;
        fixes.add(Applicability::Unsafe, "Indent with spaces", |changes| {
            changes.replace(path, span.start()..span.start() + width, line[..width].replace('\t', "    "));
        })?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let path = RepoPath::new("app.py")?;
    let snapshot = Snapshot::from_files([(path.clone(), "def f():\n    x = 1\n\treturn x\n")]);
    let mut failure = Failure::new(Category::Syntax, "python");
    (failure.path, failure.line) = (Some(path), Some(3));
    let repairer = Repairer::builder().generators([Box::new(TabsToSpaces) as Box<dyn FixGenerator>]).build();
    let (plan, _) = repairer.plan(&snapshot, &[failure]).await;
    anstream::print!("{}", String::from_utf8_lossy(&plan.changes.to_patch(&snapshot)?));
    Ok(())
}
