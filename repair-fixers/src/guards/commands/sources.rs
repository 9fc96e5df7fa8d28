//! Where check commands are written down: CI files, tox, nox, make, pre-commit, scripts.

use super::{Check, Command, Shell, commands, jobs, make, words};
use crate::guards::config::of_text;
use crate::python::{Bindings, Module};
use repair_core::RepoPath;
use tree_sitter::Node;
use yaml_serde::Value;

/// The checks that one file runs.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::guards) struct Commands {
    /// Each with its 1-based line, if known.
    pub(in crate::guards) checks: Vec<(Option<u32>, Check)>,
}

impl Commands {
    /// The checks in `text`, the contents of `path`; `None` if a file of this name runs none.
    pub(in crate::guards) fn of_text(path: &RepoPath, text: &str) -> Option<Self> {
        let mut found = Self::default();
        match path.file_name() {
            "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" => found.makefile(text),
            "noxfile.py" | "tasks.py" => found.python(text),
            ".pre-commit-config.yaml" | ".pre-commit-config.yml" => found.hooks(text),
            "tox.ini" | "tox.toml" | "setup.cfg" | "pyproject.toml" => found.settings(path, text),
            "Jenkinsfile" | "Dockerfile" => found.script(text, text, Shell::default()),
            _ if path.extension() == Some("sh") || path.extension() == Some("bash") => {
                let first = text.lines().next().unwrap_or_default();
                let strict = first.starts_with("#!") && first.split(' ').any(|word| word.starts_with("-e"));
                found.script(text, text, Shell { lenient: !strict, ..Shell::default() });
            }
            _ if crate::guards::place::is_ci(path) => found.service(path, text)?,
            _ => return None,
        }
        Some(found)
    }

    /// The scripts of a CI file; what stands in a job that nothing runs is hidden.
    fn service(&mut self, path: &RepoPath, text: &str) -> Option<()> {
        let mut value: Value = yaml_serde::from_str(text).ok()?;
        for job in jobs::take_unused(path, text, &mut value) {
            let start = self.checks.len();
            self.yaml(text, &job, Shell::default());
            for (_, check) in &mut self.checks[start..] {
                check.hidden = check.hidden.or(Some("nothing runs the job that it is in"));
            }
        }
        self.yaml(text, &value, Shell::default());
        Some(())
    }

    /// Adds the checks of `script`, a part of `text`.
    fn script(&mut self, text: &str, script: &str, shell: Shell) {
        let first = script.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let offset = text.find(script).or_else(|| text.find(first));
        let start = offset.map(|offset| repair_core::Span::line_of(text, offset));
        for command in commands(script, shell) {
            self.command(&command, start.map(|start| start + command.line));
        }
    }

    fn command(&mut self, command: &Command, line: Option<u32>) {
        self.checks.extend(Check::of(command).map(|check| (line, check)));
    }

    fn makefile(&mut self, text: &str) {
        let joined = make::expand(&text.replace("\\\n", "  "));
        let all_ignored = make::ignores_failures(text);
        self.checks.extend(make::prerequisites(&joined));
        for line in joined.lines() {
            let Some(recipe) = line.strip_prefix('\t').or_else(|| line.strip_prefix("    ")) else { continue };
            let bare = recipe.trim_start_matches(['@', '+', '-', ' ', '\t']);
            let ignored = recipe[..recipe.len() - bare.len()].contains('-') || all_ignored;
            let number = text.find(recipe).map(|offset| repair_core::Span::line_of(text, offset));
            for mut command in commands(bare, Shell::default()) {
                command.hidden = command.hidden.or(ignored.then_some("the recipe ignores its failure"));
                self.command(&command, number);
            }
        }
    }

    fn python(&mut self, text: &str) {
        let module = Module::parse(text);
        let bindings = Bindings::of(&module);
        for call in module.nodes_of_kind("call") {
            let name = bindings.resolve(&module, call).unwrap_or_default();
            if !matches!(name.rsplit('.').next(), Some("run" | "run_always")) {
                continue;
            }
            let Some(arguments) = call.child_by_field_name("arguments") else { continue };
            let mut cursor = arguments.walk();
            let strings = arguments.named_children(&mut cursor).filter(|child| child.kind() == "string");
            let texts: Vec<String> =
                strings.map(|node| module.text_of(node).trim_matches(['"', '\'']).to_owned()).collect();
            let lax = ["success_codes", "warn=True", "dry=True", "disown=True", "asynchronous=True"];
            let tolerant = lax.iter().any(|it| module.text_of(arguments).contains(it));
            let words = if texts.len() == 1 { words(&texts[0]) } else { texts };
            let hidden = tolerant.then_some("other exit codes count as success");
            let hidden = hidden.or(is_left_before(&module, call).then_some("the function ends before it"));
            self.command(&Command { words, hidden, line: 0 }, Some(Module::line(call)));
        }
    }

