//! Comparisons that are written in a misleading way.

use super::finding::Finding;
use super::realign::Edit;
use crate::manual::fixer;
use crate::python::Module;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};
use tree_sitter::Node;

fixer! {
    /// Writes a comparison with the operator that is meant.
    ///
    /// # What it repairs
    ///
    /// `== None` (E711) becomes `is None`, `== True` (E712) becomes `is True`, `not a in b` (E713) becomes `a not in b`,
    /// `not a is b` (E714) becomes `a is not b`, and `is "text"` (F632) becomes `== "text"`; pylint's C0121, C0117 and
    /// R0123 too.
    ///
    /// # What may change
    ///
    /// `==` may be overloaded, as in queries and arrays, where `is` means something else; so those fixes are unsafe, and
    /// so is the change from `is` to `==`.
    /// `not a in b` and `a not in b` are the same.
    ///
    /// # Before
    ///
    /// ```python
    /// if not a in b:
    ///     f()
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// if a not in b:
    ///     f()
    /// ```
    pub(crate) struct Comparison {
        id: "quality/comparison",
        summary: "write a comparison with the operator that is meant",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for Comparison {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        let rule: fn(&Module, Node<'_>) -> Option<Vec<Edit>> = match finding.code {
            "E711" => |module, node| replaced(module, node, &["none"], IDENTITY),
            "E712" => |module, node| replaced(module, node, &["true", "false"], IDENTITY),
            "C0121" => |module, node| replaced(module, node, &["none", "true", "false"], IDENTITY),
            "F632" | "R0123" => |module, node| replaced(module, node, LITERALS, EQUALITY),
            "E713" => |module, node| negated(module, node, &[("in", "not in")]),
            "E714" => |module, node| negated(module, node, &[("is", "is not")]),
            "C0117" => |module, node| negated(module, node, &[("==", "!="), ("!=", "==")]),
            _ => return Err(Skip::new("it is not about a comparison")),
        };
        let module = Module::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let on_line = |node: &Node<'_>| finding.line.contains(Span::at(node.start_byte()));
        let edits = module.walk(module.root()).filter(on_line).find_map(|node| rule(&module, node));
        let edits = edits.or_skip("the line has no such comparison")?;
        let keeps = matches!(finding.code, "E713" | "E714");
        let level = if keeps { Applicability::Safe } else { Applicability::Unsafe };
        let title = format!("Write the comparison ({}) with the operator that is meant", finding.code);
        let fix = fixes.add(level, title, |changes| _ = changes.replace_all(finding.path, edits))?;
        fix.confidence(Confidence::High);
        Ok(())
    }
}

const IDENTITY: &[(&str, &str)] = &[("==", "is"), ("!=", "is not")];
const EQUALITY: &[(&str, &str)] = &[("is", "=="), ("is not", "!=")];
const LITERALS: &[&str] = &["string", "concatenated_string", "integer", "float", "tuple"];

/// The comparison with other operators beside operands of the given kinds.
fn replaced(module: &Module, node: Node<'_>, kinds: &[&str], table: &[(&str, &str)]) -> Option<Vec<Edit>> {
    if node.kind() != "comparison_operator" {
        return None;
    }
    let mut cursor = node.walk();
    let parts: Vec<Node<'_>> = node.children(&mut cursor).collect();
    let operands: Vec<Node<'_>> = parts.iter().copied().filter(|part| part.is_named() && !is_operator(*part)).collect();
    let mut edits = Vec::new();
    for pair in operands.windows(2) {
        let between = Span::new(pair[0].end_byte(), pair[1].start_byte());
        let operator = module.text().get(between.range())?;
        let wanted = table.iter().find(|(old, _)| operator.split_whitespace().eq(old.split(' ')));
        if let Some((_, new)) = wanted.filter(|_| pair.iter().any(|side| kinds.contains(&side.kind()))) {
            edits.push((between, format!(" {new} ")));
        }
    }
    (!edits.is_empty()).then_some(edits)
}

fn is_operator(node: Node<'_>) -> bool {
    matches!(node.kind(), "is not" | "not in" | "comment")
}

/// `not a in b` with the `not` where it belongs.
fn negated(module: &Module, node: Node<'_>, table: &[(&str, &str)]) -> Option<Vec<Edit>> {
    if node.kind() != "not_operator" {
        return None;
    }
    let mut inner = node.child_by_field_name("argument")?;
    if inner.kind() == "parenthesized_expression" {
        inner = inner.named_child(0).filter(|_| inner.named_child_count() == 1)?;
    }
    let comparison =
        Some(inner).filter(|inner| inner.kind() == "comparison_operator" && inner.named_child_count() == 2)?;
    let (left, right) = (comparison.named_child(0)?, comparison.named_child(1)?);
    let between = Span::new(left.end_byte(), right.start_byte());
    let operator = module.text()[between.range()].trim();
    let (_, new) = table.iter().find(|(old, _)| *old == operator)?;
    let head = Span::new(node.start_byte(), left.start_byte());
    let tail = Span::new(right.end_byte(), node.end_byte());
    Some(vec![(head, String::new()), (between, format!(" {new} ")), (tail, String::new())])
}

#[cfg(test)]
mod tests {
    use super::super::finding::flake8;
    use super::*;
    use repair_core::testing::{check_skipped, check_text};

    #[track_caller]
    fn check(code: &str, before: &str, after: &str, level: Applicability) {
        let fix = check_text(&Comparison, &format!("#- a.py\n$0{before}\n"), flake8(code, None), &format!("{after}\n"));
        assert_eq!(fix.applicability(), level);
    }

    #[test]
    fn operators_become_those_that_are_meant() {
        check("E711", "x = a == None or b", "x = a is None or b", Applicability::Unsafe);
        check("E711", "x = None != a", "x = None is not a", Applicability::Unsafe);
        check("E712", "if f(a) == True: pass", "if f(a) is True: pass", Applicability::Unsafe);
        check("F632", "x = a is not 'b'", "x = a != 'b'", Applicability::Unsafe);
        check("F632", "x = a is ()", "x = a == ()", Applicability::Unsafe);
    }

    #[test]
    fn not_goes_to_its_operator() {
        check("E713", "if not a in b: pass", "if a not in b: pass", Applicability::Safe);
        check("E714", "x = not (a is b)", "x = a is not b", Applicability::Safe);
    }

    #[test]
    fn other_lines_are_left_alone() {
        let skipped = |code, text: &str, reason| check_skipped(&Comparison, text, flake8(code, None), reason);
        skipped("E711", "#- a.py\n$0x = a == b\n", "no such comparison");
        skipped("E713", "#- a.py\n$0x = not a < b < c\n", "no such comparison");
        skipped("E713", "#- a.py\n$0x = not a == b\n", "no such comparison");
        skipped("E501", "#- a.py\n$0x = not a in b\n", "not about a comparison");
    }
}
