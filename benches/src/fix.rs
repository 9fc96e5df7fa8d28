//! Repair: red checkouts, and whether they are green then.
//!
//! A case is `{"id", "kind", "log", "checks": [command…], "env": {name: value}}`. `DIR/<id>/red` is the prepared checkout,
//! `DIR/<id>/venv` its environment. Each case runs on a copy; its checks decide, run by bash in that environment.
//! A case without a checkout is not counted, and said.
//!
//! `--json`: `{"kinds": {KIND: tally}, "all": tally, "absent": [id…], "cases": [{"id", "kind", "state", "exit",
//! "seconds", "files"}]}` with tallies `{"repaired", "wrong", "declined"}`. `repaired` is changed and green, `wrong` is
//! changed and still red, `declined` is unchanged.

use crate::{corpus, table};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// How long one command may take, in seconds.
const LIMIT: &str = "900";

/// Arguments of `fix`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of the cases.
    corpus: PathBuf,
    /// Where the prepared checkouts are.
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// The command under test [default: `ci-repair` beside this program].
    #[arg(long, value_name = "PATH")]
    ci_repair: Option<PathBuf>,
    /// Only cases whose id begins so; may be given several times.
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    kind: String,
    log: String,
    checks: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Repaired,
    Wrong,
    Declined,
}

#[derive(Debug, Serialize)]
struct Scored {
    id: String,
    kind: String,
    state: State,
    exit: Option<i32>,
    seconds: f64,
    files: Vec<String>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
struct Tally {
    repaired: usize,
    wrong: usize,
    declined: usize,
}

/// What came of all cases.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Score {
    all: Tally,
    kinds: BTreeMap<String, Tally>,
    absent: Vec<String>,
    cases: Vec<Scored>,
}

/// Repairs every case whose checkout is there.
pub(crate) fn score(args: &Args) -> Result<Score> {
    let program = match &args.ci_repair {
        Some(program) => program.clone(),
        None => std::env::current_exe()?.with_file_name("ci-repair"),
    };
    ensure!(program.is_file(), "there is no `{}`; build it, or name it with `--ci-repair`", program.display());
    let wanted = |case: &Case| args.only.is_empty() || args.only.iter().any(|id| case.id.starts_with(id));
    let mut score = Score::default();
    for case in corpus::cases::<Case>(&args.corpus)?.into_iter().filter(wanted) {
        let home = args.repos.join(&case.id);
        if !home.join("red").is_dir() {
            score.absent.push(case.id);
            continue;
        }
        let scored = run(case, &args.corpus, &home, &program)?;
        eprintln!("{} {:?} {:.1} s", scored.id, scored.state, scored.seconds);
        score.add(scored);
    }
    ensure!(!score.cases.is_empty(), "no prepared checkout is in `{}`; prepare some", args.repos.display());
    Ok(score)
}

fn run(case: Case, corpus: &Path, home: &Path, program: &Path) -> Result<Scored> {
    let dir = tempfile::tempdir()?;
    let work = dir.path().join("repo");
    let copied = output(Command::new("cp").arg("-a").arg(home.join("red")).arg(&work))?;
    ensure!(copied.status.success(), "cannot copy `{}`", home.display());
    let venv = std::path::absolute(home.join("venv"))?;
    let start = Instant::now();
    let mut command = Command::new("timeout");
    command.arg(LIMIT).arg(std::path::absolute(program)?).args(["fix", "--write", "--format", "json", "--repo"]);
    command.arg(&work).arg("--log").arg(corpus.join(&case.log)).arg("--python").arg(venv.join("bin/python"));
    let exit = output(&mut command)?.status.code();
    let seconds = start.elapsed().as_secs_f64();
    let files = changed(&work)?;
    let state = match () {
        () if files.is_empty() => State::Declined,
        () if is_green(&case, &work, &venv, dir.path())? => State::Repaired,
        () => State::Wrong,
    };
    Ok(Scored { id: case.id, kind: case.kind, state, exit, seconds, files })
}

fn changed(work: &Path) -> Result<Vec<String>> {
    let status = output(Command::new("git").arg("-C").arg(work).args(["status", "--porcelain", "-uall"]))?;
    ensure!(status.status.success(), "`{}` is no git repository", work.display());
    let text = String::from_utf8_lossy(&status.stdout).into_owned();
    Ok(text.lines().filter_map(|line| line.get(3..)).map(str::to_owned).collect())
}

