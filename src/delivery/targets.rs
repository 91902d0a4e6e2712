//! From names to addresses, and only to those that messages may go out to.
//!
//! A name is judged by what it leads to, at each connection, and what was judged is what is
//! connected to: whoever answers for the name cannot answer otherwise a moment later.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use crate::domain::targets::Targets;

/// What is said of a host that is nowhere else than in private.
pub const PRIVATE: &str = "its address is private, and not in `delivery.allow_private_targets`";

/// Finds the addresses of a host.
#[derive(Clone, Debug)]
pub struct Resolver(Targets);

/// Why there is nothing to connect to.
#[derive(Debug, thiserror::Error)]
pub enum Unresolved {
    /// Nobody knows the name.
    #[error("no address")]
    Unknown(#[from] io::Error),
    /// It leads to no address that messages may go out to.
    #[error("{PRIVATE}")]
    Private,
}

impl Resolver {
    /// One that finds addresses among `targets`.
    #[must_use]
    pub const fn new(targets: Targets) -> Self {
        Self(targets)
    }

    /// The addresses of `host`, a name or an address itself, less those that are none of the
    /// targets.
    ///
    /// # Errors
    /// When there are none.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unresolved> {
        let found: Vec<_> = lookup_host((host, port)).await?.collect();
        let is_target = |address: &SocketAddr| self.0.include(address.ip());
        let targets: Vec<_> = found.into_iter().filter(is_target).collect();
        if targets.is_empty() {
            return Err(Unresolved::Private);
        }
        Ok(targets)
    }
}

/// Asked by the HTTP client for every name. A host that is an address itself never comes here: the
/// configuration has judged it.
impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            // The client puts in the port.
            let addresses = resolver.resolve(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Whether a request came to nothing because of this.
pub(super) fn caused(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if matches!(error.downcast_ref(), Some(Unresolved::Private)) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::proxies::Block;

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_leads_to() {
        let here = |text| Block::parse(text).unwrap();
        let strict = Resolver::new(Targets::Public { and: Vec::new() });
        // The last one is a name to a URL's reader, and an address to the system.
        for host in ["localhost", "127.0.0.1", "2130706433"] {
            let refused = strict.resolve(host, 25).await.unwrap_err();
            assert_eq!(refused.to_string(), PRIVATE, "{host}");
        }
        let both = vec![here("127.0.0.0/8"), here("::1")];
        let kind = Resolver::new(Targets::Public { and: both });
        let found = kind.resolve("localhost", 25).await.unwrap();
        assert!(
            found
                .iter()
                .all(|address| address.ip().is_loopback() && address.port() == 25)
        );
        let unknown = strict.resolve("nowhere.invalid", 25).await.unwrap_err();
        assert!(matches!(unknown, Unresolved::Unknown(_)), "{unknown}");
    }
}
