//! What is excused, and what is not.

use crate::logs::{diagnose, read};
use repair_core::ExternalKind::{Access, Canceled, Flaky, Network, RateLimit, Resource, Runner, Service, TimeLimit};
use repair_core::{ExternalKind, Failure};

/// The failures of a failed step with this output.
fn failures(command: &str, output: &str, end: &str) -> Vec<Failure> {
    let text = format!(
        "##[group]Run {command}\n\u{1b}[36;1m{command}\u{1b}[0m\nshell: bash\n##[endgroup]\n{output}\n##[error]{end}\nPost job \
         cleanup.\nCleaning up orphan processes\n"
    );
    let stamped: String = text.lines().map(|line| format!("2024-07-16T20:33:23.0572170Z {line}\n")).collect();
    diagnose(&read(stamped.as_bytes()).unwrap()).failures
}

fn marks(command: &str, output: &str, end: &str) -> Vec<Option<ExternalKind>> {
    failures(command, output, end).iter().map(|failure| failure.external.as_ref().map(|found| found.kind)).collect()
}

/// A session of pytest in which one test failed with these lines.
fn session(body: &str, last: &str) -> String {
    let rule = |title: &str| format!("{:=^80}", format!(" {title} "));
    format!(
        "{}\ncollected 1 item\n\ntest_a.py F\n\n{}\n{:_^80}\n\n    def test_b():\n>       call()\n\n{body}\n\n{}\nFAILED \
         test_a.py::test_b - {last}\n{}",
        rule("test session starts"),
        rule("FAILURES"),
        " test_b ",
        rule("short test summary info"),
        rule("1 failed in 0.12s"),
    )
}

#[track_caller]
fn check(exception: &str, expected: Option<ExternalKind>) {
    let text = session(&format!("E   {exception}\n\ntest_a.py:3: X"), exception);
    let found = failures("pytest", &text, "Process completed with exit code 1.");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].external.as_ref().map(|found| found.kind), expected, "{exception}");
    if let Some(external) = &found[0].external {
        let start: String = exception.chars().take(40).collect();
        assert!(external.evidence.contains(&start), "{}", external.evidence);
    }
}

#[test]
fn the_network_is_blamed_for_what_its_exceptions_say() {
    for exception in [
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.github.com', port=443): Max retries exceeded with url: /x",
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='pypi.org', port=443): Read timed out. (read timeout=5)",
        "urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>",
        "socket.gaierror: [Errno -2] Name or service not known",
        "ConnectionResetError: [Errno 104] Connection reset by peer",
        "http.client.RemoteDisconnected: Remote end closed connection without response",
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)",
        "aiohttp.client_exceptions.ClientConnectorError: Cannot connect to host api.acme.io:443 ssl:default [Connect call failed]",
        "httpx.ConnectError: [Errno 101] Network is unreachable",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='data.acme.io', port=443): [Errno 111] Connection refused",
        "OSError: [Errno 113] No route to host",
    ] {
        check(exception, Some(Network));
    }
}

#[test]
fn hosts_of_the_job_do_not_excuse() {
    for exception in [
        "ConnectionRefusedError: [Errno 111] Connection refused",
        "requests.exceptions.ConnectionError: HTTPConnectionPool(host='localhost', port=8000): Max retries exceeded with url: /",
        "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='127.0.0.1', port=5000): Read timed out. (read timeout=1)",
        "requests.exceptions.ConnectionError: HTTPConnectionPool(host='redis', port=80): Max retries exceeded with url: /",
        "httpx.ConnectError: [Errno -2] Name or service not known for url: https://nowhere.invalid/",
        "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: http://testserver/api/items",
        "psycopg2.OperationalError: could not connect to server: Connection refused",
    ] {
        check(exception, None);
    }
}

#[test]
fn errors_of_programming_are_never_excused() {
    for exception in [
        "AssertionError: assert 503 == 200, 503 Service Unavailable",
        "AssertionError: Read timed out",
        "KeyError: 'Connection reset by peer'",
        "TypeError: Max retries exceeded with url",
        "AttributeError: 'ConnectionError' object has no attribute 'response'",
        "requests.exceptions.ConnectionError: Connection refused by Responses - the call doesn't match any registered mock.",
        "pytest_socket.SocketBlockedError: A test tried to use socket.socket.",
        "ValueError: bad port",
        "TimeoutError",
        "asyncio.exceptions.TimeoutError",
        "OSError: [Errno 24] Too many open files",
    ] {
        check(exception, None);
    }
}

