//! A bundle without secrets.

use super::{Bundle, FixNote};
use crate::redact::Redactor;
use crate::{Failure, Fingerprint, ValidationResult};
use std::collections::BTreeMap;

/// What replaces the secrets of one bundle.
struct Hiding<'a> {
    redactor: &'a Redactor,
    /// The fingerprints of failures that had a secret, with what they are without it.
    renamed: BTreeMap<Fingerprint, Fingerprint>,
}

impl Failure {
    /// The failure without secrets. The same one has the same fingerprint wherever it is told: placeholders are numbered
    /// within it alone.
    pub fn redacted(&self, redactor: &Redactor) -> Self {
        let alone = redactor.clone().with_known([]);
        let hidden = |text: &Option<String>| text.as_deref().map(|text| alone.redact(text).into_owned());
        Self {
            code: hidden(&self.code),
            test_id: hidden(&self.test_id),
            message: hidden(&self.message),
            subject: hidden(&self.subject),
            ..self.clone()
        }
    }
}

impl Bundle {
    /// The bundle without secrets in anything that tells of the run. The patch is not touched: whoever publishes it
    /// refuses one that adds a secret.
    #[must_use]
    pub fn redacted(mut self, redactor: &Redactor) -> Self {
        let mut hiding = Hiding { redactor, renamed: BTreeMap::new() };
        for failures in [&mut self.failures, &mut self.remaining, &mut self.not_reproduced] {
            hiding.failures(failures);
        }
        self.before.iter_mut().chain(&mut self.after).for_each(|result| hiding.result(result));
        self.fixes.iter_mut().chain(&mut self.withheld).for_each(|fix| hiding.fix(fix));
        for refused in &mut self.refused {
            hiding.fix(&mut refused.fix);
            hiding.text(&mut refused.why);
        }
        for excerpt in &mut self.excerpts {
            hiding.text(&mut excerpt.job);
            hiding.text(&mut excerpt.text);
        }
        self.source.jobs.iter_mut().chain(&mut self.notes).for_each(|text| hiding.text(text));
        self
    }
}

impl Hiding<'_> {
    fn text(&self, text: &mut String) {
        *text = self.redactor.redact(text).into_owned();
    }

    fn failures(&mut self, failures: &mut [Failure]) {
        for failure in failures {
            let hidden = failure.redacted(self.redactor);
            self.renamed.insert(failure.fingerprint(), hidden.fingerprint());
            *failure = hidden;
        }
    }

    fn result(&mut self, result: &mut ValidationResult) {
        for run in &mut result.runs {
            self.failures(&mut run.failures);
            for text in [&mut run.name, &mut run.command, &mut run.tail] {
                self.text(text);
            }
        }
        self.text(&mut result.environment);
    }

    fn fix(&self, fix: &mut FixNote) {
        self.text(&mut fix.title);
        fix.reason.iter_mut().for_each(|reason| self.text(reason));
        for fingerprint in &mut fix.fingerprints {
            *fingerprint = *self.renamed.get(fingerprint).unwrap_or(fingerprint);
        }
        fix.fingerprints.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bundle, fix};
    use super::super::{Excerpt, RefusedFix};
    use super::*;
    use crate::{Check, CheckRun, Exit, Parsed};
    use std::time::Duration;

    const SECRET: &str = "correct horse battery";

    /// A bundle that says the secret wherever it says anything.
    fn leaking() -> Bundle {
        let mut bundle = bundle();
        let secret = || format!("it was {SECRET}, you know");
        bundle.failures[0].message = Some(secret());
        bundle.remaining = bundle.failures.clone();
        bundle.not_reproduced = bundle.failures.clone();
        let mut fix = fix();
        (fix.title, fix.reason) = (secret(), Some(secret()));
        fix.fingerprints = vec![bundle.failures[0].fingerprint()];
        bundle.refused.push(RefusedFix { fix: fix.clone(), why: secret() });
        bundle.withheld.push(fix.clone());
        bundle.fixes.push(fix);
        bundle.excerpts.push(Excerpt { job: secret(), text: secret() });
        bundle.notes.push(secret());
        bundle.source.jobs.push(secret());
        let parsed = Parsed { failures: bundle.failures.clone(), ..Parsed::default() };
        let check = Check { name: secret(), ..Check::default() };
        let run = CheckRun::new(&check, secret(), Exit::Code(1), parsed, Duration::ZERO).with_tail(secret());
        bundle.before = Some(ValidationResult::new(vec![run], secret()));
        bundle.after = bundle.before.clone();
        bundle
    }

    #[test]
    fn nothing_of_a_secret_is_left_and_fixes_still_answer_their_failures() {
        let redactor = Redactor::new().with_known([("password".to_owned(), SECRET.to_owned())]);
        let hidden = leaking().redacted(&redactor);
        let json = serde_json::to_string(&hidden).unwrap();
        assert!(!json.contains("horse") && json.contains("REDACTED:password#1"), "{json}");
        assert_eq!(hidden.answered(), [hidden.failures[0].fingerprint()]);
        assert_eq!(hidden.failures[0], leaking().failures[0].redacted(&redactor), "told elsewhere it is the same");
        assert_eq!(hidden.clone().redacted(&redactor), hidden);
    }

    #[test]
    fn what_has_no_secret_stays_as_it_is() {
        assert_eq!(bundle().redacted(&Redactor::new()), bundle());
    }
}
