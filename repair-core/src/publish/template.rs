//! Templates of what people read. Foreign text in them cannot become markup.

use crate::markdown::{block, cell, code};
use minijinja::value::{Rest, ValueKind};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};

/// How many steps a template may take.
const FUEL: u64 = 200_000;

/// The templates of pull requests and reports, in minijinja's language, which is Jinja's.
///
/// Every text that is put in with `{{ … }}` becomes code within a line, so that nothing of it is markup, a link or a
/// mention. The filter `cell` makes it fit a table, and `block` makes it a block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    /// Of a pull request.
    pub pull_request: String,
    /// Of an issue, or of a comment on a pull request.
    pub report: String,
}

impl Default for Templates {
    fn default() -> Self {
        Self {
            pull_request: include_str!("templates/pull_request.md").to_owned(),
            report: include_str!("templates/report.md").to_owned(),
        }
    }
}

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the template of {what} cannot be used: {source}")]
pub struct TemplateError {
    what: &'static str,
    source: Error,
}

/// A word of our own, which stays as it is.
pub(super) fn word(text: impl Into<String>) -> Value {
    Value::from_safe_string(text.into())
}

/// What `template` says of `values`.
pub(super) fn render(what: &'static str, template: &str, values: &Value) -> Result<String, TemplateError> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(format);
    environment.add_filter("cell", |text: &str| word(cell(text)));
    environment.add_filter("block", |text: &str, language: Rest<String>| {
        let language = language.first().map_or("text", String::as_str);
        word(block(language, text.lines()))
    });
    environment.render_str(template, values).map_err(|source| TemplateError { what, source })
}

/// Writes a value: text as code, unless it is ours.
fn format(out: &mut Output<'_>, _state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = match value.kind() {
        ValueKind::Undefined | ValueKind::None => String::new(),
        _ if value.is_safe() || value.is_number() => value.to_string(),
        _ => code(&value.to_string()),
    };
    out.write_str(&text).map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    #[test]
    fn foreign_text_is_code_wherever_it_stands() {
        let values =
            context! { text => "@you `x` <img> | #1", own => word("**bold**"), number => 7, none => Value::from(()) };
        let rendered = render("x", "{{ text }} {{ own }} {{ number }}{{ none }}", &values).unwrap();
        assert_eq!(rendered, "``@you `x` <img> | #1`` **bold** 7");
        assert_eq!(render("x", "{{ text | cell }}", &values).unwrap(), "``@you `x` <img> \\| #1``");
        assert_eq!(render("x", "{{ text | block('sh') }}", &values).unwrap(), "```sh\n@you `x` <img> | #1\n```\n");
        assert_eq!(render("x", "{{ text ~ own }}", &values).unwrap(), "``@you `x` <img> | #1**bold**``");
    }

    #[test]
    fn a_template_that_is_broken_or_endless_is_refused() {
        for bad in [
            "{% if %}",
            "{{ missing.x }}",
            "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        ] {
            let error = render("a pull request", bad, &context! {}).unwrap_err().to_string();
            assert!(error.starts_with("the template of a pull request cannot be used"), "{error}");
        }
    }
}
