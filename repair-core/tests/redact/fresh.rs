//! Families and forms that the tables were not made for, written down before it was known whether they are found.

use crate::in_every_form;
use crate::planted::Family;

/// Nearly none of these has a line in the table: general rules find them.
#[rustfmt::skip]
const FRESH: &[Family] = &[
    Family("unknown vendor, prefix and base62", "zq|api_[A40]", "using {} now"),
    Family("unknown vendor, two prefixes", "acme|_live_sk_[A32]", "client set up with {}"),
    Family("unknown vendor, dash", "qx|tok-[A48]", "sending {} to the server"),
    Family("bare, base64", "[b64]", "handshake {} done"),
    Family("bare, base62", "[A40]", "(env) {}"),
    Family("unknown header", "[A32]", "X-Acme-Auth-Token: {}"),
    Family("unknown header, hexadecimal", "[h40]", "x-acme-api-key: {}"),
    Family("dotenv, hexadecimal", "[h64]", "ACME_SIGNING_KEY={}"),
    Family("yaml", "[A24]", "  acmeClientSecret: {}"),
    Family("toml", "[p16]", "admin_password = \"{}\""),
    Family("xml", "[A20]", "<add key=\"x\"/><apiKey>{}</apiKey>"),
    Family("python repr", "[A28]", "Settings(debug=True, secret_key='{}', host='x')"),
    Family("export", "[p14]", "+ export RABBITMQ_DEFAULT_PASS={}"),
    Family("option", "[A22]", "deploy --region eu --auth-token {} --yes"),
    Family("option with equals", "[A22]", "deploy --registry-password={}"),
    Family("clickhouse url", "[A18]", "connecting to clickhouse://default:{}@ch:9000/db"),
    Family("ldap url", "[p14]", "ldaps://cn=admin:{}@ldap.example.com"),
    Family("query, unknown name", "[A30]", "GET https://x.example.com/cb?session_token={}"),
    Family("jdbc", "[A16]", "jdbc:sqlserver://h:1433;database=d;user=u;password={};encrypt=true"),
    Family("said", "[A32]", "The generated access token is {}"),
    Family("php", "[A20]", "define('DB_PASSWORD', '{}');"),
    Family("java properties", "[A24]", "spring.mail.password={}"),
    Family("table", "[A24]", "| api_token | {} |"),
    Family("fernet", "[u43]=", "FERNET_KEY: {}"),
    Family("uuid token", "[h8]-[h4]-[h4]-[h4]-[h12]", "ACME_API_TOKEN={}"),
    Family("digits", "[d16]", "ACME_PASSWORD={}"),
    Family("another vendor, colon", "wm|x:[A32]", "login with {} ok"),
    Family("another vendor, upper case", "QZ|KEY-[U40]", "license {} accepted"),
    Family("another vendor, hexadecimal", "vb|n_[h40]", "access token vbn {}"),
    Family("header in a dictionary", "[A30]", "headers={'X-Acme-Secret': '{}', 'Accept': '*/*'}"),
    Family("command line of a database", "[A16]", "mysql -h db -u root -p{} app"),
    Family("variable of PowerShell", "[A24]", "$env:ACME_TOKEN = \"{}\""),
    Family("Windows' set", "[A20]", "set ACME_API_KEY={}"),
    Family("docker run", "[A26]", "docker run -e ACME_TOKEN={} -p 80:80 image"),
    Family("terraform variable", "[A26]", "terraform apply -var db_password={} -auto-approve"),
    Family("helm value", "[A26]", "helm upgrade x y --set auth.rootPassword={},image.tag=1"),
    Family("ini", "[p18]", "[smtp]\nuser = x\npass = {}"),
    Family("Ruby hash", "[A22]", "{:api_key=>\"{}\", :a=>1}"),
    Family("Go structure", "[A22]", "&Config{Host:\"x\", Password:\"{}\"}"),
    Family("exception", "[A24]", "ValueError: invalid token: {}"),
    Family("assertion", "[A40]", "E       AssertionError: assert '{}' == ''"),
    Family("fixture", "[A32]", "client_secret = '{}'  # noqa"),
    Family("amqp address with a path", "[A20]", "broker amqps://svc:{}@mq.example.com:5671/%2Fvhost"),
    Family("git remote with a token alone", "[A40]", "remote: https://{}@git.example.com/x.git"),
    Family("two lines of YAML", "[A32]", "env:\n  ACME_SECRET_KEY: {}"),
    Family("JSON of a response", "[A43]", "{\"token_type\":\"bearer\",\"refresh_token\":\"{}\",\"expires_in\":3600}"),
    Family("yet another vendor, three parts", "kk|9_eu_[A22]_[A30]", "{}"),
    Family("yet another vendor, dots", "rv|x.[A24].[A40]", "got {} back"),
    Family("GitLab variable", "[A20]", "variable CI_DEPLOY_PASSWORD => {}"),
    Family("Jenkins credentials", "[h34]", "withCredentials apiToken={}"),
    Family("SSH password", "[p14]", "sshpass -p {} ssh me@host"),
    Family("htpasswd", "$2|y$10$[A53]", "admin:{}"),
    Family("Kafka JAAS", "[A20]", "PlainLoginModule required username=\"u\" password=\"{}\";"),
    Family("Azure connection", "[b44]", "HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey={}"),
    Family("Slack signing secret", "[h32]", "SLACK_SIGNING_SECRET: {}"),
    Family("requests' log", "[A40]", "DEBUG send: b'GET /x HTTP/1.1\\r\\nAuthorization: token {}\\r\\n\\r\\n'"),
    Family("environment printed by Python", "[A30]", "environ({'HOME': '/root', 'ACME_TOKEN': '{}', 'PWD': '/x'})"),
    Family("environment printed by env", "[b40]", "ACME_SECRET={}"),
    Family("cookie in a response", "[u60]", "< set-cookie: sid={}; Path=/; HttpOnly"),
    Family("git credential", "[A40]", "protocol=https\nhost=github.com\nusername=x\npassword={}"),
    Family("s3cmd", "[b40]", "secret_key = {}"),
    Family("vendor of mails", "ml|sn.[h64]", "smtp ready with {}"),
    Family("vendor of maps", "mp|k-live.[A28]", "tiles from {}"),
    Family("two words in capitals", "[A24]", "ENCRYPTION KEY: {}"),
    Family("CSV", "[A40]", "alice,{},2024-01-01"),
    Family("Kubernetes' environment", "[A24]", "  - name: DB_PASSWORD\n    value: {}"),
    Family("dictionary of pairs", "[A24]", "[{\"name\": \"API_TOKEN\", \"value\": \"{}\"}]"),
    Family("boto's debug", "[b40]", "Found credentials: access_key=x secret_key={} token=None"),
    Family("Django", "django-ins|ecure-[a50]", "SECRET_KEY = '{}'"),
    Family("PowerShell's option", "[A22]", "Connect-Thing -ApiKey {} -Verbose"),
    Family("multipart form", "[A32]", "Content-Disposition: form-data; name=\"token\"\r\n\r\n{}"),
    Family("GraphQL", "[A32]", "mutation { login(password: \"{}\") { id } }"),
    Family("nginx", "[A32]", "proxy_set_header X-Origin-Secret \"{}\";"),
    Family("redis command", "[A20]", "127.0.0.1:6379> AUTH {}"),
    Family("psql", "[p14]", "PGPASSWORD={} psql -h db"),
    Family("SQL", "[p14]", "ALTER USER app WITH PASSWORD '{}';"),
];

/// What a reader may expect of families that are not in the table.
const RECALL: f64 = 0.99;

#[test]
fn most_secrets_of_families_that_nobody_thought_of_are_found() {
    let harvest = in_every_form(FRESH, 500..510);
    let recall = 1.0 - harvest.leaks.len() as f64 / harvest.planted as f64;
    println!("{} of {} leaked, recall {recall:.4}\n{}", harvest.leaks.len(), harvest.planted, harvest.leaks.join("\n"));
    assert!(recall >= RECALL, "{recall:.4}:\n{}", harvest.leaks.join("\n"));
}
