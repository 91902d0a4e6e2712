//! A page that loads GraphiQL from a CDN, in versions that are pinned down to the byte.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::page;

const PAGE: &str = include_str!("cdn.html");

/// What the page may load and run: itself, and the files that it names.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let files: Vec<_> = PAGE
        .split('"')
        .filter(|text| text.starts_with("https://"))
        .collect();
    let of = |ending: &str| {
        let files = files.iter().filter(|file| file.ends_with(ending));
        files.copied().collect::<Vec<_>>().join(" ")
    };
    let (scripts, styles, ours) = (of(".js"), of(".css"), own_script());
    // GraphiQL writes styles as it goes along.
    format!(
        "default-src 'none'; script-src 'sha256-{ours}' {scripts}; \
         style-src 'unsafe-inline' {styles}; img-src 'self' data:; font-src data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// The page.
pub fn routes(has_messages: bool) -> Router {
    let answer = async move || page(PAGE, &POLICY, has_messages);
    Router::new().route("/", get(answer))
}

/// The digest of the script that stands in the page itself.
fn own_script() -> String {
    let script = PAGE
        .split_once("<script type=\"module\">")
        .and_then(|(_, rest)| rest.split_once("</script>"));
    let script = script.map_or("", |(script, _)| script);
    STANDARD.encode(digest(&SHA256, script.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_every_file_and_one_script_of_the_page() {
        let loaded = PAGE.matches("integrity=").count();
        assert_eq!(POLICY.matches("https://").count(), loaded, "{}", *POLICY);
        assert_eq!(PAGE.matches("<script type").count(), 1);
        assert!(!POLICY.contains("'unsafe-inline' 'sha256") && !POLICY.contains("unsafe-eval"));
    }
}
