//! Makes descriptions of what a workflow's file says.

use super::described::{Condition, Given, Image, JobStep, Port};
use super::evaluate;
use super::expression::value;
use super::matrix::{Values, text};
use std::collections::BTreeMap;
use yaml_serde::Value;

/// What is said below a part of a file, with what is known.
#[derive(Clone, Copy)]
pub(super) struct Describe<'a> {
    /// What expressions are worth.
    pub(super) known: &'a Values,
}

impl Describe<'_> {
    /// A text with what its expressions are worth.
    pub(super) fn given(&self, text: &str) -> Given {
        value(text, self.known).map_or_else(|| Given::Open(text.to_owned()), Given::Known)
    }

    fn at(&self, of: &Value, name: &str) -> Option<Given> {
        text(of.get(name)?).map(|text| self.given(&text))
    }

    /// The names and texts below `name`.
    pub(super) fn map(&self, of: &Value, name: &str) -> BTreeMap<String, Given> {
        let pairs = of.get(name).and_then(Value::as_mapping).into_iter().flatten();
        pairs
            .filter_map(|(name, value)| {
                let value = if value.is_null() { String::new() } else { text(value)? };
                Some((text(name)?, self.given(&value)))
            })
            .collect()
    }

    /// The texts of a list, or a single one.
    pub(super) fn list(&self, of: &Value) -> Vec<String> {
        let single = text(of).into_iter();
        let several = of.as_sequence().into_iter().flatten().filter_map(text);
        let labels = of.get("labels").map(|labels| self.list(labels)).unwrap_or_default();
        single.chain(several).map(|text| self.given(&text).text().to_owned()).chain(labels).collect()
    }

    /// The container of a job or service; `None` if there is none.
    pub(super) fn image(&self, of: &Value) -> Option<Image> {
        let image = text(of).map(|text| self.given(&text)).or_else(|| self.at(of, "image"))?;
        if image.text().is_empty() {
            return None;
        }
        let ports = of.get("ports").map(|ports| self.list(ports)).unwrap_or_default();
        Some(Image {
            image,
            environment: self.map(of, "env"),
            ports: ports.iter().filter_map(|port| self::port(port)).collect(),
            options: of.get("options").and_then(text),
        })
    }

    /// The steps of a job or of an action that is made of steps.
    pub(super) fn steps(&self, of: &Value, folder: Option<&str>, shell: Option<&str>) -> Vec<JobStep> {
        let steps = of.get("steps").and_then(Value::as_sequence).into_iter().flatten();
        steps.map(|step| self.step(step, folder, shell)).collect()
    }

    fn step(&self, step: &Value, folder: Option<&str>, shell: Option<&str>) -> JobStep {
        let own = |name: &str| step.get(name).and_then(text);
        let (uses, run) = (own("uses"), own("run"));
        let first = run.as_deref().and_then(|run| run.trim().lines().next()).map(|line| format!("Run {line}"));
        let name = own("name").or(first).or_else(|| uses.clone()).unwrap_or_default();
        let folder = own("working-directory").or_else(|| folder.map(str::to_owned));
        JobStep {
            name: self.given(&name).text().to_owned(),
            with: self.map(step, "with"),
            run: run.as_deref().map(|run| self.given(run)),
            shell: own("shell").or_else(|| shell.map(str::to_owned)),
            working_directory: folder.filter(|_| run.is_some()).map(|folder| self.given(&folder)),
            environment: self.map(step, "env"),
            condition: self.condition(step.get("if").and_then(text)),
            may_fail: self.at(step, "continue-on-error").is_some_and(|may| may.known() == Some("true")),
            uses,
        }
    }

    fn condition(&self, condition: Option<String>) -> Condition {
        let Some(condition) = condition else { return Condition::Holds };
        match evaluate::holds(&condition, &|name| self.known.get(name).cloned()) {
            Some(true) => Condition::Holds,
            Some(false) => Condition::Fails,
            None => Condition::Unknown(condition),
        }
    }
}

/// A port as `5432`, `5433:5432` or `5432/tcp`.
fn port(text: &str) -> Option<Port> {
    let text = text.split('/').next().unwrap_or(text);
    let number = |text: &str| text.trim().parse().ok();
    match text.rsplit_once(':') {
        Some((host, container)) => {
            let host = host.rsplit(':').next().unwrap_or(host);
            Some(Port { host: number(host), container: number(container)? })
        }
        None => Some(Port { host: None, container: number(text)? }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_in_every_form() {
        let port = |text| super::port(text).map(|port| (port.host, port.container));
        assert_eq!(port("5432"), Some((None, 5432)));
        assert_eq!(port("5433:5432"), Some((Some(5433), 5432)));
        assert_eq!(port("127.0.0.1:5433:5432/tcp"), Some((Some(5433), 5432)));
        assert_eq!(port("web"), None);
    }

    #[test]
    fn an_open_text_stays_as_it_is_written() {
        let known = Values::from([("matrix.a".to_owned(), "1".to_owned())]);
        let describe = Describe { known: &known };
        assert_eq!(describe.given("x${{ matrix.a }}"), Given::Known("x1".into()));
        let open = describe.given("x${{ matrix.a }}${{ secrets.B }}");
        assert_eq!((open.known(), open.text()), (None, "x${{ matrix.a }}${{ secrets.B }}"));
    }
}