#[test]
fn services_answer_that_they_cannot() {
    check(
        "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.acme.io/x",
        Some(Service),
    );
    check("urllib.error.HTTPError: HTTP Error 502: Bad Gateway", Some(Service));
    check(
        "requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: https://api.acme.io/x",
        Some(Service),
    );
    check("urllib.error.HTTPError: HTTP Error 500: Internal Server Error", None);
    check("requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://api.acme.io/x", None);
    check(
        "requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://api.acme.io/",
        Some(RateLimit),
    );
    check("urllib.error.HTTPError: HTTP Error 429: Too Many Requests", Some(RateLimit));
}

#[test]
fn limits_on_time_are_those_of_a_plugin() {
    check("Failed: Timeout >10.0s", Some(TimeLimit));
    check("Failed: Timeout (>10.0s) from pytest-timeout.", Some(TimeLimit));
    check(
        "hypothesis.errors.DeadlineExceeded: Test took 1250.11ms, which exceeds the deadline of 200.00ms",
        Some(TimeLimit),
    );
    check("Failed: DID NOT RAISE <class 'TimeoutError'>", None);
    check("subprocess.TimeoutExpired: Command '['x']' timed out after 5 seconds", None);
}

#[test]
fn resources_run_out() {
    check("OSError: [Errno 28] No space left on device: '/tmp/x'", Some(Resource));
    check("MemoryError", Some(Resource));
    check("numpy.core._exceptions._ArrayMemoryError: Unable to allocate 1.49 GiB for an array", Some(Resource));
    check("numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7.28 EiB for an array", None);
    check("OSError: [Errno 12] Cannot allocate memory", Some(Resource));
}

#[test]
fn a_worker_that_went_without_a_report_was_killed() {
    let lost = "worker 'gw1' crashed while running 'test_a.py::test_b'";
    let text = session("", lost).replace(
        &format!("{:_^80}\n\n    def test_b():\n>       call()\n", " test_b "),
        &format!("{:_^80}\n[gw1] linux -- Python 3.11.4 /usr/bin/python\n{lost}\n", " test_a.py "),
    );
    assert!(text.contains("[gw1]"));
    let end = "Process completed with exit code 1.";
    assert_eq!(marks("pytest -n 2", &text, end), [Some(Resource)]);
    let crashed =
        format!("Fatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n{text}");
    assert_eq!(marks("pytest -n 2", &crashed, end), [None]);
}

#[test]
fn of_a_chain_the_cause_counts_unless_a_bug_hides_it() {
    let cause = "E   requests.exceptions.ConnectionError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries \
                 exceeded with url: /x\n\nlib.py:9: ConnectionError\n\n";
    let direct = "The above exception was the direct cause of the following exception:\n\n";
    let during = "During handling of the above exception, another exception occurred:\n\n";
    let end = "Process completed with exit code 1.";
    for (link, last, expected) in [
        (direct, "RuntimeError: the model could not be loaded", Some(Network)),
        (direct, "TypeError: argument of type 'NoneType' is not iterable", None),
        (during, "OSError: We couldn't connect to load this file", Some(Network)),
        (during, "RuntimeError: dictionary changed size during iteration", None),
        (during, "NameError: name 'logger' is not defined", None),
    ] {
        let text = session(&format!("{cause}{link}E   {last}\n\ntest_a.py:3: X"), last);
        let found = failures("pytest", &text, end);
        assert_eq!(found[0].external.as_ref().map(|found| found.kind), expected, "{last}");
        if let Some(external) = &found[0].external {
            assert!(external.evidence.contains("huggingface.co"), "{}", external.evidence);
        }
    }
}

#[test]
fn what_a_test_printed_excuses_nothing() {
    let printed = "-------------- Captured stderr call --------------\nrequests.exceptions.ConnectionError: \
                   HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded with url: /x";
    let text = session(&format!("E   ValueError: bad\n\ntest_a.py:3: ValueError\n{printed}"), "ValueError: bad");
    assert_eq!(marks("pytest", &text, "Process completed with exit code 1."), [None]);
}

