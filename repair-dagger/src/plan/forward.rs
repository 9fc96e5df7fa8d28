//! Ports of `localhost` that stand for ports of services.

use repair_fixers::shell::quoted;

/// A port of the machine that stands for one of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The port at `localhost`.
    pub port: u16,
    /// The name of the service.
    pub service: String,
    /// The port that the service listens on.
    pub service_port: u16,
}

/// Forwards until the shell that started it ends.
const PROGRAM: &str = include_str!("forward.py");

/// A command that returns when all ports are open, and forwards in the background; `None` if there is none.
pub(super) fn command(forwards: &[Forward]) -> Option<String> {
    let one = |forward: &Forward| format!("{}:{}:{}", forward.port, forward.service, forward.service_port);
    let all: Vec<String> = forwards.iter().map(|forward| quoted(&one(forward))).collect();
    (!all.is_empty()).then(|| format!("python3 -c {} $$ {}", quoted(PROGRAM), all.join(" ")))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the forwarder is a program, so its test runs it")]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;
    use std::time::{Duration, Instant};

    fn free_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    #[test]
    fn nothing_to_forward_needs_no_command() {
        assert_eq!(command(&[]), None);
    }

    #[test]
    fn a_forwarded_port_answers_as_the_service_until_the_shell_ends() {
        let service = TcpListener::bind("127.0.0.1:0").unwrap();
        let service_port = service.local_addr().unwrap().port();
        let port = free_port();
        std::thread::spawn(move || {
            let (mut client, _) = service.accept().unwrap();
            let mut asked = [0; 4];
            client.read_exact(&mut asked).unwrap();
            client.write_all(b"pong").unwrap();
        });
        let forward = Forward { port, service: "127.0.0.1".into(), service_port };
        let ask = format!(
            "import socket; s = socket.create_connection(('localhost', {port})); s.sendall(b'ping'); print(s.recv(4))"
        );
        let script = format!("{} && python3 -c {}", command(&[forward]).unwrap(), quoted(&ask));
        let output = Command::new("bash").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "b'pong'\n", "{output:?}");
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_ok() {
            assert!(begin.elapsed() < Duration::from_secs(10), "it goes on though its shell is gone");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
