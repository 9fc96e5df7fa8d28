//! GitHub workflow commands, which become annotations.

use super::findings::Finding;

/// The finding as a workflow command on a line.
///
/// Escapes as the runner unescapes: `%`, line ends, and in properties `:` and `,` too, so that no text from a log can
/// end the command and begin another.
pub(crate) fn annotation(finding: &Finding) -> String {
    let mut properties = vec![format!("title={}", property(&finding.rule))];
    if let Some(path) = &finding.path {
        properties.push(format!("file={}", property(path)));
    }
    properties.extend(finding.line.map(|line| format!("line={line}")));
    properties.extend(finding.column.map(|column| format!("col={column}")));
    format!("::{} {}::{}\n", finding.level, properties.join(","), data(&finding.text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_stays_one_annotation() {
        let finding = Finding {
            level: "error",
            rule: "a,b::c".into(),
            path: Some("x:y.py".into()),
            line: Some(3),
            column: None,
            text: "one\n::set-env name=X::y 100%".into(),
        };
        let expected = "::error title=a%2Cb%3A%3Ac,file=x%3Ay.py,line=3::one%0A::set-env name=X::y 100%25\n";
        assert_eq!(annotation(&finding), expected);
    }
}
