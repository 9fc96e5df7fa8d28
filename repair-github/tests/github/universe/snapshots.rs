//! A commit's files as an archive.

use super::asking::{client, get, header};
use crate::support::Universe;
use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::Read;
use tar::{Archive, EntryType};

#[tokio::test]
async fn a_commit_comes_as_github_packs_it() {
    let universe = Universe::start().await;
    let files = [("src/a.py", "x = 1\n"), ("run.sh", "#!/bin/sh\n"), ("link", "-> src/a.py")];
    let sha = universe.commit("feature/one", &files).await;
    for reference in [sha.as_str(), "feature/one"] {
        let answer = get(&universe, &format!("tarball/{reference}")).await;
        assert_eq!(answer.status(), 302);
        let address = header(&answer, "location").unwrap();
        assert!(address.starts_with(universe.storage_url()));
        let packed = client().get(address).send().await.unwrap().bytes().await.unwrap();
        let top = format!("{}-{}", universe.repository().replace('/', "-"), &sha[..7]);
        let found = unpacked(&packed);
        assert_eq!(found[&format!("{top}/src/a.py")], (EntryType::Regular, 0o664, "x = 1\n".to_owned()));
        assert_eq!(found[&format!("{top}/run.sh")], (EntryType::Regular, 0o775, "#!/bin/sh\n".to_owned()));
        assert_eq!(found[&format!("{top}/link")], (EntryType::Symlink, 0o777, "src/a.py".to_owned()));
        assert!(found.contains_key(&format!("{top}/README.md")));
    }
    assert_eq!(get(&universe, "tarball/nothing").await.status(), 404);
}

fn unpacked(packed: &[u8]) -> BTreeMap<String, (EntryType, u32, String)> {
    let mut archive = Archive::new(GzDecoder::new(packed));
    let entries = archive.entries().unwrap().map(Result::unwrap).map(|mut entry| {
        let header = entry.header().clone();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let text = entry.link_name().unwrap().map_or(text, |link| link.display().to_string());
        (entry.path().unwrap().display().to_string(), (header.entry_type(), header.mode().unwrap(), text))
    });
    entries.collect()
}
