//! Requests in GraphQL, held against GitHub's public schema.

use super::super::call::Call;
use super::super::parts;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{LazyLock, Mutex};

/// What holds requests against the schema. It ends with us: its input is closed then.
static CHECKER: LazyLock<Mutex<Checker>> = LazyLock::new(|| Mutex::new(Checker::start()));

struct Checker {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Checker {
    fn start() -> Self {
        let mut command = parts::node();
        command.arg(parts::script("graphql.mjs").expect("the scripts"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Node.js starts");
        let (input, output) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        Self { _child: child, input, output: BufReader::new(output) }
    }

    fn faults(&mut self, asked: &Value) -> Vec<String> {
        writeln!(self.input, "{asked}").expect("the schema is held against requests");
        let mut told = String::new();
        self.output.read_line(&mut told).expect("the schema is held against requests");
        serde_json::from_str(&told).expect("a list of faults")
    }
}

/// What is wrong with a request.
pub(super) fn faults(call: &Call) -> Vec<String> {
    if call.method != "POST" {
        return vec!["GraphQL is asked by POST".to_owned()];
    }
    let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    if asked["query"].as_str().is_none_or(str::is_empty) {
        return vec!["no GraphQL query".to_owned()];
    }
    if !(asked["variables"].is_object() || asked["variables"].is_null()) {
        return vec!["the variables are no object".to_owned()];
    }
    CHECKER.lock().expect("not poisoned").faults(&asked)
}
