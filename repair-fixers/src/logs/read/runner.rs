//! Which machine ran a job.

use repair_core::Runner;

/// What is being read of the lines in which a runner introduces itself.
#[derive(Debug, Default)]
pub(super) struct Introduction {
    runner: Runner,
    /// Lines of the group `Operating System` that may still come.
    system: u8,
    /// Whether the group of the image is open.
    image: bool,
}

impl Introduction {
    /// Takes a line of the step that sets the job up.
    pub(super) fn take(&mut self, text: &str) {
        let text = text.trim_end();
        match text {
            "Operating System" => (self.system, self.image) = (4, false),
            "Runner Image" | "Virtual Environment" => (self.system, self.image) = (0, true),
            "Runner Image Provisioner" | "GITHUB_TOKEN Permissions" | "VM Image" => {
                (self.system, self.image) = (0, text == "VM Image");
            }
            _ if self.entry(text) => self.system = 0,
            _ if self.system > 0 && !text.contains(':') => {
                self.system -= 1;
                let system = self.runner.system.get_or_insert_default();
                if !system.is_empty() {
                    system.push(' ');
                }
                system.push_str(text);
            }
            _ => self.system = 0,
        }
    }

    /// Whether the line is a name with a value that matters.
    fn entry(&mut self, text: &str) -> bool {
        let Some((key, value)) = text.split_once(": ") else { return false };
        let value = value.trim_matches(['\'', ' ']);
        let field = match key.trim_start_matches("- ") {
            "Current runner version" => &mut self.runner.version,
            "Runner name" => &mut self.runner.name,
            "Image" | "Environment" if self.image => &mut self.runner.image,
            "Version" if self.image => &mut self.runner.image_version,
            _ => return false,
        };
        field.get_or_insert_with(|| value.to_owned());
        true
    }

    /// What is known so far.
    pub(super) fn runner(&self) -> Option<Runner> {
        (self.runner != Runner::default()).then(|| self.runner.clone())
    }

    /// The container's image.
    pub(super) fn in_image(&mut self, image: &str) {
        self.runner.image = Some(image.to_owned());
    }

    /// The version of the program that runs the job.
    pub(super) fn has_version(&mut self, version: &str) {
        self.runner.version = Some(version.to_owned());
    }

    /// The machine's name.
    pub(super) fn is_named(&mut self, name: &str) {
        self.runner.name = Some(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Runner> {
        let mut introduction = Introduction::default();
        text.lines().for_each(|line| introduction.take(line));
        introduction.runner()
    }

    #[test]
    fn runners_of_several_years_are_known() {
        let now = of("Current runner version: '2.328.0'\nRunner Image Provisioner\nHosted Compute Agent\nVersion: 20250829.383\n\
                      Operating System\nUbuntu\n24.04.3\nLTS\nRunner Image\nImage: ubuntu-24.04\nVersion: 20250907.24.1\n\
                      Included Software: https://x/y")
            .unwrap();
        assert_eq!((now.version.as_deref(), now.image.as_deref()), (Some("2.328.0"), Some("ubuntu-24.04")));
        assert_eq!(now.image_version.as_deref(), Some("20250907.24.1"));
        assert_eq!(now.system.as_deref(), Some("Ubuntu 24.04.3 LTS"));
        let then = of("Operating System\nMicrosoft Windows Server 2019\n10.0.17763\nDatacenter\nVirtual Environment\n\
                       Environment: windows-2019\nVersion: 20210219.1");
        let then = then.unwrap();
        assert_eq!((then.image.as_deref(), then.image_version.as_deref()), (Some("windows-2019"), Some("20210219.1")));
        assert_eq!(then.system.as_deref(), Some("Microsoft Windows Server 2019 10.0.17763 Datacenter"));
    }

    #[test]
    fn a_machine_of_ones_own_has_a_name() {
        let own = of("Current runner version: '2.300.1'\nRunner name: 'gpu-1'\nRunner group name: 'Default'").unwrap();
        assert_eq!((own.name.as_deref(), own.image), (Some("gpu-1"), None));
        assert_eq!(of("Download action repository 'actions/checkout@v4' (SHA:11)"), None);
    }
}
