//! Foreign text in Markdown: nothing of it becomes markup, a link, an image or a mention.

use crate::text::clean;

/// How much of a line is shown.
const WIDTH: usize = 400;

/// The text as code within a line, in which Markdown has no meaning; nothing if it is blank.
pub fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return text;
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// [`code`] in a cell of a table, whose border it cannot cross.
pub fn cell(text: &str) -> String {
    // A backslash in front of the escape would be taken for one of its own.
    code(text).replace("\\|", "\\ |").replace('|', "\\|")
}

/// Lines as a block of code, behind a fence that none of them can close.
pub fn block<'a>(language: &str, lines: impl IntoIterator<Item = &'a str>) -> String {
    let text: String = lines.into_iter().map(|line| format!("{}\n", shortened(clean(line)))).collect();
    let fence = fence(&text);
    format!("{fence}{language}\n{text}{fence}\n")
}

/// A fence for a block of code that nothing in `text` can close.
pub fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    shortened(clean(&words.join(" ")))
}

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(WIDTH) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// How many backticks stand side by side at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_is_fenced_by_more_than_it_has() {
        assert_eq!(code("a `b` ``c``"), "``` a `b` ``c`` ```");
        assert_eq!(code("x\n  y"), "`x y`");
        assert_eq!(code(" \n"), "");
        assert_eq!(cell("a|b \\|c"), "`a\\|b \\ \\|c`");
        assert_eq!(block("text", ["```", "@you <b>"]), "````text\n```\n@you <b>\n````\n");
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_span_or_block(text in "[`|\\\\a \n~<@]{0,30}") {
            let span = code(&text);
            let fence = span.chars().take_while(|c| *c == '`').count();
            let inner = span.get(fence..span.len() - fence).unwrap_or_default();
            prop_assert!(longest_run(inner) < fence.max(1) && !span.contains('\n'));
            let block = block("text", text.lines());
            let fence = block.chars().take_while(|c| *c == '`').count();
            prop_assert_eq!(block.lines().filter(|line| line.trim().len() >= fence && line.trim().chars().all(|c| c == '`')).count(), 1);
        }
    }
}