    fn settings(&mut self, path: &RepoPath, text: &str) {
        for setting in of_text(path, text).all {
            let last = setting.key.rsplit('.').next().unwrap_or_default();
            let runs = match setting.tool.as_str() {
                "tox" => matches!(last, "commands" | "commands-pre" | "commands-post"),
                _ => {
                    setting.key.contains("scripts.")
                        || setting.key.starts_with("tasks.")
                        || setting.key.ends_with(".cmd")
                }
            };
            if !runs {
                continue;
            }
            for line in setting.value.lines() {
                let bare = line.trim_start_matches(['-', '!', ' ']);
                let ignored = line[..line.len() - bare.len()].contains(['-', '!']);
                let bare = bare.trim_matches(['[', ']']).replace("\", \"", " ").replace('"', "");
                for mut command in commands(&bare, Shell::default()) {
                    command.hidden = command.hidden.or(ignored.then_some("its failure is ignored"));
                    self.command(&command, setting.line);
                }
            }
        }
    }

    fn hooks(&mut self, text: &str) {
        let Ok(value) = yaml_serde::from_str::<Value>(text) else { return };
        let Some(repositories) = value.get("repos").and_then(Value::as_sequence) else { return };
        let skipped = value.get("ci").and_then(|ci| ci.get("skip")).map(strings).unwrap_or_default();
        for hook in repositories.iter().filter_map(|repository| repository.get("hooks")?.as_sequence()).flatten() {
            let id = hook.get("id").and_then(Value::as_str).unwrap_or_default();
            let arguments = hook.get("args").map(strings).unwrap_or_default();
            let mut check = Check::with_arguments(&format!("hook {id}"), &arguments);
            for key in ["exclude", "files", "types", "types_or", "entry", "stages", "language", "verbose", "always_run"]
            {
                if let Some(value) = hook.get(key) {
                    check.options.push((format!("{key}:"), strings(value).join(",")));
                }
            }
            let manual = check.values("stages:").any(|stages| stages == "manual");
            let never = skipped.iter().any(|skip| skip == id);
            check.hidden = match () {
                () if manual => Some("it runs by hand only"),
                () if never => Some("the service skips it"),
                () if check.values("entry:").any(|entry| matches!(entry, "true" | ":" | "echo")) => {
                    Some("its entry does nothing")
                }
                () => None,
            };
            let entry = hook.get("entry").map(strings).unwrap_or_default().join(" ");
            let entry = words(&entry);
            let entry = match entry.as_slice() {
                [shell, flags, script, ..] if shell.ends_with("sh") && flags.contains('c') => script.clone(),
                words => words.join(" "),
            };
            let line = text.find(&format!("id: {id}")).map(|offset| repair_core::Span::line_of(text, offset));
            self.checks.push((line, check));
            commands(&entry, Shell::default()).iter().for_each(|command| self.command(command, line));
        }
    }

    /// Scripts anywhere in a CI file, by the names of their keys.
    fn yaml(&mut self, text: &str, value: &Value, shell: Shell) {
        match value {
            Value::Mapping(map) => {
                let named = |key: &str| map.iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value);
                let shell = match named("shell").and_then(Value::as_str) {
                    Some(name) => Shell {
                        pipefail: name == "bash" || name.contains("pipefail"),
                        lenient: name.contains("{0}") && !name.contains("-e"),
                    },
                    None => shell,
                };
                self.action(text, named("uses"), named("with"));
                for (key, value) in map {
                    match key.as_str() {
                        Some(
                            "run" | "script" | "before_script" | "after_script" | "bash" | "pwsh" | "powershell"
                            | "command" | "commands" | "install",
                        ) => {
                            self.scripts(text, value, shell);
                        }
                        _ => self.yaml(text, value, shell),
                    }
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.yaml(text, item, shell)),
            _ => {}
        }
    }

    fn scripts(&mut self, text: &str, value: &Value, shell: Shell) {
        match value {
            Value::String(script) => self.script(text, script, shell),
            Value::Sequence(lines) if lines.iter().all(Value::is_string) => {
                let whole: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
                self.script(text, &whole.join("\n"), shell);
            }
            Value::Sequence(lines) => lines.iter().for_each(|line| self.scripts(text, line, shell)),
            other => self.yaml(text, other, shell),
        }
    }