#[test]
fn flaky_is_what_a_second_run_ends_differently() {
    let end = "Process completed with exit code 1.";
    check("hypothesis.errors.Flaky: Hypothesis test_b produces unreliable results", Some(Flaky));
    let failed = session("E   ValueError: bad\n\ntest_a.py:3: ValueError", "ValueError: bad");
    assert_eq!(marks("pytest", &failed, end), [None]);
    let again = format!(
        "{failed}\n{:=^80}\ncollected 1 item\nrun-last-failure: rerun previous 1 failure\n\ntest_a.py::test_b PASSED [100%]\n\n{:=^80}",
        " test session starts ", " 1 passed in 0.01s "
    );
    assert_eq!(marks("pytest || pytest --lf -v", &again, end), [Some(Flaky)]);
    let report = |line: &str| format!("{failed}\n===Flaky Test Report===\n\n{line}\n\n===End Flaky Test Report===");
    assert_eq!(marks("pytest", &report("test_b failed; it passed 1 out of the required 2 times."), end), [Some(Flaky)]);
    assert_eq!(marks("pytest", &report("test_b failed; it passed 0 out of the required 1 times."), end), [None]);
}

#[test]
fn a_rerun_that_fails_in_the_same_way_is_no_flake() {
    let failed = session("E   ValueError: bad\n\ntest_a.py:3: ValueError", "ValueError: bad");
    let rerun = |exception: &str| {
        let part = format!("{:=^80}\n{:_^80}\n\nE   {exception}\n\ntest_a.py:3: X\n", " RERUNS ", " test_b ");
        let at = failed.find("=========================== short").unwrap();
        format!("{}{part}{}", &failed[..at], &failed[at..])
    };
    let end = "Process completed with exit code 1.";
    assert_eq!(marks("pytest --reruns 1", &rerun("ValueError: bad"), end), [None]);
    assert_eq!(marks("pytest --reruns 1", &rerun("OSError: other"), end), [Some(Flaky)]);
}

#[test]
fn an_index_that_was_not_reached_excuses_the_package_that_was_asked_for() {
    let retry = "WARNING: Retrying (Retry(total=1, connect=None, read=None, redirect=None, status=None)) after connection \
                 broken by 'NewConnectionError('<x>: Failed to establish a new connection: [Errno -3] Temporary failure in name \
                 resolution')': /simple/numpy/";
    let none = |name: &str| {
        format!(
            "{retry}\nERROR: Could not find a version that satisfies the requirement {name} (from versions: none)\nERROR: No \
             matching distribution found for {name}"
        )
    };
    let end = "Process completed with exit code 1.";
    assert_eq!(marks("pip install numpy", &none("numpy"), end), [Some(Network)]);
    assert_eq!(marks("pip install numppy", &none("numppy"), end), [None]);
}

#[test]
fn the_runner_is_believed() {
    for (message, expected) in [
        ("The hosted runner: GitHub Actions 12 lost communication with the server. Anything", Some(Runner)),
        (
            "The runner has received a shutdown signal. This can happen when the runner service is stopped.",
            Some(Runner),
        ),
        ("The action 'Test' has timed out after 10 minutes.", Some(TimeLimit)),
        (
            "The job running on runner GitHub Actions 2 has exceeded the maximum execution time of 360 minutes.",
            Some(TimeLimit),
        ),
        ("The operation was canceled.", Some(Canceled)),
    ] {
        let found = marks("./build", "working", message);
        assert_eq!(found, [expected], "{message}");
    }
    assert_eq!(
        marks(
            "./build",
            "fatal: could not read Username for 'https://github.com'",
            "Process completed with exit code 128."
        ),
        [Some(Access)]
    );
    assert_eq!(
        marks("./build", "fatal: couldn't find remote ref refs/heads/x", "Process completed with exit code 128."),
        [None]
    );
    assert_eq!(
        marks(
            "./build",
            "fatal: unable to access 'https://x/': Could not resolve host: github.com",
            "Process completed with exit code 128."
        ),
        [Some(Network)]
    );
    assert_eq!(marks("./build", "working", "Process completed with exit code 137."), [Some(Resource)]);
    assert_eq!(marks("./build", "the reactor is cold", "Process completed with exit code 3."), [None]);
}
