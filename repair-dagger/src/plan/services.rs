//! The services of a job.

use super::draft::Draft;
use super::{Forward, Service};
use repair_fixers::workflow::{Given, Image, Job, Port};
use std::collections::BTreeMap;

/// Where well-known services listen if nobody says it.
const PORTS: &[(&str, u16)] = &[
    ("clickhouse", 8123),
    ("elasticsearch", 9200),
    ("localstack", 4566),
    ("mariadb", 3306),
    ("memcached", 11211),
    ("minio", 9000),
    ("mongo", 27017),
    ("mysql", 3306),
    ("nats", 4222),
    ("opensearch", 9200),
    ("postgis", 5432),
    ("postgres", 5432),
    ("rabbitmq", 5672),
    ("redis", 6379),
    ("valkey", 6379),
];

/// Adds the services of the job, as they are reached there: by name from a container, at `localhost` from none.
pub(super) fn add(job: &Job, draft: &mut Draft<'_>) {
    for (name, image) in &job.services {
        let Some(service) = service(name, image, draft) else { continue };
        if job.container.is_none() {
            let forward = |port: &Port| Forward {
                port: port.host.unwrap_or(port.container),
                service: name.clone(),
                service_port: port.container,
            };
            draft.plan.forwards.extend(image.ports.iter().map(forward));
            if image.ports.is_empty() {
                draft.note(format!("the service `{name}` opens no port, so the job did not reach it"));
            }
        }
        draft.plan.services.push(service);
    }
}

fn service(name: &str, image: &Image, draft: &mut Draft<'_>) -> Option<Service> {
    let Given::Known(from) = &image.image else {
        let written = image.image.text();
        draft.note(format!("the service `{name}` is missing: its image `{written}` cannot be evaluated here"));
        return None;
    };
    let options = image.options.as_deref().unwrap_or_default();
    if ["-e ", "--env", "-v ", "--volume", "--entrypoint", "--network"].iter().any(|option| options.contains(option)) {
        draft.note(format!("the options of the service `{name}` are not mirrored: `{}`", options.trim()));
    }
    let what = format!("of the service `{name}`");
    let environment = draft.known_of(&image.environment, &what);
    Some(Service { name: name.to_owned(), image: from.clone(), environment, ports: ports(from, &image.ports) })
}

fn ports(image: &str, given: &[Port]) -> Vec<u16> {
    let given: Vec<u16> = given.iter().map(|port| port.container).collect();
    if given.is_empty() { usual_port(image).into_iter().collect() } else { given }
}

/// The port that a well-known image listens on.
pub(super) fn usual_port(image: &str) -> Option<u16> {
    let name = image.rsplit('/').next().unwrap_or(image);
    PORTS.iter().find(|(known, _)| name.starts_with(known)).map(|(_, port)| *port)
}

/// A service by an image, for those who need no more.
pub(super) fn plain(name: &str, image: &str, environment: BTreeMap<String, String>, ports: Vec<u16>) -> Service {
    let ports = if ports.is_empty() { usual_port(image).into_iter().collect() } else { ports };
    Service { name: name.to_owned(), image: image.to_owned(), environment, ports }
}
