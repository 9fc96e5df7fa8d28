//! Shell scripts as the simple commands in them, and whether the script would notice that one fails.

/// A simple command of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::guards) struct Command {
    /// Its words, quotes taken off, without redirections.
    pub(in crate::guards) words: Vec<String>,
    /// Why its failure goes unnoticed, if it does.
    pub(in crate::guards) hidden: Option<&'static str>,
    /// Its line in the script, from 0.
    pub(in crate::guards) line: u32,
}

/// How a script is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::guards) struct Shell {
    /// A pipeline fails when any of its commands does.
    pub(in crate::guards) pipefail: bool,
    /// The script goes on after a command that fails, as scripts do without `set -e`.
    pub(in crate::guards) lenient: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Operator(&'static str),
}

/// The operators, longer ones first.
const OPERATORS: [&str; 10] = ["||", "&&", ";;", "|&", "|", ";", "&", "(", ")", "\n"];

/// The words of a command line; operators are words of their own.
pub(in crate::guards) fn words(line: &str) -> Vec<String> {
    let word = |token| match token {
        Token::Word(word) => word,
        Token::Operator(operator) => operator.to_owned(),
    };
    tokens(line).into_iter().map(|(token, _)| word(token)).filter(|word| word != "\n").collect()
}

fn tokens(text: &str) -> Vec<(Token, u32)> {
    let mut found = Vec::new();
    let (mut word, mut in_word) = (String::new(), false);
    let mut line = 0u32;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
        let redirects = word.ends_with('>') || (c == '&' && rest[1..].starts_with('>'));
        let ends = c.is_whitespace() || operator.is_some() && !redirects;
        if ends && in_word {
            found.push((Token::Word(std::mem::take(&mut word)), line));
            in_word = false;
        }
        let mut used = c.len_utf8();
        match c {
            '\\' if rest[1..].starts_with('\n') => {
                used = 2;
                line += 1;
            }
            '\\' => {
                let next = rest[1..].chars().next().unwrap_or('\\');
                word.push(next);
                in_word = true;
                used = (1 + next.len_utf8()).min(rest.len());
            }
            '#' if !in_word => {
                used = rest.find('\n').unwrap_or(rest.len());
            }
            '\'' | '"' => {
                let body = &rest[1..];
                let end = body.find(c).unwrap_or(body.len());
                word.push_str(&body[..end]);
                in_word = true;
                line += u32::try_from(body[..end].matches('\n').count()).unwrap_or_default();
                used = (end + 2).min(rest.len());
            }
            '$' if rest.starts_with("${{") => {
                used = rest.find("}}").map_or(rest.len(), |end| end + 2);
                word.push_str(&rest[..used]);
                in_word = true;
            }
            _ if ends => {
                if let Some(operator) = operator {
                    found.push((Token::Operator(operator), line));
                    used = operator.len();
                }
                line += u32::from(c == '\n');
            }
            _ => {
                word.push(c);
                in_word = true;
            }
        }
        rest = &rest[used..];
    }
    if in_word {
        found.push((Token::Word(word), line));
    }
    found
}

/// The simple commands of `script`.
pub(in crate::guards) fn commands(script: &str, shell: Shell) -> Vec<Command> {
    let mut reader = Reader { pipefail: shell.pipefail, lenient: shell.lenient, ..Reader::default() };
    let mut words: Vec<String> = Vec::new();
    let mut last = 0;
    for (token, line) in tokens(script) {
        match token {
            Token::Word(word) => {
                words.push(word);
                last = line;
            }
            Token::Operator(operator) => {
                reader.command(std::mem::take(&mut words), last);
                reader.operator(operator);
            }
        }
    }
    reader.command(words, last);
    reader.operator("\n");
    reader.out
}

