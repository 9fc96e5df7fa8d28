use super::*;
use crate::fs::testing::{Checkout, git, path, tree, write};
use crate::local::Job;
use crate::local::testing::{run, sandboxes, shell, snapshot, workspace};
use crate::{ChangeSet, Mode};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

fn any() -> Sandbox {
    Sandbox::detect()
}

/// The files of the copy without its `.git` folder.
fn copy(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(workspace.repository());
    files.retain(|name, _| !name.starts_with(".git/"));
    files
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

#[test]
fn only_what_differs_is_written() {
    let mut workspace = workspace(&any(), None, &[("same.py", "1\n"), ("old.py", "2\n"), ("d/gone.py", "3\n")]);
    let number = |name: &str, workspace: &Workspace| workspace.repository().join(name).metadata().unwrap().ino();
    let before = number("same.py", &workspace);
    let modified = workspace.repository().join("old.py").metadata().unwrap().mtime();
    let next = [("same.py", "1\n"), ("old.py", "9\n"), ("new/deep.py", "4\n")];
    workspace.update(&snapshot(&next)).unwrap();
    assert_eq!(copy(&workspace), expected(&next));
    assert_eq!(number("same.py", &workspace), before);
    assert!(!workspace.repository().join("d").exists());
    let later = workspace.repository().join("old.py").metadata().unwrap().mtime();
    assert_eq!(later, modified + 1, "a cache that compares seconds and sizes sees the change");
}

#[test]
fn a_folder_may_take_the_place_of_a_file_and_the_other_way_round() {
    let mut workspace = workspace(&any(), None, &[("a", "1"), ("b/c", "2")]);
    for files in [[("a/x", "3"), ("b", "4")], [("a", "1"), ("b/c", "2")]] {
        workspace.update(&snapshot(&files)).unwrap();
        assert_eq!(copy(&workspace), expected(&files));
    }
}

#[test]
fn bytes_modes_and_links_are_those_of_the_snapshot() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "run.sh", "#!/bin/sh\r\necho hi\r\n");
    std::fs::set_permissions(dir.path().join("run.sh"), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::write(dir.path().join("latin"), b"caf\xe9\r\n").unwrap();
    symlink("..", dir.path().join("loop")).unwrap();
    let mut workspace = Workspace::new(Some(dir.path()), &any()).unwrap();
    let snapshot = Folder::open(dir.path()).unwrap().snapshot().unwrap();
    workspace.update(&snapshot).unwrap();
    assert_eq!(copy(&workspace), tree(dir.path()));
    let mode = workspace.repository().join("run.sh").metadata().unwrap().mode();
    assert_eq!(mode & 0o111, 0o111);
    let outcome = workspace.outcome().unwrap();
    assert_eq!(outcome.mode(&path("loop")), Some(Mode::Symlink));
    assert!(ChangeSet::between(&snapshot, &outcome).unwrap().is_empty());
}

#[test]
fn what_jobs_do_is_undone() {
    for sandbox in sandboxes() {
        let files = [("a.py", "1\n"), ("src/b.py", "2\n"), ("src/c.py", "3\n")];
        let mut workspace = workspace(&sandbox, None, &files);
        let work = "echo bad > a.py; touch -d '2020-01-01' a.py; rm src/b.py; mkdir -p new/x; touch new/x/y src/z; \
                    chmod 000 new; chmod 755 src/c.py; ln -s / src/root; rm -rf .git; mkdir a.d";
        shell(&sandbox, &workspace, work);
        workspace.reset().unwrap();
        assert_eq!(copy(&workspace), expected(&files), "{sandbox:?}");
        assert!(!workspace.repository().join("new").exists() && !workspace.repository().join("a.d").exists());
        assert_eq!(workspace.repository().join("src/c.py").metadata().unwrap().mode() & 0o777, 0o644);
        assert_eq!(shell(&sandbox, &workspace, "git ls-files"), "a.py\nsrc/b.py\nsrc/c.py\n");
    }
}