    /// An action that is named after a check tool.
    fn action(&mut self, text: &str, uses: Option<&Value>, with: Option<&Value>) {
        let Some(name) = uses.and_then(Value::as_str) else { return };
        let name = name.split('@').next().unwrap_or(name);
        const NAMED: [&str; 14] = [
            "pre-commit",
            "black",
            "ruff",
            "flake8",
            "mypy",
            "isort",
            "pylint",
            "codespell",
            "pyright",
            "bandit",
            "actionlint",
            "typos",
            "codeql",
            "dependency-review",
        ];
        if NAMED.iter().any(|tool| name.contains(tool)) {
            let arguments = with.and_then(|with| with.get("args").or_else(|| with.get("options")));
            let mut check = Check::with_arguments(
                &format!("action {name}"),
                &words(&arguments.map(strings).unwrap_or_default().join(" ")),
            );
            let inputs = with.and_then(Value::as_mapping).into_iter().flatten();
            check.options.extend(
                inputs.filter_map(|(key, value)| Some((format!("--{}", key.as_str()?), strings(value).join(" ")))),
            );
            check.options.retain(|(name, _)| !matches!(name.as_str(), "--args" | "--options"));
            self.checks.push((text.find(name).map(|offset| repair_core::Span::line_of(text, offset)), check));
        }
    }
}

/// Whether the function that `call` is in returns, or skips its session, in a statement of its own before.
fn is_left_before(module: &Module, call: Node<'_>) -> bool {
    let around: Vec<Node<'_>> = std::iter::successors(Some(call), |it| it.parent()).collect();
    around.windows(2).filter(|pair| pair[1].kind() == "block").any(|pair| {
        let mut cursor = pair[1].walk();
        let before = pair[1].named_children(&mut cursor).take_while(|it| it.start_byte() < pair[0].start_byte());
        let leaves = |it: Node<'_>| {
            it.kind() == "return_statement"
                || it.kind() == "raise_statement"
                || it.kind() == "expression_statement" && module.text_of(it).starts_with("session.skip(")
        };
        before.into_iter().any(leaves)
    })
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Sequence(items) => items.iter().flat_map(strings).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Number(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(path: &str, text: &str) -> Vec<String> {
        let commands = Commands::of_text(&RepoPath::new(path).unwrap(), text).unwrap();
        let title = |(_, check): &(Option<u32>, Check)| {
            format!("{}{}", check.title(), if check.hidden.is_some() { " (hidden)" } else { "" })
        };
        commands.checks.iter().map(title).collect()
    }

    #[test]
    fn commands_are_found_in_every_kind_of_file() {
        let workflow = "jobs:\n  a:\n    steps:\n      - run: |\n          ruff check src\n          mypy src | tee x\n      - shell: bash\n        run: mypy src | tee x\n      - uses: psf/black@stable\n";
        let expected = ["ruff check src", "mypy src (hidden)", "mypy src", "action psf/black"];
        assert_eq!(titles(".github/workflows/a.yml", workflow), expected);
        assert_eq!(titles(".gitlab-ci.yml", "t:\n  script:\n    - pytest a\n    - x\n"), ["pytest a"]);
        assert_eq!(
            titles("tox.ini", "[testenv]\ncommands =\n  pytest a\n  - mypy b\n"),
            ["pytest a", "mypy b (hidden)"]
        );
        assert_eq!(titles("Makefile", "lint:\n\t@ruff check .\n\t-mypy src\n"), ["ruff check .", "mypy src (hidden)"]);
        assert_eq!(titles("noxfile.py", "def t(session):\n    session.run('pytest', 'a')\n"), ["pytest a"]);
        let hooks =
            "repos:\n- repo: x\n  hooks:\n  - id: ruff\n    args: [--fix, src]\n  - id: mypy\n    stages: [manual]\n";
        assert_eq!(titles(".pre-commit-config.yaml", hooks), ["hook ruff src", "hook mypy (hidden)"]);
        let left = "def t(session):\n    session.skip('x')\n    session.run('pytest', 'a')\n";
        assert_eq!(titles("noxfile.py", left), ["pytest a (hidden)"]);
        let asked = "def t(session):\n    if x:\n        return\n    session.run('pytest', 'a')\n";
        assert_eq!(titles("noxfile.py", asked), ["pytest a"]);
        let scripts = "[tool.hatch.envs.x.scripts]\nlint = 'ruff check .'\n";
        assert_eq!(titles("pyproject.toml", scripts), ["ruff check ."]);
    }
}
