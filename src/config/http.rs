//! The listening socket and who may talk to it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use url::Url;

use super::flood;
use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::limit::Budget;
use crate::domain::proxies::TrustedProxies;

/// How the server is reached over HTTP.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// The web pages that may call it from a browser.
    pub allowed_origins: AllowedOrigins,
    /// The proxies in front of it, which tell where requests come from.
    pub trusted_proxies: TrustedProxies,
    /// Requests that one client address may make; `None` counts none.
    pub flood: Option<Budget>,
    /// How long requests under way may take to end when the server is told to stop.
    pub shutdown_grace: Duration,
}

impl HttpConfig {
    /// The address to dial from this machine: one cannot connect to "any address".
    #[must_use]
    pub fn dial(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.listen.port())
    }
}

/// The web pages that may call the server from a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// All of them; refused in production.
    Any,
    /// Exactly these.
    Only(Vec<Origin>),
}

/// A web origin: scheme, host and port, as in an `Origin` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads `https://app.example.com`; `None` for anything with a path, or no web origin at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "http" | "https");
        (web && bare && anonymous && !text.ends_with('/'))
            .then(|| Self(url.origin().ascii_serialization()))
    }

    /// As browsers write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const HOST: Key = Key {
    name: "http.host",
    default: Default::Is("127.0.0.1"),
    doc: "The IP address to listen on; `0.0.0.0` for all of this machine's.",
};

const PORT: Key = Key {
    name: "http.port",
    default: Default::Is("8000"),
    doc: "The port to listen on.",
};

const ALLOWED_ORIGINS: Key = Key {
    name: "http.allowed_origins",
    default: Default::PerEnv {
        development: "*",
        production: "",
    },
    doc: "The web pages that may call from a browser. `*`, alone, is any page, and refused in production.",
};

const TRUSTED_PROXIES: Key = Key {
    name: "http.trusted_proxies",
    default: Default::Is(""),
    doc: "The proxies whose `X-Forwarded-For` or `Forwarded` header tells the client's address; nobody else's is believed.",
};

const SHUTDOWN_GRACE: Key = Key {
    name: "http.shutdown_grace",
    default: Default::Is("10s"),
    doc: "How long requests under way may take to end when the server is told to stop.",
};

pub(super) fn read(reader: &mut Reader) -> HttpConfig {
    let host: IpAddr = reader.value(&HOST, &Form::new("an IP address", |text| text.parse().ok()));
    let port = reader.value(&PORT, &Form::whole(1..=u16::MAX));
    HttpConfig {
        listen: SocketAddr::new(host, port),
        allowed_origins: allowed_origins(reader),
        trusted_proxies: trusted_proxies(reader),
        flood: flood::read(reader),
        shutdown_grace: reader.value(
            &SHUTDOWN_GRACE,
            &Form::duration(Duration::from_secs(1)..=Duration::from_mins(5)),
        ),
    }
}

fn allowed_origins(reader: &mut Reader) -> AllowedOrigins {
    // `None` stands for the wildcard.
    let form = Form::new(
        "`*` or an origin such as `https://app.example.com`, without a path",
        |text| match text {
            "*" => Some(None),
            _ => Origin::parse(text).map(Some),
        },
    );
    let given = reader.list(&ALLOWED_ORIGINS, &form);
    let remedy = "List the exact origins of your web apps.";
    let wildcard = given.contains(&None);
    if wildcard && reader.env.is_production() {
        reader.refuse(
            ALLOWED_ORIGINS.name,
            "`*` lets any web page call this server for its visitors",
            remedy,
        );
    }
    if wildcard && given.len() > 1 {
        reader.refuse(
            ALLOWED_ORIGINS.name,
            "`*` stands beside other origins",
            "Keep one or the other.",
        );
    }
    if wildcard {
        AllowedOrigins::Any
    } else {
        AllowedOrigins::Only(given.into_iter().flatten().collect())
    }
}

fn trusted_proxies(reader: &mut Reader) -> TrustedProxies {
    let blocks = reader.list(&TRUSTED_PROXIES, &Form::block());
    if blocks.iter().any(|block| block.is_everything()) && reader.env.is_production() {
        reader.refuse(
            TRUSTED_PROXIES.name,
            "it trusts everybody, who may then call from any address they like",
            "List the addresses of your own proxies.",
        );
    }
    TrustedProxies::new(blocks)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, production, refused};
    use super::*;

    #[test]
    fn proxies_are_trusted_by_name_only() {
        let config = load("", &[]).unwrap();
        assert_eq!(config.http.trusted_proxies, TrustedProxies::default());
        let config = load("http.trusted_proxies = ['10.0.0.0/8', '::1']", &[]).unwrap();
        assert!(config.http.trusted_proxies.include([10, 1, 2, 3].into()));
        for wrong in ["proxy", "10.0.0.1/8", "*"] {
            let toml = format!("http.trusted_proxies = '{wrong}'");
            assert_eq!(refused(&toml, &[]), ["http.trusted_proxies"], "{wrong}");
        }
        let everybody = ("COUNTERSIGN__HTTP__TRUSTED_PROXIES", "0.0.0.0/0");
        assert_eq!(refused("", &[everybody]), [""; 0], "in development");
        assert_eq!(production(&[everybody]), ["http.trusted_proxies"]);
    }

    #[test]
    fn an_origin_has_no_path_and_one_spelling() {
        assert_eq!(
            Origin::parse("HTTPS://App.example.com:443")
                .unwrap()
                .as_str(),
            "https://app.example.com"
        );
        assert_eq!(
            Origin::parse("http://localhost:3000").unwrap().as_str(),
            "http://localhost:3000"
        );
        for text in [
            "https://a.example/",
            "https://a.example/x",
            "https://u@a.example",
            "a.example",
            "null",
            "ftp://a",
        ] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }
}
