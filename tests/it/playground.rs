//! GraphiQL at `/`: out of the binary, or from a CDN where it was built without.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, code_of, email};

const ADA: &str = "ada@example.com";

/// What the tabs of the playground ask.
mod tabs {
    pub const REQUEST: &str = include_str!("../../web/playground/operations/1-request-otp.graphql");
    pub const VERIFY: &str = include_str!("../../web/playground/operations/2-verify-otp.graphql");
    pub const ME: &str = include_str!("../../web/playground/operations/3-me.graphql");
    pub const REFRESH: &str =
        include_str!("../../web/playground/operations/4-refresh-token.graphql");
    pub const LOGOUT: &str = include_str!("../../web/playground/operations/5-logout.graphql");
}

#[tokio::test]
async fn the_tabs_lead_through_the_login() {
    let server = TestServer::start().await;
    let somebody = server.anonymous();
    let input = json!({ "recipient": email(ADA) });
    let asked = somebody
        .graphql(tabs::REQUEST, json!({ "input": input }))
        .await;
    server.deliver().await;
    let messages = server.mailbox.to(ADA);
    let input = json!({
        "recipient": email(ADA),
        "code": code_of(messages.last().expect("a message")),
        "challengeToken": asked.text_at("requestOtp/challenge/challengeToken"),
        "delivery": "BODY",
        "deviceName": "GraphiQL",
    });
    let verified = somebody
        .graphql(tabs::VERIFY, json!({ "input": input }))
        .await;
    let ada = somebody.with_bearer(&verified.text_at("verifyOtp/tokens/accessToken"));
    let me = ada.graphql(tabs::ME, Value::Null).await;
    assert_eq!(me.data("me/email"), ADA, "{}", me.text);
    let input = json!({ "refreshToken": verified.text_at("verifyOtp/tokens/refreshToken") });
    let refreshed = ada.graphql(tabs::REFRESH, json!({ "input": input })).await;
    let ada = ada.with_bearer(&refreshed.text_at("refreshToken/tokens/accessToken"));
    let gone = ada.graphql(tabs::LOGOUT, Value::Null).await;
    assert_eq!(gone.data("logout/userErrors"), &json!([]), "{}", gone.text);
}

#[tokio::test]
async fn the_page_has_a_policy_of_its_own() {
    let server = TestServer::start().await;
    let page = server.anonymous().get("/").await;
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    for rule in [
        "default-src 'none'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy(&page).contains(&rule), "{rule}: {:?}", policy(&page));
    }
    let policy = policy(&page);
    let scripts = policy.iter().find(|rule| rule.starts_with("script-src"));
    assert!(!scripts.expect("a rule").contains("unsafe"), "{policy:?}");
}

/// The rules of the page's Content-Security-Policy, of which there is one.
fn policy(page: &Answer) -> Vec<&str> {
    let policies = page.headers.get_all("content-security-policy");
    assert_eq!(policies.iter().count(), 1);
    let policy = page.header("content-security-policy");
    policy.split(';').map(str::trim).collect()
}

/// The addresses that a page names in `attribute`.
fn addresses<'page>(page: &'page str, attribute: &str) -> Vec<&'page str> {
    let start = format!("{attribute}=\"");
    let values = page.split(&start).skip(1);
    values.filter_map(|rest| rest.split('"').next()).collect()
}

#[cfg(not(feature = "playground"))]
#[tokio::test]
async fn what_comes_from_the_cdn_is_pinned_down_to_the_byte() {
    let page = TestServer::start().await.anonymous().get("/").await;
    let scripts = addresses(&page.text, "src");
    let styles = addresses(&page.text, "href");
    assert!(scripts.len() >= 3 && !styles.is_empty(), "{}", page.text);
    for address in scripts.iter().chain(&styles) {
        assert!(address.starts_with("https://unpkg.com/"), "{address}");
        assert!(address.contains('@'), "{address} has a version");
    }
    let digests = addresses(&page.text, "integrity");
    assert_eq!(digests.len(), scripts.len() + styles.len());
}

#[cfg(feature = "playground")]
mod embedded {
    use std::collections::BTreeSet;
    use std::io::Read;

    use axum::body::Body;
    use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
    use axum::http::{HeaderMap, Request, StatusCode};
    use flate2::read::GzDecoder;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    struct File {
        status: StatusCode,
        headers: HeaderMap,
        bytes: Vec<u8>,
    }

