//! GitHub workflow commands, which become annotations.

use super::findings::{Finding, Findings, Level, flat};
use super::{clean, counted};
use repair_core::State;

/// How many annotations of a kind GitHub shows of one step; the rest is dropped without a word.
const SHOWN: usize = 10;

/// The findings as workflow commands, one a line, the most telling first, and how many are left out.
pub(super) fn annotations(findings: &Findings<'_>) -> String {
    let mut found = flat(findings);
    found.retain(|finding| finding.state != Some(State::Gone));
    found.sort_by_key(|finding| {
        let known = finding.state.is_some_and(|state| !state.is_news());
        (known, finding.level, finding.path.is_none(), finding.phase)
    });
    // One notice is kept for the sentence about the others.
    let room = |level| if level == Level::Note { SHOWN - 1 } else { SHOWN };
    let mut text = String::new();
    let mut left_out = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let of_level: Vec<&Finding> = found.iter().filter(|finding| finding.level == level).collect();
        text.extend(of_level.iter().take(room(level)).map(|finding| annotation(finding)));
        let more = of_level.len().saturating_sub(room(level));
        left_out.extend((more > 0).then(|| counted(more, command(level))));
    }
    if !left_out.is_empty() {
        let more = left_out.join(" and ");
        text += &format!("::notice title=ci-repair::{more} more, which GitHub does not show as annotations\n");
    }
    text
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

/// The finding as a workflow command on a line.
///
/// Escapes as the runner unescapes: `%`, line ends, and in properties `:` and `,` too, so that no text from a log can
/// end the command and begin another.
fn annotation(finding: &Finding) -> String {
    let mut properties = vec![format!("title={}", property(&finding.rule))];
    if let Some(path) = &finding.path {
        properties.push(format!("file={}", property(path)));
    }
    properties.extend(finding.line.map(|line| format!("line={line}")));
    properties.extend(finding.column.map(|column| format!("col={column}")));
    format!("::{} {}::{}\n", command(finding.level), properties.join(","), data(&finding.text))
}

fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| clean(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::{detection, failure};
    use repair_core::Category;

    fn annotated(failures: Vec<repair_core::Failure>) -> String {
        annotations(&Findings::Failures(&detection(failures)))
    }

    #[test]
    fn a_hostile_text_stays_one_annotation() {
        let mut hostile = failure(Category::Test, Some("xx:y,z.py"), Some(3));
        hostile.code = Some("a,b::c".into());
        hostile.message = Some("one\n::set-env name=X::y 100%\r\n::add-mask::z\r##[stop-commands]t".into());
        let text = annotated(vec![hostile]);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.starts_with("::error title=tool/a%2Cb%3A%3Ac,file=xx%3Ay%2Cz.py,line=3::one%0A"), "{text}");
        assert!(text.contains("100%25") && !text.contains('\r') && !text.contains("##["), "{text}");
    }

    #[test]
    fn the_most_telling_come_first_and_the_rest_is_counted() {
        let mut failures: Vec<_> = (1..=12).map(|line| failure(Category::Test, Some("t.py"), Some(line))).collect();
        failures.insert(0, failure(Category::Infrastructure, None, None));
        failures.push(failure(Category::Test, None, None));
        failures.push(failure(Category::Syntax, Some("s.py"), Some(1)));
        let text = annotated(failures);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("file=s.py"), "{text}");
        assert_eq!(lines.iter().filter(|line| line.starts_with("::error ")).count(), 10, "{text}");
        assert!(lines[10].starts_with("::notice title=tool/infrastructure::"), "{text}");
        assert!(lines[11].starts_with("::notice title=ci-repair::4 errors more"), "{text}");
    }
}
