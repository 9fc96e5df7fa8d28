//! Runs of `act`, which runs workflows of GitHub on one's own machine.

use super::Steps;
use crate::logs::read::outcome::exit_code;

impl Steps {
    /// The text of a line such as `[CI/tests]   | 1 failed`; nothing if it is a mark.
    pub(super) fn act<'t>(&mut self, number: u64, text: &'t str) -> Option<&'t str> {
        let Some((place, rest)) = text[1..].split_once(']') else { return Some(text) };
        let Some((_, job)) = place.split_once('/').filter(|_| place.len() < 200) else { return Some(text) };
        if let Some(output) = rest.strip_prefix("   | ") {
            self.act_job(job);
            return Some(output);
        }
        let mark = rest.trim_start();
        let known = ["⭐", "✅", "❌", "❗", "❓", "💬", "⚙", "🐳", "🚀", "🏁", "🚧", "☁", "exitcode '"];
        let Some(symbol) = known.iter().find(|symbol| mark.starts_with(**symbol)) else { return Some(text) };
        self.act_job(job);
        let said = mark[symbol.len()..].trim_start_matches(['\u{fe0f}', ' ']);
        match *symbol {
            "⭐" => self.act_step(said),
            "✅" => self.open.ignored = true,
            "❌" => self.open.ending.fails(None),
            "exitcode '" => {
                let code = exit_code(said);
                self.open.ending.fails(code);
            }
            "❗" => {
                let message = said.strip_prefix("::error").and_then(|rest| rest.split_once("::"));
                self.output(number, &format!("##[error]{}", message.map_or(said, |(_, message)| message)));
            }
            "🏁" if said.trim_end() == "Job succeeded" => {
                self.open.ignored = true;
                self.success_is_said();
                self.settle();
            }
            _ => {}
        }
        None
    }

    fn act_job(&mut self, job: &str) {
        let job = job.trim_end();
        if self.job.as_deref() != Some(job) {
            self.end_step(false);
            self.new_job(Some(job.to_owned()));
            self.begin(None);
        }
    }

    /// `⭐ Run Main Tests`.
    fn act_step(&mut self, title: &str) {
        let title = title.strip_prefix("Run ").unwrap_or(title);
        let name = title.strip_prefix("Main ").unwrap_or(title).trim_end();
        self.end_step(true);
        self.begin(Some(name));
        self.open.header = true;
        self.open.unsure = true;
    }
}