    impl File {
        fn header(&self, name: &str) -> &str {
            let value = self.headers.get(name);
            value.map_or("", |value| value.to_str().expect("ASCII"))
        }
    }

    async fn load(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> File {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = server.app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        File {
            status: parts.status,
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    /// The files that the page names, below `/`.
    async fn files(server: &TestServer) -> Vec<String> {
        let page = server.anonymous().get("/").await.text;
        let named = [addresses(&page, "src"), addresses(&page, "href")].concat();
        let ours = named.iter().filter_map(|path| path.strip_prefix("./"));
        ours.map(|path| format!("/{path}")).collect()
    }

    #[tokio::test]
    async fn the_page_asks_nobody_else() {
        let server = TestServer::start().await;
        let page = server.anonymous().get("/").await;
        assert_eq!(page.header("cache-control"), "no-cache");
        assert!(!page.text.contains("://"), "{}", page.text);
        for rule in ["script-src 'self'", "worker-src 'self'", "font-src 'self'"] {
            assert!(policy(&page).contains(&rule), "{rule}");
        }
        let foreign = |rule: &&&str| rule.contains("://") || rule.contains("unsafe-eval");
        assert_eq!(policy(&page).iter().find(foreign), None);
    }

    #[tokio::test]
    async fn its_files_are_kept_for_ever_and_known_again() {
        let server = TestServer::start().await;
        let files = files(&server).await;
        let mut kinds = BTreeSet::new();
        for path in files {
            let file = load(&server, &path, &[]).await;
            assert_eq!(file.status, StatusCode::OK, "{path}");
            let ending = path.rsplit('.').next();
            let kind = match ending {
                Some("js") => "text/javascript; charset=utf-8",
                _ => "text/css; charset=utf-8",
            };
            assert_eq!(file.header("content-type"), kind);
            kinds.insert(kind);
            assert!(file.header("cache-control").contains("immutable"), "{path}");
            // A worker goes by the policy of its own file.
            assert!(file.header("content-security-policy").contains("'none'"));
            let etag = file.header("etag");
            let again = load(&server, &path, &[(IF_NONE_MATCH.as_str(), etag)]).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED);
            assert!(again.bytes.is_empty());
        }
        assert_eq!(kinds.len(), 2, "scripts and styles");
    }

    #[tokio::test]
    async fn its_files_are_sent_as_the_client_takes_them() {
        let server = TestServer::start().await;
        let path = files(&server).await.remove(0);
        let mut etags = Vec::new();
        let mut contents = Vec::new();
        for (accepted, coding) in [
            ("gzip, deflate, br", "gzip"),
            ("br;q=1.0, *;q=0.1", "gzip"),
            ("identity", ""),
            ("br, gzip;q=0, *", ""),
        ] {
            let file = load(&server, &path, &[(ACCEPT_ENCODING.as_str(), accepted)]).await;
            assert_eq!(file.header("content-encoding"), coding, "{accepted}");
            assert_eq!(file.header("vary"), "accept-encoding");
            etags.push(file.header("etag").to_owned());
            let mut plain = Vec::new();
            match coding {
                "gzip" => GzDecoder::new(&*file.bytes)
                    .read_to_end(&mut plain)
                    .unwrap(),
                _ => (&*file.bytes).read_to_end(&mut plain).unwrap(),
            };
            contents.push(plain);
        }
        assert!(contents.iter().all(|content| *content == contents[0]));
        assert!(etags[0] == etags[1] && etags[1] != etags[2] && etags[2] == etags[3]);
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_found() {
        let server = TestServer::start().await;
        for path in [
            "/playground/none.js",
            "/playground/index.html",
            "/playground/..%2Findex.html",
            "/playground/",
        ] {
            let file = load(&server, path, &[]).await;
            assert_eq!(file.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn the_licences_of_what_is_embedded_are_too() {
        let server = TestServer::start().await;
        let headers = [(ACCEPT_ENCODING.as_str(), "identity")];
        let file = load(&server, "/playground/licenses.txt", &headers).await;
        assert_eq!(file.header("cache-control"), "no-cache", "it may change");
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        for name in ["graphiql", "monaco-editor", "react"] {
            assert!(text.contains(name), "{name}");
        }
    }
}
