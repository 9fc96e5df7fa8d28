use super::*;
use crate::Exit;
use crate::fs::testing::{Checkout, git, tree, write};
use crate::local::testing::{block_on, eventually, processes_with, real_sandboxes, run, sandboxes, shell, workspace};
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn exit_codes_and_both_streams_come_through_in_order() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[("a.txt", "text\n")]);
        let output = run(&sandbox, &workspace, &Job::shell("cat a.txt; echo err >&2; echo out; exit 7"));
        assert_eq!((output.exit, output.output.as_str()), (Exit::Code(7), "text\nerr\nout\n"), "{sandbox:?}");
        let output = run(&sandbox, &workspace, &Job::shell("false | true; echo not reached"));
        assert_eq!((output.exit, output.output.as_str()), (Exit::Code(1), ""), "{sandbox:?}");
        let output = run(&sandbox, &workspace, &Job::program(["printf", "%s", "a b; c"]));
        assert_eq!(output.output, "a b; c");
    }
}

#[test]
fn the_working_directory_is_inside_the_repository() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[("sub/a.txt", "")]);
        let output = run(&sandbox, &workspace, &Job::shell("ls").directory("./sub/"));
        assert_eq!(output.output, "a.txt\n");
        for outside in ["..", "/", "missing", "sub/a.txt"] {
            let error = block_on(sandbox.run(&workspace, &Job::shell("ls").directory(outside))).unwrap_err();
            assert!(matches!(error, LocalError::NoDirectory(_)), "{outside}: {error}");
        }
    }
}

#[test]
fn variables_of_ours_stay_outside() {
    let own = "CARGO_MANIFEST_DIR";
    assert!(std::env::var_os(own).is_some(), "the test needs a variable to hide");
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        let set = [("MINE", "1"), ("HOME", "/elsewhere"), ("TMPDIR", "/elsewhere")].map(|(n, v)| (n.into(), v.into()));
        let output = run(&sandbox, &workspace, &Job::shell("env").variables(set)).output;
        assert!(!output.contains(own) && !output.contains("/elsewhere"), "{sandbox:?}: {output}");
        for wanted in ["MINE=1\n", "CI=true\n", "TERM=dumb\n", "HOME=", "TMPDIR=", "PATH="] {
            assert!(output.contains(wanted), "{sandbox:?}: {wanted} is not in {output}");
        }
    }
}

#[test]
fn variables_of_other_processes_cannot_be_read() {
    for sandbox in real_sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        let spy = "cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c CARGO_MANIFEST_DIR || true";
        assert_eq!(shell(&sandbox, &workspace, spy).trim(), "0", "{sandbox:?}");
    }
}

#[test]
fn home_and_temporary_folder_are_private_and_writable() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        shell(&sandbox, &workspace, "echo 1 > $HOME/h; echo 1 > $TMPDIR/t; f=$(mktemp); echo 1 > $f; echo 1 > here");
        assert!(workspace.home().join("h").is_file());
        assert!(workspace.temporary().join("t").is_file());
        assert!(!Path::new("/tmp/t").exists());
    }
}

#[test]
fn nothing_outside_can_be_written() {
    for sandbox in real_sandboxes() {
        let outside = tempfile::tempdir().unwrap();
        let beside = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        write(outside.path(), "file", "old");
        write(beside.path(), "file", "old");
        let workspace = workspace(&sandbox, None, &[]);
        for folder in [outside.path(), beside.path()] {
            let folder = folder.display();
            let attack = format!(
                "echo new > {folder}/file; echo new > {folder}/new; rm -f {folder}/file; mv {folder}/file {folder}/f2; \
                 chmod 777 {folder}; mount -o remount,rw,bind / && touch {folder}/mounted; \
                 ln -s {folder}/file link && echo new > link"
            );
            run(&sandbox, &workspace, &Job::shell(format!("set +e; {attack}; true")));
        }
        for folder in [&outside, &beside] {
            let wanted = [("file".to_owned(), b"old".to_vec())];
            assert_eq!(tree(folder.path()), wanted.into(), "{sandbox:?}");
        }
    }
}

#[test]
fn the_repository_stays_as_it_is_byte_for_byte() {
    for sandbox in real_sandboxes() {
        let checkout = Checkout::new(&[("a.py", "x = 1\r\n"), (".gitignore", "built/\n")]);
        checkout.commit();
        write(checkout.root(), "built/ext.so", "binary");
        let before = tree(checkout.root());
        let workspace = workspace(&sandbox, Some(checkout.root()), &[("a.py", "x = 2\n"), (".gitignore", "built/\n")]);
        let place = checkout.root().display();
        let attack =
            format!("set +e; for f in a.py built/ext.so .git/HEAD new; do echo bad > {place}/$f; echo bad > $f; done");
        run(&sandbox, &workspace, &Job::shell(attack + "; rm -rf .git; git init; git add -A; git commit -m x; true"));
        assert_eq!(tree(checkout.root()), before, "{sandbox:?}");
    }
}