#[derive(Default)]
struct Reader {
    out: Vec<Command>,
    pipefail: bool,
    tolerant: bool,
    lenient: bool,
    /// Commands whose failure is lost as soon as another command runs.
    unguarded: Vec<usize>,
    /// Where the commands of this and-or list, of this line and of this pipeline begin.
    list: usize,
    line: usize,
    pipeline: usize,
    /// Whether the last operator was `||`, `|`, or `;` on the same line.
    after: &'static str,
    groups: Vec<usize>,
}

impl Reader {
    fn command(&mut self, words: Vec<String>, line: u32) {
        let words = without_redirections(words);
        let keyword = words.first().map(String::as_str).unwrap_or_default();
        let tested = matches!(keyword, "if" | "elif" | "while" | "until" | "!");
        let skip = usize::from(tested || matches!(keyword, "then" | "do" | "else" | "{"));
        if keyword == "{" {
            self.groups.push(self.out.len());
        }
        let words = words[skip..].to_vec();
        let Some(first) = words.first() else { return };
        self.go_on(&words);
        self.settings(&words);
        let harmless = is_harmless(&words);
        if self.after == "||" && harmless {
            self.hide(self.list, "`||` follows");
        } else if self.after == ";" && harmless {
            self.hide(self.line, "a command that succeeds follows on the line");
        }
        let succeeds = words.len() > 1 && words[0] == "exit" && words[1] == "0";
        if succeeds && (self.tolerant || self.after == ";") {
            self.hide(0, "the script ends with `exit 0`");
        }
        if first == "}" {
            self.list = self.groups.pop().unwrap_or(self.list).min(self.list);
            return;
        }
        let hidden = match () {
            () if tested => Some("it is only a condition"),
            () if self.tolerant => Some("`set +e` is in force"),
            () => None,
        };
        self.out.push(Command { words, hidden, line });
    }

    fn operator(&mut self, operator: &'static str) {
        let end = self.out.len();
        match operator {
            "|" | "|&" if !self.pipefail => {
                for command in &mut self.out[self.pipeline.min(end)..] {
                    command.hidden = command.hidden.or(Some("a pipe without `pipefail` hides it"));
                }
            }
            "&" => self.hide(self.pipeline, "it runs in the background"),
            "(" => self.groups.push(end),
            ")" => self.list = self.groups.pop().unwrap_or(self.list).min(self.list),
            _ => {}
        }
        if !matches!(operator, "|" | "|&" | "(" | ")") {
            self.pipeline = end;
        }
        if matches!(operator, ";" | "\n" | "&" | ";;") && self.groups.is_empty() {
            let leaves = self.out[self.list.min(end)..].last().is_some_and(|it| leaves(&it.words));
            if self.lenient && !leaves {
                self.unguarded.extend(self.list.min(end)..end);
            }
            self.list = end;
        }
        if operator == "\n" && self.groups.is_empty() {
            self.line = end;
        }
        self.after = if operator == ")" { self.after } else { operator };
    }

    fn hide(&mut self, from: usize, reason: &'static str) {
        let from = from.min(self.out.len());
        for command in &mut self.out[from..] {
            command.hidden = command.hidden.or(Some(reason));
        }
    }

    /// Another command follows: what failed before is forgotten.
    fn go_on(&mut self, words: &[String]) {
        let closes = matches!(words[0].as_str(), "fi" | "done" | "esac" | "}");
        if closes || leaves(words) {
            return;
        }
        for index in std::mem::take(&mut self.unguarded) {
            if let Some(command) = self.out.get_mut(index) {
                command.hidden = command.hidden.or(Some("the script goes on without `set -e`"));
            }
        }
    }

    fn settings(&mut self, words: &[String]) {
        let text = words.join(" ");
        if words[0] == "set" {
            self.pipefail |= text.contains("pipefail") && !text.contains("+o pipefail");
            self.lenient &= !text.contains("-o errexit");
            for word in &words[1..] {
                self.lenient &= !(word.starts_with('-') && word.contains('e'));
                self.tolerant |= word.starts_with('+') && word.contains('e');
                self.tolerant &= !(word.starts_with('-') && word.contains('e'));
            }
        }
        if words[0] == "trap" && text.contains("exit 0") {
            self.hide(0, "a trap exits with 0");
            self.tolerant = true;
        }
    }
}

