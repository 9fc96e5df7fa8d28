//! What an expression is worth: `matrix.python == '3.9' && success()`.

mod function;
mod token;
mod worth;

use token::{Token, tokens};
pub(super) use worth::Worth;

/// The worth of names such as `matrix.python`; `None` where it is not known.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the expression is worth as text; `None` if that cannot be said.
pub(super) fn text(expression: &str, known: Lookup<'_>) -> Option<String> {
    evaluated(expression, known, false)?.text()
}

/// Whether the condition holds; `None` if that cannot be said.
pub(super) fn holds(condition: &str, known: Lookup<'_>) -> Option<bool> {
    let condition = condition.trim();
    let inner = condition.strip_prefix("${{").and_then(|inner| inner.strip_suffix("}}"));
    let inner = inner.filter(|inner| !inner.contains("${{")).unwrap_or(condition);
    evaluated(inner, known, true).map(|worth| worth.truth())
}

fn evaluated(expression: &str, known: Lookup<'_>, condition: bool) -> Option<Worth> {
    let mut reader = Reader { tokens: tokens(expression)?, at: 0, known, condition, broken: false };
    let worth = reader.either();
    (!reader.broken && reader.at == reader.tokens.len()).then_some(worth)?
}

/// Reads tokens and computes on the way; an unknown worth is `None`.
struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    known: Lookup<'a>,
    /// Whether only the truth of the whole is asked for, which an unknown part may leave decided.
    condition: bool,
    broken: bool,
}

impl Reader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn expects(&mut self, sign: &str) {
        self.broken |= !self.takes(sign);
    }

    fn either(&mut self) -> Option<Worth> {
        let mut left = self.both();
        while self.takes("||") {
            let right = self.both();
            left = match left {
                Some(left) if left.truth() => Some(left),
                Some(_) => right,
                None => right.filter(|right| self.condition && right.truth()),
            };
        }
        left
    }

    fn both(&mut self) -> Option<Worth> {
        let mut left = self.equal();
        while self.takes("&&") {
            let right = self.equal();
            left = match left {
                Some(left) if left.truth() => right,
                Some(left) => Some(left),
                None => right.filter(|right| self.condition && !right.truth()),
            };
        }
        left
    }

    fn equal(&mut self) -> Option<Worth> {
        let mut left = self.unary();
        loop {
            let wanted = match () {
                () if self.takes("==") => true,
                () if self.takes("!=") => false,
                () => return left,
            };
            let right = self.unary();
            left = left.zip(right).map(|(left, right)| Worth::Bool(left.equals(&right) == wanted));
        }
    }

    fn unary(&mut self) -> Option<Worth> {
        match self.takes("!") {
            true => self.unary().map(|worth| Worth::Bool(!worth.truth())),
            false => self.primary(),
        }
    }

    fn primary(&mut self) -> Option<Worth> {
        if self.takes("(") {
            let inner = self.either();
            self.expects(")");
            return inner;
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Literal(worth)) => Some(worth),
            Some(Token::Name(name)) if self.takes("(") => {
                let arguments = self.arguments();
                function::call(&name, &arguments)
            }
            Some(Token::Name(name)) => {
                let path = self.path(name);
                (self.known)(&path?).map(Worth::Text)
            }
            _ => {
                self.broken = true;
                None
            }
        }
    }

    fn arguments(&mut self) -> Vec<Option<Worth>> {
        let mut arguments = Vec::new();
        if self.takes(")") {
            return arguments;
        }
        loop {
            arguments.push(self.either());
            if !self.takes(",") {
                self.expects(")");
                return arguments;
            }
        }
    }

    /// The name with what is indexed behind it: `a.b['c']` is `a.b.c`.
    fn path(&mut self, name: String) -> Option<String> {
        let mut path = Some(name);
        while self.takes("[") {
            let index = self.either().and_then(|index| index.text());
            self.expects("]");
            path = path.zip(index).map(|(path, index)| format!("{path}.{index}"));
            if let Some(Token::Name(more)) = self.tokens.get(self.at).filter(|token| token.is_property()) {
                path = path.map(|path| format!("{path}{more}"));
                self.at += 1;
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<String> {
        let worth = match name {
            "matrix.python" => "3.10",
            "matrix.os" | "runner.os" => "Linux",
            "matrix.flag" => "false",
            "matrix.empty" => "",
            "job.services.db.ports.5432" => "5432",
            _ => return None,
        };
        Some(worth.to_owned())
    }

    fn value(expression: &str) -> Option<String> {
        text(expression, &known)
    }

    fn truth(condition: &str) -> Option<bool> {
        holds(condition, &known)
    }

    #[test]
    fn names_and_literals_are_worth_what_they_say() {
        assert_eq!(value("matrix.python").as_deref(), Some("3.10"));
        assert_eq!(value("matrix['python']").as_deref(), Some("3.10"));
        assert_eq!(value("job.services.db.ports[5432]").as_deref(), Some("5432"));
        assert_eq!(value("job.services['db'].ports['5432']").as_deref(), Some("5432"));
        assert_eq!(value("'it''s'").as_deref(), Some("it's"));
        assert_eq!(value("3.5").as_deref(), Some("3.5"));
        assert_eq!(value("true").as_deref(), Some("true"));
        assert_eq!(value("secrets.TOKEN"), None);
    }

    #[test]
    fn operators_choose_as_github_does() {
        assert_eq!(value("matrix.python == '3.10' && 'new' || 'old'").as_deref(), Some("new"));
        assert_eq!(value("matrix.empty || 'default'").as_deref(), Some("default"));
        assert_eq!(value("!matrix.empty").as_deref(), Some("true"));
        assert_eq!(truth("matrix.os == 'linux'"), Some(true), "case does not matter");
        assert_eq!(truth("matrix.flag"), Some(false));
        assert_eq!(truth("(matrix.flag || matrix.os != 'Windows') && success()"), Some(true));
    }

    #[test]
    fn conditions_with_unknown_parts_are_decided_only_where_these_do_not_matter() {
        assert_eq!(truth("github.event_name == 'push'"), None);
        assert_eq!(truth("github.event_name == 'push' && matrix.flag"), Some(false));
        assert_eq!(truth("github.event_name == 'push' || always()"), Some(true));
        assert_eq!(value("github.ref || 'x'"), None, "a text is never guessed");
    }

    #[test]
    fn functions_that_need_nothing_are_called() {
        assert_eq!(truth("${{ startsWith(runner.os, 'lin') }}"), Some(true));
        assert_eq!(truth("contains(fromJSON('[\"3.9\", \"3.10\"]'), matrix.python)"), Some(true));
        assert_eq!(truth("contains('abc', 'B') && endsWith('abc', 'c')"), Some(true));
        assert_eq!(value("format('py{0}-{1}', matrix.python, 'x')").as_deref(), Some("py3.10-x"));
        assert_eq!((truth("failure()"), truth("cancelled()")), (Some(false), Some(false)));
        assert_eq!(value("hashFiles('**/uv.lock')"), None);
    }

    #[test]
    fn what_is_no_expression_is_worth_nothing() {
        for broken in ["", "a b", "(matrix.os", "== 1", "'open", "f(1", "matrix.os)", "a[1"] {
            assert_eq!((value(broken), truth(broken)), (None, None), "{broken}");
        }
    }
}