fn is_green(case: &Case, work: &Path, venv: &Path, home: &Path) -> Result<bool> {
    for check in &case.checks {
        let path = format!("{}/bin:{}", venv.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("timeout");
        command.args([LIMIT, "bash", "-eo", "pipefail", "-c", check]).current_dir(work).env_clear();
        command.env("PATH", path).env("HOME", home).env("VIRTUAL_ENV", venv).env("LANG", "C.UTF-8");
        command.env("CI", "true").env("PYTHONDONTWRITEBYTECODE", "1").envs(&case.env);
        if !output(&mut command)?.status.success() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn output(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))
}

impl Score {
    fn add(&mut self, scored: Scored) {
        self.all.count(scored.state);
        self.kinds.entry(scored.kind.clone()).or_default().count(scored.state);
        self.cases.push(scored);
    }

    /// As text, or as JSON.
    pub(crate) fn print(&self, json: bool) -> String {
        if json {
            return format!("{:#}\n", serde_json::json!(self));
        }
        let mut rows: Vec<_> = self.kinds.iter().map(|(name, tally)| tally.row(name)).collect();
        rows.push(self.all.row("all"));
        let head = ["kind", "repaired", "wrong", "declined", "recall", "precision"];
        let mut text = table::render(&head, &rows);
        if !self.absent.is_empty() {
            text += &format!("\nnot counted, since no checkout is prepared: {}\n", self.absent.len());
        }
        text
    }
}

impl Tally {
    fn count(&mut self, state: State) {
        *match state {
            State::Repaired => &mut self.repaired,
            State::Wrong => &mut self.wrong,
            State::Declined => &mut self.declined,
        } += 1;
    }

    fn row(&self, name: &str) -> Vec<String> {
        let attempted = self.repaired + self.wrong;
        let recall = table::ratio(self.repaired, attempted + self.declined);
        let precision = table::ratio(self.repaired, attempted);
        let counts = [self.repaired, self.wrong, self.declined].map(|count| count.to_string());
        [vec![name.to_owned()], counts.to_vec(), vec![format!("{recall:.3}"), format!("{precision:.3}")]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// A stand-in for the command: it does what the file `how` in the repository says.
    const PROGRAM: &str = "#!/bin/sh\nwhile [ \"$1\" != --repo ]; do shift; done\ncd \"$2\" && sh ./how\n";
    const CASES: &str = r#"{"id":"good","kind":"format","log":"x.log","checks":["grep -q fixed a"]}
{"id":"bad","kind":"format","log":"x.log","checks":["grep -q fixed a"]}
{"id":"idle","kind":"test","log":"x.log","checks":["grep -q fixed a"]}
{"id":"absent","kind":"test","log":"x.log","checks":["true"]}"#;

    fn prepare(root: &Path, id: &str, how: &str) {
        let red = root.join(id).join("red");
        fs::create_dir_all(&red).unwrap();
        fs::write(red.join("a"), "broken\n").unwrap();
        fs::write(red.join("how"), how).unwrap();
        let git = "git init -q && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm c";
        let done = Command::new("sh").args(["-c", git]).current_dir(&red).status().unwrap();
        assert!(done.success());
    }

    #[test]
    fn the_checks_decide_and_the_prepared_checkouts_stay_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("program");
        fs::write(&program, PROGRAM).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.path().join("cases.jsonl"), CASES).unwrap();
        prepare(dir.path(), "good", "echo fixed > a");
        prepare(dir.path(), "bad", "echo other > a");
        prepare(dir.path(), "idle", "true");
        let path = dir.path().to_owned();
        let args = Args { corpus: path.clone(), repos: path, ci_repair: Some(program), only: Vec::new() };
        let score = score(&args).unwrap();
        assert_eq!(score.all, Tally { repaired: 1, wrong: 1, declined: 1 });
        assert_eq!(score.kinds["format"], Tally { repaired: 1, wrong: 1, declined: 0 });
        assert_eq!((&score.absent[..], &score.cases[0].files[..]), (&["absent".to_owned()][..], &["a".to_owned()][..]));
        assert_eq!(fs::read_to_string(dir.path().join("good/red/a")).unwrap(), "broken\n");
        assert!(
            score.print(false).contains("format         1      1         0   0.500      0.500"),
            "{}",
            score.print(false)
        );
    }

    #[test]
    fn without_a_checkout_there_is_no_score() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("cases.jsonl"), CASES).unwrap();
        fs::write(dir.path().join("program"), "").unwrap();
        let path = dir.path().to_owned();
        let program = Some(path.join("program"));
        let args = Args { corpus: path.clone(), repos: path, ci_repair: program, only: vec!["absent".into()] };
        assert!(format!("{:#}", score(&args).unwrap_err()).contains("no prepared checkout"));
    }
}
