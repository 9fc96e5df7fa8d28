//! What steps need from the system: packages, programs, rights.

use repair_fixers::shell::{Command, Script};
use std::collections::BTreeSet;

/// Programs that GitHub's machines have and small images have not, with the package that has them.
const PROGRAMS: &[(&str, &str)] = &[
    ("cmake", "cmake"),
    ("curl", "curl"),
    ("g++", "g++"),
    ("gcc", "gcc"),
    ("git", "git"),
    ("jq", "jq"),
    ("make", "make"),
    ("mysql", "default-mysql-client"),
    ("mysqladmin", "default-mysql-client"),
    ("pandoc", "pandoc"),
    ("pg_isready", "postgresql-client"),
    ("psql", "postgresql-client"),
    ("redis-cli", "redis-tools"),
    ("rsync", "rsync"),
    ("shellcheck", "shellcheck"),
    ("sqlite3", "sqlite3"),
    ("unzip", "unzip"),
    ("wget", "wget"),
    ("xvfb-run", "xvfb"),
    ("zip", "zip"),
];

/// The words of a command, without what only gives it rights or variables.
pub(super) fn plain(command: &Command) -> Vec<&str> {
    let mut words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    while matches!(words.first(), Some(&"sudo" | &"env" | &"command" | &"time")) {
        words.remove(0);
        while words.first().is_some_and(|word| word.starts_with('-') || word.contains('=')) {
            words.remove(0);
        }
    }
    words
}

/// The packages that the script installs, if it does nothing else.
pub(super) fn packages(script: &str) -> Option<Vec<String>> {
    let parsed = Script::parse(script);
    let commands: Vec<Vec<&str>> = parsed.commands().iter().map(plain).collect();
    if commands.is_empty() || script.contains("<<") {
        return None;
    }
    let mut packages = Vec::new();
    for words in &commands {
        packages.extend(installed(words)?);
    }
    Some(packages)
}

/// What one command of `apt-get` installs; `None` if it does something else, or something that is not known.
fn installed(words: &[&str]) -> Option<Vec<String>> {
    let (program, arguments) = words.split_first()?;
    if !matches!(*program, "apt" | "apt-get" | "aptitude") {
        return None;
    }
    let takes_value = |word: &str| matches!(word, "-o" | "-t" | "--target-release" | "-c");
    let mut names = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(word) = arguments.next() {
        match () {
            () if takes_value(word) => _ = arguments.next(),
            () if word.starts_with('-') => {}
            () => names.push(*word),
        }
    }
    let (order, names) = names.split_first()?;
    let plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || "+-.=:~*".contains(c));
    match *order {
        "update" | "upgrade" | "clean" | "autoremove" => Some(Vec::new()),
        "install" if names.iter().all(|name| plain(name) && !name.contains('*')) => {
            Some(names.iter().map(|name| (*name).to_owned()).collect())
        }
        _ => None,
    }
}

/// The script for a shell that is root already and has no lists of packages yet.
pub(super) fn as_root(script: &str) -> String {
    let parsed = Script::parse(script);
    let mut spans = Vec::new();
    for command in parsed.commands().iter().filter(|command| command.words.first().is_some_and(|w| w.text == "sudo")) {
        let own = command.words.iter().enumerate().take_while(|(at, word)| *at == 0 || word.text.starts_with('-'));
        let end = own.map(|(at, _)| at + 1).last().unwrap_or(0);
        if let (Some(first), Some(next)) = (command.words.first(), command.words.get(end)) {
            spans.push(first.span.start()..next.span.start());
        }
    }
    let mut text = script.to_owned();
    for span in spans.into_iter().rev() {
        text.replace_range(span, "");
    }
    let runs = |order: &str| {
        parsed.commands().iter().map(plain).any(|words| words.starts_with(&["apt-get"]) && words.contains(&order))
    };
    if runs("install") && !runs("update") { format!("apt-get update\n{text}") } else { text }
}

/// The packages with the programs that the script runs and a small image has not.
pub(super) fn programs(script: &str) -> BTreeSet<&'static str> {
    let parsed = Script::parse(script);
    let first = |command: &Command| plain(command).first().map(|word| (*word).to_owned());
    let names: BTreeSet<String> = parsed.commands().iter().filter_map(first).collect();
    let mut packages: BTreeSet<&str> =
        PROGRAMS.iter().filter(|(program, _)| names.contains(*program)).map(|(_, package)| *package).collect();
    if script.contains("git+") {
        packages.insert("git");
    }
    packages
}

/// The first program of the script that a container cannot have.
pub(super) fn impossible(script: &str) -> Option<String> {
    const ELSEWHERE: &[&str] =
        &["brew", "choco", "docker", "docker-compose", "kubectl", "minikube", "podman", "snap", "systemctl", "service"];
    let parsed = Script::parse(script);
    parsed.commands().iter().find_map(|command| {
        let first = plain(command).first().map(|word| (*word).to_owned())?;
        ELSEWHERE.contains(&first.as_str()).then_some(first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_only_installs_packages_is_known_by_them() {
        let of = |script| packages(script).map(|found| found.join(" "));
        assert_eq!(
            of("sudo apt-get update -qq && sudo apt-get install -y libpq-dev gcc").as_deref(),
            Some("libpq-dev gcc")
        );
        assert_eq!(
            of("sudo -E apt install --no-install-recommends -y \\\n  libxml2-dev=2.9 \\\n  g++").as_deref(),
            Some("libxml2-dev=2.9 g++")
        );
        assert_eq!(
            of("sudo DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 install xvfb").as_deref(),
            Some("xvfb")
        );
        for other in [
            "apt-get install x && make",
            "apt-get install $PACKAGES",
            "apt-get install ./a.deb",
            "apt-get remove x",
            "",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn rights_are_dropped_and_lists_are_fetched() {
        assert_eq!(as_root("sudo -E make install && echo sudo"), "make install && echo sudo");
        assert_eq!(
            as_root("sudo apt-get install -y x\npip install y"),
            "apt-get update\napt-get install -y x\npip install y"
        );
        assert_eq!(as_root("sudo apt-get update\nsudo apt-get install x; y"), "apt-get update\napt-get install x; y");
    }

    #[test]
    fn programs_of_githubs_machines_become_packages() {
        let of = |script| programs(script).into_iter().collect::<Vec<_>>();
        assert_eq!(of("git config x y && curl -L z | tar x\npsql -c 'make'"), ["curl", "git", "postgresql-client"]);
        assert_eq!(of("pip install git+https://x/y"), ["git"]);
        assert_eq!(of("echo make"), [""; 0]);
    }

    #[test]
    fn what_a_container_cannot_do_is_named() {
        assert_eq!(impossible("echo && sudo docker compose up -d").as_deref(), Some("docker"));
        assert_eq!(impossible("echo docker"), None);
    }
}
