//! What a repair must keep of a file's text: line ends, encoding, mode.

use crate::project::Project;
use std::os::unix::fs::PermissionsExt;

#[test]
fn line_ends_stay_what_they_are() {
    let text = b"import os\r\nimport sys\r\n\r\nprint(sys.path)\r\n";
    let project = Project::new([("app.py", &text[..])]);
    let log = project.log_of(&["ruff check ."]);
    project.fix(&["--log", &log, "--write"]).ends_with(0);
    assert_eq!(project.read("app.py"), b"import sys\r\n\r\nprint(sys.path)\r\n");
}

#[test]
fn the_formatter_keeps_line_ends_too() {
    let project = Project::new([("app.py", &b"x  =  1\r\n\r\n\r\n\r\ny=2\r\n"[..])]);
    let log = project.log_of(&["black --check ."]);
    project.fix(&["--log", &log, "--write"]).ends_with(0);
    assert_eq!(project.read("app.py"), b"x = 1\r\n\r\n\r\ny = 2\r\n");
}

#[test]
fn a_file_that_is_not_utf_8_is_left_alone_and_its_neighbor_is_repaired() {
    let latin = b"# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n";
    let project = Project::new([("app.py", &b"import os\nimport sys\n\nprint(sys.path)\n"[..]), ("old.py", latin)]);
    let log = project.log_of(&["ruff check app.py"]);
    project.fix(&["--log", &log, "--write"]).ends_with(0);
    assert_eq!(project.read("app.py"), b"import sys\n\nprint(sys.path)\n");
    assert_eq!(project.read("old.py"), latin);
}

#[test]
fn a_finding_in_a_file_that_is_not_utf_8_corrupts_nothing() {
    let latin = b"# -*- coding: latin-1 -*-\nimport os\n\nname = 'caf\xe9'\n";
    let project = Project::new([("old.py", &latin[..])]);
    let log = project.log_of(&["python -m flake8 ."]);
    let ran = project.fix(&["--log", &log, "--write"]);
    let after = project.read("old.py");
    assert!(after == latin || after == b"# -*- coding: latin-1 -*-\n\nname = 'caf\xe9'\n", "{ran:?}");
}

#[test]
fn a_byte_order_mark_and_the_mode_stay() {
    let project = Project::new([("app.py", "\u{feff}import os\nimport sys\n\nprint(sys.path)\n".as_bytes())]);
    let path = project.root().join("app.py");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    project.commit();
    let log = project.log_of(&["ruff check ."]);
    project.fix(&["--log", &log, "--write"]).ends_with(0);
    assert_eq!(String::from_utf8(project.read("app.py")).unwrap(), "\u{feff}import sys\n\nprint(sys.path)\n");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o755);
}

#[test]
fn a_file_without_a_last_line_end_is_repaired() {
    let project = Project::new([("app.py", &b"import os\nimport sys\nprint(sys.path)"[..])]);
    let log = project.log_of(&["ruff check ."]);
    project.fix(&["--log", &log, "--write"]).ends_with(0);
    assert_eq!(project.read("app.py"), b"import sys\nprint(sys.path)");
}
