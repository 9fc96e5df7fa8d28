//! Shell text as a list of simple commands.

use repair_core::Span;
use tree_sitter::{Node, Parser};

/// Shell text with the simple commands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    text: String,
    commands: Vec<Command>,
}

/// A simple command: words, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command {
    /// The command's name and arguments.
    pub words: Vec<Word>,
    /// The bytes of the whole pipeline that it is part of, or of itself if it is in none.
    pub pipeline: Span,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// The word without quotes; expansions stay as they are written.
    pub text: String,
    /// Its bytes in the script.
    pub span: Span,
}

impl Script {
    /// Reads shell text. What is not understood is left out.
    pub fn parse(text: &str) -> Self {
        let mut parser = Parser::new();
        let language = tree_sitter_bash::LANGUAGE.into();
        let tree = parser.set_language(&language).ok().and_then(|()| parser.parse(text, None));
        let mut commands = Vec::new();
        if let Some(tree) = &tree {
            collect(tree.root_node(), text, &mut commands);
        }
        Self { text: text.to_owned(), commands }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The simple commands, in the order of the text; those in subshells and substitutions too.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }
}

fn collect(node: Node<'_>, text: &str, commands: &mut Vec<Command>) {
    if node.kind() == "command" {
        let pipeline = node.parent().filter(|parent| parent.kind() == "pipeline").unwrap_or(node);
        commands.push(Command { words: words(node, text), pipeline: pipeline.byte_range().into() });
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        collect(child, text, commands);
    }
}

fn words(command: Node<'_>, text: &str) -> Vec<Word> {
    let mut cursor = command.walk();
    let is_word = |child: &Node<'_>| {
        !matches!(child.kind(), "variable_assignment" | "file_redirect" | "heredoc_redirect" | "herestring_redirect")
    };
    command
        .named_children(&mut cursor)
        .filter(is_word)
        .map(|child| Word { text: unquoted(&text[child.byte_range()]), span: child.byte_range().into() })
        .collect()
}

/// The word as the command gets it, as far as that is known without running anything.
fn unquoted(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut quote = None;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => out.extend(chars.next().filter(|next| *next != '\n')),
            (_, c) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str) -> Vec<Vec<String>> {
        let script = Script::parse(text);
        script.commands().iter().map(|command| command.words.iter().map(|word| word.text.clone()).collect()).collect()
    }

    #[test]
    fn lists_pipelines_and_subshells_are_taken_apart() {
        let text =
            "git ls-files '*.py' | xargs black --check && (mypy \"a b\" || true); X=1 pytest -k 'a or b' > out\n";
        let expected: [&[&str]; 5] = [
            &["git", "ls-files", "*.py"],
            &["xargs", "black", "--check"],
            &["mypy", "a b"],
            &["true"],
            &["pytest", "-k", "a or b"],
        ];
        assert_eq!(words_of(text), expected);
    }

    #[test]
    fn a_command_knows_its_pipeline() {
        let script = Script::parse("cd x && git ls-files | grep -v y | xargs black --check");
        let black = script.commands().last().unwrap();
        assert_eq!(&script.text()[black.pipeline.range()], "git ls-files | grep -v y | xargs black --check");
    }

    #[test]
    fn line_continuations_and_loops_are_read() {
        assert_eq!(words_of("pytest \\\n  -q tests\n"), [["pytest", "-q", "tests"]]);
        assert_eq!(words_of("for f in a b; do black $f; done"), [["black", "$f"]]);
        assert!(words_of("((( <<< ]]").len() <= 1);
    }
}
