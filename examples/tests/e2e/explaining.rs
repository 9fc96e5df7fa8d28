//! `explain`.

use crate::harness::run;
use std::path::Path;

#[test]
fn every_listed_id_has_a_manual() {
    let list = run(Path::new("."), &["explain"]).ends_with(0).stdout;
    let ids: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(ids.len() > 20 && ids.contains(&"import/unused") | ids.contains(&"syntax"), "{list}");
    for id in ids {
        let manual = run(Path::new("."), &["explain", id]).ends_with(0).stdout;
        assert!(manual.starts_with(id) && manual.trim().len() > id.len() + 20, "{manual}");
    }
}

#[test]
fn an_unknown_id_leads_to_the_list() {
    run(Path::new("."), &["explain", "no/such-thing"]).ends_with(2).says(&["`no/such-thing`", "`ci-repair explain`"]);
}