#[test]
fn a_changed_file_with_its_old_time_is_noticed() {
    for sandbox in sandboxes() {
        let mut workspace = workspace(&sandbox, None, &[("a.py", "1\n")]);
        shell(&sandbox, &workspace, "touch -r a.py ref; echo 9 > a.py; touch -r ref a.py");
        workspace.reset().unwrap();
        assert_eq!(copy(&workspace), expected(&[("a.py", "1\n")]), "{sandbox:?}");
    }
}

#[test]
fn links_that_jobs_leave_are_not_written_through() {
    for sandbox in sandboxes() {
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), "b.py", "mine\n");
        let mut workspace = workspace(&sandbox, None, &[("src/b.py", "2\n"), ("a.py", "1\n")]);
        let place = outside.path().display();
        let attack = format!("rm -rf src .git a.py; ln -s {place} src; ln -s {place}/b.py a.py; ln -s {place} .git");
        shell(&sandbox, &workspace, &attack);
        workspace.update(&snapshot(&[("src/b.py", "3\n"), ("a.py", "4\n")])).unwrap();
        assert_eq!(copy(&workspace), expected(&[("a.py", "4\n"), ("src/b.py", "3\n")]), "{sandbox:?}");
        assert_eq!(tree(outside.path()), expected(&[("b.py", "mine\n")]), "{sandbox:?}");
    }
}

#[test]
fn ignored_files_are_there_but_no_caches_and_no_secrets() {
    for sandbox in sandboxes() {
        let ignored = ".env\nbuilt/\n*.so\n__pycache__/\n.venv/\n*.pem\n";
        let checkout = Checkout::new(&[("a.py", "1\n"), (".gitignore", ignored)]);
        checkout.commit();
        let extra = ["built/_version.py", "pkg/ext.so", ".env", "key.pem", "__pycache__/a.pyc", ".mypy_cache/x"];
        extra.into_iter().for_each(|name| write(checkout.root(), name, name));
        write(checkout.root(), ".venv/pyvenv.cfg", "");
        write(checkout.root(), ".venv/bin/tool", "in the environment");
        write(checkout.root(), "deleted.py", "not in the snapshot, so it must not come back");
        let files = [("a.py", "1\n"), (".gitignore", ignored)];
        let mut workspace = workspace(&sandbox, Some(checkout.root()), &files);
        let seen =
            shell(&sandbox, &workspace, "find . -path ./.git -prune -o \\( -type f -o -type l \\) -print | sort");
        let linked = if workspace.seen_at() == checkout.root().canonicalize().unwrap() {
            "./.venv/bin/tool\n./.venv/pyvenv.cfg\n"
        } else {
            "./.venv\n"
        };
        assert_eq!(seen, format!("./.gitignore\n{linked}./a.py\n./built/_version.py\n./pkg/ext.so\n"), "{sandbox:?}");
        assert_eq!(shell(&sandbox, &workspace, "cat .venv/bin/tool"), "in the environment");
        shell(&sandbox, &workspace, "echo bad > built/_version.py; rm pkg/ext.so");
        workspace.reset().unwrap();
        assert_eq!(shell(&sandbox, &workspace, "cat built/_version.py pkg/ext.so"), "built/_version.pypkg/ext.so");
    }
}

#[test]
fn git_works_in_the_copy_and_has_the_history() {
    for sandbox in sandboxes() {
        let checkout = Checkout::new(&[("a.py", "1\n"), ("b.py", "1\n")]);
        checkout.commit();
        git(checkout.root(), &["tag", "--annotate", "--message", "x", "v1.2.3"]);
        write(checkout.root(), ".git/hooks/pre-commit", "#!/bin/sh\ntouch hooked\n");
        let workspace = workspace(&sandbox, Some(checkout.root()), &[("a.py", "2\n"), ("b.py", "1\n")]);
        assert_eq!(shell(&sandbox, &workspace, "git ls-files"), "a.py\nb.py\n", "{sandbox:?}");
        assert_eq!(shell(&sandbox, &workspace, "git describe --tags"), "v1.2.3\n");
        assert_eq!(shell(&sandbox, &workspace, "git status --porcelain"), " M a.py\n");
        assert!(shell(&sandbox, &workspace, "git diff").contains("-1\n+2\n"));
        shell(&sandbox, &workspace, "git -c user.name=x -c user.email=x@y commit -qam new && git log --oneline");
        assert!(!workspace.repository().join("hooked").exists());
    }
}

