//! GitHub's own descriptions of its interfaces, and whether what was sent is valid by them.

mod graphql;
mod operation;
mod schema;

use super::call::Call;
use super::parts;
use operation::Operation;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::sync::OnceLock;

/// The description, read once.
pub(crate) struct Contract {
    document: Value,
    /// The templates of paths, by the number of their parts.
    templates: BTreeMap<usize, Vec<Vec<String>>>,
}

/// The description; the first call reads it.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| {
        let path = parts::file("@octokit/openapi/generated/api.github.com.json");
        let file = BufReader::new(File::open(path).expect("the description is installed"));
        Contract::new(serde_json::from_reader(file).expect("the description is JSON"))
    })
}

impl Contract {
    fn new(document: Value) -> Self {
        let mut templates: BTreeMap<usize, Vec<Vec<String>>> = BTreeMap::new();
        for path in document["paths"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            let parts: Vec<String> = path.trim_matches('/').split('/').map(str::to_owned).collect();
            templates.entry(parts.len()).or_default().push(parts);
        }
        Self { document, templates }
    }

    /// Says what is wrong with each of the requests that is not valid.
    pub(crate) fn check(&self, requests: &[Call]) -> Result<(), String> {
        let wrong = requests.iter().filter_map(|call| {
            let faults = self.faults(call);
            (!faults.is_empty()).then(|| format!("{} {}: {}", call.method, call.target(), faults.join("; ")))
        });
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// Says what is wrong with an answer to a request.
    pub(crate) fn check_answer(&self, call: &Call, status: u16, body: &Value) -> Result<(), String> {
        let operation =
            self.operation(call).ok_or_else(|| format!("no such operation: {} {}", call.method, call.path))?;
        let faults = operation.faults_of_answer(status, body);
        if faults.is_empty() { Ok(()) } else { Err(format!("{} {}: {}", call.method, call.path, faults.join("; "))) }
    }

    fn faults(&self, call: &Call) -> Vec<String> {
        let mut faults = Vec::new();
        if call.header("user-agent").is_none_or(str::is_empty) {
            faults.push("no User-Agent, without which GitHub answers 403".to_owned());
        }
        if call.path == "/graphql" {
            faults.extend(graphql::faults(call));
            return faults;
        }
        match self.operation(call) {
            Some(operation) => faults.extend(operation.faults(call)),
            None => faults.push("there is no such operation".to_owned()),
        }
        faults
    }

    /// The operation that a call asks for; of several the one with the fewest open parts.
    fn operation(&self, call: &Call) -> Option<Operation<'_>> {
        let parts = call.segments();
        let method = call.method.to_lowercase();
        let exact = self.templates.get(&parts.len()).into_iter().flatten().filter(|known| fits(known, &parts));
        let longer =
            self.templates.range(..parts.len()).flat_map(|(_, known)| known).filter(|known| spans(known, &parts));
        let mut fitting: Vec<&Vec<String>> = exact.chain(longer).collect();
        fitting
            .sort_by_key(|known| (std::cmp::Reverse(known.len()), known.iter().filter(|part| is_open(part)).count()));
        fitting.into_iter().find_map(|known| Operation::find(&self.document, known, &method, &parts))
    }
}

fn is_open(part: &str) -> bool {
    part.starts_with('{')
}

fn fits(template: &[String], parts: &[String]) -> bool {
    template.iter().zip(parts).all(|(known, part)| (is_open(known) && !part.is_empty()) || known == part)
}

/// Whether the template's last part, if it is open, may stand for all that follows: branches have slashes.
fn spans(template: &[String], parts: &[String]) -> bool {
    template.last().is_some_and(|last| is_open(last)) && fits(template, parts)
}
