//! The known families of secrets, one line each: what its placeholder says, the texts of which one occurs in every
//! member, and what a member looks like.
//!
//! The shapes are facts that the issuers publish; many are also in the rules of gitleaks and detect-secrets. Lengths are
//! lower bounds where an issuer may lengthen its tokens, so that no rest of one is left.

/// A family of secrets.
pub(super) struct Family {
    /// What the placeholder says.
    pub(super) kind: &'static str,
    /// Every member contains one of these; for [`Place::Context`] in any case, here in small letters.
    pub(super) needles: &'static [&'static str],
    /// What a member looks like. With groups, the groups are the secret.
    pub(super) pattern: &'static str,
    pub(super) place: Place,
}

/// Where members of a family stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere, since its beginning is unmistakable.
    Anywhere,
    /// Not directly after a letter or a digit.
    Apart,
    /// Known by what is around it, which may be written in large or small letters.
    Context,
}

const fn any(kind: &'static str, needles: &'static [&'static str], pattern: &'static str) -> Family {
    Family { kind, needles, pattern, place: Place::Anywhere }
}

const fn apart(kind: &'static str, needles: &'static [&'static str], pattern: &'static str) -> Family {
    Family { kind, needles, pattern, place: Place::Apart }
}

const fn near(kind: &'static str, needles: &'static [&'static str], pattern: &'static str) -> Family {
    Family { kind, needles, pattern, place: Place::Context }
}

/// The table.
#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    // Code hosts and their package registries.
    any("github_token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"gh[pousr]_[A-Za-z0-9_.\-]{30,}"),
    any("github_token", &["github_pat_"], r"github_pat_[A-Za-z0-9_]{30,}"),
    any("gitlab_token", &["glpat-", "glrt-", "glptt-", "gldt-", "glft-", "glsoat-", "glcbt-", "glimt-", "glffct-", "gloas-", "glagent-", "glrtr-", "glwt-"], r"gl(?:pat|rt|rtr|ptt|dt|ft|soat|cbt|imt|ffct|oas|agent|wt)-[A-Za-z0-9_.\-]{18,}"),
    any("gitlab_token", &["GR1348941"], r"GR1348941[A-Za-z0-9_\-]{18,}"),
    any("gitlab_token", &["_gitlab_session="], r"_gitlab_session=([0-9a-z]{30,})"),
    any("bitbucket_token", &["ATBB", "ATCTT3"], r"(?:ATBB|ATCTT3)[A-Za-z0-9_\-=.]{24,}"),
    any("atlassian_token", &["ATATT3", "ATOA"], r"(?:ATATT3|ATOA)[A-Za-z0-9_\-=.]{24,}"),
    any("npm_token", &["npm_"], r"npm_[A-Za-z0-9]{30,}"),
    any("pypi_token", &["pypi-"], r"pypi-[A-Za-z0-9_\-]{50,}"),
    any("gem_token", &["rubygems_"], r"rubygems_[0-9a-f]{40,}"),
    apart("crates_token", &["cio"], r"cio[A-Za-z0-9]{32}"),
    any("nuget_token", &["oy2"], r"oy2[a-z0-9]{43}"),
    any("clojars_token", &["CLOJARS_"], r"(?i:CLOJARS_)[a-z0-9]{50,}"),
    any("docker_token", &["dckr_pat_", "dckr_oat_"], r"dckr_[po]at_[A-Za-z0-9_\-]{24,}"),
    any("artifactory_token", &["AKCp"], r"AKCp[A-Za-z0-9]{60,}"),
    any("artifactory_token", &["cmVmdGtu"], r"cmVmdGtu[A-Za-z0-9]{50,}"),
    any("coverage_token", &["codecov_"], r"codecov_[A-Za-z0-9]{24,}"),
    // Clouds.
    apart("aws_key_id", &["AKIA", "ASIA", "ABIA", "ACCA", "A3T"], r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}"),
    any("aws_bedrock_key", &["ABSK"], r"ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    any("aws_bedrock_key", &["bedrock-api-key-"], r"bedrock-api-key-[A-Za-z0-9+/=_.\-]{20,}"),
    apart("aws_session_token", &["FwoGZXIvYXdz", "IQoJb3JpZ2lu"], r"(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=]{60,}"),
    any("google_api_key", &["AIza"], r"AIza[A-Za-z0-9_\-]{35}"),
    any("google_oauth", &["ya29."], r"ya29\.[A-Za-z0-9_.\-]{20,}"),
    any("google_oauth", &["GOCSPX-"], r"GOCSPX-[A-Za-z0-9_\-]{24,}"),
    apart("google_oauth", &["1//0"], r"1//0[A-Za-z0-9_\-]{24,}"),
    any("google_hmac_key", &["GOOG1"], r"GOOG1[A-Z0-9]{19,}"),
    any("azure_secret", &["Q~"], r"[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}"),
    any("azure_storage_key", &["AccountKey=", "SharedAccessKey="], r"(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/=%]{20,})"),
    any("azure_storage_key", &["+AStX", "AStAAAA", "ACDbX", "AzCa", "AzSe", "AzFu", "AzCR", "ARDBX", "APIMX", "AIoTX", "AEhXX", "ASbXX"], r"[A-Za-z0-9+/]{28,76}(?:\+?AStX?|ACDb|AzCa|AzSe|AzFu|AzCR|ARDB|APIM|AIoT|AEh|ASb)[A-Za-z0-9+/]{4,12}={0,2}"),
    any("azure_devops_token", &["AZDO"], r"[A-Za-z0-9]{52,80}AZDO[A-Za-z0-9]{4}"),
    any("alibaba_key_id", &["LTAI"], r"LTAI[A-Za-z0-9]{12,}"),
    apart("tencent_key_id", &["AKID"], r"AKID[A-Za-z0-9]{28,}"),
    any("digitalocean_token", &["doo_v1_", "dop_v1_", "dor_v1_"], r"do[opr]_v1_[0-9a-f]{40,}"),
    any("heroku_key", &["HRKU-"], r"HRKU-[A-Za-z0-9_\-]{30,}"),
    any("ibm_key", &["ibm"], r"(?i:ibm)[A-Za-z_ \-]{0,20}(?:key|KEY|Key)[^A-Za-z0-9]{1,5}([A-Za-z0-9_\-]{44})"),
    any("yandex_key", &["AQVN", "YCA", "y0_"], r"(?:AQVN[A-Za-z0-9_\-]{35,}|YCA[A-Za-z0-9_\-]{36,}|y0_[A-Za-z0-9_\-]{40,})"),
    any("yandex_token", &["t1."], r"t1\.[A-Z0-9a-z_\-]{10,}={0,2}\.[A-Za-z0-9_\-]{80,}={0,2}"),
    any("cloudflare_key", &["v1.0-"], r"v1\.0-[0-9a-f]{20,}-[0-9a-f]{100,}"),
    any("scalingo_token", &["tk-us-"], r"tk-us-[A-Za-z0-9_\-]{40,}"),
    any("oracle_key", &["ocid1."], r"ocid1\.(?:credential|apikey)\.[A-Za-z0-9_.\-]{20,}"),
    any("fly_token", &["fo1_", "fm1", "fm2_", "fm1a_", "fm1r_"], r"(?:fo1_[A-Za-z0-9_\-]{30,}|fm(?:1[ar]?|2)_[A-Za-z0-9+/_\-]{60,}={0,3})"),
    any("netlify_token", &["nfp_"], r"nfp_[A-Za-z0-9]{30,}"),
    any("planetscale_token", &["pscale_"], r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=_.\-]{24,}"),
    any("supabase_key", &["sbp_", "sb_secret_"], r"(?:sbp_(?:oauth_|v0_)?[0-9a-f]{40,}|sb_secret_[A-Za-z0-9_\-]{20,})"),
    any("neon_key", &["napi_"], r"napi_[a-z0-9]{40,}"),
    any("tailscale_key", &["tskey-"], r"tskey-[a-z]{2,12}-[A-Za-z0-9\-]{16,}"),
    any("databricks_token", &["dapi"], r"dapi[0-9a-f]{32}(?:-[0-9])?"),
    any("snowflake_token", &["ver:1-hint:"], r"ver:1-hint:[0-9]+-[A-Za-z0-9+/=_\-]{40,}"),
    any("terraform_token", &["atlasv1"], r"[A-Za-z0-9]{10,20}\.atlasv1\.[A-Za-z0-9_=\-]{50,}"),
    any("vault_token", &["hvs.", "hvb.", "hvr."], r"hv[sbr]\.[A-Za-z0-9_\-]{24,}"),
    apart("vault_token", &["s."], r"s\.[A-Za-z0-9]{24}(?:\.[A-Za-z0-9]{5})?"),
    any("pulumi_token", &["pul-"], r"pul-[0-9a-f]{40}"),
    any("doppler_token", &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit.", "dp.said."], r"dp\.(?:pt|st|ct|sa|scim|audit|said)\.(?:[a-z0-9_\-]{2,35}\.)?[A-Za-z0-9]{40,}"),
    any("onepassword_token", &["ops_eyJ"], r"ops_eyJ[A-Za-z0-9_\-+/]{100,}={0,3}"),
    any("onepassword_key", &["A3-"], r"A3-[A-Z0-9]{6}-[A-Z0-9]{5,11}(?:-[A-Z0-9]{5}){3,5}"),
    any("openshift_token", &["sha256~"], r"sha256~[A-Za-z0-9_\-]{40,}"),
    any("age_key", &["AGE-SECRET-KEY-"], r"AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,}"),
    // Models.
    any("openai_key", &["T3BlbkFJ"], r"sk-[A-Za-z0-9_\-]{10,}T3BlbkFJ[A-Za-z0-9_\-]{16,}"),
    apart("openai_key", &["sk-proj-", "sk-svcacct-", "sk-admin-", "sess-"], r"(?:sk-(?:proj|svcacct|admin)|sess)-[A-Za-z0-9_\-]{30,}"),
    apart("anthropic_key", &["sk-ant-"], r"sk-ant-[A-Za-z0-9_\-]{24,}"),
    apart("openrouter_key", &["sk-or-"], r"sk-or-[A-Za-z0-9_\-]{24,}"),
    apart("langfuse_key", &["sk-lf-"], r"sk-lf-[0-9a-f\-]{30,}"),
    apart("api_key", &["sk-"], r"sk-(?:[a-z0-9]{1,12}-)?[A-Za-z0-9]{30,}"),
    any("groq_key", &["gsk_"], r"gsk_[A-Za-z0-9]{40,}"),
    apart("xai_key", &["xai-"], r"xai-[A-Za-z0-9_]{60,}"),
    apart("huggingface_token", &["hf_", "api_org_"], r"(?:hf_|api_org_)[A-Za-z0-9]{30,}"),
    any("perplexity_key", &["pplx-"], r"pplx-[A-Za-z0-9]{40,}"),
    apart("replicate_token", &["r8_"], r"r8_[A-Za-z0-9_\-]{35,}"),
    any("nvidia_key", &["nvapi-"], r"nvapi-[A-Za-z0-9_\-]{50,}"),
    any("cerebras_key", &["csk-"], r"csk-[a-z0-9]{40,}"),
    apart("fireworks_key", &["fw_"], r"fw_[A-Za-z0-9]{20,}"),
    any("tavily_key", &["tvly-"], r"tvly-(?:dev-|prod-)?[A-Za-z0-9\-]{24,}"),
    any("pinecone_key", &["pcsk_"], r"pcsk_[A-Za-z0-9_]{40,}"),
    any("jina_key", &["jina_"], r"jina_[A-Za-z0-9_\-]{40,}"),
    any("firecrawl_key", &["fc-"], r"fc-[0-9a-f]{32}"),
    any("langsmith_key", &["lsv2_"], r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{8,}"),
    any("anyscale_key", &["esecret_"], r"esecret_[A-Za-z0-9]{20,}"),
    any("wandb_key", &["wandb_v1_"], r"wandb_v1_[A-Za-z0-9_]{40,}"),
    apart("modal_token", &["ak-", "as-"], r"a[ks]-[A-Za-z0-9]{22}\b"),
    any("dataiku_key", &["dkuaps-", "dkuapi-"], r"dkuap[is]-[A-Za-z0-9]{24,}"),
    // Messages.
    any("slack_token", &["xoxb-", "xoxp-", "xoxe-", "xoxe.", "xoxa-", "xoxr-", "xoxo-", "xoxs-", "xoxc-", "xoxd-"], r"(?:xoxe\.)?xox[bpeaorscd]-[A-Za-z0-9%+/=_\-]{10,}"),
    any("slack_token", &["xapp-"], r"xapp-[0-9]-[A-Za-z0-9\-]{20,}"),
    any("slack_webhook", &["hooks.slack.com/"], r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/_\-]{20,})"),
    any("discord_webhook", &["/api/webhooks/"], r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/([0-9]+/[A-Za-z0-9_\-]{20,})"),
    apart("discord_token", &["MT", "Mj", "Mz", "MD", "NT", "Nj", "Nz", "ND", "OT", "OD"], r"[MNO][A-Za-z0-9_\-]{23,27}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,}"),
    any("teams_webhook", &["webhook.office.com"], r"webhook\.office\.com/webhookb2/([A-Za-z0-9@/\-]{30,})"),
    any("google_chat_webhook", &["chat.googleapis.com"], r"chat\.googleapis\.com/v1/spaces/([A-Za-z0-9_\-]+/messages\?[^\s\x22'<>]{20,})"),
    apart("telegram_token", &[":AA", ":A"], r"[0-9]{5,16}:A[A-Za-z0-9_\-]{32,36}"),
    any("sendgrid_key", &["SG."], r"SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}"),
    apart("twilio_key", &["SK", "AC"], r"(?:SK|AC)[0-9a-f]{32}"),
    apart("mailgun_key", &["key-"], r"key-[0-9a-f]{32}(?:-[0-9a-f]{8}-[0-9a-f]{8})?"),
    any("mailchimp_key", &["-us"], r"[0-9a-f]{32}-us[0-9]{1,2}"),
    any("mailersend_key", &["mlsn."], r"mlsn\.[0-9a-f]{40,}"),
    any("sendinblue_key", &["xkeysib-", "xsmtpsib-"], r"x(?:key|smtp)sib-[0-9a-f]{60,}-[A-Za-z0-9]{16,}"),
    apart("resend_key", &["re_"], r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}"),
    any("postmark_key", &["PMAK-"], r"PMAK-[0-9a-f]{20,}-[0-9a-f]{30,}"),
    any("onesignal_key", &["os_v2_"], r"os_v2_(?:app|org)_[a-z0-9]{50,}"),
    // Money and shops.
    apart("stripe_key", &["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"], r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}"),
    any("webhook_secret", &["whsec_"], r"whsec_[A-Za-z0-9+/=]{20,}"),
    any("shopify_token", &["shpat_", "shpss_", "shpca_", "shppa_", "shptka_"], r"shp(?:at|ss|ca|pa|tka)_[0-9a-fA-F]{32}"),
    any("square_token", &["sq0atp-", "sq0csp-", "sq0idp-"], r"sq0[a-z]{3}-[A-Za-z0-9_\-]{22,}"),
    apart("square_token", &["EAAA"], r"EAAA[A-Za-z0-9_\-+=]{50,}"),
    apart("facebook_token", &["EAAM", "EAAC", "EAAB", "EAAG", "EAAD"], r"EAA[MCBGD][A-Za-z0-9]{40,}"),
    any("plaid_token", &["access-sandbox-", "access-development-", "access-production-"], r"access-(?:sandbox|development|production)-[0-9a-f\-]{36}"),
    any("flutterwave_key", &["FLWSECK", "FLWPUBK"], r"FLW(?:SECK|PUBK)(?:_TEST)?-[0-9a-zA-Z\-]{12,}"),
    any("razorpay_key", &["rzp_live_", "rzp_test_"], r"rzp_(?:live|test)_[A-Za-z0-9]{14,}"),
    any("braintree_token", &["access_token$"], r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    any("easypost_key", &["EZAK", "EZTK"], r"EZ[AT]K[A-Za-z0-9]{54,}"),
    any("duffel_key", &["duffel_"], r"duffel_(?:test|live)_[A-Za-z0-9_\-=]{40,}"),
    any("shippo_key", &["shippo_"], r"shippo_(?:live|test)_[0-9a-f]{40}"),
    apart("gocardless_key", &["live_"], r"live_[A-Za-z0-9_\-]{40}\b"),
    any("paypal_token", &["A21AA"], r"A21AA[A-Za-z0-9_\-]{50,}"),
    // Observation and work.
    any("grafana_token", &["glsa_"], r"glsa_[A-Za-z0-9]{30,}(?:_[0-9a-fA-F]{8})?"),
    any("grafana_token", &["glc_"], r"glc_[A-Za-z0-9+/]{32,}={0,3}"),
    any("grafana_token", &["eyJrIjoi"], r"eyJrIjoi[A-Za-z0-9+/]{50,}={0,3}"),
    any("sentry_token", &["sntrys_", "sntryu_", "sntrya_", "sntryi_"], r"sntry[suai]_[A-Za-z0-9+/=_\-]{40,}"),
    any("new_relic_key", &["NRAK-", "NRJS-", "NRII-", "NRAA-", "NRRA-", "NRIQ-"], r"NR[A-Z]{2}-[A-Za-z0-9_\-]{19,}"),
    any("new_relic_key", &["NRAL"], r"[0-9a-f]{32,36}(?:FFFF)?NRAL"),
    any("dynatrace_token", &["dt0"], r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{60,}"),
    any("honeycomb_key", &["hcaik_", "hcamk_", "hcxik_"], r"hc[ax][im]k_[A-Za-z0-9]{26,}"),
    any("axiom_token", &["xaat-", "xapt-"], r"xa[ap]t-[0-9a-f\-]{36}"),
    any("posthog_key", &["phx_", "phc_", "phs_"], r"ph[xcs]_[A-Za-z0-9]{32,}"),
    any("logfire_token", &["pylf_"], r"pylf_v[0-9]_[a-z]{2}_[A-Za-z0-9]{30,}"),
    any("linear_token", &["lin_api_", "lin_oauth_"], r"lin_(?:api|oauth)_[A-Za-z0-9]{36,}"),
    any("notion_token", &["ntn_"], r"ntn_[A-Za-z0-9]{40,}"),
    apart("notion_token", &["secret_"], r"secret_[A-Za-z0-9]{40,}"),
    any("figma_token", &["figd_", "figo_", "figdr_"], r"fig(?:d|o|dr)_[A-Za-z0-9_\-]{36,}"),
    apart("airtable_token", &["pat"], r"pat[A-Za-z0-9]{14}\.[0-9a-f]{60,}"),
    any("hubspot_token", &["pat-na", "pat-eu", "pat-ap"], r"pat-[a-z]{2}[0-9]?-[0-9a-fA-F\-]{36}"),
    any("contentful_token", &["CFPAT-"], r"CFPAT-[A-Za-z0-9_\-]{40,}"),
    any("typeform_token", &["tfp_"], r"tfp_[A-Za-z0-9_.\-=]{40,}"),
    any("readme_key", &["rdme_"], r"rdme_[a-z0-9]{60,}"),
    any("launchdarkly_key", &["sdk-", "mob-", "api-"], r"(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    any("mapbox_token", &["sk.eyJ", "pk.eyJ", "tk.eyJ"], r"[spt]k\.eyJ[A-Za-z0-9_\-]{20,}\.[A-Za-z0-9_\-]{16,}"),
    near("okta_token", &["okta", "ssws"], r"(?:okta|ssws)[^\n]{0,80}?(00[A-Za-z0-9_\-]{38,40})(?:$|[^A-Za-z0-9_\-])"),
    any("prefect_key", &["pnu_", "pnb_"], r"pn[ub]_[A-Za-z0-9]{32,}"),
    any("sourcegraph_token", &["sgp_"], r"sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    any("sonar_token", &["squ_", "sqp_", "sqa_"], r"sq[upa]_[0-9a-f]{40}"),
    any("buildkite_token", &["bkua_", "bkat_", "bkct_"], r"bk(?:ua|at|ct)_[0-9a-zA-Z]{36,}"),
    any("circleci_token", &["CCIPAT_", "CCIPRJ_"], r"CCIP(?:AT|RJ)_[A-Za-z0-9]{16,}_[0-9a-f]{32,}"),
    any("octopus_key", &["API-"], r"API-[A-Z0-9]{26,}"),
    any("adobe_secret", &["p8e-", "p8-"], r"p8e?-[A-Za-z0-9_\-]{30,}"),
    any("infracost_key", &["ico-"], r"ico-[A-Za-z0-9]{32}"),
    any("wakatime_key", &["waka_"], r"waka_[0-9a-f\-]{36}"),
    any("harness_token", &["pat.", "sat."], r"[ps]at\.[A-Za-z0-9_\-]{20,24}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}"),
    any("snyk_token", &["snyk_"], r"snyk_[a-z]{2,4}\.[0-9a-f]{8}\.[A-Za-z0-9._\-]{30,}"),
    any("ngrok_token", &["ngrok"], r"ngrok[^\n]{0,30}?([A-Za-z0-9]{27}_[A-Za-z0-9]{18,})"),
    any("maxmind_key", &["_mmk"], r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    any("defined_key", &["dnkey-"], r"dnkey-[a-z0-9=_\-]{20,}-[a-z0-9=_\-]{40,}"),
    any("cms_token", &["storyblok"], r"(?i:storyblok)[^\n]{0,40}?([A-Za-z0-9]{22}tt)\b"),
    any("kraken_token", &["rpa_", "rps_"], r"rp[as]_[A-Za-z0-9]{40,}"),
    // Forms that many use.
    any("jwt", &["eyJ", "ewog", "ewoJ"], r"e(?:yJ|wo[gJ])[A-Za-z0-9_\-+/]{8,}={0,2}\.[A-Za-z0-9_\-+/]{8,}={0,2}\.?[A-Za-z0-9_\-+/]*={0,2}"),
    near("url_password", &["://"], r"[a-z][a-z0-9+.\-]*://[^\s:/@\x22'`<>\x1a]*:([^\s/\x22'`<>\x1a]+)@"),
    near("url_password", &["://"], r"(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|oracle|snowflake|clickhouse|ldaps?|smtps?|ftps?|sftp|nats|kafka)(?:\+[a-z0-9]+)*://[^\s:/@\x22'`<>\x1a]*:([^\s\x22'`<>\x1a]+)@"),
    near("url_token", &["://"], r"https?://([a-z0-9_.\-]{16,})@"),
    near("url_token", &["://"], r"https?://([^\s:/@\x22'`<>\x1a]{16,}):(?:x-oauth-basic|x)?@"),
    near("signed_url", &["sig=", "signature=", "x-amz-credential=", "x-amz-security-token=", "x-goog-credential="], r"[?&;](?:amp;)?(?:sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential)=([^\s&\x22'`<>;\x1a]{8,})"),
    near("authorization", &["authorization", "extraheader"], r"authorization[\x22'`\])]*\s*[:=,]?>?\s*[\x22'`]?\s*(?:bearer|basic|token|digest|negotiate|apikey|api-key|key|ntlm|aws4-hmac-sha256|oauth|bot|jwt|hawk|[a-z\-]*key|sso-key|splunk|genie[a-z]*)[ =:]+[\x22']?([^\s\x22'`<>\x1a]{6,}(?:, ?[a-z]+=[^\s\x1a]+)*)"),
    near("authorization", &["authorization"], r"authorization[\x22'`\])]*\s*[:=]\s*[\x22'`]?([^\s\x22'`<>\x1a]{12,})"),
    near("authorization", &["bearer"], r"bearer[ :=]{1,3}[\x22'`]?([A-Za-z0-9_.~+/=\-]{16,})"),
    near("cookie", &["cookie"], r"(?:set-)?cookie[\x22'`\])]*\s*[:=]\s*[\x22'`]?[^\s=:\x22'`;]+=([^\x22'\n\x1a]{6,})"),
    near("login", &["-u", "--user", "--proxy-user"], r"(?:curl|wget|http|https|twine|docker|podman|helm|mysql|skopeo|lftp|smbclient)\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user)[ =]?[\x22']?[^\s:\x22'\x1a]+:([^\s\x22'\x1a]+)"),
    near("password", &["-p"], r"\b(?:docker|podman|oras|helm|az|sshpass|twine|oc|skopeo|buildah|crane|mysql|mysqldump|mysqladmin|redis-cli|mongo|mongosh|sqlcmd|unzip|7z)\b[^\n]{0,200}?\s(?:-p|-a)[ =]?[\x22']?([^\s\x22'\x1a\-:][^\s\x22'\x1a:]{7,})(?:[\x22'\s]|$)"),
    near("password", &["password"], r"(?:^|\s)(?:login|machine|user)\s[^\n]{0,200}?\bpassword\s+[\x22']?([^\s\x22'\x1a]{4,})"),
    near("password", &["password"], r"^\s*password\s+([^\s\x1a]{6,})\s*$"),
    near("password", &["identified by", "with password", "password for"], r"(?:identified (?:with [a-z_0-9]+ )?by|with (?:encrypted )?password|password for [^\n:]{1,60}:)\s*[\x22'`]([^\x22'`\n\x1a]{4,})[\x22'`]"),
    near("password", &["auth"], r"(?:[0-9]> ?|redis-cli[^\n]{0,80}? )auth +(?:[^\s\x22'\x1a]+ +)?[\x22']?([^\s\x22'\x1a]{6,})"),
    near("docker_auth", &["\"auth\"", "'auth'"], r"[\x22']auth[\x22']\s*:\s*[\x22']([A-Za-z0-9+/=_\-]{12,})[\x22']"),
    near("npm_token", &["_auth", "_password"], r"(?:^|[\s:/\x22'])_(?:auth(?:token)?|password)\s*=\s*[\x22']?([^\s\x22'\x1a]{8,})"),
    near("sentry_dsn", &["sentry", "ingest."], r"https?://([0-9a-f]{24,})(?::[0-9a-f]+)?@"),
    near("kubernetes_secret", &["\"secret\"", "\"stringdata\""], r"\x22(?:string)?data\x22\s*:\s*\{([^{}\x1a]{8,})\}"),
    near("htpasswd", &["$apr1$", "$2y$", "$2a$", "$2b$", "$6$", "$5$", "$argon2", "$pbkdf2", "$scrypt", "pbkdf2_sha256$"], r"(\$(?:apr1|2[aby]|5|6|argon2(?:id|i|d)|pbkdf2[a-z0-9\-]*|scrypt)\$[./a-z0-9$=,+\-]{20,}|pbkdf2_sha256\$[0-9]+\$[a-z0-9]+\$[a-z0-9+/=]{20,})"),
    near("ansible_vault", &["$ansible_vault;"], r"\$ansible_vault;[0-9.]+;[a-z0-9]+[^\n]*\s([0-9a-f]{40,})"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::placeholder;

    #[test]
    fn every_line_of_the_table_is_sound() {
        for family in FAMILIES {
            assert!(regex::Regex::new(family.pattern).is_ok(), "{}", family.pattern);
            assert_eq!(placeholder::kind(family.kind), family.kind);
            assert!(!family.needles.is_empty(), "{}", family.kind);
            let mut parts = family.needles.iter().flat_map(|needle| needle.as_bytes().windows(8));
            let told = |part: &[u8]| family.kind.as_bytes().windows(8).any(|kind| kind == part);
            assert!(family.place == Place::Context || !parts.any(told), "{} is a part of its secrets", family.kind);
            let small = family.needles.iter().all(|needle| needle.to_lowercase() == **needle);
            assert!(small || family.place != Place::Context, "{}", family.kind);
        }
    }
}