#[test]
fn a_plain_folder_gets_a_repository() {
    for sandbox in sandboxes() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a.py", "1\n");
        let workspace = workspace(&sandbox, Some(dir.path()), &[("a.py", "1\n")]);
        assert_eq!(shell(&sandbox, &workspace, "git ls-files; git log --format=%s"), "a.py\nsnapshot\n", "{sandbox:?}");
        assert_eq!(tree(dir.path()).len(), 1);
    }
}

#[test]
fn a_worktree_has_its_history_too() {
    for sandbox in sandboxes() {
        let checkout = Checkout::new(&[("a.py", "1\n")]);
        checkout.commit();
        let place = tempfile::tempdir().unwrap();
        let tree = place.path().join("tree");
        git(checkout.root(), &["worktree", "add", "--quiet", "-b", "side", tree.to_str().unwrap()]);
        let workspace = workspace(&sandbox, Some(&tree), &[("a.py", "1\n")]);
        let answer =
            shell(&sandbox, &workspace, "git log --format=%s; git branch --show-current; git status --porcelain");
        assert_eq!(answer, "change\nside\n", "{sandbox:?}");
    }
}

#[test]
fn the_outcome_is_what_jobs_did() {
    for sandbox in sandboxes() {
        let files = [("a.py", "1\n"), ("b.py", "2\n"), ("c.py", "3\n"), (".gitignore", "*.log\n")];
        let workspace = workspace(&sandbox, None, &files);
        shell(
            &sandbox,
            &workspace,
            "echo 9 > a.py; rm b.py; echo new > new.py; touch x.log; mkdir .ruff_cache; touch .ruff_cache/x",
        );
        let outcome = workspace.outcome().unwrap();
        let changes = ChangeSet::between(&snapshot(&files), &outcome).unwrap();
        let paths: Vec<_> = changes.paths().map(ToString::to_string).collect();
        assert_eq!(paths, ["a.py", "b.py", "new.py"], "{sandbox:?}");
        assert_eq!(outcome.text(&path("a.py")), Ok("9\n"));
    }
}

#[test]
fn an_environment_that_imports_the_repository_imports_the_copy() {
    for sandbox in sandboxes() {
        let checkout = Checkout::new(&[("src/pkg/__init__.py", "WHERE = 'repository'\n"), (".gitignore", ".venv\n")]);
        let root = checkout.root().canonicalize().unwrap();
        let made = std::process::Command::new("python3")
            .args(["-m", "venv", "--without-pip"])
            .arg(root.join(".venv"))
            .status();
        if !made.is_ok_and(|status| status.success()) {
            return println!("skipped: there is no Python that makes virtual environments");
        }
        let interpreter = Interpreter::at(&root.join(".venv")).unwrap();
        let site = interpreter.site_packages().remove(0);
        std::fs::write(site.join("pkg.pth"), format!("{}\n", root.join("src").display())).unwrap();
        let workspace = workspace(&sandbox, Some(&root), &[("src/pkg/__init__.py", "WHERE = 'copy'\n")]);
        let job =
            Job::program(["python", "-c", "import pkg, sys; print(pkg.WHERE, sys.prefix)"]).interpreter(&interpreter);
        let output = run(&sandbox, &workspace, &job);
        let wanted = format!("copy {}\n", root.join(".venv").display());
        assert_eq!(output.output, wanted, "{sandbox:?}");
    }
}
