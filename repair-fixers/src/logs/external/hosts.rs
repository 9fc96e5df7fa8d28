//! Whose host a text names: one of the internet, or one that belongs to the job.

/// Marks after which a host's name stands.
const BEFORE: [&str; 6] = ["://", "host='", "host=\"", "connect to host ", "resolve host: ", "Failed to resolve '"];

/// Names of this machine, as tests and servers write them.
const HERE: [&str; 9] =
    ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "'::1'", "testserver", "unix://", ".sock", "host.docker.internal"];

/// Ends of names that are never found in the internet (RFC 2606, RFC 6762).
const RESERVED: [&str; 9] =
    [".test", ".invalid", ".example", ".localhost", ".local", ".internal", "example.com", "example.org", "example.net"];

/// Whether a text names this machine.
pub(super) fn names_this_machine(text: &str) -> bool {
    HERE.iter().any(|name| text.contains(name))
}

/// What the hosts in a text tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hosts {
    /// Only hosts of the internet.
    Remote,
    /// A host that belongs to the machine or the job, or a name that is reserved.
    Near,
    /// It names none.
    Unnamed,
}

/// Whose hosts a text names.
pub(super) fn of(text: &str) -> Hosts {
    if names_this_machine(text) {
        return Hosts::Near;
    }
    let mut hosts =
        BEFORE.iter().flat_map(|mark| text.match_indices(mark).map(|(at, _)| host_at(&text[at + mark.len()..])));
    match (hosts.clone().next(), hosts.all(is_remote)) {
        (None, _) => Hosts::Unnamed,
        (Some(_), true) => Hosts::Remote,
        (Some(_), false) => Hosts::Near,
    }
}

/// The name that `text` begins with; without a user and a port.
fn host_at(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "/'\")>,;?#".contains(c)).unwrap_or(text.len());
    let authority = text[..end].rsplit('@').next().unwrap_or_default();
    authority.split(':').next().unwrap_or_default().trim_end_matches('.')
}

/// Whether a name is one of the internet: it has a dot, and is neither reserved nor a private address.
fn is_remote(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    // A secret that the runner blotted out is some host of the outside.
    if host.contains("***") {
        return true;
    }
    let reserved = RESERVED.iter().any(|end| {
        host.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.') || end.starts_with('.'))
    });
    host.contains('.') && !reserved && !is_private_address(&host)
}

fn is_private_address(host: &str) -> bool {
    host.parse().is_ok_and(|address: std::net::Ipv4Addr| {
        address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_internet_are_told_from_those_of_the_job() {
        for (text, expected) in [
            ("HTTPSConnectionPool(host='pypi.org', port=443)", Hosts::Remote),
            ("Cannot connect to host api.github.com:443 ssl:default", Hosts::Remote),
            ("503 for url: https://user:x@data.acme.io/a?b=http", Hosts::Remote),
            ("Could not resolve host: ***", Hosts::Remote),
            ("for url: http://localhost:8000/", Hosts::Near),
            ("host='127.0.0.1'", Hosts::Near),
            ("http://testserver/api", Hosts::Near),
            ("host='db'", Hosts::Near),
            ("http://10.0.0.7:80/", Hosts::Near),
            ("http://192.168.1.4/", Hosts::Near),
            ("https://www.example.com/", Hosts::Near),
            ("https://nowhere.invalid/", Hosts::Near),
            ("https://myexample.com/", Hosts::Remote),
            ("https://pypi.org/ and http://localhost/", Hosts::Near),
            ("[Errno 104] Connection reset by peer", Hosts::Unnamed),
            ("", Hosts::Unnamed),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
