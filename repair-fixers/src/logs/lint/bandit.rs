//! Security scanners: bandit, pip-audit, safety.

use super::Reader;
use super::found::{Found, Refine, failure, finding, located};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        ">> Issue: [",
        "[bandit]: ",
        "syntax error while parsing AST",
        "known vulnerabilit",
        "-> Vulnerability found in ",
        "No issues identified.",
    ],
    read,
};

fn read(section: &Section<'_>, found: &mut Found) {
    if section.ran.allows("bandit") {
        bandit(section, found);
    }
    if section.ran.allows("pip-audit") {
        pip_audit(section, found);
    }
    if section.ran.allows("safety") {
        safety(section, found);
    }
}

fn bandit(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        if let Some(issue) = line.trim_start().strip_prefix(">> Issue: [") {
            let place = (index + 1..index + 6).find(|next| section.line(*next).trim_start().starts_with("Location: "));
            if let Some(last) = place
                && let Some(failure) = issue_at(issue, section.line(last))
            {
                found.add(section, index, last, failure);
            }
        } else if let Some(failure) = bandit_line(line).or_else(|| unparsed(line)) {
            found.at(section, index, failure);
        }
        found.passed |= line.trim() == "No issues identified.";
    }
}

/// `B603:subprocess_without_shell_equals_true] message` with `Location: ./a.py:21:0`.
fn issue_at(issue: &str, location: &str) -> Option<Failure> {
    let (rule, message) = issue.split_once("] ")?;
    let code = rule.split(':').next().unwrap_or(rule);
    let (mut place, _) = located(location.trim_start().strip_prefix("Location: ")?)?;
    place.column = place.column.map(|column| column.saturating_add(1));
    Some(finding(Category::Security, "bandit", &place, Some(code), message))
}

/// `a.py:17: B307[bandit]: MEDIUM: message`
fn bandit_line(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let (code, rest) = rest.strip_prefix(": ")?.split_once("[bandit]: ")?;
    let message = rest.split_once(": ").map_or(rest, |(_, message)| message);
    Some(finding(Category::Security, "bandit", &place, Some(code), message))
}

/// `\tshop/broken.py (syntax error while parsing AST from file)`
fn unparsed(line: &str) -> Option<Failure> {
    let (path, reason) = line.trim().strip_suffix(')')?.split_once(" (")?;
    let syntax = reason.starts_with("syntax error while parsing AST");
    syntax.then(|| failure(Category::Syntax, "bandit", reason).with_path(repo_path(path)))
}

/// A table below `Found 1 known vulnerability in 1 package`: name, version, id, fixed versions.
fn pip_audit(section: &Section<'_>, found: &mut Found) {
    let summary = |line: &str| line.starts_with("Found ") && line.contains(" known vulnerabilit");
    if !section.any(summary) {
        return;
    }
    let rows = section.lines().skip_while(|(_, line)| !line.starts_with("Name ")).skip(1);
    let rows = rows.skip_while(|(_, line)| line.starts_with("---"));
    for (index, line) in rows.take_while(|(_, line)| !line.trim().is_empty()) {
        let mut fields = line.split_whitespace();
        if let (Some(name), Some(_), Some(id)) = (fields.next(), fields.next(), fields.next())
            && id.contains('-')
        {
            let failure =
                failure(Category::Security, "pip-audit", &line.split_whitespace().collect::<Vec<_>>().join(" "));
            found.at(section, index, failure.with_code(Some(id.to_owned())).with_subject(Some(name.to_owned())));
        } else if name_only_header(line) {
            break;
        }
    }
}

/// The head of the second table, of packages that were skipped.
fn name_only_header(line: &str) -> bool {
    line.starts_with("Name ")
}

/// `-> Vulnerability found in jinja2 version 2.4`, then `Vulnerability ID: 51457`.
fn safety(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let Some(rest) = line.trim_start().strip_prefix("-> Vulnerability found in ") else { continue };
        let id =
            (index + 1..index + 4).find_map(|next| section.line(next).trim_start().strip_prefix("Vulnerability ID: "));
        let failure = failure(Category::Security, "safety", &line.trim_start()[3..]);
        let subject = rest.split_whitespace().next().map(str::to_owned);
        found.at(section, index, failure.with_code(id.map(|id| id.trim().to_owned())).with_subject(subject));
    }
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn bandit_is_read() {
        let log = "Test results:\n>> Issue: [B307:blacklist] Use of possibly insecure function.\n   Severity: Medium   Confidence: High\n   CWE: CWE-78 (https://example.org)\n   More Info: https://example.org\n   Location: shop/cart.py:17:26\n16\n\nFiles skipped (1):\n\tshop/broken.py (syntax error while parsing AST from file)";
        let expected = [
            "security bandit B307 shop/cart.py:17:27 Use of possibly insecure function.",
            "syntax bandit shop/broken.py syntax error while parsing AST from file",
        ];
        check(Some("bandit -r shop"), log, &expected);
        check(None, log, &expected);
        passes(Some("pytest"), log);
        check(
            Some("bandit -r shop -f custom"),
            "shop/cart.py:17: B307[bandit]: MEDIUM: Use of eval.",
            &["security bandit B307 shop/cart.py:17 Use of eval."],
        );
    }

    #[test]
    fn audits_are_read() {
        let log = "Found 2 known vulnerabilities in 1 package\nName   Version ID                  Fix Versions\n------ ------- ------------------- ------------\njinja2 2.4     PYSEC-2019-217      2.10.1\njinja2 2.4     GHSA-462w-v97r-4m45 2.10.1\nName Skip Reason\n---- -----------\nx    not found";
        check(
            Some("pip-audit"),
            log,
            &[
                "security pip-audit PYSEC-2019-217 jinja2 2.4 PYSEC-2019-217 2.10.1 <jinja2>",
                "security pip-audit GHSA-462w-v97r-4m45 jinja2 2.4 GHSA-462w-v97r-4m45 2.10.1 <jinja2>",
            ],
        );
        check(
            None,
            "Found 1 known vulnerability in 1 package\nName Version ID      Fix Versions\npip  26.1.2  PYSEC-1 26.2",
            &["security pip-audit PYSEC-1 pip 26.1.2 PYSEC-1 26.2 <pip>"],
        );
        passes(Some("pip-audit"), "No known vulnerabilities found");
        let safety = "-> Vulnerability found in jinja2 version 2.4\n   Vulnerability ID: 51457\n   Affected spec: <3";
        check(
            Some("safety check"),
            safety,
            &["security safety 51457 Vulnerability found in jinja2 version 2.4 <jinja2>"],
        );
    }
}