/// Whether the command ends the script with a failure, or with that of the command before.
fn leaves(words: &[String]) -> bool {
    matches!(words[0].as_str(), "exit" | "return" | "false") && words.get(1).is_none_or(|code| code != "0")
}

/// Whether the command succeeds whatever happened before.
fn is_harmless(words: &[String]) -> bool {
    match words[0].as_str() {
        "true" | ":" | "continue" | "break" | "echo" | "printf" | "cat" | "warn" | "/bin/true" => true,
        "exit" | "return" => words.get(1).is_none_or(|code| code == "0"),
        "test" | "[" => true,
        _ => false,
    }
}

fn without_redirections(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut skip = false;
    for word in words {
        let bare = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
        if std::mem::take(&mut skip) {
            continue;
        }
        match bare.trim_start_matches(['>', '<']) {
            rest if rest.len() < bare.len() => skip = rest.is_empty(),
            _ => kept.push(word),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(script: &str) -> Vec<(String, bool)> {
        let commands = commands(script, Shell::default());
        commands.into_iter().map(|command| (command.words.join(" "), command.hidden.is_some())).collect()
    }

    fn hidden(script: &str) -> bool {
        seen(script).iter().any(|(words, hidden)| words.starts_with("lint") && *hidden)
    }

    #[test]
    fn commands_are_told_apart() {
        let script = "set -e\nA=1 lint 'a b' \\\n  c 2>&1 > log # why\nfor x in 1; do\n  test x\ndone";
        let words: Vec<String> = seen(script).into_iter().map(|(words, _)| words).collect();
        assert_eq!(words, ["set -e", "A=1 lint a b c", "for x in 1", "test x", "done"]);
        assert_eq!(super::words("-k 'a b' --x=\"y z\""), ["-k", "a b", "--x=y z"]);
    }

    #[test]
    fn a_failure_that_nobody_sees_is_told() {
        let cases = [
            "lint || true",
            "lint || echo no",
            "for x in a; do lint || continue; done",
            "lint; true",
            "set +e\nlint",
            "lint | tee log",
            "lint &",
            "if lint; then x; fi",
            "(lint) || :",
            "{ lint; } || true",
            "lint x && b || true",
            "! lint",
            "lint 2>&1; exit 0",
            "trap 'exit 0' EXIT\nlint",
            "set +e\nlint\nexit 0",
        ];
        for script in cases {
            assert!(hidden(script), "{script}");
        }
    }

    #[test]
    fn a_script_without_errexit_knows_its_last_command_only() {
        let lenient = Shell { lenient: true, ..Shell::default() };
        let hidden =
            |script: &str| commands(script, lenient).iter().any(|it| it.words[0] == "lint" && it.hidden.is_some());
        for script in ["lint\nx", "set -u\nlint\necho done", "if a; then\n  lint\nfi\nx"] {
            assert!(hidden(script), "{script}");
        }
        for script in ["x\nlint", "set -e\nlint\nx", "set -euo pipefail\nlint\nx", "lint || exit 1\nx", "lint\nexit $?"]
        {
            assert!(!hidden(script), "{script}");
        }
    }

    #[test]
    fn a_failure_that_ends_the_script_is_not_hidden() {
        let cases = [
            "lint",
            "set -e\nlint\necho done",
            "lint && x",
            "set -o pipefail\nlint | tee log",
            "x || true\nlint",
            "lint || exit 1",
            "set +e\nx\nset -e\nlint",
            "lint 2>&1",
            "lint &> log",
            "x && lint || exit 2",
        ];
        for script in cases {
            assert!(!hidden(script), "{script}");
        }
    }
}