#[test]
fn the_network_is_out_of_reach() {
    for sandbox in real_sandboxes() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let workspace = workspace(&sandbox, None, &[]);
        let connect = format!("exec 3<>/dev/tcp/127.0.0.1/{port}");
        let output = run(&sandbox, &workspace, &Job::shell(connect.clone()));
        if sandbox.backend() == Backend::Landlock && sandbox.describe().contains("network not cut off, nothing") {
            println!("skipped for Landlock: this kernel cannot deny TCP");
            continue;
        }
        assert!(!output.exit.success(), "{sandbox:?}");
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok(), "it is the sandbox that refuses");
    }
}

#[test]
fn loopback_works_where_the_network_is_private() {
    const TALK: &str = "import socket; s = socket.create_server(('127.0.0.1', 0)); \
                        c = socket.create_connection(s.getsockname()); print('connected')";
    for sandbox in real_sandboxes().into_iter().filter(|sandbox| sandbox.backend() < Backend::Landlock) {
        let workspace = workspace(&sandbox, None, &[]);
        let output = run(&sandbox, &workspace, &Job::program(["/usr/bin/env", "python3", "-c", TALK]));
        assert_eq!(output.output.trim(), "connected", "{sandbox:?}");
    }
}

#[test]
fn credentials_of_the_checkout_cannot_be_read() {
    for sandbox in real_sandboxes() {
        let checkout = Checkout::new(&[("a.py", "")]);
        checkout.commit();
        git(checkout.root(), &["config", "http.extraheader", "AUTHORIZATION: basic planted-token"]);
        let workspace = workspace(&sandbox, Some(checkout.root()), &[("a.py", "")]);
        let place = checkout.root().display();
        let spy = format!("cat {place}/.git/config .git/config 2>/dev/null || true; git config --list || true");
        let output = shell(&sandbox, &workspace, &spy);
        assert!(!output.contains("planted-token"), "{sandbox:?}: {output}");
        assert!(output.contains("repositoryformatversion"), "{sandbox:?}: the copy's own is there: {output}");
    }
}

/// A number of seconds that no other process sleeps.
fn unique_sleep() -> String {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    format!("9{}.{}", std::process::id(), NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

#[test]
fn a_hang_is_killed_in_time_with_all_descendants() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        let sleep = unique_sleep();
        let command = format!(
            "sleep {sleep} & setsid sleep {sleep} & (setsid sh -c 'sleep {sleep} & sleep {sleep}' &) ; \
             (setsid setsid env -i sleep {sleep} >/dev/null 2>&1 &); trap '' TERM INT HUP; echo started; sleep {sleep}"
        );
        let start = Instant::now();
        let output = run(&sandbox, &workspace, &Job::shell(command).time_limit(Duration::from_millis(700)));
        assert_eq!(output.exit, Exit::TimedOut, "{sandbox:?}: {}", output.output);
        assert_eq!(output.output, "started\n", "{sandbox:?}");
        assert!(start.elapsed() < Duration::from_secs(4), "{sandbox:?}: {:?}", start.elapsed());
        eventually(|| processes_with(&sleep) == 0);
    }
}

#[test]
fn what_a_process_leaves_behind_is_killed_when_it_ends() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        let sleep = unique_sleep();
        let start = Instant::now();
        let output =
            shell(&sandbox, &workspace, &format!("(setsid sleep {sleep} &); setsid sleep {sleep} & echo done"));
        assert_eq!(output, "done\n");
        assert!(start.elapsed() < Duration::from_secs(4), "{sandbox:?}: {:?}", start.elapsed());
        eventually(|| processes_with(&sleep) == 0);
    }
}

#[test]
fn a_flood_is_cut_and_its_end_kept() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        let job = Job::shell("i=0; while :; do i=$((i+1)); echo line $i; done").output_cap(10_000);
        let output = run(&sandbox, &workspace, &job);
        assert_eq!(output.exit, Exit::TooMuchOutput, "{sandbox:?}");
        assert_eq!(output.output.len(), 10_000, "{sandbox:?}");
        assert!(!output.output.contains("line 1\n"), "{sandbox:?}");
    }
}

#[test]
fn a_dropped_future_leaves_no_process_and_no_folder() {
    for sandbox in sandboxes() {
        let workspace = workspace(&sandbox, None, &[]);
        let root = workspace.root().to_path_buf();
        let sleep = unique_sleep();
        let job = Job::shell(format!("setsid sleep {sleep} & touch started; sleep {sleep}"));
        block_on(async {
            let run = sandbox.run(&workspace, &job);
            let started = async {
                while !workspace.repository().join("started").exists() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::select! {
                _ = run => panic!("it ends by itself"),
                () = started => {}
            }
        });
        drop(workspace);
        eventually(|| processes_with(&sleep) == 0);
        assert!(!root.exists(), "{sandbox:?}");
    }
}

#[test]
fn the_copy_is_in_the_place_of_the_repository_or_the_difference_is_known() {
    for sandbox in sandboxes() {
        let checkout = Checkout::new(&[("a.py", "")]);
        let workspace = workspace(&sandbox, Some(checkout.root()), &[("a.py", "")]);
        assert_eq!(Path::new(shell(&sandbox, &workspace, "pwd -P").trim()), workspace.seen_at(), "{sandbox:?}");
        let moved = workspace.seen_at() == checkout.root().canonicalize().unwrap();
        assert_eq!(moved, sandbox.backend() == Backend::Bubblewrap);
    }
}
