//! Secrets to plant: one line for each family, made by lot when the tests run. None was ever real.

/// Numbers that look drawn by lot and are the same in every run.
pub(crate) struct Lot(u64);

impl Lot {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| alphabet[self.below(alphabet.len())] as char).collect()
    }
}

/// A family: its name, what a secret looks like, and where it stands (`{}`).
///
/// In the form, `[X9]` is nine characters of the alphabet `X`; a `|` is left out, and keeps what a form begins with from
/// being found by scanners of source code.
pub(crate) struct Family(pub(crate) &'static str, pub(crate) &'static str, pub(crate) &'static str);

impl Family {
    /// A secret of the family.
    pub(crate) fn secret(&self, lot: &mut Lot) -> String {
        let mut secret = String::new();
        let mut rest = self.1;
        while let Some((literal, after)) = rest.split_once('[') {
            let (class, next) = after.split_once(']').expect("a closed class");
            secret += &literal.replace('|', "");
            secret += &class_text(class, lot);
            rest = next;
        }
        secret + &rest.replace('|', "")
    }

    /// The secret where it stands.
    pub(crate) fn in_place(&self, secret: &str) -> String {
        self.2.replace("{}", secret)
    }
}

fn class_text(class: &str, lot: &mut Lot) -> String {
    let (kind, length) = class.split_at(1);
    let alphabet: &[u8] = match kind {
        "A" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "u" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
        "b" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "U" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "a" => b"abcdefghijklmnopqrstuvwxyz0123456789",
        "h" => b"0123456789abcdef",
        "d" => b"0123456789",
        "p" => b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!*+.~^",
        other => panic!("no alphabet {other}"),
    };
    lot.text(alphabet, length.parse().expect("a length"))
}

const BARE: &str = "using {} now";

/// The families of the table and the forms that are known by what is around them.
#[rustfmt::skip]
pub(crate) const FAMILIES: &[Family] = &[
    Family("github personal", "gh|p_[A36]", BARE),
    Family("github oauth", "gh|o_[A36]", BARE),
    Family("github user", "gh|u_[A36]", "remote_{}"),
    Family("github refresh", "gh|r_[A76]", BARE),
    Family("github app, old", "gh|s_[A36]", BARE),
    Family("github app, new", "gh|s_[d7]_eyJ[u40].eyJ[u300].[u120]", BARE),
    Family("github fine-grained", "github|_pat_[A22]_[A59]", BARE),
    Family("gitlab personal", "gl|pat-[u20]", BARE),
    Family("gitlab routable", "gl|pat-[u40].01.[a9]", BARE),
    Family("gitlab trigger", "gl|ptt-[h40]", BARE),
    Family("gitlab runner", "gl|rt-[u20]", BARE),
    Family("gitlab deploy", "gl|dt-[u20]", BARE),
    Family("aws id", "AK|IA[U16]", BARE),
    Family("aws secret", "[b40]", "aws_secret_access_key = {}"),
    Family("aws session token", "IQoJ|b3JpZ2lu[b300]", "aws_session_token={}"),
    Family("aws bedrock", "AB|SK[b132]", BARE),
    Family("slack bot", "xo|xb-[d12]-[d12]-[A24]", BARE),
    Family("slack user", "xo|xp-[d12]-[d12]-[d12]-[h32]", BARE),
    Family("slack app", "xa|pp-1-A[U10]-[d13]-[h64]", BARE),
    Family("slack client", "xo|xc-[d12]-[d12]-[h64]", BARE),
    Family("slack webhook", "T[U10]/B[U10]/[A24]", "POST https://hooks.slack.com/services/{}"),
    Family("discord webhook", "[d18]/[u68]", "POST https://discord.com/api/webhooks/{}"),
    Family("teams webhook", "[h32]/[h8]-[h4]-[h4]-[h4]-[h12]", "https://corp.webhook.office.com/webhookb2/1f2e3d4c@5b6a/IncomingWebhook/{}"),
    Family("google api", "AI|za[u35]", BARE),
    Family("google access", "ya|29.a0[u120]", BARE),
    Family("google client secret", "GOC|SPX-[u28]", BARE),
    Family("google refresh", "1//|0[u60]", BARE),
    Family("azure ad", "[A3]8|Q~[u34]", BARE),
    Family("azure storage", "[b86]==", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={};EndpointSuffix=x"),
    Family("azure sas", "[b42]%3D", "https://a.blob.core.windows.net/c?sv=2020&sig={}"),
    Family("azure bus", "[b43]=", "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=R;SharedAccessKey={}"),
    Family("azure openai", "[h32]", "api-key: {}"),
    Family("npm", "np|m_[A36]", BARE),
    Family("npmrc", "[b40]", "//registry.npmjs.org/:_authToken={}"),
    Family("pypi", "py|pi-AgEIcHlwaS5vcmc[u150]", BARE),
    Family("test pypi", "py|pi-AgENdGVzdC5weXBpLm9yZw[u150]", BARE),
    Family("package index", "[A16]", "Looking in indexes: https://build:{}@pypi.example.com/simple"),
    Family("netrc", "[p16]", "machine example.com login me password {}"),
    Family("pypirc", "[p16]", "username = me\npassword = {}"),
    Family("openai project", "sk|-proj-[u74]T3|BlbkFJ[u74]", BARE),
    Family("openai legacy", "sk|-[A20]T3|BlbkFJ[A20]", BARE),
    Family("deepseek", "sk|-[a32]", BARE),
    Family("anthropic", "sk|-ant-api03-[u93]AA", BARE),
    Family("openrouter", "sk|-or-v1-[h64]", BARE),
    Family("groq", "gs|k_[A52]", BARE),
    Family("xai", "xa|i-[A80]", BARE),
    Family("hugging face", "hf|_[A34]", BARE),
    Family("perplexity", "pp|lx-[A48]", BARE),
    Family("replicate", "r8|_[A37]", BARE),
    Family("stripe", "sk|_live_[A24]", BARE),
    Family("stripe restricted", "rk|_test_[A99]", BARE),
    Family("webhook secret", "wh|sec_[A32]", BARE),
    Family("sendgrid", "SG|.[u22].[u43]", BARE),
    Family("twilio", "SK|[h32]", BARE),
    Family("mailgun", "key|-[h32]", BARE),
    Family("mailchimp", "[h32]|-us12", BARE),
    Family("telegram", "[d10]:AA|[u33]", BARE),
    Family("shopify", "shp|at_[h32]", BARE),
    Family("square", "sq0|atp-[u22]", BARE),
    Family("docker hub", "dckr|_pat_[u27]", BARE),
    Family("docker config", "[b38]==", "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"{}\"}}}"),
    Family("digitalocean", "dop|_v1_[h64]", BARE),
    Family("heroku", "HRKU|-AA[u58]", BARE),
    Family("vault", "hv|s.[u90]", BARE),
    Family("vault, old", "s|.[A24]", BARE),
    Family("terraform", "[A14].atlas|v1.[u67]", BARE),
    Family("databricks", "dap|i[h32]", BARE),
    Family("grafana service", "gls|a_[A32]_[h8]", BARE),
    Family("grafana cloud", "gl|c_[b80]", BARE),
    Family("sentry", "snt|ryu_[h64]", BARE),
    Family("sentry dsn", "[h32]", "dsn https://{}@o12.ingest.sentry.io/34"),
    Family("new relic", "NR|AK-[U27]", BARE),
    Family("datadog", "[h32]", "DD_API_KEY={}"),
    Family("datadog, said", "[h40]", "datadog application key is {}"),
    Family("doppler", "dp|.pt.[A43]", BARE),
    Family("pulumi", "pu|l-[h40]", BARE),
    Family("linear", "lin|_api_[A40]", BARE),
    Family("notion", "nt|n_[A46]", BARE),
    Family("postman", "PM|AK-[h24]-[h34]", BARE),
    Family("fly", "fm|2_[b200]", BARE),
    Family("planetscale", "psc|ale_tkn_[u43]", BARE),
    Family("supabase", "sb|p_[h40]", BARE),
    Family("rubygems", "ruby|gems_[h48]", BARE),
    Family("openshift", "sha256|~[u43]", BARE),
    Family("1password", "ops|_eyJ[b250]", BARE),
    Family("artifactory", "AK|Cp[A69]", BARE),
    Family("codecov", "[h8]-[h4]-[h4]-[h4]-[h12]", "CODECOV_TOKEN: {}"),
    Family("snyk", "[h8]-[h4]-[h4]-[h4]-[h12]", "snyk auth token={}"),
    Family("age", "AGE-SEC|RET-KEY-1[U58]", BARE),
    Family("jwt", "ey|J[u30].ey|J[u120].[u43]", "runtime_{}"),
    Family("postgres url", "[p14]", "postgresql+psycopg2://app:{}@db:5432/app"),
    Family("redis url", "[p14]", "redis://:{}@cache:6379/0"),
    Family("git url", "[A40]", "https://x-access-token:{}@github.com/o/r.git"),
    Family("bearer", "[A40]", "Authorization: Bearer {}"),
    Family("basic", "[b39]=", "AUTHORIZATION: basic {}"),
    Family("api key header", "[A32]", "X-Api-Key: {}"),
    Family("private token header", "[u20]", "PRIVATE-TOKEN: {}"),
    Family("cookie", "[A40]", "Cookie: sessionid={}"),
    Family("curl user", "[p14]", "curl -u admin:{} https://x.example.com"),
    Family("query", "[A28]", "GET /v1/x?access_token={}&page=1"),
    Family("signed url", "[h64]", "https://b.s3.amazonaws.com/k?X-Amz-Signature={}"),
    Family("password variable", "[p12]", "DB_PASSWORD={}"),
    Family("client secret", "[A40]", "\"client_secret\": \"{}\""),
    Family("kubernetes", "[b32]", "apiVersion: v1\ndata:\n  tls.key: {}"),
];
