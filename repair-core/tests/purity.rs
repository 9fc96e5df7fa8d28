//! Without features, `repair-core` depends on nothing that does I/O, waits or parses.

use std::process::Command;

#[test]
#[expect(clippy::disallowed_methods, reason = "a test asks cargo")]
fn the_core_alone_depends_on_nothing_that_does_io() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "repair-core", "--edges", "normal", "--prefix", "none"])
        .args(["--no-default-features", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"sha2"), "this is not the tree of repair-core: {names:?}");
    for forbidden in
        ["tokio", "reqwest", "octocrab", "dagger-sdk", "tree-sitter", "ignore", "tempfile", "serde", "landlock"]
    {
        assert!(!names.contains(&forbidden), "{forbidden} is in the tree of repair-core without features");
    }
}
