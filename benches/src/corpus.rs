//! Reads `cases.jsonl`.

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;

/// The cases in `folder`, one a line of `cases.jsonl`.
pub(crate) fn cases<T: DeserializeOwned>(folder: &Path) -> Result<Vec<T>> {
    let path = folder.join("cases.jsonl");
    let text = fs::read_to_string(&path).with_context(|| {
        format!("there is no corpus: cannot read `{}`; give the folder of the cases", path.display())
    })?;
    let mut cases = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let case = serde_json::from_str(line);
        cases.push(case.with_context(|| format!("line {} of `{}`", index + 1, path.display()))?);
    }
    ensure!(!cases.is_empty(), "`{}` holds no case", path.display());
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_empty_or_broken_corpus_is_an_error_that_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let error = || format!("{:#}", cases::<serde_json::Value>(dir.path()).unwrap_err());
        assert!(error().contains("there is no corpus"), "{}", error());
        fs::write(dir.path().join("cases.jsonl"), "\n").unwrap();
        assert!(error().contains("holds no case"), "{}", error());
        fs::write(dir.path().join("cases.jsonl"), "{}\n{\n").unwrap();
        assert!(error().contains("line 2"), "{}", error());
    }
}
