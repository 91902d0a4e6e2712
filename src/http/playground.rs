//! `GET /`: GraphiQL, for whoever explores the schema.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const PAGE: &str = include_str!("playground.html");

/// No page that opens this one keeps a hold on it.
const OPENER_POLICY: (HeaderName, HeaderValue) = (
    HeaderName::from_static("cross-origin-opener-policy"),
    HeaderValue::from_static("same-origin"),
);

/// What the page may load and run: itself, and the files that it names.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let files: Vec<_> = (PAGE.split('"'))
        .filter(|text| text.starts_with("https://"))
        .collect();
    let of = |ending: &str| {
        let files = files.iter().filter(|file| file.ends_with(ending));
        files.copied().collect::<Vec<_>>().join(" ")
    };
    let (scripts, styles, ours) = (of(".js"), of(".css"), own_script());
    // GraphiQL writes styles as it goes along.
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{ours}' {scripts}; \
         style-src 'unsafe-inline' {styles}; img-src 'self' data:; font-src data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("it is ASCII")
});

/// The page. It loads GraphiQL from a CDN, in versions that are pinned down to the byte.
pub async fn playground() -> impl IntoResponse {
    let policy = (CONTENT_SECURITY_POLICY, POLICY.clone());
    ([policy, OPENER_POLICY], Html(PAGE))
}

/// The digest of the script that stands in the page itself.
fn own_script() -> String {
    let (_, rest) = PAGE
        .split_once("<script type=\"module\">")
        .expect("a script");
    let (script, _) = rest.split_once("</script>").expect("its end");
    STANDARD.encode(digest(&SHA256, script.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_every_file_and_one_script_of_the_page() {
        let policy = POLICY.to_str().unwrap();
        let loaded = PAGE.matches("integrity=").count();
        assert_eq!(policy.matches("https://").count(), loaded, "{policy}");
        assert_eq!(PAGE.matches("<script type").count(), 1);
        assert!(!policy.contains("'unsafe-inline' 'sha256") && !policy.contains("unsafe-eval"));
    }
}
