//! A commit's files as the archive that GitHub makes of them.

use super::answer::Answer;
use super::call::Call;
use super::front::Front;
use super::passing::look;
use super::storage::Stored;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tar::{Builder, EntryType, Header};

type Archive = Builder<GzEncoder<Vec<u8>>>;

/// The redirection to a commit's archive.
pub(crate) async fn tarball(front: &Front, call: &Call, repository: &str, reference: &str) -> Result<Answer, Answer> {
    let commit = look(front, call, &format!("/repos/{repository}/commits/{reference}")).await?;
    let sha = text(&commit, "/sha");
    let tree = text(&commit, "/commit/tree/sha");
    let tree = look(front, call, &format!("/repos/{repository}/git/trees/{tree}?recursive=1")).await?;
    let mut archive = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    note(&mut archive, &sha);
    let top = format!("{}-{}", repository.replace('/', "-"), &sha[..7]);
    for entry in tree["tree"].as_array().into_iter().flatten() {
        let blob = match entry["type"].as_str() {
            Some("blob") => Some(blob(front, call, repository, &text(entry, "/sha")).await?),
            _ => None,
        };
        add(&mut archive, &format!("{top}/{}", text(entry, "/path")), &text(entry, "/mode"), blob);
    }
    let content = archive.into_inner().and_then(GzEncoder::finish).expect("memory takes it");
    let stored = Stored { kind: "application/x-gzip", content, compressed: false };
    Ok(Answer::redirect(&front.signed(&format!("{repository}/legacy.tar.gz/{reference}"), stored)))
}

async fn blob(front: &Front, call: &Call, repository: &str, sha: &str) -> Result<Vec<u8>, Answer> {
    let blob = look(front, call, &format!("/repos/{repository}/git/blobs/{sha}")).await?;
    let content = text(&blob, "/content").replace('\n', "");
    Ok(STANDARD.decode(content).expect("the emulator's blobs are base64"))
}

/// The entry in which git tells the commit.
fn note(archive: &mut Archive, sha: &str) {
    let line = format!("52 comment={sha}\n");
    entry(archive, "pax_global_header", EntryType::XGlobalHeader, 0o666, line.as_bytes());
}

fn add(archive: &mut Archive, path: &str, mode: &str, content: Option<Vec<u8>>) {
    let content = content.unwrap_or_default();
    match mode {
        "120000" => {
            let mut header = header(EntryType::Symlink, 0o777, 0);
            let target = String::from_utf8_lossy(&content);
            archive.append_link(&mut header, path, &*target).expect("memory takes it");
        }
        "040000" => entry(archive, &format!("{path}/"), EntryType::Directory, 0o775, &[]),
        "100755" => entry(archive, path, EntryType::Regular, 0o775, &content),
        _ => entry(archive, path, EntryType::Regular, 0o664, &content),
    }
}

fn entry(archive: &mut Archive, path: &str, kind: EntryType, mode: u32, content: &[u8]) {
    let mut header = header(kind, mode, content.len());
    archive.append_data(&mut header, path, content).expect("memory takes it");
}

fn header(kind: EntryType, mode: u32, size: usize) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size as u64);
    header.set_mtime(1_763_632_800);
    header
}

/// A text inside a document; empty if it is not there.
fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}
