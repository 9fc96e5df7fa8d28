//! The redactor against planted secrets and real logs.

#![cfg(feature = "redact")]
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod forms;
mod fresh;
mod keys;
mod known;
mod laws;
mod logs;
mod planted;

use planted::{FAMILIES, Lot};
use repair_core::redact::Redactor;

/// What became of planted secrets.
#[derive(Default)]
struct Harvest {
    planted: usize,
    /// The family, the form, and the part that is left.
    leaks: Vec<String>,
}

impl Harvest {
    fn weigh(&mut self, name: &str, left: &str, secrets: &[String]) {
        self.planted += 1;
        if let Some(part) = forms::leak(left, secrets) {
            self.leaks.push(format!("{name}: {part} is left in {}", left.chars().take(300).collect::<String>()));
        }
    }

    #[track_caller]
    fn is_clean(&self) {
        println!("{} secrets planted, {} leaked", self.planted, self.leaks.len());
        assert!(self.leaks.is_empty(), "{} of {}:\n{}", self.leaks.len(), self.planted, self.leaks.join("\n"));
    }
}

/// Plants the secrets of `families` in every form.
fn in_every_form(families: &[planted::Family], seeds: std::ops::Range<u64>) -> Harvest {
    let mut harvest = Harvest::default();
    for seed in seeds {
        for (index, family) in families.iter().enumerate() {
            let secret = family.secret(&mut Lot::new(seed * 1000 + index as u64 + 1));
            let place = family.in_place(&secret);
            for form in forms::all(&place, &secret) {
                let left = Redactor::new().redact(&form.text).into_owned();
                harvest.weigh(&format!("{} ({})", family.0, form.name), &left, &form.secrets);
            }
        }
    }
    harvest
}

#[test]
fn no_part_of_a_planted_secret_is_left_in_any_form() {
    assert!(FAMILIES.len() >= 52);
    in_every_form(FAMILIES, 0..5).is_clean();
}

#[test]
fn no_part_is_left_where_a_stream_is_cut() {
    let mut harvest = Harvest::default();
    for (index, family) in FAMILIES.iter().enumerate() {
        let secret = family.secret(&mut Lot::new(index as u64 + 7000));
        let place = family.in_place(&secret);
        let within = place.find(&secret).unwrap() + secret.len() / 2;
        for line in [false, true] {
            if !line || !place.contains('\n') {
                let left = forms::cut(&place, within, line);
                harvest.weigh(&format!("{} (cut, one line: {line})", family.0), &left, std::slice::from_ref(&secret));
            }
        }
        let left = forms::in_chunks(&place, 3);
        harvest.weigh(&format!("{} (in chunks)", family.0), &left, &[secret]);
    }
    harvest.is_clean();
}
